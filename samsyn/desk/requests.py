"""Asking another unit for help, and answering: nothing moves before the other one has said yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.prepared import first_asked
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk import stuck, withdrawn
from samsyn.desk.doors import StaffRequest, asked_or_404, page, press, staff
from samsyn.desk.letters import letter
from samsyn.desk.sign_forms import long_text
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    accept_request,
    agree_counter,
    asker_of,
    counter_request,
    decline_request,
    finish_request,
    revoke_request,
    send_request,
    settle,
)
from samsyn.early_signals.actions.stuck import declined_by
from samsyn.early_signals.models import Outcome, Request, RequestState, RequestStep, Sign
from samsyn.early_signals.rules import OPEN_SIGN, REQUEST_STEPS, possible, verbs
from samsyn.law.words import sentence
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, consent_stands, guardians_today, newest_consent, possible_gates
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm, offer


class UnitForm(forms.Form):
    """Whom to ask."""

    unit = forms.UUIDField(required=False)


class RequestForm(KeyedForm):
    """Which help, what they need to know, and on which ground they may be told."""

    wanted = long_text(_lazy("Which help do you ask for?"), _lazy("What should be different afterwards?"))
    background = long_text(
        _lazy("What do they need to know to be able to answer?"), _lazy("As little as possible. They can ask you.")
    )
    includes_sign = forms.BooleanField(label=_lazy("Let them read the early sign as well"), required=False)
    gate = forms.ChoiceField(label=_lazy("On which ground?"), widget=forms.RadioSelect, required=False)
    needed_because = long_text(
        _lazy("Why does the receiver need this?"), _lazy("Leave both empty when the family has said yes to this."), 2
    )
    not_less_because = long_text(_lazy("Why would less not do?"), "", 2)
    told = long_text(_lazy("What has the family been told?"), "", 2)
    withheld = long_text(_lazy("If nothing: why not?"), _lazy("You will be asked again in two weeks."), 2)

    def __init__(self, *args: Any, gates: list[tuple[str, str]], with_sign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, gate=gates)
        if not gates:
            for name in ("gate", "needed_because", "not_less_because", "told", "withheld"):
                del self.fields[name]
        if not with_sign:
            del self.fields["includes_sign"]


class WordsForm(KeyedForm):
    """A step with words."""

    words = long_text(_lazy("In a few words"), "", 2)


class ProposalForm(KeyedForm):
    """Another way."""

    proposal = long_text(_lazy("What do you propose instead?"))


class DeclineForm(KeyedForm):
    """A no with a reason and an alternative."""

    reason = long_text(_lazy("Why can you not help?"), "", 2)
    alternative = long_text(_lazy("What could be done instead, and by whom?"), "", 2)


class FinishForm(KeyedForm):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_lazy("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    words = long_text(_lazy("In a few words"), "", 2)


FORMS: dict[str, type[KeyedForm]] = {
    "accept": KeyedForm,
    "counter": ProposalForm,
    "agree": KeyedForm,
    "decline": DeclineForm,
    "revoke": WordsForm,
    "finish": FinishForm,
    "settle": KeyedForm,
}
ORDER = ("accept", "agree", "finish", "counter", "decline", "revoke")  # what helps the child soonest stands first
ENDING = ("decline", "revoke", "finish", "settle")
RECEIVER_VERBS = ("accept", "counter", "decline", "finish")


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for help about a child: first whom, then what they will see, then send."""
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer), ref=ref)
    why = explain(viewer, child)
    if why is None or why.rule != "own_authority":
        raise Http404
    sign = _sign(request, child)
    units = list(partner_units(viewer))
    unit = _chosen(request, units)
    facts: dict[str, Any] = {"child": child, "sign": sign, "units": units, "unit": unit}
    facts["declined"] = declined_by(child, sign) if sign else {}
    if unit is None:
        return page(request, "desk/requests/whom.html", facts)
    gates, consent, stands = _grounds(request, child, unit)
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        gates=[(row["id"], row["words"]) for row in gates],
        with_sign=sign is not None,
        initial={"gate": gates[0]["id"] if gates else ""},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        rests_on = _rests_on(told, consent, _as_received(told, sign)) if gates else None
        done = press(
            request,
            form,
            lambda: (
                send_request(
                    viewer,
                    child,
                    sign,
                    unit,
                    wanted=told["wanted"],
                    background=told["background"],
                    includes_sign=told.get("includes_sign", False),
                    ground=rests_on,
                ).ref
            ),
        )
        if done:
            return redirect("desk:request", done)
    facts.update(gates=gates, consent=consent, stands=stands)
    return page(request, "desk/requests/new.html", facts, form)


def _sign(request: StaffRequest, child: Person) -> Sign | None:
    given = UnitForm({"unit": request.GET.get("sign")})
    if not given.is_valid() or given.cleaned_data["unit"] is None:
        return None
    signs = Sign.objects.visible_to(request.viewer).filter(state__in=OPEN_SIGN)
    found: Sign = get_object_or_404(signs, ref=given.cleaned_data["unit"], child=child)
    return found


def _chosen(request: StaffRequest, units: list[Unit]) -> Unit | None:
    form = UnitForm({"unit": request.GET.get("unit")})
    wanted = form.cleaned_data["unit"] if form.is_valid() else None
    return next((unit for unit in units if unit.ref == wanted), None)


def _grounds(
    request: StaffRequest, child: Person, unit: Unit
) -> tuple[list[dict[str, Any]], Consent | None, Decision | None]:
    """The gates that can hold, with the consent that is there; nothing inside the own authority."""
    if unit.authority_id == request.viewer.authority:
        return [], None, None
    own = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    rows = law.on(clock.today())
    found = [rows.row(one) for one in possible_gates(child, own.authority, unit)]
    gates = [{"id": r.id, "words": sentence(r), "paragraph": r.paragraph} for r in found]
    consent = newest_consent(child, own.authority.pk, unit)
    return gates, consent, consent_stands(consent) if consent else None


def _as_received(told: dict[str, Any], sign: Sign | None) -> str:
    """What the receiver will read, by the code that shows it to the receiver."""
    asked = render_to_string("desk/requests/_asked.html", {"asked": told})
    if sign is None or not told.get("includes_sign"):
        return asked
    return asked + render_to_string("desk/signs/_letter.html", letter(sign, guardians_today(sign.child)))


def _rests_on(told: dict[str, Any], consent: Consent | None, rendering: str) -> Sharing:
    return Sharing(
        gate=told["gate"],
        purpose=told["wanted"],
        needed_because=told["needed_because"],
        not_less_because=told["not_less_because"],
        rendering=rendering,
        told=told["told"],
        withheld_because=told["withheld"],
        consent=consent if told["gate"] == "consent" else None,
    )


def _request(request: StaffRequest, ref: UUID) -> Request:
    return asked_or_404(_rows, request.viewer, ref)


def _rows(viewer: Viewer, ref: UUID) -> QuerySet[Request]:
    return (
        Request.objects.visible_to(viewer)
        .filter(ref=ref)
        .select_related(
            "child",
            "from_post__unit__authority",
            "to_post__unit__authority",
            "from_person",
            "sign",
            "to_unit",
            "disclosure",
        )
    )


def _open_verbs(request: StaffRequest, found: Request, settles: Duty | None) -> list[str]:
    is_receiver = found.to_post_id == request.viewer.post
    is_asker = asker_of(found)[0].pk == request.viewer.post
    allowed = [
        verb
        for verb in sorted(verbs(REQUEST_STEPS, found.state), key=ORDER.index)
        if (is_receiver if verb in RECEIVER_VERBS else is_asker)
    ]
    return [*allowed, "settle"] if settles else allowed


@require_http_methods(["GET", "HEAD"])
@staff
def one(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A request: what is asked, by whom, where it stands, and what the reader can do."""
    duty = stuck.called_in(request, ref)
    if duty is not None:
        return stuck.show(request, duty, KeyedForm())
    found = first_asked(_rows, request.viewer, ref)
    if found is None:
        return withdrawn.show(request, withdrawn.REQUEST, withdrawn.notice_of(request, withdrawn.REQUEST, ref))
    return _show(request, found, {})


def _show(request: StaffRequest, found: Request, bound: dict[str, KeyedForm]) -> HttpResponse:
    why = explain(request.viewer, found.child)
    if why is not None:
        ground(why.ground)
    duties = Duty.objects.visible_to(request.viewer).filter(object_ref=found.ref, state=DutyState.OPEN)
    duty = duties.order_by("due_at").first()
    settles = duty if duty is not None and duty.what == "unstick" else None
    form_by_verb = {verb: bound.get(verb) or FORMS[verb]() for verb in _open_verbs(request, found, settles)}
    signs = Sign.objects.visible_to(request.viewer).filter(requests=found).select_related("noticer", "noticer_post")
    facts: dict[str, Any] = {
        "asked": found,
        "child": found.child,
        "age": found.child.age_on(clock.today()),
        "why": why,
        "duty": duty,
        "now": clock.now(),
        "steps": list(
            RequestStep.objects.visible_to(request.viewer).filter(request=found).select_related("person").order_by("at")
        ),
        "sign": signs.first(),
        "who": attendance([found.to_post, found.from_post], clock.now()).present_name(found.to_post),
        "forms": form_by_verb,
        "waits": bool(form_by_verb) and set(form_by_verb) == {"revoke"},
        "is_receiver": found.to_post_id == request.viewer.post,
    }
    refused = next(iter(bound.values()), None)
    if not bound.keys() <= form_by_verb.keys():
        facts["late"] = refused  # somebody else was first: the step is gone, and what was typed for it is kept
    return page(request, "desk/requests/request.html", facts, refused)


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Take one step with a request."""
    duty = stuck.called_in(request, ref) if verb == "settle" else None
    if duty is not None:
        return stuck.show(request, duty, KeyedForm(request.POST))
    if verb not in FORMS:
        raise Http404
    form = FORMS[verb](request.POST)
    found = first_asked(_rows, request.viewer, ref)
    if found is None:
        taken_back = withdrawn.notice_of(request, withdrawn.REQUEST, ref)
        because = possible(REQUEST_STEPS, RequestState.REVOKED, verb)
        return withdrawn.refuse(request, withdrawn.REQUEST, taken_back, form, because)
    if form.is_valid() and press(request, form, _doing(request, found, verb, form.cleaned_data)):
        return redirect("desk:day") if verb in ENDING else redirect("desk:request", found.ref)
    return _show(request, _request(request, ref), {verb: form})


def _doing(request: StaffRequest, found: Request, verb: str, told: dict[str, Any]) -> Callable[[], UUID]:
    viewer = request.viewer

    def settled() -> UUID:
        duties = Duty.objects.visible_to(viewer).filter(object_ref=found.ref, what="unstick", state=DutyState.OPEN)
        settle(viewer, get_object_or_404(duties))
        return found.ref

    doing: dict[str, Callable[[], UUID]] = {
        "accept": lambda: accept_request(viewer, found).ref,
        "counter": lambda: counter_request(viewer, found, told["proposal"]).ref,
        "agree": lambda: agree_counter(viewer, found).ref,
        "decline": lambda: decline_request(viewer, found, reason=told["reason"], alternative=told["alternative"]).ref,
        "revoke": lambda: revoke_request(viewer, found, told["words"]).ref,
        "finish": lambda: finish_request(viewer, found, told["outcome"], told["words"]).ref,
        "settle": settled,
    }
    return doing[verb]
