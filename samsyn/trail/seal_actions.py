"""The seal: a principal's entries become leaves of its tree, whose root is signed and given to witnesses."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from samsyn.common import clock
from samsyn.trail.merkle import Peaks, growth_proof, unpacked
from samsyn.trail.models import Leaf, Root, TrailEntry, Tree, Witness
from samsyn.trail.roots import facts_of, write_out
from samsyn.trail.rules import RootFacts, follows, leaf, root_text
from samsyn.trail.signing import is_signed, sign

SEAL_BATCH = 2000
"""How many entries one root covers at most, so that a long backlog is sealed piece by piece."""
BETWEEN_ROOTS = timedelta(minutes=1)
LONGEST_TRANSACTION = timedelta(days=1)
"""What was written longer ago than this is committed, or never will be: no transaction is left open so long."""


def seal() -> int:
    """Seal the committed entries that no root covers yet, per principal, at most once a minute; give how many.

    Safe to run twice at once: the tree's row is locked, and a place can be taken only once.
    """
    sealed = 0
    first = Tree.objects.aggregate(first=Min("all_sealed_before"))["first"] or 0
    waiting = TrailEntry.objects.filter(leaf=None, id__gte=first).order_by()
    for principal_ref in list(waiting.values_list("principal_ref", flat=True).distinct()):
        Tree.objects.get_or_create(principal_ref=principal_ref)
        if not _sealed_just_now(principal_ref):
            while count := _seal_batch(principal_ref):
                sealed += count
    _leave_behind(first)
    return sealed


def _sealed_just_now(principal_ref: UUID) -> bool:
    """A root of a time to come was made while a machine's clock was wrong, and holds up no other."""
    now = clock.now()
    return Root.objects.filter(principal_ref=principal_ref, at__gt=now - BETWEEN_ROOTS, at__lte=now).exists()


def _leave_behind(first: int) -> None:
    """Let the next round begin after all that is sealed for good, so that it does not look through the years again.

    An entry may be committed after one with a higher id; only what nobody can still be writing is left behind.
    """
    written_by = clock.now() - LONGEST_TRANSACTION
    last = TrailEntry.objects.filter(at__lt=written_by).order_by("-id").values_list("id", flat=True).first()
    if last is not None and not TrailEntry.objects.filter(leaf=None, id__gte=first, id__lte=last).exists():
        Tree.objects.filter(all_sealed_before__lte=last).update(all_sealed_before=last + 1)


def _seal_batch(principal_ref: UUID) -> int:
    with transaction.atomic():
        tree = Tree.objects.select_for_update().get(principal_ref=principal_ref)
        entries = list(
            TrailEntry.objects.filter(principal_ref=principal_ref, id__gte=tree.all_sealed_before, leaf=None)
            .order_by("id")
            .only("id", "commitment")[:SEAL_BATCH]
        )
        if entries:
            _grow(tree, entries)
    return len(entries)


def _grow(tree: Tree, entries: list[TrailEntry]) -> None:
    before = unpacked(tree.size, bytes(tree.peaks))
    leaves = [
        Leaf(entry=entry, principal_ref=tree.principal_ref, position=place, digest=leaf(bytes(entry.commitment)))
        for place, entry in enumerate(entries, start=tree.size + 1)
    ]
    Leaf.objects.bulk_create(leaves)
    added = [bytes(one.digest) for one in leaves]
    after = Peaks(before.size, [*before.hashes])
    for one in added:
        after.add(one)
    tree.size, tree.peaks = after.size, after.packed()
    tree.save(update_fields=["size", "peaks"])
    at, digest = clock.now(), after.root()
    key_id, signature = sign(tree.principal_ref, root_text(tree.principal_ref, after.size, digest, at))
    growth = b"".join(growth_proof(before, added))
    facts = RootFacts(tree.principal_ref, after.size, digest, at, key_id, signature, growth)
    Root.objects.create(**vars(facts))
    transaction.on_commit(lambda: write_out(facts))


def exchange() -> int:
    """Let every principal of the house keep the new roots of every other, as far as they follow on what it has.

    What does not follow is not taken, so that the last true root stays where it is; ``verify_trail`` then tells.
    Give how many were taken. Safe to run twice at once.
    """
    principals = list(Tree.objects.order_by("principal_ref").values_list("principal_ref", flat=True))
    taken = 0
    for principal_ref in principals:
        for holder_ref in principals:
            if holder_ref != principal_ref:
                taken += len(receive(holder_ref, principal_ref, _after_what_is_held(holder_ref, principal_ref)))
    return taken


def newest_held(holder_ref: UUID, principal_ref: UUID) -> RootFacts | None:
    """The newest root of a principal that a holder has as its witness."""
    held = Witness.objects.filter(holder_ref=holder_ref, principal_ref=principal_ref).order_by("-size").first()
    return None if held is None else facts_of(held)


def _after_what_is_held(holder_ref: UUID, principal_ref: UUID) -> list[RootFacts]:
    roots = Root.objects.filter(principal_ref=principal_ref).order_by("size")
    held = newest_held(holder_ref, principal_ref)
    if held is None:
        newest = roots.last()
        return [] if newest is None else [facts_of(newest)]
    return [facts_of(root) for root in roots.filter(size__gt=held.size)]


def receive(holder_ref: UUID, principal_ref: UUID, roots: list[RootFacts]) -> list[RootFacts]:
    """Keep those of ``roots`` (smallest first) that are signed and follow on what the holder has; give those kept."""
    before, kept = newest_held(holder_ref, principal_ref), []
    for root in roots:
        if not (root.principal_ref == principal_ref and is_signed(root) and follows(before, root)):
            break
        kept.append(root)
        before = root
    rows = [Witness(holder_ref=holder_ref, received_at=clock.now(), **_without_growth(root)) for root in kept]
    Witness.objects.bulk_create(rows, ignore_conflicts=True)
    return kept


def _without_growth(root: RootFacts) -> dict[str, object]:
    return {name: value for name, value in vars(root).items() if name != "growth"}
