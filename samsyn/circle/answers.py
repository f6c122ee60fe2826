"""What the circle answers to lower rooms that ask upwards (``common/ports.py``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from samsyn.circle.actions import current_named_person
from samsyn.circle.coming_back import comes_back, out_of_sight
from samsyn.circle.leading import leads_come_back, take_back_unread
from samsyn.circle.models import Handover, HandoverState, Membership, NamedPerson, Team, TeamState
from samsyn.circle.teams import lead_of, unread_memberships
from samsyn.circle.two_teams import look_for_two
from samsyn.common.ports import Hanging, Resting
from samsyn.common.viewer import Viewer
from samsyn.duties.models import HangsOn
from samsyn.people.models import Person
from samsyn.sharing.models import Consent
from samsyn.sharing.words import LOOK_AT_YES


def hangs_on_post(post_id: int) -> Iterator[Hanging]:
    """The children it is the named person of, the teams it leads or is in, the offers that it has to answer."""
    for ref in NamedPerson.objects.filter(post_id=post_id, until=None).values_list("ref", flat=True):
        yield Hanging("circle", "named_person", ref, _("The post is the named person of a child."))
    for ref in Membership.objects.filter(post_id=post_id, is_lead=True, until=None).values_list("team__ref", flat=True):
        yield Hanging("circle", "team", ref, _("The post leads a team around a child."))
    beside = Membership.objects.filter(post_id=post_id, is_lead=False, until=None)
    beside = beside.exclude(team__state=TeamState.CLOSED).exclude(pk__in=unread_memberships([post_id]))
    for ref in beside.values_list("ref", flat=True):
        yield Hanging("circle", "membership", ref, _("The post is in a team around a child."))
    offered = Handover.objects.filter(to_post_id=post_id, state=HandoverState.PROPOSED)
    for ref in offered.values_list("ref", flat=True):
        yield Hanging("circle", "handover", ref, _("An offer to take over waits for an answer from the post."))


def rests_on_a_yes() -> Iterator[QuerySet[Any, Any]]:
    """The consents of teams at work, and of offers to take over that nobody has answered."""
    yield Team.objects.filter(state=TeamState.ACTIVE, consent__isnull=False).values("consent")
    yield Handover.objects.filter(state=HandoverState.PROPOSED, consent__isnull=False).values("consent")


def less_is_open(viewer: Viewer, child_id: int) -> Iterator[Resting]:
    """Whoever leads a team that it may not read any longer gives it back, and the named person what it has to do with
    one; who read two teams may read one. An offer that cannot be read is taken back.
    """
    child = Person.objects.get(pk=child_id)
    for handover in take_back_unread(viewer, child):
        yield Resting("handover", handover.ref, handover.from_post_id)
    for team, before in leads_come_back(viewer, child):
        yield Resting("team", team.ref, before.pk, closed=True)
        yield Resting("team", team.ref, lead_of(team).post_id)
    for team in _unread_by_named_person(child):
        yield Resting("team", team.ref, comes_back(team).pk)
    look_for_two(child)


def yes_ended(viewer: Viewer, consent_id: int) -> Iterator[Resting]:
    """What was offered on the yes is taken back. Who leads a team looks at what now happens with the family.

    A lead that can no longer read about the team has given it back before that.
    """
    child = Consent.objects.select_related("child").get(pk=consent_id).child
    for handover in take_back_unread(viewer, child):
        yield Resting("handover", handover.ref, handover.from_post_id)
    for team, before in leads_come_back(viewer, child):
        yield Resting("team", team.ref, before.pk, closed=True)
    for team in Team.objects.filter(consent=consent_id, state=TeamState.ACTIVE).order_by("pk"):
        yield Resting("team", team.ref, lead_of(team).post_id, LOOK_AT_YES, HangsOn.LEAD)
    for team in _unread_by_named_person(child):  # it went along with the child on this yes
        yield Resting("team", team.ref, comes_back(team).pk, LOOK_AT_YES, HangsOn.POST)
    look_for_two(child)


def _unread_by_named_person(child: Person) -> list[Team]:
    """The teams that the child's named person has something to do with, and may not read where it is."""
    named = current_named_person(child)
    return list(out_of_sight(child, named.post)) if named is not None else []
