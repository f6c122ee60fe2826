"""The way through every place of a principal's tree, held against every signed root that is known."""

from __future__ import annotations

from collections import defaultdict

from samsyn.common.crypto import commitments_hold
from samsyn.trail.findings import Known, Report
from samsyn.trail.merkle import Peaks
from samsyn.trail.models import Tree
from samsyn.trail.rules import RootFacts, leaf, moment, purpose, written
from samsyn.trail.seal_actions import LONGEST_TRANSACTION
from samsyn.trail.stored import AT, NONCE, OWNER, Stored, places
from samsyn.trail.weeding import lawfully_emptied


class Walk:
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
