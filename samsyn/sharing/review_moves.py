"""Reviews that have come to the one who looked, or to the child's own family: somebody else gets them.

So does what a family is not told of looks, when who decided that, or one of that family, is to look at it again.
"""

from __future__ import annotations

from django.db import transaction

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.models import Post
from samsyn.organisations.presence import accountable_many
from samsyn.people.actions import kin_of
from samsyn.people.models import Person
from samsyn.protection.insight_actions import hold_before_work, let_work
from samsyn.reviews.actions import give_to_another, reviewer_of, with_nobody_to_review
from samsyn.sharing.review_queue import TO_REVIEW
from samsyn.sharing.words import LOOK_AT_WITHHELD
from samsyn.trail.actions import act
from samsyn.trail.rules import LOOK_AGAIN, Subject
from samsyn.trail.withheld import standing


def give_reviews_to_others() -> int:
    """Let somebody else have each review that nobody at its post may carry out. Gives how many. Safe to run twice at
    once."""
    given = 0
    for pk, child in with_nobody_to_review():
        with transaction.atomic():
            hold_before_work(child)
            review = give_to_another(pk)
            if review is not None:
                let_work(review.child, [review.reviewer_id], TO_REVIEW)  # also of a hidden child
                given += 1
    return given


def give_untold_looks_to_others() -> int:
    """Let somebody else look again at what a family is not told of, where it has come to one who may not. Gives how
    many. Safe to run twice at once."""
    duties = Duty.objects.filter(what=LOOK_AT_WITHHELD, state=DutyState.OPEN).order_by("pk")
    waiting = list(duties.select_related("post__unit__authority", "post__parent__unit"))
    rows = {row.ref: row for row in standing().filter(ref__in=[duty.object_ref for duty in waiting])}
    refs = {ref for row in rows.values() for ref in (row.child_ref, row.person_ref)}
    persons = {person.ref: person for person in Person.objects.filter(ref__in=refs)}
    answering = accountable_many({duty.post_id for duty in waiting}, clock.now())
    given = 0
    for duty in waiting:
        row = rows.get(duty.object_ref)
        child, decided = (persons.get(row.child_ref), persons.get(row.person_ref)) if row is not None else (None, None)
        if child is None or decided is None:
            continue
        if answering[duty.post_id].person.pk in {decided.pk, *kin_of(child)}:
            given += _goes_to(duty, reviewer_of(duty.post, decided, child))
    return given


@transaction.atomic
def _goes_to(duty: Duty, post: Post) -> int:
    moved = Duty.objects.filter(pk=duty.pk, post=duty.post_id, state=DutyState.OPEN).exclude(post=post)
    given = moved.update(post=post)
    if given:
        act(SYSTEM, "review.moved", [Subject("withholding", duty.object_ref, None)], ground=LOOK_AGAIN)
    return given
