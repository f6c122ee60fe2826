"""A child that is hidden is not answered for by its own family: it may be one of them whom it is hidden from."""

from __future__ import annotations

from samsyn.circle.actions import current_named_person, give_named_person
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.organisations.presence import duty_desk_for, who_act_as
from samsyn.organisations.upwards import above, heads
from samsyn.people.actions import kin_of
from samsyn.people.models import HIDDEN, Guardianship, Person
from samsyn.protection.insight_actions import forget_at, let_work


def others_answer(viewer: Viewer, child: Person) -> Post | None:
    """Let another post be the named person, where somebody of the child's own family may act as the one that is.

    The nearest above it in its authority, a head there, or the duty desk. Gives that post; None when nothing moved,
    also because nobody else is left: no child is without anybody. The caller holds the child.
    """
    named = current_named_person(child)
    if named is None:
        return None
    kin, now = kin_of(child), clock.now()
    near = (one for one in [*above(named.post), *heads(named.post)] if _is_near(one, named))
    others = {one.pk: one for one in [*near, duty_desk_for(named.post)]}
    acting = who_act_as([named.post_id, *others], now)
    if kin.isdisjoint(acting[named.post_id]):
        return None
    to = next((one for pk, one in others.items() if kin.isdisjoint(acting[pk])), None)
    if to is None:
        return None
    give_named_person(viewer, child, to)
    if child.is_protected:
        let_work(child, [to.pk], "protection")
        forget_at(viewer, child, named.post)
    tell(to, "answers_now", room="child", object_ref=child.ref, child=child, occasion=now.isoformat())
    return to


def _is_near(post: Post, named: NamedPerson) -> bool:
    return post.ended_on is None and post.pk != named.post_id and post.unit.authority_id == named.authority_id


def hidden_with_own_family() -> list[int]:
    """The hidden children (row ids) whose named person is a post that one of their own family may act as."""
    hidden = NamedPerson.objects.filter(child__protection__in=HIDDEN, until=None).order_by("pk")
    rows = list(hidden.values_list("child_id", "post_id"))
    children = [child for child, _post in rows]
    family = set(Guardianship.objects.filter(child__in=children).values_list("child_id", "guardian_id"))
    acting = who_act_as({post for _child, post in rows}, clock.now())
    return [child for child, post in rows if any((child, person) in family for person in acting[post])]
