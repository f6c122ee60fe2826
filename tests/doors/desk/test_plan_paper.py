"""The plan on paper as Ines fetches it, before and after somebody in the family is protected."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, Person
from samsyn.plans.models import Plan, PlanPaper
from samsyn.plans.tasks import make_paper
from samsyn.protection.insight_actions import let_work
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
