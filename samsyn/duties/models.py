"""What is to be done, for which child, by which post, by when, on which rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from samsyn.common.keeping import InFile, Kept, PartOf
from samsyn.common.models import Referenced, Seen, SeenByPost
from samsyn.organisations.models import Post
from samsyn.people.models import Person


class DutyState(models.TextChoices):
    """Open until done, or dropped because what it was about went another way."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class HangsOn(models.TextChoices):
    """Which responsibility a duty follows when that responsibility is handed over."""

    NAMED_PERSON = "named_person"
    LEAD = "lead"
    POST = "post"


class Duty(Referenced):
    """One open thing with exactly one accountable post.

    ``child`` is empty for a question that is about nobody in particular.
    ``room`` and ``object_ref`` point at the thing; ``what`` is a word that the thing's room gives a sentence.
    ``rule`` is the id of the row in ``law`` that set the time; ``due_at`` is the last lawful moment.
    ``harm_feared``: the thing says that the child may be harmed; told when the duty is opened, and no more of it.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    room = models.CharField(max_length=30)
    object_ref = models.UUIDField()
    hangs_on = models.CharField(max_length=12, choices=HangsOn.choices, default=HangsOn.POST)
    waiting = models.CharField(max_length=200, blank=True)
    harm_feared = models.BooleanField(default=False)
    rule = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=DutyState.choices, default=DutyState.OPEN)
    ended_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByPost(kind="duty", child="child", copies="escalation__to_post")
    kept: ClassVar[Kept] = InFile(authority="post__unit__authority", open_while=Q(state="open"))

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["object_ref", "what"], condition=Q(state="open"), name="duty_open_once_a_thing"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="duty_ends_when_it_is_not_open",
            ),
        )
        indexes = (
            models.Index(fields=["post", "due_at"], condition=Q(state="open"), name="duty_worklist"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="duty_overdue"),
        )


class Escalation(Referenced):
    """A copy of an overdue duty, given to the post above. It moves nothing and is made once."""

    duty = models.OneToOneField(Duty, on_delete=models.PROTECT, related_name="escalation")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByPost(post="to_post", kind="duty", child="duty__child")
    kept: ClassVar[Kept] = PartOf("duty")
