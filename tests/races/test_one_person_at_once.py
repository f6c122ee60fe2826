"""Two write about one person at the same moment: nobody becomes somebody else, and whom one of them hides is hidden."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from samsyn.circle.arrival import arrive
from samsyn.circle.custody_actions import Told, custody_seen, note_guardian, shown
from samsyn.circle.number_actions import give_number
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.people import numbers
from samsyn.people.actions import Facts, begin_look_up, new_person, persons, set_protection
from samsyn.people.identities import all_beside, find_by_number
from samsyn.people.models import Guardianship, Person, Protection
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson
from samsyn.protection.actions import Decided, protect
from samsyn.sharing.actions import About, mark_for_family
from tests.races.counting import race, refusals
from tests.rooms.sharing.world import NOW, TODAY
from tests.walks import deeds
from tests.walks.town import Town
from tests.worlds import CommittedWorld

WHY = "A decision on paper"
LIFTED = "Skatteverket has ended it"
A_MOMENT = 2.0
"""Seconds that the first waits for the second; it goes on without it where the second has to wait for the first."""


def number_for(child: Person) -> str:
    """A number that begins with the child's day."""
    assert child.birth_date is not None
    return numbers.test_number(child.birth_date, 9)


def tuva(number: str) -> RegisterPerson:
    """The register's Tuva, who has the number, and Eva alone has custody of her."""
    read = numbers.read_number(number, on=TODAY)
    guardian = RegisterGuardian(None, "Eva", "Rask", "sole", "sv", "none")
    born = read.birth_date
    return RegisterPerson(
        (RegisterIdentity(read.system, read.value),), "Tuva", "Rask", "", born, (), "none", (guardian,), None
    )


def paused(call: Callable[[], object], done: threading.Event, other: threading.Event) -> Callable[[], object]:
    """Do it, and wait a moment for the other one before it is committed."""

    def run() -> object:
        with transaction.atomic():
            result = call()
            done.set()
            other.wait(A_MOMENT)
        return result

    return run


def after(done: threading.Event, call: Callable[[], object], other: threading.Event) -> Callable[[], object]:
    """Do it once the other one has been done and is not committed yet."""

    def run() -> object:
        connection.ensure_connection()  # which takes its time, and is not what is waited for
        done.wait(10)
        try:
            with transaction.atomic():
                return call()
        finally:
            other.set()

    return run


def test_a_child_looked_up_while_its_number_is_given_to_another_leaves_both_who_they_are(
    committed_world: CommittedWorld, town: Town
) -> None:
    signe = town.world.signe
    town.world.named()
    bo, siv = town.world.as_("Bo"), town.world.as_("Siv")
    number = number_for(signe)
    with clock.at(NOW):
        begun = begin_look_up(bo, number, WHY)
    given, looked_up = threading.Event(), threading.Event()
    race(
        committed_world,
        NOW,
        paused(lambda: give_number(bo, signe, begun), given, looked_up),
        after(given, lambda: arrive(siv, tuva(number)), looked_up),
    )
    signe.refresh_from_db()
    assert (signe.given_name, signe.family_name) == ("Signe", "Lind")
    guardians = Guardianship.objects.filter(child=signe, until=None).values_list("guardian__given_name", flat=True)
    assert sorted(guardians) == ["Amal", "Olof"]
    assert begun.number is not None
    holder = find_by_number(begun.number.system, begun.number.value)
    assert holder is not None
    assert holder.given_name == "Tuva"
    assert all_beside(begun.number.system, begun.number.value) == [signe]


def test_one_number_given_to_two_children_at_once_tells_neither_of_the_other(
    committed_world: CommittedWorld, town: Town
) -> None:
    world = town.world
    born = world.signe.birth_date
    with clock.at(NOW):
        other = new_person(SYSTEM, Facts("Kim", "Ask", birth_date=born))
        world.named()
        world.named(other, "Siv")
        bo, siv = world.as_("Bo"), world.as_("Siv")
        number = number_for(world.signe)
        asked = [begin_look_up(bo, number, WHY), begin_look_up(siv, number, WHY)]
    first, second = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(lambda: give_number(bo, world.signe, asked[0]), first, second),
        after(first, lambda: give_number(siv, other, asked[1]), second),
    )
    assert not [one for one in outcomes if isinstance(one, Refused)]


def test_own_protection_that_is_set_while_the_childs_is_lifted_stands(
    committed_world: CommittedWorld, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    signe, amal = town.world.signe, town.world.amal
    with clock.at(NOW):
        set_protection(SYSTEM, signe, Protection.PROTECTED, ground="OSL 21:3")
    lifting, hidden = threading.Event(), threading.Event()
    has_hidden_ward = persons._has_hidden_ward

    def slowly(person: Person) -> bool:
        if person.pk == amal.pk:
            lifting.set()
            hidden.wait(A_MOMENT)
        return has_hidden_ward(person)

    monkeypatch.setattr(persons, "_has_hidden_ward", slowly)
    race(
        committed_world,
        NOW,
        lambda: set_protection(SYSTEM, signe, Protection.NONE, ground=LIFTED),
        after(lifting, lambda: set_protection(SYSTEM, amal, Protection.MARKED, ground="OSL 22:1"), hidden),
    )
    amal.refresh_from_db()
    assert (amal.protection, amal.given_name) == (Protection.MARKED, "")


def test_a_guardian_stays_hidden_when_one_child_is_shown_while_the_other_is_hidden(
    committed_world: CommittedWorld, town: Town
) -> None:
    signe, nour, amal = town.world.signe, town.world.nour, town.world.amal
    with clock.at(NOW):
        set_protection(SYSTEM, signe, Protection.PROTECTED, ground="OSL 21:3")
    hides, shows = threading.Event(), threading.Event()
    race(
        committed_world,
        NOW,
        paused(lambda: set_protection(SYSTEM, nour, Protection.PROTECTED, ground="OSL 21:3"), hides, shows),
        after(hides, lambda: set_protection(SYSTEM, signe, Protection.NONE, ground=LIFTED), shows),
    )
    amal.refresh_from_db()
    assert (amal.protection, amal.given_name) == (Protection.FAMILY, "")


def test_a_guardian_noted_while_the_child_is_hidden_is_hidden_too(committed_world: CommittedWorld, town: Town) -> None:
    with clock.at(NOW):
        zebiba = new_person(SYSTEM, Facts("Zebiba", "Tesfay", birth_date=date(2018, 3, 4)))
        town.world.named(zebiba)
        bo = town.named(zebiba)
        stood = shown(custody_seen(bo, zebiba))
    hides, notes = threading.Event(), threading.Event()
    told = Told(Facts(given_name="Lemlem", family_name="Tesfay"), "sole", TODAY, "The mother")
    race(
        committed_world,
        NOW,
        paused(lambda: protect(bo, zebiba, Decided("protected", "OSL 21:3", TODAY)), hides, notes),
        after(hides, lambda: note_guardian(bo, Person.objects.get(pk=zebiba.pk), told, None, as_shown=stood), notes),
    )
    guardian = Guardianship.objects.get(child=zebiba).guardian
    assert (guardian.protection, guardian.given_name) == (Protection.FAMILY, "")


def test_a_note_kept_from_the_family_by_two_at_once_is_marked_once_and_the_second_is_told(
    committed_world: CommittedWorld, town: Town
) -> None:
    world = town.world
    with clock.at(NOW):
        world.named()
        sign = deeds.send(town, world.as_("Maja"), deeds.note(world.as_("Maja"), world.signe))
        bo, hanna = world.as_("Bo"), world.as_("Hanna")
    about = About(world.authorities["school"], "sign", sign.ref)
    first, second = threading.Event(), threading.Event()
    outcomes = race(
        committed_world,
        NOW,
        paused(lambda: mark_for_family(bo, world.signe, about, "harm"), first, second),
        after(first, lambda: mark_for_family(hanna, world.signe, about, "harm"), second),
    )
    assert refusals(outcomes) == ["It is marked like that already."]
