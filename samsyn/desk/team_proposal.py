"""Proposing a team around a child: who is likely to be in it, and what it rests on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from samsyn.circle.actions import named_post_for
from samsyn.circle.models import NamedPerson, Team, TeamState
from samsyn.circle.team_actions import (
    propose_team,
)
from samsyn.common import clock
from samsyn.desk.circle_choices import consents_about, in_order
from samsyn.desk.circle_forms import TeamForm
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.links import read_ref
from samsyn.early_signals.models import Request, RequestState
from samsyn.organisations.attendance import attendance
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.models import Consent


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Propose a team around a child."""
    child, own = child_of(request, ref), request.viewer.authority
    teams = Team.objects.visible_to(request.viewer).exclude(state=TeamState.CLOSED).filter(child=child)
    own_first = sorted(teams.select_related("child").order_by("pk"), key=lambda team: team.authority_id != own)
    seen = next(iter(own_first), None)
    if seen is not None:
        return redirect("desk:team", seen.ref)
    rows = NamedPerson.objects.visible_to(request.viewer).filter(child=child, until=None)
    named = rows.select_related("child").first()
    facts: dict[str, Any] = {"child": child}
    if named is None or named.post_id != request.viewer.post:
        post = named_post_for(child)
        facts["who"] = attendance([post], clock.now()).present_name(post) if post else ""
        return page(request, "desk/circle/not_yours.html", facts)
    form = _team_form(request, child, named)
    if request.method == "POST" and "show" not in request.POST and form.is_valid():
        done = press(request, form, lambda: _proposed(request, child, form))
        if done:
            return redirect("desk:team", done)
    return page(request, "desk/circle/new.html", facts, form)


def _team_form(request: StaffRequest, child: Person, named: NamedPerson) -> TeamForm:
    sent = request.POST if request.method == "POST" else None
    units = list(partner_units(request.viewer))
    chosen = sent.getlist("units") if sent is not None else _likely(request, child)
    ticked = sent.getlist("members") if sent is not None else []
    looked_in = [unit for unit in units if str(unit.ref) in chosen]
    # Who has been ticked stays on the page, also when other units are looked through.
    kept_posts = Q(unit__in=units, ref__in=[ref for ref in map(read_ref, ticked) if ref])
    rows = Post.objects.visible_to(request.viewer).filter(standing(clock.today()), Q(unit__in=looked_in) | kept_posts)
    posts = [post for post in in_order(rows) if post.pk != request.viewer.post]
    looking = sent is not None and "show" in sent
    kept = (
        {"purpose": sent.get("purpose"), "consent": sent.get("consent"), "members": ticked} if sent is not None else {}
    )
    return TeamForm(
        None if looking else sent,
        units=units,
        posts=posts,
        consents=consents_about(request, child, named.authority_id),
        initial={**kept, "units": chosen},
    )


def _likely(request: StaffRequest, child: Person) -> list[str]:
    """The own unit, and those that already help the child."""
    helping = Request.objects.visible_to(request.viewer).filter(child=child, state=RequestState.ACCEPTED)
    refs = [one.to_unit.ref for one in helping.select_related("to_unit", "child")]
    return [str(request.viewer.unit_ref), *map(str, refs)]


def _proposed(request: StaffRequest, child: Person, form: TeamForm) -> UUID:
    told = form.cleaned_data
    consents = Consent.objects.visible_to(request.viewer).filter(child=child)
    consent = get_object_or_404(consents, ref=told["consent"]) if told.get("consent") else None
    team = propose_team(request.viewer, child, purpose=told["purpose"], members=form.chosen(), consent=consent)
    return team.ref
