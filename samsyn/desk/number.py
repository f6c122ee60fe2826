"""A number that a child gets later. It is written here, and shown on no page."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.number_actions import give_number, take_back_number
from samsyn.common.guards import recently_signed_in
from samsyn.desk import looking_up
from samsyn.desk.by_hand import KINDS
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.find import issuers
from samsyn.people.models import Person
from samsyn.people.numbers import IdentitySystem
from samsyn.trail.pressing import KeyedForm


class NumberLaterForm(KeyedForm):
    """Which number the child has got, and why it is noted."""

    kind = forms.ChoiceField(
        label=_lazy("What kind of number?"),
        choices=[one for one in reversed(KINDS) if one[0] != IdentitySystem.NONE],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(
        label=_lazy("The number"), help_text=_lazy("Write it as it stands on the document."), max_length=60
    )
    issuer = forms.ChoiceField(
        label=_lazy("Who gave the reserve number?"),
        help_text=_lazy("Only if the number does not tell it. It stands on the document."),
        choices=issuers,
        required=False,
    )
    reason = forms.CharField(
        label=_lazy("What have you seen?"),
        help_text=_lazy("For example a decision on paper. Without name and number. It is kept in the trail."),
        max_length=300,
    )


@recently_signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def number(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Note a number for a child. It counts as a look-up, whatever comes of it."""
    child = child_of(request, ref, followed=True)
    form = NumberLaterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        kind = IdentitySystem(typed["kind"])
        begun = looking_up.begin(
            request, form, typed["number"], typed["reason"], issuer=typed["issuer"], systems={kind}
        )
        if begun is not None and begun.number is not None:
            done = press(request, form, lambda: give_number(request.viewer, child, begun).ref)
            looking_up.keep(request, "desk:number")
            if done:
                return redirect("desk:child", child.ref)
    return _show(request, child, form)


@recently_signed_in()
@require_POST
@staff
def take_back(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The number that the own post noted last for a child was a mistake."""
    child = child_of(request, ref, followed=True)
    form = KeyedForm(request.POST)
    if form.is_valid() and press(request, form, lambda: take_back_number(request.viewer, child).ref):
        return redirect("desk:number", child.ref)
    return _show(request, child, NumberLaterForm(), form)


def _show(
    request: StaffRequest, child: Person, form: NumberLaterForm, pressed: KeyedForm | None = None
) -> HttpResponse:
    facts = {"child": child, "note": form, "back": pressed, "form": pressed or form}
    return page(request, "desk/children/number.html", facts, pressed or form)
