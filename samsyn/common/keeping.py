"""How long a row is kept: every model says which file it belongs to, so that a new one cannot outlive its file.

The room ``retention`` reads these; how long a file stands is in the rows of law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

NO_WORDS = "–"
"""What stands where words were, of which only the row is left: it was weeded, and something else points at it."""


@dataclass(frozen=True)
class InFile:
    """Part of what one authority holds about one child. It goes when that file is weeded.

    ``child``, ``authority``: field paths; a row whose authority is empty goes with the person. ``open_while``: the
    rows that are still work to do, which keep the file; ``open_in_childhood``: those that keep it until the child is
    of age. ``shows``: row of law → the rows that tell that the file is of the class which that row is about.
    """

    child: str = "child"
    authority: str = "authority"
    open_while: Q | None = None
    open_in_childhood: Q | None = None
    shows: Mapping[str, Q] = field(default_factory=dict)


@dataclass(frozen=True)
class PartOf:
    """Goes with the row that ``whole`` points at."""

    whole: str


@dataclass(frozen=True)
class WithPerson:
    """Goes when nobody holds anything about the person any more, and nothing else points at them.

    ``person``: field path to the person, "self" for the person's own row; or ``ref``: the column with the reference.
    """

    person: str = ""
    ref: str = ""


@dataclass(frozen=True)
class Stays:
    """Is not weeded with any child's file, and why not."""

    because: str


Kept = InFile | PartOf | WithPerson | Stays
