"""What a question to the family comes from: a team, a plan, an earlier question; and what that suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from samsyn.circle.models import Team, TeamState
from samsyn.circle.team_actions import units_outside
from samsyn.desk.doors import StaffRequest
from samsyn.desk.links import given_ref, read_ref
from samsyn.organisations.models import Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.people.models import Person
from samsyn.plans.models import OPEN_STATES, Plan
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.models import ChildPart, Consent, Errand

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Asking:
    """What the question comes from: a team, a plan, an earlier question, or nothing of these."""

    child: Person
    units: list[Unit]
    team: Team | None
    plan: Plan | None
    renews: Consent | None
    unit: Unit | None


def elsewhere(request: StaffRequest) -> list[Unit]:
    """The units of the partnership outside the viewer's own authority."""
    units = partner_units(request.viewer).exclude(authority=request.viewer.authority)
    return list(units.select_related("authority"))


def asking_from(request: StaffRequest, child: Person) -> Asking:
    """What the address or the sent form says that the question comes from; 404 when it is not to be seen."""
    teams = Team.objects.visible_to(request.viewer).exclude(state=TeamState.CLOSED).select_related("authority", "child")
    plans = Plan.objects.visible_to(request.viewer).filter(state__in=OPEN_STATES).select_related("authority", "child")
    earlier = Consent.objects.visible_to(request.viewer).select_related("child")
    units, wanted = elsewhere(request), given_ref(request, "unit")
    return Asking(
        child=child,
        units=units,
        unit=next((one for one in units if one.ref == wanted), None),
        team=_from(request, "team", teams, child),
        plan=_from(request, "plan", plans, child),
        renews=_from(request, "renews", earlier, child),
    )


def _from(request: StaffRequest, name: str, rows: QuerySet[M], child: Person) -> M | None:
    """What the address or the sent form says that the question comes from; 404 when it is not to be seen."""
    sent = request.POST.get(name, "") if request.method == "POST" else ""
    ref = read_ref(sent) if sent else given_ref(request, name)
    return get_object_or_404(rows, ref=ref, child=child) if ref else None


def suggested(asking: Asking) -> dict[str, Any]:
    """What stands in the form before somebody writes: all that is known of what the question comes from."""
    tongues = [code for row in guardians_today(asking.child) for code in row.guardian.languages]
    suggested: dict[str, Any] = {"language": tongues[0] if tongues else "sv", "child_part": ChildPart.HEARD}
    if asking.renews is not None:
        return {**suggested, **_as_before(asking.renews)}
    if asking.team is not None:
        outside = [str(row.unit.ref) for row in units_outside(asking.team, asking.team.authority)]
        facts = {"errand": Errand.TEAM, "kinds": ["circle", "plan"], "receivers": outside}
        return {**suggested, **facts, "team": asking.team.ref, "purpose": asking.team.purpose}
    if asking.plan is not None:
        return {**suggested, "errand": Errand.PLAN, "plan": asking.plan.ref, "purpose": asking.plan.heading}
    if asking.unit is not None:
        return {**suggested, "errand": Errand.HELP, "kinds": ["request"], "receivers": [str(asking.unit.ref)]}
    return suggested


def _as_before(earlier: Consent) -> dict[str, Any]:
    """An earlier question, to be asked anew, without what the family wanted left out of it then."""
    return {
        "renews": earlier.ref,
        "errand": earlier.errand,
        "purpose": earlier.purpose,
        "things": [str(one.ref) for one in earlier.items.all()],
        "receivers": [str(unit.ref) for unit in earlier.receivers.all()],
        **_left_out(earlier),
        "child_part": earlier.child_part,
        "child_reason": earlier.child_reason,
        "measure": earlier.measure,
        "language": earlier.language,
    }


def _left_out(earlier: Consent) -> dict[str, Any]:
    """What the question and each yes to a part left out, as the form can say it: rather more than less of it."""
    limits = list(earlier.limits.select_related("unit", "authority").order_by("pk"))
    whom = list(dict.fromkeys(str(one.ref) for limit in limits if (one := limit.unit or limit.authority)))
    to_them = {limit.kind for limit in limits if limit.unit or limit.authority}
    to_nobody = {limit.kind for limit in limits if limit.kind and not limit.unit and not limit.authority}
    not_kinds = (set() if "" in to_them else to_them) if whom else to_nobody
    return {
        "kinds": [kind for kind in earlier.kinds if not whom or kind not in to_nobody],
        "not_to": whom,
        "not_kinds": sorted(not_kinds),
        "exceptions": "\n".join(filter(None, [earlier.exceptions, *(limit.words for limit in limits)])),
    }
