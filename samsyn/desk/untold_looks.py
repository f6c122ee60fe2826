"""What the family is told of who has looked: what a unit does not tell for now, a second look at that, and a name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.common import clock
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.family import held_child
from samsyn.desk.own_family import left_to_a_colleague
from samsyn.desk.sign_forms import long_text
from samsyn.duties.models import Duty, DutyState
from samsyn.look.fields import DayField
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import keep_looks_untold, look_at_untold_looks, may_look_at_untold, tell_who_looked
from samsyn.sharing.words import LOOK_AT_WITHHELD
from samsyn.trail.look_actions import latest_day_to_look_again
from samsyn.trail.looks import SHOWN_AFTER
from samsyn.trail.models import Withholding
from samsyn.trail.pressing import KeyedForm, offer
from samsyn.trail.rules import LOOK_AGAIN
from samsyn.trail.withheld import looked_at_again_on, standing, who_looked, withheld_by

TOLD = "told"
"""The button that says that the family can be told; the other keeps it until a day."""


def first_day() -> date:
    """The first day of which the family has not been told yet: what it has read is not taken back."""
    return clock.today() - timedelta(days=law.on(clock.today()).row(SHOWN_AFTER).value or 0)


class WithholdForm(KeyedForm):
    """Why the own unit's looks are not told of, for which days, and when somebody else looks at it again."""

    because = long_text(
        _lazy("Why should they not know of it now?"), _lazy("Somebody else reads this, and looks at it again."), 3
    )
    since = DayField(label=_lazy("From which day?"), initial=first_day, long_ago=False)
    until = DayField(
        label=_lazy("Until when?"), help_text=_lazy("Leave it empty for until further notice."), required=False
    )
    look_again_on = DayField(label=_lazy("On which day is it looked at again?"), initial=latest_day_to_look_again)


class NameForm(KeyedForm):
    """Whose name the family is told, and why."""

    who = forms.ChoiceField(label=_lazy("Whose name?"))
    because = long_text(_lazy("Why are the unit and the role not enough?"), "", 2)

    def __init__(self, *args: Any, readers: dict[UUID, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, who=[(str(ref), words) for ref, words in readers.items()])


class AgainForm(KeyedForm):
    """What has been weighed; and, where it is still not told, until when."""

    words = long_text(_lazy("What have you weighed?"), "", 3)
    look_again_on = DayField(
        label=_lazy("If not: on which day is it looked at again?"), initial=latest_day_to_look_again, required=False
    )
    step = forms.CharField(required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def looks(request: StaffRequest, ref: UUID) -> HttpResponse:
    """What the own unit does not tell the family of now; and deciding that, or that a name is told."""
    child = held_child(request, ref)
    if (left := left_to_a_colleague(request, child)) is not None:
        return left
    form = WithholdForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data

        def decide() -> UUID:
            days = {name: told[name] for name in ("since", "until", "look_again_on")}
            return keep_looks_untold(request.viewer, child, told["because"], **days).ref

        if press(request, form, decide):
            return redirect("desk:looks", child.ref)
    return _show(request, child, form, _name_form(request, child), form)


@require_POST
@staff
def name(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Let the family know the name of one of the own authority who has looked."""
    child = held_child(request, ref)
    if (left := left_to_a_colleague(request, child)) is not None:
        return left
    form = _name_form(request, child, request.POST)
    if form.is_valid():
        who, because = UUID(form.cleaned_data["who"]), form.cleaned_data["because"]
        if press(request, form, lambda: _told(request, child, who, because)):
            return redirect("desk:looks", child.ref)
    return _show(request, child, WithholdForm(), form, form)


def _told(request: StaffRequest, child: Person, who: UUID, because: str) -> UUID:
    tell_who_looked(request.viewer, child, who, because)
    return child.ref


def _name_form(request: StaffRequest, child: Person, data: Any = None) -> NameForm:
    units = Unit.objects.visible_to(request.viewer).filter(authority=request.viewer.authority)
    readers = who_looked(child.ref, [unit.ref for unit in units])
    return NameForm(data, readers=readers, auto_id="name_%s")


def _show(
    request: StaffRequest, child: Person, withhold: WithholdForm, told: NameForm, sent: KeyedForm
) -> HttpResponse:
    facts = {
        "child": child,
        "withhold_form": withhold,
        "name_form": told,
        "rows": withheld_by(request.viewer.unit_ref, child.ref),
        "rule": LOOK_AGAIN,
    }
    return page(request, "desk/family/looks.html", facts, sent)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def again(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Look again at what a family is not told of looks, for the post that has it to do; which child is not said."""
    mine = Duty.objects.visible_to(request.viewer).filter(post_id=request.viewer.post or 0, state=DutyState.OPEN)
    if not mine.filter(object_ref=ref, what=LOOK_AT_WITHHELD).exists():
        raise Http404
    row: Withholding = get_object_or_404(standing(), ref=ref)
    if not may_look_at_untold(request.viewer, row):
        raise Http404  # a refusal in words would tell that it is about the own family; somebody else gets it at once
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        until = None if told["step"] == TOLD else told["look_again_on"] or latest_day_to_look_again()
        if press(request, form, lambda: _looked(request, row, told["words"], until)):
            return redirect("desk:day")
    facts = {"row": row, "on": looked_at_again_on(row), "rule": LOOK_AGAIN, "told": TOLD}
    return page(request, "desk/family/untold_looks.html", facts, form)


def _looked(request: StaffRequest, row: Withholding, words: str, until: date | None) -> UUID:
    look_at_untold_looks(request.viewer, row, words, until)
    return row.ref
