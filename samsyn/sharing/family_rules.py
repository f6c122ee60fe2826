"""Who in the family reads: the child itself and each guardian by an own right, by age, custody and decision. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from samsyn.common.decision import Decision, no, yes
from samsyn.law.days import add_years


@dataclass(frozen=True)
class Ages:
    """In whole years: a guardian reads until, the young person reads from, and custody ends at."""

    guardian_until: int
    own_from: int
    grown_at: int


@dataclass(frozen=True)
class Tie:
    """What ties somebody to a child (row id ``child``): being that child, or custody in one span or several.

    ``custody``: first and last day of each, last None for until further notice. ``hidden``: the child is protected.
    ``other_hidden``: somebody else who has custody today is.
    """

    child: int
    itself: bool
    born: date | None
    hidden: bool = False
    other_hidden: bool = False
    custody: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True)
class Reads:
    """How far somebody reads about a child.

    ``by_default``: without a decision. ``decides``: has custody today, and is asked. ``not_after``: the last day of
    custody for a former guardian, None for the others.
    """

    child: int
    itself: bool
    by_default: bool
    decides: bool
    not_after: date | None = None


def has_turned(born: date, years: int, on: date) -> bool:
    """Has somebody turned so many years on the day. Born on 29 February: on the 28th in years without a 29th."""
    return on >= add_years(born, years)


def reads(tie: Tie, ages: Ages, on: date) -> Reads | None:
    """How far the one who is tied to the child reads on this day; None for not at all.

    From the day the child is grown nobody reads as its guardian. A guardian of a protected child reads nothing here,
    so that no page can tell where the child is. Unknown age opens nothing.
    """
    if tie.itself:
        own = tie.born is not None and has_turned(tie.born, ages.own_from, on)
        return Reads(tie.child, itself=True, by_default=own, decides=False)
    if tie.hidden or (tie.born is not None and has_turned(tie.born, ages.grown_at, on)):
        return None
    begun = [(since, until) for since, until in tie.custody if since <= on]
    if not begun:
        return None
    young = tie.born is not None and not has_turned(tie.born, ages.guardian_until, on)
    by_default = young and not tie.other_hidden
    ends = [until for _since, until in begun if until is not None]
    if len(ends) < len(begun) or max(ends) >= on:
        return Reads(tie.child, itself=False, by_default=by_default, decides=not tie.other_hidden)
    return Reads(tie.child, itself=False, by_default=by_default, decides=False, not_after=max(ends))


def readers_by_age(child: int, born: date | None, guardians: Iterable[int], ages: Ages, on: date) -> list[int]:
    """Who in the family reads by age alone on this day: its guardians, the young person itself, or nobody between."""
    if born is None:
        return []
    if has_turned(born, ages.own_from, on):
        return [child]
    return [] if has_turned(born, ages.guardian_until, on) else list(guardians)


def may_decide_in_family(
    *,
    opens: bool,
    owns: bool,
    in_family: bool,
    itself: bool,
    everything: bool,
    told_alone: bool,
    hidden: bool,
    reason: str,
    until: date | None,
    on: date,
) -> Decision:
    """May something be opened or closed for one in the family. The decision's rule is the ground that is written down.

    ``owns``: whose information it is decides. ``everything``: it is not about one thing or one kind. ``told_alone``:
    the child told it alone. ``hidden``: the child is protected.
    """
    if not owns:
        return no("Only those whose information it is decide who in the family reads it.", field="what")
    if not in_family:
        return no("Choose the child, or somebody who has or has had custody.", field="whom")
    if not reason.strip():
        return no("Write why. It is kept with the decision.", field="reason")
    if until is not None and until < on:
        return no("Choose a day from today on.", field="until")
    if not opens:
        return yes(rule="closed_to_the_family" if itself else "harm_from_guardian")
    if everything:
        return no("Open one kind or one thing at a time.", rule="opened_in_the_family", field="what")
    if told_alone and not itself:
        return no("What the child has told alone is never shown to a guardian.", rule="the_childs_own", field="what")
    if hidden and not itself:
        return no(
            "The child is protected. Nothing is shown to a guardian here, since it could tell where the child is.",
            rule="secrecy_residence_from_parent",
            field="whom",
        )
    return yes(rule="opened_in_the_family")


def may_end_decision(*, owns: bool, in_force: bool, reason: str) -> Decision:
    """May a decision about the family be ended before its day."""
    if not owns:
        return no("Only those who decided it can end it.")
    if not in_force:
        return no("It has ended already.")
    if not reason.strip():
        return no("Write why. It is kept with the decision.", field="reason")
    return yes()


def may_mark(*, owns: bool, known: bool, marked: bool) -> Decision:
    """May a thing be marked as one of the classes of notes that the family does not see."""
    if not owns:
        return no("Only those whose information it is decide who in the family reads it.", field="what")
    if not known:
        return no("Choose what kind of note it is.", field="note")
    if marked:
        return no("It is marked like that already.", field="note")
    return yes(rule="closed_to_the_family")
