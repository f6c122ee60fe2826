"""A unit that ends: whoever has something there is asked to hand it over, and it ends when nothing is left.

Nothing is moved over anybody's head: what hangs on a post goes to another one by the baton, with its yes (0006, 0017).
"""

from __future__ import annotations

from django.db import transaction

from samsyn.circle.team_actions import leave_unread_teams
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.actions import tell
from samsyn.organisations.actions_units import begin_closing, close, go_on, locked, require_may_end, with_something
from samsyn.organisations.desks import desk_stays_attended
from samsyn.organisations.models import Post, Unit

EMPTY_POST = "empty_post"


def end_unit(viewer: Viewer, unit: Unit) -> Unit:
    """End a unit on which nothing hangs; else ask whoever has something there to hand it over, and note that it closes.

    Pressing again looks again. Raises Refused when it is not the viewer's, it has ended, units lie under it, or posts
    elsewhere answer to one of its posts.
    """
    with desk_stays_attended():
        unit = locked(unit)
        require_may_end(viewer, unit)
        waiting = with_something(unit)
        if waiting:
            begin_closing(viewer, unit, waiting)
            for post in waiting:
                _ask_to_hand_over(post)
            return unit
        _nobody_is_asked(unit, dropped=False)
        leave_unread_teams(viewer, unit)
        close(viewer, unit)
    return unit


@transaction.atomic
def keep_unit(viewer: Viewer, unit: Unit) -> Unit:
    """Take back that a unit is to end. What has been handed over stays where it is. Raises Refused."""
    unit = locked(unit)
    go_on(viewer, unit)
    _nobody_is_asked(unit, dropped=True)
    return unit


def _ask_to_hand_over(post: Post) -> None:
    if Duty.objects.filter(object_ref=post.ref, what=EMPTY_POST, state=DutyState.OPEN).exists():
        return
    duty = open_duty(
        post,
        EMPTY_POST,
        child=None,
        room="post",
        object_ref=post.ref,
        rule="hand_over_before_unit_ends",
        start=clock.now(),
    )
    tell(post, "unit_closes", room="post", object_ref=post.ref, child=None, occasion=str(duty.ref))


def _nobody_is_asked(unit: Unit, *, dropped: bool) -> None:
    for ref in Post.objects.filter(unit=unit).values_list("ref", flat=True):
        end_duties(ref, EMPTY_POST, dropped=dropped)
