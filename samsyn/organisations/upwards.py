"""The posts that something goes to when it cannot stay with one: whoever stands above it, in the end the duty desk."""

from __future__ import annotations

from collections.abc import Iterator

from samsyn.organisations.models import Post, PostRole
from samsyn.organisations.presence import duty_desk_for


def instead_of(post: Post) -> list[Post]:
    """The posts that something goes to, the first that can take it: those above, the heads, the duty desk last.

    Each once, and never the post itself. Raises NobodyAnswers before there is a duty desk.
    """
    found = {one.pk: one for one in [*_above(post), *_heads(post), duty_desk_for(post)]}
    return [one for pk, one in found.items() if pk != post.pk]


def _above(post: Post) -> Iterator[Post]:
    """The posts above one, the nearest first."""
    passed = {post.pk}
    here = post.parent
    while here is not None and here.pk not in passed:
        yield here
        passed.add(here.pk)
        here = here.parent


def _heads(post: Post) -> list[Post]:
    """Heads in the authority, the own unit's first, then those with nobody above."""
    open_posts = Post.objects.filter(unit__authority=post.unit.authority_id, ended_on=None).select_related("unit")
    found = list(open_posts.filter(role=PostRole.HEAD).order_by("pk")) + list(
        open_posts.filter(parent=None).exclude(role=PostRole.HEAD).order_by("pk")
    )
    return sorted(found, key=lambda one: one.unit_id != post.unit_id)
