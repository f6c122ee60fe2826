"""The trail loses the words of what was weeded, and nobody else's, and shows who took words out without a right to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people.actions import end_custody, give_identity, note_custody, set_protection
from samsyn.people.models import Account, LookUp, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.numbers import test_number as kept_number
from samsyn.retention.actions import set_plan, weed
from samsyn.trail.actions import act
from samsyn.trail.models import TrailEntry
from samsyn.trail.rules import Subject
from samsyn.trail.verifying import principals, verify
from samsyn.trail.weeding import forget_about, forget_grounds, lawfully_emptied, let_through
from tests import worlds
from tests.rooms.people.looking_up import look_up
from tests.rooms.plans.world import NOW
from tests.rooms.retention.world import LATER, WORDS, as_the_owner, finished, where
from tests.rooms.trail.checking import seal_a_minute_later

PRINCIPAL, SIGN, OTHER = UUID(int=77), UUID(int=5), UUID(int=6)
BO = Viewer(account_ref=UUID(int=1), person_label="Bo Ek", principal_ref=PRINCIPAL)


@pytest.fixture
def told(committed_world: worlds.CommittedWorld) -> Iterator[list[TrailEntry]]:
    """Three acts with grounds: a text about the sign, a row of law, and a text about something else."""
    with clock.at(NOW), as_the_owner():
        entries = [
            act(BO, "sign.sent", [Subject("sign", SIGN)], ground="Hon är ofta ensam."),
            act(BO, "sign.told", [Subject("sign", SIGN)], ground="duty_to_report"),
            act(BO, "sign.sent", [Subject("sign", OTHER)], ground="Han är trött."),
        ]
        seal_a_minute_later()
        yield entries


def test_a_written_ground_goes_a_row_of_law_stays_and_the_seal_holds(told: list[TrailEntry]) -> None:
    assert forget_grounds({SIGN}, PRINCIPAL, "personal_file") == 1
    assert [TrailEntry.objects.get(pk=one.pk).ground for one in told] == ["–", "duty_to_report", "Han är trött."]
    assert bytes(TrailEntry.objects.get(pk=told[0].pk).nonce) == b""
    assert lawfully_emptied(PRINCIPAL) == {told[0].pk}
    assert verify(PRINCIPAL).number == 0, "before the entry about it is sealed"
    seal_a_minute_later()
    assert verify(PRINCIPAL).number == 0
    assert forget_grounds({SIGN}, PRINCIPAL, "personal_file") == 0
    assert forget_grounds({OTHER}, UUID(int=78), "personal_file") == 0, "another principal's is not ours to weed"


def test_an_entry_emptied_without_an_entry_about_it_is_found(told: list[TrailEntry]) -> None:
    with transaction.atomic(), let_through([(TrailEntry._meta.db_table, told[1].pk)]):
        TrailEntry.objects.filter(pk=told[1].pk).update(nonce=b"", ground="–")
    report = verify(PRINCIPAL)
    assert [(one.kind, one.entry) for one in report.findings] == [("entry changed", told[1].pk)]


def test_an_entry_about_it_that_does_not_hold_allows_nothing(told: list[TrailEntry]) -> None:
    forget_grounds({SIGN}, PRINCIPAL, "personal_file")
    about = TrailEntry.objects.get(act="trail.weeded")
    about.subjects.create(kind="trail_entry", ref=UUID(int=told[2].pk))
    assert lawfully_emptied(PRINCIPAL) == set()
    assert verify(PRINCIPAL).number > 0


def test_an_emptied_entry_that_is_rewritten_once_more_is_found(told: list[TrailEntry]) -> None:
    forget_grounds({SIGN}, PRINCIPAL, "personal_file")
    with transaction.atomic(), let_through([(TrailEntry._meta.db_table, told[0].pk)]):
        TrailEntry.objects.filter(pk=told[0].pk).update(commitment=b"x" * 32)
    assert [one.kind for one in verify(PRINCIPAL).findings] == ["commitment changed"]


def test_an_entry_can_lose_its_words_and_never_its_row_by_anybody_else(told: list[TrailEntry]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        TrailEntry.objects.filter(pk=told[0].pk).update(ground="")
    with pytest.raises(DatabaseError), transaction.atomic():
        TrailEntry.objects.filter(pk=told[0].pk)._raw_delete(connection.alias)


def test_whoever_the_log_must_name_stays_until_five_years_after_the_last_look(
    committed_world: worlds.CommittedWorld,
) -> None:
    with clock.at(NOW):
        world = finished()
        account = Account.objects.create(person=world.amal, sign_in_name="amal")
        set_plan(world.school, 5, "KF 12/2026")
    amal = Viewer(account_ref=account.ref, person_ref=world.amal.ref, person_label="Amal Haddad")
    looked = LATER.replace(year=2030)
    with clock.at(looked):
        act(amal, "consent.given", [Subject("consent", new_reference())])
    with clock.at(LATER), as_the_owner():
        list(weed())
        assert where(WORDS) == []
        assert not Person.objects.filter(pk__in=[world.signe.pk, world.olof.pk]).exists()
        assert Person.objects.filter(pk=world.amal.pk).exists()
    with clock.at(looked.replace(year=2035) - timedelta(days=1)), as_the_owner():
        list(weed())
        assert where("Haddad") == ["people.Person.family_name", "trail.TrailEntry.person_label"]
    with clock.at(looked.replace(year=2035)), as_the_owner():
        list(weed())
        assert where("Haddad", "Amal") == []
        seal_a_minute_later()
        assert verify(amal.principal_ref).number == 0


def test_what_was_written_of_why_goes_with_the_child_and_the_seal_holds(
    committed_world: worlds.CommittedWorld, tmp_path: Path, settings: Any
) -> None:
    extract = tmp_path / "extract.csv"
    number = kept_number(date(2018, 3, 4), 0)
    extract.write_text(f"number;protection;given_name;family_name\n{number};none;Signe;Lind\n", encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE, settings.SAMSYN_REGISTER_URL = str(extract), ""
    with clock.at(NOW):
        world = finished()
        give_identity(SYSTEM, world.signe, ReadNumber(IdentitySystem.PERSONNUMMER, number))
        look_up(world.bo, number, "Signe Linds pappa Olof slår henne")
        row = note_custody(world.bo, world.signe, somebody("Rut"), "joint", since=NOW.date(), source="Olof, som slår")
        end_custody(world.bo, row, NOW.date(), source="Rut, som är rädd för Olof")
        set_protection(world.bo, world.signe, "marked", ground="Olof hotar dem")
        set_protection(world.bo, world.signe, "none", ground="Olof är död")
        set_plan(world.school, 5, "KF 12/2026")
        seal_a_minute_later()
    assert where("Olof") != []
    with clock.at(LATER), as_the_owner():
        list(weed())
        assert not Person.objects.filter(pk=world.signe.pk).exists()
        assert where("Olof", "rädd") == []
        assert set(LookUp.objects.values_list("reason", flat=True)) == {"–"}
        seal_a_minute_later()
        assert [verify(one).number for one in principals()] == [0] * len(principals())


def test_why_somebody_was_looked_up_whom_nobody_knew_goes_with_the_log_and_no_sooner(
    committed_world: worlds.CommittedWorld, tmp_path: Path, settings: Any
) -> None:
    extract = tmp_path / "nobody.csv"
    extract.write_text("number;protection;given_name;family_name\n", encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE, settings.SAMSYN_REGISTER_URL = str(extract), ""
    with clock.at(NOW):
        assert look_up(finished().bo, kept_number(date(2018, 3, 4), 0), "Nour Linds pappa slår henne") is None
        seal_a_minute_later()
    with clock.at(NOW.replace(year=2031) - timedelta(days=1)), as_the_owner():
        list(weed())
        assert where("Nour") == ["people.LookUp.reason", "trail.TrailEntry.ground"]
    with clock.at(NOW.replace(year=2031) + timedelta(days=1)), as_the_owner():
        list(weed())
        assert where("Nour") == []
        seal_a_minute_later()
        assert [verify(one).number for one in principals()] == [0] * len(principals())


def test_what_was_written_of_two_stands_until_both_are_gone(committed_world: worlds.CommittedWorld) -> None:
    with clock.at(NOW), as_the_owner():
        signe, nour = somebody("Signe"), somebody("Nour")
        about = [Subject("look_up", SIGN, one.ref, "entered") for one in (signe, nour)]
        both = act(BO, "people.entered_by_hand", about, ground="Syskon, sa mamman.")
        forget_about(signe.ref, "personal_file", but={nour.ref})
        assert TrailEntry.objects.get(pk=both.pk).ground == "Syskon, sa mamman."
        forget_about(nour.ref, "personal_file", but=())
        assert TrailEntry.objects.get(pk=both.pk).ground == "–"


def somebody(name: str) -> Person:
    """Somebody whose row was made when the others' were."""
    return Person.objects.create(given_name=name, created_at=NOW)
