"""What the family is asked: the words of each question, the own answer, and a yes that can be taken back any day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.common.reading import ground
from samsyn.portal.doors import FamilyRequest, family, page, press
from samsyn.portal.words import KINDS, limit_words
from samsyn.sharing.actions import answer, consent_stands, who_decides
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.family import as_known_to
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentStep
from samsyn.trail.pressing import KeyedForm, offer

A_PAGE = 50
IN_SWEDISH = "sv"
SEVERAL = 2


@dataclass(frozen=True)
class Asked:
    """One question and the reader's own newest answer: "" for none. ``over``: its last day has passed."""

    consent: Consent
    step: str
    over: bool


class AnswerForm(KeyedForm):
    """The reader's answer to exactly the words that were shown, and what a yes is to leave out.

    To leave out the only receiver, or the only kind, would be a no: there is nothing to choose then.
    """

    step = forms.ChoiceField(choices=ConsentStep.choices)
    shown = forms.CharField(max_length=64)
    language = forms.CharField(max_length=12)
    not_to = forms.MultipleChoiceField(label=_lazy("Not to"), widget=forms.CheckboxSelectMultiple, required=False)
    not_kinds = forms.MultipleChoiceField(label=_lazy("Not this"), widget=forms.CheckboxSelectMultiple, required=False)
    own_words = forms.CharField(
        label=_lazy("In your own words"),
        help_text=_lazy("Whoever asks reads it, and keeps to it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=10_000,
        required=False,
    )

    def __init__(self, *args: Any, asked: Consent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = list(asked.receivers.order_by("name", "pk"))
        self.units = {str(unit.ref): unit.pk for unit in units}
        kinds = dict.fromkeys([*asked.kinds, *(one.kind for one in asked.items.all())])
        choices: dict[str, list[tuple[str, Any]]] = {
            "not_to": [(str(unit.ref), unit.name) for unit in units],
            "not_kinds": [(kind, KINDS[kind]) for kind in kinds if kind in KINDS],
        }
        for name, offered in choices.items():
            offer(self, **{name: offered})
            if len(offered) < SEVERAL:
                del self.fields[name]

    def parts(self) -> list[forms.BoundField]:
        """The fields that say what a yes leaves out."""
        return [self[name] for name in ("not_to", "not_kinds", "own_words") if name in self.fields]

    def fills_in(self) -> bool:
        """Does something stand in them already."""
        return any(field.value() or field.errors for field in self.parts())

    def left_out(self) -> list[Limit]:
        """What was chosen, as the rule reads it: with nobody chosen it holds for everybody, with no kind for all."""
        told = self.cleaned_data
        to: list[int | None] = [self.units[ref] for ref in told.get("not_to", ())]
        kinds = told.get("not_kinds", ())
        chosen = [Limit(unit=unit, kind=kind) for unit in to or [None] for kind in kinds or [""] if unit or kind]
        return [*chosen, *([Limit(words=told["own_words"])] if told["own_words"].strip() else [])]


@require_http_methods(["GET", "HEAD"])
@family
def questions(request: FamilyRequest) -> HttpResponse:
    """Every question that the reader may see, the newest first; those that wait stand apart."""
    ground("own_family")
    found = list(_consents(request).order_by("-asked_at", "-pk")[:A_PAGE])
    as_known_to(request.viewer, *(one.child for one in found))
    newest = _own_answers(request, found)
    rows = [Asked(one, newest.get(one.pk, ""), one.until < clock.today()) for one in found]
    waiting = [row for row in rows if not row.step and not row.over]
    facts = {"waiting": waiting, "others": [row for row in rows if row not in waiting]}
    return page(request, "portal/questions.html", facts)


@require_http_methods(["GET", "HEAD"])
@family
def question(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """One question, word for word."""
    return _show(request, get_object_or_404(_consents(request), ref=ref))


@recently_signed_in()
@require_POST
@family
def answer_question(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """Say yes or no, or take a yes back. What rests on a yes closes in the same moment as it is taken back."""
    asked: Consent = get_object_or_404(_consents(request), ref=ref)
    form = AnswerForm(request.POST, asked=asked)
    if form.is_valid() and press(request, form, lambda: _answered(request, asked, form)):
        return redirect("portal:question", asked.ref)
    return _show(request, asked, form)


def _answered(request: FamilyRequest, asked: Consent, form: AnswerForm) -> UUID:
    told = form.cleaned_data
    shown = bytes.fromhex(told["shown"]) if _is_hex(told["shown"]) else b""
    return answer(
        request.viewer, asked, told["step"], language=told["language"], shown=shown, left_out=form.left_out()
    ).ref


def _is_hex(text: str) -> bool:
    try:
        return bool(bytes.fromhex(text))
    except ValueError:
        return False


def _show(request: FamilyRequest, asked: Consent, form: AnswerForm | None = None) -> HttpResponse:
    ground("own_family")
    as_known_to(request.viewer, asked.child)
    texts = {row.language: row for row in asked.texts.all()}
    text = texts.get(get_language() or "") or texts[IN_SWEDISH]
    step = _own_answers(request, [asked]).get(asked.pk, "")
    decides = request.viewer.person in {person.pk for person in who_decides(asked.child, asked)}
    over = asked.until < clock.today()
    facts: dict[str, Any] = {
        "asked": asked,
        "text": text,
        "digest": bytes(text.digest).hex(),
        "step": step,
        "over": over,
        "may_answer": decides and not over and step != ConsentStep.GIVEN,
        "may_take_back": decides and not over and step == ConsentStep.GIVEN,
        # Who has no say in it any more is not told what the others have answered since.
        "decides": decides,
        "stands": decides and bool(consent_stands(asked)),
        "key_form": KeyedForm(),
        "answer_form": form or AnswerForm(asked=asked),
        "left_out": _own_limits(request, asked) if step == ConsentStep.GIVEN else [],
    }
    return page(request, "portal/question.html", facts, form)


def _own_limits(request: FamilyRequest, asked: Consent) -> list[str]:
    """What the reader's own yes to a part left out, in words. What another left out is the other's."""
    rows = asked.limits.filter(answer__giver=request.viewer.person).select_related("unit", "authority")
    return [limit_words(row) for row in rows.order_by("pk")]


def _consents(request: FamilyRequest) -> Any:
    """The questions that still have words: of one that was weeded a row may stand, which another's copy rests on."""
    asked = Consent.objects.visible_to(request.viewer).filter(texts__language=IN_SWEDISH)
    return asked.select_related("child", "asked_by__unit", "asked_by_person")


def _own_answers(request: FamilyRequest, found: list[Consent]) -> dict[int, str]:
    rows = ConsentAnswer.objects.visible_to(request.viewer).filter(consent__in=found, giver_id=request.viewer.person)
    return {row.consent_id: row.step for row in rows.select_related("child").order_by("pk")}
