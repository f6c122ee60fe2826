"""A consent as rows: what was asked, and in which words. The answers are in ``answer_models``.

Nothing here is ever rewritten. A change of mind is a new row, and so is a renewal.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.crypto import seal, unseal
from samsyn.common.keeping import InFile, Kept, PartOf
from samsyn.common.models import NeverShown, Referenced, Seen, SeenByChild, ToFamily
from samsyn.law import Measure
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.keys import key_for, known_key
from samsyn.people.models import KeyUse, Person


class ConsentForm(models.TextChoices):
    """In which form a yes or a no was given."""

    ORAL = "oral", gettext_lazy("said")
    WRITTEN = "written", gettext_lazy("written")
    E_SIGNED = "e_signed", gettext_lazy("signed electronically")


class Errand(models.TextChoices):
    """What the family is asked for. Each has a sentence of its own in the text that the family reads."""

    TEAM = "team", gettext_lazy("to work together in a team")
    HELP = "help", gettext_lazy("to ask somebody for help")
    PLAN = "plan", gettext_lazy("to have a plan")
    HANDOVER = "handover", gettext_lazy("to let somebody new take over")
    OTHER = "other", gettext_lazy("something else")


class ChildPart(models.TextChoices):
    """What part somebody under 18 has in the answer (OSL 12:3, FB 6:11)."""

    HEARD = "heard", gettext_lazy("The guardians answer. The child is listened to.")
    TOGETHER = "together", gettext_lazy("The guardians and the child answer together.")
    ALONE = "alone", gettext_lazy("The young person answers alone.")


class Consent(Referenced):
    """That consent was asked for: from whom it is needed follows from custody and ``child_part``. Append-only.

    ``errand`` and ``purpose``: what for, in a set sentence and in the asker's words. ``kinds``: kinds of information
    that may be shared, the words that ``SeenByChild`` uses. ``measure``: what kind of help it is also a yes to (law).
    ``exceptions``: what the family wants left out, in its own words. ``since``, ``until``: its days, both inside.
    ``template``, ``template_version``: the text that was shown. ``renews``: the question that this one takes over from.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    errand = models.CharField(max_length=8, choices=Errand.choices, default=Errand.OTHER)
    purpose = models.TextField()
    kinds = models.JSONField(default=list)
    measure = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Measure], default="sharing")
    receivers = models.ManyToManyField(Unit, related_name="+", through="ConsentReceiver")
    exceptions = models.TextField(blank=True)
    child_part = models.CharField(max_length=8, choices=ChildPart.choices, default=ChildPart.HEARD)
    child_reason = models.TextField(blank=True)
    since = models.DateField()
    until = models.DateField()
    form = models.CharField(max_length=8, choices=ConsentForm.choices)
    language = models.CharField(max_length=12)
    template = models.CharField(max_length=20)
    template_version = models.PositiveSmallIntegerField()
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals")
    asked_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    asked_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    # Who is asked sees the question at any age. What a young person answers alone is not the guardians' to see.
    seen: ClassVar[Seen] = SeenByChild(
        kind="consent",
        family=ToFamily(
            by_default=Q(),
            guardian_asked=Q(child_part__in=("heard", "together")),
            child_asked=Q(child_part__in=("together", "alone")),
            childs_own=Q(child_part="alone"),
            dated=("asked_at",),
            asks_about="id",
        ),
    )
    kept: ClassVar[Kept] = InFile(shows={"placement_file": Q(measure="placement")})

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="consent_interval"),
            models.CheckConstraint(
                condition=Q(child_part="heard") | ~Q(child_reason=""), name="consent_by_a_child_has_a_reason"
            ),
        )
        indexes = (models.Index(fields=["child", "until"]), models.Index(fields=["until"]))


class ConsentReceiver(models.Model):
    """A unit that a consent names as receiver. Append-only."""

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="receiver_rows")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("consent")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consent", "unit"], name="consent_receiver_once"),)

    def __str__(self) -> str:
        return str(self.unit_id)


class ConsentItem(models.Model):
    """One thing that a consent names, where not all of its kind may be shared. Append-only.

    ``about_kind``, ``about_ref``: what the thing was written about, as a talk is about a sign (``written_about``).
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=20)
    ref = models.UUIDField()
    about_kind = models.CharField(max_length=20, blank=True)
    about_ref = models.UUIDField(null=True)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("consent")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consent", "kind", "ref"], name="consent_item_once"),)

    def __str__(self) -> str:
        return self.kind


class ConsentText(models.Model):
    """The words of a question in one language, as they stood when it was asked. Append-only.

    ``digest`` is SHA-256 of the words; who answers has read exactly these. They lie sealed, since they name the child,
    who may be protected one day; the key is the child's for this authority's file, and is destroyed with the file.
    """

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    sealed = models.BinaryField()
    digest = models.BinaryField(max_length=32)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = PartOf("consent")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consent", "language"], name="consent_text_once_a_language"),)

    def __str__(self) -> str:
        return self.language

    @classmethod
    def of(cls, consent: Consent, words: Mapping[str, str]) -> list[ConsentText]:
        """The words of a question by language, sealed with the child's key for this file and not saved yet.

        Raises KeyIsGone.
        """
        known = cls.objects.filter(consent__child=consent.child_id, consent__authority=consent.authority_id)
        key = key_for(consent.child.ref, KeyUse.TEXT, consent.authority.ref, sealed=known.exclude(digest=b""))
        return [
            cls(
                consent=consent,
                language=language,
                sealed=seal(text, place=_place(consent, language), ring=key),
                digest=sha256(text.encode()).digest(),
            )
            for language, text in words.items()
        ]

    @property
    def words(self) -> str:
        """The words themselves. Raises CannotUnseal, KeyIsGone where the child's key for this file is."""
        key = known_key(self.consent.child.ref, KeyUse.TEXT, self.consent.authority.ref)
        return unseal(bytes(self.sealed), place=_place(self.consent, self.language), ring=key)


def _place(consent: Consent, language: str) -> str:
    return f"sharing_consenttext|sealed|{consent.ref} {language}"
