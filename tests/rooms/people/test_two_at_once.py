"""Two at once make one: persons, guardians, accounts, and look-ups under the limit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytest_django import Settings

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people import numbers
from samsyn.people.actions import Facts, find_or_create, new_person, register_account
from samsyn.people.models import Account, Guardianship, LookUp, Person
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson
from samsyn.trail.models import TrailEntry
from tests.rooms.people.looking_up import look_up
from tests.worlds import CommittedWorld

MOTHER, FATHER = date(1988, 1, 2), date(1985, 6, 7)


def identity(born: date, ordinal: int = 0) -> RegisterIdentity:
    """A number that is kept for tests, as a register gives it."""
    read = numbers.read_number(numbers.test_number(born, ordinal), on=clock.today())
    return RegisterIdentity(read.system, read.value)


def child(born: date, *, mother_first: bool = True) -> RegisterPerson:
    """A child of the same two guardians."""
    amal = RegisterGuardian(identity(MOTHER), "Amal", "Nasser", "joint", "ar", "none")
    olof = RegisterGuardian(identity(FATHER, 1), "Olof", "Ek", "joint", "sv", "none")
    guardians = (amal, olof) if mother_first else (olof, amal)
    return RegisterPerson((identity(born),), "Signe", "Ek", "", born, (), "none", guardians, None)


def test_many_who_register_one_child_at_once_make_one(committed_world: CommittedWorld) -> None:
    signe = child(date(2017, 3, 4))
    made = committed_world.at_once(*[lambda: find_or_create(SYSTEM, signe).pk] * 6)
    assert len(set(made)) == 1
    assert Person.objects.count() == 3
    assert Guardianship.objects.count() == 2
    assert TrailEntry.objects.count() == 1


def test_siblings_registered_at_once_share_guardians_and_nobody_waits_in_a_circle(
    committed_world: CommittedWorld,
) -> None:
    families = [child(date(2010 + at, 3, 4), mother_first=at % 2 == 0) for at in range(6)]
    made = committed_world.at_once(*[lambda one=one: find_or_create(SYSTEM, one).pk for one in families])
    assert len({pk for pk in made if isinstance(pk, int)}) == 6
    assert Person.objects.count() == 8
    assert Guardianship.objects.count() == 12


def test_one_sign_in_name_goes_to_one(committed_world: CommittedWorld) -> None:
    people = [new_person(SYSTEM, Facts(given_name=f"Bo {at}")) for at in range(4)]
    made = committed_world.at_once(*[lambda one=one: register_account(SYSTEM, one, "bo").pk for one in people])
    assert Account.objects.filter(sign_in_name="bo").count() == 1
    assert sum(isinstance(one, Refused) for one in made) == 3


def test_many_look_ups_at_once_do_not_pass_the_limit(
    committed_world: CommittedWorld, tmp_path: Path, settings: Settings
) -> None:
    extract = tmp_path / "extract.csv"
    extract.write_text("number;protection;family_name\n", encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE, settings.SAMSYN_REGISTER_URL = str(extract), ""
    limit = law.on(clock.today()).amount("look_up_limit")
    assert limit is not None
    person = new_person(SYSTEM, Facts(given_name="Maja"))
    account = register_account(SYSTEM, person, "maja")
    maja = Viewer(account=account.pk, person=person.pk, post=1, account_ref=account.ref)
    for _ in range(limit - 1):
        LookUp.objects.create(account=account, reason="earlier", outcome="nobody", at=clock.now())
    number = numbers.test_number(date(2017, 3, 4), 2)
    answers = committed_world.at_once(*[lambda: look_up(maja, number, "worried about a pupil")] * 5)
    assert LookUp.objects.count() == limit
    assert sum(isinstance(one, Refused) for one in answers) == 4
    assert sum(one is None for one in answers) == 1
