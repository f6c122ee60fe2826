"""The answers to a consent as rows: who said what, what was left out, whose yes was not waited for, how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import InFile, Kept, PartOf
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByChild, ToFamily
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.sharing.consent_models import Consent, ConsentForm, ConsentText


class ConsentStep(models.TextChoices):
    """What a giver did. A change of mind is a new row."""

    GIVEN = "given", gettext_lazy("said yes")
    REFUSED = "refused", gettext_lazy("said no")
    WITHDRAWN = "withdrawn", gettext_lazy("took the yes back")


class ConsentAnswer(Referenced):
    """One giver's answer: given by the own signature, or said and written down by staff. Append-only.

    ``text``: the words that the giver has read or been read. ``language``: in which it was spoken. ``evidence``: what
    the signing service gave, for an own signature. ``recorded_by`` is empty when the giver answered without staff.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="answers")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=9, choices=ConsentStep.choices)
    form = models.CharField(max_length=8, choices=ConsentForm.choices)
    language = models.CharField(max_length=12)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    evidence = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    # Each in the family sees the own answer, and nobody else's: parents who live apart are not set against each other.
    seen: ClassVar[Seen] = SeenByChild(
        kind="consent",
        item="consent__ref",
        family=ToFamily(
            by_default=Q(),
            guardian_asked=Q(),
            child_asked=Q(),
            own="giver",
            dated=("at",),
            asks_about="consent_id",
        ),
    )
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(form="e_signed", recorded_by_person=F("giver")),
                name="own_answer_is_signed_by_the_giver",
            ),
        )
        indexes = (models.Index(fields=["consent", "giver", "id"]),)


class ConsentLimit(models.Model):
    """What a yes leaves out: a unit, a whole authority or everybody; of one kind or of all. Append-only.

    ``answer`` is empty where it was left out when the question was asked, else it is the yes that left it out.
    It holds for the whole consent, whoever said it. To let it in, one asks anew.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="limits")
    answer = models.ForeignKey(ConsentAnswer, on_delete=models.PROTECT, null=True, related_name="limits")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("consent")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(authority=None) | Q(unit=None), name="consent_limit_names_one"),
            models.CheckConstraint(
                condition=Q(authority__isnull=False) | Q(unit__isnull=False) | ~Q(kind="") | ~Q(words=""),
                name="consent_limit_says_something",
            ),
        )

    def __str__(self) -> str:
        return self.kind


class ConsentWaiver(Referenced):
    """That one guardian's yes is enough, because the law lets it: on which ground, why, who decided. Append-only."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="waivers")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=60)
    reason = models.TextField()
    decision_number = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField()
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = SeenByChild(kind="consent", item="consent__ref")
    kept: ClassVar[Kept] = InFile()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["consent", "guardian"], name="consent_waiver_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="consent_waiver_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(ground="board_may_override") | ~Q(decision_number=""),
                name="consent_overridden_by_a_numbered_decision",
            ),
        )


class ConsentEnd(models.Model):
    """That a yes which stood stopped standing, when, and why. Append-only.

    ``last_yes``: the newest yes that it ended; a yes given after that begins a new time.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="ends")
    last_yes = models.ForeignKey(ConsentAnswer, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=40)
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("consent")

    def __str__(self) -> str:
        return self.because
