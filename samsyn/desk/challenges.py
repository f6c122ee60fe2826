"""What the family says against something that was shared: written down for them, and answered beside the row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.common.ports import Children
from samsyn.common.reading import ground
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.duty_words import ROOM_VIEWS
from samsyn.desk.shown import Thing, things_about
from samsyn.desk.sign_forms import long_text
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.sharing.actions import answer_challenge, challenge, claim_error, guardians_today
from samsyn.sharing.models import Challenge, ChallengeAnswer, ChallengeOutcome, Disclosure
from samsyn.sharing.predicate import Explanation, explain
from samsyn.trail.pressing import KeyedForm, offer


class ChallengeForm(KeyedForm):
    """Who in the family says it, and what."""

    by = forms.ChoiceField(label=_lazy("Who says it?"), widget=forms.RadioSelect)
    words = long_text(_lazy("What is wrong?"), _lazy("In their own words."), 4)

    def __init__(self, *args: Any, speakers: dict[str, Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, by=[(ref, one.name) for ref, one in speakers.items()])


class AnswerForm(KeyedForm):
    """What was decided, and the answer to the family."""

    outcome = forms.ChoiceField(
        label=_lazy("What do you decide?"),
        choices=ChallengeOutcome.choices,
        widget=forms.RadioSelect,
        initial=ChallengeOutcome.KEPT,
    )
    words = long_text(_lazy("Your answer to the family"), _lazy("They read it word for word."), 4)


def speakers_for(child: Person) -> dict[str, Person]:
    """Those whose words may be written down, by reference: the child, and who has custody today."""
    return {str(one.ref): one for one in (child, *(row.guardian for row in guardians_today(child)))}


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write down for somebody in the family that a row of the ledger is wrong."""
    rows = Disclosure.objects.visible_to(request.viewer).filter(authority=request.viewer.authority)
    one: Disclosure = get_object_or_404(rows.select_related("child", "authority", "receiver"), ref=ref)
    _note_why(request, one.child)
    speakers = speakers_for(one.child)
    form = ChallengeForm(request.POST if request.method == "POST" else None, speakers=speakers)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if press(request, form, lambda: challenge(request.viewer, one, told["words"], by=speakers[told["by"]]).ref):
            return redirect("desk:disclosure", one.ref)
    return page(request, "desk/ledger/challenge_new.html", {"one": one, "child": one.child}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A challenge, with what it is about, and the answer to it."""
    rows = Challenge.objects.visible_to(request.viewer).select_related(
        "child", "by", "recorded_by", "recorded_by_person", "disclosure__authority", "disclosure__receiver"
    )
    made: Challenge = get_object_or_404(rows, ref=ref)
    _note_why(request, made.child)
    answers = ChallengeAnswer.objects.visible_to(request.viewer).filter(challenge=made)
    answer = answers.select_related("answered_by", "answered_by_person").first()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if press(request, form, lambda: answer_challenge(request.viewer, made, told["words"], told["outcome"]).ref):
            return redirect("desk:challenge", made.ref)
    facts = {
        "made": made,
        "one": made.disclosure,
        "child": made.child,
        "answer": answer,
        "answers": answer is None and made.authority_id == request.viewer.authority,
        "due": deadline_for(made.authority_id, "answer_challenge", made.at).latest_day,
    }
    return page(request, "desk/ledger/challenge.html", facts, form)


class ItemForm(forms.Form):
    """Which text."""

    item = forms.UUIDField()


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def wrong(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Write beside a text of the own authority that somebody says it is wrong. The text stays."""
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer, Children.ALL), ref=ref)
    why = _note_why(request, child)
    if why is None or not why.follows:
        raise Http404
    asked = ItemForm(request.GET)
    item = asked.cleaned_data["item"] if asked.is_valid() else None
    thing = next(iter(things_about(request.viewer, child, authority=viewer.authority, ref=item)), None)
    if thing is None:
        raise Http404
    speakers, back = speakers_for(child), _page_of(thing)
    form = ChallengeForm(request.POST if request.method == "POST" else None, speakers=speakers)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        authority, who = thing.row.authority_id, speakers[told["by"]]
        if press(request, form, lambda: claim_error(viewer, child, authority, thing.item, told["words"], by=who).ref):
            return redirect(back)
    return page(request, "desk/ledger/wrong.html", {"thing": thing, "child": child, "back": back}, form)


def _page_of(thing: Thing) -> str:
    """The address of the page on which a text stands: its own, or its sign's."""
    kind, ref = ("sign", thing.row.sign.ref) if thing.kind in ("talk", "five_questions") else thing.item
    return reverse(ROOM_VIEWS[kind], args=[ref])


def _note_why(request: StaffRequest, child: Person) -> Explanation | None:
    why = explain(request.viewer, child)
    if why is not None:
        ground(why.ground)
    return why
