"""Who may know that a protected person exists, who may say so, and for how long. Pure."""

from __future__ import annotations

import re
from datetime import date

from samsyn.common.decision import Decision, no, yes

REASON_LONGEST = "protected_reason_longest"
REASON_BY_WORK = "protected_reason_by_work"
REASON_RENEWED = "protected_reason_renewed"
SHORTEST_REASON = 5
LEVELS = ("none", "marked", "protected")
_LIKE_A_NUMBER = re.compile(r"(\d[\s.-]*){6,}")


def may_protect(*, at_work: bool, level: str, provision: str, decided_on: date | None, today: date) -> Decision:
    """May the marking be written. It holds three things: provision, date and authority (OSL 5:5)."""
    if not at_work:
        return no("Protection is set by those who work with the child. Choose the post that you act as first.")
    if level not in LEVELS:
        return no(
            "Somebody with an assumed identity is entered as anybody else, as a new person. "
            "Nothing here may tie the two together.",
            field="level",
        )
    if not provision.strip():
        return no("Write on which provision, such as OSL 21:3.", rule="mark_secrecy", field="provision")
    if decided_on is None:
        return no("Write which day it was decided.", rule="mark_secrecy", field="decided_on")
    if decided_on > today:
        return no("That day has not come yet. Write the day of the decision.", field="decided_on")
    return yes("The protection can be set.")


def may_give_reason(
    *, has_reason: bool, to_itself: bool, why: str, until: date | None, today: date, longest: date
) -> Decision:
    """May a post be let know of a protected person until a day, ``longest`` at most."""
    if not has_reason:
        return no("Only who has a reason of its own can give one. Ask those who set the protection.")
    if to_itself:
        return no("Nobody gives a reason to the own post. Somebody else has to.", field="post")
    if len(why.strip()) < SHORTEST_REASON:
        return no("Write why this post needs to know of the person.", field="why")
    if _LIKE_A_NUMBER.search(why):
        return no("Write the reason without a number. It is kept in the trail.", field="why")
    if until is None or until <= today:
        return no("Write a day to come, until which the reason holds.", field="until")
    if until > longest:
        return no(
            "A reason holds until %(day)s at most. Then somebody looks at it again.",
            rule=REASON_LONGEST,
            field="until",
            day=longest,
        )
    return yes("The reason can be given.")


def may_take_back(*, has_reason: bool, holds: bool) -> Decision:
    """May a reason be ended before its day."""
    if not has_reason:
        return no("Only who has a reason of its own can take one back.")
    if not holds:
        return no("This reason has ended already.")
    return yes("The reason can be taken back.")


def may_arrive(*, hidden: bool, here: bool, at_own_unit: bool) -> Decision:
    """May whoever has looked a number up go on to a sign about the person.

    ``here``: the post has a reason already. ``at_own_unit``: the register says that the child is at the post's own
    unit every day. To everybody else a protected person does not exist: the sentence is that of a number which nobody
    has.
    """
    if hidden and not here and not at_own_unit:
        return no("The register has nobody with that number. Check the digits.", field="number")
    return yes("The person can be written about.")
