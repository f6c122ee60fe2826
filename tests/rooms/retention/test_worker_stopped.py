"""The worker loses the store, or is stopped in the middle: what Amal and Ines asked for is made, or said not to be."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from samsyn.common import clock
from samsyn.notices.models import Notice
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account
from samsyn.plans.models import PlanPaper
from samsyn.retention import tasks
from samsyn.retention.models import RegisterExtract
from samsyn.retention.tasks import order_extract
from samsyn.site import worker
from samsyn.site.tick import tick
from tests import worlds
from tests.doors.scenes import filled
from tests.doors.test_portal import talked_through
from tests.queue import waiting, work_off
from tests.rooms.plans.world import around_signe
from tests.village import Village


@pytest.fixture
def signals() -> Iterator[None]:
    """The worker listens to these; the test's own process goes on as before."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_the_worker_goes_on_when_the_store_was_away_for_a_moment(
    committed_world: worlds.CommittedWorld, monkeypatch: pytest.MonkeyPatch, signals: None
) -> None:
    world = around_signe()
    world.consent()  # so that somebody has talked with Amal
    account = Account.objects.create(person=world.amal, sign_in_name="amal")
    amal = replace(viewer_for(account, None, clock.now()), vouched_for="family")
    order_extract(amal, world.signe, "sv")
    asked: list[bool] = []
    own = DBTaskResultQuerySet.get_locked

    def away_at_first(rows: Any) -> Any:
        asked.append(True)
        if len(asked) == 1:
            raise OperationalError("terminating connection due to administrator command")
        return own(rows)

    monkeypatch.setattr(DBTaskResultQuerySet, "get_locked", away_at_first)
    monkeypatch.setattr(worker, "AWAY", 0)
    worker.work_on("--max-tasks", "1")
    assert RegisterExtract.objects.get().made_at is not None
    assert not connection.in_atomic_block


def killed_in_the_middle() -> None:
    """A worker has begun what waits, an hour ago, and the machine has killed it."""
    for one in waiting():
        one.claim("a worker that is no more")
    DBTaskResult.objects.running().update(started_at=timezone.now() - timedelta(hours=1))


def test_an_extract_whose_worker_was_killed_is_said_to_have_failed_and_can_be_ordered_again(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    amal.cookies["django_language"] = "en"
    talked_through(lived, signe)
    page, order = (reverse(f"portal:{name}", args=[signe.ref]) for name in ("extract", "order_extract"))
    amal.post(order, filled({"language": "sv"}))
    killed_in_the_middle()
    assert "It is being made" in amal.get(page).content.decode()
    assert tick()["stopped"] == 1
    assert tick()["stopped"] == 0
    assert "It could not be made this time" in amal.get(page).content.decode()
    amal.post(order, filled({"language": "sv"}))
    work_off()
    assert "It is ready" in amal.get(page).content.decode()


def test_a_plans_paper_whose_worker_was_killed_is_said_to_have_failed_and_ines_is_told(lived: Village) -> None:
    plan, ines = lived.plan("active"), lived.client("ines")
    ines.post(reverse("desk:plan_paper", args=[plan.ref]), filled({"language": "sv"}))
    killed_in_the_middle()
    assert tick()["stopped"] == 1
    paper = PlanPaper.objects.filter(plan=plan).latest("pk")
    assert paper.failed_at is not None
    assert Notice.objects.filter(text_key="plan_paper_failed", object_ref=plan.ref).count() == 1


def test_what_another_version_had_queued_keeps_nobody_from_being_told(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    talked_through(lived, signe)
    amal.post(reverse("portal:order_extract", args=[signe.ref]), filled({"language": "sv"}))
    for args in ([], ["no reference"], [{"ref": 1}]):
        (mine,) = [one for one in waiting() if one.args_kwargs["args"] not in ([], ["no reference"], [{"ref": 1}])]
        mine.pk, mine.args_kwargs = uuid4(), {"args": args, "kwargs": {}}
        mine._state.adding = True
        mine.save()
    killed_in_the_middle()
    assert tick()["stopped"] == 4
    assert RegisterExtract.objects.get().failed_at is not None
    assert not DBTaskResult.objects.running().exists()


def test_when_the_store_fails_too_nothing_that_stood_in_the_way_is_kept_in_the_queue(
    lived: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: Any) -> None:
        raise ValueError("Signe Lind")

    def away(*_args: Any) -> None:
        raise OperationalError("the connection is lost")

    signe = lived.child("Signe")
    talked_through(lived, signe)
    lived.client("amal").post(reverse("portal:order_extract", args=[signe.ref]), filled({"language": "sv"}))
    monkeypatch.setattr(tasks, "typeset", breaks)
    monkeypatch.setattr(tasks, "extract_failed", away)
    (row,) = work_off()
    assert "the connection is lost" in row.traceback
    assert "Signe" not in row.traceback


def test_what_a_worker_has_just_begun_or_nobody_has_is_left_alone(lived: Village) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    lived.client("amal").post(reverse("portal:order_extract", args=[signe.ref]), filled({"language": "sv"}))
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(hours=3))
    assert tick()["stopped"] == 0
    waiting()[0].claim("a worker that is at it")
    assert tick()["stopped"] == 0
    assert RegisterExtract.objects.get().failed_at is None
