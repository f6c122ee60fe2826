"""The seal: every committed entry gets its place in its principal's tree, whoever was first and however often."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.trail import seal_actions
from samsyn.trail.actions import act
from samsyn.trail.models import Leaf, TrailEntry, Tree
from samsyn.trail.seal_actions import seal
from tests.rooms.trail.checking import broken_at, seal_a_minute_later
from tests.village import Village
from tests.worlds import CommittedWorld

LILLKOPING, REGION = UUID(int=5), UUID(int=6)


def of(principal: UUID) -> Viewer:
    """Somebody at work for a principal."""
    return Viewer(account_ref=UUID(int=1), principal_ref=principal, person_label="Bo Ekdahl")


def wrote(principal: UUID, number: int = 1) -> None:
    """So many entries."""
    for _ in range(number):
        act(of(principal), "sign.sent", ())


@pytest.mark.django_db
def test_each_principal_has_a_tree_of_its_own() -> None:
    wrote(LILLKOPING, 2)
    wrote(REGION)
    wrote(LILLKOPING)
    assert seal() == 4
    for principal, size in ((LILLKOPING, 3), (REGION, 1)):
        links = Leaf.objects.filter(principal_ref=principal)
        assert sorted(links.values_list("position", flat=True)) == list(range(1, size + 1))
        assert broken_at(principal) is None


@pytest.mark.django_db
def test_a_tree_goes_on_where_it_ended_and_an_entry_is_sealed_once() -> None:
    wrote(LILLKOPING, 2)
    assert (seal(), seal()) == (2, 0)
    wrote(LILLKOPING)
    assert seal() == 0, "once a minute is enough"
    assert seal_a_minute_later() == 1
    assert Tree.objects.get(principal_ref=LILLKOPING).size == 3
    assert broken_at(LILLKOPING) is None


@pytest.mark.django_db
def test_the_house_itself_has_a_tree_too() -> None:
    act(SYSTEM, "organisations.founded", ())
    assert seal() == 1
    assert broken_at(SYSTEM.principal_ref) is None


@pytest.mark.django_db
def test_more_than_one_round_takes_is_sealed_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_actions, "SEAL_BATCH", 3)
    wrote(LILLKOPING, 10)
    assert seal() == 10
    assert broken_at(LILLKOPING) is None


@pytest.mark.django_db
def test_taking_an_entry_out_of_the_tree_is_seen() -> None:
    wrote(LILLKOPING, 5)
    seal()
    assert [broken_at(LILLKOPING, without=place) for place in range(1, 6)] == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_tree_that_was_cut_or_changed_is_seen() -> None:
    wrote(LILLKOPING, 3)
    seal()
    tree = Tree.objects.get(principal_ref=LILLKOPING)
    Tree.objects.filter(pk=tree.pk).update(size=2)
    assert broken_at(LILLKOPING) == 4
    Tree.objects.filter(pk=tree.pk).update(size=3, peaks=bytes(64))
    assert broken_at(LILLKOPING) == 4


def test_the_whole_village_can_be_sealed(lived: Village) -> None:
    number = TrailEntry.objects.count()
    assert seal() == number
    for tree in Tree.objects.all():
        assert broken_at(tree.principal_ref) is None
    assert Tree.objects.count() > 2


# --- out of order, and at once ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_entry_with_a_lower_id_that_came_later_is_sealed_after_those_that_were_first() -> None:
    wrote(LILLKOPING)
    early = TrailEntry.objects.get()
    copied = {field.attname: getattr(early, field.attname) for field in TrailEntry._meta.concrete_fields}
    late = TrailEntry(**{**copied, "id": early.pk + 1000})
    late.save(force_insert=True)
    assert seal() == 2
    between = TrailEntry(**{**copied, "id": early.pk + 500})
    between.save(force_insert=True)
    assert seal_a_minute_later() == 1
    places = dict(Leaf.objects.values_list("entry_id", "position"))
    assert places == {early.pk: 1, late.pk: 2, between.pk: 3}
    assert broken_at(LILLKOPING) is None


def test_who_commits_last_is_sealed_too_though_the_id_was_given_first(committed_world: CommittedWorld) -> None:
    in_turn = connection.vendor == "sqlite"  # one writes at a time there: an id is committed before the next is given
    has_written, is_sealed = threading.Event(), threading.Event()

    def slow() -> int:
        with transaction.atomic():
            entry = act(of(LILLKOPING), "sign.sent", ())
            has_written.set()
            assert in_turn or is_sealed.wait(20)
        return entry.pk

    def quick() -> int:
        assert has_written.wait(20)
        entry = act(of(LILLKOPING), "sign.sent", ())
        assert seal() == (2 if in_turn else 1)
        is_sealed.set()
        return entry.pk

    first, second = committed_world.at_once(slow, quick)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert first < second
    assert seal_a_minute_later() == (0 if in_turn else 1)
    places = {first: 1, second: 2} if in_turn else {second: 1, first: 2}
    assert dict(Leaf.objects.values_list("entry_id", "position")) == places
    assert broken_at(LILLKOPING) is None


def test_sealing_twice_at_once_seals_each_entry_once(committed_world: CommittedWorld) -> None:
    wrote(LILLKOPING, 40)
    wrote(REGION, 5)
    outcomes = committed_world.at_once(*[seal] * 4)
    assert [one for one in outcomes if not isinstance(one, int)] == []
    assert sum(one for one in outcomes if isinstance(one, int)) == 45
    assert Leaf.objects.count() == 45
    assert (broken_at(LILLKOPING), broken_at(REGION)) == (None, None)


def test_writing_goes_on_while_the_seal_is_set(committed_world: CommittedWorld) -> None:
    def writes() -> int:
        wrote(LILLKOPING, 15)
        return 15

    outcomes = committed_world.at_once(writes, seal, writes, seal)
    assert [one for one in outcomes if not isinstance(one, int)] == []
    seal_a_minute_later()
    assert Leaf.objects.count() == TrailEntry.objects.count() == 30
    assert broken_at(LILLKOPING) is None


@pytest.mark.django_db
def test_a_clock_that_was_a_day_ahead_for_a_moment_holds_up_no_later_seal() -> None:
    with clock.at(clock.now() + timedelta(hours=23)):
        wrote(LILLKOPING, 2)
        assert seal() == 2
    wrote(LILLKOPING)
    assert seal() == 1
    assert seal() == 0
    wrote(LILLKOPING)
    assert seal() == 0, "once a minute is enough"
    assert seal_a_minute_later() == 1
    assert broken_at(LILLKOPING) is None


# --- what is left behind ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_nobody_can_still_be_writing_is_not_looked_through_again() -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        wrote(LILLKOPING, 3)
        wrote(REGION)
    seal()
    old = max(TrailEntry.objects.values_list("pk", flat=True))
    assert set(Tree.objects.values_list("all_sealed_before", flat=True)) == {old + 1}
    wrote(LILLKOPING, 2)
    assert seal_a_minute_later() == 2
    assert set(Tree.objects.values_list("all_sealed_before", flat=True)) == {old + 1}
    assert broken_at(LILLKOPING) is None


@pytest.mark.django_db
def test_what_was_written_today_is_looked_for_again() -> None:
    wrote(LILLKOPING, 3)
    seal()
    assert Tree.objects.get().all_sealed_before == 0


@pytest.mark.django_db
def test_a_principal_that_is_new_is_sealed_from_its_first_entry() -> None:
    with clock.at(clock.now() - timedelta(days=3)):
        wrote(LILLKOPING, 3)
    seal()
    wrote(REGION)
    assert seal() == 1
    assert broken_at(REGION) is None
    assert seal() == 0
