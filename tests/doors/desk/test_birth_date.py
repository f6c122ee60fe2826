"""A birth date that was written wrong by hand is mended by the register, and by nobody else's number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from samsyn.circle.arrival import arrive
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.law.days import add_years
from samsyn.people.actions import Facts, find_or_create, give_identity, new_person, set_protection
from samsyn.people.identities import all_beside, find_by_number
from samsyn.people.models import Guardianship, Identity, Person, Protection
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.numbers import test_number as kept_number
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson
from samsyn.trail.models import TrailEntry
from tests.doors.desk.test_number import born, give
from tests.doors.scenes import LATER_NUMBER, filled, newly_arrived
from tests.village import Village

WRONG, RIGHT = date(2012, 3, 4), date(2017, 3, 4)
NUMBER = ReadNumber(IdentitySystem.PERSONNUMMER, LATER_NUMBER.replace("-", ""), RIGHT)
CARD = ReadNumber(IdentitySystem.LMA, "12345678")
OTHER_CARD = ReadNumber(IdentitySystem.LMA, "87654321")
MENDED = "people.birth_date_mended"
pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.fixture
def child(lived: Village) -> Person:
    """Zebiba, who came without a number, and of whom somebody wrote that she is fourteen; Bo follows her."""
    child = newly_arrived(lived)
    Person.objects.filter(pk=child.pk).update(birth_date=WRONG)
    child.refresh_from_db()
    return child


def told(
    number: ReadNumber = NUMBER, names: tuple[str, str] = ("Zebiba", "Ahmadi"), birth_date: date | None = RIGHT
) -> RegisterPerson:
    """What the register answers about the number."""
    eva = RegisterGuardian(None, "Eva", "Ahmadi", "sole", "sv", "none")
    numbers = (RegisterIdentity(number.system, number.value),)
    return RegisterPerson(numbers, *names, "", birth_date, (), "none", (eva,), None)


def mended(child: Person) -> int:
    """How often the trail tells that the date was mended."""
    entries = TrailEntry.objects.filter(act=MENDED, subjects__ref=child.ref)
    assert not [one for one in entries if "201" in one.ground]
    return entries.count()


def test_the_registers_date_goes_before_one_that_was_written_by_hand(lived: Village, child: Person) -> None:
    give_identity(SYSTEM, child, NUMBER)
    assert find_or_create(SYSTEM, told()) == child
    assert born(child) == RIGHT, "a girl of nine is not one of fourteen, with what she may decide and read"
    find_or_create(SYSTEM, told())
    assert mended(child) == 1
    history = lived.client("bo").get(f"/children/{child.ref}/history/").content.decode()
    assert "ett annat födelsedatum från registret" in history
    assert "2012" not in history
    assert Guardianship.objects.filter(child=child, until=None).count() == 1


def test_a_number_that_is_the_registers_word_brings_its_date_whatever_the_child_is_called(
    lived: Village, child: Person
) -> None:
    give_identity(SYSTEM, child, NUMBER)
    find_or_create(SYSTEM, told(names=("Li", "Ek")))
    assert born(child) == RIGHT


def test_a_protected_childs_date_is_mended_too(lived: Village, child: Person) -> None:
    give_identity(lived.acting("bo"), child, CARD)
    set_protection(SYSTEM, child, Protection.PROTECTED)
    arrive(SYSTEM, told(CARD))
    (opened,) = Person.objects.filter(pk=child.pk).including_protected()
    assert (opened.birth_date, opened.given_name, opened.protection) == (RIGHT, "Zebiba", "protected")


def test_under_the_same_name_a_number_that_a_post_has_noted_does(lived: Village, child: Person) -> None:
    give_identity(lived.acting("bo"), child, CARD)
    assert arrive(SYSTEM, told(CARD)) == child
    assert (born(child), mended(child)) == (RIGHT, 1)


@pytest.mark.parametrize("names", [("Seble", "Ahmadi"), ("", "Ahmadi")])
def test_a_siblings_date_does_not_come_in_with_the_family_name(
    lived: Village, child: Person, names: tuple[str, str]
) -> None:
    give_identity(lived.acting("bo"), child, CARD)
    find_or_create(SYSTEM, told(CARD, names))
    assert (born(child), mended(child)) == (WRONG, 0)


def test_a_sibling_with_another_day_is_somebody_else_however_often_it_is_looked_up(
    lived: Village, child: Person
) -> None:
    give_identity(lived.acting("bo"), child, CARD)
    for _ in range(2):
        seble = arrive(SYSTEM, told(CARD, ("Seble", "Ahmadi")))
        assert (seble.given_name, seble.birth_date) == ("Seble", RIGHT)
        assert (born(child), all_beside(CARD.system, CARD.value)) == (WRONG, [child])
    assert Person.objects.get(pk=child.pk).given_name == "Zebiba"


def test_a_register_that_tells_no_name_brings_no_date_either_time(lived: Village, child: Person) -> None:
    give_identity(lived.acting("bo"), child, CARD)
    for _ in range(2):
        assert arrive(SYSTEM, told(CARD, ("", ""))) == child
        assert (born(child), Identity.objects.get(person=child).noted_by) == (WRONG, lived.post("rektor").ref)


def test_a_date_that_a_number_told_is_the_registers_from_then_on(lived: Village, child: Person) -> None:
    Person.objects.filter(pk=child.pk).update(birth_date=None)
    bo = lived.client("bo")
    assert give(bo, child).status_code == 302
    assert give(bo, child, "12-345678", kind="lma").status_code == 302
    arrive(SYSTEM, told(CARD))
    assert bo.post(f"/children/{child.ref}/number/take-back/", filled({})).status_code == 302
    assert not Identity.objects.filter(person=child, system="personnummer").exists()
    assert (born(child), mended(child)) == (RIGHT, 0)


def test_the_wrong_numbers_day_goes_when_the_register_tells_another(lived: Village, child: Person) -> None:
    Person.objects.filter(pk=child.pk).update(birth_date=None)
    bo = lived.client("bo")
    assert give(bo, child, kept_number(WRONG, 5)).status_code == 302
    assert give(bo, child, "12-345678", kind="lma").status_code == 302
    arrive(SYSTEM, told(CARD))
    assert (born(child), mended(child)) == (RIGHT, 1)
    assert bo.post(f"/children/{child.ref}/number/take-back/", filled({})).status_code == 302
    assert born(child) == RIGHT
    assert give(bo, child).status_code == 302


def test_a_day_to_come_and_one_that_is_not_told_change_nothing(lived: Village, child: Person) -> None:
    give_identity(SYSTEM, child, NUMBER)
    for day in (None, date(2099, 1, 1)):
        find_or_create(SYSTEM, told(birth_date=day))
        assert (born(child), mended(child)) == (WRONG, 0)


def test_what_somebody_else_writes_by_hand_is_no_register(lived: Village, child: Person) -> None:
    give_identity(SYSTEM, child, NUMBER)
    numbers = (RegisterIdentity(NUMBER.system, NUMBER.value),)
    assert new_person(SYSTEM, Facts("Zebiba", "Ahmadi", birth_date=RIGHT, identities=numbers)) == child
    assert (born(child), mended(child)) == (WRONG, 0)
    assert find_by_number(NUMBER.system, NUMBER.value) == child


def test_what_goes_by_age_follows_at_once(lived: Village) -> None:
    open_row = lived.disclosure()
    child = open_row.child
    give_identity(SYSTEM, child, OTHER_CARD)
    assert open_row.expires_on is not None
    assert open_row.expires_on > clock.today() + timedelta(days=9)
    names = (child.given_name, child.family_name)
    says = told(OTHER_CARD, names, birth_date=add_years(clock.today() + timedelta(days=9), -18))
    arrive(SYSTEM, replace(says, guardians=()))  # nothing else has changed
    open_row.refresh_from_db()
    assert open_row.ended_at is not None or open_row.expires_on <= clock.today() + timedelta(days=9)
