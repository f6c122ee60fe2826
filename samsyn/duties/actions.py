"""Opening, ending, moving and escalating what is to be done."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.duties.models import Duty, DutyState, Escalation, HangsOn
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import deadline_for
from samsyn.organisations.presence import duty_desk_for
from samsyn.people.models import Person

SWEEP_BATCH = 200


def open_duty(
    post: Post,
    what: str,
    *,
    child: Person | None,
    room: str,
    object_ref: UUID,
    rule: str,
    start: datetime,
    hangs_on: HangsOn = HangsOn.POST,
    waiting: str = "",
    due_on: date | None = None,
    harm_feared: bool = False,
) -> Duty:
    """Open one duty for one post; the time is counted by ``rule`` from ``start``, or is ``due_on`` when agreed.

    ``waiting`` says who waits for it, as a label for the worklist (never a family member of a protected person).
    ``harm_feared`` is a word for the worklist too: whoever has the duty may read the thing that says so.
    """
    due_at = clock.end_of(due_on) if due_on is not None else deadline_for(post.unit.authority_id, rule, start).due_at
    return Duty.objects.create(
        child=child,
        post=post,
        what=what,
        room=room,
        object_ref=object_ref,
        hangs_on=hangs_on,
        waiting=waiting,
        harm_feared=harm_feared,
        rule=rule,
        started_at=start,
        due_at=due_at,
    )


def end_duties(object_ref: UUID, *whats: str, dropped: bool = False) -> None:
    """End the open duties about a thing: all of them, or only those named."""
    duties = Duty.objects.filter(object_ref=object_ref, state=DutyState.OPEN)
    if whats:
        duties = duties.filter(what__in=whats)
    if dropped:
        drop_duties(duties)
    else:
        duties.update(state=DutyState.DONE, ended_at=clock.now())


def drop_duties(duties: QuerySet[Duty]) -> int:
    """End those of the duties that are open, with nothing done: they are nobody's to do any longer. Gives how many."""
    number: int = duties.filter(state=DutyState.OPEN).update(state=DutyState.DROPPED, ended_at=clock.now())
    return number


def take_up(duties: QuerySet[Duty]) -> bool:
    """Open the newest of the duties anew, by its own day, if it was ended with nothing done. Gives whether it was."""
    newest = duties.order_by("-pk").first()
    if newest is None or newest.state != DutyState.DROPPED:
        return False
    newest.pk, newest.ref, newest.state, newest.ended_at = None, new_reference(), DutyState.OPEN, None
    newest._state.adding = True
    newest.save()
    return True


def move_duties(child: Person, hangs_on: HangsOn, to_post: Post, about: Q | None = None) -> int:
    """Let what follows a responsibility for the child follow it to another post, in the transaction that moved it.

    Gives how many there were. ``about``: the condition on what follows this one, where there may be another of the
    kind around the child.
    """
    about = Q() if about is None else about
    return Duty.objects.filter(about, child=child, hangs_on=hangs_on, state=DutyState.OPEN).update(post=to_post)


def escalate_overdue() -> int:
    """Give each overdue duty's parent post a copy, once. Moves nothing. Safe to run twice at once."""
    made = 0
    while True:
        with transaction.atomic():
            overdue = list(
                Duty.objects.select_for_update(of=("self",), skip_locked=True)
                .filter(_late(clock.now()), state=DutyState.OPEN, escalation=None)
                .select_related("post__parent", "post__unit__authority")
                .order_by("due_at", "pk")[:SWEEP_BATCH]
            )
            Escalation.objects.bulk_create(
                [Escalation(duty=duty, to_post=_above(duty.post), at=clock.now()) for duty in overdue],
                ignore_conflicts=True,
            )
        made += len(overdue)
        if len(overdue) < SWEEP_BATCH:
            return made


def _late(moment: datetime) -> Q:
    """Is past its time. What is due at once is late from the next day: as ``law.Deadline.is_overdue`` says."""
    this_day = moment.astimezone(clock.STOCKHOLM).replace(hour=0, minute=0, second=0, microsecond=0)
    return Q(due_at__lt=moment) & (Q(due_at__gt=F("started_at")) | Q(due_at__lt=this_day))


def _above(post: Post) -> Post:
    return post.parent or duty_desk_for(post)
