"""Writing the trail: acts, reads, refusals and the seal. Each is part of the transaction it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Min

from samsyn.common import clock, crypto
from samsyn.common.decision import Refused
from samsyn.common.reading import Reading
from samsyn.common.viewer import Viewer
from samsyn.trail.models import Chain, Command, Link, Mode, TrailEntry, TrailSubject
from samsyn.trail.rules import FIRST_DIGEST, Subject, content, next_digest

SEAL_BATCH = 500
LONGEST_TRANSACTION = timedelta(days=1)
"""What was written longer ago than this is committed, or never will be: no transaction is left open so long."""


def act(viewer: Viewer, verb: str, subjects: Sequence[Subject], *, ground: str = "") -> TrailEntry:
    """Write that the viewer did ``verb`` ("sign.acknowledged") to the subjects, on this ground."""
    return _write(viewer, Mode.ACT, verb, subjects, ground)


def read(viewer: Viewer, page: str, reading: Reading) -> TrailEntry:
    """Write that the viewer was shown ``page``: one entry, naming every child's row that was on it."""
    subjects = [Subject(kind, ref, reading.children.get(child)) for (kind, ref), child in reading.subjects.items()]
    return _write(viewer, Mode.READ, page, subjects, reading.ground)


def refuse(viewer: Viewer, page: str, reason: str) -> TrailEntry:
    """Write that the viewer was refused."""
    return _write(viewer, Mode.REFUSAL, page, (), reason)


def _write(viewer: Viewer, mode: Mode, verb: str, subjects: Sequence[Subject], ground: str) -> TrailEntry:
    at = clock.now()
    nonce = secrets.token_bytes(16)
    fields: dict[str, object] = {
        "mode": mode.value,
        "act": verb,
        "account_ref": viewer.account_ref,
        "person_ref": viewer.person_ref,
        "person_label": viewer.person_label,
        "post_ref": viewer.post_ref,
        "post_label": viewer.post_label,
        "unit_ref": viewer.unit_ref,
        "unit_label": viewer.unit_label,
        "principal_ref": viewer.principal_ref,
        "ground": ground,
    }
    commitment = crypto.commitment(content(fields, subjects, at, nonce), purpose=f"trail|{viewer.principal_ref}")
    with transaction.atomic():
        entry = TrailEntry.objects.create(at=at, nonce=nonce, commitment=commitment, **fields)
        TrailSubject.objects.bulk_create(
            TrailSubject(entry=entry, kind=one.kind, ref=one.ref, child_ref=one.child_ref, state=one.state)
            for one in subjects
        )
    return entry


def once(viewer: Viewer, key: UUID, do: Callable[[], UUID]) -> UUID:
    """Carry out ``do`` once for this key, whatever is pressed twice; give the reference of the result.

    A second press (or Back and send again) gets the first one's result. Raises Refused as ``do`` does.
    """
    try:
        with transaction.atomic():
            result = do()
            Command.objects.create(account_ref=viewer.account_ref, key=key, result_ref=result, at=clock.now())
    except (IntegrityError, Refused):
        earlier = Command.objects.filter(account_ref=viewer.account_ref, key=key).first()
        if earlier is None:
            raise
        return earlier.result_ref
    return result


def seal() -> int:
    """Chain the committed entries that no seal covers yet, per principal; give how many were sealed.

    Safe to run twice at once: the chain's row is locked, and a position can be taken only once.
    """
    sealed = 0
    first = Chain.objects.aggregate(first=Min("all_sealed_before"))["first"] or 0
    waiting = TrailEntry.objects.filter(link=None, id__gte=first).order_by()
    for principal_ref in list(waiting.values_list("principal_ref", flat=True).distinct()):
        Chain.objects.get_or_create(principal_ref=principal_ref, defaults={"digest": FIRST_DIGEST})
        while count := _seal_batch(principal_ref):
            sealed += count
    _leave_behind(first)
    return sealed


def _leave_behind(first: int) -> None:
    """Let the next round begin after all that is sealed for good, so that it does not look through the years again.

    An entry may be committed after one with a higher id; only what nobody can still be writing is left behind.
    """
    written_by = clock.now() - LONGEST_TRANSACTION
    last = TrailEntry.objects.filter(at__lt=written_by).order_by("-id").values_list("id", flat=True).first()
    if last is not None and not TrailEntry.objects.filter(link=None, id__gte=first, id__lte=last).exists():
        Chain.objects.filter(all_sealed_before__lte=last).update(all_sealed_before=last + 1)


def _seal_batch(principal_ref: UUID) -> int:
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get(principal_ref=principal_ref)
        entries = list(
            TrailEntry.objects.filter(principal_ref=principal_ref, id__gte=chain.all_sealed_before, link=None)
            .order_by("id")
            .only("id", "commitment")[:SEAL_BATCH]
        )
        links = []
        digest = bytes(chain.digest)
        for position, entry in enumerate(entries, start=chain.length + 1):
            digest = next_digest(digest, bytes(entry.commitment))
            links.append(Link(entry=entry, principal_ref=principal_ref, position=position, digest=digest))
        Link.objects.bulk_create(links)
        chain.length += len(links)
        chain.digest = digest
        chain.save(update_fields=["length", "digest"])
        return len(links)
