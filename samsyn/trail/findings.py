"""What the checking of a trail has found to be broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from samsyn.trail.rules import RootFacts

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
