"""What a disclosure rests on: the gate with all that its row of law wants written down, or the family's yes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.decision import Decision
from samsyn.organisations.models import Authority, Unit
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Person
from samsyn.sharing import rules
from samsyn.sharing.actions.deciding import consent_reaches
from samsyn.sharing.models import Consent, ConsentForm, ConsentStep, ToldHow, Way


@dataclass(frozen=True)
class Sharing:
    """What a disclosure rests on, as chosen on the screen: one gate, the purpose, and what the family was told.

    ``needed_because``, ``not_less_because``: may be empty only where the family's yes says so. ``told_on``,
    ``told_how``: when and how, if not said today and in the form of the yes, else in a talk. ``rendering``: what the
    receiver will see, as it was shown. ``recorded``: what else the gate's row of law wants, by the word it uses.
    ``decided_by``: post and person (row ids) that decided, when it is carried out later by somebody else's act.
    """

    gate: str
    purpose: str
    needed_because: str = ""
    not_less_because: str = ""
    views: tuple[rules.View, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    told_on: date | None = None
    told_how: str = ""
    withheld_because: str = ""
    consent: Consent | None = None
    way: Way = Way.OPEN
    rendering: str = ""
    expires_on: date | None = None
    decided_by: tuple[int, int] | None = None


def is_recorded(ground: Sharing, today: date) -> Decision:
    """Is what the gate's row of law wants written down there."""
    row = law.on(today).row(ground.gate)
    return rules.is_recorded(
        gate=ground.gate,
        wanted=row.record if isinstance(row, law.Gate) else (),
        needed_because=ground.needed_because,
        not_less_because=ground.not_less_because,
        recorded=ground.recorded,
        on=today,
    )


def views_on(ground: Sharing, child: Person, sender: Authority) -> tuple[rules.View, ...]:
    """What the child and each guardian say of it: as a page has asked, else what the yes itself and the talk before it
    tell. So also where a team, a plan or a hand-over opens something, and no page asks anew."""
    consent, asked = ground.consent, {view.whose for view in ground.views}
    if ground.gate != "consent" or consent is None or asked - {"child"}:
        return ground.views
    answers = consent.answers.select_related("giver").order_by("id")
    newest = {answer.giver_id: answer for answer in answers}
    given = [answer for answer in newest.values() if answer.step == ConsentStep.GIVEN]
    views = [rules.View(_whose(answer.giver, child), yes_on=_day(answer.at)) for answer in given]
    waived = consent.waivers.exclude(guardian__in=[answer.giver_id for answer in given]).select_related("guardian")
    views += [rules.View(_whose(one.guardian, child), not_asked_because=one.reason) for one in waived.order_by("id")]
    own = [view for view in views if view.whose == "child"] or list(ground.views)
    others = [view for view in views if view.whose != "child"]
    return (*(own or [rules.View("child", *ports.child_said(child.pk, sender.pk))]), *others)


def _whose(person: Person, child: Person) -> str:
    return "child" if person == child else str(person.ref)


def _day(at: datetime) -> str:
    return at.astimezone(clock.STOCKHOLM).date().isoformat()


def telling(ground: Sharing, sender: Authority, today: date) -> dict[str, Any]:
    """What the family was told, when and how; or why not, and the day to look again."""
    if not ground.told:
        again = deadline_for(sender.pk, "recheck_withheld_notice", today).latest_day
        return {"withheld_because": ground.withheld_because, "look_again_on": again}
    in_writing = ground.consent is not None and ground.consent.form != ConsentForm.ORAL
    return {
        "told": ground.told,
        "told_on": ground.told_on or today,
        "told_how": ground.told_how or (ToldHow.WRITING if in_writing else ToldHow.TALK),
    }


def consent_for(
    ground: Sharing, child: Person, sender: Authority, receiver: Unit, opened: Iterable[tuple[str, UUID]]
) -> Decision | None:
    """Does the yes that the ground names cover opening these items to the receiver; None when it names none."""
    consent = ground.consent
    if consent is None:
        return None
    # Held until the row is written: a yes that is taken back at the same time comes before this or after it.
    Consent.objects.select_for_update().get(pk=consent.pk)
    return consent_reaches(consent, child, sender, receiver, opened)
