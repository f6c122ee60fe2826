"""Who saw and did what. Append-only by trigger; opaque references and label text, no foreign keys upwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from samsyn.common.models import NeverShown, Seen


class Mode(models.TextChoices):
    """What kind of step an entry tells of."""

    ACT = "act"
    READ = "read"
    REFUSAL = "refusal"


class TrailEntry(models.Model):
    """One act, one page read or one refusal: who, in which post, at which unit, what, on which ground, when.

    ``commitment`` is a keyed digest of the entry and its subjects, made in the same transaction.
    """

    at = models.DateTimeField()
    mode = models.CharField(max_length=8, choices=Mode.choices)
    act = models.CharField(max_length=80)
    account_ref = models.UUIDField()
    person_ref = models.UUIDField()
    person_label = models.CharField(max_length=200)
    post_ref = models.UUIDField()
    post_label = models.CharField(max_length=200, blank=True)
    unit_ref = models.UUIDField()
    unit_label = models.CharField(max_length=200, blank=True)
    principal_ref = models.UUIDField()
    ground = models.TextField(blank=True)
    nonce = models.BinaryField(max_length=16)
    commitment = models.BinaryField(max_length=32)

    seen: ClassVar[Seen] = NeverShown()

    class Meta:
        indexes = (models.Index(fields=["principal_ref", "id"]), models.Index(fields=["account_ref", "at"]))

    def __str__(self) -> str:
        return f"{self.act} {self.at.isoformat()}"


class TrailSubject(models.Model):
    """One thing that an entry is about, and the child it belongs to.

    ``state`` is the state the thing has after the act, "" for a read: replaying the subjects gives each state.
    """

    entry = models.ForeignKey(TrailEntry, on_delete=models.PROTECT, related_name="subjects")
    kind = models.CharField(max_length=40)
    ref = models.UUIDField()
    child_ref = models.UUIDField(null=True)
    state = models.CharField(max_length=40, blank=True)

    seen: ClassVar[Seen] = NeverShown()

    class Meta:
        indexes = (models.Index(fields=["child_ref", "entry"]), models.Index(fields=["ref"]))

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Chain(models.Model):
    """The seal of one principal: how far it reaches and its newest digest. The only row here that changes.

    ``all_sealed_before``: every entry with a lower id is sealed, and none can come any more.
    """

    principal_ref = models.UUIDField(unique=True)
    length = models.PositiveBigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)
    all_sealed_before = models.PositiveBigIntegerField(default=0)

    seen: ClassVar[Seen] = NeverShown()

    def __str__(self) -> str:
        return f"{self.principal_ref} {self.length}"


class Link(models.Model):
    """One sealed entry: its place in the principal's chain and the digest up to and including it."""

    entry = models.OneToOneField(TrailEntry, on_delete=models.PROTECT, related_name="link")
    principal_ref = models.UUIDField()
    position = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    seen: ClassVar[Seen] = NeverShown()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["principal_ref", "position"], name="link_once_per_position"),)

    def __str__(self) -> str:
        return f"{self.principal_ref} {self.position}"


class Command(models.Model):
    """A form that has been carried out: the same key from the same account is never carried out twice."""

    account_ref = models.UUIDField()
    key = models.UUIDField()
    result_ref = models.UUIDField()
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account_ref", "key"], name="command_once"),)

    def __str__(self) -> str:
        return str(self.key)
