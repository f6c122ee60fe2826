"""Finding a child: by name in the own unit, or by exact number with a reason. There is no browsing."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.arrival import arrive
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.desk.doors import KeyedForm, StaffRequest, page, press, said, staff
from samsyn.early_signals.actions import start_draft
from samsyn.people.actions import look_up
from samsyn.people.models import Person
from samsyn.sharing.predicate import children_around, children_of
from samsyn.trail.actions import refuse

SHOWN = 8
LETTERS = 2


class NameForm(forms.Form):
    """Part of a name, for children that the own unit already knows."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, strip=True)


class NumberForm(KeyedForm):
    """An exact number and why it is looked up."""

    number = forms.CharField(label=gettext_lazy("Personal identity number"), max_length=20)
    reason = forms.CharField(label=gettext_lazy("Why do you need to find this child?"), max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def find(request: StaffRequest) -> HttpResponse:
    """Search by name. The words stand in the body of a POST, never in an address."""
    form = NameForm(request.POST if request.method == "POST" else None)
    found = []
    searched = form.is_bound and form.is_valid()
    if searched and len(form.cleaned_data["name"]) >= LETTERS:
        around = children_around(request.viewer, clock.now())
        people = Person.objects.visible_to(request.viewer).filter(pk__in=around)
        found = list(people.named(form.cleaned_data["name"]).order_by("called", "given_name")[:SHOWN])
    elif searched:
        form.add_error("name", _("Write at least two letters."))
    facts = {"found": found, "searched": searched, "today": clock.today(), "number_form": NumberForm()}
    return page(request, "desk/find/find.html", facts, form)


@require_POST
@staff
def find_by_number(request: StaffRequest) -> HttpResponse:
    """Look an exact number up in the register, with a reason, and begin a sign about that child."""
    form = NumberForm(request.POST)
    found: list[UUID] = []
    if form.is_valid():
        try:
            with transaction.atomic():
                person = look_up(request.viewer, form.cleaned_data["number"], form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(
                refused.decision.field if refused.decision.field in form.fields else None, said(refused.decision)
            )
            request.refused = refused.decision
        else:
            if person is None:
                form.add_error("number", _("The register has nobody with that number. Check the digits."))
            else:
                done = press(request, form, lambda: start_draft(request.viewer, arrive(request.viewer, person)).ref)
                found = [done] if done else []
                refused_after = getattr(request, "refused", None)
                if refused_after is not None:
                    # The look-up has been made and stays counted and in the trail, whatever came after it.
                    refuse(request.viewer, "desk:find_by_number", refused_after.reason)
                    request.refused = None
    if found:
        return redirect("desk:sign_edit", found[0])
    facts = {"found": [], "searched": False, "today": clock.today(), "number_form": form, "form": NameForm()}
    return page(request, "desk/find/find.html", facts, form)


@require_POST
@staff
def begin(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Begin a sign about a child that was found in the own unit."""
    # Guardians can be seen too, and nobody writes a sign about them.
    around = children_of(request.viewer, clock.now())
    child = get_object_or_404(Person.objects.visible_to(request.viewer).around(around), ref=ref)
    form = KeyedForm(request.POST)
    if form.is_valid():
        done = press(request, form, lambda: start_draft(request.viewer, child).ref)
        if done:
            return redirect("desk:sign_edit", done)
    return page(
        request, "desk/find/find.html", {"found": [child], "number_form": NumberForm(), "form": NameForm()}, form
    )
