"""A day is told with its year where it may be another than this one: a worry of two years ago is no worry of today."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from samsyn.circle.models import NamedPerson
from samsyn.early_signals.models import Sign
from samsyn.plans.models import Action
from tests.village import Village


def test_bo_reads_in_which_year_maja_saw_it(lived: Village) -> None:
    sign = lived.sign("received")
    Sign.objects.filter(pk=sign.pk).update(observed_on=date(2024, 2, 3))
    assert "3 februari 2024" in lived.client("bo").get(reverse("desk:sign", args=[sign.ref])).content.decode()


def test_bo_reads_in_which_year_a_promise_is_due(lived: Village) -> None:
    mine = lived.plan("active", child__in=NamedPerson.objects.filter(post=lived.post("rektor")).values("child"))
    Action.objects.filter(goal__need__plan=mine).update(due_on=date(2028, 2, 3))
    page = lived.client("bo").get(reverse("desk:child", args=[mine.child.ref])).content.decode()
    assert "3 februari 2028" in page
