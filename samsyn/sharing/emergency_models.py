"""What somebody opened in an emergency. What somebody else found afterwards is a review (room ``reviews``)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import InFile, Kept
from samsyn.common.models import Referenced, Seen, SeenByPost
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person
from samsyn.reviews.models import LogReview


class EmergencyCode(models.TextChoices):
    """Why somebody opens a child in an emergency."""

    LIFE = "life", gettext_lazy("Danger to life or health now")
    SAFETY = "safety", gettext_lazy("The child must be kept safe now")
    MISSING = "missing", gettext_lazy("The child is missing")
    ON_CALL = "on_call", gettext_lazy("On call, and nobody who knows the child can be reached")


class EmergencyAccess(Referenced):
    """That somebody opened what the own authority holds about a child, for reading, until a moment. Append-only.

    ``review``: where somebody else says afterwards whether there was a reason.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(LogReview, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, choices=EmergencyCode.choices)
    words = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(post="review__reviewer", copies="post", kind="emergency", child="child")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="emergency_access_interval"),)
        indexes = (models.Index(fields=["post", "until"]),)
