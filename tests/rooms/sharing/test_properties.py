"""What holds whatever the facts are: taking a ground away shows nobody more, every way of asking gives one answer, the
order in which facts came changes nothing, and another installation's keys open nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.crypto import CannotUnseal
from samsyn.common.models import VisibleQuerySet
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people.actions import end_custody, note_custody
from samsyn.people.identities import open_number
from samsyn.people.models import Custody, Guardianship, Identity, Person
from samsyn.people.vault import open_names
from samsyn.sharing.actions import Sharing, disclose, end_disclosure, involve
from samsyn.sharing.models import Disclosure, Involvement, Reason, Scope
from tests.rooms.sharing.test_family import as_family, named, sign_about, talk
from tests.rooms.sharing.world import NOW, World, lillkoping
from tests.village import Village

DEEP = os.environ.get("SAMSYN_DEEP") == "1"
AT_WORK = ("Bo", "Maja", "Rakel", "Ines", "Leyla", "Edvin") if DEEP else ("Bo", "Ines", "Edvin")
KINDS = ("Person", "Sign", "NamedPerson", "Disclosure")
"""Of what is asked every day; in deep runs, of everything that a page can show."""
ONE_DAY = timedelta(days=1)

Seen = dict[tuple[str, str], set[int]]


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def shown_models() -> list[Any]:
    """Every model that a page can show and that holds something now."""
    models: list[Any] = list(apps.get_models())
    found = [one for one in models if hasattr(one, "seen") and isinstance(one.objects.all(), VisibleQuerySet)]
    return [one for one in found if one.objects.exists() and (DEEP or one.__name__ in KINDS)]


def readers(world: World) -> dict[str, Viewer]:
    """Those at work and at home around Signe."""
    family = {one.given_name: as_family(one) for one in (world.amal, world.olof, world.adam)}
    return {name: world.as_(name) for name in AT_WORK} | family


def what_is_seen(world: World, models: list[Any]) -> Seen:
    """Model and reader → the rows that the reader sees."""
    return {
        (model.__name__, name): set(model.objects.visible_to(viewer).values_list("pk", flat=True))
        for model in models
        for name, viewer in readers(world).items()
    }


def shared(world: World) -> None:
    """A sign that was talked about and opened to the early team, and somebody of the reception's around the child."""
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    consent = world.consent("early team", "reception", kinds=("circle", "sign"))
    ground = Sharing(gate="consent", purpose="Lugna måndagar", consent=consent, told="Ni vet.")
    items = [("circle", named(world.signe).ref), ("sign", sign.ref)]
    disclose(world.as_("Bo"), world.signe, world.authorities["school"], world.units["early team"], items, ground)
    later = clock.end_of(clock.today() + 30 * ONE_DAY)
    edvin = world.posts["Edvin"]
    for scope, post in ((Scope.WHOLE, edvin.pk), (Scope.FIND, None)):
        involve(world.signe, edvin.unit, Reason.TEAM, scope, post_id=post, until=later, consent=consent, source="test")
    involve(world.nour, world.units["norr"], Reason.TEAM, Scope.WHOLE, until=later, source="test")


def grounds(world: World) -> list[Callable[[], object]]:
    """Each ground that holds now, as the way to take it away and nothing else."""
    now = clock.now()
    reasons = Involvement.objects.filter(until=None) | Involvement.objects.filter(until__gt=now)
    bo, yesterday = world.as_("Bo"), clock.today() - ONE_DAY
    ways: list[Callable[[], object]] = []
    ways += [partial(Involvement.objects.filter(pk=row.pk).update, until=now) for row in reasons.order_by("pk")]
    ways += [partial(end_disclosure, bo, row, because="stopped") for row in Disclosure.objects.filter(ended_at=None)]
    ways += [partial(end_custody, SYSTEM, row, yesterday) for row in Guardianship.objects.filter(until=None)]
    return ways


def test_taking_any_one_ground_away_shows_nobody_more(world: World) -> None:
    shared(world)
    models = shown_models()
    before, rows = (
        what_is_seen(world, models),
        {one.__name__: set(one.objects.values_list("pk", flat=True)) for one in models},
    )
    ways = grounds(world)
    assert len(ways) >= 8
    less = 0
    for take_away in ways if DEEP else ways[::3]:
        with undone():
            take_away()
            after = what_is_seen(world, models)
            more = {which: seen & rows[which[0]] - before[which] for which, seen in after.items()}
            assert {which: seen for which, seen in more.items() if seen} == {}
            less += after != before
    assert less  # what is taken away is what somebody read by


def test_list_count_and_the_thing_itself_give_one_answer(world: World) -> None:
    shared(world)
    compared = 0
    for model in shown_models():
        everything = list(model.objects.values_list("pk", flat=True))[: 12 if DEEP else 2]
        for viewer in readers(world).values():
            listed = {row.pk for row in model.objects.visible_to(viewer)}
            assert model.objects.visible_to(viewer).count() == len(listed)
            itself = {pk for pk in everything if model.objects.visible_to(viewer).filter(pk=pk).exists()}
            assert itself == listed & set(everything), model.__name__
            compared += len(itself)
    assert compared > 4
    for viewer in readers(world).values():
        by_name = set(Person.objects.visible_to(viewer).named("si").values_list("pk", flat=True))
        children = set(Person.objects.visible_to(viewer).values_list("pk", flat=True))
        assert by_name == children & set(Person.objects.named("si").values_list("pk", flat=True))


def facts(world: World) -> list[Callable[[], object]]:
    """Facts that say nothing of each other, as they may arrive."""
    mats, today = world.accounts["Mats"].person, clock.today()
    return [
        lambda: world.named(world.signe),
        lambda: world.named(world.nour, "Siv"),
        lambda: involve(world.signe, world.units["norr"], Reason.TEAM, Scope.FIND, source="test"),
        lambda: involve(world.nour, world.units["bvc"], Reason.TEAM, Scope.WHOLE, source="test"),
        lambda: note_custody(SYSTEM, world.nour, mats, Custody.JOINT, since=today, source="test"),
        lambda: end_custody(SYSTEM, Guardianship.objects.get(child=world.signe, guardian=world.olof), today - ONE_DAY),
    ]


def as_words(world: World) -> set[tuple[str, ...]]:
    """Who sees whom and how many of what, in words that do not tell which row came first."""
    seen = set()
    for name, viewer in readers(world).items():
        children = Person.objects.visible_to(viewer).values_list("given_name", "family_name")
        seen |= {(name, "person", *one) for one in children}
        seen.add((name, "named", str(NamedPerson.objects.visible_to(viewer).count())))
    return seen


@pytest.mark.usefixtures("db")
@settings(max_examples=40 if DEEP else 1, suppress_health_check=list(HealthCheck), deadline=None)
@example([5, 3, 4, 1, 2, 0])
@given(st.permutations(range(6)))
def test_the_order_in_which_facts_came_changes_nothing(order: list[int]) -> None:
    found = []
    for each in (range(6), order):
        with clock.at(NOW), undone():
            world = lillkoping()
            for number in each:
                facts(world)[number]()
            found.append(as_words(world))
    assert found[0] == found[1]
    assert len(found[0]) > 4


def test_with_other_keys_no_sealed_field_of_a_copied_database_opens(lived: Village, settings: Settings) -> None:
    numbers = list(Identity.objects.select_related("person")[:30])
    hidden = list(Person.objects.filter(vault__isnull=False).select_related("vault"))
    assert numbers
    assert hidden
    assert all(open_number(one) for one in numbers)
    assert all(open_names(one).given_name for one in hidden)
    other = {name: bytes(range(100, 132)) for name in settings.SAMSYN_FIELD_KEYS}
    settings.SAMSYN_FIELD_KEYS = other
    settings.SAMSYN_VAULT_KEYS = {name: bytes(range(101, 133)) for name in settings.SAMSYN_VAULT_KEYS}
    for one in numbers:
        with pytest.raises(CannotUnseal):
            open_number(one)
    for person in Person.objects.filter(vault__isnull=False).select_related("vault"):
        with pytest.raises(CannotUnseal):
            open_names(person)
