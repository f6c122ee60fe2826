"""A duty has one accountable post and a lawful time; late, it is copied upwards once, and nothing moves."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoDbBlocker

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.ids import new_reference
from samsyn.common.viewer import SYSTEM
from samsyn.duties import actions as duties
from samsyn.duties.actions import end_duties, escalate_overdue, move_duties, open_duty
from samsyn.duties.models import Duty, DutyState, Escalation, HangsOn
from samsyn.organisations.actions_presence import set_absence
from samsyn.organisations.models import LocalClock, Partnership, Post
from samsyn.organisations.presence import accountable_many
from samsyn.site.tick import tick
from tests import worlds
from tests.village import Village

MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=clock.STOCKHOLM)
ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)


def opened(village: Village, post: str, rule: str = "answer_handover", **changes: Any) -> Duty:
    """Something for a post to do about Vera, from Monday on."""
    about: dict[str, Any] = {
        "child": village.child("Vera"),
        "room": "handover",
        "object_ref": new_reference(),
        "start": MONDAY,
    }
    return open_duty(village.post(post), changes.pop("what", "answer_handover"), rule=rule, **{**about, **changes})


def caught_up(at: datetime) -> None:
    """Let everything in the village that is late already have been copied upwards."""
    with clock.at(at):
        escalate_overdue()


# --- the time --------------------------------------------------------------------------------------------------------


def test_the_time_is_counted_by_the_row_of_law_from_its_start(lived: Village) -> None:
    duty = opened(lived, "assistant_rektor")
    assert duty.due_at == law.deadline("answer_handover", MONDAY).due_at
    assert duty.due_at.astimezone(clock.STOCKHOLM) == datetime(2026, 11, 30, 23, 59, 59, tzinfo=clock.STOCKHOLM)
    assert (duty.rule, duty.started_at, duty.state) == ("answer_handover", MONDAY, DutyState.OPEN)


def test_the_partnership_may_make_it_shorter(lived: Village) -> None:
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="answer_handover", value=2)
    assert clock.STOCKHOLM.fromutc(opened(lived, "rektor").due_at.astimezone(clock.STOCKHOLM)).day in {25, 26}
    assert opened(lived, "rektor").due_at < law.deadline("answer_handover", MONDAY).due_at
    assert opened(lived, "elsewhere").due_at == law.deadline("answer_handover", MONDAY).due_at


def test_an_agreed_day_lasts_until_its_last_second(lived: Village) -> None:
    duty = opened(lived, "rektor", "agreed_in_plan", due_on=MONDAY.date())
    assert duty.due_at == datetime(2026, 11, 23, 23, 59, 59, tzinfo=clock.STOCKHOLM)


def test_what_is_due_at_once_is_due_when_it_begins_weekend_or_not(lived: Village) -> None:
    sunday = MONDAY - ONE_DAY
    duty = opened(lived, "rektor", "report_of_concern", start=sunday)
    assert duty.due_at == sunday


def test_the_worklist_is_in_the_order_of_time(lived: Village) -> None:
    for days in (9, -3, 4, 30, 0, 12, 5):
        opened(lived, "gymnasium_rektor", "agreed_in_plan", what="finish_plan", due_on=clock.today() + days * ONE_DAY)
    opened(lived, "gymnasium_rektor", "report_of_concern", what="finish_plan", start=clock.now())
    page = lived.client("hedda").get("/").content.decode()
    shown = [UUID(one) for one in re.findall(r'href="/plans/([0-9a-f-]{36})/"', page)]
    plans = Duty.objects.filter(post=lived.post("gymnasium_rektor"), state=DutyState.OPEN, what="finish_plan")
    in_order = plans.order_by("due_at", "pk")
    assert len(shown) == 8
    assert shown == list(in_order.values_list("object_ref", flat=True))


# --- exactly one -----------------------------------------------------------------------------------------------------


def test_everything_that_is_open_in_the_village_is_answered_by_one_present_person(lived: Village) -> None:
    set_absence(SYSTEM, lived.account("bo").person, clock.today(), until=clock.today() + ONE_DAY)
    posts = set(Duty.objects.filter(state=DutyState.OPEN).values_list("post_id", flat=True))
    answering = accountable_many(posts, clock.now())
    assert set(answering) == posts
    assert len(posts) > 3
    assert lived.account("bo").person_id not in {one.person.pk for one in answering.values()}


def test_the_same_thing_is_open_once(lived: Village) -> None:
    thing = new_reference()
    opened(lived, "rektor", object_ref=thing)
    with pytest.raises(IntegrityError), transaction.atomic():
        opened(lived, "assistant_rektor", object_ref=thing)
    opened(lived, "rektor", object_ref=thing, what="meet_family")
    end_duties(thing, "answer_handover")
    opened(lived, "assistant_rektor", object_ref=thing)


def test_two_at_once_open_it_once(settled: Village, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database) as world:
        thing = new_reference()
        outcomes = world.at_once(*[lambda: opened(settled, "rektor", object_ref=thing)] * 4)
        assert sorted(type(one).__name__ for one in outcomes) == [
            "Duty",
            "IntegrityError",
            "IntegrityError",
            "IntegrityError",
        ]
        assert Duty.objects.filter(object_ref=thing).count() == 1


def test_a_duty_that_is_open_has_no_end_and_one_that_ended_has(lived: Village) -> None:
    duty = opened(lived, "rektor")
    for wrong in ({"ended_at": MONDAY}, {"state": DutyState.DONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.filter(pk=duty.pk).update(**wrong)


def test_only_what_is_named_ends_and_what_went_another_way_is_dropped(lived: Village) -> None:
    thing = new_reference()
    answer, meet = (
        opened(lived, "rektor", object_ref=thing),
        opened(lived, "rektor", object_ref=thing, what="meet_family"),
    )
    other = opened(lived, "rektor")
    with clock.at(MONDAY):
        end_duties(thing, "answer_handover")
        end_duties(thing, dropped=True)
    for duty, state in ((answer, DutyState.DONE), (meet, DutyState.DROPPED), (other, DutyState.OPEN)):
        duty.refresh_from_db()
        assert (duty.state, duty.ended_at) == (state, None if state == DutyState.OPEN else MONDAY)


# --- what follows a responsibility -----------------------------------------------------------------------------------


def test_what_hangs_on_a_responsibility_goes_with_it_and_the_rest_stays(lived: Village) -> None:
    moving = opened(lived, "rektor", hangs_on=HangsOn.NAMED_PERSON)
    leading = opened(lived, "rektor", hangs_on=HangsOn.LEAD)
    staying = opened(lived, "rektor")
    done = opened(lived, "rektor", hangs_on=HangsOn.NAMED_PERSON)
    about_another = opened(lived, "rektor", hangs_on=HangsOn.NAMED_PERSON, child=lived.child("Signe"))
    end_duties(done.object_ref)
    move_duties(lived.child("Vera"), HangsOn.NAMED_PERSON, lived.post("assistant_rektor"))
    now_at = {duty.pk: duty.post.source_id for duty in Duty.objects.select_related("post")}
    assert now_at[moving.pk] == "assistant_rektor"
    assert {now_at[one.pk] for one in (leading, staying, done, about_another)} == {"rektor"}


def test_what_a_post_has_to_do_hangs_on_it_until_it_is_done(lived: Village) -> None:
    post = lived.post("evaluator")
    assert ports.hangs_on_post(post.pk) == []
    duty = opened(lived, "evaluator")
    assert [(one.room, one.kind, one.ref) for one in ports.hangs_on_post(post.pk)] == [
        ("duties", "handover", duty.object_ref)
    ]
    end_duties(duty.object_ref)
    assert ports.hangs_on_post(post.pk) == []


# --- late ------------------------------------------------------------------------------------------------------------


def test_late_is_copied_upwards_once_and_nothing_moves(lived: Village) -> None:
    duty = opened(lived, "rektor")
    caught_up(duty.due_at)
    assert not Escalation.objects.filter(duty=duty).exists()
    caught_up(duty.due_at + ONE_SECOND)
    caught_up(duty.due_at + ONE_DAY)
    copy = Escalation.objects.get(duty=duty)
    assert (copy.to_post.source_id, copy.at) == ("school_head", duty.due_at + ONE_SECOND)
    moved = Duty.objects.get(pk=duty.pk)
    assert (moved.post.source_id, moved.state, moved.due_at) == ("rektor", DutyState.OPEN, duty.due_at)


def test_both_see_it_and_the_copy_says_what_it_is(lived: Village) -> None:
    duty = opened(lived, "assistant_rektor", "unstick_request", what="unstick", room="request", waiting="Ines")
    with clock.at(duty.due_at + ONE_DAY):
        escalate_overdue()
    assert str(duty.object_ref) in lived.client("hanna").get("/").content.decode()
    for who, sees in (("hanna", True), ("bo", True), ("maja", False), ("ines", False)):
        assert Duty.objects.visible_to(lived.acting(who)).filter(pk=duty.pk).exists() is sees


def test_without_a_post_above_the_duty_desk_gets_the_copy(lived: Village) -> None:
    duty = opened(lived, "school_nurse")
    assert duty.post.parent is None
    with clock.at(duty.due_at + ONE_SECOND):
        escalate_overdue()
    assert Escalation.objects.get(duty=duty).to_post.source_id == "desk"


def test_what_is_done_or_not_late_is_not_copied(lived: Village) -> None:
    done, later = opened(lived, "rektor"), opened(lived, "rektor", start=MONDAY + 30 * ONE_DAY)
    end_duties(done.object_ref)
    with clock.at(done.due_at + ONE_DAY):
        escalate_overdue()
    assert not Escalation.objects.filter(duty__in=[done, later]).exists()


def test_what_is_due_at_once_is_late_from_the_next_day_as_the_law_room_says(lived: Village) -> None:
    duty = opened(lived, "rektor", "report_of_concern")
    deadline = law.deadline("report_of_concern", MONDAY)
    tonight = clock.end_of(MONDAY.date())
    caught_up(MONDAY)
    for moment, copied in ((MONDAY + ONE_SECOND, 0), (tonight, 0), (tonight + ONE_SECOND, 1)):
        assert deadline.is_overdue(moment) == bool(copied)
        with clock.at(moment):
            escalate_overdue()
        assert Escalation.objects.filter(duty=duty).count() == copied, moment


def test_more_than_one_sweep_takes_is_copied_in_one_round(lived: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "SWEEP_BATCH", 3)
    late = [opened(lived, "rektor") for _ in range(8)]
    with clock.at(late[0].due_at + ONE_DAY):
        escalate_overdue()
        assert escalate_overdue() == 0
    assert Escalation.objects.filter(duty__in=late).count() == 8


def test_two_ticks_at_once_copy_once(settled: Village, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database) as world:
        late = [opened(settled, "rektor", start=clock.now() - 60 * ONE_DAY) for _ in range(20)]
        before: dict[int, int] = dict(Duty.objects.values_list("pk", "post_id"))
        outcomes = world.at_once(*[tick] * 4)
        assert [one for one in outcomes if not isinstance(one, dict)] == []
        assert Escalation.objects.filter(duty__in=late).count() == len(late)
        assert Escalation.objects.count() == Escalation.objects.values("duty").distinct().count()
        assert dict(Duty.objects.values_list("pk", "post_id")) == before


def test_a_copy_goes_to_a_post_and_posts_stay_what_they_were(lived: Village) -> None:
    posts = list(Post.objects.order_by("pk").values())
    with clock.at(clock.now() + 400 * ONE_DAY):
        assert escalate_overdue() > 10
    assert list(Post.objects.order_by("pk").values()) == posts
