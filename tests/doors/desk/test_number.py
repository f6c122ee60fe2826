"""A number that a child gets later is noted once, found from then on, and tells nobody who else has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from samsyn import law
from samsyn.circle.actions import give_named_person
from samsyn.circle.arrival import heed_protection
from samsyn.circle.custody_rules import may_be_given, may_give_number, may_take_back_number
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals.models import Sign
from samsyn.people.actions import give_identity, set_protection
from samsyn.people.identities import all_beside, find_by_number, open_number
from samsyn.people.models import Identity, LookUp, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.numbers import test_number as kept_number
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.protection.actions import Decided, protect
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import LATER_NUMBER, filled, newly_arrived
from tests.doors.test_existence import NOBODYS, Answer, bare
from tests.village import EXTRACT, REGISTERED, Village

WHY = "Beslut på papper i dag."
SAMORDNING = "201703642387"
"""A samordningsnummer of the same day as the later number."""
pytestmark = pytest.mark.usefixtures("one_moment")


@pytest.fixture
def child(lived: Village) -> Person:
    """Zebiba, who came without a number; Bo follows her."""
    return newly_arrived(lived)


def give(browser: Client, child: Person, number: str = LATER_NUMBER, **body: Any) -> Any:
    told = {"kind": "personnummer", "number": number, "reason": WHY, **body}
    return browser.post(f"/children/{child.ref}/number/", filled(told))


def test_the_child_is_found_by_the_number_and_its_birth_date_is_known(lived: Village, child: Person) -> None:
    bo, before = lived.client("bo"), LookUp.objects.count()
    assert give(bo, child).status_code == 302
    assert find_by_number(IdentitySystem.PERSONNUMMER, LATER_NUMBER.replace("-", "")) == child
    child.refresh_from_db()
    assert child.birth_date == date(2017, 3, 4)
    assert LookUp.objects.count() == before + 1
    assert TrailEntry.objects.filter(act="people.number_given", subjects__ref=child.ref).count() == 1
    assert give(bo, child).status_code == 302
    assert Identity.objects.filter(person=child).count() == 1
    for page in (f"/children/{child.ref}/", f"/children/{child.ref}/number/"):
        assert LATER_NUMBER[-4:] not in bo.get(page).content.decode()


def test_a_number_for_a_while_stays_beside_the_later_one(lived: Village, child: Person) -> None:
    bo = lived.client("bo")
    assert give(bo, child, "12-345678", kind="lma").status_code == 302
    assert give(bo, child).status_code == 302
    assert set(Identity.objects.filter(person=child).values_list("system", flat=True)) == {"lma", "personnummer"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": f"{LATER_NUMBER[:-1]}x"}, "number"),
        ({"kind": "samordningsnummer"}, "number"),
        ({"kind": "none"}, "kind"),
        ({"reason": "x"}, "reason"),
        ({"number": kept_number(date(1990, 4, 5), 9)}, None),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    lived: Village, child: Person, wrong: dict[str, str], field: str | None
) -> None:
    answer = give(lived.client("bo"), child, **wrong)
    assert answer.status_code == 422
    assert list(answer.context["note"].errors) == [field or "__all__"]
    assert not Identity.objects.filter(person=child).exists()


def test_another_birth_date_and_a_second_number_of_the_kind_are_compared_once_more(
    lived: Village, child: Person
) -> None:
    bo = lived.client("bo")
    Person.objects.filter(pk=child.pk).update(birth_date=date(2017, 3, 5))
    assert give(bo, child).status_code == 422
    Person.objects.filter(pk=child.pk).update(birth_date=date(2017, 3, 4))
    assert give(bo, child).status_code == 302
    other = give(bo, child, kept_number(date(2017, 3, 4), 5))
    assert list(other.context["note"].errors) == ["kind"]


def test_a_number_of_a_child_whom_bo_sees_is_said_plainly(lived: Village, child: Person) -> None:
    signe = lived.child("Signe")
    number = kept_number(signe.birth_date or date(2018, 1, 1), 3)
    give_identity(SYSTEM, signe, ReadNumber(IdentitySystem.PERSONNUMMER, number))
    told = give(lived.client("bo"), child, number)
    assert list(told.context["note"].errors) == ["number"]
    assert "Signe" in told.content.decode()
    assert not Identity.objects.filter(person=child).exists()


def test_the_post_that_noted_a_number_takes_it_back_and_nobody_else(lived: Village, child: Person) -> None:
    bo, address = lived.client("bo"), f"/children/{child.ref}/number/take-back/"
    assert bo.post(address, filled({})).status_code == 422
    give(bo, child)
    Identity.objects.filter(person=child).update(noted_by=lived.post("early").ref)
    assert bo.post(address, filled({})).status_code == 422
    Identity.objects.filter(person=child).update(noted_by=lived.post("rektor").ref)
    assert bo.post(address, filled({})).status_code == 302
    assert find_by_number(IdentitySystem.PERSONNUMMER, LATER_NUMBER.replace("-", "")) is None
    told = TrailEntry.objects.filter(subjects__ref=child.ref, act__startswith="people.number").order_by("pk")
    assert [one.act for one in told] == ["people.number_given", "people.number_taken_back"]
    assert give(bo, child).status_code == 302


def born(child: Person) -> date | None:
    """The birth date as it is known now."""
    return Person.objects.get(pk=child.pk).birth_date


@pytest.mark.parametrize("entered", ["without a number", "with the wrong one"])
def test_the_day_that_a_mistaken_number_told_goes_with_it_and_the_right_number_can_be_noted(
    lived: Village, child: Person, entered: str
) -> None:
    bo, wrong = lived.client("bo"), kept_number(date(2012, 3, 4), 5)
    if entered == "without a number":
        assert give(bo, child, wrong).status_code == 302
    else:
        asks = {"kind": "personnummer", "given_name": "Zewdi", "number": wrong, "reason": WHY}
        assert bo.post("/find/by-hand/", filled(asks)).status_code == 302
        child = Person.objects.get(given_name="Zewdi")
        give_named_person(SYSTEM, child, lived.post("rektor"))
    assert born(child) == date(2012, 3, 4)
    assert bo.post(f"/children/{child.ref}/number/take-back/", filled({})).status_code == 302
    assert born(child) is None, "a girl of nine is not one of fourteen, with what she may decide and read"
    assert give(bo, child).status_code == 302
    assert born(child) == date(2017, 3, 4)


def test_a_day_that_was_known_without_the_number_stays_when_it_is_taken_back(lived: Village, child: Person) -> None:
    bo = lived.client("bo")
    Person.objects.filter(pk=child.pk).update(birth_date=date(2017, 3, 4))
    assert give(bo, child).status_code == 302
    assert bo.post(f"/children/{child.ref}/number/take-back/", filled({})).status_code == 302
    child.refresh_from_db()
    assert child.birth_date == date(2017, 3, 4)


@pytest.mark.parametrize("hidden", [False, True])
def test_the_day_stays_when_another_number_that_is_left_tells_the_same(
    lived: Village, child: Person, hidden: bool
) -> None:
    bo, day = lived.client("bo"), date(2017, 3, 4)
    give_identity(SYSTEM, child, ReadNumber(IdentitySystem.SAMORDNINGSNUMMER, SAMORDNING))
    assert give(bo, child).status_code == 302
    assert give(bo, child, "12-345678", kind="lma").status_code == 302
    if hidden:
        protect(lived.acting("bo"), child, Decided("protected", "OSL 21:3", clock.today()))
    back = f"/children/{child.ref}/number/take-back/"
    assert [bo.post(back, filled({})).status_code for _ in range(2)] == [302, 302]
    assert born(child) == day, "the samordningsnummer tells it as well"
    left = Identity.objects.get(person=child)
    assert (left.system, left.told_birth) == ("samordningsnummer", True)
    Identity.objects.filter(pk=left.pk).update(noted_by=lived.post("rektor").ref)
    assert bo.post(back, filled({})).status_code == 302
    assert born(child) is None


@pytest.mark.parametrize("how", ["another day", "lost"])
def test_the_day_goes_when_the_numbers_that_are_left_do_not_tell_it(lived: Village, child: Person, how: str) -> None:
    bo = lived.client("bo")
    assert give(bo, child).status_code == 302
    told = SAMORDNING if how == "lost" else kept_number(date(2017, 3, 5), 5)
    system = IdentitySystem.SAMORDNINGSNUMMER if how == "lost" else IdentitySystem.PERSONNUMMER
    other = give_identity(SYSTEM, child, ReadNumber(system, told))
    if how == "lost":
        Identity.objects.filter(pk=other.pk).update(sealed=b"damaged")
    assert bo.post(f"/children/{child.ref}/number/take-back/", filled({})).status_code == 302
    assert born(child) is None


def test_guesses_run_out_like_look_ups(lived: Village, child: Person) -> None:
    bo, limit = lived.client("bo"), law.on(clock.today()).amount("look_up_limit") or 0
    held = LookUp.objects.filter(account=lived.account("bo")).count()
    for _ in range(limit - held):
        give(bo, child, "12-345678")
    last = give(bo, child)
    assert list(last.context["note"].errors) == ["number"]
    assert not Identity.objects.filter(person=child).exists()


def test_who_only_finds_the_child_gives_it_no_number(lived: Village, child: Person) -> None:
    for who in ("maja", "hanna", "ines", "moa", "ulla", ""):
        assert give(lived.client(who), child).status_code in {404, 302, 401}
    assert not Identity.objects.filter(person=child).exists()


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("register", ["answers", "is silent"])
@pytest.mark.parametrize("who", ["of another authority", "hidden"])
def test_t14_a_number_of_somebody_whom_bo_may_not_know_is_answered_like_nobodys_and_leads_to_this_child(
    lived: Village, settings: Settings, tmp_path: Path, child: Person, who: str, register: str
) -> None:
    bo, ines = lived.client("bo"), lived.client("ines")
    elsewhere = tmp_path / "elsewhere.csv"  # a school that is not of this house
    says = EXTRACT.replace(";stoby;", ";elsewhere;")
    elsewhere.write_text(says.replace(f"{REGISTERED};none", f"{REGISTERED};protected") if who == "hidden" else says)

    def known() -> None:
        """Ines knows the child who has the number; where it is hidden, Bo may not even know of it."""
        settings.SAMSYN_REGISTER_FILE = ""
        asks = {"kind": "personnummer", "given_name": "Tuva", "family_name": "Rask", "number": REGISTERED}
        assert ines.post("/find/by-hand/", filled(asks | {"reason": WHY})).status_code == 302
        tuva = find_by_number(IdentitySystem.PERSONNUMMER, REGISTERED)
        assert tuva is not None
        if who == "hidden":
            set_protection(SYSTEM, tuva, "protected")

    def bo_reads() -> list[Answer]:
        settings.SAMSYN_REGISTER_FILE = str(elsewhere) if register == "answers" else ""
        asks = {"kind": "personnummer", "given_name": "Tova", "number": REGISTERED, "reason": WHY}
        told = [give(bo, child, REGISTERED), give(bo, child, REGISTERED)]
        told += [bo.post("/find/number/", filled({"number": REGISTERED, "reason": WHY}))]
        told += [bo.post("/find/by-hand/", filled(asks))]
        told += [bo.get(one.headers["Location"]) for one in told[2:] if one.status_code == 302]
        told += [bo.get(f"/children/{child.ref}/{page}") for page in ("", "number/", "custody/", "history/")]
        told += [bo.post("/find/", filled({"name": name})) for name in ("Tuva", "Zebiba", "Tova")]
        return [bare(one, REGISTERED) for one in told]

    with undone():
        nobody = bo_reads()
        holder = find_by_number(IdentitySystem.PERSONNUMMER, REGISTERED)
        told_of_another = who == "of another authority" and register == "answers"
        assert holder is not None
        assert holder == child or (told_of_another and holder.given_name == "Tuva")
    with undone():
        known()
        tuva = find_by_number(IdentitySystem.PERSONNUMMER, REGISTERED)
        for one, other in zip(bo_reads(), nobody, strict=True):
            assert one == other
        assert tuva is not None
        assert find_by_number(IdentitySystem.PERSONNUMMER, REGISTERED) == tuva != child
        assert all_beside(IdentitySystem.PERSONNUMMER, REGISTERED) == [child]
        assert open_number(Identity.objects.get(person=child)) == REGISTERED
        tried = TrailEntry.objects.filter(subjects__child_ref=tuva.ref, act="people.look_up_answered", ground=WHY)
        assert tried.exists()


def the_register_hides(settings: Settings, tmp_path: Path) -> None:
    """From now on the register says that whoever has the number is protected, and goes to a school elsewhere."""
    file = tmp_path / "hidden.csv"
    file.write_text(EXTRACT.replace(";stoby;", ";nowhere;").replace(f"{REGISTERED};none", f"{REGISTERED};protected"))
    settings.SAMSYN_REGISTER_FILE = str(file)


@pytest.mark.parametrize("how", ["given later", "entered while the register was silent"])
def test_a_hidden_childs_number_given_to_another_child_opens_nothing_that_the_register_tells(
    lived: Village, settings: Settings, tmp_path: Path, child: Person, how: str
) -> None:
    bo = lived.client("bo")
    settings.SAMSYN_REGISTER_FILE = ""
    if how == "given later":
        assert give(bo, child, REGISTERED).status_code == 302
    else:
        asks = {"kind": "personnummer", "given_name": "Zebibas", "number": REGISTERED, "reason": WHY, "ours": "on"}
        assert bo.post("/find/by-hand/", filled(asks)).status_code == 302
        child = Person.objects.get(given_name="Zebibas")
    the_register_hides(settings, tmp_path)
    for _ in range(2):
        looked_up = bo.post("/find/number/", filled({"number": REGISTERED, "reason": WHY}))
        assert looked_up.status_code == 422
    child.refresh_from_db()
    assert child.given_name.startswith("Zebiba")
    assert child.protection == "none", "that this child got hidden would tell that the number is somebody's"
    assert not child.guardianships.exists()
    pages = [bo.get(f"/children/{child.ref}/{page}") for page in ("", "custody/", "history/")]
    assert not any(re.search(r"\b(Tuva|Eva|Rask)\b", one.content.decode()) for one in pages)


@pytest.mark.parametrize("called", [{"given_name": "tuva"}, {"given_name": "Tutte", "family_name": "Rask"}])
def test_a_child_entered_while_the_register_was_silent_is_hidden_when_it_says_so_of_that_number_and_a_name(
    lived: Village, settings: Settings, tmp_path: Path, called: dict[str, str]
) -> None:
    bo = lived.client("bo")
    settings.SAMSYN_REGISTER_FILE = ""
    asks = {"kind": "personnummer", "number": REGISTERED, "reason": WHY, "ours": "on", **called}
    assert bo.post("/find/by-hand/", filled(asks)).status_code == 302
    child = Person.objects.get(given_name=called["given_name"])
    the_register_hides(settings, tmp_path)
    assert bo.post("/find/number/", filled({"number": REGISTERED, "reason": WHY})).status_code == 422
    child.refresh_from_db()
    assert (child.protection, child.given_name) == ("protected", "")
    (opened,) = Person.objects.filter(pk=child.pk).including_protected()
    assert opened.given_name == called["given_name"]
    assert not child.guardianships.exists()


def test_a_child_whose_number_is_beside_anothers_is_hidden_only_under_a_name_of_the_one_whom_the_register_hides(
    lived: Village, settings: Settings, child: Person
) -> None:
    settings.SAMSYN_REGISTER_FILE = ""
    tuva = newly_arrived_with(lived, REGISTERED)
    give_identity(lived.acting("bo"), child, ReadNumber(IdentitySystem.PERSONNUMMER, REGISTERED), beside=True)

    def says(given_name: str, family_name: str) -> dict[str, str]:
        """How both are hidden once the register has said so of somebody of this name."""
        with undone():
            number = RegisterIdentity(IdentitySystem.PERSONNUMMER, REGISTERED)
            found = RegisterPerson((number,), given_name, family_name, "", date(2018, 4, 5), (), "marked", (), None)
            heed_protection(lived.acting("maja"), found)
            return {name: Person.objects.get(pk=one.pk).protection for name, one in (("tuva", tuva), ("other", child))}

    assert says("Tuva", "Rask") == {"tuva": "marked", "other": "none"}
    assert says(child.given_name, "Rask") == {"tuva": "none", "other": "marked"}
    assert says("Lo", "Ek") == {"tuva": "none", "other": "none"}


def test_where_the_child_goes_every_day_the_hidden_one_gets_a_row_of_its_own_and_the_other_child_keeps_its_own(
    lived: Village, settings: Settings, tmp_path: Path, child: Person
) -> None:
    settings.SAMSYN_REGISTER_FILE = ""
    asks = {"kind": "personnummer", "number": REGISTERED, "reason": WHY, "given_name": "Kim"}
    assert lived.client("ines").post("/find/by-hand/", filled(asks)).status_code == 302
    kim = Person.objects.get(given_name="Kim")
    file = tmp_path / "here.csv"
    file.write_text(EXTRACT.replace(f"{REGISTERED};none", f"{REGISTERED};protected"))
    settings.SAMSYN_REGISTER_FILE = str(file)
    looked_up = lived.client("bo").post("/find/number/", filled({"number": REGISTERED, "reason": WHY}))
    assert looked_up.status_code == 302
    kim.refresh_from_db()
    assert (kim.given_name, kim.protection) == ("Kim", "none")
    tuva = find_by_number(IdentitySystem.PERSONNUMMER, REGISTERED)
    assert tuva is not None
    assert tuva.is_protected
    assert all_beside(IdentitySystem.PERSONNUMMER, REGISTERED) == [kim]


WORLDS = ("hidden here", "hidden here, and the register is silent", "hidden by the register", "hidden by both")


@pytest.mark.parametrize("order", ["bo ines kurt", "ines kurt bo", "kurt bo ines"])
def test_t14_what_three_units_do_with_one_number_and_compare_tells_them_of_nobody_hidden(
    lived: Village, settings: Settings, tmp_path: Path, child: Person, order: str
) -> None:
    """Each writes the number for a child of theirs and looks it up; they compare answers, pages and whom it led to."""
    clients = {who: lived.client(who) for who in order.split()}
    elsewhere = tmp_path / "elsewhere.csv"  # a school that is not of this house
    elsewhere.write_text(EXTRACT.replace(";stoby;", ";nowhere;"))

    def hide(world: str) -> None:
        settings.SAMSYN_REGISTER_FILE = ""
        if world != "hidden by the register":
            set_protection(SYSTEM, newly_arrived_with(lived, REGISTERED, who="maja"), "protected")
        if world == "hidden here":
            settings.SAMSYN_REGISTER_FILE = str(elsewhere)
        elif "by" in world:
            the_register_hides(settings, tmp_path)

    def writes(who: str, number: str) -> Any:
        asks = {"kind": "personnummer", "number": number, "reason": WHY, "given_name": f"Lo{who}"}
        return give(clients[who], child, number) if who == "bo" else clients[who].post("/find/by-hand/", filled(asks))

    def all_do(number: str) -> list[Any]:
        told: list[Any] = []
        for who in 2 * [*clients]:
            told.append(writes(who, number))
            told.append(clients[who].post("/find/number/", filled({"number": number, "reason": WHY})))
        led: list[int] = []
        for one in told:
            if one.status_code == 302 and one.headers["Location"].startswith("/signs/"):
                led.append(Sign.objects.get(ref=one.headers["Location"].split("/")[2]).child_id)
        told += [clients["bo"].get(f"/children/{child.ref}/{page}") for page in ("", "number/", "history/")]
        told += [clients[who].get("/children/") for who in clients]
        first_met = list(dict.fromkeys([child.pk, *led]))
        return [*(bare(one, number) for one in told), [first_met.index(one) for one in led]]

    with undone():
        settings.SAMSYN_REGISTER_FILE = str(elsewhere)
        nobody = all_do(NOBODYS)
    for world in WORLDS:
        with undone():
            hide(world)
            for step, (one, other) in enumerate(zip(all_do(REGISTERED), nobody, strict=True)):
                assert one == other, f"{world}, step {step}"


def test_in_an_emergency_the_own_authority_finds_the_child_that_has_the_number_beside(
    lived: Village, settings: Settings, child: Person
) -> None:
    settings.SAMSYN_REGISTER_FILE = ""
    newly_arrived_with(lived, REGISTERED)
    assert give(lived.client("bo"), child, REGISTERED).status_code == 302
    assert all_beside(IdentitySystem.PERSONNUMMER, REGISTERED) == [child]
    body = filled({"number": REGISTERED, "code": "life", "words": "Barnet svarar inte när vi ringer."})
    opened = lived.client("hanna").post("/emergency/", body)
    assert (opened.status_code, opened.headers["Location"]) == (302, f"/children/{child.ref}/")


def newly_arrived_with(village: Village, number: str, who: str = "ines") -> Person:
    asks = {"kind": "personnummer", "given_name": "Tuva", "number": number, "reason": WHY}
    assert village.client(who).post("/find/by-hand/", filled(asks)).status_code == 302
    found = find_by_number(IdentitySystem.PERSONNUMMER, number)
    assert found is not None
    return found


def test_the_rules_tell_why() -> None:
    right: dict[str, Any] = {
        "follows_child": True,
        "own_family": False,
        "has_this_kind": False,
        "born": date(2017, 3, 4),
        "told_by_number": date(2017, 3, 4),
    }
    assert may_give_number(**right)
    assert may_give_number(**right | {"told_by_number": None})
    assert not may_give_number(**right | {"follows_child": False})
    assert not may_give_number(**right | {"own_family": True})
    assert may_give_number(**right | {"has_this_kind": True}).field == "kind"
    assert may_give_number(**right | {"born": date(2017, 3, 5)}).field == "number"
    assert not may_be_given(name="Signe")
    assert may_take_back_number(own=True)
    assert not may_take_back_number(own=False)
