"""Finding a child: by name in the own unit, or by exact number with a reason. There is no browsing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.arrival import arrive, heed_protection
from samsyn.common import clock, second_lock
from samsyn.common.decision import no
from samsyn.common.ports import Children
from samsyn.common.prepared import asked
from samsyn.common.viewer import Viewer
from samsyn.desk import looking_up, outside
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.early_signals.actions import start_draft
from samsyn.organisations.partnerships import municipalities_here
from samsyn.organisations.places import regions
from samsyn.people.actions import ask_registers, end_look_up
from samsyn.people.actions.look_ups import Begun, Told
from samsyn.people.models import LookUpOutcome, Person
from samsyn.people.numbers import RESERVE_ISSUERS
from samsyn.people.querysets import Ways, ways_to_read
from samsyn.people.registers import RegisterPerson
from samsyn.trail.pressing import KeyedForm, say

SHOWN = 8
LETTERS = 2


class NameForm(forms.Form):
    """Part of a name, for children that the own unit already knows."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, strip=True)


def issuers() -> list[tuple[str, Any]]:
    """Who can have given a reserve number: those with a way of their own, then the municipalities here."""
    words = {"se": _("National reserve number"), "carelink": "Carelink"}
    named = [(code, words.get(code) or regions()[code].name) for code in RESERVE_ISSUERS]
    return [("", _("Choose")), *named, *municipalities_here()]


class NumberForm(KeyedForm):
    """An exact number and why it is looked up. ``issuer`` is asked for where a reserve number does not tell it."""

    number = forms.CharField(label=gettext_lazy("Personal identity number"), max_length=60)
    issuer = forms.ChoiceField(
        label=gettext_lazy("Who gave the reserve number?"),
        help_text=gettext_lazy("It stands on the document that the number is on."),
        choices=issuers,
        required=False,
    )
    reason = forms.CharField(label=gettext_lazy("Why do you need to find this child?"), max_length=300)

    @property
    def asks_who_gave_it(self) -> bool:
        """Is the number one that more than one can have given."""
        return self.is_bound and bool(self["issuer"].errors or self["issuer"].value())


def _named(viewer: Viewer, ways: Ways) -> QuerySet[Person]:
    people = Person.objects.visible_to(viewer, Children.BY_REASON)
    return people.beginning(ways).order_by("called", "given_name", "pk")[:SHOWN]


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def find(request: StaffRequest) -> HttpResponse:
    """Search by name. The words stand in the body of a POST, never in an address."""
    form = NameForm(request.POST if request.method == "POST" else None)
    found = []
    searched = form.is_bound and form.is_valid()
    if searched and len(form.cleaned_data["name"]) >= LETTERS:
        found = asked(_named, replace(request.viewer, acts=False), ways_to_read(form.cleaned_data["name"]))
    elif searched:
        form.add_error("name", _("Write at least two letters."))
    facts = {"found": found, "searched": searched, "today": clock.today(), "number_form": NumberForm()}
    facts["maybe_more"] = len(found) == SHOWN
    return page(request, "desk/find/find.html", facts, form)


@require_POST
@staff
def find_by_number(request: StaffRequest) -> HttpResponse:
    """Look an exact number up in the register, with a reason, and begin a sign about that child.

    The register is asked while no transaction is open. The look-up stays noted whatever comes of it.
    """
    form = NumberForm(request.POST)
    asked: tuple[Begun, Told] | None = outside.told(request)
    if asked is None and form.is_valid():
        typed = form.cleaned_data
        begun = looking_up.begin(request, form, typed["number"], typed["reason"], issuer=typed["issuer"])
        if begun is not None and begun.number is not None:
            number = begun.number
            return outside.ask(request, lambda: (begun, ask_registers(number)))
    found: list[UUID] = []
    unknown = False
    if asked is not None and form.is_valid():
        begun, told = asked
        unknown = told.outcome != LookUpOutcome.AMBIGUOUS
        with second_lock.acting():
            end_look_up(request.viewer, begun.row, told)
        if told.person is not None:
            found = _arrive(request, form, told.person)
        else:
            nobody = no("The register has nobody with that number. Check the digits.", field="number")
            say(form, told.decision or nobody)
    if found:
        return redirect("desk:sign_edit", found[0])
    facts = {"found": [], "searched": False, "today": clock.today(), "number_form": form, "form": NameForm()}
    return page(request, "desk/find/find.html", facts | {"unknown": unknown}, form)


def _arrive(request: StaffRequest, form: NumberForm, person: RegisterPerson) -> list[UUID]:
    """Begin a sign about whom the register told of. Gives nothing where a rule said no."""
    with second_lock.acting():
        heed_protection(request.viewer, person)
    done = press(request, form, lambda: start_draft(request.viewer, arrive(request.viewer, person)).ref)
    looking_up.keep(request, "desk:find_by_number")
    return [done] if done else []


@require_POST
@staff
def begin(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Begin a sign about a child that was found in the own unit."""
    # Guardians can be seen too, and nobody writes a sign about them.
    child = get_object_or_404(Person.objects.visible_to(request.viewer, Children.ALL), ref=ref)
    form = KeyedForm(request.POST)
    if form.is_valid():
        done = press(request, form, lambda: start_draft(request.viewer, child).ref)
        if done:
            return redirect("desk:sign_edit", done)
    return page(
        request, "desk/find/find.html", {"found": [child], "number_form": NumberForm(), "form": NameForm()}, form
    )
