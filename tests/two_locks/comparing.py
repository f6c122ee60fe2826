"""What the two locks say of the same worlds: the predicate in Python, and the policies in PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet

from samsyn.circle.models import Team
from samsyn.common import clock, second_lock
from samsyn.common.ports import Children
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty
from samsyn.notices.models import Notice
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Holding, Post
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import HIDDEN, Account, Guardianship, LookUp, Person, ProtectedDetails
from samsyn.protection.models import Insight, Marking
from samsyn.protection.predicate import exists_for, hidden_from, insights
from samsyn.retention.models import RegisterExtract
from samsyn.sharing.family_models import FamilyDecision, FamilyMark, FamilyMet
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentEnd,
    ConsentItem,
    ConsentLimit,
    ConsentReceiver,
    ConsentText,
    Disclosure,
    DisclosureItem,
    Involvement,
    Scope,
)
from samsyn.sharing.predicate import children_seen, may_see, open_to, reasons_of
from tests.two_locks.making import World, seen_models

Seen = set[tuple[str, int]]
MODELS: tuple[type[Model], ...] = (Person, Involvement, Disclosure, FamilyDecision, FamilyMark, *seen_models())
LOOKS = 5
AT_A_TIME = 7
"""Models that are asked in one look: all in turn, since PostgreSQL takes long to plan a question about them all."""


@dataclass(frozen=True)
class Difference:
    """One place where the locks disagree: who looked, and what only one of the two lets through."""

    who: Viewer
    told: tuple[int, int | None]
    only_first: Seen
    only_second: Seen
    hidden_from_itself: Seen


@contextmanager
def told(account: int, post: int | None) -> Iterator[None]:
    """Inside the block the database is asked as a request asks it: as the reading role, told of this account."""
    with second_lock.reading():
        second_lock.tell(account, post)
        yield


def looks(world: World, chance: random.Random) -> Iterator[tuple[Account, int | None]]:
    """Who looks at a world: accounts in posts that they hold, that they do not, and in none."""
    accounts, posts = world.of(Account), world.of(Post)
    holdings = world.of(Holding)
    for _ in range(LOOKS):
        held = chance.choice(holdings)
        own = [account for account in accounts if account.person_id == held.person_id]
        if own and chance.random() < 0.6:
            yield own[0], held.post_id
        else:
            yield chance.choice(accounts), None if chance.random() < 0.4 else chance.choice(posts).pk


def at_home(world: World) -> Iterator[tuple[Account, None]]:
    """Everybody in the own family."""
    return ((account, None) for account in world.of(Account))


def compare(
    world: World, chance: random.Random, always: Collection[type[Model]] = (), *, home: bool = False
) -> tuple[int, list[Difference]]:
    """Ask both locks. Gives how many decisions were compared (rows that either might show), and where they differ.

    ``always``: models that each look asks for, besides those of its turn. ``home``: everybody looks in the own family.
    """
    decisions, found = 0, []
    with clock.at(world.at):
        for account, post in at_home(world) if home else looks(world, chance):
            viewer = viewer_for(account, post, clock.now(), in_request=chance.random() < 0.5)
            # Told a post that is not the account's own, the database believes nothing; the application tells none then.
            claims = viewer.post is None and post is not None and chance.random() < 0.5
            nobody = claims or not account.is_active
            by_turn = [model for model in chance.sample(MODELS[1:], AT_A_TIME) if model not in always]
            shown: list[type[Model]] = [Person, *(model for model in always if model not in PARTS), *by_turn]
            parts = {*chance.sample(PARTS, PARTS_AT_A_TIME), *(model for model in always if model in PARTS)}
            models: list[type[Model]] = [*shown, *sorted(parts, key=PARTS.index)]
            chosen = {model._meta.label for model in models}
            rows = {model: model._default_manager.filter(may_see(model, viewer, clock.now())) for model in shown}
            statement, values = _all_of(rows)
            first = set() if nobody else _asked(statement, values)
            besides = _staff(account) | _own(account) | (set() if nobody else _also(viewer, chosen))
            expected = first | {one for one in besides if one[0] in chosen}
            with told(account.pk, post if claims else viewer.post):
                under_lock = _asked(statement, values)
                second = _asked(*_all_of({model: model._default_manager.all() for model in models}))
            if claims:  # what was sent to the account itself is its own, whatever post it claims
                under_lock, second = _without_notices(under_lock), _without_notices(second)
            decisions += sum(len(world.of(model)) for model in models)
            differ = not under_lock <= expected if nobody else first != under_lock
            if expected != second or differ:
                who = (account.pk, post if claims else viewer.post)
                found.append(Difference(viewer, who, expected - second, second - expected, first ^ under_lock))
    return decisions, found


def compare_presence(world: World, chance: random.Random, most: int) -> tuple[int, list[Difference]]:
    """Ask both locks, of accounts and posts (at ``most`` so many pairs), whether the one may act as the other now."""
    pairs, found = list(product(world.of(Account), world.of(Post))), []
    asked = chance.sample(pairs, min(most, len(pairs)))
    with clock.at(world.at):
        for account, post in asked:
            viewer = viewer_for(account, post.pk, clock.now())
            with told(account.pk, post.pk), connection.cursor() as cursor:
                cursor.execute("SELECT second_lock.post()")
                believed = cursor.fetchone()[0]
            if viewer.post != believed:
                first, second = ({("post", one)} if one else set() for one in (viewer.post, believed))
                found.append(Difference(viewer, (account.pk, post.pk), first - second, second - first, set()))
    return len(asked), found


def compare_children(world: World, chance: random.Random) -> tuple[int, list[Difference]]:
    """Ask the predicate which children are around somebody, and find them by hand among those whom it shows at all."""
    decisions, found = 0, []
    with clock.at(world.at):
        at = clock.now()
        for account, post in looks(world, chance):
            viewer = viewer_for(account, post, at, in_request=chance.random() < 0.5)
            shown = set(Person.objects.filter(may_see(Person, viewer, at)).values_list("pk", flat=True))
            reasons, opened = reasons_of(viewer, at), open_to(viewer, at)
            by_hand = {
                Children.ALL: {*_children(reasons), *_children(opened)},
                Children.BEYOND_FINDING: {*_children(reasons.exclude(scope=Scope.FIND)), *_children(opened)},
                Children.BY_REASON: _children(reasons),
            }
            for which, expected in by_hand.items():
                seen = set(Person.objects.filter(children_seen(viewer, at, which)).values_list("pk", flat=True))
                decisions += len(world.of(Person))
                if seen != expected & shown:
                    first, second = ({("child", one) for one in rows} for rows in (expected & shown, seen))
                    who = (account.pk, viewer.post)
                    found.append(Difference(viewer, who, first - second, second - first, set()))
    return decisions, found


def _children(rows: QuerySet[Any]) -> set[int]:
    return set(rows.values_list("child_id", flat=True))


def _without_notices(seen: Seen) -> Seen:
    return {one for one in seen if one[0] != Notice._meta.label}


PARTS: tuple[type[Model], ...] = (
    ConsentEnd,
    ConsentItem,
    ConsentLimit,
    ConsentReceiver,
    ConsentText,
    DisclosureItem,
    FamilyMet,
    Guardianship,
    Insight,
    LookUp,
    Marking,
    ProtectedDetails,
    RegisterExtract,
)
"""Machinery that a request reads besides what may be shown: no ``visible_to`` gives it, and it is expected by hand."""
PARTS_AT_A_TIME = 3
OWN: tuple[type[Model], ...] = (Insight, LookUp, RegisterExtract)


def _staff(account: Account) -> Seen:
    """Whom every request reads: those who hold posts, and itself."""
    itself = Account.objects.filter(pk=account.pk, is_active=True)
    held = Q(pk__in=Holding.objects.values("person"))
    return _asked(*_all_of({Person: Person.objects.filter(held | Q(pk__in=itself.values("person")))}))


def _own(account: Account) -> Seen:
    """What is an account's own in whatever capacity it looks."""
    itself = Account.objects.filter(pk=account.pk, is_active=True)
    vault = ProtectedDetails.objects.filter(person__in=itself.values("person"))
    # Colleagues' names stood in the vault once: they are as open as those who hold posts and were never hidden.
    staff = Person.objects.filter(pk__in=Holding.objects.values("person")).exclude(protection__in=HIDDEN)
    own: dict[type[Model], QuerySet[Any]] = {
        ProtectedDetails: vault | ProtectedDetails.objects.filter(person__in=staff.values("pk"))
    }
    for model in OWN:
        own[model] = model._default_manager.filter(account__in=itself)
    return _asked(*_all_of(own))


def _also(viewer: Viewer, chosen: set[str]) -> Seen:
    """What the second lock lets a request read besides what it may show: the predicate's facts, and the yes behind."""
    at = clock.now()
    duties = Duty.objects.filter(may_see(Duty, viewer, at), state="open")
    disclosures = Disclosure.objects.filter(may_see(Disclosure, viewer, at))
    teams = Team.objects.filter(may_see(Team, viewer, at))
    rested_on = Q(pk__in=disclosures.values("consent")) | Q(pk__in=teams.values("consent"))
    consents = Consent.objects.filter(rested_on | may_see(Consent, viewer, at))
    whole = reasons_of(viewer, at).filter(scope=Scope.WHOLE)
    own = Guardianship.objects.filter(guardian=viewer.person).values("child")
    kin = Person.objects.filter(Q(pk=viewer.person) | Q(pk__in=own)) if viewer.is_family else Person.objects.none()
    family = Guardianship.objects.filter(child__in=kin)
    me = viewer.person if viewer.is_family else 0
    known = set(insights(viewer, at).values_list("person", flat=True))
    # That a guardian is protected is known around the child: who decides cannot be told without it.
    hidden = set(hidden_from(viewer, at).values_list("pk", flat=True))
    near = {*kin.values_list("pk", flat=True), *reasons_of(viewer, at).values_list("child_id", flat=True)}
    near |= set(open_to(viewer, at).values_list("child_id", flat=True))
    protected = Guardianship.objects.filter(child__in=near - hidden, guardian__in=hidden)
    visible = Person.objects.filter(may_see(Person, viewer, at)).values("pk")
    around = near - hidden - set(kin.values_list("pk", flat=True))
    today = at.astimezone(clock.STOCKHOLM).date()
    with_custody = Guardianship.objects.filter(within(today), child__in=around).values_list("guardian", flat=True)
    around |= set(with_custody)
    besides: dict[type[Model], QuerySet[Any]] = {
        ConsentEnd: ConsentEnd.objects.filter(consent__in=consents),
        ConsentItem: ConsentItem.objects.filter(consent__in=consents),
        ConsentText: ConsentText.objects.filter(consent__in=consents),
        Guardianship: Guardianship.objects.filter(Q(child__in=around) | Q(child__in=kin) | Q(child__in=known)),
        Insight: Insight.objects.filter(Q(post=viewer.post or 0) | Q(person__in=known)),
        Marking: Marking.objects.filter(person__in=around - hidden),
        ProtectedDetails: ProtectedDetails.objects.filter(
            Q(person__in=visible) | Q(person__in=Holding.objects.values("person"))
        ).exclude(person__in=hidden),
        Person: Person.objects.filter(
            Q(pk__in=set(protected.values_list("guardian", flat=True)))
            | exists_for(Person.seen, viewer, at)
            & (Q(pk__in=duties.values("child")) | Q(pk__in=kin.values("pk")) | Q(pk__in=family.values("guardian")))
        ),
        Involvement: reasons_of(viewer, at).exclude(child__in=hidden) | Involvement.objects.filter(child__in=known),
        Consent: consents,
        ConsentAnswer: ConsentAnswer.objects.filter(consent__in=consents),
        ConsentLimit: ConsentLimit.objects.filter(consent__in=consents),
        ConsentReceiver: ConsentReceiver.objects.filter(consent__in=consents),
        DisclosureItem: DisclosureItem.objects.filter(disclosure__in=disclosures),
        FamilyDecision: FamilyDecision.objects.filter(whom=me),
        FamilyMark: FamilyMark.objects.filter(child__in=kin),
        FamilyMet: FamilyMet.objects.filter(
            Q(person=me) | Q(child__in=whole.exclude(child__in=hidden).values("child"))
        ),
    }
    return _asked(*_all_of({model: rows for model, rows in besides.items() if model._meta.label in chosen}))


def _all_of(rows: dict[type[Model], QuerySet[Any]]) -> tuple[str, list[Any]]:
    """One statement for the rows of many models."""
    parts: list[str] = []
    values: list[Any] = []
    for model, found in rows.items():
        try:
            text, given = found.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT '{model._meta.label}', id FROM ({text}) AS found(id)")
        values += given
    return " UNION ALL ".join(parts) or "SELECT '', 0 WHERE false", values


def _asked(statement: str, values: list[Any]) -> Seen:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(label, pk) for label, pk in cursor.fetchall()}
