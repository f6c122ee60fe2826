"""Who stands for what was done, when a restored house may no longer know the one who did it."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn.organisations.models import Authority, Holding, Post
from samsyn.people.models import Person


def who_did(facts: Mapping[str, str], authority: Authority) -> tuple[Post, Person] | None:
    """The post and the person that the facts name by reference; where either is not here, the newest holder of a post
    in the authority. None where it has nobody."""
    post = Post.objects.filter(ref=facts["post"]).first() if "post" in facts else None
    person = Person.objects.filter(ref=facts["person"]).first() if "person" in facts else None
    if post is not None and person is not None:
        return post, person
    held = Holding.objects.filter(post__unit__authority=authority).select_related("post", "person")
    newest = held.order_by("-since", "-pk").first()
    return None if newest is None else (post or newest.post, person or newest.person)
