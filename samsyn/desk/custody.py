"""Who has custody of a child: what is noted, and noting, ending and taking it back by hand."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle import custody_rules as rules
from samsyn.circle.custody_actions import (
    Seen,
    Told,
    custody_seen,
    end_guardian,
    named_alike,
    note_guardian,
    shown,
    take_back_guardian,
    wards_seen,
)
from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.desk import looking_up
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.links import read_ref
from samsyn.look.fields import DayField
from samsyn.people.actions import Facts
from samsyn.people.actions.custody import LONGEST_RELATION, LONGEST_SOURCE
from samsyn.people.actions.look_ups import Begun
from samsyn.people.models import LONGEST_NAME, Person
from samsyn.people.numbers import IdentitySystem
from samsyn.people.rules import has_a_number
from samsyn.sharing.actions import everybody_is_known
from samsyn.sharing.actions.deciding import is_grown
from samsyn.trail.pressing import KeyedForm, say

KINDS = (
    (rules.JOINT, _lazy("Together with somebody else")),
    (rules.SOLE, _lazy("Alone")),
    (rules.UNKNOWN, _lazy("It is not known whether somebody else has it too")),
)
Beside = tuple["CustodyForm | None", "CustodyForm | None"]
"""The forms beside somebody who has custody: to end it, and to take it back."""
NUMBERS = {IdentitySystem.PERSONNUMMER, IdentitySystem.SAMORDNINGSNUMMER, IdentitySystem.LMA}
SOURCE_HELP = _lazy("For example: the mother, with a birth certificate. Without a number. It is kept in the trail.")


class CustodyForm(KeyedForm):
    """What every form of the page carries: what stood on it, so that nobody's word is written over unseen."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def shows(self, seen: list[Seen]) -> None:
        """Carry what stands on the page now; what was typed is kept."""
        if not self.is_bound:
            self.initial["shown"] = shown(seen)
            return
        sent = self.data.copy()  # type: ignore[attr-defined]  # a form that was sent holds a QueryDict
        sent["shown"] = shown(seen)
        self.data = sent


class GuardianForm(CustodyForm):
    """Who has custody, as somebody was told. ``guardian``: one of those whom the page offered by that name."""

    given_name = forms.CharField(label=_lazy("First name"), max_length=LONGEST_NAME, required=False)
    family_name = forms.CharField(label=_lazy("Family name"), max_length=LONGEST_NAME, required=False)
    number = forms.CharField(
        label=_lazy("The number, if there is one"),
        help_text=_lazy("Personal identity number, coordination number or LMA number, as on the document."),
        max_length=60,
        required=False,
    )
    relation = forms.CharField(
        label=_lazy("Who is it to the child?"),
        help_text=_lazy("For example mother, father, appointed guardian."),
        max_length=LONGEST_RELATION,
        required=False,
    )
    custody = forms.ChoiceField(
        label=_lazy("How does this person have custody?"), choices=KINDS, widget=forms.RadioSelect
    )
    since = DayField(label=_lazy("Since when?"), help_text=_lazy("The child's birth date, if it has always been so."))
    source = forms.CharField(label=_lazy("Who says so?"), help_text=SOURCE_HELP, max_length=LONGEST_SOURCE)
    guardian = forms.UUIDField(required=False, widget=forms.HiddenInput)
    is_none_of_these = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def told(self, chosen: Person | None) -> Told:
        """As the action takes it."""
        typed = self.cleaned_data
        facts = Facts(given_name=typed["given_name"], family_name=typed["family_name"])
        return Told(facts, typed["custody"], typed["since"], typed["source"], typed["relation"], chosen)


class EndForm(CustodyForm):
    """The last day of somebody's custody, and who says so."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    until = DayField(label=_lazy("The last day"))
    source = forms.CharField(label=_lazy("Who says so?"), help_text=SOURCE_HELP, max_length=LONGEST_SOURCE)


class TakeBackForm(CustodyForm):
    """Whose custody was noted by mistake."""

    person = forms.UUIDField(widget=forms.HiddenInput)


@recently_signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def custody(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Who has custody, and a form to note one more. A number is looked for among those who are here, with a limit."""
    child = child_of(request, ref, followed=True)
    form = GuardianForm(request.POST if request.method == "POST" else None, initial={"since": child.birth_date})
    alike: list[Person] = []
    if form.is_bound and form.is_valid():
        alike = _alike(request, child, form)
        chosen = next((one for one in alike if one.ref == form.cleaned_data["guardian"]), None)
        if (chosen or not alike) and _note(request, child, form, chosen):
            return redirect("desk:custody", child.ref)
    return _show(request, child, form, alike=alike)


def _alike(request: StaffRequest, child: Person, form: GuardianForm) -> list[Person]:
    typed = form.cleaned_data
    if typed["number"] or typed["is_none_of_these"] or not typed["given_name"] + typed["family_name"]:
        return []
    return named_alike(request.viewer, child, form.told(None).facts)


def _note(request: StaffRequest, child: Person, form: GuardianForm, chosen: Person | None) -> UUID | None:
    typed, begun = form.cleaned_data, None
    if typed["number"]:
        begun = _begin(request, form)
        if begun is None or begun.number is None:
            return None
    done = press(
        request,
        form,
        lambda: note_guardian(request.viewer, child, form.told(chosen), begun, as_shown=typed["shown"]).guardian.ref,
    )
    looking_up.keep(request, "desk:custody")
    return done


def _begin(request: StaffRequest, form: GuardianForm) -> Begun | None:
    typed = form.cleaned_data
    source = typed["source"]
    said = rules.may_say_so(source, has_number=has_a_number(source))
    if not said:
        say(form, said)
        return None
    return looking_up.begin(request, form, typed["number"], source, systems=NUMBERS)


@recently_signed_in()
@require_POST
@staff
def end(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Somebody's custody has ended."""
    child = child_of(request, ref, followed=True)
    who = _guardian(request)
    form = EndForm(request.POST, auto_id=_id("end", who))
    if form.is_valid():
        told = form.cleaned_data
        done = press(
            request,
            form,
            lambda: end_guardian(request.viewer, child, who, told["until"], told["source"], as_shown=told["shown"]).ref,
        )
        if done:
            return redirect("desk:custody", child.ref)
    return _show(request, child, GuardianForm(initial={"since": child.birth_date}), pressed=form)


@recently_signed_in()
@require_POST
@staff
def take_back(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Somebody's custody was noted by mistake."""
    child = child_of(request, ref, followed=True)
    who = _guardian(request)
    form = TakeBackForm(request.POST, auto_id=_id("back", who))
    if form.is_valid():
        told = form.cleaned_data
        if press(request, form, lambda: take_back_guardian(request.viewer, child, who, as_shown=told["shown"]).ref):
            return redirect("desk:custody", child.ref)
    return _show(request, child, GuardianForm(initial={"since": child.birth_date}), pressed=form)


def _guardian(request: StaffRequest) -> Person:
    """The person whom the form is about, who is seen by the viewer, or 404."""
    asked = read_ref(request.POST.get("person", ""))
    found: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=asked)
    return found


def _show(
    request: StaffRequest,
    child: Person,
    form: GuardianForm,
    *,
    alike: list[Person] | None = None,
    pressed: CustodyForm | None = None,
) -> HttpResponse:
    seen = custody_seen(request.viewer, child)
    form.shows(seen)
    rows = [(one, *_forms_of(one, seen, pressed)) for one in seen]
    facts = {
        "child": child,
        "rows": rows,
        "names": [one.name for one in seen],
        "full": len(seen) >= rules.MOST,
        "known": everybody_is_known([one.row for one in seen]),
        "grown": is_grown(child, clock.today()),
        "alike": [(one, wards_seen(request.viewer, one)) for one in alike or []],
        "note": form,
        "form": pressed or form,
    }
    return page(request, "desk/children/custody.html", facts, pressed or form)


def _forms_of(
    one: Seen, seen: list[Seen], pressed: CustodyForm | None
) -> tuple[CustodyForm | None, CustodyForm | None]:
    """The forms that stand beside somebody: to end it, and, for who wrote it, to take it back."""
    if one.person is None:
        return None, None
    about = {"person": one.person.ref}
    mine = pressed is not None and str(pressed["person"].value()) == str(one.person.ref)
    ending: CustodyForm = EndForm(initial=about, auto_id=_id("end", one.person))
    back: CustodyForm = TakeBackForm(initial=about, auto_id=_id("back", one.person))
    if pressed is not None and mine:
        ending, back = (pressed, back) if isinstance(pressed, EndForm) else (ending, pressed)
    ending.shows(seen)
    back.shows(seen)
    return ending, back if one.mine else None


def _id(what: str, who: Person) -> str:
    return f"id_{what}_%s_{who.ref}"
