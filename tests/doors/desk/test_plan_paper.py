"""The plan on paper as Ines fetches it, before and after somebody in the family is protected."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.law.days import add_years
from samsyn.people.actions import end_custody, set_protection
from samsyn.people.models import Guardianship, Person
from samsyn.plans import tasks
from samsyn.plans.models import Plan, PlanPaper
from samsyn.plans.paper import print_plan
from samsyn.plans.paper.facts import Facts
from samsyn.plans.tasks import forget_papers, make_paper, still_true
from samsyn.protection.insight_actions import let_work
from samsyn.sharing.actions import guardians_today
from samsyn.site.tick import tick
from samsyn.trail.models import TrailEntry
from tests import questions
from tests.doors.scenes import filled
from tests.village import Village


def asked(village: Village, plan: Plan) -> PlanPaper:
    """Ines asks for the paper, and the worker makes what waits to be made."""
    answer = village.client("ines").post(reverse("desk:plan_paper", args=[plan.ref]), filled({"language": "sv"}))
    assert answer.status_code == 302
    paper = PlanPaper.objects.filter(plan=plan).latest("pk")
    make_paper.func(str(paper.ref))
    return paper


def fetched(client: Client, paper: PlanPaper) -> Any:
    """The answer to fetching it."""
    return client.get(reverse("desk:paper", args=[paper.ref]))


def hide(village: Village, person: Person) -> None:
    """Somebody is protected; Ines goes on knowing."""
    hidden = set_protection(SYSTEM, person, "protected", ground="SN 7/2026")
    let_work(hidden, [village.post("early").pk], "protection")


@pytest.mark.parametrize("who", ["child", "guardian"])
def test_a_paper_names_nobody_who_is_protected_though_who_asks_for_it_reads_the_name_on_the_page(
    lived: Village, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    plan, ines = lived.plan("active"), lived.client("ines")
    person = plan.child if who == "child" else Guardianship.objects.filter(child=plan.child)[0].guardian
    name = person.name
    hide(lived, person)
    assert (name in ines.get(reverse("desk:plan", args=[plan.ref])).content.decode()) == (who == "child")
    printed: list[str] = []

    def print_it(facts: Facts, made_at: int) -> tuple[bytes, list[str]]:
        printed.append(json.dumps(facts, ensure_ascii=False))
        return print_plan(facts, made_at)

    monkeypatch.setattr(tasks, "print_plan", print_it)
    assert fetched(ines, asked(lived, plan)).status_code == 200
    assert name not in printed[0]


@pytest.mark.parametrize("who", ["child", "guardian"])
def test_a_paper_from_before_somebody_was_protected_is_not_fetched_nor_given_anew(lived: Village, who: str) -> None:
    plan, ines = lived.plan("active"), lived.client("ines")
    before = asked(lived, plan)
    assert fetched(ines, before).status_code == 200
    hide(lived, plan.child if who == "child" else Guardianship.objects.filter(child=plan.child)[0].guardian)
    page = ines.get(reverse("desk:plan", args=[plan.ref]))
    assert page.status_code == 200
    assert fetched(ines, before).status_code == 404
    assert str(before.ref) not in page.content.decode()
    after = asked(lived, plan)
    assert after.pk != before.pk
    assert fetched(ines, after).status_code == 200
    assert str(after.ref) in ines.get(reverse("desk:plan", args=[plan.ref])).content.decode()


def still_served(paper: PlanPaper) -> bool:
    """Would it be fetched, were it there."""
    paper.refresh_from_db()
    return bool(still_true([paper], Person.objects.get(pk=paper.child_id)))


def test_the_tick_removes_a_paper_from_before_somebody_was_protected_and_what_stands_on_it(lived: Village) -> None:
    plan = lived.plan("active")
    before = asked(lived, plan)
    assert tick()["papers_gone"] == 0
    hide(lived, plan.child)
    after = asked(lived, plan)
    waiting = PlanPaper.objects.create(
        **{name: getattr(before, name) for name in ("plan", "child", "authority", "language", "asked_by", "asked_at")},
        plan_version=1,
    )
    failed = PlanPaper.objects.create(
        **{name: getattr(before, name) for name in ("plan", "child", "authority", "language", "asked_by", "asked_at")},
        plan_version=1,
        failed_at=clock.now(),
    )
    assert tick()["papers_gone"] == 1
    assert tick()["papers_gone"] == 0
    left = PlanPaper.objects.filter(plan=plan).exclude(pk__in=[after.pk, waiting.pk, failed.pk])
    assert not left.exists(), "what tells where the child goes is kept by nobody"
    assert fetched(lived.client("ines"), after).status_code == 200
    assert TrailEntry.objects.filter(act="plan.paper_asked", subjects__ref=plan.ref).count() == 2


@pytest.mark.parametrize("who", ["guardian", "former guardian", "guardian of one who is grown", "nobody"])
def test_the_tick_removes_what_is_not_served_and_nothing_else(lived: Village, who: str) -> None:
    plan = lived.plan("active")
    paper = asked(lived, plan)
    custody = guardians_today(plan.child)[0]
    if who != "nobody":
        set_protection(SYSTEM, custody.guardian, "marked", ground="SN 7/2026")
    if who == "former guardian":
        end_custody(SYSTEM, custody, clock.today() - timedelta(days=1))
    if who == "guardian of one who is grown":
        Person.objects.filter(pk=plan.child_id).update(birth_date=add_years(clock.today(), -18))
    served = still_served(paper)
    assert served == (who != "guardian")
    assert tick()["papers_gone"] == int(not served)
    assert PlanPaper.objects.filter(pk=paper.pk).exists() == served


def test_papers_are_removed_in_one_question_however_many_there_are(lived: Village) -> None:
    plan = lived.plan("active")
    asked(lived, plan)
    assert questions.asked(forget_papers) == 1
    hide(lived, plan.child)
    assert questions.asked(forget_papers) == 1
