"""The village has lived: whatever state the models know, somebody in Lillköping is in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import models
from django.db.models import F

from samsyn.circle.models import Handover, HandoverKind, HandoverState, Team, TeamState
from samsyn.common import clock
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.early_signals.models import Outcome, Request, RequestState, Sign, SignDecision, SignKind, SignState
from samsyn.organisations.models import Absence, Cover, Holding, Unit
from samsyn.people.models import Account, Person
from samsyn.plans.models import Action, ActionState, Plan, PlanState
from samsyn.reviews.models import Found, LogReview, ReviewKind, Verdict
from samsyn.sharing.models import ConsentAnswer, ConsentStep
from tests.village import Village

STATES: tuple[tuple[type[models.Model], str, type[models.TextChoices]], ...] = (
    (Sign, "state", SignState),
    (Sign, "decision", SignDecision),
    (Request, "state", RequestState),
    (Request, "outcome", Outcome),
    (Plan, "state", PlanState),
    (Action, "state", ActionState),
    (Team, "state", TeamState),
    (Handover, "state", HandoverState),
    (Handover, "kind", HandoverKind),
    (ConsentAnswer, "step", ConsentStep),
    (LogReview, "kind", ReviewKind),
    (Verdict, "found", Found),
    (Duty, "state", DutyState),
    (Duty, "hangs_on", HangsOn),
)


def told() -> Iterator[tuple[type[models.Model], str, str]]:
    """Every state that a model of the main job can be in, from the models themselves."""
    for model, field, choices in STATES:
        for value in choices.values:
            yield model, field, value


@pytest.mark.parametrize(("model", "field", "value"), list(told()), ids=lambda one: getattr(one, "__name__", str(one)))
def test_every_state_is_lived_in(lived: Village, model: type[models.Model], field: str, value: str) -> None:
    assert model._default_manager.filter(**{field: value}).exists()


def test_a_strength_and_a_worry_are_both_noted(lived: Village) -> None:
    assert {SignKind.STRENGTH, SignKind.WORRY} <= set(Sign.objects.values_list("kind", flat=True))


def test_the_village_is_as_large_as_it_is_said_to_be(lived: Village) -> None:
    children = Person.objects.filter(pk__in=Sign.objects.values("child")).count()
    today = clock.today()
    at_work = Holding.objects.filter(since__lte=today, until=None).values("person").distinct().count()
    assert Unit.objects.count() >= 12
    assert at_work >= 39  # and Ulla, who operates and holds no post
    assert Account.objects.filter(is_operator=True).exists()
    assert children >= 60
    assert Person.objects.filter(birth_date__gt=today - timedelta(days=18 * 366)).count() >= 120


def test_a_year_and_a_half_has_been_lived_and_no_season_passed_without_a_sign(lived: Village) -> None:
    now, sent = clock.now(), Sign.objects.exclude(sent_at=None)
    days = sorted((now - one.sent_at).days for one in sent if one.sent_at is not None)
    assert days[-1] >= 450
    assert max(later - earlier for earlier, later in pairwise(days)) <= 60


def test_people_have_come_gone_and_been_stood_in_for(lived: Village) -> None:
    today = clock.today()
    assert Holding.objects.filter(until__lt=today).exists()
    assert Account.objects.filter(is_active=False).exists()
    for model in (Absence, Cover):
        assert model.objects.filter(until__lt=today).exists()
        assert model.objects.filter(since__lte=today, until__gte=today).exists()
    assert Cover.objects.filter(until__lt=today, since__lt=F("until")).exists()


def test_looks_of_several_kinds_wait_for_a_second_pair_of_eyes(lived: Village) -> None:
    waits = {
        reviewer: [one.why for one in LogReview.objects.filter(verdict=None, reviewer=lived.post(reviewer))]
        for reviewer in ("rektor", "inquiries")
    }
    assert {word for why in waits["rektor"] for word in why} >= {"own_child", "colleagues_child", "night"}
    assert waits["inquiries"] == [["emergency"]]
