"""Who saw and did what. Append-only by trigger; opaque references and label text, no foreign keys upwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from samsyn.common.ids import new_reference
from samsyn.common.keeping import Kept, PartOf, Stays, WithPerson
from samsyn.common.models import NeverShown, Seen


class Mode(models.TextChoices):
    """What kind of step an entry tells of."""

    ACT = "act"
    READ = "read"
    REFUSAL = "refusal"


IN_EMERGENCY = "emergency"
"""The ground of a read that an emergency alone made possible."""
READ = models.Q(mode=Mode.READ)
EMERGENCY_READ = models.Q(mode=Mode.READ, ground=IN_EMERGENCY)


class TrailEntry(models.Model):
    """One act, one page read or one refusal: who, in which post, at which unit, what, on which ground, when.

    ``commitment`` is a keyed digest of the entry and its subjects, made in the same transaction. When what it tells of
    is weeded, the entry loses its words and its nonce, without which nobody can try out words against the commitment.
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
    kept: ClassVar[Kept] = Stays("who has looked is kept by a rule of its own; an entry holds no text of a record")

    class Meta:
        indexes = (
            models.Index(fields=["principal_ref", "id"]),
            models.Index(fields=["account_ref", "at"]),
            models.Index(fields=["unit_ref", "at"], condition=READ, name="trail_reads"),
            models.Index(fields=["unit_ref", "at"], condition=EMERGENCY_READ, name="trail_emergency_reads"),
        )

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
    kept: ClassVar[Kept] = Stays("who has looked is kept by a rule of its own; an entry holds no text of a record")

    class Meta:
        indexes = (models.Index(fields=["child_ref", "entry"]), models.Index(fields=["ref"]))

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Tree(models.Model):
    """The seal of one principal: a Merkle tree over its entries, as far as it has grown. The only row that changes.

    ``peaks``: the roots of its whole subtrees, largest first. ``all_sealed_before``: every entry with a lower id is
    sealed, and none can come any more.
    """

    principal_ref = models.UUIDField(unique=True)
    size = models.PositiveBigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    all_sealed_before = models.PositiveBigIntegerField(default=0)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("the seal")

    def __str__(self) -> str:
        return f"{self.principal_ref} {self.size}"


class Leaf(models.Model):
    """One sealed entry: its place in the principal's tree, from 1, and the hash of its commitment."""

    entry = models.OneToOneField(TrailEntry, on_delete=models.PROTECT, related_name="leaf")
    principal_ref = models.UUIDField()
    position = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("the seal")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["principal_ref", "position"], name="leaf_once_per_position"),)

    def __str__(self) -> str:
        return f"{self.principal_ref} {self.position}"


class SignedRoot(models.Model):
    """A signed root, wherever it is kept: over how many entries, which hash, when, by which key."""

    principal_ref = models.UUIDField()
    size = models.PositiveBigIntegerField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    key_id = models.CharField(max_length=64)
    signature = models.BinaryField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.principal_ref} {self.size}"


class Root(SignedRoot):
    """The signed root of a principal's tree at one moment. ``growth`` proves that the tree begins as the root before.

    ``growth`` is a consistency proof after RFC 6962, its hashes one after the other.
    """

    growth = models.BinaryField(default=b"")

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("the seal")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["principal_ref", "size"], name="root_once_per_size"),)


class Witness(SignedRoot):
    """A root of another principal that ``holder_ref`` has received and keeps, so that it cannot be taken back."""

    holder_ref = models.UUIDField()
    received_at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("the seal")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["holder_ref", "principal_ref", "size"], name="witness_once_per_size"),
            models.CheckConstraint(
                condition=~models.Q(holder_ref=models.F("principal_ref")), name="witness_of_another"
            ),
        )


class Decided(models.Model):
    """Who decided, in which capacity, when: plain references and labels, as in an entry."""

    account_ref = models.UUIDField()
    person_ref = models.UUIDField()
    person_label = models.CharField(max_length=200)
    post_ref = models.UUIDField()
    post_label = models.CharField(max_length=200)
    unit_label = models.CharField(max_length=200)
    principal_ref = models.UUIDField()

    class Meta:
        abstract = True


class Withholding(Decided):
    """A decision that the family is not told of looks: those of a unit for a time, or those at one thing. Append-only.

    It holds until somebody lifts it; on ``look_again_on`` a second person looks at it again.
    """

    ref = models.UUIDField(default=new_reference, unique=True, editable=False)
    child_ref = models.UUIDField()
    unit_ref = models.UUIDField(null=True)
    thing_ref = models.UUIDField(null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    because = models.TextField()
    decided_at = models.DateTimeField()
    look_again_on = models.DateField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson(ref="child_ref")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(unit_ref=None, thing_ref__isnull=False)
                | models.Q(unit_ref__isnull=False, thing_ref=None),
                name="withheld_is_a_unit_or_a_thing",
            ),
            models.CheckConstraint(condition=~models.Q(because=""), name="withheld_for_a_reason"),
        )
        indexes = (models.Index(fields=["child_ref"]), models.Index(fields=["look_again_on"]))

    def __str__(self) -> str:
        return str(self.ref)


class WithholdingStep(Decided):
    """That somebody else looked again at what is withheld: lifted, or kept until another day. Append-only."""

    withholding = models.ForeignKey(Withholding, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    lifted = models.BooleanField()
    look_again_on = models.DateField(null=True)
    words = models.TextField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("withholding")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(lifted=True, look_again_on=None)
                | models.Q(lifted=False, look_again_on__isnull=False),
                name="withheld_further_until_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.withholding_id} {self.at.isoformat()}"


class NameDecision(Decided):
    """A decision that the family may know the name of one who looked, where the unit and the role are not enough.

    Append-only. ``named_ref``: the person whose name is told.
    """

    child_ref = models.UUIDField()
    named_ref = models.UUIDField()
    because = models.TextField()
    decided_at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson(ref="child_ref")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["child_ref", "named_ref"], name="named_once_a_child"),)

    def __str__(self) -> str:
        return self.decided_at.isoformat()


class Command(models.Model):
    """A form that has been carried out: the same key from the same account is never carried out twice.

    ``pressed``: keyed commitment of what was sent and where; empty for what was sent before it was kept.
    """

    account_ref = models.UUIDField()
    key = models.UUIDField()
    result_ref = models.UUIDField()
    pressed = models.BinaryField(max_length=64, default=b"")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("names an account and a form")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["account_ref", "key"], name="command_once"),)

    def __str__(self) -> str:
        return str(self.key)


class Passage(models.Model):
    """The one way through what is never rewritten: a row that may go, or be emptied, in this transaction and no longer.

    Empty whenever nobody weeds. On PostgreSQL only the owner of the tables may write here, and only the owner passes.
    """

    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("empty whenever nobody weeds")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["table_name", "row_id"], name="passage_once"),)

    def __str__(self) -> str:
        return self.table_name
