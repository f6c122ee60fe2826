"""Keeping the duty desks staffed, today and on every later day that is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.db.models import Q

from samsyn.common import clock, outside
from samsyn.common.decision import Decision, require
from samsyn.organisations import rules
from samsyn.organisations.intervals import standing
from samsyn.organisations.models import Absence, Cover, Holding, Post, PostRole, Principal
from samsyn.organisations.resolution import Covered, Held, Roster, Span, first_days_without_desk
from samsyn.people.models import Account


@contextmanager
def desk_stays_attended() -> Iterator[None]:
    """Carry out the block in one transaction, and undo it when it leaves a duty desk without anybody on some day.

    Changes of the organisation wait for each other here, so that two together cannot empty a desk.
    Raises Refused with the day.
    """
    with transaction.atomic(), outside.written_last():
        list(Post.objects.select_for_update().filter(role=PostRole.DUTY_DESK).order_by("pk").values_list("pk"))
        today = clock.today()
        before = roster(today)
        yield
        after = roster(today)
        empty_before, empty_after = first_days_without_desk(before, today), first_days_without_desk(after, today)
        # A principal that gets its first desk here may staff it later; one that had a desk keeps one.
        for principal in before.desks:
            day = empty_after.get(principal) if principal in after.desks else today
            require(rules.desk_stays_attended(empty_before.get(principal), day))


def installation_is_complete() -> Decision:
    """Is the installation finished: nobody's question can end at an empty desk."""
    today = clock.today()
    now = roster(today)
    empty = first_days_without_desk(now, today)
    return rules.is_complete(
        principals=Principal.objects.count(),
        desks=sum(len(desks) for desks in now.desks.values()),
        first_day_without=min(empty.values(), default=None),
    )


def roster(start: date) -> Roster:
    """Everything from ``start`` on that decides whether the duty desks are attended."""
    desks: dict[int, list[int]] = {}
    standing_desks = Post.objects.filter(standing(start), role=PostRole.DUTY_DESK).order_by("pk")
    for post, principal in standing_desks.values_list("pk", "unit__authority__principal"):
        desks.setdefault(principal, []).append(post)
    posts = {post for group in desks.values() for post in group}
    covered = _covers(posts, start)
    posts |= {one.by for one in covered}
    lasting = Q(until=None) | Q(until__gte=start)
    held = [
        Held(post, person, _until_the_post_ends(Span(since, until), ended))
        for post, person, since, until, ended in Holding.objects.filter(lasting, post__in=posts).values_list(
            "post", "person", "since", "until", "post__ended_on"
        )
    ]
    persons = {one.person for one in held}
    away: dict[int, list[Span]] = {}
    for person, since, until in Absence.objects.filter(lasting, person__in=persons).values_list(
        "person", "since", "until"
    ):
        away.setdefault(person, []).append(Span(since, until))
    shut = Account.objects.filter(is_active=False, person__in=persons).values_list("person", flat=True)
    return Roster(desks, held, covered, away, frozenset(shut))


def _covers(posts: set[int], start: date) -> list[Covered]:
    lasting = Q(until=None) | Q(until__gte=start)
    found: list[Covered] = []
    seen, level = set(posts), set(posts)
    while level:
        rows = Cover.objects.filter(lasting, post__in=level).order_by("since", "pk")
        found += [
            Covered(post, by, Span(since, until))
            for post, by, since, until in rows.values_list("post", "covered_by", "since", "until")
        ]
        level = {one.by for one in found} - seen
        seen |= level
    return found


def _until_the_post_ends(span: Span, ended: date | None) -> Span:
    if ended is None or (span.until is not None and span.until <= ended):
        return span
    return Span(span.since, ended)
