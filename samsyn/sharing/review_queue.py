"""Going through the looks of a week: the facts that the rules ask for, and what a second person is to review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max, Q

from samsyn import law
from samsyn.common import clock
from samsyn.common.viewer import NOBODY
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Holding, Post
from samsyn.people.models import Guardianship, Person
from samsyn.people.names import fold
from samsyn.protection.insight_actions import let_work
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.reviews.models import LogReview, ReviewKind, Round
from samsyn.sharing.models import Disclosure, Involvement, Scope, Way
from samsyn.sharing.review_rules import Limits, Looks, Strength, by_chance, chosen, first_week, monday, why_reviewed
from samsyn.trail.models import Mode, TrailEntry, TrailSubject

NIGHT_FROM, NIGHT_UNTIL, MANY, EVERYBODY = (
    "log_review_night_from", "log_review_night_until", "log_review_many_children", "log_review_everybody",
)  # fmt: skip
TO_REVIEW = "log_reviews"  # why a reviewer knows of a hidden child
AT_ONCE = 2000


@dataclass(frozen=True)
class Entry:
    """A page that somebody at work opened about one child."""

    pk: int
    at: datetime
    account: UUID
    person: UUID
    post: UUID
    unit: UUID
    child: UUID

    @property
    def local(self) -> datetime:
        """When, in Sweden."""
        return self.at.astimezone(clock.STOCKHOLM)


@dataclass
class Facts:
    """What is known around the children and readers of a week, by reference."""

    persons: dict[UUID, Person]
    posts: dict[UUID, Post]
    guardians: dict[UUID, list[Guardianship]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[UUID, list[Involvement]] = field(default_factory=lambda: defaultdict(list))
    disclosures: dict[UUID, list[Disclosure]] = field(default_factory=lambda: defaultdict(list))
    colleagues: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def make_review_queue() -> int:
    """Go through the last whole week, once, after those that nothing went through; give how many reviews were put into
    queues. Safe to run twice at once."""
    last = monday(clock.today()) - timedelta(weeks=1)
    newest = Round.objects.filter(week__lte=last).aggregate(week=Max("week"))["week"]
    week, made = last if newest is None else newest + timedelta(weeks=1), 0
    while week <= last:
        made += _review(week, also_when_empty=week == last)
        week += timedelta(weeks=1)
    return made


def _review(week: date, *, also_when_empty: bool) -> int:
    """A week without a look stays open where it is not the last: a clock that was ahead takes no week from anybody.

    The last of a period has all of it for chance to take from, whether anybody looked in that week or not.
    """
    try:
        with transaction.atomic():
            entries = list(looks_between(week, week + timedelta(weeks=1)))
            if not entries and not also_when_empty:
                return _by_chance(week, entries, _seen_in_period(week))
            Round.objects.create(week=week, looks=len(entries), made_at=clock.now())
            return _go_through(week, entries)
    except IntegrityError:
        if Round.objects.filter(week=week).exists():  # another tick has just done it
            return 0
        raise  # the week is not gone through, and is tried again with the next round


def looks_between(since: date, until: date) -> Iterator[Entry]:
    """Pages of the days that staff opened about one child. A list of many children tells of none in particular.

    A page that names the child's guardian is the child's also where that guardian is young and a child here too.
    """
    start, end = (datetime.combine(day, time(), clock.STOCKHOLM) for day in (since, until))
    entries = TrailEntry.objects.filter(mode=Mode.READ, at__gte=start, at__lt=end).exclude(unit_ref=NOBODY)
    about: dict[int, set[UUID]] = defaultdict(set)
    named = TrailSubject.objects.filter(entry__in=entries, child_ref__isnull=False)
    for entry, child in named.values_list("entry", "child_ref").distinct().iterator():
        if child is not None:
            about[entry].add(child)
    children = _children(set().union(*about.values()))
    wards = _wards(children)
    fields = ("pk", "at", "account_ref", "person_ref", "post_ref", "unit_ref")
    for row in entries.order_by("pk").values_list(*fields).iterator(chunk_size=AT_ONCE):
        of_entry = about.get(row[0], set()) & children
        of_entry -= {guardian for guardian in of_entry & wards.keys() if wards[guardian] & of_entry}
        if len(of_entry) == 1:
            pk, at, account, person, post, unit = row
            yield Entry(pk, at, account, person, post, unit, of_entry.pop())


def _children(refs: set[UUID]) -> set[UUID]:
    """Those who are children here, for whom somebody has custody or a reason: a page names guardians too."""
    found: set[UUID] = set()
    for model in (Guardianship, Involvement):
        found |= set(model.objects.filter(child__ref__in=refs).values_list("child__ref", flat=True).distinct())
    return found


def _wards(children: set[UUID]) -> dict[UUID, set[UUID]]:
    """Those of the children who have, or have had, custody of others of them, and of whom."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    rows = Guardianship.objects.filter(guardian__ref__in=children, child__ref__in=children)
    for guardian, child in rows.values_list("guardian__ref", "child__ref"):
        found[guardian].add(child)
    return found


def _facts(entries: list[Entry]) -> Facts:
    children = {one.child for one in entries}
    persons = Person.objects.filter(ref__in=children | {one.person for one in entries})
    posts = Post.objects.filter(ref__in={one.post for one in entries}).select_related("unit__authority", "parent")
    facts = Facts({one.ref: one for one in persons}, {one.ref: one for one in posts})
    for custody in Guardianship.objects.filter(child__ref__in=children).select_related("child", "guardian"):
        facts.guardians[custody.child.ref].append(custody)
    for reason in Involvement.objects.filter(child__ref__in=children).select_related("child"):
        facts.reasons[reason.child.ref].append(reason)
    opened = Disclosure.objects.filter(child__ref__in=children, way=Way.OPEN).select_related("child", "receiver")
    for disclosure in opened:
        facts.disclosures[disclosure.child.ref].append(disclosure)
    units = {post.unit_id for post in facts.posts.values()}
    today = clock.today()
    held = Holding.objects.filter(within(today), post__unit__in=units)
    for unit, person in held.values_list("post__unit", "person"):
        facts.colleagues[unit].add(person)
    return facts


def strength(entry: Entry, facts: Facts) -> Strength:
    """How strong the reader's reason was at that moment, by the rows that ``predicate`` reads."""
    post = facts.posts.get(entry.post)
    if post is None:
        return Strength.NONE
    found = Strength.NONE
    for one in facts.reasons[entry.child]:
        if one.since > entry.at or (one.until is not None and one.until <= entry.at):
            continue
        if one.post_id == post.pk or (one.post_id is None and one.unit_id == post.unit_id and one.scope != Scope.FIND):
            return Strength.OWN
        if one.post_id is None and one.unit_id in post.unit.ids_upwards:
            found = Strength.FINDS
    day = entry.local.date()
    for row in facts.disclosures[entry.child]:
        began = row.since <= entry.at and day <= row.expires_on
        if row.receiver_id == post.unit_id and began and (row.ended_at is None or row.ended_at > entry.at):
            return Strength.OWN
    return found


def _go_through(week: date, entries: list[Entry]) -> int:
    facts = _facts(entries)
    strengths = {one.pk: strength(one, facts) for one in entries}
    in_a_day = _in_a_day(entries, strengths)
    together: dict[tuple[UUID, UUID, UUID], list[Entry]] = defaultdict(list)
    for one in entries:
        together[one.account, one.post, one.child].append(one)
    number, seen = 0, _seen_in_period(week)
    limits = _limits()
    for (account, post, child), looks in together.items():
        of_pair = _looks(looks, facts, strengths, in_a_day)
        why = why_reviewed(of_pair, limits)
        if why and _put(facts, looks, why, f"{week}|{account}|{post}|{child}"):
            seen.add(str(account))
            number += 1
    return number + _by_chance(week, entries, seen)


def _limits() -> Limits:
    rules = law.on(clock.today())
    night_from, night_until, many = (rules.amount(one) or 0 for one in (NIGHT_FROM, NIGHT_UNTIL, MANY))
    return Limits(night_from, night_until, many)


def _in_a_day(entries: list[Entry], strengths: dict[int, Strength]) -> dict[tuple[UUID, date], int]:
    found: dict[tuple[UUID, date], set[UUID]] = defaultdict(set)
    for one in entries:
        if strengths[one.pk] is not Strength.OWN:
            found[one.account, one.local.date()].add(one.child)
    return {key: len(children) for key, children in found.items()}


def _looks(
    looks: list[Entry], facts: Facts, strengths: dict[int, Strength], in_a_day: dict[tuple[UUID, date], int]
) -> Looks:
    first = looks[0]
    reader, child, post = (
        facts.persons.get(first.person), facts.persons[first.child], facts.posts.get(first.post)
    )  # fmt: skip
    day = first.local.date()
    now = [one for one in facts.guardians[first.child] if one.since <= day and (one.until is None or day <= one.until)]
    family = {fold(one.family_name) for one in [child, *(row.guardian for row in now)] if one.family_name}
    colleagues = facts.colleagues[post.unit_id] if post is not None else set()
    guardians = {row.guardian_id for row in now}
    return Looks(
        strength=min(strengths[one.pk] for one in looks),
        hours=tuple(one.local.hour for one in looks),
        own_child=reader is not None and reader.pk in guardians,
        same_name=reader is not None and fold(reader.family_name) in family,
        colleagues_child=bool(guardians & (colleagues - ({reader.pk} if reader else set()))),
        in_a_day=max(in_a_day.get((one.account, one.local.date()), 0) for one in looks),
    )


def _put(facts: Facts, looks: list[Entry], why: list[str], key: str) -> LogReview | None:
    first = looks[0]
    reader, post = facts.persons.get(first.person), facts.posts.get(first.post)
    if reader is None or post is None:
        return None
    entries = tuple(one.pk for one in looks)
    looked = Looked(reader, first.account, post, facts.persons[first.child], entries)
    review = put_in_queue(looked, why, key=key)
    let_work(looked.child, [review.reviewer_id], TO_REVIEW)  # who looks at a hidden child is looked at too
    return review


def _seen_in_period(week: date) -> set[str]:
    """The accounts that have been reviewed for a week of the same period, or for an emergency in it.

    By the week that the key begins with: weeks that nothing went through are gone through when another period is on.
    """
    start, weeks = first_week(week, _weeks()), _weeks()
    since, until = (datetime.combine(start + timedelta(weeks=n), time(), clock.STOCKHOLM) for n in (0, weeks))
    reviewed = Q(kind=ReviewKind.EMERGENCY, made_at__gte=since, made_at__lt=until)
    for number in range(weeks):
        reviewed |= Q(kind=ReviewKind.LOOKS, key__startswith=f"{start + timedelta(weeks=number)}|")
    rows = LogReview.objects.filter(reviewed).values_list("reader_account_ref", flat=True)
    return {str(one) for one in rows}


def _weeks() -> int:
    return law.on(clock.today()).row(EVERYBODY).value or 1


def _by_chance(week: date, entries: list[Entry], seen: set[str]) -> int:
    """Put in one look of each account that chance takes now; in the last week of the period from all of it."""
    start = first_week(week, _weeks())
    index = (week - start).days // 7
    if index == _weeks() - 1:
        entries = list(looks_between(start, week + timedelta(weeks=1)))
    by_account: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        by_account[str(one.account)].append(one)
    active = dict.fromkeys(by_account, index)
    number = 0
    for account in sorted(by_chance(active, seen, week, _weeks())):
        looks = {one.pk: one for one in by_account[account]}
        taken = looks[chosen(looks, account, week)]
        number += _put(_facts([taken]), [taken], ["sample"], f"{week}|{account}|sample") is not None
    return number
