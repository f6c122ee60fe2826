"""Opening a child in an emergency inside the own authority, and looking at it afterwards."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Refused, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.organisations.presence import duty_desk_for
from samsyn.people.identities import find_by_numbers
from samsyn.people.models import Person
from samsyn.people.numbers import ORDINARY_SYSTEMS, read_number
from samsyn.sharing import emergency_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_post
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import EmergencyAccess, EmergencyReview, Involvement, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ROOM = "emergency"


@transaction.atomic
def open_in_emergency(viewer: Viewer, number_text: str, code: str, words: str) -> EmergencyAccess:
    """Open for a short while, for reading, what the own authority holds about a child with exactly this number.

    The unit's head and the child's named person in the authority are told at once, and somebody else looks at it
    afterwards. Raises Refused: no post, no sentence, no such number, or nothing about the child in this authority.
    """
    words = clean_text(words, LONGEST, field="words")
    number = read_number(number_text, on=clock.today(), systems=ORDINARY_SYSTEMS)
    found = find_by_numbers([(number.system, number.value)])
    children = Involvement.objects.filter(child__in=found, authority_id=viewer.authority or 0).values("child")
    child = Person.objects.filter(pk__in=children).first()
    require(rules.may_open_in_emergency(acts_as_post=viewer.is_staff, known_here=child is not None, words=words))
    assert child is not None  # the rule has said so
    post = Post.objects.select_related("unit", "parent").get(pk=acting_post(viewer))
    now = clock.now()
    access = EmergencyAccess.objects.create(
        child=child,
        authority_id=post.unit.authority_id,
        post=post,
        person_id=viewer.person,
        reviewer=_reviewer(post),
        code=code,
        words=words,
        opened_at=now,
        until=law.deadline(rules.EMERGENCY, now).due_at,
    )
    involve(
        child, post.unit, Reason.EMERGENCY, Scope.WHOLE, post_id=post.pk, until=access.until, source=str(access.ref)
    )
    _tell(access)
    act(viewer, "emergency.opened", [Subject(ROOM, access.ref, child.ref, "open")], ground=code)
    return access


def _reviewer(post: Post) -> Post:
    """Who looks at it afterwards: the post above, the unit's head, and at the top the duty desk."""
    return post.parent or duty_desk_for(post)


def _tell(access: EmergencyAccess) -> None:
    about = {"room": ROOM, "object_ref": access.ref, "child": access.child}
    open_duty(
        access.reviewer,
        rules.EMERGENCY_REVIEW,
        child=access.child,
        room=ROOM,
        object_ref=access.ref,
        rule=rules.EMERGENCY_REVIEW,
        start=access.opened_at,
    )
    holders = Involvement.objects.filter(
        child=access.child, authority_id=access.authority_id, reason=Reason.NAMED_PERSON, until=None
    ).exclude(post=None)
    posts = {access.reviewer_id: access.reviewer}
    posts.update((row.post.pk, row.post) for row in holders.select_related("post") if row.post is not None)
    for post_id, post in posts.items():
        if post_id != access.post_id:
            tell(post, "emergency_opened", **about)  # type: ignore[arg-type]  # the three facts that every notice has


@transaction.atomic
def review_emergency(viewer: Viewer, access: EmergencyAccess, *, justified: bool, words: str) -> UUID:
    """Write down what somebody else found when looking at it afterwards. Raises Refused for others, and twice."""
    words = clean_text(words, LONGEST, field="words")
    require(
        rules.may_review_emergency(
            is_reviewer=access.reviewer_id == viewer.post,
            is_own=access.person_id == viewer.person,
            already=EmergencyReview.objects.filter(access=access).exists(),
            words=words,
        )
    )
    try:
        with transaction.atomic():
            EmergencyReview.objects.create(
                access=access,
                post_id=acting_post(viewer),
                person_id=viewer.person,
                justified=justified,
                words=words,
                at=clock.now(),
            )
    except IntegrityError:
        raise Refused(rules.may_review_emergency(is_reviewer=True, is_own=False, already=True, words=words)) from None
    end_duties(access.ref, rules.EMERGENCY_REVIEW)
    state = "justified" if justified else "not_justified"
    act(viewer, "emergency.reviewed", [Subject(ROOM, access.ref, access.child.ref, state)])
    return access.ref
