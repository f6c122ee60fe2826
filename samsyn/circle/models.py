"""The circle: the named person, the team with exactly one lead, the family's wish, and hand-overs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from samsyn.common.keeping import InFile, Kept
from samsyn.common.models import Referenced, Seen, SeenByChild, ToFamily
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.sharing.models import Consent


class Stage(models.TextChoices):
    """Where in childhood the named person comes from (Kronobarnsmodellen)."""

    UNBORN = "unborn", gettext_lazy("before birth: the midwife")
    CHILD_HEALTH = "child_health", gettext_lazy("until förskoleklass: the nurse at BVC")
    SCHOOL = "school", gettext_lazy("from förskoleklass to 18: the headteacher")
    ACTIVITY = "activity", gettext_lazy("outside upper secondary school: KAA")


class NamedPerson(Referenced):
    """That a post is the child's named person (trygghetsperson), since and until. One at a time, without gaps."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByChild(kind="circle", family=ToFamily(only=Q(until=None), by_default=Q()))
    kept: ClassVar[Kept] = InFile(open_in_childhood=Q(until=None))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["child"], condition=Q(until=None), name="one_named_person_at_a_time"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="named_person_interval"),
        )
        indexes = (models.Index(fields=["post"], condition=Q(until=None), name="named_person_by_post"),)


class TeamState(models.TextChoices):
    """States of a team; the table of steps is in rules.py."""

    PROPOSED = "proposed", gettext_lazy("proposed, waiting for the family")
    ACTIVE = "active", gettext_lazy("at work")
    CLOSED = "closed", pgettext_lazy("team", "closed")


class Team(Referenced):
    """An authority's team around one child. Open teams have exactly one lead, who is a member.

    One open a child and authority, and not a child: another authority's may be hidden from whoever begins one.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=TeamState.choices, default=TeamState.PROPOSED)
    purpose = models.TextField()
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    child_view = models.TextField(blank=True)
    lead_wish = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByChild(kind="circle", family=ToFamily(by_default=Q(state__in=("active", "closed"))))
    kept: ClassVar[Kept] = InFile(open_while=~Q(state="closed"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "authority"], condition=~Q(state="closed"), name="one_open_team_an_authority"
            ),
        )


class Membership(Referenced):
    """That a post is in the team: on which ground, since, until; and whether it leads."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=60)
    is_lead = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByChild(
        kind="circle",
        item="team__ref",
        family=ToFamily(only=Q(until=None), by_default=Q(team__state="active")),
    )
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team"], condition=Q(is_lead=True, until=None), name="one_lead_a_team"),
            models.UniqueConstraint(fields=["team", "post"], condition=Q(until=None), name="member_once_at_a_time"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="membership_interval"),
        )


class HandoverKind(models.TextChoices):
    """What is handed over."""

    NAMED_PERSON = "named_person", gettext_lazy("being the named person")
    LEAD = "lead", gettext_lazy("leading the team")


class HandoverState(models.TextChoices):
    """States of a hand-over. Nothing moves before accepted."""

    PROPOSED = "proposed", gettext_lazy("offered, not answered")
    ACCEPTED = "accepted", gettext_lazy("taken over")
    REJECTED = "rejected", gettext_lazy("declined")
    WITHDRAWN = "withdrawn", gettext_lazy("taken back")


class Handover(Referenced):
    """The baton: it is offered, and it moves only when the receiver says yes.

    Owned by the authority that the responsibility lies with when it is offered (for a lead: the team's).
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=HandoverKind.choices)
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.PROPOSED)
    from_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    note = models.TextField()
    family_wish = models.TextField(blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByChild(kind="circle")
    kept: ClassVar[Kept] = InFile(open_while=Q(state="proposed"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "authority", "kind"], condition=Q(state="proposed"), name="one_open_handover_a_thing"
            ),
            models.CheckConstraint(condition=~Q(from_post=F("to_post")), name="nobody_hands_over_to_itself"),
            models.CheckConstraint(condition=~Q(note=""), name="handover_has_a_note"),
            models.CheckConstraint(condition=~Q(state="rejected") | ~Q(answer=""), name="declined_handover_says_why"),
        )


class Relation(Referenced):
    """Somebody around the child who gets no information: a sibling without rows here, a coach, a grandmother."""

    LONGEST_NAME, LONGEST_WORD = 100, 60

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    relation = models.CharField(max_length=LONGEST_WORD)
    place = models.CharField(max_length=LONGEST_WORD, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByChild(kind="circle")
    kept: ClassVar[Kept] = InFile()
