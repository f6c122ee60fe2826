"""A number is looked up exactly, with a reason, in the trail, and not too often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people import numbers
from samsyn.people.actions import Facts, find_or_create, look_up, new_person, register_account
from samsyn.people.models import LookUp
from samsyn.people.registers import RegisterUnavailable
from samsyn.trail.models import TrailEntry, TrailSubject

pytestmark = pytest.mark.django_db
SIGNE = numbers.test_number(date(2017, 3, 4), 0)
NOBODY = numbers.test_number(date(2017, 3, 4), 2)
NOON = datetime(2025, 9, 16, 10, tzinfo=UTC)
WHY = "Maja is worried about her"


@pytest.fixture(autouse=True)
def _register(tmp_path: Path, settings: Settings) -> Iterator[None]:
    extract = tmp_path / "extract.csv"
    extract.write_text(f"number;protection;given_name;family_name\n{SIGNE};none;Signe;Ek\n", encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE = str(extract)
    settings.SAMSYN_REGISTER_URL = settings.SAMSYN_REGISTER_TOKEN = ""
    with clock.at(NOON):
        yield


@pytest.fixture
def maja() -> Viewer:
    """Maja, acting as her post."""
    person = new_person(SYSTEM, Facts(given_name="Maja"))
    account = register_account(SYSTEM, person, "maja")
    return Viewer(account=account.pk, person=person.pk, post=1, account_ref=account.ref, person_label="Maja")


def test_the_exact_number_finds_and_the_trail_tells_why(maja: Viewer) -> None:
    found = look_up(maja, f"{SIGNE[:8]}-{SIGNE[8:]}", WHY)
    assert found is not None
    assert found.given_name == "Signe"
    entry = TrailEntry.objects.get(act="people.look_up")
    assert (entry.ground, entry.account_ref) == (WHY, maja.account_ref)
    row = LookUp.objects.get()
    assert (row.found, row.reason) == (True, WHY)
    for told in (entry.ground, row.reason, entry.act):
        assert SIGNE not in told


def test_one_who_is_here_already_is_named_by_reference(maja: Viewer) -> None:
    first = look_up(maja, SIGNE, WHY)
    assert first is not None
    child = find_or_create(maja, first)
    look_up(maja, SIGNE, WHY)
    newest = TrailEntry.objects.filter(act="people.look_up").latest("id")
    assert list(TrailSubject.objects.filter(entry=newest).values_list("kind", "child_ref")) == [("look_up", child.ref)]


def test_nobody_is_told_and_counted(maja: Viewer) -> None:
    assert look_up(maja, NOBODY, WHY) is None
    assert LookUp.objects.get().found is False


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [
        (SIGNE, "", "reason"),
        (SIGNE, "  x ", "reason"),
        (SIGNE, f"worried about {SIGNE}", "reason"),
        (SIGNE[:-1], WHY, "number"),
        (SIGNE[:-1] + str((int(SIGNE[-1]) + 1) % 10), WHY, "number"),
        ("Signe", WHY, "number"),
    ],
)
def test_without_a_reason_or_a_whole_number_nothing_is_asked(
    maja: Viewer, number: str, reason: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        look_up(maja, number, reason)
    assert refused.value.decision.field == field
    assert not LookUp.objects.exists()


def test_only_somebody_at_work_looks_up(maja: Viewer) -> None:
    with pytest.raises(Refused, match="post"):
        look_up(replace(maja, post=None), SIGNE, WHY)


def test_the_limit_of_the_law_row_holds_for_an_hour(maja: Viewer) -> None:
    limit = law.on(clock.today()).amount("look_up_limit")
    assert limit is not None
    for _ in range(limit):
        look_up(maja, NOBODY, WHY)
    with pytest.raises(Refused) as refused:
        look_up(maja, SIGNE, WHY)
    assert refused.value.decision.rule == "look_up_limit"
    with clock.at(NOON + timedelta(hours=1, seconds=1)):
        assert look_up(maja, SIGNE, WHY) is not None


def test_without_a_register_it_is_said_so(maja: Viewer, settings: Settings) -> None:
    settings.SAMSYN_REGISTER_FILE = ""
    with pytest.raises(RegisterUnavailable, match="No register"):
        look_up(maja, SIGNE, WHY)


def test_a_file_that_is_gone_does_not_answer_nobody(maja: Viewer, settings: Settings, tmp_path: Path) -> None:
    settings.SAMSYN_REGISTER_FILE = str(tmp_path / "gone.csv")
    with pytest.raises(RegisterUnavailable):
        look_up(maja, SIGNE, WHY)
    assert not LookUp.objects.exists()
