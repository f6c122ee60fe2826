"""The facts that the larger components show. Plain values, already in the reader's words; no domain, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class LawLink:
    """The paragraph that something rests on: its words ("SoL 19 kap. 1 §"), where to read it, and if it is verified."""

    paragraph: str
    url: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One thing to do.

    ``initials`` and ``child`` ("T.K., 12 years") say about whom; ``what`` leads to ``url``, unless the verb does;
    ``meta`` says who waits; ``act`` is the verb of the row, a link to ``act_url`` or, with ``act_posts``, a button that
    posts there through the page's ``{% acts_form %}``. ``next`` makes it the sheet with the page's filled button.
    ``mark``: what whoever reads the list must not miss, in a word or two.
    ``due`` None: no words.
    """

    initials: str
    child: str
    what: str
    url: str
    due: date | datetime | None = None
    meta: str = ""
    law: LawLink | None = None
    act: str = ""
    act_url: str = ""
    act_posts: bool = False
    next: bool = False
    sphere: str = "child"
    by_the_hour: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of "now and next": what happened, happens or will; ``when`` in words; the present may carry a deed."""

    state: Literal["done", "now", "next"]
    what: str
    when: str = ""
    text: str = ""
    due: date | datetime | None = None
    act: str = ""
    act_url: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the chronology: when (in words, and for machines), and what."""

    when: str
    what: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field that somebody else has changed meanwhile: its label, what stands there now, what this reader wrote."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved first: who, when (in words), and what differs. The reader's own text stays in the form."""

    who: str
    when: str
    changes: Sequence[Change]
