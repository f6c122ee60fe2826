"""Persons, their typed identities, who has custody of whom, and the accounts that sign in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samsyn.common import second_lock
from samsyn.common.ids import new_reference
from samsyn.common.keeping import Kept, PartOf, Stays, WithPerson
from samsyn.common.models import NeverShown, Referenced, Seen, SeenAsPerson, SeenByAccount, VisibleQuerySet
from samsyn.common.viewer import NOBODY
from samsyn.law.days import add_years
from samsyn.people.names import FoldedName
from samsyn.people.querysets import PersonQuerySet

LONGEST_NAME = 200
FOLDED_COLUMNS = ("given_folded", "family_folded", "called_folded")
NAME_COLUMNS = ("given_name", "family_name", "called", *FOLDED_COLUMNS)


class Protection(models.TextChoices):
    """How far a person is hidden.

    Two of the three levels of the population register. Who has the third, an assumed identity, is stored as anybody:
    a flag would give the person away. ``FAMILY``: hidden for the sake of a child that is, and known by name at work.
    """

    NONE = "none", gettext_lazy("None")
    FAMILY = "family", gettext_lazy("Hidden for a child's sake")
    MARKED = "marked", gettext_lazy("Confidentiality marking")
    PROTECTED = "protected", gettext_lazy("Protected registration")


OWN_PROTECTION = (Protection.MARKED, Protection.PROTECTED)
HIDDEN = (Protection.FAMILY, *OWN_PROTECTION)


class Person(Referenced):
    """Anybody: a child, a guardian, somebody at work. There is a row only for whom there is a reason.

    The name columns of a protected person are empty: the names lie sealed in ProtectedDetails,
    so no list, search, export or count can show them. ``mask`` is the place among the child's guardians that a
    protected one is told apart by, 0 where there is none; it is given by whoever fetched the family. ``unnamed``: the
    one who looks may not know the name that the person has got meanwhile; given likewise.
    ``named_at``: when the names became others than at first, as far as it has been noted.
    """

    mask = 0
    unnamed = False

    given_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    family_name = models.CharField(max_length=LONGEST_NAME, blank=True)
    called = models.CharField(max_length=LONGEST_NAME, blank=True)
    given_folded = FoldedName(of="given_name")
    family_folded = FoldedName(of="family_name")
    called_folded = FoldedName(of="called")
    birth_date = models.DateField(null=True)
    languages = models.JSONField(default=list)
    interpreter = models.CharField(max_length=12, blank=True)
    protection = models.CharField(max_length=10, choices=Protection.choices, default=Protection.NONE)
    created_at = models.DateTimeField()
    named_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenAsPerson()
    kept: ClassVar[Kept] = WithPerson("self")
    objects = PersonQuerySet.as_manager()  # type: ignore[misc]  # the plug-in takes the base's for a class variable

    class Meta:
        # PostgreSQL searches the beginning of a text only by an index with pattern operators; SQLite passes them over.
        indexes = (
            *(
                models.Index(fields=[f"{name}_folded"], opclasses=["varchar_pattern_ops"], name=f"person_by_{name}")
                for name in ("given", "family", "called")
            ),
            models.Index(fields=["protection"], name="person_by_protection"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(protection="none") | Q(**dict.fromkeys(NAME_COLUMNS, "")),
                name="protected_names_lie_in_the_vault",
            ),
        )

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """As Django's; the folded names always go with the names."""
        if update_fields is not None:
            update_fields = {*update_fields, *FOLDED_COLUMNS}
        super().save(*args, update_fields=update_fields, **kwargs)

    @property
    def is_protected(self) -> bool:
        """Does any level of protection hold for this person."""
        return self.protection != Protection.NONE

    @property
    def name(self) -> str:
        """The name to use in a sentence: the one the person uses; for a protected person a word that names nobody."""
        return self._masked or self.called or self.given_name or _("No name yet")

    @property
    def full_name(self) -> str:
        """Name and family name as shown to those who work together."""
        names = f"{self.called or self.given_name} {self.family_name}".strip()
        return self._masked or names or _("No name yet")

    @property
    def _masked(self) -> str:
        if self.unnamed:
            return _("a child")
        if not self.is_protected or self.given_name or self.family_name:
            return ""
        return _("Guardian %(number)s (protected)") % {"number": self.mask} if self.mask else _("Protected person")

    def age_on(self, day: date) -> int | None:
        """Whole years on ``day``, with the birthdays of the law: for 29 February it is the 28th in other years."""
        if self.birth_date is None:
            return None
        years = day.year - self.birth_date.year
        return years - (day < add_years(self.birth_date, years))


class ProtectedDetails(models.Model):
    """The vault: names and places of a protected person, sealed with the person's own key and outside every index."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="vault")
    sealed = models.BinaryField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("person")

    def __str__(self) -> str:
        return "sealed"


class Identity(models.Model):
    """A typed number of a person: {system, value}. The value is sealed with the person's key; a blind index under the
    installation's key finds it exactly.

    ``beside``: somebody else has the number, of whom those who noted it may not know. Found by who sees the person.
    ``noted_by``: the post (its reference) that gave it by hand; None for all others. That the number is
    theirs is then what a post has written, and opens nothing of whom a register hides.
    ``told_birth``: the birth date is known by this number alone, and goes with it when it was a mistake.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identities")
    system = models.CharField(max_length=40)
    sealed = models.BinaryField()
    blind = models.BinaryField(max_length=32)
    beside = models.BooleanField(default=False)
    noted_by = models.UUIDField(null=True)
    told_birth = models.BooleanField(default=False)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("person")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["system", "blind"], name="identity_once"),)

    def __str__(self) -> str:
        return self.system


class KeyUse(models.TextChoices):
    """What a person's data key seals. Keys of the vault are wrapped by the vault's ring, the others by the fields'."""

    NUMBER = "number"
    VAULT = "vault"
    TEXT = "text"


class PersonKey(models.Model):
    """A random data key of one person for one use, wrapped by a master key. With the row gone, nothing sealed opens.

    ``authority_ref``: whose file on the person the key is for, so that it goes with that file; NOBODY's for what goes
    with the person. Only references and no foreign keys: this table is put back from backups of its own, which may be
    older or newer than the data.
    """

    person_ref = models.UUIDField()
    use = models.CharField(max_length=6, choices=KeyUse.choices)
    authority_ref = models.UUIDField(default=NOBODY)
    wrapped = models.BinaryField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson(ref="person_ref")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person_ref", "use", "authority_ref"], name="person_key_once"),)

    def __str__(self) -> str:
        return self.use


class Custody(models.TextChoices):
    """How a guardian has custody (föräldrabalken 6 kap.)."""

    JOINT = "joint", gettext_lazy("joint custody")
    SOLE = "sole", gettext_lazy("sole custody")
    UNKNOWN = "unknown", gettext_lazy("custody, not known whether shared")


class Guardianship(models.Model):
    """That somebody is a child's guardian, from a day, to a day, and who says so.

    ``noted_by``: the post (its reference) that wrote it down by hand; None for what a register told.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wards")
    custody = models.CharField(max_length=7, choices=Custody.choices)
    relation = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    source = models.CharField(max_length=100)
    noted_by = models.UUIDField(null=True)

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("child")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child", "guardian"], condition=Q(until=None), name="guardian_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="nobody_is_the_own_guardian"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="guardianship_interval"),
        )
        # Who has custody of all the children around a post: the index alone answers.
        indexes = (models.Index(fields=["child", "guardian", "since", "until"], name="custody_of_child"),)

    def __str__(self) -> str:
        return f"{self.custody} {self.since}"


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by sign-in name, as Django's own sign-in asks for, each with its person: a request needs both."""

    def get_queryset(self) -> models.QuerySet[Account]:
        """Accounts with their persons, in one question."""
        return super().get_queryset().select_related("person__vault")

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account with this sign-in name, whatever the case of its letters."""
        return self.signing_in(sign_in_name=(username or "").strip().casefold())

    def signing_in(self, **which: Any) -> Account:
        """The account that somebody is about to sign in to. Raises Account.DoesNotExist.

        The database is told first whose it is: before that, nobody's person can be read.
        """
        account = super().get_queryset().get(**which)
        second_lock.tell(account.pk, None)
        return account


class Account(AbstractBaseUser):
    """What signs in: one for a person. An operator manages accounts and organisations and sees no child.

    ``sign_in_name`` is kept in small letters, so that one name is one account. When somebody last signed in stands
    with the sign-in itself.
    """

    last_login = None  # Django's way to leave the column out
    ref = models.UUIDField(default=new_reference, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    sign_in_name = models.CharField(max_length=150, unique=True)
    language = models.CharField(max_length=8, default="sv")
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "sign_in_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    seen: ClassVar[Seen] = SeenByAccount(account="self")
    kept: ClassVar[Kept] = WithPerson("person")
    objects = AccountManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sign_in_name=Lower("sign_in_name")), name="sign_in_name_in_small_letters"
            ),
        )

    def __str__(self) -> str:
        return f"Account {self.ref}"


class SignIn(AbstractBaseSession):
    """A browser in which somebody has signed in, or is about to: the row of its session.

    ``way``: how. ``outside``: the provider's own name for its session, which it says when that one has ended.
    Nothing tells where the browser was: ``device`` is the kind of device and browser in two words.
    """

    ref = models.UUIDField(default=new_reference, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sign_ins")
    device = models.CharField(max_length=80, blank=True)
    way = models.CharField(max_length=40, blank=True)
    outside = models.CharField(max_length=255, blank=True)
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByAccount()
    kept: ClassVar[Kept] = PartOf("account")
    objects = VisibleQuerySet.as_manager()  # type: ignore[assignment, misc]  # instead of that of Django's own store

    def __str__(self) -> str:
        return f"SignIn {self.ref}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes these rows."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


class LookUpOutcome(models.TextChoices):
    """How far a look-up came. ``ASKED`` stays where the house was stopped while it waited for the register.

    ``ENTERED``: no register knew the child, or it has no number, and somebody wrote down who it is.
    """

    ASKED = "asked"
    FOUND = "found"
    NOBODY = "nobody"
    UNAVAILABLE = "unavailable"
    AMBIGUOUS = "ambiguous"
    MISTYPED = "mistyped"
    ENTERED = "entered"


class LookUp(models.Model):
    """That somebody looked a number up in a register, why, and what came of it. Holds the reason, never the number."""

    ref = models.UUIDField(default=new_reference, unique=True, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="look_ups")
    reason = models.CharField(max_length=300)
    outcome = models.CharField(max_length=11, choices=LookUpOutcome.choices)
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = Stays("who looked a number up, and why; never the number")

    class Meta:
        indexes = (models.Index(fields=["account", "at"]),)

    def __str__(self) -> str:
        return self.at.isoformat()
