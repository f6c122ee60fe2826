"""Offering somebody to take over: who can be asked, and what is written to the one who is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from samsyn.circle.actions import named_post_for
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership
from samsyn.common import clock
from samsyn.desk.circle_choices import consents_about, posts_of
from samsyn.desk.circle_forms import OfferForm
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
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
    holder = _holder(request, child, kind)
    waiting = Handover.objects.visible_to(request.viewer).filter(
        child=child, kind=kind, state=HandoverState.PROPOSED, from_post_id=request.viewer.post
    )
    facts: dict[str, Any] = {"child": child, "kind": kind, "holder": holder, "waiting": waiting.first()}
    if holder is None or holder.pk != request.viewer.post:
        facts["who"] = attendance([holder], clock.now()).present_name(holder) if holder else ""
        return page(request, "desk/circle/handover_new.html", facts)
    form = _offer_form(request, child, kind, holder)
    if request.method == "POST" and form.is_valid():
        done = press(request, form, lambda: _offered(request, child, kind, form))
        if done:
            return redirect("desk:handover", done)
    facts["answer_by"] = deadline_for(holder.unit.authority_id, "answer_handover", clock.now()).latest_day
    return page(request, "desk/circle/handover_new.html", facts, form)


def _holder(request: StaffRequest, child: Person, kind: HandoverKind) -> Post | None:
    """The post that the responsibility lies with, as far as the viewer may know it.

    The named person is told as it would be by the child's stage: that one is stored tells that something was noticed.
    """
    if kind == HandoverKind.NAMED_PERSON:
        return named_post_for(child)
    leads = Membership.objects.visible_to(request.viewer).filter(child=child, is_lead=True, until=None)
    lead = leads.select_related("post__unit", "child").first()
    return lead.post if lead else None


def _offer_form(request: StaffRequest, child: Person, kind: HandoverKind, holder: Post) -> OfferForm:
    crosses = kind == HandoverKind.NAMED_PERSON
    posts = _named_person_posts(request) if crosses else _members(request, child)
    return OfferForm(
        request.POST if request.method == "POST" else None,
        posts=[post for post in posts if post.pk != holder.pk],
        consents=consents_about(request, child, holder.unit.authority_id) if crosses else [],
        crosses=crosses,
    )


def _members(request: StaffRequest, child: Person) -> list[Post]:
    rows = Membership.objects.visible_to(request.viewer).filter(child=child, until=None)
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


def _offered(request: StaffRequest, child: Person, kind: HandoverKind, form: OfferForm) -> UUID:
    told = form.cleaned_data
    return propose_handover(
        request.viewer,
        child,
        kind,
        told["to_post"],
        note=told["note"],
        family_wish=told["family_wish"],
        consent=form.consents.get(told.get("consent", "")),
    ).ref
