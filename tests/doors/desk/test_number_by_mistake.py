"""A number that a post has given the wrong child: nobody becomes another one, and whom a register hides gets hidden."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from samsyn.circle.arrival import arrive, heed_protection
from samsyn.circle.custody_actions import Told, note_guardian
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import Facts, begin_look_up, note_custody, set_protection
from samsyn.people.identities import all_beside, find_by_number
from samsyn.people.models import Custody, Identity, Person
from samsyn.people.numbers import IdentitySystem
from samsyn.people.numbers import test_number as kept_number
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.protection.actions import Decided, protect
from tests.doors.desk.test_number import WHY, give, the_register_hides
from tests.doors.scenes import filled, newly_arrived
from tests.doors.test_existence import enter, look_up, undone
from tests.village import EXTRACT, REGISTERED, Village

PERSONNUMMER = IdentitySystem.PERSONNUMMER
pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.fixture
def child(lived: Village) -> Person:
    """Zebiba, who came without a number; Bo follows her."""
    return newly_arrived(lived)


def names_of(person: Person) -> tuple[str, str]:
    (opened,) = Person.objects.filter(pk=person.pk).including_protected()
    return opened.given_name, opened.protection


def by_hand(village: Village, settings: Settings, who: str, **names: str) -> Person:
    """Somebody enters a child with Tuva's number while the register is silent."""
    settings.SAMSYN_REGISTER_FILE = ""
    asks = {"kind": "personnummer", "number": REGISTERED, "reason": WHY, **names}
    assert village.client(who).post("/find/by-hand/", filled(asks)).status_code == 302
    child: Person = Person.objects.filter(**names).latest("pk")
    return child


def register_says(settings: Settings, tmp_path: Path, protection: str, names: str = ";Tuva;Rask;") -> None:
    """The register tells of Tuva, who goes to Bo's school."""
    file = tmp_path / "here.csv"
    says = EXTRACT.replace(f"{REGISTERED};none", f"{REGISTERED};{protection}").replace(";Tuva;Rask;", names)
    file.write_text(says)
    settings.SAMSYN_REGISTER_FILE = str(file)


@pytest.mark.parametrize("hidden", ["here", "by the register"])
def test_at_the_very_school_of_a_hidden_child_her_number_given_to_another_leaves_both_as_they_are(
    lived: Village, settings: Settings, tmp_path: Path, child: Person, hidden: str
) -> None:
    bo, hanna = lived.client("bo"), lived.client("hanna")
    gun = Person.objects.create(given_name="Gun", family_name="Berg", created_at=clock.now())
    note_custody(lived.acting("bo"), child, gun, Custody.SOLE, since=clock.today(), source="Dom i dag")
    if hidden == "here":
        assert look_up(lived.client("maja"), REGISTERED).status_code == 302
        tuva = find_by_number(PERSONNUMMER, REGISTERED)
        assert tuva is not None
        set_protection(SYSTEM, tuva, "protected")
    else:
        settings.SAMSYN_REGISTER_FILE = ""
    assert give(bo, child, REGISTERED).status_code == 302
    if hidden != "here":
        register_says(settings, tmp_path, "protected")
    assert look_up(bo, REGISTERED).status_code == 302
    assert names_of(child) == ("Zebiba", "none")
    assert [row.guardian for row in child.guardianships.filter(until=None)] == [gun]
    tuva = find_by_number(PERSONNUMMER, REGISTERED)
    assert tuva is not None
    assert names_of(tuva) == ("Tuva", "protected")
    assert all_beside(PERSONNUMMER, REGISTERED) == [child]
    assert b"Rask" not in hanna.post("/find/", filled({"name": "Tuva"})).content
    page = hanna.get(f"/children/{child.ref}/").content.decode()
    assert not re.search(r"\b(Tuva|Eva|Rask)\b", page)


@pytest.mark.parametrize("says", ["none", "protected"])
def test_a_hidden_child_with_a_wrong_number_does_not_become_the_one_whose_number_it_is(
    lived: Village, settings: Settings, tmp_path: Path, says: str
) -> None:
    kim = by_hand(lived, settings, "ines", given_name="Kim", family_name="Ask")
    protect(lived.acting("ines"), kim, Decided("protected", "OSL 22:1", clock.today()))
    register_says(settings, tmp_path, says)
    assert look_up(lived.client("bo"), REGISTERED).status_code == 302
    assert names_of(kim) == ("Kim", "protected")
    assert not Person.objects.visible_to(lived.acting("bo")).filter(pk=kim.pk).exists()
    tuva = find_by_number(PERSONNUMMER, REGISTERED)
    assert tuva is not None
    assert names_of(tuva) == ("Tuva", says)


def test_a_sibling_entered_with_her_number_is_hidden_and_stays_somebody_else(
    lived: Village, settings: Settings, tmp_path: Path
) -> None:
    lo = by_hand(lived, settings, "ines", given_name="Lo", family_name="Rask")
    register_says(settings, tmp_path, "protected")
    assert look_up(lived.client("bo"), REGISTERED).status_code == 302
    assert names_of(lo) == ("Lo", "protected")
    tuva = find_by_number(PERSONNUMMER, REGISTERED)
    assert tuva is not None
    assert names_of(tuva) == ("Tuva", "protected")


@pytest.mark.parametrize(
    "names",
    [
        {"given_name": "Tuva Li"},
        {"given_name": "Tuva-Li"},
        {"given_name": "Tuvá"},
        {"given_name": "Tova"},
        {"given_name": "Lo", "family_name": "Rask-Ek"},
        {"given_name": "Rask", "family_name": "Tuva"},
    ],
)
def test_a_name_written_in_another_way_is_that_name(
    lived: Village, settings: Settings, tmp_path: Path, names: dict[str, str]
) -> None:
    child = by_hand(lived, settings, "bo", **names)
    the_register_hides(settings, tmp_path)
    assert look_up(lived.client("bo"), REGISTERED).status_code == 422
    assert names_of(child) == (names["given_name"], "protected")


def test_a_number_that_the_register_has_confirmed_is_the_childs_whatever_it_is_called_later(
    lived: Village, settings: Settings, tmp_path: Path
) -> None:
    child = by_hand(lived, settings, "bo", given_name="Tova")
    register_says(settings, tmp_path, "none")
    assert look_up(lived.client("bo"), REGISTERED).status_code == 302
    assert names_of(child) == ("Tuva", "none")
    assert Identity.objects.get(person=child).noted_by is None
    register_says(settings, tmp_path, "protected", ";Mira;Ek;")
    for who in ("bo", "ines"):
        with undone():
            look_up(lived.client(who), REGISTERED)
            assert Person.objects.get(pk=child.pk).protection == "protected"


def test_who_enters_a_child_whom_the_register_hides_under_her_name_works_on_and_nobody_else_knows(
    lived: Village, settings: Settings, tmp_path: Path
) -> None:
    the_register_hides(settings, tmp_path)
    kurt = lived.client("kurt")
    begun = enter(kurt, REGISTERED)
    assert begun.status_code == 302
    child = Person.objects.latest("pk")
    assert names_of(child) == ("Tuva", "protected")
    assert kurt.get(begun.headers["Location"]).status_code == 200
    assert Person.objects.visible_to(lived.acting("kurt")).filter(pk=child.pk).exists()
    assert not Person.objects.visible_to(lived.acting("ines")).filter(pk=child.pk).exists()


def test_a_second_number_of_hers_that_another_child_was_given_does_not_keep_her_in_sight(
    lived: Village, child: Person
) -> None:
    assert give(lived.client("bo"), child, "12-345678", kind="lma").status_code == 302
    numbers = (RegisterIdentity(PERSONNUMMER, REGISTERED), RegisterIdentity(IdentitySystem.LMA, "12345678"))
    born = date(2018, 4, 5)
    tuva = arrive(SYSTEM, RegisterPerson(numbers[:1], "Tuva", "Rask", "", born, (), "none", (), None))
    heed_protection(lived.acting("ines"), RegisterPerson(numbers, "Tuva", "Rask", "", born, (), "marked", (), None))
    assert names_of(tuva) == ("Tuva", "marked")
    assert names_of(child) == ("Zebiba", "none")


@pytest.mark.parametrize("name", ["Sven", "Eva"])
def test_a_guardian_noted_with_a_strangers_number_does_not_become_the_stranger(
    lived: Village, child: Person, name: str
) -> None:
    bo, evas = lived.acting("bo"), kept_number(date(1990, 4, 5), 7)
    told = Told(Facts(given_name=name, family_name="Ek"), "sole", clock.today(), "The mother")
    begun = begin_look_up(bo, evas, WHY)
    noted = note_guardian(bo, child, told, begun, as_shown="").guardian
    assert look_up(lived.client("maja"), REGISTERED).status_code == 302
    tuva, eva = find_by_number(PERSONNUMMER, REGISTERED), find_by_number(PERSONNUMMER, evas)
    assert tuva is not None
    assert [row.guardian for row in tuva.guardianships.filter(until=None)] == [eva]
    noted.refresh_from_db()
    if name == "Eva":  # a guardian who has taken another family name is the same one
        assert noted == eva
    else:
        assert (noted.given_name, noted.family_name) == ("Sven", "Ek")
        assert eva is not None
        assert not eva.wards.filter(child=child).exists()
