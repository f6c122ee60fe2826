"""The outbox: what somebody is to be told, in neutral words, written in the same transaction as what it tells."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from samsyn.common.keeping import InFile, Kept
from samsyn.common.models import Referenced, Seen, SeenByPost
from samsyn.organisations.models import Post
from samsyn.people.models import Account, Person


class Notice(Referenced):
    """One thing to tell one post or one account. ``text_key`` names a neutral sentence; no text lies here.

    ``room`` and ``object_ref`` say where to look, an empty room that there is nothing to be read any longer; ``child``
    is there so that the trail can name whom it is about.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    text_key = models.CharField(max_length=60)
    room = models.CharField(max_length=30)
    object_ref = models.UUIDField()
    key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByPost(kind="notice", child="child", account="account")
    kept: ClassVar[Kept] = InFile(authority="post__unit__authority")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(post=None, account__isnull=False) | Q(post__isnull=False, account=None),
                name="notice_has_one_receiver",
            ),
        )
        indexes = (models.Index(fields=["post", "-created_at"]), models.Index(fields=["account", "-created_at"]))
