"""Checking the whole trail of a principal from its rows: the first entry that is broken, cut tails, rewritten tails.

Three things are held against each other: each entry against its commitment, the commitments against the tree, and the
tree against every signed root that is known: the own ones, those of witnesses in the house, and lines from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q

from samsyn.common.crypto import commitments_hold
from samsyn.trail.merkle import Peaks
from samsyn.trail.models import Leaf, Root, TrailEntry, Tree, Witness
from samsyn.trail.roots import facts_of
from samsyn.trail.rules import RootFacts, follows, leaf, moment, purpose, written
from samsyn.trail.seal_actions import LONGEST_TRANSACTION
from samsyn.trail.signing import is_signed
from samsyn.trail.stored import AT, NONCE, OWNER, Stored, places
from samsyn.trail.weeding import lawfully_emptied

MOST_TOLD = 10
"""Of each kind of break; the rest is counted."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is broken: at which place of the tree (0 for none), what kind of break, and what it means.

    ``entry``: the id of the entry there, 0 where there is none.
    """

    place: int
    kind: str
    words: str
    entry: int = 0


@dataclass
class Report:
    """What was checked of one principal, and what was found: the first of each kind; ``number`` counts all.

    ``outside``: how many signed roots of witnesses and lines were held against the tree.
    """

    principal_ref: UUID
    entries: int = 0
    roots: int = 0
    outside: int = 0
    findings: list[Finding] = field(default_factory=list)
    number: int = 0

    def found(self, place: int, kind: str, words: str, entry: int = 0) -> None:
        """Note one thing that is broken."""
        self.number += 1
        if sum(one.kind == kind for one in self.findings) < MOST_TOLD:
            self.findings.append(Finding(place, kind, words, entry))


@dataclass(frozen=True)
class Known:
    """A signed root that the tree must have had, and who says so."""

    root: RootFacts
    source: str

    @property
    def words(self) -> str:
        """Whose root, and of when."""
        return f"{self.source} of {self.root.at:%Y-%m-%d %H:%M}"


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
    _Walk(report, own, outside).through(tree)
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


class _Walk:
    """The way through all places: grows the tree anew and holds it against every root that is known."""

    def __init__(self, report: Report, own: list[RootFacts], outside: list[Known]) -> None:
        self.report = report
        self.peaks = Peaks()
        self.holds = commitments_hold(purpose=purpose(report.principal_ref))
        self.emptied = lawfully_emptied(report.principal_ref)
        self.owner = report.principal_ref.hex
        self.roots: dict[int, list[Known]] = defaultdict(list)
        for known in [*(Known(root, "the own root") for root in own), *outside]:
            self.roots[known.root.size].append(known)
        self.own = own
        self.passed = 0
        self.covered = own[0].size if own else 0
        self.earliest = ""
        self.agreed = 0
        self.is_broken = False

    def through(self, tree: Tree) -> None:
        """Look at every place, then at what should have been there and is not."""
        for stored in places(self.report.principal_ref, tree.size):
            self._look(stored)
        size = self.report.entries = self.peaks.size
        if size < tree.size and not self.is_broken:
            words = f"The last {tree.size - size} sealed entries have no place any more."
            self.report.found(size + 1, "cut tail", words)
        elif not self.is_broken and bytes(tree.peaks) != self.peaks.packed():
            words = "What the tree is to grow on from is not what its entries give."
            self.report.found(self.agreed + 1, "tree changed", words)
        for beyond in sorted(one for one in self.roots if one > size):
            known = self.roots[beyond][0]
            words = f"The tail is cut: {known.words} is over {beyond} entries, and {size} are left."
            self.report.found(size + 1, "cut tail", words)

    def _look(self, stored: Stored) -> None:
        position, entry, digest, *_rest = stored
        size = self.peaks.size + 1
        if position != size and not self.is_broken:
            self.is_broken = True
            is_gap = position > size
            words = f"Place {size} is empty." if is_gap else f"Place {position} is taken twice."
            self.report.found(size, "place missing" if is_gap else "place twice", words, entry)
        problem = self._problem(stored)
        if problem:
            self.report.found(position, problem[0], problem[1], entry)
        self.peaks.add(digest)
        if size in self.roots:
            self._hold_against_roots()
        if size == self.covered:
            self._pass_root()

    def _problem(self, stored: Stored) -> tuple[str, str] | None:
        _position, entry, digest, commitment, texts, subjects = stored
        if texts is None:
            return "entry gone", "The entry is gone."
        if texts[OWNER] != self.owner:
            return "entry moved", "The entry has been given to another principal."
        if leaf(commitment) != digest:
            return "commitment changed", "The entry's commitment is not the one that was sealed."
        if not texts[NONCE] and entry in self.emptied:
            return None  # its words were lawfully weeded; what is left is the commitment that was sealed
        if not self.holds(written(texts, subjects), commitment):
            return "entry changed", "The entry's text, its time or what it is about is not what it was."
        if texts[AT] < self.earliest:
            return "dated back", "The entry was put in afterwards: it is dated long before what was sealed before it."
        return None

    def _pass_root(self) -> None:
        """From here on entries are covered by the next root: none may be dated long before the one just passed."""
        self.earliest = moment(self.own[self.passed].at - LONGEST_TRANSACTION)
        self.passed += 1
        self.covered = self.own[self.passed].size if self.passed < len(self.own) else 0

    def _hold_against_roots(self) -> None:
        digest = self.peaks.root()
        for known in self.roots[self.peaks.size]:
            if self.is_broken:
                return
            if known.root.digest != digest:
                self.is_broken = True
                words = (
                    f"Something between place {self.agreed + 1} and place {self.peaks.size} was rewritten: "
                    f"{known.words} does not fit."
                )
                self.report.found(self.agreed + 1, "rewritten", words)
        if not self.is_broken:
            self.agreed = self.peaks.size


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
