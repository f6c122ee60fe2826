"""A child that is hidden is not answered for by its own family: it may be one of them whom it is hidden from."""

from __future__ import annotations

from samsyn.circle.actions import current_named_person, give_named_person
from samsyn.circle.models import Handover, HandoverKind, HandoverState, NamedPerson
from samsyn.circle.offers import take_back
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post, PostRole
from samsyn.organisations.presence import who_act_as
from samsyn.organisations.upwards import instead_of
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
    near = [one for one in instead_of(named.post) if _takes_over(one, named)]
    acting = who_act_as([named.post_id, *(one.pk for one in near)], now)
    to = next((one for one in near if kin.isdisjoint(acting[one.pk])), None)
    if to is None or kin.isdisjoint(acting[named.post_id]):
        return None
    offers = Handover.objects.filter(
        child=child, from_post=named.post, kind=HandoverKind.NAMED_PERSON, state=HandoverState.PROPOSED
    )
    for offer in offers.select_related("child", "to_post__unit", "from_post__unit").select_for_update(of=("self",)):
        take_back(viewer, offer)  # it is not theirs to hand over any longer
    give_named_person(viewer, child, to)
    if child.is_protected:
        let_work(child, [to.pk], "protection")
        forget_at(viewer, child, named.post)
    tell(to, "answers_now", room="child", object_ref=child.ref, child=child, occasion=now.isoformat())
    return to


def _takes_over(post: Post, named: NamedPerson) -> bool:
    within = post.unit.authority_id == named.authority_id or post.role == PostRole.DUTY_DESK
    return post.ended_on is None and within


def hidden_with_own_family() -> list[int]:
    """The hidden children (row ids) whose named person is a post that one of their own family may act as."""
    hidden = NamedPerson.objects.filter(child__protection__in=HIDDEN, until=None).order_by("pk")
    rows = list(hidden.values_list("child_id", "post_id"))
    children = [child for child, _post in rows]
    family = set(Guardianship.objects.filter(child__in=children).values_list("child_id", "guardian_id"))
    acting = who_act_as({post for _child, post in rows}, clock.now())
    return [child for child, post in rows if any((child, person) in family for person in acting[post])]
