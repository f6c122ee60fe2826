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
from samsyn.people.actions import Facts, find_or_create, new_person, register_account
from samsyn.people.models import LookUp
from samsyn.trail.models import TrailEntry, TrailSubject
from tests.rooms.people.looking_up import look_up

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
    settings.SAMSYN_REGISTER_URL = settings.SAMSYN_REGISTER_TOKEN = settings.SAMSYN_REGISTER_ISSUER = ""
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
    row = LookUp.objects.get()
    assert (row.outcome, row.reason) == ("found", WHY)
    for act, state in (("people.look_up", "asked"), ("people.look_up_answered", "found")):
        entry = TrailEntry.objects.get(act=act)
        assert (entry.ground, entry.account_ref) == (WHY, maja.account_ref)
        assert [(one.ref, one.state) for one in entry.subjects.all()] == [(row.ref, state)]
        for told in (entry.ground, row.reason, entry.act):
            assert SIGNE not in told


def test_one_who_is_here_already_is_named_by_reference(maja: Viewer) -> None:
    first = look_up(maja, SIGNE, WHY)
    assert first is not None
    child = find_or_create(maja, first)
    look_up(maja, SIGNE, WHY)
    newest = TrailEntry.objects.filter(act="people.look_up_answered").latest("id")
    assert list(TrailSubject.objects.filter(entry=newest).values_list("kind", "child_ref")) == [("look_up", child.ref)]


def test_nobody_is_told_and_counted(maja: Viewer) -> None:
    assert look_up(maja, NOBODY, WHY) is None
    assert told() == [("nobody", "nobody")]


@pytest.mark.parametrize(
    ("number", "reason", "field"),
    [
        (SIGNE, "", "reason"),
        (SIGNE, "  x ", "reason"),
        (SIGNE, f"worried about {SIGNE}", "reason"),
    ],
)
def test_without_a_reason_nothing_is_asked(maja: Viewer, number: str, reason: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        look_up(maja, number, reason)
    assert refused.value.decision.field == field
    assert not LookUp.objects.exists()


@pytest.mark.parametrize("number", [SIGNE[:-1], SIGNE[:-1] + str((int(SIGNE[-1]) + 1) % 10), "Signe"])
def test_a_mistyped_number_is_not_asked_about_and_the_try_is_kept(maja: Viewer, number: str) -> None:
    with pytest.raises(Refused) as refused:
        look_up(maja, number, WHY)
    assert refused.value.decision.field == "number"
    assert told() == [("mistyped", "mistyped")]


def test_a_reserve_number_that_many_can_have_given_is_read_by_who_did(
    maja: Viewer, tmp_path: Path, settings: Settings
) -> None:
    extract = tmp_path / "extract.csv"
    extract.write_text("number;protection;family_name\n20130101TF01;none;Ek\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        look_up(maja, "20130101TF01", WHY)
    assert refused.value.decision.field == "issuer"
    settings.SAMSYN_REGISTER_ISSUER = "1293"
    found = look_up(maja, "20130101TF01", WHY, issuer="1293")
    assert found is not None
    assert found.identities[0].value == "1293:20130101TF01"


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
    with pytest.raises(Refused, match="No register"):
        look_up(maja, SIGNE, WHY)


def test_a_file_that_is_gone_does_not_answer_nobody(maja: Viewer, settings: Settings, tmp_path: Path) -> None:
    settings.SAMSYN_REGISTER_FILE = str(tmp_path / "gone.csv")
    with pytest.raises(Refused):
        look_up(maja, SIGNE, WHY)
    assert told() == [("unavailable", "unavailable")]


def told() -> list[tuple[str, str]]:
    """What came of each look-up: by its own row, and by the newest word of the trail about it."""
    found = []
    for row in LookUp.objects.order_by("pk"):
        newest = TrailSubject.objects.filter(kind="look_up", ref=row.ref).latest("pk")
        found.append((row.outcome, newest.state))
    return found
