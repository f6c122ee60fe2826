"""What says how long a file stands, what is left where something was weeded, and the extract of what is held."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from samsyn.common.keeping import InFile, Kept, Stays, WithPerson
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByAccount, SeenByChild
from samsyn.common.viewer import NOBODY
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Account, Person
from samsyn.retention.rules import LONGEST_TEXT


class RetentionPlan(models.Model):
    """That an authority's own plan says after how many years its files go, by which decision. The newest holds.

    Append-only.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    years = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=LONGEST_TEXT)
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("about an authority, not about a child")

    def __str__(self) -> str:
        return f"{self.authority_id} {self.years}"


class LongKept(Referenced):
    """That an authority's file on a child is of a class that the law keeps in its own way: an inquiry, a placement.

    ``rule``: the row of law. ``decision``: number or date of what it rests on; empty in rows from before it was asked.
    Append-only.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    decision = models.CharField(max_length=LONGEST_TEXT, blank=True)
    said_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    said_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="long_kept")
    kept: ClassVar[Kept] = InFile(
        shows={
            name: Q(rule=name)
            for name in (
                "report_not_opened",
                "child_protection_file",
                "placement_file",
                "parenthood_file",
                "custody_agreement",
            )
        }
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child", "authority", "rule"], name="long_kept_once"),)


class Weeding(models.Model):
    """One run: what was due was weeded, or, after a restore, what had been weeded was weeded again. Append-only."""

    ref = models.UUIDField(unique=True)
    began_at = models.DateTimeField()
    again = models.BooleanField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("names nobody")

    def __str__(self) -> str:
        return str(self.ref)


class TombstoneKind(models.TextChoices):
    """What stood where the tombstone stands."""

    FILE = "file"
    PERSON = "person"


class Tombstone(models.Model):
    """That something was weeded: whose file on whom, by which row of law, when. Append-only; it names nobody.

    ``subject_ref``, ``authority_ref``: random references, which lead nowhere once the rows are gone.
    ``rows``: how many went; ``keys``: how many of them were keys that something was sealed with.
    """

    ref = models.UUIDField(unique=True)
    weeding = models.ForeignKey(Weeding, on_delete=models.PROTECT, related_name="tombstones")
    kind = models.CharField(max_length=6, choices=TombstoneKind.choices)
    subject_ref = models.UUIDField()
    authority_ref = models.UUIDField(default=NOBODY)
    rule = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    keys = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("names nobody, and must outlive what it stands for")

    class Meta:
        indexes = (models.Index(fields=["subject_ref"]),)

    def __str__(self) -> str:
        return str(self.ref)


class WeededCount(models.Model):
    """How much there was: rows weeded of one kind, by unit and by the year they were written. The number grows.

    ``unit_ref``: NOBODY's where the kind of row names no unit.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit_ref = models.UUIDField(default=NOBODY)
    kind = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("names nobody")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["authority", "unit_ref", "kind", "year"], name="weeded_count_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"


class RegisterExtract(Referenced):
    """What is held about a child, as one in the family may read it, in one paper and one file (GDPR article 15).

    Made in a task, fetched by who ordered it and nobody else, removed a day later. ``failed_at``: it could not be
    made, and can be ordered again. One at a time for an account and a child.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    goes_at = models.DateTimeField(null=True)
    paper = models.BinaryField(null=True)
    data = models.BinaryField(null=True)

    seen: ClassVar[Seen] = SeenByAccount()
    kept: ClassVar[Kept] = WithPerson("child")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "child"], name="extract_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(made_at=None, goes_at=None, paper=None, data=None)
                | Q(made_at__isnull=False, goes_at__isnull=False, paper__isnull=False, data__isnull=False),
                name="extract_made_whole",
            ),
        )
