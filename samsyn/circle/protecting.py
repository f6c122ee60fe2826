"""Hiding a child so that whoever answers for it goes on knowing of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from samsyn.circle import rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.coming_back import keeper_of
from samsyn.circle.leading import gives_back, named_there
from samsyn.circle.models import Handover, HandoverState, Membership, TeamState
from samsyn.circle.offers import take_back
from samsyn.circle.own_family import hidden_with_own_family, others_answer
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.organisations.presence import accountable_many, duty_desk_for
from samsyn.people.actions import kin_of
from samsyn.people.models import HIDDEN, Person
from samsyn.protection.actions import Decided, protect
from samsyn.protection.insight_actions import end_insight, let_work
from samsyn.protection.models import Insight, Marking
from samsyn.protection.predicate import standing
from samsyn.reviews.models import LogReview
from samsyn.sharing.models import Reason
from samsyn.sharing.review_queue import TO_REVIEW


@transaction.atomic
def protect_child(viewer: Viewer, child: Person, decided: Decided) -> Marking:
    """Set or lift a child's protection; whoever is its named person at that moment knows of it afterwards.

    The row is held before that is asked: a hand-over that is accepted at the same time has moved the child by then, or
    waits, and lets the receiver know. Raises Refused.
    """
    held: Person = Person.objects.select_for_update().get(pk=child.pk)
    if decided.level in HIDDEN:
        others_answer(viewer, held)
    named = current_named_person(held)
    marking = protect(viewer, held, decided, keep=[named.post_id] if named is not None else [])
    work_goes_on(viewer, Person.objects.get(pk=child.pk))
    return marking


@transaction.atomic
def stop_knowing(viewer: Viewer, row: Insight) -> Insight:
    """Take a post's reason to know of a hidden child back; what lies with it goes where the child is known.

    Nobody hides by it their own looks from the one who is to review them, and the named person, who would know again
    within a minute, hands over first. Raises Refused.
    """
    child: Person = Person.objects.select_for_update().get(pk=row.person_id)
    own = LogReview.objects.filter(child=child, reviewer=row.post_id, reader=viewer.person, verdict=None)
    named = current_named_person(child)
    answers = named is not None and named.post_id == row.post_id
    require(rules.may_let_go(own_looks=own.exists(), answers=answers))
    ended = end_insight(viewer, row)
    _goes_where_it_is_known(viewer, child, lost=row.post_id)
    return ended


def work_goes_on(viewer: Viewer, child: Person) -> None:
    """Let nothing around a child who has just been hidden lie with somebody who may not know of it any longer.

    Unanswered offers to them are taken back, and a lead comes back to the child's named person. Whoever is to review a
    look at the child knows of it: else hiding a child would hide who had looked. Nobody of the child's own family is
    let know by that.
    """
    if not child.is_protected:
        return
    let_work(child, _reviewers(child), TO_REVIEW)
    _goes_where_it_is_known(viewer, child)


def hidden_work_goes_on() -> int:
    """Do so for children who were hidden before, where somebody has no reason to know by now: it has run out, the child
    was hidden with its own child, or anew in a restored house. Gives around how many. Safe to run twice at once.
    """
    now = clock.now()
    hidden = Q(child__protection__in=HIDDEN)
    knowing = standing(now).filter(person=OuterRef("child"))
    offers = Handover.objects.filter(hidden, state=HandoverState.PROPOSED)
    leads = Membership.objects.filter(hidden, is_lead=True, until=None, team__state=TeamState.ACTIVE)
    children = {
        *offers.exclude(Exists(knowing.filter(post=OuterRef("to_post")))).values_list("child", flat=True),
        *leads.exclude(Exists(knowing.filter(post=OuterRef("post")))).values_list("child", flat=True),
    }
    children |= (own := set(hidden_with_own_family()))
    for pk in sorted(children):
        with transaction.atomic():
            child = Person.objects.select_for_update().get(pk=pk)
            if pk in own and others_answer(SYSTEM, child) is None:
                children.discard(pk)  # nobody else is left
            _goes_where_it_is_known(SYSTEM, child)
    return len(children)


def _goes_where_it_is_known(viewer: Viewer, child: Person, lost: int | None = None) -> None:
    """Take back the offers to those who may not know of a hidden child, and let the leads they have go to who may.

    Whoever had offered something has it still, and is told; so is the named person. ``lost``: the post (row id) whose
    reason somebody has just taken back, which is not to get another.
    """
    rows = standing(clock.now()).filter(person=child, post__isnull=False)
    knowing = set(rows.values_list("post_id", flat=True))
    offers = Handover.objects.filter(child=child, state=HandoverState.PROPOSED).exclude(to_post__in=knowing)
    offers = offers.select_related("child", "to_post__unit", "from_post")
    for offer in offers.select_for_update(of=("self",)).order_by("pk"):
        take_back(viewer, offer)
        if offer.from_post_id != viewer.post:
            tell(offer.from_post, "own_offer_withdrawn", room="handover", object_ref=offer.ref, child=child)
    leads = Membership.objects.filter(child=child, is_lead=True, until=None, team__state=TeamState.ACTIVE)
    unknown = leads.exclude(post__in=knowing).order_by("pk")
    for lead in unknown.select_related("team__child", "team__consent", "team__proposed_by__unit", "post__unit"):
        _lead_goes_where_it_is_known(viewer, child, lead, lost)


def _lead_goes_where_it_is_known(viewer: Viewer, child: Person, lead: Membership, lost: int | None) -> None:
    """Give a lead to the child's named person. Who leads a team of another authority goes on knowing of the child: else
    that authority's plan would lie with nobody, and whoever hides the child may not even know that there is one.
    """
    to = named_there(lead.team) or _who_leads_on(viewer, child, lead, lost)
    if to.pk == lead.post_id:
        let_work(child, [to.pk], Reason.TEAM)
        return
    gives_back(viewer, lead, to)
    if to.pk != viewer.post:
        when = clock.now().isoformat()
        tell(to, "lead_came_back", room="team", object_ref=lead.team.ref, child=child, occasion=when)


def _who_leads_on(viewer: Viewer, child: Person, lead: Membership, lost: int | None) -> Post:
    """A post of the team's authority to lead it: the one that does, or who is left of it. Where its reason has just
    been taken back, whoever did so, another that knows, or another of the team. Else the duty desk; nobody of the
    child's own family.
    """
    within = Post.objects.filter(unit__authority=lead.authority_id).exclude(pk=lost or 0).select_related("unit")
    if lead.post_id == lost:
        knowing = standing(clock.now()).filter(person=child).values("post_id")
        members = lead.team.memberships.filter(until=None).values("post_id")
        found = [*within.filter(pk=viewer.post or 0), *within.filter(pk__in=knowing).order_by("pk")]
        candidates = [*found, *within.filter(pk__in=members).order_by("pk")]
    else:
        candidates = [*within.filter(pk=lead.post_id), keeper_of(lead.team)]
    answering, kin = accountable_many(candidates, clock.now()), kin_of(child)
    fit = (post for post in candidates if answering[post.pk].person.pk not in kin)
    return next(fit, None) or duty_desk_for(lead.team.proposed_by)


def _reviewers(child: Person) -> list[int]:
    """The posts (row ids) that are to review a look at the child, and that nobody of its own family answers for."""
    waiting = LogReview.objects.filter(child=child, verdict=None).order_by("pk")
    posts = list(dict.fromkeys(waiting.values_list("reviewer_id", flat=True)))
    if not posts:
        return []
    answering, kin = accountable_many(posts, clock.now()), kin_of(child)
    return [post for post in posts if answering[post].person.pk not in kin]
