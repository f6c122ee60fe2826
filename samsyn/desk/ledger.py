"""What is shared about a child, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.common import clock
from samsyn.common.ports import Children
from samsyn.common.reading import ground
from samsyn.desk.circle_forms import WordsForm
from samsyn.desk.copies import safe_copy
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.grounds import Ground, ground_in_words
from samsyn.desk.links import given_page
from samsyn.desk.sharing_words import ENDED_WORDS, kinds_in_words
from samsyn.desk.shown import as_received, things_about
from samsyn.people.models import Person
from samsyn.sharing.actions import keep_withheld, stop_sharing, tell_family
from samsyn.sharing.models import Challenge, Consent, Delivery, Disclosure, Way
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm

A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One row of the ledger, ready for the template."""

    disclosure: Disclosure
    kinds: str
    gate: Ground
    ended: str
    is_open: bool
    is_ours: bool
    challenges: list[Challenge]
    digest: str


def _rows(request: StaffRequest, found: list[Disclosure]) -> list[Row]:
    """Rows of the ledger with what the family says against each, as far as the viewer may see that."""
    rules = law.on(clock.today())
    beside: dict[int, list[Challenge]] = {}
    said = Challenge.objects.visible_to(request.viewer).filter(disclosure__in=found)
    for made in said.select_related("child", "by", "answer__answered_by_person").order_by("at", "pk"):
        beside.setdefault(made.disclosure_id, []).append(made)
    return [_row(request, one, rules, beside.get(one.pk, [])) for one in found]


def _row(request: StaffRequest, one: Disclosure, rows: law.Law, challenges: list[Challenge]) -> Row:
    is_open = one.way == Way.OPEN and one.ended_at is None and clock.today() <= one.expires_on
    return Row(
        disclosure=one,
        kinds=kinds_in_words([item.kind for item in one.items.all() if item.kind != "claim"]),
        gate=ground_in_words(one.gate, rows, request.viewer.authority),
        ended=str(ENDED_WORDS.get(one.ended_because, "")),
        is_open=is_open,
        is_ours=one.authority_id == request.viewer.authority,
        challenges=challenges,
        digest=bytes(one.digest).hex(),
    )


def _disclosures(request: StaffRequest) -> Any:
    return (
        Disclosure.objects.visible_to(request.viewer)
        .select_related("child", "receiver__authority", "authority", "decided_by__unit", "decided_by_person", "consent")
        .prefetch_related("items")
    )


@require_http_methods(["GET", "HEAD"])
@staff
def shared(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The ledger of one child: what has been opened or handed over, to whom, on which ground."""
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer, Children.ALL), ref=ref)
    why = explain(viewer, child)
    if why is not None:
        ground(why.ground)
    number = given_page(request)
    start = (number - 1) * A_PAGE
    found = list(_disclosures(request).filter(child=child).order_by("-since", "-pk")[start : start + A_PAGE + 1])
    rows = _rows(request, found[:A_PAGE])
    consents = (
        Consent.objects.visible_to(viewer).filter(child=child).select_related("child").order_by("-asked_at", "-pk")
    )
    facts = {
        "child": child,
        "why": why,
        "open_rows": [row for row in rows if row.is_open],
        "other_rows": [row for row in rows if not row.is_open],
        "consents": list(consents[:A_PAGE]) if number == 1 else [],
        "number": number,
        "more": len(found) > A_PAGE,
        "now": clock.now(),
    }
    return page(request, "desk/ledger/shared.html", facts)


@require_http_methods(["GET", "HEAD"])
@staff
def disclosure(request: StaffRequest, ref: UUID) -> HttpResponse:
    """One row of the ledger, with what can be done with it."""
    return _show(request, get_object_or_404(_disclosures(request), ref=ref), {})


def _show(request: StaffRequest, one: Disclosure, bound: dict[str, KeyedForm]) -> HttpResponse:
    why = explain(request.viewer, one.child)
    if why is not None:
        ground(why.ground)
    consents = Consent.objects.visible_to(request.viewer)
    facts = {
        "row": _rows(request, [one])[0],
        "child": one.child,
        "why": why,
        "sees_consent": one.consent is not None and consents.filter(pk=one.consent.pk).exists(),
        "seen": _seen(request, one),
        "views": _views(request, one) if one.authority_id == request.viewer.authority else [],
        "withheld": one.told == "",
        "look_again": bound.get("tell") or bound.get("keep") or WordsForm(),
        "key_form": KeyedForm(),
        "now": clock.now(),
    }
    return page(request, "desk/ledger/disclosure.html", facts, next(iter(bound.values()), None))


def _views(request: StaffRequest, one: Disclosure) -> list[dict[str, Any]]:
    """What the child and each guardian said of it, or why not, with the names that the viewer may see."""
    refs = [view["whose"] for view in one.views if view["whose"] != "child"]
    family = Person.objects.visible_to(request.viewer).filter(ref__in=refs)
    names = {"child": one.child.name, **{str(person.ref): person.name for person in family}}
    return [
        {
            "name": names.get(view["whose"], ""),
            "said": view["said"],
            "why_not": view["not_asked_because"],
            "yes_on": date.fromisoformat(view["yes_on"]) if view.get("yes_on") else None,
        }
        for view in one.views
    ]


def _seen(request: StaffRequest, one: Disclosure) -> str:
    """What the receiver sees through this row: what is open as it stands now, a copy as it was. "" for nothing."""
    if one.way == Way.DELIVERED:
        copy = Delivery.objects.visible_to(request.viewer).filter(disclosure=one).first()
        return safe_copy(copy.rendering) if copy else ""
    if one.ended_at is not None or clock.today() > one.expires_on:
        return ""
    things = things_about(request.viewer, one.child, ref__in=[item.ref for item in one.items.all()])
    return as_received(request.viewer, one.child, things) if things else ""


@require_POST
@staff
def act(request: StaffRequest, ref: UUID, verb: str) -> HttpResponse:
    """Close what is open, or write down whether the family has been told."""
    one = get_object_or_404(_disclosures(request), ref=ref)
    form = KeyedForm(request.POST) if verb == "end" else WordsForm(request.POST)
    doing: dict[str, Callable[[], UUID]] = {
        "end": lambda: stop_sharing(request.viewer, one).ref,
        "tell": lambda: tell_family(request.viewer, one, form.cleaned_data["words"]).ref,
        "keep": lambda: keep_withheld(request.viewer, one, form.cleaned_data["words"]).ref,
    }
    if verb not in doing:
        raise Http404
    if form.is_valid() and press(request, form, doing[verb]):
        return redirect("desk:shared", one.child.ref)
    return _show(request, get_object_or_404(_disclosures(request), ref=ref), {verb: form})
