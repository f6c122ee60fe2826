"""Who answers for a post now, and as which posts somebody may act now.

Present means: holds the post today, is not away today, and the account is not closed. A cover answers only while the
holder is not present.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from samsyn.common import clock, ports
from samsyn.common.prepared import first_asked
from samsyn.common.viewer import Viewer
from samsyn.organisations.intervals import standing, within
from samsyn.organisations.models import Absence, Cover, Holding, Post, PostRole
from samsyn.organisations.reach import reached_from, unattended_below
from samsyn.organisations.resolution import Staffing, Via, resolve
from samsyn.people.models import Account, Person
from samsyn.people.shown_names import all_at_work, at_work

BATCH = 5000
_WITH_PLACE = "unit__authority__principal"


class NobodyAnswers(LookupError):
    """No duty desk is staffed: the installation is not finished."""


@dataclass(frozen=True)
class Answering:
    """The one person who answers for a post at a moment. ``post``: the post this person holds. ``via``: how it came."""

    person: Person
    post: Post
    via: Via


@dataclass(frozen=True)
class Capacity:
    """A post that somebody may act as now. ``covering``: as somebody other than its holder.

    ``knows_nobody_hidden``: it was asked, and the post has no reason to know of anybody protected.
    """

    post: Post
    covering: bool
    via: Via
    knows_nobody_hidden: bool = False


def present_holdings(day: date) -> QuerySet[Holding]:
    """Holdings of ``day`` whose holder is present."""
    return Holding.objects.filter(
        within(day),
        standing(day, "post__"),
        ~Exists(Absence.objects.filter(within(day), person=OuterRef("person"))),
        ~Exists(Account.objects.filter(is_active=False, person=OuterRef("person"))),
    )


def accountable(post: Post, at: datetime) -> Answering:
    """The one present person who answers for ``post`` at this moment.

    Raises NobodyAnswers before the installation has a staffed duty desk.
    """
    return accountable_many([post], at)[post.pk]


def accountable_many(posts: Iterable[Post | int], at: datetime) -> dict[int, Answering]:
    """As ``accountable`` for many posts: row id of the post → who answers.

    One query when every holder is present; else at most eight for each 5,000 posts.
    """
    wanted = iter(dict.fromkeys(one if isinstance(one, int) else one.pk for one in posts))
    found: dict[int, Answering] = {}
    while batch := list(islice(wanted, BATCH)):
        found.update(_answering(batch, _day(at)))
    return found


def duty_desk_for(post: Post) -> Post:
    """The duty desk that ``post`` falls to in the end: the own principal's, else another one of the installation.

    Raises NobodyAnswers when there is none.
    """
    principal = Post.objects.filter(pk=post.pk).values("unit__authority__principal")[:1]
    desks = Post.objects.filter(ended_on=None, role=PostRole.DUTY_DESK).select_related(_WITH_PLACE)
    nearest = desks.annotate(
        own=Exists(desks.filter(pk=OuterRef("pk"), unit__authority__principal=Subquery(principal)))
    )
    desk = nearest.order_by("-own", "pk").first()
    if desk is None:
        raise NobodyAnswers("No duty desk has been founded.")
    return desk


def who_act_as(posts: Iterable[int], at: datetime) -> dict[int, set[int]]:
    """Who may act as each post (row ids) now: row ids of those who hold it, away or not, and of who answers for it."""
    found = {post: {answering.person.pk} for post, answering in accountable_many(posts, at).items()}
    for post, person in Holding.objects.filter(within(_day(at)), post__in=found).values_list("post_id", "person_id"):
        found[post].add(person)
    return found


def goes_on_at(post: Post) -> Post:
    """The post itself; where its end has been set, the one above it; if that one ends too, the duty desk.

    Raises NobodyAnswers when there is none.
    """
    near = (one for one in (post, post.parent) if one is not None and one.ended_on is None)
    return next(near, None) or duty_desk_for(post)


def capacities(person_id: int, at: datetime) -> list[Capacity]:
    """Every post that the person may act as now: held ones first, then those whose questions come to this person."""
    day = _day(at)
    held = list(
        Post.objects.filter(
            standing(day), Exists(Holding.objects.filter(within(day), post=OuterRef("pk"), person=person_id))
        )
        .select_related(_WITH_PLACE)
        .order_by("title", "pk")
    )
    own = {post.pk for post in held}
    below = unattended_below(own, day)
    if any(post.role == PostRole.DUTY_DESK for post in held):
        below |= set(_unattended(day).values_list("pk", flat=True))
    ways = {
        post_id: answer.via
        for post_id, answer in accountable_many(below - own, at).items()
        if answer.person.pk == person_id
    }
    others = Post.objects.filter(pk__in=ways).select_related(_WITH_PLACE).order_by("title", "pk") if ways else ()
    return [
        *(Capacity(post, covering=False, via=Via.HOLDER) for post in held),
        *(Capacity(post, covering=True, via=ways[post.pk]) for post in others),
    ]


def capacity(person_id: int, post_id: int, at: datetime) -> Capacity | None:
    """May the person act as this post now, and how. One query when the person holds the post, two for its cover."""
    held: Any = first_asked(_held, person_id, post_id, at)
    if held is not None:
        return Capacity(held.post, covering=False, via=Via.HOLDER, knows_nobody_hidden=not held.knows_of_hidden)
    day = _day(at)
    by_cover = (
        Cover.objects.filter(within(day), post=OuterRef("pk"))
        .annotate(by=Subquery(present_holdings(day).filter(post=OuterRef("covered_by")).values("person")[:1]))
        .filter(by__isnull=False)
        .order_by("since", "pk")
    )
    post: Any = (
        Post.objects.filter(standing(day), pk=post_id)
        .select_related(_WITH_PLACE)
        .annotate(
            attended=Exists(present_holdings(day).filter(post=OuterRef("pk"))),
            cover=Subquery(by_cover.values("by")[:1]),
        )
        .first()
    )
    if post is None:
        return None
    if post.attended:
        return None
    if post.cover is not None:
        return Capacity(post, covering=True, via=Via.COVER) if post.cover == person_id else None
    answer = accountable(post, at)
    return Capacity(post, covering=True, via=answer.via) if answer.person.pk == person_id else None


def _held(person_id: int, post_id: int, at: datetime) -> QuerySet[Holding]:
    day = _day(at)
    held = Holding.objects.filter(within(day), standing(day, "post__"), post=post_id, person=person_id)
    knows = ports.knows_of_hidden(OuterRef("post"), at)
    return held.annotate(knows_of_hidden=knows).select_related(f"post__{_WITH_PLACE}").order_by("pk")[:1]


def viewer_for(account: Account, post_id: int | None, at: datetime, *, in_request: bool = False) -> Viewer:
    """The viewer that this account is at this moment in the capacity of ``post_id`` (None: the own family).

    A post that the account may not act as now gives the account in no capacity. An operator never has a post.
    ``in_request``: the viewer is used for one request and thrown away, so what it knows now can be said of it.
    """
    person = account.person
    nobody_else = Viewer(
        account=account.pk,
        person=person.pk,
        account_ref=account.ref,
        person_ref=person.ref,
        person_label=at_work(person).full_name,
        operator=account.is_operator,
    )
    if post_id is None or account.is_operator or not account.is_active:
        return nobody_else
    acting = capacity(person.pk, post_id, at)
    if acting is None:
        return nobody_else
    return replace(as_post(nobody_else, acting), knows_nobody_hidden=in_request and acting.knows_nobody_hidden)


def as_post(viewer: Viewer, acting: Capacity) -> Viewer:
    """The same account acting as a post. ``acting.post`` carries its unit, authority and principal."""
    post = acting.post
    unit, authority, principal = post.unit, post.unit.authority, post.unit.authority.principal
    return Viewer(
        account=viewer.account,
        person=viewer.person,
        post=post.pk,
        unit=unit.pk,
        units=unit.ids_upwards,
        authority=authority.pk,
        principal=principal.pk,
        account_ref=viewer.account_ref,
        person_ref=viewer.person_ref,
        post_ref=post.ref,
        unit_ref=unit.ref,
        principal_ref=principal.ref,
        person_label=viewer.person_label,
        post_label=post.title,
        unit_label=unit.name,
        sphere=authority.sphere,
        covering=acting.covering,
    )


def _day(at: datetime) -> date:
    return at.astimezone(clock.STOCKHOLM).date()


def _answering(posts: list[int], day: date) -> dict[int, Answering]:
    holdings = _holdings(posts, day)
    found = {post: Answering(one.person, one.post, Via.HOLDER) for post, one in holdings.items()}
    missing = [post for post in posts if post not in found]
    return {**found, **_further(missing, day)} if missing else found


def _further(posts: list[int], day: date) -> dict[int, Answering]:
    desks = dict(
        Post.objects.filter(standing(day), role=PostRole.DUTY_DESK)
        .order_by("pk")
        .values_list("pk", "unit__authority__principal")
    )
    reached = reached_from([*posts, *desks], day)
    places = {
        pk: (parent, principal)
        for pk, parent, principal in Post.objects.filter(pk__in=reached).values_list(
            "pk", "parent", "unit__authority__principal"
        )
    }
    covers: dict[int, list[int]] = {}
    chosen = Cover.objects.filter(within(day), post__in=reached).order_by("since", "pk")
    for covered, by in chosen.values_list("post", "covered_by"):
        covers.setdefault(covered, []).append(by)
    holdings = _holdings(reached, day)
    at_desks = _holdings(list(desks), day, whether_present_or_not=True)
    staffing = Staffing(
        present={post: one.person_id for post, one in holdings.items()},
        covers=covers,
        parents={pk: parent for pk, (parent, _) in places.items()},
        desk_holders={post: one.person_id for post, one in at_desks.items()},
    )
    holdings = {**at_desks, **holdings}
    found = {}
    for post in posts:
        _, principal = places[post]
        answer = resolve(post, staffing, sorted(desks, key=lambda desk: (desks[desk] != principal, desk)))
        if answer is None:
            raise NobodyAnswers("No duty desk is staffed, so nobody answers.")
        one = holdings[answer.post]
        found[post] = Answering(one.person, one.post, answer.via)
    return found


def _holdings(posts: list[int], day: date, *, whether_present_or_not: bool = False) -> dict[int, Holding]:
    """Post → its holding of the day, with place and person, as colleagues know them."""
    everyone = Holding.objects.filter(within(day), standing(day, "post__"))
    rows = everyone if whether_present_or_not else present_holdings(day)
    chosen = rows.filter(post__in=posts).select_related("person__vault", f"post__{_WITH_PLACE}").order_by("since", "pk")
    found = {one.post_id: one for one in chosen}
    all_at_work(one.person for one in found.values())
    return found


def _unattended(day: date) -> QuerySet[Post]:
    return Post.objects.filter(standing(day), ~Exists(present_holdings(day).filter(post=OuterRef("pk"))))
