"""The facts that decide who in the family reads what. Plain rows and dates; all of them stay as they were written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import InFile, Kept, WithPerson
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByChild
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person


class FamilyStep(models.TextChoices):
    """What a decision about one in the family does."""

    OPENS = "opens", gettext_lazy("opened to one in the family")
    CLOSES = "closes", gettext_lazy("closed to one in the family")
    ENDS = "ends", gettext_lazy("ended an earlier decision")


class FamilyDecision(Referenced):
    """One thing or one kind opened or closed for one in the family, with the reason. Append-only.

    It is about what ``authority`` holds. ``kind``: the word that ``SeenByChild`` uses, "" for every kind. ``item_ref``:
    one thing, None for the whole kind. ``until``: last day, None for until further notice. ``ends``: the decision that
    this row ends. What is closed stays closed, whatever else opens it.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    whom = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=6, choices=FamilyStep.choices)
    kind = models.CharField(max_length=20, blank=True)
    item_ref = models.UUIDField(null=True)
    ends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="ended_by")
    reason = models.TextField()
    rule = models.CharField(max_length=60, blank=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    decided_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateField(null=True)

    seen: ClassVar[Seen] = SeenByChild(kind="family_decision")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="family_decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(step="ends", ends__isnull=False) | (~Q(step="ends") & Q(ends=None)),
                name="family_decision_ends_another",
            ),
            models.CheckConstraint(
                condition=~Q(step="opens") | ~Q(kind=""), name="family_decision_opens_no_more_than_a_kind"
            ),
        )
        indexes = (models.Index(fields=["whom", "child"]),)


class NoteClass(models.TextChoices):
    """Why a note is not shown to the family. What the child told alone is kept from guardians, not from the child."""

    HARM = "harm", gettext_lazy("worry that the child is harmed")
    VIOLENCE = "violence", gettext_lazy("exposure to violence")
    THIRD_PERSON = "third_person", gettext_lazy("about another person")
    EARLY = "early", gettext_lazy("an early guess")
    TOLD_ALONE = "told_alone", gettext_lazy("told by the child alone")


class FamilyMark(Referenced):
    """That a thing belongs to a class of notes that the family does not see by default. Append-only."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    item_ref = models.UUIDField()
    note = models.CharField(max_length=12, choices=NoteClass.choices)
    marked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    marked_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="family_mark")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item_ref", "note"], name="family_mark_once"),)


class FamilyMet(models.Model):
    """That somebody in the family has been talked with about something that concerns the child. Append-only.

    Before the first such row nothing at all is shown to that person by default, so that signing in tells nobody that
    there is something to tell. ``item_ref``: the sign, question or disclosure that it was about.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    item_ref = models.UUIDField()
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("child")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "child", "item_ref"], name="family_met_once"),)

    def __str__(self) -> str:
        return self.at.isoformat()
