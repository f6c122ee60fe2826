"""A child whom no register answers for is entered by hand: found before it is made, and nobody hidden is met."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from pytest_django import Settings

from samsyn.circle.by_hand import Entered, enter
from samsyn.circle.rules import ACTIVITY, SCHOOL, UNBORN, is_everyday_place, stage_on
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people import numbers, rules
from samsyn.people.actions import Facts, begin_look_up, new_person, register_account, set_protection
from samsyn.people.actions.look_ups import Begun
from samsyn.people.identities import find_by_number, open_number
from samsyn.people.keys import wrap_anew
from samsyn.people.models import Identity, LookUp, Person
from samsyn.people.numbers import IdentitySystem
from samsyn.people.registers import RegisterIdentity
from samsyn.trail.models import TrailEntry, TrailSubject
from tests.worlds import CommittedWorld

NOON = datetime(2025, 9, 16, 10, tzinfo=UTC)
TODAY = date(2025, 9, 16)
WHY = "Came to the gate this morning with an aunt."
BORN = date(2017, 3, 4)
LMA = "12-345678"
SAID = Entered(Facts(given_name="Noor", family_name="Haddad"))


@pytest.fixture
def _the_day(db: None, settings: Settings) -> object:
    settings.SAMSYN_REGISTER_FILE = settings.SAMSYN_REGISTER_URL = ""
    with clock.at(NOON), translation.override("en"):
        yield


@pytest.fixture
def maja(_the_day: None) -> Viewer:
    """Maja, acting as a post that knows of nobody hidden."""
    return at_work("maja")


def at_work(name: str) -> Viewer:
    """Somebody who acts as a post."""
    person = new_person(SYSTEM, Facts(given_name=name.title()))
    account = register_account(SYSTEM, person, name)
    return Viewer(account=account.pk, person=person.pk, post=1, account_ref=account.ref, person_label=name.title())


def looked_up(viewer: Viewer, text: str, system: IdentitySystem) -> Begun:
    """A look-up of a number of this kind that has been noted."""
    begun = begin_look_up(viewer, text, WHY, systems={system})
    assert begun.decision is None
    return begun


def entered(
    viewer: Viewer, text: str = LMA, system: IdentitySystem = IdentitySystem.LMA, said: Entered = SAID
) -> Person:
    """The child as the page enters it while no register answers."""
    return enter(viewer, looked_up(viewer, text, system), None, said)


def of_number(system: IdentitySystem, value: str, **facts: str) -> Person:
    """Somebody who is here already."""
    told = Facts(**facts, identities=(RegisterIdentity(system, value),))  # type: ignore[arg-type]  # told by name
    return new_person(SYSTEM, told)


def test_a_child_with_a_card_of_the_migration_agency_is_entered_and_the_trail_tells_why(maja: Viewer) -> None:
    child = entered(maja)
    assert (child.given_name, child.family_name, child.birth_date) == ("Noor", "Haddad", None)
    assert find_by_number(IdentitySystem.LMA, "12345678") == child
    entry = TrailEntry.objects.get(act="people.entered_by_hand")
    assert (entry.ground, entry.account_ref) == (WHY, maja.account_ref)
    row = LookUp.objects.get()
    assert row.outcome == "entered"
    assert [(one.ref, one.child_ref, one.state) for one in entry.subjects.all()] == [(row.ref, child.ref, "entered")]


def test_a_child_without_a_number_is_entered_each_time(maja: Viewer) -> None:
    one, other = (entered(maja, "", IdentitySystem.NONE) for _ in range(2))
    assert one.pk != other.pk
    assert not Identity.objects.exists()


def test_a_number_tells_the_birth_date_that_nobody_wrote(maja: Viewer) -> None:
    number = numbers.test_number(BORN, 3)
    assert entered(maja, number, IdentitySystem.PERSONNUMMER).birth_date == BORN


def test_who_is_here_already_is_found_and_stays_as_it_was(maja: Viewer) -> None:
    here = of_number(IdentitySystem.LMA, "12345678", given_name="Nour", family_name="Haddad")
    assert entered(maja) == here
    assert Person.objects.get(pk=here.pk).given_name == "Nour"
    assert Identity.objects.count() == 1


def test_who_is_hidden_is_not_met_and_the_child_is_kept_beside(maja: Viewer) -> None:
    hidden = of_number(IdentitySystem.LMA, "12345678", given_name="Nour")
    set_protection(SYSTEM, hidden, "protected")
    child = entered(maja)
    assert child.pk != hidden.pk
    assert entered(at_work("hanna")) == child, "who asks next meets the same"
    assert find_by_number(IdentitySystem.LMA, "12345678") == hidden
    assert open_number(Identity.objects.get(person=child)) == "12345678"
    told = TrailSubject.objects.filter(entry__act="people.entered_by_hand", child_ref=hidden.ref)
    assert told.count() == 2, "those who know of the hidden child read that its number was tried"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Entered(Facts()), "given_name"),
        (Entered(Facts(given_name="20170304-2393")), "given_name"),
        (Entered(Facts(given_name="Noor", birth_date=date(1990, 1, 2))), "birth_date"),
        (Entered(Facts(given_name="Noor", birth_date=date(2025, 9, 17))), "birth_date"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nobody_is_made(maja: Viewer, said: Entered, field: str) -> None:
    before = Person.objects.count()
    with pytest.raises(Refused) as refused:
        entered(maja, said=said)
    assert refused.value.decision.field == field
    assert Person.objects.count() == before


def test_a_birth_date_that_is_not_the_numbers_is_compared_once_more() -> None:
    answer = rules.may_enter_by_hand(names=("Noor",), birth_date=BORN, told_by_number=date(2017, 3, 5), today=TODAY)
    assert (bool(answer), answer.field) == (False, "birth_date")
    assert rules.may_enter_by_hand(names=("Noor",), birth_date=BORN, told_by_number=BORN, today=TODAY)
    assert rules.may_enter_by_hand(names=("Noor",), birth_date=None, told_by_number=None, today=TODAY)


def test_another_kind_of_number_than_the_chosen_one_is_said_so(maja: Viewer) -> None:
    begun = begin_look_up(maja, LMA, WHY, systems={IdentitySystem.NONE})
    assert begun.decision is not None
    assert begun.decision.field == "number"
    assert LookUp.objects.get().outcome == "mistyped"


@pytest.mark.parametrize(
    ("kind", "stage"), [("school", SCHOOL), ("activity", ACTIVITY), ("child_health", UNBORN), ("", UNBORN)]
)
def test_who_goes_to_a_school_has_somebody_there_also_when_nobody_knows_the_birth_date(kind: str, stage: str) -> None:
    assert stage_on(None, TODAY, None, kind) == stage


def test_a_child_belongs_to_a_school_and_not_to_the_police() -> None:
    assert is_everyday_place("school")
    assert not is_everyday_place("police")


def test_many_who_enter_one_number_at_once_make_one(committed_world: CommittedWorld, settings: Settings) -> None:
    settings.SAMSYN_REGISTER_FILE = settings.SAMSYN_REGISTER_URL = ""
    viewers = [at_work(f"maja{at}") for at in range(4)]
    begun = [looked_up(one, LMA, IdentitySystem.LMA) for one in viewers]
    pairs = zip(viewers, begun, strict=True)
    made = committed_world.at_once(*[lambda who=who, row=row: enter(who, row, None, SAID).pk for who, row in pairs])
    assert len(set(made)) == 1
    assert Person.objects.filter(given_name="Noor").count() == 1


@pytest.mark.parametrize("first", ["older", "newer"])
def test_while_the_key_is_exchanged_processes_that_have_both_find_one_child_and_read_its_number(
    maja: Viewer, settings: Settings, first: str
) -> None:
    """As docs/running.md says: the new key is told to every process, last, before any of them puts it first."""
    both = {"newer": bytes(range(32, 64)), **settings.SAMSYN_FIELD_KEYS}
    older = settings.SAMSYN_FIELD_KEY_CURRENT
    settings.SAMSYN_FIELD_KEYS = both
    settings.SAMSYN_FIELD_KEY_CURRENT = older if first == "older" else "newer"
    child = entered(maja)
    settings.SAMSYN_FIELD_KEY_CURRENT = "newer" if first == "older" else older
    assert entered(maja) == child
    settings.SAMSYN_FIELD_KEY_CURRENT = "newer"
    wrap_anew()
    settings.SAMSYN_FIELD_KEY_CURRENT = older
    assert open_number(Identity.objects.get()) == "12345678"
