"""The facts that open a child's information: involvement, consent and disclosures. Nothing else does."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.models import NeverShown, Referenced, Seen, SeenByChild
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
    "Errand",
    "Involvement",
    "Reason",
    "Scope",
    "Way",
]


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

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="involvement_interval"),
            models.CheckConstraint(
                condition=Q(scope="item", item_ref__isnull=False) | (~Q(scope="item") & Q(item_ref=None)),
                name="involvement_item_has_an_item",
            ),
        )
        indexes = (
            models.Index(fields=["post", "scope", "child"]),
            models.Index(fields=["unit", "scope", "child"]),
            models.Index(fields=["child", "until"]),
        )


class Way(models.TextChoices):
    """How a disclosure reaches its receiver."""

    OPEN = "open", gettext_lazy("The receiver reads our text. It closes when the ground ends.")
    DELIVERED = "delivered", gettext_lazy("The receiver gets an own copy, which stays.")


class Disclosure(Referenced):
    """One row in the ledger: what, from which authority, to which unit, through exactly one gate, for what purpose.

    ``told``: what the family was told; or ``withheld_because`` and the day to look again.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    gate = models.CharField(max_length=60)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="+")
    way = models.CharField(max_length=9, choices=Way.choices)
    purpose = models.TextField()
    told = models.TextField(blank=True)
    withheld_because = models.TextField(blank=True)
    look_again_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    decided_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    expires_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)

    seen: ClassVar[Seen] = SeenByChild(kind="disclosure")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(gate=""), name="disclosure_has_a_gate"),
            models.CheckConstraint(
                condition=(~Q(told="") & Q(withheld_because=""))
                | (Q(told="") & ~Q(withheld_because="") & Q(look_again_on__isnull=False)),
                name="disclosure_told_or_withheld_with_a_day_to_look_again",
            ),
        )
        indexes = (models.Index(fields=["receiver", "ended_at"]), models.Index(fields=["child"]))


class DisclosureItem(models.Model):
    """One thing that a disclosure opens: its kind and its reference. Append-only."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    ref = models.UUIDField()

    seen: ClassVar[Seen] = NeverShown()

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
