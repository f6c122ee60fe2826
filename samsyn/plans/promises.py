"""What each post has promised in the plan is its duty, as long as the plan may be read there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, QuerySet

from samsyn.common import clock
from samsyn.duties.actions import drop_duties, end_duties, open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.models import Post
from samsyn.plans.models import IN_FORCE, OPEN_STATES, Action, ActionState, Plan
from samsyn.sharing.predicate import units_reading

CARRY_OUT = "carry_out_action"
KIND = "plan"


def left_to_do(plan: Plan) -> list[Action]:
    """The actions of the plan that nobody has decided about, with the post that has promised each."""
    return list(plan.actions.filter(state=ActionState.TO_DO).select_related("by_post__unit"))


def open_promises(plan: Plan, left: Sequence[Action]) -> None:
    """Give each post a duty for what it has promised, by its day; one that is as it was stays.

    ``left``: the actions that are still to be done.
    """
    duties = Duty.objects.filter(object_ref__in=[action.ref for action in left], what=CARRY_OUT, state=DutyState.OPEN)
    promised = {duty.object_ref: duty for duty in duties}
    for action in left:
        duty = promised.get(action.ref)
        kept = duty is not None and duty.post_id == action.by_post_id and _day_of(duty.due_at) == action.due_on
        if duty is not None and not kept:
            end_duties(action.ref, CARRY_OUT, dropped=True)
        if action.by_post is not None and not kept:
            open_duty(
                action.by_post,
                CARRY_OUT,
                child=plan.child,
                room="plan_action",
                object_ref=action.ref,
                rule="agreed_in_plan",
                start=clock.now(),
                due_on=action.due_on,
            )


def _day_of(moment: datetime) -> date:
    return moment.astimezone(clock.STOCKHOLM).date()


def unread(actions: QuerySet[Action]) -> list[Action]:
    """Those of the actions that are still to be done by a post in another authority that may not read the plan."""
    outside = actions.filter(state=ActionState.TO_DO, plan__state__in=OPEN_STATES, by_post__isnull=False)
    outside = outside.exclude(by_post__unit__authority=F("plan__authority"))
    promised = list(outside.select_related("plan__team", "by_post").order_by("pk"))
    reading = {ref: units_reading(KIND, ref) for ref in {action.plan.ref for action in promised}}
    return [action for action in promised if _post_of(action).unit_id not in reading[action.plan.ref]]


def _post_of(action: Action) -> Post:
    assert action.by_post is not None  # only asked of what a post has promised
    return action.by_post


def let_unread_wait(child_id: int) -> list[tuple[Plan, int]]:
    """End the duty to carry out what is promised where the plan may not be read any longer.

    The actions stand in the plan, for those who hold it together to decide about with the family. Gives the plan of
    each, and the row id of the post that had promised it.
    """
    waiting = unread(Action.objects.filter(plan__child=child_id))
    refs = [action.ref for action in waiting]
    open_now = Duty.objects.filter(object_ref__in=refs, what=CARRY_OUT, state=DutyState.OPEN)
    promised = set(open_now.values_list("object_ref", flat=True))
    drop_duties(open_now)
    return [(action.plan, _post_of(action).pk) for action in waiting if action.ref in promised]


def take_up_again(plan: Plan) -> None:
    """Open anew what waits of a plan in force, where the plan may be read again by a post that is still in the team.

    What is written in a review is promised when the family has agreed to it, and not before.
    """
    if plan.state not in IN_FORCE:
        return
    unread_now = {action.pk for action in unread(plan.actions.all())}
    in_team = set(plan.team.memberships.filter(until=None).values_list("post_id", flat=True))
    left = [one for one in left_to_do(plan) if one.pk not in unread_now and one.by_post_id in in_team]
    duties = Duty.objects.filter(object_ref__in=[one.ref for one in left], what=CARRY_OUT).order_by("pk")
    newest = {duty.object_ref: duty for duty in duties}
    open_promises(plan, [one for one in left if _waits(one, newest.get(one.ref))])


def read_again(posts: list[int]) -> Iterator[UUID]:
    """Open anew what waits of the posts in plans of other authorities, where they may read the plan again."""
    waiting = Action.objects.filter(state=ActionState.TO_DO, by_post__in=posts)
    plans = Plan.objects.filter(pk__in=waiting.values("plan"), state__in=IN_FORCE)
    for plan in plans.select_related("team", "child").order_by("pk"):
        take_up_again(plan)
        yield plan.ref


def _waits(action: Action, newest: Duty | None) -> bool:
    """Has this very promise been set aside: its newest duty was ended with nothing done, and it is as it was then."""
    if newest is None or newest.state != DutyState.DROPPED:
        return False
    return newest.post_id == action.by_post_id and _day_of(newest.due_at) == action.due_on
