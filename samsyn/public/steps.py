"""How signs, requests, teams, hand-overs and plans go their way: the rooms' own tables, on one screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Choices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.models import HandoverState, TeamState
from samsyn.circle.rules import HANDOVER_STEPS, TEAM_STEPS
from samsyn.common import clock
from samsyn.early_signals.models import RequestState, SignState
from samsyn.early_signals.rules import REQUEST_STEPS, SIGN_STEPS
from samsyn.early_signals.words import DUTY_WORDS
from samsyn.law import NoSuchRule
from samsyn.law.words import paragraph
from samsyn.plans.models import PlanState
from samsyn.plans.rules import PLAN_STEPS


@dataclass(frozen=True)
class Line:
    """One line of a table: from where, to where, what somebody then has to do, and what it follows."""

    before: str
    after: str
    duty: str
    rule: str
    source: str


def _lines(steps: Iterable[Any], states: type[Choices]) -> list[Line]:
    words = {str(value): str(label) for value, label in states.choices}
    known = law.on(clock.today())
    found = []
    for step in steps:
        rule = getattr(step, "rule", "") or step.source
        try:
            source = paragraph(known.row(rule))
        except NoSuchRule:
            rule, source = "", _(step.source)
        duty = str(DUTY_WORDS.get(getattr(step, "duty", ""), ""))
        found.append(
            Line(words.get(step.state, _("not there yet")), words.get(step.to, _("thrown away")), duty, rule, source)
        )
    return found


@login_not_required
@require_http_methods(["GET", "HEAD"])
def steps(request: HttpRequest) -> HttpResponse:
    """The tables that the code itself goes by."""
    tables = [
        (_("An early sign"), _lines(SIGN_STEPS, SignState)),
        (_("A request for help"), _lines(REQUEST_STEPS, RequestState)),
        (_("A team around the child"), _lines(TEAM_STEPS, TeamState)),
        (_("A hand-over"), _lines(HANDOVER_STEPS, HandoverState)),
        (_("The plan"), _lines(PLAN_STEPS, PlanState)),
    ]
    return render(request, "public/steps.html", {"tables": tables})
