"""Numbers that are none, a guardian who is also staff, and somebody who turns 18 today."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from samsyn.circle.actions import belongs
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Sign
from samsyn.organisations.presence import viewer_for
from samsyn.people import numbers
from samsyn.people.models import Custody, Guardianship, LookUp, Person
from samsyn.sharing.actions import guardians_today, possible_gates, who_decides
from samsyn.sharing.models import Disclosure
from samsyn.site.tick import tick
from tests.bad_input.browser import Browser, beside, text
from tests.rooms.sharing.world import LONG_AGO, NOW
from tests.walks import deeds
from tests.walks.town import Town

REASON = "Orolig för en elev som inte är i vår grupp."
RIGHT = numbers.test_number(date(2018, 4, 5), 7)
UNDER_18 = "health_to_early_help_under_18"


@pytest.fixture
def register(settings: Settings, tmp_path: Path) -> None:
    """A register that knows nobody."""
    extract = tmp_path / "extract.csv"
    extract.write_text("number;protection;family_name\n", encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE, settings.SAMSYN_REGISTER_URL = str(extract), ""


def _wrong_check_digit() -> str:
    return RIGHT[:-1] + str((int(RIGHT[-1]) + 1) % 10)


def _day_plus_60_with_the_old_check_digit() -> str:
    return RIGHT[:6] + str(int(RIGHT[6:8]) + 60) + RIGHT[8:]


@pytest.mark.parametrize(
    "number",
    [
        _wrong_check_digit(),
        _day_plus_60_with_the_old_check_digit(),
        "20180230-9802",
        "20270405-9802",
        "Signe Lind",
        "2018",
        "20180405\u200b9802",
    ],
)
def test_a_number_that_is_none_is_told_beside_the_field_and_the_reason_is_kept(
    town: Town, register: None, number: str
) -> None:
    page = Browser(town.world, "Maja").send("find_by_number", number=number, reason=REASON)
    assert page.status_code == 422
    assert beside(page, "number"), text(page)
    assert REASON in text(page)
    assert LookUp.objects.get().outcome == "mistyped"
    assert not Sign.objects.exists()


def test_a_number_that_nobody_has_is_told_and_counted(town: Town, register: None) -> None:
    page = Browser(town.world, "Maja").send("find_by_number", number=RIGHT, reason=REASON)
    assert page.status_code == 422
    assert beside(page, "number") == "The register has nobody with that number. Check the digits."
    assert REASON in text(page)


# --- a guardian who is also staff -------------------------------------------------------------------------------------


def vera(town: Town, unit: str) -> Person:
    """Vera, whose guardian is Mats, and who goes to this school."""
    child = Person.objects.create(
        given_name="Vera", family_name="Ek", birth_date=date(2017, 1, 2), created_at=clock.now()
    )
    guardian = town.world.accounts["Mats"].person
    Guardianship.objects.create(
        child=child, guardian=guardian, custody=Custody.SOLE, relation="pappa", since=LONG_AGO, source="test"
    )
    belongs(child, town.world.units[unit], source="test")
    return child


def _pages(browser: Browser, child: Person, sign: Sign) -> list[Any]:
    return [browser.get("child", child.ref).status_code, browser.get("sign", sign.ref).status_code]


def _sent_about(town: Town, child: Person, noticer: str) -> Sign:
    viewer = town.acting(town.world.posts[noticer])
    return deeds.send(town, viewer, deeds.note(viewer, child))


def test_a_guardian_who_is_also_staff_sees_no_more_of_the_own_child_at_work(town: Town) -> None:
    child = vera(town, "norr")
    sign = _sent_about(town, child, "Rakel")
    assert _pages(Browser(town.world, "Rakel"), child, sign) == [200, 200]
    assert _pages(Browser(town.world, "Mats"), child, sign) == [404, 404]
    assert "Vera" not in text(Browser(town.world, "Mats").send("find", name="Vera")).replace('value="Vera"', "")


def test_at_the_own_childs_school_a_teacher_finds_the_child_as_any_other_and_reads_no_sign(town: Town) -> None:
    child = vera(town, "stoby")
    sign = _sent_about(town, child, "Maja")
    pages = {name: _pages(Browser(town.world, name), child, sign) for name in ("Mats", "Hanna")}
    assert pages["Mats"] == pages["Hanna"]  # what any colleague sees, and no more
    assert pages["Mats"][1] == 404


def test_in_the_own_family_a_teacher_does_not_reach_what_the_work_opens(town: Town) -> None:
    child = vera(town, "stoby")
    mats = town.acting(town.world.posts["Mats"])
    sign = deeds.note(mats, town.world.signe)
    at_work, at_home = Browser(town.world, "Mats"), Browser(town.world, "Mats", post="")
    assert at_work.get("sign_edit", sign.ref).status_code == 200
    assert at_home.get("sign_edit", sign.ref).status_code == 404
    assert [at_home.get("child", one.ref).status_code for one in (town.world.signe, child)] == [404, 404]


def test_an_operator_or_a_guardian_never_becomes_a_post_by_asking_for_one(town: Town) -> None:
    account, post = town.world.accounts["Mats"], town.world.posts["Bo"]
    assert not viewer_for(account, post.pk, clock.now()).is_staff
    browser = Browser(town.world, "Mats", post="Bo")
    assert browser.get("children").status_code == 404


# --- 18 on the day ----------------------------------------------------------------------------------------------------


def born(town: Town, day: date) -> Person:
    """Somebody born on this day, with Amal for a guardian, at Stobyskolan."""
    child = Person.objects.create(given_name="Adam", family_name="Lind", birth_date=day, created_at=clock.now())
    Guardianship.objects.create(
        child=child, guardian=town.world.amal, custody=Custody.SOLE, since=LONG_AGO, source="test"
    )
    belongs(child, town.world.units["stoby"], source="test")
    return child


BIRTHDAYS = [
    pytest.param(date(2008, 11, 20), date(2026, 11, 20), id="an ordinary day"),
    pytest.param(date(2008, 2, 29), date(2026, 2, 28), id="29 February"),
    pytest.param(date(2009, 1, 1), date(2027, 1, 1), id="new year"),
]


def _on(day: date) -> Any:
    return clock.at(NOW.replace(year=day.year, month=day.month, day=day.day))


@pytest.mark.parametrize(("birth", "grown"), BIRTHDAYS)
def test_the_gate_for_those_under_18_closes_on_the_18th_birthday(town: Town, birth: date, grown: date) -> None:
    child = born(town, birth)
    world = town.world

    def gates(day: date) -> set[str]:
        with _on(day):
            return set(possible_gates(child, world.authorities["region"], world.units["early team"]))

    before, after = gates(grown - timedelta(days=1)), gates(grown)
    assert before - after, "some gate is for those under 18"
    assert "consent" in before & after
    assert all("18" in one or "child" in one for one in before - after), before - after


@pytest.mark.parametrize(("birth", "grown"), BIRTHDAYS)
def test_the_day_before_the_guardians_decide_and_on_the_day_the_young_person(
    town: Town, birth: date, grown: date
) -> None:
    child = born(town, birth)
    with _on(grown - timedelta(days=1)):
        assert who_decides(child) == [town.world.amal]
    with _on(grown):
        assert who_decides(child) == [child]
        assert guardians_today(child) == []


def test_on_the_18th_birthday_the_tick_closes_what_rests_on_the_guardians_yes(town: Town) -> None:
    child = born(town, date(2008, 11, 20))
    town.world.named(child)
    bo: Viewer = town.acting(town.world.posts["Bo"])
    deeds.ask(town, bo, child, None, town.world.units["early team"], False)
    with _on(date(2026, 11, 19)):
        tick()
        assert Disclosure.objects.get().ended_at is None
    with _on(date(2026, 11, 20)):
        tick()
        assert Disclosure.objects.get().ended_because == "consent_lapsed"
