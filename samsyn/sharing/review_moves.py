"""Reviews that have come to the one who looked, or to the child's own family: somebody else gets them."""

from __future__ import annotations

from django.db import transaction

from samsyn.protection.insight_actions import hold_before_work, let_work
from samsyn.reviews.actions import give_to_another, with_nobody_to_review
from samsyn.sharing.review_queue import TO_REVIEW


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
