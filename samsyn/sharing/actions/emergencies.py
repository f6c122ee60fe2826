"""Opening a child in an emergency, inside the own authority and for reading."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.ids import new_reference
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post, PostRole
from samsyn.organisations.presence import accountable_many
from samsyn.people.identities import everybody_with
from samsyn.people.models import Guardianship, Person
from samsyn.people.numbers import ReadNumber
from samsyn.protection.predicate import hidden_from
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.reviews.models import ReviewKind
from samsyn.sharing import emergency_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_authority, acting_post
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import EmergencyAccess, Involvement, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def open_in_emergency(viewer: Viewer, number: ReadNumber, code: str, words: str) -> EmergencyAccess:
    """Open for a short while, for reading, what the own authority holds about the child with exactly this number.

    The child's named person in the authority and the unit's head are told at once, and somebody else reviews it
    afterwards. A protected child does not exist for whoever may not know of it, also not here. Raises Refused: no post,
    no sentence, or nothing about such a child in this authority.
    """
    words = clean_text(words, LONGEST, field="words")
    require(rules.may_open_in_emergency(acts_as_post=viewer.is_staff, words=words))
    now = clock.now()
    child = _known_here(viewer, number, now)
    require(rules.must_be_known_here(known_here=child is not None))
    assert child is not None  # the rule has said so
    post = Post.objects.select_related("unit__authority", "parent__unit").get(pk=acting_post(viewer))
    reader = Person.objects.get(pk=viewer.person)
    looked = Looked(reader, viewer.account_ref, post, child)
    ref = new_reference()
    access = EmergencyAccess.objects.create(
        ref=ref,
        child=child,
        authority_id=post.unit.authority_id,
        post=post,
        person=reader,
        review=put_in_queue(looked, [ReviewKind.EMERGENCY], key=str(ref), kind=ReviewKind.EMERGENCY),
        code=code,
        words=words,
        opened_at=now,
        until=law.deadline(rules.EMERGENCY, now).due_at,
    )
    involve(child, post.unit, Reason.EMERGENCY, Scope.WHOLE, post_id=post.pk, until=access.until, source=str(ref))
    _tell_named_person(access)
    _tell_heads(access)
    act(viewer, "emergency.opened", [Subject("emergency", ref, child.ref, "open")], ground=code)
    return access


def _known_here(viewer: Viewer, number: ReadNumber, at: datetime) -> Person | None:
    """The child as the own authority knows it: also one that has the number beside a child of another's.

    The own family is opened by a colleague: a guardian at work would read here what may be closed to a guardian.
    """
    found = [one.pk for one in everybody_with([(number.system, number.value)])]
    ours = Involvement.objects.filter(child__in=found, authority_id=acting_authority(viewer)).values("child_id")
    seen = Person.objects.filter(pk__in=ours).exclude(pk__in=hidden_from(viewer, at).values("pk"))
    own = Guardianship.objects.filter(guardian=viewer.person).values("child")
    seen = seen.exclude(Q(pk__in=own) | Q(pk=viewer.person))
    return seen.order_by("pk").first()


def _tell_heads(access: EmergencyAccess) -> None:
    """Tell the heads of the unit, or of the nearest above it that has one: not of which child, for they may have no
    reason to know of it.

    Whoever opened it is told nothing anew. Where no other head is left it is the post that reviews: the nearest above
    that somebody else answers for.
    """
    here = access.post.unit
    heads = list(
        Post.objects.filter(unit__in=here.ids_upwards, role=PostRole.HEAD, ended_on=None).select_related("unit")
    )
    led = {head.unit_id for head in heads}
    nearest = next((unit for unit in here.ids_upwards if unit in led), None)
    others = [head for head in heads if head.unit_id == nearest and head.pk != access.post_id]
    answering = accountable_many(others, clock.now())
    others = [head for head in others if answering[head.pk].person.pk != access.person_id]
    for head in others:
        tell(head, "emergency_at_unit", room="unit", object_ref=here.ref, child=None, occasion=str(access.ref))
    if not others:
        review = access.review
        tell(review.reviewer, "emergency_above", room="reviews", object_ref=review.ref, child=None)


def _tell_named_person(access: EmergencyAccess) -> None:
    named = Involvement.objects.filter(
        child=access.child, authority_id=access.authority_id, reason=Reason.NAMED_PERSON, until=None
    )
    for row in named.exclude(post=None).exclude(post=access.post_id).select_related("post"):
        assert row.post is not None  # excluded above
        tell(row.post, "emergency_opened", room="child", object_ref=access.child.ref, child=access.child)
