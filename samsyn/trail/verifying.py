"""Checking the whole trail of a principal from its rows: the first entry that is broken, cut tails, rewritten tails.

Three things are held against each other: each entry against its commitment, the commitments against the tree, and the
tree against every signed root that is known: the own ones, those of witnesses in the house, and lines from outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q

from samsyn.trail.findings import MOST_TOLD, Known, Report
from samsyn.trail.models import Leaf, Root, TrailEntry, Tree, Witness
from samsyn.trail.roots import facts_of
from samsyn.trail.rules import RootFacts, follows
from samsyn.trail.seal_actions import LONGEST_TRANSACTION
from samsyn.trail.signing import is_signed
from samsyn.trail.walk import Walk


def principals() -> list[UUID]:
    """Whoever has a trail here, had one by a root, or must have had one by a witness; partners elsewhere left out."""
    tables = (Tree.objects, Root.objects, Witness.objects, TrailEntry.objects)
    found = {one for rows in tables for one in rows.order_by().values_list("principal_ref", flat=True).distinct()}
    elsewhere = {name.partition("/")[0] for name in settings.SAMSYN_PARTNER_SEAL_KEYS}
    return sorted(one for one in found if str(one) not in elsewhere)


def verify(principal_ref: UUID, against: Sequence[RootFacts] = ()) -> Report:
    """Check everything of one principal. ``against``: roots that were written out or kept elsewhere.

    Entries may be written and sealed meanwhile: what is known from outside is read first, the tree last.
    """
    report = Report(principal_ref)
    outside = _outside(report, against)
    tree = Tree.objects.filter(principal_ref=principal_ref).first() or Tree(principal_ref=principal_ref)
    own = _own_roots(report, tree)
    Walk(report, own, outside).through(tree)
    _nothing_is_left_out(report, tree, own)
    report.findings.sort()
    return report


def _outside(report: Report, against: Sequence[RootFacts]) -> list[Known]:
    """The roots of witnesses and of lines that are truly signed; what is not is told, and is no proof of anything."""
    held = Witness.objects.filter(principal_ref=report.principal_ref).order_by("size", "pk")
    told: dict[RootFacts, str] = {}
    for witness in held.iterator(chunk_size=2000):
        told.setdefault(facts_of(witness), f"the root that {witness.holder_ref} keeps as witness")
    for line in against:
        if line.principal_ref == report.principal_ref:
            told.setdefault(RootFacts(**{**vars(line), "growth": b""}), "the line from outside")
    own = {RootFacts(**{**vars(facts_of(row)), "growth": b""}) for row in _rows(report.principal_ref)}
    known = []
    for root, source in told.items():
        if root in own or is_signed(root):  # the own ones are checked with the others
            known.append(Known(root, source))
        else:
            words = f"What is said to be {source}, over {root.size} entries, is not signed by this principal's key."
            report.found(root.size, "forged witness", words)
    report.outside = len(known)
    return known


def _rows(principal_ref: UUID) -> Iterable[Root]:
    return Root.objects.filter(principal_ref=principal_ref).order_by("pk").iterator(chunk_size=2000)


def _own_roots(report: Report, tree: Tree) -> list[RootFacts]:
    """The own roots, each checked for its signature and for following on the one before."""
    roots: list[RootFacts] = []
    for root in map(facts_of, _rows(report.principal_ref)):
        if tree.size < root.size <= _size_now(report.principal_ref):
            break  # sealed while we read
        before = roots[-1] if roots else None
        if before is None or root.size > before.size:
            roots.append(root)
        _check_root(report, before, root)
    report.roots = len(roots)
    newest = roots[-1].size if roots else 0
    if tree.size != newest:
        words = f"The tree has {tree.size} entries, and its newest root is over {newest}."
        report.found(min(tree.size, newest) + 1, "root and tree differ", words)
    return roots


def _size_now(principal_ref: UUID) -> int:
    return Tree.objects.filter(principal_ref=principal_ref).values_list("size", flat=True).first() or 0


def _check_root(report: Report, before: RootFacts | None, root: RootFacts) -> None:
    place = before.size + 1 if before else 1
    over = f"The root over {root.size} entries"
    if not is_signed(root):
        report.found(place, "unsigned root", f"{over} is not signed by this principal's key.")
    if before is not None and root.size <= before.size:
        report.found(root.size, "replayed root", f"{over} stands after the one over {before.size}: it was put back.")
    elif not follows(before, root) or (before is None and root.growth):
        words = f"{over} does not follow on the one before: one is missing, or was changed."
        report.found(place, "root does not follow", words)


def _nothing_is_left_out(report: Report, tree: Tree, own: list[RootFacts]) -> None:
    """No entry that should have been sealed long ago has no place, and no place lies behind the end of the tree."""
    late = Q(id__lt=tree.all_sealed_before)
    if own:
        late |= Q(at__lt=own[-1].at - LONGEST_TRANSACTION)
    unsealed = TrailEntry.objects.filter(late, principal_ref=report.principal_ref, leaf=None).order_by("pk")
    for entry in unsealed.values_list("pk", flat=True)[:MOST_TOLD]:
        words = "An entry of long ago was never sealed: it was put in afterwards."
        report.found(tree.size + 1, "never sealed", words, entry)
    last = Leaf.objects.filter(principal_ref=report.principal_ref).aggregate(last=Max("position"))["last"] or 0
    now = _size_now(report.principal_ref)
    if last > now:
        report.found(now + 1, "place added", f"There are places behind the end of the tree, up to {last}.")
