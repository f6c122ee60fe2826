"""What may be done with posts, holders, cover and the organisation around them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from samsyn.common.decision import Decision, no, yes
from samsyn.organisations.resolution import Span

DEMO_MODES = frozenset({"demo", "test"})
_OWN_CODE = re.compile(r"[A-ZÅÄÖ0-9]{1,4}")


def may_manage(*, operator: bool, the_house: bool) -> Decision:
    """May the organisation be changed by this viewer: an operator, or the house itself (commands and imports)."""
    if operator or the_house:
        return yes("You look after the organisation.")
    return no("Only those who look after the organisation may change it.")


def may_set_presence(*, manages: bool, own: bool, above: bool) -> Decision:
    """May the viewer say that somebody is away, or who covers: for oneself, for the posts below, or as an operator."""
    if manages or own or above:
        return yes("It is about your own post or one below it.")
    return no("You may say this about your own post and those below it.")


def may_found_principal(kind: str, code: str, *, official: bool, mode: str, others: int, on_sqlite: bool) -> Decision:
    """May one more principal be added.

    ``official``: the code is known for that kind. ``others``: how many principals there are already. ``mode``: what
    the house is run as.
    """
    if kind == "state":
        if not _OWN_CODE.fullmatch(code):
            return no("Give the state's authority a short word of at most four capital letters.", field="code")
    elif not official:
        return no("There is no municipality or region with the code %(code)s.", field="code", code=code)
    if others and on_sqlite and mode not in DEMO_MODES:
        return no("SQLite is for one principal. Move to PostgreSQL before you add another one.")
    return yes("The principal can be added.")


def may_place_unit(*, same_authority: bool, parent_ended: bool) -> Decision:
    """May the unit lie under that parent."""
    if parent_ended:
        return no("The unit above has ended.", field="parent")
    if same_authority:
        return yes("Both belong to the same authority.")
    return no("A unit lies under a unit of the same authority: its secrecy ends there.", field="parent")


def may_stand_in(*, unit_ended: bool) -> Decision:
    """May a post come into the unit. In one that has ended nobody would ever be asked to hand anything over."""
    if unit_ended:
        return no("This unit has ended. Choose one that has not.", field="unit")
    return yes()


def may_place_post(*, same_authority: bool, parent_is_desk: bool, parent_ended: bool) -> Decision:
    """May the post answer upwards to that parent."""
    if parent_ended:
        return no("The post above has ended.", field="parent")
    if same_authority or parent_is_desk:
        return yes("The post above can answer.")
    return no("The post above is in the same authority, or is a duty desk.", field="parent")


def may_hold(
    span: Span, *, operator: bool, account_open: bool, post_ended: bool, taken: Iterable[Span], takes_over: bool
) -> Decision:
    """May somebody hold the post for these days.

    ``taken``: when it is held already. ``takes_over``: whoever holds it then leaves it the day before.
    """
    if operator:
        return no("Who looks after the system sees no child, and so holds no post.", field="person")
    if not account_open:
        return no("This account is closed.", field="person")
    if post_ended:
        return no("This post has ended.", field="post")
    if span.until is not None and span.until < span.since:
        return no("The last day comes before the first.", field="until")
    for other in taken:
        if not other.meets(span):
            continue
        if not takes_over:
            return no(
                "Somebody else holds this post then. Say that the new one takes over, or choose other days.",
                field="since",
            )
        if other.since >= span.since:
            return no("Somebody else begins on this post the same day or later. Choose other days.", field="since")
    return yes("The post can be held.")


def may_end_interval(span: Span, last_day: date) -> Decision:
    """May something that goes on be given this last day."""
    if last_day < span.since:
        return no("The last day comes before the first.", field="until")
    if span.until is not None and span.until < last_day:
        return no("It has an earlier last day already: %(day)s.", field="until", day=span.until)
    return yes("It can end then.")


def may_leave_post(*, still_answered: bool, hanging: int) -> Decision:
    """May the holder leave. ``still_answered``: somebody answers for the post the day after."""
    if hanging and not still_answered:
        return no(
            "%(count)s things hang on this post and nobody would answer for them. Move them first.", count=hanging
        )
    return yes("The holding can end.")


def may_end_post(*, hanging: int, below: int, is_last_desk: bool) -> Decision:
    """May a post end: when nothing hangs on it and no post answers upwards to it."""
    if is_last_desk:
        return no("This is the last duty desk. It always stays.")
    if hanging:
        return no("%(count)s things hang on this post. Move them first.", count=hanging)
    if below:
        return no("%(count)s posts lie below this one. Give them another post above first.", count=below)
    return yes("The post can end.")


def may_end_unit(*, manages: bool, is_head: bool, ended: bool, below: int) -> Decision:
    """May somebody say that a unit is to end.

    ``is_head``: its head, that of a unit above, or a post elsewhere that its own answer to. ``below``: how many
    units lie under it and have not ended.
    """
    if not manages and not is_head:
        return no("Only its head, a post above, or those who look after the organisation may end a unit.")
    if ended:
        return no("This unit has ended already.")
    if below:
        return no("%(count)s units lie under this one. End them first.", count=below)
    return yes("The unit can end when nothing hangs on it.")


def may_keep_unit(*, manages: bool, is_head: bool, is_closing: bool, ended: bool) -> Decision:
    """May somebody take back that a unit is to end: as long as it has not."""
    if not manages and not is_head:
        return no("Only its head, a post above, or those who look after the organisation may end a unit.")
    if ended:
        return no("This unit has ended already.")
    if not is_closing:
        return no("Nobody has said that this unit is to end.")
    return yes("The unit goes on.")


def desk_stays_attended(before: date | None, after: date | None) -> Decision:
    """May a change be made that moves the first day without anybody at the duty desk from ``before`` to ``after``."""
    if after is None or (before is not None and before <= after):
        return yes("Somebody is at the duty desk.")
    return no(
        "Then nobody would be at the duty desk on %(day)s. It is always staffed: say who takes over or covers first.",
        day=after,
    )


def may_be_away(span: Span, *, other: Iterable[Span]) -> Decision:
    """May an absence be noted for these days."""
    if span.until is not None and span.until < span.since:
        return no("The last day comes before the first.", field="until")
    if any(one.meets(span) for one in other):
        return no("An absence is noted for some of these days already.", field="since")
    return yes("The absence can be noted.")


def may_cover(span: Span, *, itself: bool, same_authority: bool, ended: bool, other: Iterable[Span]) -> Decision:
    """May one post cover another for these days. ``other``: when the post is covered already."""
    if itself:
        return no("A post cannot cover itself.", field="covered_by")
    if not same_authority:
        return no("Cover comes from the same authority: secrecy stands between two.", field="covered_by")
    if ended:
        return no("This post has ended.", field="covered_by")
    if span.until is not None and span.until < span.since:
        return no("The last day comes before the first.", field="until")
    if any(one.meets(span) for one in other):
        return no("The post has cover on some of these days already. End that cover first.", field="since")
    return yes("The post can be covered.")


def may_make_partnership(parties: int, decided_on: date, today: date) -> Decision:
    """May authorities enter a partnership: at least two, by a decision that has been made."""
    if parties < 2:
        return no("A partnership has at least two parties.", field="parties")
    if decided_on > today:
        return no("The decision is dated in the future.", field="decided_on")
    return yes("The partnership can be made.")


def is_complete(*, principals: int, desks: int, first_day_without: date | None) -> Decision:
    """Is the installation finished: at least one principal, and a duty desk with somebody there from now on."""
    if not principals:
        return no("No principal has been added yet.")
    if not desks:
        return no("There is no duty desk yet. Every question must end somewhere: add one post with that role.")
    if first_day_without is not None:
        return no("Nobody is at the duty desk on %(day)s. Say who holds or covers it.", day=first_day_without)
    return yes("The installation is complete.")
