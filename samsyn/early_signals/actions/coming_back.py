"""What comes back when the yes to a hand-over ends, or did not go along with it: early signs and requests that the
named person, who is in another authority, may not read. They are with the post that was the named person last where
they are held, so that nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from samsyn.circle.actions import current_named_person
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.ports import Resting
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.early_signals import rules
from samsyn.early_signals.models import Request, Sign
from samsyn.early_signals.words import REQUEST, SIGN
from samsyn.organisations.models import Post, Unit
from samsyn.organisations.presence import goes_on_at
from samsyn.people.models import Person
from samsyn.sharing.actions import involve
from samsyn.sharing.models import DisclosureItem, Involvement, Reason, Scope
from samsyn.sharing.predicate import items_open_to
from samsyn.sharing.words import LOOK_AT_YES
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ON_SIGNS = frozenset(line.duty for line in rules.SIGN_STEPS if line.duty)


def take_back_what_went_along(viewer: Viewer, consent_id: int) -> Iterator[Resting]:
    """Let what went along on a yes that has ended come back to the authority that holds it; gives what to look at."""
    went = DisclosureItem.objects.filter(disclosure__consent=consent_id, kind__in=(SIGN, REQUEST))
    for room, thing, post in _come_back(viewer, went.values("ref")):
        yield Resting(room, thing.ref, post.pk, LOOK_AT_YES, HangsOn.POST)


def leave_what_is_not_read(viewer: Viewer, child_id: int) -> None:
    """Let what the child's new named person may not read stay with whoever was it before, in the authority that holds
    it: the family's yes to the hand-over did not name it, or nobody has asked them.
    """
    list(_come_back(viewer, _with_named_person(child_id)))


def take_back_what_was_closed(viewer: Viewer, child_id: int) -> Iterator[Resting]:
    """Let what was closed to the child's named person, while the yes to the hand-over stands, come back too."""
    for room, thing, post in _come_back(viewer, _with_named_person(child_id)):
        yield Resting(room, thing.ref, post.pk)


def _with_named_person(child_id: int) -> QuerySet[Any, Any]:
    duties = Duty.objects.filter(child=child_id, hangs_on=HangsOn.NAMED_PERSON, state=DutyState.OPEN)
    return duties.filter(room__in=(SIGN, REQUEST)).values("object_ref")


def _come_back(viewer: Viewer, refs: QuerySet[Any, Any]) -> Iterator[tuple[str, Sign | Request, Post]]:
    signs = Sign.objects.filter(ref__in=refs, state__in=rules.OPEN_SIGN)
    requests = Request.objects.filter(ref__in=refs, state__in=rules.OPEN_REQUEST)
    for room, rows in ((SIGN, signs), (REQUEST, requests)):
        for thing in rows.select_related("child").order_by("pk"):
            post = now_with(thing)
            duties = Duty.objects.filter(object_ref=thing.ref, hangs_on=HangsOn.NAMED_PERSON, state=DutyState.OPEN)
            if post is None or not duties.update(post=post, hangs_on=HangsOn.POST):
                continue
            _let_read(thing, post)
            act(viewer, f"{room}.came_back", [Subject(room, thing.ref, thing.child.ref, thing.state)])
            yield room, thing, post


def let_asker_read(request: Request, post: Post, hangs_on: HangsOn) -> None:
    """Let the post that a request has come back to read it, where nothing that it had to do came back with it."""
    if hangs_on == HangsOn.POST and now_with(request) == post:
        _let_read(request, post)


def _let_read(thing: Sign | Request, post: Post) -> None:
    involve(thing.child, post.unit, Reason.CAME_BACK, Scope.WHOLE, post_id=post.pk, source="early_signals")


def now_with(thing: Sign | Request) -> Post | None:
    """The post of the authority that holds the thing, where the child's named person is in another one and may not read
    it: whoever was the named person there last, or the post above when that one has ended. Else None.
    """
    named = current_named_person(thing.child)
    if named is None or named.authority_id == thing.authority_id or is_open_to(named.post.unit, thing):
        return None
    before = NamedPerson.objects.filter(child=thing.child_id, authority=thing.authority_id, until__isnull=False)
    last = before.select_related("post__unit", "post__parent__unit").order_by("-until", "-pk").first()
    return goes_on_at(last.post) if last is not None else None


def is_open_to(unit: Unit, thing: Sign | Request) -> bool:
    """Has another authority the thing open to the unit now."""
    kind = SIGN if isinstance(thing, Sign) else REQUEST
    return items_open_to(unit.pk, unit.authority_id, clock.now(), kind).filter(ref=thing.ref).exists()


def with_post(viewer: Viewer, sign: Sign) -> Post | None:
    """The viewer's post, where the sign has come back to it and is open, else None."""
    duties = Duty.objects.filter(object_ref=sign.ref, post_id=viewer.post or 0, state=DutyState.OPEN)
    back = duties.filter(hangs_on=HangsOn.POST, what__in=ON_SIGNS).select_related("post__unit").first()
    return back.post if back is not None else None


def let_go(child: Person) -> None:
    """End the reason of a post that something had come back to, today, once none of it is open any longer."""
    back = Involvement.objects.filter(child=child, reason=Reason.CAME_BACK, scope=Scope.WHOLE, until=None)
    left = Duty.objects.filter(child=child, post=OuterRef("post"), state=DutyState.OPEN, room__in=(SIGN, REQUEST))
    back.filter(~Exists(left)).update(until=clock.end_of(clock.today()))
