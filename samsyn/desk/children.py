"""Barnets sida: the child, the circle, now and next, the plan, what was seen, and what is shared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.common.lines import Line, lines_of, newest, newest_first
from samsyn.common.ports import Children
from samsyn.common.prepared import asked
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk.circle_picture import circle_of
from samsyn.desk.doors import StaffRequest, asked_or_404, page, staff
from samsyn.desk.duty_words import DUTY_WORDS, LEADS, link
from samsyn.desk.emergencies import open_until
from samsyn.desk.keeping import kinds_at
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.models import Request, RequestState, Sign, SignKind, Talk
from samsyn.people.models import Person
from samsyn.plans.models import Goal, Plan, PlanState, Review
from samsyn.sharing.actions.deciding import is_grown
from samsyn.sharing.models import Disclosure, Reason
from samsyn.sharing.predicate import explain

SHOWN = 80
OPEN_PLAN = (PlanState.DRAFT, PlanState.OFFERED, PlanState.ACTIVE, PlanState.IN_REVIEW)


def _child(viewer: Viewer, ref: UUID) -> QuerySet[Person]:
    return Person.objects.visible_to(viewer, Children.ALL).filter(ref=ref)


def _lines(viewer: Viewer, child_id: int) -> Any:
    def rows(model: Any, **also: Any) -> Any:
        return model.objects.visible_to(viewer).filter(child_id=child_id, **also)

    signs, open_duties = rows(Sign, sent_at__isnull=False), rows(Duty, state=DutyState.OPEN)
    return newest(
        (
            lines_of(signs, "sign", at="sent_at", state="kind", words="saw", extra="child_words"),
            lines_of(rows(Talk), "talk", at="at", words="family_words", extra="child_words"),
            lines_of(rows(Request), "request", at="sent_at", state="state", words="wanted", extra="to_unit__name"),
            lines_of(rows(Review), "review", at="at", words="what_changed", extra="child_words"),
            lines_of(
                rows(Disclosure, ended_at=None),
                "disclosure",
                at="since",
                state="gate",
                words="purpose",
                extra="receiver__name",
                until=F("expires_on"),
            ),
            lines_of(
                open_duties, "duty", at="started_at", state="what", words="object_ref", extra="rule", until="due_at"
            ),
        ),
        SHOWN,
    )


def _goals(viewer: Viewer, child_id: int) -> QuerySet[Goal]:
    return (
        Goal.objects.visible_to(viewer)
        .filter(child_id=child_id, plan__state__in=OPEN_PLAN)
        .select_related("plan", "common_goal", "need")
        .prefetch_related("actions")
        .order_by("plan", "need__position", "id")
    )


def _by_plan(goals: Iterable[Goal]) -> list[tuple[Plan, list[Goal]]]:
    """Each plan that the viewer reads, with its goals: two, when two authorities have a team around the child."""
    held: dict[Plan, list[Goal]] = {}
    for goal in goals:
        held.setdefault(goal.plan, []).append(goal)
    return list(held.items())


@require_http_methods(["GET", "HEAD"])
@staff
def child(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One child's page. Everything on it passes the one predicate; a line says why the page may be seen."""
    viewer, today = request.viewer, clock.today()
    person = asked_or_404(_child, viewer, ref)
    why = explain(viewer, person)
    if why is not None:
        ground(why.ground)
    lines = newest_first(asked(_lines, viewer, person.pk))
    duties = sorted((line for line in lines if line.kind == "duty"), key=lambda line: line.until or line.at)
    signs = [line for line in lines if line.kind == "sign"]
    circle = circle_of(viewer, person)
    facts: dict[str, Any] = {
        "child": person,
        "age": person.age_on(today),
        "why": why,
        "emergency": open_until(viewer, person) if why is not None and why.ground == Reason.EMERGENCY else None,
        "now": clock.now(),
        "duties": [_duty(line) for line in duties],
        "done": _done(lines),
        "waiting": [line for line in lines if line.kind == "request" and line.state in _WAITING],
        "voice": next((line for line in lines if line.kind in _SPOKEN and line.extra), None),
        "strengths": [line for line in signs if line.state in {SignKind.STRENGTH, SignKind.BOTH}],
        "worries": [line for line in signs if line.state == SignKind.WORRY],
        "plans": _by_plan(asked(_goals, viewer, person.pk)),
        "chronicle": [line for line in lines if line.kind in _TOLD],
        "shared": _longest([line for line in lines if line.kind == "disclosure"]),
        "circle": circle,
        "named_person": circle.named_word,
        "custody_missing": bool(why and why.follows and not circle.guardians and not is_grown(person, today)),
        "in_team": why is not None and why.ground == Reason.TEAM,
        "kept": bool(why and why.follows and kinds_at(viewer.sphere)),
    }
    return page(request, "desk/children/child.html", facts)


_WAITING = frozenset({RequestState.SENT, RequestState.COUNTERED, RequestState.AGREED})
_SPOKEN = frozenset({"sign", "talk", "review"})
_TOLD = frozenset({"sign", "talk", "request", "review"})


def _duty(line: Line) -> dict[str, Any]:
    lead = LEADS[line.state]
    return {
        "what": DUTY_WORDS[line.state],
        "verb": lead.verb,
        "href": link(line.state, UUID(line.words)),
        "due_at": line.until,
        "rule": line.extra,
    }


def _longest(disclosures: list[Line]) -> list[Line]:
    """One line a receiving unit: the one that holds longest. The ledger has every row."""
    held: dict[str, Line] = {}
    for line in sorted(disclosures, key=lambda one: one.until or one.at):
        held[line.extra] = line
    return list(held.values())


def _done(lines: list[Line]) -> list[Line]:
    """The last steps that are behind, oldest first."""
    return [line for line in lines if line.kind in _TOLD][:3][::-1]


@require_http_methods(["GET", "HEAD"])
@staff
def children(request: StaffRequest) -> HttpResponse:
    """The children whom this post has a reason of its own around."""
    people = Person.objects.visible_to(request.viewer, Children.BEYOND_FINDING)
    people = people.order_by("called", "given_name", "pk")
    found = list(people[: SHOWN + 1])
    return page(request, "desk/children/children.html", {"children": found[:SHOWN], "more": len(found) > SHOWN})
