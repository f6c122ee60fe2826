"""The posts that something goes to when it cannot stay with one: those above it, and the heads of its authority."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn.organisations.models import Post, PostRole


def above(post: Post) -> Iterator[Post]:
    """The posts above one, the nearest first."""
    passed = {post.pk}
    here = post.parent
    while here is not None and here.pk not in passed:
        yield here
        passed.add(here.pk)
        here = here.parent


def heads(post: Post) -> list[Post]:
    """Heads in the authority, the own unit's first, then those with nobody above."""
    open_posts = Post.objects.filter(unit__authority=post.unit.authority_id, ended_on=None).select_related("unit")
    found = list(open_posts.filter(role=PostRole.HEAD).order_by("pk")) + list(
        open_posts.filter(parent=None).exclude(role=PostRole.HEAD).order_by("pk")
    )
    return sorted(found, key=lambda one: one.unit_id != post.unit_id)
