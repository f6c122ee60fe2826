"""Offering somebody to take over: who can be asked, and what is written to the one who is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from samsyn.circle.actions import named_post_for
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, Team
from samsyn.common import clock
from samsyn.desk.circle_choices import consents_about, posts_of
from samsyn.desk.circle_forms import OfferForm
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.links import given_ref
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Post, PostRole, Unit
from samsyn.organisations.partnerships import deadline_for, partner_units
from samsyn.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Offer somebody to take over."""
    child = child_of(request, ref)
    kind = HandoverKind.LEAD if request.GET.get("kind") == HandoverKind.LEAD else HandoverKind.NAMED_PERSON
    lead = _lead(request, child) if kind == HandoverKind.LEAD else None
    holder = named_post_for(child) if kind == HandoverKind.NAMED_PERSON else lead.post if lead else None
    waiting = Handover.objects.visible_to(request.viewer).filter(
        child=child, kind=kind, state=HandoverState.PROPOSED, from_post_id=request.viewer.post
    )
    if lead is not None:
        waiting = waiting.filter(authority=lead.authority_id)
    facts: dict[str, Any] = {"child": child, "kind": kind, "holder": holder, "waiting": waiting.first()}
    if holder is None or holder.pk != request.viewer.post:
        facts["who"] = attendance([holder], clock.now()).present_name(holder) if holder else ""
        return page(request, "desk/circle/handover_new.html", facts)
    form = _offer_form(request, child, holder, lead)
    if request.method == "POST" and form.is_valid():
        done = press(request, form, lambda: _offered(request, child, kind, form, lead))
        if done:
            return redirect("desk:handover", done)
    facts["answer_by"] = deadline_for(holder.unit.authority_id, "answer_handover", clock.now()).latest_day
    return page(request, "desk/circle/handover_new.html", facts, form)


def _lead(request: StaffRequest, child: Person) -> Membership | None:
    """Who leads, as far as the viewer may know it: the team in the address, else the own authority's before another."""
    viewer, wanted = request.viewer, given_ref(request, "team")
    leads = Membership.objects.visible_to(viewer).filter(child=child, is_lead=True, until=None)
    if wanted is not None:
        leads = leads.filter(team__ref=wanted)
    found = leads.select_related("post__unit", "child", "team").order_by("pk")
    return min(found, key=lambda row: (row.post_id != viewer.post, row.authority_id != viewer.authority), default=None)


def _offer_form(request: StaffRequest, child: Person, holder: Post, lead: Membership | None) -> OfferForm:
    crosses = lead is None
    posts = _named_person_posts(request) if lead is None else _members(request, lead.team)
    return OfferForm(
        request.POST if request.method == "POST" else None,
        posts=[post for post in posts if post.pk != holder.pk],
        consents=consents_about(request, child, holder.unit.authority_id) if crosses else [],
        crosses=crosses,
    )


def _members(request: StaffRequest, team: Team) -> list[Post]:
    rows = Membership.objects.visible_to(request.viewer).filter(team=team, until=None)
    return [row.post for row in rows.select_related("post__unit", "child").order_by("pk")]


def _named_person_posts(request: StaffRequest) -> list[Post]:
    """Those at the own unit, and whoever is named person by office anywhere in the partnership."""
    own = Unit.objects.visible_to(request.viewer).filter(ref=request.viewer.unit_ref, closing_since=None)
    by_office = Post.objects.visible_to(request.viewer).filter(
        role=PostRole.NAMED_PERSON, unit__in=partner_units(request.viewer), ended_on=None
    )
    here = posts_of(request, list(own))
    known = {post.pk for post in here}
    others = by_office.select_related("unit__authority").order_by("unit__authority__name", "unit__name", "pk")
    return [*here, *(post for post in others if post.pk not in known)]


def _offered(
    request: StaffRequest, child: Person, kind: HandoverKind, form: OfferForm, lead: Membership | None
) -> UUID:
    told = form.cleaned_data
    return propose_handover(
        request.viewer,
        child,
        kind,
        told["to_post"],
        note=told["note"],
        family_wish=told["family_wish"],
        consent=form.consents.get(told.get("consent", "")),
        team=lead.team if lead is not None else None,
    ).ref
