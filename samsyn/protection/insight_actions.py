"""Letting a post know of a protected person until a day: given, taken back, and kept on for whoever answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import deadline_for, deadlines_for
from samsyn.people.actions import is_kin
from samsyn.people.models import Person
from samsyn.people.rules import may_write_of_family
from samsyn.protection import rules
from samsyn.protection.models import Insight
from samsyn.protection.predicate import insights, standing
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

LONGEST_REASON = 300


def give_insight(viewer: Viewer, person: Person, post: Post, why: str, until: date | None) -> Insight:
    """Let a post know of a protected person until the end of a day."""
    with transaction.atomic():
        why = clean_line(why, LONGEST_REASON, field="why")
        require(may_write_of_family(own=is_kin(person, viewer.person)))
        require(
            rules.may_give_reason(
                has_reason=may_know(viewer, person),
                to_itself=post.pk == viewer.post,
                why=why,
                until=until,
                today=clock.today(),
                longest=_longest(viewer),
            )
        )
        assert until is not None
        row = Insight.objects.create(
            person=person, post=post, why=why, since=clock.now(), until=clock.end_of(until), given_by_id=viewer.post
        )
        act(viewer, "protection.insight_given", [Subject("insight", row.ref, person.ref, "holds")], ground=why)
    return row


def _longest(viewer: Viewer) -> date:
    """The last day that a reason given today can hold, as the partnership of who gives it has decided."""
    return deadline_for(viewer.authority or 0, rules.REASON_LONGEST, clock.today()).latest_day


def end_insight(viewer: Viewer, row: Insight) -> Insight:
    """Take a reason back now. The earlier row stays as it was written."""
    with transaction.atomic():
        now = clock.now()
        require(
            rules.may_take_back(has_reason=may_know(viewer, row.person), holds=standing(now).filter(pk=row.pk).exists())
        )
        return _end(viewer, row, now)


def _end(viewer: Viewer, row: Insight, now: datetime) -> Insight:
    ended = Insight.objects.create(
        person=row.person,
        post=row.post,
        account=row.account,
        why=row.why,
        since=now,
        until=now,
        given_by_id=viewer.post,
        ends=row,
    )
    subjects = [Subject("insight", row.ref, row.person.ref, "ended")]
    revoke(viewer, "protection.insight_ended", subjects, ("insight", row.ref), by=ended.ref)
    return ended


def forget_before(viewer: Viewer, person: Person, keep: Sequence[int]) -> None:
    """End what is left of the reasons from when somebody was hidden before. Call it as the person is hidden anew.

    ``keep``: posts (row ids) that go on knowing. Else somebody who must not know this time would, unseen by whoever
    hides the person.
    """
    now = clock.now()
    left = standing(now).filter(person=person, post__isnull=False).exclude(post__in=keep)
    for row in left.select_related("person").order_by("pk"):
        _end(viewer, row, now)


def forget_at(viewer: Viewer, person: Person, post: Post) -> None:
    """End what is left of one post's reasons to know of somebody."""
    now = clock.now()
    for row in standing(now).filter(person=person, post=post).select_related("person").order_by("pk"):
        _end(viewer, row, now)


def let_work(person: Person, posts: Sequence[int], why: str) -> None:
    """Let posts know of somebody whom their work is now about. Part of the act that makes it so, and of its trail."""
    if not person.is_protected:
        return
    now = clock.now()
    known = set(standing(now).filter(person=person, post__in=posts).values_list("post_id", flat=True))
    new = [post for post in dict.fromkeys(posts) if post not in known]
    if not new:
        return
    ends = _by_work(new, now)
    Insight.objects.bulk_create(
        Insight(person=person, post_id=post, why=why, since=now, until=ends[post]) for post in new
    )


def hold_before_work(child: int) -> None:
    """Let nobody hide a child (row id), before this transaction ends, of whom somebody is about to get work.

    Call it before anything else is held, as whoever hides the child does, and fetch the child after it: ``let_work``
    believes the row that it is given. Who only writes about the child waits for nothing.
    """
    list(Person.objects.select_for_update(no_key=True).filter(pk=child).values_list("pk"))


def held_for_work(child: Person) -> Person:
    """The same child, held as by ``hold_before_work``, for whoever gives work about it: hidden if it is so by now."""
    child.protection = (
        Person.objects.select_for_update(no_key=True).values_list("protection", flat=True).get(pk=child.pk)
    )
    return child


def go_on_knowing(holders: Iterable[tuple[Person, int]]) -> int:
    """Give anew, in time before it ends, the reason of posts that answer for a protected person; how many were given.

    ``holders``: each protected person with the post that answers. Each new reason is a row of its own, in the trail.
    """
    given = 0
    found = list(holders)
    soon = _counted(rules.REASON_RENEWED, [post for _person, post in found], clock.now())
    for person, post in found:
        with transaction.atomic():
            list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
            now = clock.now()
            if standing(now).filter(person=person, post=post, until__gt=soon[post]).exists():
                continue
            until = _by_work([post], now)[post]
            row = Insight.objects.create(person=person, post_id=post, why="protection", since=now, until=until)
            act(SYSTEM, "protection.insight_given", [Subject("insight", row.ref, person.ref, "holds")])
            given += 1
    return given


def _by_work(posts: Sequence[int], now: datetime) -> dict[int, datetime]:
    return _counted(rules.REASON_BY_WORK, posts, now)


def _counted(rule: str, posts: Sequence[int], now: datetime) -> dict[int, datetime]:
    """When the time of ``rule`` is over for each post, as the partnership of its authority has decided."""
    rows = list(Post.objects.filter(pk__in=posts).values_list("pk", "unit__authority_id"))
    found = deadlines_for(rule, [(authority, now) for _post, authority in rows])
    return {post: one.due_at for (post, _authority), one in zip(rows, found, strict=True)}


def may_know(viewer: Viewer, person: Person) -> bool:
    """Has the viewer a reason of its own for this very person."""
    return insights(viewer, clock.now()).filter(person=person).exists()


def insights_into(person: Person) -> QuerySet[Insight]:
    """Every reason to know of the person that holds now, the one that ends first before the others."""
    rows = standing(clock.now()).filter(person=person, post__isnull=False)
    return rows.select_related("person", "post__unit__authority", "given_by__unit").order_by("until", "pk")
