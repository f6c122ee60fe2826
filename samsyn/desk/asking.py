"""Asking the family: the question, filled in as far as it can be, and nothing asked where a no would change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.models import TeamState
from samsyn.circle.seats import seats_around
from samsyn.circle.team_actions import rest_team_on
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.desk.asking_occasion import Asking, asking_from, suggested
from samsyn.desk.consent_forms import AskForm, longest_day, usual_day
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.early_signals.models import Request, Sign
from samsyn.look.dates import day as day_words
from samsyn.organisations.models import Authority, Unit
from samsyn.organisations.partnerships import deadlines_for
from samsyn.people.models import Person
from samsyn.sharing.actions import ask_consent, gates_without_a_yes, guardians_today
from samsyn.sharing.models import ChildPart, Errand

OFFERED = 10  # single things of a kind to choose among; older ones are asked about by their kind


@dataclass(frozen=True)
class OtherGround:
    """An authority that could be told without a yes, and the row of law that says so."""

    authority: Authority
    rule: law.Row


@dataclass(frozen=True)
class Telling:
    """What the family is to be told instead of asked: what is shared, with whom, by which row of law (its id), and by
    when whoever decided must have answered, if somebody in the family says today that it is wrong."""

    kinds: list[str]
    whom: list[str]
    rule: str
    answer_by: date


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def new(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for consent."""
    child = child_of(request, ref, followed=True)
    asking = asking_from(request, child)
    others = _other_grounds(request, asking)
    longest = longest_day(int(request.viewer.authority or 0))
    form = AskForm(
        request.POST if request.method == "POST" else None,
        units=asking.units,
        things=_things(request, child),
        told_anyway={one.authority.pk for one in others},
        around={seat.unit_id for seat in seats_around(request.viewer, child.pk)},
        initial={"until": usual_day(longest), **suggested(asking)},
    )
    if request.method == "POST" and form.is_valid():
        done = press(request, form, lambda: _asked(request, asking, form))
        if done:
            return redirect("desk:consent", done)
    grown, guardians = _age_applies("custody_until", child) is False, guardians_today(child)
    facts = {
        "child": child,
        "nobody": not guardians and not grown,
        "team": asking.team,
        "plan": asking.plan,
        "renews": asking.renews,
        "others": others,
        "longest": longest,
        "weighed": _weighed(child),
        "grown": not guardians and grown,
        "shared_anyway": _told_instead(request, others, form),
    }
    return page(request, "desk/consents/new.html", facts, form)


def _told_instead(request: StaffRequest, others: list[OtherGround], form: AskForm) -> Telling | None:
    """What to tell, when the question is refused because it is shared whatever the answer."""
    refused: Decision | None = getattr(request, "refused", None)
    told = {one.authority.pk for one in others if refused is not None and one.rule.id == refused.rule}
    if refused is None or not told:
        return None
    # As it was sent: what a field is refused for is not among what the form has cleaned.
    chosen = [form.units[ref] for ref in form["receivers"].value() if ref in form.units]
    whom = [f"{unit.name}, {unit.authority.name}" for unit in chosen if unit.authority_id in told]
    single = [form.single[ref][0] for ref in form["things"].value() or () if ref in form.single]
    by = deadlines_for("answer_challenge", [(int(request.viewer.authority or 0), clock.now())])[0].latest_day
    return Telling([*(form["kinds"].value() or ()), *single], whom, refused.rule, by)


def _age_applies(row: str, child: Person) -> bool | None:
    """Does the row of age hold for the child today; None when the birth date is not known."""
    return None if child.birth_date is None else law.on(clock.today()).age_applies(row, child.birth_date)


def _weighed(child: Person) -> bool:
    """Is the child of an age where its part in the answer is always decided and written down."""
    return bool(_age_applies("child_weighed_from", child)) and bool(_age_applies("custody_until", child))


def _things(request: StaffRequest, child: Person) -> list[tuple[str, UUID, str]]:
    """The single things of the own authority that could be asked about instead of all of their kind."""
    viewer, found = request.viewer, []
    signs = Sign.objects.visible_to(viewer).filter(child=child, authority=viewer.authority, sent_at__isnull=False)
    for sign in signs.select_related("child").order_by("-pk")[:OFFERED]:
        found.append(("sign", sign.ref, _("Early sign, %(day)s") % {"day": day_words(sign.sent_at or clock.now())}))
    asked = Request.objects.visible_to(viewer).filter(child=child, authority=viewer.authority)
    for one in asked.select_related("child", "to_unit").order_by("-pk")[:OFFERED]:
        facts = {"unit": one.to_unit.name, "day": day_words(one.sent_at)}
        found.append(("request", one.ref, _("Request for help to %(unit)s, %(day)s") % facts))
    return found


def _asked(request: StaffRequest, asking: Asking, form: AskForm) -> UUID:
    told = form.cleaned_data
    consent = ask_consent(
        request.viewer,
        asking.child,
        errand=told["errand"] or Errand.OTHER,
        purpose=told["purpose"],
        kinds=told["kinds"],
        items=form.only(),
        receivers=form.chosen(),
        left_out=form.left_out(),
        exceptions=told["exceptions"],
        child_part=told["child_part"] or ChildPart.HEARD,
        child_reason=told["child_reason"],
        measure=told["measure"] or law.Measure.SHARING,
        needed_anyway=told["needed_anyway"] == "yes",
        since=told["since"],
        until=told["until"],
        form=told["form"],
        language=told["language"],
        renews=asking.renews,
    )
    if asking.team is not None and asking.team.state == TeamState.PROPOSED:
        rest_team_on(request.viewer, asking.team, consent)
    return consent.ref


def _other_grounds(request: StaffRequest, asking: Asking) -> list[OtherGround]:
    """The authorities that the law lets one tell without a yes, because the child is young: there, a no changes little.

    Never ask where you will share whatever the answer is (Christian Institute [2016] UKSC 51, and house rule).
    """
    own = Unit.objects.visible_to(request.viewer).select_related("authority").get(ref=request.viewer.unit_ref)
    rows = law.on(clock.today())
    by_authority: dict[Authority, Unit] = {unit.authority: unit for unit in reversed(asking.units)}
    return [
        OtherGround(authority, rows.row(gate))
        for authority, unit in by_authority.items()
        for gate in gates_without_a_yes(asking.child, own.authority, unit)
    ]
