"""Writing an early sign: the draft, what the receiver will see, and sending it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from samsyn import law
from samsyn.circle.actions import named_post_for
from samsyn.common import clock, second_lock
from samsyn.common.decision import Refused
from samsyn.common.viewer import Viewer
from samsyn.desk.doors import StaffRequest, asked_or_404, page, press, staff
from samsyn.desk.letters import letter
from samsyn.desk.sign_forms import SendForm, SignForm
from samsyn.early_signals.actions import ChangedMeanwhile, discard_draft, save_draft, send_sign
from samsyn.early_signals.area_words import areas_of
from samsyn.early_signals.models import Sign, SignState
from samsyn.law.words import paragraph, sentence
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import deadline_for, named_person_word
from samsyn.sharing.actions import Sharing, guardians_today, newest_consent, possible_gates
from samsyn.sharing.models import Way
from samsyn.sharing.rules import View
from samsyn.trail.pressing import KeyedForm, say


def draft_of(request: StaffRequest, ref: UUID) -> Sign:
    """The viewer's own draft, or 404."""
    return asked_or_404(_draft, request.viewer, ref)


def _draft(viewer: Viewer, ref: UUID) -> QuerySet[Sign]:
    drafts = Sign.objects.visible_to(viewer).filter(state=SignState.DRAFT, ref=ref)
    return drafts.select_related("child", "noticer_post__unit__authority")


def _receiver(sign: Sign) -> dict[str, Any]:
    """Who will get the sign, who stands in, whether it crosses to another authority, and by when it is talked about."""
    post = named_post_for(sign.child)
    if post is None:
        return {"post": None, "name": "", "crosses": False, "talk_by": _by(sign, None, "talk_with_family")}
    who = attendance([post], clock.now())
    return {
        "post": post,
        "name": who.present_name(post) or post.title,
        "holder": who.holder_name(post),
        "away": who.is_away(post),
        "crosses": post.unit.authority_id != sign.noticer_authority_id,
        "talk_by": _by(sign, post, "talk_with_family"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def edit(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The page where a sign is written. Saves as one writes; going on leads to the page before sending."""
    sign = draft_of(request, ref)
    family = guardians_today(sign.child)
    areas = areas_of(sign.authority_id)
    about: dict[str, Any] = {"family": family, "child_name": sign.child.name, "areas": areas}
    newest: Sign | None = None
    if request.method == "POST":
        form = SignForm(request.POST, **about)
        feared = sign.harm_feared
        if form.is_valid():
            try:
                with second_lock.acting():
                    sign = save_draft(request.viewer, sign, form.noted(), form.cleaned_data["version"])
            except Refused as refused:
                newest = draft_of(request, ref) if isinstance(refused, ChangedMeanwhile) else None
                say(form, refused.decision, request.viewer.authority)
                request.refused = refused.decision
            else:
                goes_on = "stay" not in request.POST
                if sign.harm_feared and (goes_on or not feared):
                    return _about_reporting(sign, whole_page=goes_on)
                if goes_on:
                    return redirect("desk:sign_review", sign.ref)
                form = SignForm(initial=SignForm.initial_of(sign), **about)
    else:
        form = SignForm(initial=SignForm.initial_of(sign), **about)
    facts = {**letter(sign, family, areas), "receiver": _receiver(sign), "now": clock.now(), "newest": newest}
    if request.headers.get("HX-Request") == "true" and not form.errors:
        # The page stays and only its preview is changed: it must carry the version that was saved just now.
        return page(request, "desk/signs/_saved.html", {**facts, "form": form, "stays": True})
    return page(request, "desk/signs/edit.html", facts, form)


def _about_reporting(sign: Sign, *, whole_page: bool) -> HttpResponse:
    """Open the page about reporting, which leads back to the draft. ``whole_page``: a form and not a save asked."""
    address = f"{reverse('public:harm')}?draft={sign.ref}"
    return redirect(address) if whole_page else HttpResponseClientRedirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Before sending: who receives it, exactly what they see, and on which ground. Then send."""
    sign = draft_of(request, ref)
    sends = request.method == "POST"
    # Inside one authority nothing is chosen, and sending asks for nothing of what the page shows.
    facts = _before_sending(sign) if not sends or "told" in request.POST else {}
    crosses = bool(facts) and facts["receiver"]["crosses"]
    about = {"gates": facts.get("gates", []), "crosses": crosses, "sender": sign.noticer_authority_id}
    form = SendForm(request.POST if sends else None, **about)
    if sends and form.is_valid():
        ground = _ground(sign, form.cleaned_data, facts) if facts else None
        done = press(request, form, lambda: send_sign(request.viewer, sign, ground).ref)
        if done:
            return redirect("desk:sign", done)
    if not facts:
        facts = _before_sending(sign)
        form.offer(facts["gates"])
    return page(request, "desk/signs/review.html", facts, form)


def _before_sending(sign: Sign) -> dict[str, Any]:
    receiver = _receiver(sign)
    family = guardians_today(sign.child)
    return {
        **letter(sign, family, areas_of(sign.authority_id)),
        "family": family,
        "receiver": receiver,
        "gates": _gates(sign, receiver),
        "now": clock.now(),
        "answer_by": _by(sign, receiver["post"], "decision_after_signal"),
    }


def _by(sign: Sign, receiver: Post | None, rule: str) -> date:
    """The last day for what a sign that is sent now leads to, as the partnership of its receiver has promised."""
    authority = receiver.unit.authority_id if receiver is not None else sign.authority_id
    return deadline_for(authority, rule, clock.now()).latest_day


def _gates(sign: Sign, receiver: dict[str, Any]) -> list[dict[str, Any]]:
    if not receiver["crosses"]:
        return []
    post = receiver["post"]
    rows = law.on(clock.today())
    ids = possible_gates(sign.child, sign.noticer_post.unit.authority, post.unit)
    found = [rows.row(one) for one in ids]
    return [{"id": row.id, "words": sentence(row), "paragraph": paragraph(row)} for row in found]


def _ground(sign: Sign, chosen: dict[str, Any], facts: dict[str, Any]) -> Sharing | None:
    receiver = facts["receiver"]
    if not receiver["crosses"]:
        return None
    consent = None
    if chosen["gate"] == "consent":
        consent = newest_consent(sign.child, sign.noticer_authority_id, receiver["post"].unit)
    return Sharing(
        gate=chosen["gate"],
        purpose=_("So that the child's %(named_person)s can help.")
        % {"named_person": named_person_word(receiver["post"].unit.authority_id)},
        needed_because=chosen["needed_because"],
        not_less_because=chosen["not_less_because"],
        views=_views(sign, facts["family"]),
        told=chosen["told"],
        told_how=chosen["told_how"] if chosen["told"] else "",
        withheld_because=chosen["withheld"],
        consent=consent,
        way=Way.DELIVERED,
        rendering=render_to_string("desk/signs/_letter.html", facts),
    )


def _views(sign: Sign, family: list[Any]) -> tuple[View, ...]:
    """What the child and each guardian said, as far as the sign tells: asking once more would be asking twice."""
    nobody = sign.not_talked_because or _("Not asked before the sign was sent.")
    talked = _("The one who noticed has talked with this person.")
    child = View("child", said=sign.child_words) if sign.child_words else _view("child", sign, talked, nobody)
    return (child, *(_view(str(row.guardian.ref), sign, talked, nobody) for row in family))


def _view(whose: str, sign: Sign, talked: str, nobody: str) -> View:
    return View(whose, said=talked) if whose in sign.talked_with else View(whose, not_asked_because=nobody)


@require_POST
@staff
def discard(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Throw a draft away."""
    sign = draft_of(request, ref)
    form = KeyedForm(request.POST)
    if form.is_valid():
        press(request, form, lambda: _discarded(request, sign))
    return redirect("desk:day")


def _discarded(request: StaffRequest, sign: Sign) -> UUID:
    discard_draft(request.viewer, sign)
    return sign.ref
