"""The team around a child: its page, and what is done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, NamedPerson, Team, TeamState
from samsyn.circle.team_actions import (
    add_member,
    holds_together,
    remove_member,
    rest_team_on,
    start_team,
)
from samsyn.circle.teams import KIND
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.circle_choices import consents_about, posts_of
from samsyn.desk.circle_forms import BeginForm, PostForm, RestForm, post_choices
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.links import given_ref
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import partner_units
from samsyn.plans.actions import end_team
from samsyn.plans.agreement import open_to_team
from samsyn.plans.models import OPEN_STATES, Plan
from samsyn.sharing.actions import consent_stands
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain, units_reading
from samsyn.trail.pressing import KeyedForm


def team_of(request: StaffRequest, ref: UUID) -> Team:
    """The team, if the viewer may see it, or 404."""
    rows = Team.objects.visible_to(request.viewer).select_related("child", "authority", "consent__child", "proposed_by")
    found: Team = get_object_or_404(rows, ref=ref)
    return found


@require_http_methods(["GET", "HEAD"])
@staff
def team(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The team's page: who is in it, who holds it together, what it rests on, and the next step."""
    return _show(request, team_of(request, ref), {})


def _show(request: StaffRequest, found: Team, bound: dict[str, KeyedForm]) -> HttpResponse:
    viewer, child = request.viewer, found.child
    why = explain(viewer, child)
    if why is not None:
        ground(why.ground)
    members = list(
        Membership.objects.visible_to(viewer)
        .filter(team=found, until=None)
        .select_related("post__unit__authority", "unit", "child")
        .order_by("-is_lead", "since", "pk")
    )
    named = NamedPerson.objects.visible_to(viewer).filter(child=child, until=None).first()
    mine = holds_together(viewer, found) and found.state != TeamState.CLOSED
    leads = any(row.is_lead and row.post_id == viewer.post for row in members)
    consents = consents_about(request, child, found.authority_id) if mine else []
    plans = Plan.objects.visible_to(viewer).filter(team=found).select_related("child")
    handovers = Handover.objects.visible_to(viewer).filter(
        child=child, authority=found.authority_id, kind=HandoverKind.LEAD, state=HandoverState.PROPOSED
    )
    beside = Team.objects.visible_to(viewer).filter(child=child, state=TeamState.ACTIVE).exclude(pk=found.pk)
    facts = {
        "team": found,
        "child": child,
        "why": why,
        "members": members,
        "who": attendance([row.post for row in members], clock.now()),
        "silent": _who_reads_nothing(found, members) if mine else set(),
        "named_post": named.post_id if named else None,
        "mine": mine,
        "leads": leads,
        "outside": any(row.unit.authority_id != found.authority_id for row in members),
        "stands": consent_stands(found.consent) if found.consent else None,
        "sees_consent": found.consent is not None
        and Consent.objects.visible_to(viewer).filter(pk=found.consent.pk).exists(),
        "plan": plans.order_by("-started_at", "-pk").first(),
        "beside": beside.select_related("child").order_by("pk").first(),
        "offered": handovers.select_related("to_post__unit", "child").first(),
        "begin": bound.get("start") or BeginForm(initial={"child_view": found.child_view}),
        "rest": bound.get("rest") or RestForm(consents=[one for one in consents if one.pk != found.consent_id]),
        "other_consents": [one for one in consents if one.pk != found.consent_id],
        "key_form": KeyedForm(),
        **(_newcomers(request, members) if mine else {}),
    }
    return page(request, "desk/circle/team.html", facts, next(iter(bound.values()), None))


def _who_reads_nothing(found: Team, members: list[Membership]) -> set[int]:
    """Row ids of the memberships in other authorities to whose unit a team at work is not open now."""
    outside = [row for row in members if row.unit.authority_id != found.authority_id]
    if found.state != TeamState.ACTIVE or not outside:
        return set()
    reading = units_reading(KIND, found.ref)
    return {row.pk for row in outside if row.unit_id not in reading}


def _newcomers(request: StaffRequest, members: list[Membership]) -> dict[str, Any]:
    """The units to look in for somebody to take in, and the posts of the one that was chosen."""
    units = list(partner_units(request.viewer))
    wanted = given_ref(request, "unit")
    unit = next((one for one in units if one.ref == wanted), None)
    inside = {row.post_id for row in members}
    posts = [post for post in posts_of(request, [unit]) if post.pk not in inside] if unit else []
    return {"units": units, "unit": unit, "newcomers": post_choices(posts)}


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Take one step with a team."""
    found = team_of(request, ref)
    made = _form_for(request, found, verb)
    if made is None:
        raise Http404
    form, do = made
    if form.is_valid() and press(request, form, do):
        return redirect("desk:team", found.ref)
    return _show(request, team_of(request, ref), {verb: form})


Doing = tuple[KeyedForm, Callable[[], UUID]]


def _form_for(request: StaffRequest, found: Team, verb: str) -> Doing | None:
    """The form that a step needs, and what it does when it is filled in."""
    viewer, sent = request.viewer, request.POST
    if verb == "start":
        begin = BeginForm(sent)
        return (
            begin,
            lambda: (
                start_team(
                    viewer,
                    found,
                    child_view=begin.cleaned_data["child_view"],
                    lead_wish=begin.cleaned_data["lead_wish"],
                ).ref
            ),
        )
    if verb in ("add", "remove"):
        one = PostForm(sent)
        return one, lambda: _changed(request, found, verb, one.cleaned_data["post"])
    if verb == "rest":
        rest = RestForm(sent, consents=consents_about(request, found.child, found.authority_id))
        return rest, lambda: _rested(request, found, rest.consents[rest.cleaned_data["consent"]])
    if verb == "close":
        return KeyedForm(sent), lambda: _closed(request, found)
    return None


def _changed(request: StaffRequest, found: Team, verb: str, ref: UUID) -> UUID:
    post = get_object_or_404(Post.objects.visible_to(request.viewer).select_related("unit__authority"), ref=ref)
    if verb == "remove":
        return remove_member(request.viewer, found, post).ref
    if not partner_units(request.viewer).filter(pk=post.unit_id).exists():
        raise Http404
    add_member(request.viewer, found, post)
    _open_plan(request, found)
    return found.ref


def _rested(request: StaffRequest, found: Team, consent: Consent) -> UUID:
    rest_team_on(request.viewer, found, consent)
    _open_plan(request, found)
    return found.ref


def _open_plan(request: StaffRequest, found: Team) -> None:
    """Let the units of a team at work read its plan too, when there is one."""
    if found.state != TeamState.ACTIVE:
        return
    plans = Plan.objects.visible_to(request.viewer).filter(team=found, state__in=OPEN_STATES)
    plan = plans.select_related("child", "authority", "team__consent__child").first()
    if plan is not None:
        open_to_team(request.viewer, plan)


def _closed(request: StaffRequest, found: Team) -> UUID:
    end_team(request.viewer, found)
    return found.ref
