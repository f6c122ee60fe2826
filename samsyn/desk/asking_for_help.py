"""Asking another unit for help: first whom, then what they will see and on which ground, then it is sent."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.actions import named_post_for
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.viewer import Viewer
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.letters import letter
from samsyn.desk.request_forms import RequestForm, UnitForm
from samsyn.desk.views_known import views_known
from samsyn.early_signals.actions import asking_lies_with, send_request
from samsyn.early_signals.actions.stuck import declined_by
from samsyn.early_signals.area_words import areas_of
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import OPEN_SIGN
from samsyn.law.words import paragraph, sentence
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, consent_stands, guardians_today, newest_consent, possible_gates
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain
from samsyn.sharing.rules import View


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for help about a child: first whom, then what they will see, then send.

    A form with ``look`` only shows its texts as they will be read, and sends nothing.
    """
    viewer = request.viewer
    child = get_object_or_404(Person.objects.visible_to(viewer), ref=ref)
    why = explain(viewer, child)
    if why is None or why.rule != "own_authority":
        raise Http404
    sign = _sign(request, child)
    named = named_post_for(child)
    mine = asking_lies_with(viewer, child, sign, named.pk if named else None)
    if not mine.allowed and request.method != "POST":  # what is sent all the same is refused with all that was typed
        who = attendance([named], clock.now()).present_name(named) if named else ""
        return page(request, "desk/requests/not_yours.html", {"child": child, "mine": mine, "who": who})
    units = list(partner_units(viewer))
    unit = _chosen(request, units)
    facts: dict[str, Any] = {"child": child, "sign": sign, "units": units, "unit": unit}
    facts["declined"] = declined_by(child, sign) if sign else {}
    if unit is None:
        return page(request, "desk/requests/whom.html", facts)
    gates, consent, stands = _grounds(request, child, unit, mine)
    letter_read = _letter(sign) if sign else SafeString()
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        gates=[(row["id"], row["words"]) for row in gates],
        with_sign=sign is not None,
        sender=int(viewer.authority or 0),
        initial={"gate": gates[0]["id"] if gates else ""},
    )
    looks = "look" in request.POST
    told = {**form.cleaned_data} if form.is_bound and form.is_valid() else {}
    if told and not looks:
        views = _views(request, child, sign, told, consent) if gates else ()
        rests_on = _rests_on(told, consent, _as_received(told, letter_read), views) if gates else None
        done = press(request, form, partial(_sent, viewer, child, sign, unit, told, rests_on))
        if done:
            return redirect("desk:request", done)
    facts.update(gates=gates, mine=mine, consent=consent, stands=stands, letter=letter_read, **_preview(told))
    if looks and told and request.headers.get("HX-Request") == "true":
        return page(request, "desk/requests/_preview.html", facts)
    return page(request, "desk/requests/new.html", facts, form)


def _sent(
    viewer: Viewer, child: Person, sign: Sign | None, unit: Unit, told: dict[str, Any], ground: Sharing | None
) -> UUID:
    return send_request(
        viewer,
        child,
        sign,
        unit,
        wanted=told["wanted"],
        background=told["background"],
        includes_sign=told.get("includes_sign", False),
        ground=ground,
    ).ref


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
    request: StaffRequest, child: Person, unit: Unit, mine: Decision
) -> tuple[list[dict[str, Any]], Consent | None, Decision | None]:
    """The gates that can hold, with the consent that is there; nothing inside the own authority.

    Only those with whom it lies to ask are told what the family has answered.
    """
    if unit.authority_id == request.viewer.authority:
        return [], None, None
    own = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    rows = law.on(clock.today())
    found = [rows.row(one) for one in possible_gates(child, own.authority, unit)]
    gates = [{"id": r.id, "words": sentence(r), "paragraph": paragraph(r)} for r in found]
    consent = newest_consent(child, own.authority.pk, unit) if mine.allowed else None
    return gates, consent, consent_stands(consent) if consent else None


def _letter(sign: Sign) -> SafeString:
    """The sign as the receiver will read it: shown before it is sent, and part of what the ledger keeps a digest of."""
    return render_to_string(
        "desk/signs/_letter.html", letter(sign, guardians_today(sign.child), areas_of(sign.authority_id))
    )


def _as_received(told: dict[str, Any], letter_read: SafeString) -> SafeString:
    """What the receiver will read, by the code that shows it to the receiver."""
    return _texts(told) + letter_read if told.get("includes_sign") else _texts(told)


def _preview(told: dict[str, Any]) -> dict[str, Any]:
    """The texts as the receiver will read them, once there is one."""
    if not told.get("wanted") and not told.get("background"):
        return {}
    return {"seen": _texts(told), "with_sign": told.get("includes_sign")}


def _texts(told: dict[str, Any]) -> SafeString:
    return render_to_string("desk/requests/_asked.html", {"asked": told})


def _views(
    request: StaffRequest, child: Person, sign: Sign | None, told: dict[str, Any], consent: Consent | None
) -> tuple[View, ...]:
    """What the child and each guardian say of it, as far as a talk, the sign or their yes tells."""
    people = {"child": child, **{str(row.guardian.ref): row.guardian for row in guardians_today(child)}}
    rests_on = consent if told["gate"] == "consent" else None
    spoken = [sign.child_words] if sign is not None else []
    nobody = _("Not asked before help was asked for.")
    return tuple(
        one if one.said or one.not_asked_because else View(one.whose, not_asked_because=nobody)
        for one in views_known(request, child, people, consent=rests_on, spoken=spoken)
    )


def _rests_on(told: dict[str, Any], consent: Consent | None, rendering: str, views: tuple[View, ...]) -> Sharing:
    return Sharing(
        gate=told["gate"],
        purpose=told["wanted"],
        needed_because=told["needed_because"],
        not_less_because=told["not_less_because"],
        views=views,
        rendering=rendering,
        told=told["told"],
        told_how=told["told_how"] if told["told"] else "",
        withheld_because=told["withheld"],
        consent=consent if told["gate"] == "consent" else None,
    )
