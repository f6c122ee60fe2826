"""Hiding a child so that whoever answers for it goes on knowing of it."""

from __future__ import annotations

from django.db import transaction

from samsyn.circle.actions import current_named_person
from samsyn.circle.leading import gives_back
from samsyn.circle.models import Handover, HandoverState, Membership, TeamState
from samsyn.circle.offers import take_back
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.organisations.presence import accountable_many
from samsyn.people.actions import kin_of
from samsyn.people.models import Person
from samsyn.protection.actions import Decided, protect
from samsyn.protection.insight_actions import let_work
from samsyn.protection.models import Marking
from samsyn.protection.predicate import standing
from samsyn.reviews.models import LogReview
from samsyn.sharing.review_queue import TO_REVIEW


@transaction.atomic
def protect_child(viewer: Viewer, child: Person, decided: Decided) -> Marking:
    """Set or lift a child's protection; whoever is its named person at that moment knows of it afterwards.

    The row is held before that is asked: a hand-over that is accepted at the same time has moved the child by then, or
    waits, and lets the receiver know. Raises Refused.
    """
    held: Person = Person.objects.select_for_update().get(pk=child.pk)
    named = current_named_person(held)
    marking = protect(viewer, held, decided, keep=[named.post_id] if named is not None else [])
    work_goes_on(viewer, Person.objects.get(pk=child.pk))
    return marking


def work_goes_on(viewer: Viewer, child: Person) -> None:
    """Let nothing around a child who has just been hidden lie with somebody who may not know of it any longer.

    Unanswered offers to them are taken back, and a lead comes back to the child's named person. Whoever is to review a
    look at the child knows of it: else hiding a child would hide who had looked. Nobody of the child's own family is
    let know by that.
    """
    if not child.is_protected:
        return
    let_work(child, _reviewers(child), TO_REVIEW)
    rows = standing(clock.now()).filter(person=child, post__isnull=False)
    knowing = set(rows.values_list("post_id", flat=True))
    offers = Handover.objects.filter(child=child, state=HandoverState.PROPOSED).exclude(to_post__in=knowing)
    for offer in offers.select_for_update(of=("self",)).select_related("child", "to_post__unit").order_by("pk"):
        take_back(viewer, offer)
    named = current_named_person(child)
    if named is None:
        return
    leads = Membership.objects.filter(child=child, is_lead=True, until=None, team__state=TeamState.ACTIVE)
    own = leads.filter(authority=named.authority_id).exclude(post__in=knowing)
    for lead in own.select_related("team__child", "team__consent", "team__proposed_by__unit", "post__unit"):
        gives_back(viewer, lead)


def _reviewers(child: Person) -> list[int]:
    """The posts (row ids) that are to review a look at the child, and that nobody of its own family answers for."""
    waiting = LogReview.objects.filter(child=child, verdict=None).order_by("pk")
    posts = list(dict.fromkeys(waiting.values_list("reviewer_id", flat=True)))
    if not posts:
        return []
    answering, kin = accountable_many(posts, clock.now()), kin_of(child)
    return [post for post in posts if answering[post].person.pk not in kin]
