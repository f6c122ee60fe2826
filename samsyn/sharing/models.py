"""The facts that open a child's information: involvement, consent and disclosures. Nothing else does."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import NO_WORDS, InFile, Kept, PartOf
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByChild, ToFamily
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.sharing.answer_models import ConsentAnswer, ConsentEnd, ConsentLimit, ConsentStep, ConsentWaiver
from samsyn.sharing.consent_models import (
    ChildPart,
    Consent,
    ConsentForm,
    ConsentItem,
    ConsentReceiver,
    ConsentText,
    Errand,
)
from samsyn.sharing.emergency_models import EmergencyAccess, EmergencyCode
from samsyn.sharing.family_models import FamilyDecision, FamilyMark, FamilyMet, FamilyStep, NoteClass

__all__ = [
    "ChildPart",
    "Consent",
    "ConsentAnswer",
    "ConsentEnd",
    "ConsentForm",
    "ConsentItem",
    "ConsentLimit",
    "ConsentReceiver",
    "ConsentStep",
    "ConsentText",
    "ConsentWaiver",
    "Delivery",
    "Disclosure",
    "DisclosureItem",
    "EmergencyAccess",
    "EmergencyCode",
    "Errand",
    "FamilyDecision",
    "FamilyMark",
    "FamilyMet",
    "FamilyStep",
    "Involvement",
    "NoteClass",
    "Reason",
    "Scope",
    "Way",
]

UNTOLD = ("", NO_WORDS)
"""What a disclosure says of what the family was told, where it was told nothing, or where that has been weeded."""


class Scope(models.TextChoices):
    """How far a reason reaches."""

    FIND = "find"  # that the child is here: name, age and where
    ITEM = "item"  # that, and one thing that the post itself wrote or answers for
    WHOLE = "whole"  # what the own authority holds about the child


class Reason(models.TextChoices):
    """Why a unit or a post has to do with a child. The sentence is shown on the page and kept in the trail."""

    ATTENDS = "attends", gettext_lazy("the child belongs to your unit")
    NOTICED = "noticed", gettext_lazy("you noted an early sign")
    NAMED_PERSON = "named_person", gettext_lazy("you are the named person")
    ANSWERS_REQUEST = "answers_request", gettext_lazy("you help on a request that your unit has accepted")
    OFFERED = "offered", gettext_lazy("something about the child has been offered to you")
    TEAM = "team", gettext_lazy("you are in the team around the child")
    ASKED = "asked", gettext_lazy("you asked for consent about the child")
    HANDED_OVER = "handed_over", gettext_lazy("you offered somebody to take over a responsibility for the child")
    PASSED_ON = "passed_on", gettext_lazy("you passed something about the child on")
    RECEIVED = "received", gettext_lazy("a copy of something about the child was handed over to you")
    CHALLENGED = "challenged", gettext_lazy("somebody in the family waits for your answer")
    CAME_BACK = "came_back", gettext_lazy("something about the child came back to you when a yes ended")
    EMERGENCY = "emergency", gettext_lazy("you opened this in an emergency, to read for a short while")


class Involvement(Referenced):
    """Unit ↔ child: why, since, until. With ``post`` only that post, without it the whole unit.

    ``consent``: the yes that it rests on; it ends in the transaction that ends the yes, and with the yes's last day.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    scope = models.CharField(max_length=5, choices=Scope.choices)
    item_ref = models.UUIDField(null=True)
    group = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=60)

    seen: ClassVar[Seen] = SeenByChild(kind="involvement")
    kept: ClassVar[Kept] = InFile(open_while=Q(reason="attends", until=None))

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="involvement_interval"),
            models.CheckConstraint(
                condition=Q(scope="item", item_ref__isnull=False) | (~Q(scope="item") & Q(item_ref=None)),
                name="involvement_item_has_an_item",
            ),
        )
        indexes = (
            # With all that the children around a post are found by: the index alone answers.
            models.Index(fields=["post", "scope", "child", "since", "until"]),
            models.Index(
                fields=["unit", "scope", "child", "since", "until"], name="involvement_of_unit", condition=Q(post=None)
            ),
            models.Index(fields=["child", "until"]),
        )


class Way(models.TextChoices):
    """How a disclosure reaches its receiver."""

    OPEN = "open", gettext_lazy("The receiver reads our text. It closes when the ground ends.")
    DELIVERED = "delivered", gettext_lazy("The receiver gets an own copy, which stays.")


class ToldHow(models.TextChoices):
    """How the family was told."""

    TALK = "talk", gettext_lazy("in a talk")
    TELEPHONE = "telephone", gettext_lazy("by telephone")
    WRITING = "writing", gettext_lazy("in writing")


class Disclosure(Referenced):
    """One row in the ledger: what, from which authority, to which unit, through exactly one gate, for what purpose.

    ``needed_because``, ``not_less_because``: why the receiver needs it, and why less would not do; empty only where the
    family's yes says so. ``views``: what the child and each guardian said of it, as ``rules.View`` holds it.
    ``recorded``: what else the gate's row of law wants written down, by the word that the row uses.
    ``told``: what the family was told, when and how; or ``withheld_because`` and the day to look again.
    ``digest``: SHA-256 of what the receiver was to see when it was decided.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    gate = models.CharField(max_length=60)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=9, choices=Way.choices)
    purpose = models.TextField()
    needed_because = models.TextField(blank=True)
    not_less_because = models.TextField(blank=True)
    views = models.JSONField(default=list)
    recorded = models.JSONField(default=dict)
    told = models.TextField(blank=True)
    told_on = models.DateField(null=True)
    told_how = models.CharField(max_length=10, choices=ToldHow.choices, blank=True)
    withheld_because = models.TextField(blank=True)
    look_again_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    decided_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32, default=b"")
    since = models.DateTimeField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)

    # What the family has not been told of is not there for it, whoever opens what; nor is a row without its words, of
    # which nobody can say any more to whom its things were closed; and what rests on a question that
    # the young person answers alone is no more the guardians' than the question is.
    seen: ClassVar[Seen] = SeenByChild(
        kind="disclosure",
        family=ToFamily(
            only=~Q(told__in=UNTOLD),
            by_default=Q(),
            childs_own=Q(consent__child_part="alone"),
            dated=("since", "ended_at"),
            days=("told_on",),
            settled=Q(way="delivered") | Q(ended_at__isnull=False),
            tells_of="id",
        ),
    )
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(gate=""), name="disclosure_has_a_gate"),
            models.CheckConstraint(condition=~Q(purpose=""), name="disclosure_says_what_for"),
            models.CheckConstraint(
                condition=(~Q(told="") & Q(withheld_because=""))
                | (Q(told="") & ~Q(withheld_because="") & Q(look_again_on__isnull=False)),
                name="disclosure_told_or_withheld_with_a_day_to_look_again",
            ),
            models.CheckConstraint(
                condition=Q(told="", told_on=None, told_how="")
                | (~Q(told="") & Q(told_on__isnull=False) & ~Q(told_how="")),
                name="disclosure_told_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(gate__in=("consent", "own_authority")) | (~Q(needed_because="") & ~Q(not_less_because="")),
                name="disclosure_says_why_and_why_not_less",
            ),
        )
        indexes = (models.Index(fields=["receiver", "ended_at"]), models.Index(fields=["child"]))


class DisclosureItem(models.Model):
    """One thing that a disclosure opens: its kind and its reference. Append-only.

    ``about_kind``, ``about_ref``: what the thing was written about, as a talk is about a sign (``written_about``). Kept
    here, since whoever reads the row may not read the thing, and so could not ask what it is about.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    ref = models.UUIDField()
    about_kind = models.CharField(max_length=20, blank=True)
    about_ref = models.UUIDField(null=True)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("disclosure")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["disclosure", "kind", "ref"], name="disclosed_once_a_row"),)
        indexes = (models.Index(fields=["kind", "ref"]),)

    def __str__(self) -> str:
        return self.kind


class Delivery(Referenced):
    """A delivered rendering: the receiver's own row, which stays. Append-only; ``digest`` is SHA-256 of the text."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="deliveries")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    rendering = models.TextField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="delivery")
    kept: ClassVar[Kept] = InFile(shows={"child_protection_file": Q(disclosure__gate="duty_to_report")})


def _about_disclosure(path: str, own: str) -> ToFamily:
    """What one in the family has said of a row of the ledger: read as long as that row is."""
    return ToFamily(
        only=~Q(**{f"{path}__told__in": UNTOLD}),
        by_default=Q(),
        childs_own=Q(**{f"{path}__consent__child_part": "alone"}),
        own=own,
        dated=("at", f"{path}__since", f"{path}__ended_at"),
        days=(f"{path}__told_on",),
        settled=Q(**{f"{path}__way": "delivered"}) | Q(**{f"{path}__ended_at__isnull": False}),
        decided_as="disclosure",
        tells_of=f"{path}_id",
    )


class Challenge(Referenced):
    """That somebody in the family finds a disclosure wrong, in their words. Append-only; answers are rows.

    ``by``: whose words they are. ``recorded_by``: the post that wrote them down, None when the family did so itself.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="challenges")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(
        kind="challenge",
        item="disclosure__ref",
        family=_about_disclosure("disclosure", own="by"),
    )
    kept: ClassVar[Kept] = InFile(open_while=Q(answer=None))


class ChallengeOutcome(models.TextChoices):
    """What came of a challenge."""

    KEPT = "kept", gettext_lazy("It stays as it was.")
    CLOSED = "closed", gettext_lazy("What was open has been closed.")


class ChallengeAnswer(Referenced):
    """What the one who answers for the disclosure said to a challenge. Append-only, one a challenge."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="answer")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=6, choices=ChallengeOutcome.choices)
    words = models.TextField()
    answered_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    answered_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(
        kind="challenge",
        item="challenge__disclosure__ref",
        family=_about_disclosure("challenge__disclosure", own="challenge__by"),
    )
    kept: ClassVar[Kept] = InFile()


class ClaimOfError(Referenced):
    """That somebody says a text is wrong. It stands beside the text for good, and the text stays (SoL 14:6).

    Append-only. ``kind``, ``item_ref``: the thing the text belongs to. ``by``, ``recorded_by``: as in a challenge. In
    the family only who says it reads it, and not where the text itself is marked, or closed to that person.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    item_ref = models.UUIDField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField()
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(
        kind="claim", item="item_ref", family=ToFamily(by_default=Q(), own="by", dated=("at",), kind_at="kind")
    )
    kept: ClassVar[Kept] = InFile()

    class Meta:
        indexes = (models.Index(fields=["item_ref"]),)
