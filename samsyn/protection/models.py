"""On which decision a person is protected, and who may know of the person all the same. Both are never rewritten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from samsyn.common.keeping import Kept, WithPerson
from samsyn.common.models import NeverShown, Referenced, Seen
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Account, Person, Protection


class Marking(Referenced):
    """A decision about somebody's protection: provision, date and authority (OSL 5:5). The newest holds."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10, choices=Protection.choices)
    provision = models.CharField(max_length=80)
    decided_on = models.DateField()
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    set_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("person")


class Insight(Referenced):
    """That a post, or an account in its own family, may know of a protected person: why, until, and given by whom.

    ``given_by`` is empty where an act of the work gives it (a sign sent, a hand-over accepted): the trail names who.
    A row that ``ends`` another ends it from its own moment on.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300)
    since = models.DateTimeField()
    until = models.DateTimeField()
    given_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    ends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="ended_by")

    seen: ClassVar[Seen] = NeverShown()
    kept: ClassVar[Kept] = WithPerson("person")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(post=None, account__isnull=False) | Q(post__isnull=False, account=None),
                name="insight_has_one_holder",
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="insight_interval"),
        )
        indexes = (
            models.Index(fields=["post", "person"], name="insight_by_post"),
            models.Index(fields=["account", "person"], name="insight_by_account"),
            models.Index(fields=["person", "until"], name="insight_by_person"),
        )
