"""The one plan: needs, goals and actions, everybody's own view beside it, versions, reviews and the wellbeing wheel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from samsyn.circle.models import Team
from samsyn.common.keeping import InFile, Kept, PartOf
from samsyn.common.models import Referenced, Seen, SeenByChild, ToFamily
from samsyn.early_signals.models import Area
from samsyn.organisations.models import Authority, CommonGoal, Post
from samsyn.people.models import Person
from samsyn.sharing.models import Consent


class PlanState(models.TextChoices):
    """States of a plan; the table of steps is in rules.py."""

    DRAFT = "draft", gettext_lazy("being written")
    OFFERED = "offered", gettext_lazy("offered to the family")
    ACTIVE = "active", gettext_lazy("in force")
    IN_REVIEW = "in_review", gettext_lazy("being reviewed")
    DECLINED = "declined", gettext_lazy("the family said no")
    CLOSED = "closed", gettext_lazy("closed")


SHOWN_STATES = ("offered", "active", "in_review", "declined", "closed")
"""The family sees a plan from the day it is offered: before that it is being written."""
TO_FAMILY = ToFamily(only=Q(plan__state__in=SHOWN_STATES), by_default=Q())
OPEN_STATES = (PlanState.DRAFT, PlanState.OFFERED, PlanState.ACTIVE, PlanState.IN_REVIEW)
IN_FORCE = (PlanState.ACTIVE, PlanState.IN_REVIEW)


class Plan(Referenced):
    """A team's one plan for the child. Owned by the team's authority, opened to the team by disclosure.

    ``agreed_number`` counts agreed versions; ``version`` counts every change, so that two writers see each other.
    ``consent`` is the family's yes that the plan rests on while it is in force.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    heading = models.CharField(max_length=200)
    review_on = models.DateField(null=True)
    agreed_number = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    how_to_reach_us = models.TextField(blank=True)

    seen: ClassVar[Seen] = SeenByChild(kind="plan", family=ToFamily(only=Q(state__in=SHOWN_STATES), by_default=Q()))
    kept: ClassVar[Kept] = InFile(open_while=Q(state__in=("draft", "offered", "active", "in_review")))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["team"], condition=~Q(state__in=["closed", "declined"]), name="one_open_plan_a_team"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "in_review"]) | Q(review_on__isnull=False),
                name="plan_in_force_has_a_review_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "in_review"]) | Q(agreed_number__gte=1),
                name="plan_in_force_has_been_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(how_to_reach_us=""), name="closed_plan_says_how_to_reach_us"
            ),
        )


class Need(Referenced):
    """What gets in the way, in words that the family would use."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="needs")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    words = models.TextField()

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref", family=TO_FAMILY)
    kept: ClassVar[Kept] = PartOf("plan")

    class Meta:
        ordering = ("position", "id")


class Goal(Referenced):
    """Where we want to get: one of the common goals, in own words first. ``evidenced_by``: how we see it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="goals")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="goals")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    common_goal = models.ForeignKey(CommonGoal, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    in_childs_words = models.BooleanField(default=False)
    evidenced_by = models.CharField(max_length=300, blank=True)

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref", family=TO_FAMILY)
    kept: ClassVar[Kept] = PartOf("need")

    class Meta:
        ordering = ("id",)


class ActionState(models.TextChoices):
    """An action is to be done, done, left out with a reason, or handed on to somebody who goes on without the plan."""

    TO_DO = "to_do", gettext_lazy("to do")
    DONE = "done", gettext_lazy("done")
    LEFT_OUT = "left_out", gettext_lazy("left out")
    HANDED_ON = "handed_on", gettext_lazy("handed on")


class Action(Referenced):
    """Who does what, by when. Done by a post in the team, or by somebody in the family (``by_person``)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="actions")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300)
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    evidenced_by = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, choices=ActionState.choices, default=ActionState.TO_DO)
    done_on = models.DateField(null=True)
    left_out_because = models.CharField(max_length=300, blank=True)
    handed_on_to = models.CharField(max_length=300, blank=True)

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref", family=TO_FAMILY)
    kept: ClassVar[Kept] = PartOf("goal")

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(by_post=None, by_person__isnull=False) | Q(by_post__isnull=False, by_person=None),
                name="action_is_done_by_one",
            ),
            models.CheckConstraint(
                condition=Q(state="to_do", done_on=None, left_out_because="", handed_on_to="")
                | Q(state="done", done_on__isnull=False)
                | (Q(state="left_out") & ~Q(left_out_because=""))
                | (Q(state="handed_on") & ~Q(handed_on_to="")),
                name="action_says_how_it_ended",
            ),
        )


class ViewKind(models.TextChoices):
    """How somebody's view is there, or why it is not. TOO_YOUNG is the child's alone: the words tell what was seen."""

    SAID = "said", gettext_lazy("said it")
    PREFERRED_NOT = "preferred_not", gettext_lazy("preferred not to say")
    TOO_YOUNG = "too_young", gettext_lazy("too young: observed")


class View(Referenced):
    """The child's or a guardian's own view of one version of the plan. Append-only: who thinks again adds a row."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="views")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    whose = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=14, choices=ViewKind.choices)
    words = models.TextField(blank=True)
    through_interpreter = models.BooleanField(default=False)
    disagrees = models.BooleanField(default=False)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(
        kind="plan", item="plan__ref", family=ToFamily(only=TO_FAMILY.only, by_default=Q(), own="whose")
    )
    kept: ClassVar[Kept] = InFile()

    class Meta:
        ordering = ("id",)
        constraints = (models.CheckConstraint(condition=Q(kind="preferred_not") | ~Q(words=""), name="view_has_words"),)


class PlanVersion(Referenced):
    """The plan as it was agreed, whole. Append-only."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),)


class Review(Referenced):
    """A look back at the plan: the child's scaling, what changed, and when to look next. Append-only."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    child_scale = models.PositiveSmallIntegerField(null=True)
    child_words = models.TextField(blank=True)
    what_changed = models.TextField()
    next_on = models.DateField(null=True)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(child_scale=None) | Q(child_scale__gte=0, child_scale__lte=10), name="scale_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(child_scale__isnull=False) | ~Q(child_words=""), name="review_has_number_or_words"
            ),
        )


class WheelMark(Referenced):
    """One mark on the wellbeing wheel: an area, by the child or by the adults, 1 to 5. Append-only, never summed."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="marks")
    area = models.CharField(max_length=12, choices=Area.choices)
    by_child = models.BooleanField()
    value = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=300, blank=True)
    made_on = models.DateField()
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(value__gte=1, value__lte=5), name="wheel_mark_1_to_5"),)


BETWEEN = " · "
"""Between the parts of a change's words: what, common goal (its key) or doer (a post by its title, one in the family by
the reference) and day, and how it will be seen."""


class PlanChange(Referenced):
    """One change of the plan's text or state, so that who wrote at the same time sees it. Append-only.

    ``version`` is the plan's version after it. ``what`` is a verb of the room ("need_changed"); ``was`` and ``became``
    are the words before and after, empty where there were none.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="changes")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    what = models.CharField(max_length=40)
    item_ref = models.UUIDField()
    was = models.TextField(blank=True)
    became = models.TextField(blank=True)
    at = models.DateTimeField()
    by_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=["plan", "version"], name="plan_changes_one_at_a_time"),)


class PlanPaper(Referenced):
    """A PDF of the plan in one language, made in a task. ``content`` is empty until it is made.

    ``failed_at``: it could not be made, and can be asked for again. ``tells_where``: it names the child and places, and
    is not fetched any more once somebody in the family is protected.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="papers")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    plan_version = models.PositiveIntegerField()
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)
    tells_where = models.BooleanField(default=True)

    seen: ClassVar[Seen] = SeenByChild(kind="plan", item="plan__ref")
    kept: ClassVar[Kept] = InFile()
