"""Entering a child whom no register knows, or who has no number: newly arrived, seeking asylum, newly born."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.circle.arrival import heed_protection
from samsyn.circle.by_hand import Entered, children_come_here, enter
from samsyn.common import clock, second_lock
from samsyn.common.decision import no
from samsyn.common.ports import Children
from samsyn.common.viewer import Viewer
from samsyn.desk import looking_up, outside
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.find import SHOWN, issuers
from samsyn.early_signals.actions import start_draft
from samsyn.look.fields import DayField
from samsyn.people.actions import Facts, ask_registers, end_look_up
from samsyn.people.actions.look_ups import Begun, Told
from samsyn.people.models import LONGEST_NAME, LookUpOutcome, Person
from samsyn.people.numbers import IdentitySystem, UnreadableNumber, read_number
from samsyn.people.querysets import ways_to_read
from samsyn.trail.pressing import KeyedForm, say

KINDS = (
    (IdentitySystem.NONE, _lazy("The child has no number")),
    (IdentitySystem.LMA, _lazy("Number on an LMA card")),
    (IdentitySystem.RESERVE, _lazy("Reserve number, from care, a school or a municipality")),
    (IdentitySystem.SAMORDNINGSNUMMER, _lazy("Coordination number")),
    (IdentitySystem.PERSONNUMMER, _lazy("Personal identity number")),
)


class ByHandForm(KeyedForm):
    """Who the child is, as somebody was told, and why it is entered."""

    kind = forms.ChoiceField(label=_lazy("What kind of number?"), choices=KINDS, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_lazy("The number"),
        help_text=_lazy("Write it as it stands on the document. Leave it empty if there is none."),
        max_length=60,
        required=False,
    )
    issuer = forms.ChoiceField(
        label=_lazy("Who gave the reserve number?"),
        help_text=_lazy("Only if the number does not tell it. It stands on the document."),
        choices=issuers,
        required=False,
    )
    given_name = forms.CharField(label=_lazy("First name, as you were told"), max_length=LONGEST_NAME, required=False)
    family_name = forms.CharField(label=_lazy("Family name, as you were told"), max_length=LONGEST_NAME, required=False)
    birth_date = DayField(
        label=_lazy("Birth date"), help_text=_lazy("Leave it empty if it is not known."), required=False
    )
    ours = forms.BooleanField(label=_lazy("The child comes to us every day, or is listed here"), required=False)
    reason = forms.CharField(
        label=_lazy("Why do you enter the child?"),
        help_text=_lazy("Without name and number. It is kept in the trail."),
        max_length=300,
    )
    is_none_of_these = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def entered(self) -> Entered:
        """As the action takes it."""
        told = self.cleaned_data
        facts = Facts(given_name=told["given_name"], family_name=told["family_name"], birth_date=told["birth_date"])
        return Entered(facts, told.get("ours", False))


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def by_hand(request: StaffRequest) -> HttpResponse:
    """Enter a child, and begin a sign about it. The registers are asked once more, while no transaction is open.

    Who comes from a look-up that found nobody brings the number along in the body, never in an address.
    """
    form = ByHandForm(request.POST, initial={}) if "key" in request.POST else ByHandForm(initial=_brought(request))
    if not children_come_here(request.viewer):
        del form.fields["ours"]
    alike: list[Person] = []
    if form.is_bound and form.is_valid():
        asked: tuple[Begun, Told] | None = outside.told(request)
        alike = _alike(request.viewer, form) if asked is None else []
        begun, told = asked or (None if alike else _begin(request, form), None)
        if begun is not None and begun.number is not None:
            number = begun.number
            if told is None and number.system != IdentitySystem.NONE:
                return outside.ask(request, lambda: (begun, ask_registers(number)))
            done = _enter(request, form, begun, told)
            if done:
                return redirect("desk:sign_edit", done)
    return page(request, "desk/find/by_hand.html", {"alike": alike}, form)


def _brought(request: StaffRequest) -> dict[str, Any]:
    """What was typed in the look-up that found nobody, with the kind of number that it is."""
    typed = {name: request.POST.get(name, "") for name in ("number", "issuer", "reason")}
    try:
        kind = read_number(typed["number"], on=clock.today(), issuer=typed["issuer"]).system
    except UnreadableNumber:
        return {**typed, "ours": True}
    return {**typed, "kind": kind, "ours": True}


def _begin(request: StaffRequest, form: ByHandForm) -> Begun | None:
    typed = form.cleaned_data
    kind = IdentitySystem(typed["kind"])
    return looking_up.begin(request, form, typed["number"], typed["reason"], issuer=typed["issuer"], systems={kind})


def _alike(viewer: Viewer, form: ByHandForm) -> list[Person]:
    """Whom the own unit knows by that name or of that day, for a child without a number that nobody has ruled out."""
    typed = form.cleaned_data
    if typed["kind"] != IdentitySystem.NONE or typed["is_none_of_these"]:
        return []
    people = Person.objects.visible_to(viewer, Children.BY_REASON)
    ways = ways_to_read(f"{typed['given_name']} {typed['family_name']}")
    born = Q(birth_date=typed["birth_date"]) if typed["birth_date"] else Q(pk__in=())
    named = Q(pk__in=people.beginning(ways)) if ways else Q(pk__in=())
    return list(people.filter(born | named).order_by("called", "given_name", "pk")[:SHOWN])


def _enter(request: StaffRequest, form: ByHandForm, begun: Begun, told: Told | None) -> UUID | None:
    if told is not None:
        with second_lock.acting():
            end_look_up(request.viewer, begun.row, told)
            if told.person is not None:
                heed_protection(request.viewer, told.person)
        if told.outcome == LookUpOutcome.AMBIGUOUS:
            say(form, told.decision or no("The register knows more than one person by this number."))
            return None
    entered = form.entered()
    done = press(request, form, lambda: start_draft(request.viewer, enter(request.viewer, begun, told, entered)).ref)
    looking_up.keep(request, "desk:by_hand")
    return done
