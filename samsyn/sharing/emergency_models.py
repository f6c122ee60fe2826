"""What somebody opened in an emergency, and what somebody else found when looking at it afterwards. Never rewritten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.models import Referenced, Seen, SeenByPost
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person


class EmergencyCode(models.TextChoices):
    """Why somebody opens a child in an emergency."""

    LIFE = "life", gettext_lazy("Danger to life or health now")
    SAFETY = "safety", gettext_lazy("The child must be kept safe now")
    MISSING = "missing", gettext_lazy("The child is missing")
    ON_CALL = "on_call", gettext_lazy("On call, and nobody who knows the child can be reached")


class EmergencyAccess(Referenced):
    """That somebody opened what the own authority holds about a child, for reading, until a moment. Append-only."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8, choices=EmergencyCode.choices)
    words = models.TextField()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(post="reviewer", copies="post", kind="emergency", child="child")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="emergency_access_interval"),
            models.CheckConstraint(condition=~Q(reviewer=F("post")), name="emergency_reviewed_by_another_post"),
        )
        indexes = (models.Index(fields=["reviewer", "opened_at"]),)


class EmergencyReview(Referenced):
    """What somebody else found when looking at an emergency access afterwards. Append-only, one each."""

    access = models.OneToOneField(EmergencyAccess, on_delete=models.PROTECT, related_name="review")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    justified = models.BooleanField()
    words = models.TextField()
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(kind="emergency", child="access__child")
