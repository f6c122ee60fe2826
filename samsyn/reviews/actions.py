"""Putting looks into the queue of somebody who reviews, and giving a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.actions import end_duties, move_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.notices.actions import pass_on
from samsyn.organisations.models import Post
from samsyn.organisations.presence import accountable, accountable_many, duty_desk_for
from samsyn.organisations.upwards import instead_of
from samsyn.people.actions import is_kin, kin_of
from samsyn.people.models import Guardianship, Person
from samsyn.reviews.models import Found, LogReview, ReviewKind, Verdict
from samsyn.reviews.rules import Candidate, may_give_verdict, who_reviews
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

LONGEST = 4000
DUTY = "review_looks"
DUE_BY = {ReviewKind.LOOKS: "log_review_due", ReviewKind.EMERGENCY: "emergency_access_reviewed"}


@dataclass(frozen=True)
class Looked:
    """Who looked, as which post, at which child, and which entries of the trail tell of it."""

    reader: Person
    account_ref: UUID
    post: Post
    child: Person
    entries: tuple[int, ...] = ()


def put_in_queue(looked: Looked, why: Sequence[str], *, key: str, kind: ReviewKind = ReviewKind.LOOKS) -> LogReview:
    """Let a second person of the reader's authority look at it, with a duty and a time. The same key is put in once.

    ``looked.post`` comes with its unit.
    """
    authority_id = looked.post.unit.authority_id
    with transaction.atomic():
        review, is_new = LogReview.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "authority_id": authority_id,
                "reviewer": reviewer_of(looked.post, looked.reader, looked.child),
                "child": looked.child,
                "reader": looked.reader,
                "reader_account_ref": looked.account_ref,
                "reader_post_label": looked.post.title,
                "reader_unit_label": looked.post.unit.name,
                "why": list(why),
                "entries": list(looked.entries),
                "made_at": clock.now(),
            },
        )
        if is_new:
            open_duty(
                review.reviewer,
                DUTY,
                child=looked.child,
                room="reviews",
                object_ref=review.ref,
                rule=DUE_BY[kind],
                start=review.made_at,
            )
    return review


def reviewer_of(post: Post, reader: Person, child: Person | None = None) -> Post:
    """The post that reviews what somebody at ``post`` has looked at: the nearest above that somebody else answers for.

    A head or the top of the same authority; the duty desk only where nobody else is left. Nobody of the own family of
    ``child`` reviews who looked at it: what is reviewed tells where the child is met, and by whom.
    """
    return _by_another(post, reader, child) or duty_desk_for(post)


def _by_another(post: Post, reader: Person, child: Person | None) -> Post | None:
    """Such a post, or the duty desk where nobody else is left; None when that lies with one of them too."""
    posts = {one.pk: one for one in instead_of(post)}
    answering = accountable_many(posts, clock.now())
    candidates = [Candidate(pk, answering[pk].person.pk) for pk in posts]
    chosen = who_reviews(candidates, post.pk, reader.pk, kin_of(child) if child is not None else ())
    return None if chosen is None else posts[chosen]


def with_nobody_to_review() -> list[tuple[int, int]]:
    """The open reviews (row id, and that of the child) whose post is answered for, by now, by the one who looked or by
    one of the child's own family, as when one of them covers for the reviewer."""
    waiting = LogReview.objects.filter(verdict=None).order_by("pk")
    found = list(waiting.values_list("pk", "reviewer_id", "reader_id", "child_id"))
    answering = accountable_many({post for _pk, post, _reader, _child in found}, clock.now())
    children = {child for _pk, _post, _reader, child in found}
    family = set(Guardianship.objects.filter(child__in=children).values_list("child_id", "guardian_id"))
    return [
        (pk, child)
        for pk, post, reader, child in found
        if (person := answering[post].person.pk) in (reader, child) or (child, person) in family
    ]


def give_to_another(pk: int) -> LogReview | None:
    """Let a post that neither of them answers for have such a review (row id), with its duty and the day it has.

    Gives it with its new reviewer; None when there is no such post, or when it has been reviewed or has gone to
    somebody else meanwhile. In the caller's transaction.
    """
    rows = LogReview.objects.select_for_update(of=("self",)).select_related("reviewer__unit", "reader", "child")
    review = rows.get(pk=pk)
    before, now = review.reviewer, clock.now()
    not_by = {review.reader_id, *kin_of(review.child)}
    if Verdict.objects.filter(review=review).exists() or accountable(before, now).person.pk not in not_by:
        return None
    to = _by_another(before, review.reader, review.child)
    if to is None:
        return None
    pass_on(review.ref, before, to)
    review.reviewer = to
    review.save(update_fields=["reviewer"])
    move_duties(review.child, HangsOn.POST, to, Q(object_ref=review.ref, what=DUTY))
    act(SYSTEM, "review.moved", [Subject("review", review.ref, None)], ground=DUE_BY[ReviewKind(review.kind)])
    return review


def not_theirs(person: int) -> QuerySet[Any, Any]:
    """References of what this person (row id) gives no verdict on: own looks, or looks at an own child."""
    return LogReview.objects.filter(Q(reader=person) | at_own_child(person)).values("ref")


def at_own_child(person: int) -> Q:
    """The condition on reviews that the child is of this person's (row id) own family: they read of no look at it."""
    return Q(child=person) | Q(child__in=Guardianship.objects.filter(guardian=person).values("child"))


def give_verdict(viewer: Viewer, review: LogReview, found: str, words: str) -> Verdict:
    """Say whether there was a reason to look, as the post that reviews. Raises Refused, for the reader above all."""
    words = clean_text(words, LONGEST, field="words")
    with transaction.atomic():
        review = LogReview.objects.select_for_update(of=("self",)).select_related("child").get(pk=review.pk)
        has_verdict = Verdict.objects.filter(review=review).exists()
        known = found if found in Found.values else ""
        kin = is_kin(review.child, viewer.person)
        require(may_give_verdict(viewer.person == review.reader_id, has_verdict, known, words, is_kin=kin))
        verdict = Verdict.objects.create(
            review=review,
            found=known,
            words=words,
            by=review.reviewer,
            by_person_id=viewer.person,
            at=clock.now(),
        )
        end_duties(review.ref, DUTY)
        # Without the child: that somebody's looks are reviewed is no step about the child.
        ground = DUE_BY[ReviewKind(review.kind)]
        act(viewer, "review.given", [Subject("review", review.ref, None, known)], ground=ground)
    return verdict
