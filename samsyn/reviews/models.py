"""What waits for a second person's eyes: looks that a rule or chance has chosen, and what was found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import InFile, Kept, PartOf, Stays
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByPost
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person


class ReviewKind(models.TextChoices):
    """What is to be reviewed."""

    LOOKS = "looks", gettext_lazy("looks at a child")
    EMERGENCY = "emergency", gettext_lazy("emergency access")


class LogReview(Referenced):
    """Looks of one member of staff at one child, which ``reviewer`` is to look at. Append-only, but for who that is;
    the verdict is a row.

    ``why``: the words of the rules that chose them, "sample" for chance. ``entries``: ids of entries in the trail.
    ``key`` keeps it from being put in twice.
    """

    kind = models.CharField(max_length=9, choices=ReviewKind.choices)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reader_account_ref = models.UUIDField()
    reader_post_label = models.CharField(max_length=200)
    reader_unit_label = models.CharField(max_length=200)
    why = models.JSONField(default=list)
    entries = models.JSONField(default=list)
    key = models.CharField(max_length=200, unique=True)
    made_at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(post="reviewer", kind="review", child="child")
    kept: ClassVar[Kept] = InFile(open_while=Q(verdict=None))

    class Meta:
        indexes = (
            models.Index(fields=["reviewer", "-made_at"]),
            models.Index(fields=["reader_account_ref", "made_at"]),
        )


class Found(models.TextChoices):
    """What a review found."""

    IN_ORDER = "in_order", gettext_lazy("There was a reason to look")
    NOT_IN_ORDER = "not_in_order", gettext_lazy("There was no reason to look")


class Verdict(Referenced):
    """What a second person found, in a sentence. Append-only."""

    review = models.OneToOneField(LogReview, on_delete=models.PROTECT, related_name="verdict")
    found = models.CharField(max_length=12, choices=Found.choices)
    words = models.TextField()
    by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(post="review__reviewer", kind="review", child="review__child")
    kept: ClassVar[Kept] = PartOf("review")


class Round(models.Model):
    """That the looks of one week have been gone through. Append-only; ``week`` is its Monday."""

    week = models.DateField(unique=True)
    looks = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("how many looks a week had")

    def __str__(self) -> str:
        return self.week.isoformat()
