"""Who answers for what: principals, authorities, units, posts, who holds and covers them, and the partnership."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import Kept, Stays
from samsyn.common.models import NeverShown, Public, Referenced, Seen
from samsyn.people.models import Person


class PrincipalKind(models.TextChoices):
    """Kind of principal (huvudman)."""

    MUNICIPALITY = "municipality", gettext_lazy("municipality")
    REGION = "region", gettext_lazy("region")
    STATE = "state", gettext_lazy("state")


class Sphere(models.TextChoices):
    """The sphere of confidentiality that an authority's work belongs to (OSL 23, 25 and 26 kap.).

    The values are those of ``law.Sphere``.
    """

    SCHOOL = "school", gettext_lazy("school")
    SCHOOL_HEALTH = "school_health", gettext_lazy("school health, medical")
    PUPIL_SUPPORT = "pupil_support", gettext_lazy("pupil support")
    PRESCHOOL = "preschool", gettext_lazy("preschool")
    LEISURE = "leisure_centre", gettext_lazy("leisure centre")
    COUNSELLING = "family_counselling", gettext_lazy("family counselling")
    SOCIAL = "social_services", gettext_lazy("social services")
    HEALTH = "health_care", gettext_lazy("health care")
    POLICE = "police", gettext_lazy("police")
    OTHER = "other_authority", gettext_lazy("other")


class Principal(Referenced):
    """A municipality, a region or the state. ``code`` is the official code: four digits, two for a region."""

    kind = models.CharField(max_length=12, choices=PrincipalKind.choices)
    code = models.CharField(max_length=4)
    name = models.CharField(max_length=120)

    seen: ClassVar[Seen] = Public(to_everyone=True)
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "code"], name="principal_once"),)


class Authority(Referenced):
    """A board (nämnd): one area of confidentiality, even inside one municipality (OSL 8:1).

    ``board``: name of the board that it is an independent part of, and so an area of its own (OSL 8:2); empty for a
    board that is one area.
    """

    principal = models.ForeignKey(Principal, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    sphere = models.CharField(max_length=20, choices=Sphere.choices)
    board = models.CharField(max_length=160, blank=True)
    source_id = models.CharField(max_length=80, blank=True)

    seen: ClassVar[Seen] = Public(to_everyone=True)
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["principal", "name"], name="authority_once"),)

    def shares_board_with(self, other: Authority) -> bool:
        """Are both parts of one board, or one of them the board itself."""
        return self.principal_id == other.principal_id and (self.board or self.name) == (other.board or other.name)


class UnitKind(models.TextChoices):
    """What a unit is, as far as a rule asks for it."""

    SCHOOL = "school", gettext_lazy("school")
    PRESCHOOL = "preschool", gettext_lazy("preschool")
    CHILD_HEALTH = "child_health", gettext_lazy("child health centre")
    MATERNITY = "maternity", gettext_lazy("maternity care")
    SOCIAL_RECEPTION = "social_reception", gettext_lazy("social services, reception")
    SOCIAL_SUPPORT = "social_support", gettext_lazy("social services, support")
    ACTIVITY = "activity", gettext_lazy("municipal activity responsibility")
    CARE = "care", gettext_lazy("care")
    HOSPITAL = "hospital", gettext_lazy("hospital")
    POLICE = "police", gettext_lazy("police")
    DUTY_DESK = "duty_desk", gettext_lazy("duty desk")
    OTHER = "other", gettext_lazy("other")


class Unit(Referenced):
    """A workplace in an authority. ``path`` holds the ids from the top down to itself, as "/3/17/".

    ``closing_since``: when it was said that it is to end; from then on nothing new is sent there. ``waits_for``: row
    ids of its posts on which something hung when it was last looked. ``ended_on``: its last day.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=18, choices=UnitKind.choices, default=UnitKind.OTHER)
    telephone = models.CharField(max_length=40, blank=True)
    telephone_hours = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=400, blank=True)
    source_id = models.CharField(max_length=80)
    closing_since = models.DateTimeField(null=True)
    waits_for = models.JSONField(default=list)
    ended_on = models.DateField(null=True)

    seen: ClassVar[Seen] = Public(to_everyone=True)
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source_id"], name="unit_once"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(closing_since__isnull=False), name="unit_closes_before_it_ends"
            ),
        )
        indexes = (models.Index(fields=["name"]),)

    def __str__(self) -> str:
        return self.name

    @property
    def ids_upwards(self) -> tuple[int, ...]:
        """Own id and those above, nearest first."""
        return tuple(int(part) for part in reversed(self.path.strip("/").split("/")) if part) or (self.pk,)


class PostRole(models.TextChoices):
    """What a post does, as far as a rule asks for it."""

    NAMED_PERSON = "named_person", gettext_lazy("named person for the unit's children")
    INTAKE = "intake", gettext_lazy("answers requests to the unit")
    HEAD = "head", gettext_lazy("head of the unit")
    DUTY_DESK = "duty_desk", gettext_lazy("duty desk, always staffed")
    STAFF = "staff", gettext_lazy("member of staff")


class Post(Referenced):
    """A place of work that outlives its holders. All responsibility sits on a post, never on a person."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    role = models.CharField(max_length=14, choices=PostRole.choices, default=PostRole.STAFF)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    source_id = models.CharField(max_length=80)

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["source_id"], name="post_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(role="named_person", ended_on=None), name="one_named_person_post_a_unit"
            ),
        )


class Holding(Referenced):
    """That a member of staff holds a post, from a day to a day (both included)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post"], condition=Q(until=None), name="one_open_holding_a_post"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="holding_interval"),
        )
        indexes = (models.Index(fields=["person", "until"]),)


class Absence(Referenced):
    """That a member of staff is away, from a day to a day (both included). No reason is kept."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="absence_interval"),
        )
        indexes = (models.Index(fields=["person", "until"]),)


class Cover(Referenced):
    """That one post answers for another while its holder is away, from a day to a day (both included)."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="covers")
    covered_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(post=F("covered_by")), name="no_post_covers_itself"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="cover_interval"),
        )


class Partnership(Referenced):
    """An agreement between parties, decided from the top: vision, common goals, clocks and words."""

    name = models.CharField(max_length=160)
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    vision = models.TextField(blank=True)
    parties = models.ManyToManyField(Authority, related_name="+")

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")


class CommonGoal(Referenced):
    """One of the partnership's common goals; ``key`` names its mark in the pictures."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="goals")
    key = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    names = models.JSONField()

    seen: ClassVar[Seen] = Public()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["partnership", "key"], name="common_goal_once"),)


class LocalClock(models.Model):
    """A shorter time that the partnership has decided for a local clock of the law room."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="clocks")
    rule = models.CharField(max_length=60)
    value = models.PositiveSmallIntegerField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partnership", "rule"], name="local_clock_once"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.value}"


class LocalLabel(models.Model):
    """The partnership's own word for a role or a tool, in one language."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="labels")
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    text = models.CharField(max_length=80)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("about those who work, not about a child")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["partnership", "key", "language"], name="label_once"),)

    def __str__(self) -> str:
        return self.text
