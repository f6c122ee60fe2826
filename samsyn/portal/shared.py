"""What is shared about a child, a row at a time; and saying that a row is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.law.words import sentence
from samsyn.organisations.partnerships import deadlines_for
from samsyn.portal.doors import FamilyRequest, family, own_child, page, press
from samsyn.portal.houses import houses_of
from samsyn.portal.words import in_words
from samsyn.sharing.actions import challenge, decided_by
from samsyn.sharing.family import as_known_to
from samsyn.sharing.models import Challenge, ChallengeAnswer, ClaimOfError, Consent, Disclosure, Way
from samsyn.trail.pressing import KeyedForm

A_PAGE = 50


@dataclass(frozen=True)
class Said:
    """What the reader has said against a row, and the answer: when there is none yet, it comes ``by`` that day."""

    challenge: Challenge
    answer: ChallengeAnswer | None
    by: date


@dataclass(frozen=True)
class Claim:
    """What the reader has said is wrong in a text, and of what kind the text is."""

    claim: ClaimOfError
    what: str


@dataclass
class Row:
    """One row of what is shared, ready for the template. ``state``: open, copy, closed or over.

    ``question``: the question whose yes it rests on, where the reader may answer it, and may take the yes back.
    """

    disclosure: Disclosure
    what: str
    law_words: str
    paragraph: str
    state: str
    question: Consent | None = None
    said: list[Said] = field(default_factory=list)


class WrongForm(KeyedForm):
    """What the reader finds wrong."""

    words = forms.CharField(
        label=_lazy("What is wrong?"),
        help_text=_lazy("Write as you would say it. It is kept just as you write it."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=10_000,
    )


@require_http_methods(["GET", "HEAD"])
@family
def shared(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """Each row that the reader may see: what, from whom, to whom, why, by which paragraph, and until when."""
    child = own_child(request, ref)
    ground("own_family")
    found = list(_rows(request).filter(child=child).order_by("-since", "-pk")[:A_PAGE])
    rows = _told(request, found)
    facts = {
        "child": child,
        "itself": child.pk == request.viewer.person,
        "open_rows": [row for row in rows if row.state == "open"],
        "copies": [row for row in rows if row.state == "copy"],
        "other_rows": [row for row in rows if row.state in ("closed", "over")],
        "claims": _claims(request, child.pk),
        "houses": houses_of(request.viewer, child, [(row.disclosure, row.state) for row in rows]),
    }
    return page(request, "portal/shared.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@family
def wrong(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """Say that a row is wrong. Whoever decided has to answer, and both stand beside the row."""
    one: Disclosure = get_object_or_404(_rows(request), ref=ref)
    as_known_to(request.viewer, one.child)
    ground("own_family")
    form = WrongForm(request.POST if request.method == "POST" else None)
    sent = request.method == "POST" and form.is_valid()
    if sent and press(request, form, lambda: challenge(request.viewer, one, form.cleaned_data["words"]).ref):
        return redirect("portal:shared", one.child.ref)
    by = deadlines_for("answer_challenge", [(one.authority_id, clock.now())])[0].latest_day
    facts = {"row": _told(request, [one])[0], "child": one.child, "by": by}
    return page(request, "portal/wrong.html", facts, form)


def _rows(request: FamilyRequest) -> Any:
    return (
        Disclosure.objects.visible_to(request.viewer)
        .select_related("child", "receiver__authority", "authority")
        .prefetch_related("items")
    )


def _told(request: FamilyRequest, found: list[Disclosure]) -> list[Row]:
    rules = law.on(clock.today())
    rows = {one.pk: _row(one, rules) for one in found}
    own = Challenge.objects.visible_to(request.viewer).filter(disclosure__in=found)
    answers = {
        answer.challenge_id: answer
        for answer in ChallengeAnswer.objects.visible_to(request.viewer)
        .filter(challenge__disclosure__in=found)
        .select_related("child", "answered_by__unit", "answered_by_person")
    }
    made = list(own.select_related("child").order_by("at", "pk"))
    due = deadlines_for("answer_challenge", [(one.authority_id, one.at) for one in made])
    for one, deadline in zip(made, due, strict=True):
        rows[one.disclosure_id].said.append(Said(one, answers.get(one.pk), deadline.latest_day))
    _rest_on(request, [row for row in rows.values() if row.state == "open"])
    return list(rows.values())


def _claims(request: FamilyRequest, child: int) -> list[Claim]:
    own = ClaimOfError.objects.visible_to(request.viewer).filter(child=child).order_by("-at", "-pk")
    return [Claim(one, in_words([one.kind])) for one in own.select_related("child", "recorded_by__unit")[:A_PAGE]]


def _rest_on(request: FamilyRequest, rows: list[Row]) -> None:
    """Fill in the questions that open rows rest on, where the reader has a say."""
    asked = Consent.objects.visible_to(request.viewer).filter(pk__in=[row.disclosure.consent_id for row in rows])
    found = {one.pk: one for one in asked.select_related("child")}
    deciding = decided_by(request.viewer.person, found.values())
    for row in rows:
        if row.disclosure.consent_id in deciding:
            row.question = found[row.disclosure.consent_id]


def _row(one: Disclosure, rules: law.Law) -> Row:
    rule = rules.row(one.gate)
    if one.way == Way.DELIVERED:
        state = "copy"
    elif one.ended_at is not None:
        state = "closed"
    else:
        state = "open" if clock.today() <= one.expires_on else "over"
    # What somebody may come to say of a text goes with it; that is no thing of its own that is shared.
    what = in_words(item.kind for item in one.items.all() if item.kind != "claim")
    return Row(one, what, sentence(rule), rule.paragraph, state)
