"""Two teams at work around one child: whoever leads one of them and reads the other is to see that they become one.

Each authority may have a team of its own, since it may not know of another's. Nobody is told of one by this: who leads
gets the duty only while the other team can be read from its post.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from django.db import IntegrityError, transaction

from samsyn.circle.models import Membership, TeamState
from samsyn.circle.teams import KIND
from samsyn.circle.words import MAKE_ONE
from samsyn.common import clock
from samsyn.duties.actions import drop_duties, open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.people.models import Person
from samsyn.sharing.predicate import items_open_to


def look_for_two(child: Person) -> None:
    """Open the duty for each lead that reads another team, once; end it where there is nothing to make one any longer.

    Call it when who reads what around the child has changed: a team, its members, its lead, its yes, or what
    rests on the yes.
    """
    at_work = Membership.objects.filter(child=child, team__state=TeamState.ACTIVE, is_lead=True, until=None)
    leads = list(at_work.select_related("team", "post__unit").order_by("team"))
    two = [lead for lead in leads if len(leads) > 1 and _reads_two(lead, leads)]
    open_now = Duty.objects.filter(child=child, what=MAKE_ONE, state=DutyState.OPEN)
    refs = [lead.team.ref for lead in two]
    drop_duties(open_now.exclude(object_ref__in=refs))
    told = set(open_now.values_list("object_ref", flat=True)) if two else set()
    for lead in two:
        if lead.team.ref not in told:
            _open(child, lead)


def _reads_two(lead: Membership, leads: Sequence[Membership]) -> bool:
    """Does the lead's post read its own team, and another one that is at work: as its authority's, or as opened to it.

    Being in a team does not tell that one reads it: the yes may have been taken back.
    """
    unit = lead.post.unit
    refs = [one.team.ref for one in leads]
    opened = items_open_to(unit.pk, unit.authority_id, clock.now(), KIND).filter(ref__in=refs)
    to_unit = set(opened.values_list("ref", flat=True))
    read = {one.team_id for one in leads if one.authority_id == unit.authority_id or one.team.ref in to_unit}
    return lead.team_id in read and len(read) > 1


def _open(child: Person, lead: Membership) -> None:
    with suppress(IntegrityError), transaction.atomic():  # somebody else has opened it meanwhile: one is enough
        open_duty(
            lead.post,
            MAKE_ONE,
            child=child,
            room="team",
            object_ref=lead.team.ref,
            rule=MAKE_ONE,
            start=clock.now(),
            hangs_on=HangsOn.LEAD,
        )
