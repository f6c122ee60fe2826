"""Queueing what somebody is to be told, in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from samsyn.common import clock
from samsyn.notices.models import Notice
from samsyn.organisations.models import Post
from samsyn.people.models import Person


def tell(post: Post, text_key: str, *, room: str, object_ref: UUID, child: Person | None, occasion: str = "") -> None:
    """Queue one notice to a post. The same text about the same thing on the same ``occasion`` is told once."""
    Notice.objects.bulk_create(
        [
            Notice(
                post=post,
                child=child,
                text_key=text_key,
                room=room,
                object_ref=object_ref,
                key=f"{post.pk}|{text_key}|{object_ref}|{occasion}",
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )


def mark_read(notice: Notice) -> None:
    """Note that the receiver has seen it."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def call_off(unit_id: int, refs: Sequence[UUID]) -> None:
    """Take back what the posts of a unit have not read yet about things that they may no longer see."""
    Notice.objects.filter(post__unit_id=unit_id, object_ref__in=refs, read_at=None).delete()


def pass_on(object_ref: UUID, from_post: Post, to_post: Post) -> None:
    """Let another post be told what one has not read yet about a thing that has gone to the other."""
    Notice.objects.filter(post=from_post, object_ref=object_ref, read_at=None).update(post=to_post)
