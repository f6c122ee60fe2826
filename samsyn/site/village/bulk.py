"""Many more children at once, for measuring: written in batches, past the actions, and so without a trail.

They look like what lived children leave behind: a place, a named person, signs that were closed, one that is open, and
the duty that follows from it. Nobody should read anything else into them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from samsyn.circle.models import NamedPerson, Stage
from samsyn.common import clock
from samsyn.duties.models import Duty, HangsOn
from samsyn.early_signals.models import Sign, SignDecision, SignKind, SignState
from samsyn.organisations.models import Holding, Post, Unit
from samsyn.people.identities import new_identities
from samsyn.people.models import Account, Identity, Person
from samsyn.people.numbers import IdentitySystem, demo_number
from samsyn.sharing.models import Involvement, Reason, Scope
from samsyn.site.village.names import FAMILY_NAMES, GIVEN_NAMES
from samsyn.site.village.steps import WORRIES

BATCH = 2000
STAFF, OPEN_EACH = 200, 30
EVENTS_OF_OPEN, EVENTS_OF_OTHERS = 50, 8
FIRST = 1_000_000


def add_children(count: int, *, progress: Callable[[int], None] | None = None) -> None:
    """Add ``count`` children. The first ones belong to 200 posts, 30 open matters each; the rest have a short past."""
    posts = _posts()
    made = 0
    numbers = iter(range(count))
    while batch := list(islice(numbers, BATCH)):
        with transaction.atomic():
            _add(batch, posts)
        made += len(batch)
        if progress is not None:
            progress(made)


def _posts() -> list[Post]:
    """The posts that the open matters hang on: named persons of units of their own below the village's school."""
    school = Unit.objects.select_related("authority").get(source_id="stoby")
    existing = list(Post.objects.filter(source_id__startswith="bulk-").select_related("unit").order_by("pk"))
    if existing:
        return existing
    today = clock.today()
    for ordinal in range(STAFF):
        unit = Unit.objects.create(
            authority=school.authority, name=f"Mätskolan {ordinal + 1}", kind="school", source_id=f"bulk-{ordinal}"
        )
        Unit.objects.filter(pk=unit.pk).update(path=f"/{unit.pk}/")
        post = Post.objects.create(unit=unit, title="rektor", role="named_person", source_id=f"bulk-{ordinal}")
        person = Person.objects.create(
            given_name=GIVEN_NAMES[ordinal % len(GIVEN_NAMES)], family_name=f"Mätare {ordinal}", created_at=clock.now()
        )
        Account.objects.create(person=person, sign_in_name=f"bulk{ordinal}")
        Holding.objects.create(post=post, person=person, since=today - timedelta(days=400))
    return _posts()


def _add(batch: list[int], posts: list[Post]) -> None:
    now = clock.now()
    people = Person.objects.bulk_create(_child(ordinal) for ordinal in batch)
    Identity.objects.bulk_create(
        new_identities(
            (person, IdentitySystem.DEMO, demo_number(FIRST + ordinal))
            for person, ordinal in zip(people, batch, strict=True)
        )
    )
    with_posts = [(person, ordinal, posts[ordinal % len(posts)]) for person, ordinal in zip(people, batch, strict=True)]
    Involvement.objects.bulk_create(_involvements(with_posts, now))
    NamedPerson.objects.bulk_create(
        NamedPerson(child=person, authority_id=post.unit.authority_id, post=post, stage=Stage.SCHOOL, since=now)
        for person, _ordinal, post in with_posts
    )
    signs = Sign.objects.bulk_create(_signs(with_posts), batch_size=BATCH)
    Duty.objects.bulk_create(_duties(signs, now))


def _child(ordinal: int) -> Person:
    given = GIVEN_NAMES[ordinal % len(GIVEN_NAMES)]
    return Person(
        given_name=given,
        called=given,
        family_name=f"{FAMILY_NAMES[ordinal % len(FAMILY_NAMES)]} {ordinal}",
        birth_date=clock.today() - timedelta(days=365 * 7 + ordinal % 3000),
        languages=["sv"],
        created_at=clock.now(),
    )


Placed = list[tuple[Person, int, Post]]


def _involvements(placed: Placed, now: Any) -> Iterator[Involvement]:
    for person, _ordinal, post in placed:
        unit, authority = post.unit_id, post.unit.authority_id
        facts = {"child": person, "authority_id": authority, "unit_id": unit, "since": now, "source": "measuring"}
        yield Involvement(reason=Reason.ATTENDS, scope=Scope.FIND, **facts)
        yield Involvement(reason=Reason.NAMED_PERSON, scope=Scope.WHOLE, post=post, **facts)


def _signs(placed: Placed) -> Iterator[Sign]:
    now = clock.now()
    for person, ordinal, post in placed:
        is_open = ordinal < STAFF * OPEN_EACH
        for event in range(EVENTS_OF_OPEN if is_open else EVENTS_OF_OTHERS):
            closed = not (is_open and event == 0)
            sent = now - timedelta(days=event * 7 + 1)
            yield Sign(
                child=person,
                authority_id=post.unit.authority_id,
                noticer_authority_id=post.unit.authority_id,
                noticer_id=person.pk,
                noticer_post=post,
                state=SignState.CLOSED if closed else SignState.RECEIVED,
                kind=SignKind.WORRY,
                saw=WORRIES[event % len(WORRIES)],
                areas=["safe"],
                decision=SignDecision.ADVICE if closed else "",
                told_noticer="Tack." if closed else "",
                created_at=sent,
                saved_at=sent,
                sent_at=sent,
            )


def _duties(signs: list[Sign], now: Any) -> Iterator[Duty]:
    for sign in signs:
        if sign.state == SignState.RECEIVED:
            yield Duty(
                child=sign.child,
                post=sign.noticer_post,
                what="acknowledge_sign",
                room="sign",
                object_ref=sign.ref,
                rule="acknowledge_signal",
                hangs_on=HangsOn.NAMED_PERSON,
                started_at=now,
                due_at=now + timedelta(days=2, minutes=sign.child_id % 600),
            )
