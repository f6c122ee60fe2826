"""When custody is noted, ended and taken back by hand, and when a child gets a number later. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samsyn.common.decision import Decision, no, yes
from samsyn.people.rules import may_write_of_family

JOINT, SOLE, UNKNOWN = "joint", "sole", "unknown"
SHORTEST_SOURCE = 5
"""Characters of the shortest word on who says so: "court"."""
MOST = 2
"""Custody is one person's or two persons' together (FB 6:2)."""
CHANGED = "Somebody has changed this since you opened it. See what it says now, and note yours again if it still holds."


@dataclass(frozen=True)
class Wanted:
    """What somebody wants noted. ``named_alike``: the name of one who has custody and is called the same, "" for none.

    ``numbered``: a number is written too. ``source_has_number``: somebody's number stands in who says so, or in what
    the guardian is to the child.
    """

    custody: str
    since: date
    source: str
    source_has_number: bool = False
    named_alike: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Standing:
    """Who has custody now, as the page shows it: the names, and the kinds in the same order."""

    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def may_change_custody(*, follows_child: bool, own_family: bool, grown: bool, as_shown: bool) -> Decision:
    """May the viewer write about this child's custody at all. ``as_shown``: does it stand as it stood on the page."""
    if not follows_child:
        return no("Custody is noted by who follows the child.")
    if not may_write_of_family(own=own_family):
        return may_write_of_family(own=own_family)
    if grown:
        return no("Custody lasts until the child turns 18.", rule="custody_until")
    return yes() if as_shown else no(CHANGED)


def may_note_guardian(wanted: Wanted, standing: Standing, *, born: date | None, today: date) -> Decision:
    """May one more be noted as having custody. Nobody's custody ends because another one's is noted."""
    for decision in (
        _may_be_since(wanted.since, born, today),
        may_say_so(wanted.source, has_number=wanted.source_has_number),
    ):
        if not decision:
            return decision
    if wanted.named_alike and not wanted.numbered:
        return no(
            "%(name)s is noted already. If this is somebody else of the same name, write the number too.",
            field="given_name",
            name=wanted.named_alike,
        )
    return _may_stand_beside(wanted.custody, standing)


def _may_be_since(since: date, born: date | None, today: date) -> Decision:
    if since > today:
        return no("The day has not come yet.", field="since")
    if born is not None and since < born:
        return no("The child was not born then.", field="since")
    return yes()


def may_say_so(source: str, *, has_number: bool) -> Decision:
    """Is it said who says so. ``has_number``: somebody's number stands in it, and it is kept in the trail."""
    if len(source) < SHORTEST_SOURCE:
        return no("Write who says so, and what you have seen.", field="source")
    if has_number:
        return no("Write this without a number. It is kept in the trail.", field="source")
    return yes()


def _may_stand_beside(custody: str, standing: Standing) -> Decision:
    if len(standing.names) >= MOST:
        return no("Two have custody already, which is the most. If one no longer has it, end that first.")
    if not standing.names:
        return yes()
    if custody == SOLE:
        return no(
            "%(name)s is noted as having custody too. Nobody has it alone until that has been ended.",
            field="custody",
            name=standing.names[0],
        )
    if SOLE in standing.kinds:
        return no(
            "%(name)s is noted as having custody alone. End that first, and note it anew as joint.",
            field="custody",
            name=standing.names[standing.kinds.index(SOLE)],
        )
    return yes()


def may_end_custody_by_hand(*, last_day: date, today: date, source: str, source_has_number: bool) -> Decision:
    """May it be noted that somebody's custody has ended. A day to come is noted when it has come."""
    if last_day > today:
        return no("The day has not come yet.", field="until")
    return may_say_so(source, has_number=source_has_number)


def may_take_back_custody(*, own: bool) -> Decision:
    """May it be taken back that somebody has custody. ``own``: the viewer's post wrote it."""
    if not own:
        return no("Only the post that wrote this down can take it back as a mistake. Others end it on a day.")
    return yes()


def may_be_that_person(*, name: str, same_name: bool) -> Decision:
    """May a number be somebody's whom the viewer sees, by another name than was written?"""
    if not same_name:
        return no("The number is %(name)s's. Compare it with the document.", field="number", name=name)
    return yes()


def may_give_number(
    *, follows_child: bool, own_family: bool, has_this_kind: bool, born: date | None, told_by_number: date | None
) -> Decision:
    """May a child be known by a number that came later. ``told_by_number``: the birth date that the number tells."""
    if not follows_child:
        return no("A number is noted by who follows the child.")
    if not may_write_of_family(own=own_family):
        return may_write_of_family(own=own_family)
    if has_this_kind:
        return no("A number of this kind is noted for the child already.", field="kind")
    if born is not None and told_by_number is not None and born != told_by_number:
        return no("The number begins with another day. Compare both with the document.", field="number")
    return yes()


def may_be_given(*, name: str) -> Decision:
    """No: the number is that of somebody whom the viewer sees, by this name."""
    return no(
        "The number is noted for %(name)s. If it is the same child, go on there: two pages cannot be made one.",
        field="number",
        name=name,
    )


def may_take_back_number(*, own: bool) -> Decision:
    """May the number be taken back that was noted last. ``own``: the viewer's post has noted one for the child."""
    return yes() if own else no("Your post has noted no number for this child, so there is none to take back.")
