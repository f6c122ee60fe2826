"""Weeding in both databases: what goes, what stands afterwards, and that nothing else passes what is append-only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from samsyn.circle.models import Team
from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.common.outside import OutsideUnreadable
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.models import Duty
from samsyn.organisations.models import Authority
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Guardianship, Person, SignIn
from samsyn.plans.models import Goal, Need, Plan, PlanVersion
from samsyn.retention import tombstones
from samsyn.retention.actions import keep_long, set_plan, survey, weed, weed_again
from samsyn.retention.models import RegisterExtract, Tombstone, WeededCount, Weeding
from samsyn.retention.rules import State
from samsyn.retention.tasks import make_extract, order_extract
from samsyn.sharing.actions import About, decide_in_family
from samsyn.sharing.models import Consent, Delivery, Disclosure
from samsyn.site import checks
from samsyn.trail.actions import act
from samsyn.trail.models import Passage, TrailEntry, TrailSubject
from samsyn.trail.rules import Subject
from samsyn.trail.verifying import principals, verify
from tests import worlds
from tests.rooms.plans.world import NOW, Around
from tests.rooms.retention.world import COPY, LATER, WORDS, as_the_owner, finished, values, where
from tests.rooms.trail.checking import seal_a_minute_later


@pytest.fixture
def world(committed_world: worlds.CommittedWorld) -> Iterator[Around]:
    """Signe's file, finished, with a copy of the plan at social services; and the clock stands in 2033."""
    with clock.at(NOW):
        made = finished(delivered=True)
        seal_a_minute_later()
    with clock.at(LATER):
        yield made


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    """Where tombstones are written, outside the database."""
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "tombstones.jsonl")
    return tmp_path / "tombstones.jsonl"


def weeded(at_most: int | None = None) -> list[tuple[str, State]]:
    """Weed as the owner; which authorities' files went."""
    with as_the_owner():
        gone = list(weed(at_most))
    return [(Authority.objects.get(pk=one.pair[1]).name, one.fate.state) for one in gone]


def another_child(world: Around) -> None:
    """Social services hold something about Nour as well."""
    nour = Person.objects.create(given_name="Nour", family_name="Lind", birth_date="2024-03-04", created_at=NOW)
    with clock.at(NOW):
        keep_long(world.ines, nour, "report_not_opened", "SN 7/2026")


def states() -> dict[str, State]:
    """What becomes of each authority's file today."""
    return {Authority.objects.get(pk=one.pair[1]).name: one.fate.state for one in survey()}


def is_whole() -> bool:
    """Is every principal's trail whole, sealed to the last entry?"""
    seal_a_minute_later()
    return all(verify(one).number == 0 for one in principals())


def test_what_is_due_goes_and_what_waits_for_the_schools_own_plan_stands(world: Around) -> None:
    assert states() == {"Barnnämnden": State.NO_PLAN, "Socialnämnden": State.DUE}
    before = PlanVersion.objects.count()
    assert weeded() == [("Socialnämnden", State.DUE)]
    assert where(COPY) == []  # the copy was the receiver's own
    assert PlanVersion.objects.count() == before
    assert Person.objects.filter(pk=world.signe.pk).exists()
    assert states() == {"Barnnämnden": State.NO_PLAN}
    assert weeded() == []
    assert is_whole()


def test_the_sender_goes_first_and_leaves_a_shell_without_words_until_the_receivers_copy_goes(world: Around) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")  # as social services opened an inquiry
    assert weeded() == [("Barnnämnden", State.DUE)]
    assert where(WORDS, "Måndagsmorgnarna", "Hembesök hos Amal") == []
    assert [one.rendering for one in Delivery.objects.all()] == [COPY]
    shell = Disclosure.objects.get()
    assert (shell.purpose, shell.views, bytes(shell.digest)) == ("–", [], b"")
    assert weeded() == [], "a shell is emptied once"
    with clock.at(LATER.replace(year=2048)):
        assert sorted(weeded()) == [("Barnnämnden", State.DUE), ("Socialnämnden", State.DUE)]
        assert where(COPY) == []
        assert not Disclosure.objects.exists()
        assert not Consent.objects.exists()
        assert not Person.objects.filter(ref=world.signe.ref).exists()


def test_when_the_last_file_has_gone_the_child_and_the_guardians_go_and_nobody_who_works_here(world: Around) -> None:
    account = Account.objects.create(person=world.amal, sign_in_name="amal")
    SignIn.objects.create(session_key="a", session_data="", expire_date=LATER, account=account)
    set_plan(world.school, 5, "KF 12/2027")
    names = [world.signe.family_name, world.signe.given_name, "Amal", "Haddad", "Olof"]
    weeded()
    assert where(*names, WORDS, COPY, "Måndagsmorgnarna", "amal") == []
    assert not Guardianship.objects.exists()
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["Bo", "Ines", "Karin", "Maja", "Mats"]
    kinds = sorted(Tombstone.objects.values_list("kind", flat=True))
    assert kinds == ["file", "file", "person", "person", "person"]
    assert not Passage.objects.exists()
    assert is_whole()


def own_bytes() -> bytes:
    """SQLite's file, all of it. PostgreSQL's own files are an operator's to clean: docs/retention.md."""
    if connection.vendor != "sqlite":
        return b""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(connection.settings_dict["NAME"]).read_bytes()


def test_what_is_weeded_is_nowhere_not_in_a_file_a_log_or_the_databases_own_bytes(
    world: Around, outside: Path, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SAMSYN_ROOTS_PATH = str(tmp_path / "roots.jsonl")
    set_plan(world.school, 5, "KF 12/2027")
    secret = [world.signe.family_name, "Haddad", WORDS, COPY, "Måndagsmorgnarna"]
    assert all(where(word) for word in secret)
    assert connection.vendor != "sqlite" or all(word.encode() in own_bytes() for word in secret)
    with caplog.at_level("DEBUG"):
        weeded()
        assert is_whole()
    assert where(*secret) == []
    written = outside.read_bytes() + Path(settings.SAMSYN_ROOTS_PATH).read_bytes() + caplog.text.encode()
    assert b"tombstone" in written
    assert [word for word in secret if word.encode() in written + own_bytes()] == []


def ordered_by_amal(world: Around) -> RegisterExtract:
    """What the school and social services hold of Signe, who is nine here, made for Amal on the day of the weeding."""
    Person.objects.filter(pk=world.signe.pk).update(birth_date="2024-03-04")
    account = Account.objects.create(person=world.amal, sign_in_name="amal")
    amal = replace(viewer_for(account, None, LATER), vouched_for="family")
    extract = order_extract(amal, world.signe, "sv")
    make_extract.func(str(extract.ref))
    extract.refresh_from_db()
    return extract


def test_a_question_whose_words_have_gone_is_not_asked_of_the_family_any_more(world: Around) -> None:
    Person.objects.filter(pk=world.signe.pk).update(birth_date="2024-03-04")
    amal, asked = Client(), Consent.objects.get()
    amal.force_login(
        Account.objects.create(person=world.amal, sign_in_name="amal"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    page = reverse("portal:question", args=[asked.ref])
    assert amal.get(page).status_code == 200
    assert page in amal.get(reverse("portal:questions")).content.decode()
    set_plan(world.school, 5, "KF 12/2027")
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")
    weeded()
    assert Consent.objects.get() == asked, "it stands for the sake of the copy that was given on it"
    assert amal.get(page).status_code == 404
    assert page not in amal.get(reverse("portal:questions")).content.decode()


def test_what_was_closed_to_a_guardian_is_not_told_of_by_what_is_left_when_the_file_has_gone(world: Around) -> None:
    Person.objects.filter(pk=world.signe.pk).update(birth_date="2024-03-04")
    account = Account.objects.create(person=world.amal, sign_in_name="amal")
    amal = replace(viewer_for(account, None, LATER), vouched_for="family")
    delivered = Disclosure.objects.filter(way="delivered")
    assert delivered.visible_to(amal).exists()
    plan = About(world.school, "plan", Plan.objects.get().ref)
    decide_in_family(world.bo, world.signe, world.amal, plan, opens=False, reason="Det är farligt.")
    assert not delivered.visible_to(amal).exists()
    set_plan(world.school, 5, "KF 12/2027")
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")
    with clock.at(LATER.replace(year=2039)):
        Person.objects.filter(pk=world.signe.pk).update(birth_date="2030-03-04")
        weeded()
        assert delivered.exists()
        assert not delivered.visible_to(amal).exists()


def test_a_copy_that_a_guardian_has_ordered_keeps_nothing_of_what_is_weeded(world: Around) -> None:
    extract = ordered_by_amal(world)
    assert "Måndagsmorgnarna" in bytes(extract.data or b"").decode()
    set_plan(world.school, 5, "KF 12/2027")
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")
    assert weeded() == [("Barnnämnden", State.DUE)]
    assert where("Måndagsmorgnarna", WORDS) == []


def test_a_copy_in_a_restored_backup_goes_with_what_is_weeded_again(world: Around, outside: Path) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")
    ordered_by_amal(world)
    with worlds.moved_to_a_copy():
        weeded()
    assert where("Måndagsmorgnarna", WORDS) != []
    with as_the_owner():
        weed_again(outside)
    assert where("Måndagsmorgnarna", WORDS) == []


def test_a_guardian_of_another_child_stays(world: Around) -> None:
    nour = Person.objects.create(given_name="Nour", family_name="Lind", created_at=NOW)
    Guardianship.objects.create(child=nour, guardian=world.amal, custody="joint", since=NOW.date(), source="test")
    keep_long(world.ines, nour, "report_not_opened", "SN 7/2026")
    set_plan(world.school, 5, "KF 12/2027")
    weeded()
    assert Person.objects.filter(pk=world.amal.pk).exists()
    assert not Person.objects.filter(pk__in=[world.signe.pk, world.olof.pk]).exists()


def test_a_child_who_had_to_stay_for_the_log_goes_with_the_family_when_the_log_need_not_name_anybody(
    world: Around, outside: Path
) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    account = Account.objects.create(person=world.signe, sign_in_name="signe")
    signe = Viewer(account_ref=account.ref, person_ref=world.signe.ref)
    with clock.at(LATER.replace(year=2030)):
        act(signe, "people.signed_in", [Subject("account", account.ref, None, "in")])
    weeded()
    assert where(WORDS, COPY) == []
    family = Person.objects.filter(pk__in=[world.signe.pk, world.amal.pk, world.olof.pk])
    assert family.count() == 3, "the log of five years must be able to name her"
    with clock.at(LATER.replace(year=2036)):
        weeded()
        assert not family.exists(), "nothing points at them any more, and the log need not name them"
        assert where("Haddad", world.signe.given_name) == []
        assert len(list(tombstones.read(outside))) == 5
        assert is_whole()


def test_a_child_with_a_file_stays_however_long_ago_it_came(world: Around) -> None:
    with clock.at(LATER.replace(year=2040)):
        with clock.at(LATER.replace(year=2039)):
            keep_long(world.ines, world.signe, "report_not_opened", "SN 7/2026")
        weeded()
        assert Person.objects.filter(pk__in=[world.signe.pk, world.amal.pk, world.olof.pk]).count() == 3


def test_what_is_left_is_counts_by_unit_kind_and_year_a_tombstone_and_a_sealed_entry(world: Around) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    weeded()
    counts = {
        (one.kind, one.unit_ref, one.year): one.count for one in WeededCount.objects.filter(authority=world.school)
    }
    assert counts["circle.NamedPerson", world.stoby.ref, 2026] == 1
    assert counts["plans.View", world.stoby.ref, 2026] == 3
    stone = Tombstone.objects.get(kind="file", authority_ref=world.social.ref)
    assert (stone.rule, stone.subject_ref, stone.weeding.again) == ("personal_file", world.signe.ref, False)
    entry = TrailEntry.objects.get(act="file.weeded", subjects__ref=stone.ref)
    assert entry.principal_ref == world.social.principal.ref
    assert [one.child_ref for one in entry.subjects.all()] == [None]
    assert is_whole()


def test_open_work_a_placement_and_a_day_of_birth_stop_it(world: Around) -> None:
    keep_long(world.ines, world.signe, "placement_file", "SN 7/2026")
    assert states()["Socialnämnden"] is State.NEVER
    Person.objects.filter(pk=world.signe.pk).update(birth_date="2018-03-05")
    set_plan(world.school, 5, "KF 12/2027")
    assert states()["Barnnämnden"] is State.DUE, "the days of birth are for social services"
    Duty.objects.filter(post__unit__authority=world.school).update(state="open", ended_at=None)
    assert states()["Barnnämnden"] is State.IN_USE
    assert weeded() == []


def test_saying_twice_that_a_file_is_kept_long_is_saying_it_once_and_in_the_trail(world: Around) -> None:
    first = keep_long(world.ines, world.signe, "placement_file", "SN 7/2026")
    assert keep_long(world.ines, world.signe, "placement_file", "SN 7/2026").pk == first.pk
    assert TrailEntry.objects.filter(act="file.kept_long").count() == 1


def test_a_run_that_is_stopped_leaves_each_file_whole_or_gone(
    world: Around, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_child(world)
    written: list[list[Tombstone]] = []

    def full_disk(stones: list[Tombstone]) -> None:
        if written:
            raise OutsideUnreadable("The disk is full.")
        written.append(stones)

    monkeypatch.setattr(tombstones, "write_out", full_disk)
    rows = sum(1 for _value in values(Passage))
    with pytest.raises(OutsideUnreadable):
        weeded()
    assert len(written) == 1
    assert Tombstone.objects.filter(kind="file").count() == 1
    assert not Passage.objects.exists()
    assert sum(1 for _value in values(Passage)) < rows
    monkeypatch.undo()
    assert len(weeded()) == 1
    assert where(COPY) == []


def test_some_at_a_time(world: Around) -> None:
    another_child(world)
    assert len(weeded(at_most=1)) == 1
    assert len(weeded(at_most=1)) == 1
    assert weeded(at_most=1) == []


def test_two_who_weed_at_once_weed_each_file_once(
    world: Around, committed_world: worlds.CommittedWorld, outside: Path
) -> None:
    set_plan(world.school, 5, "KF 12/2027")

    def one() -> int:
        with clock.at(LATER):
            return len(list(weed()))

    with as_the_owner():
        outcomes = committed_world.at_once(one, one)
    assert sorted(Tombstone.objects.values_list("kind", flat=True)) == ["file", "file", "person", "person", "person"]
    assert sum(one for one in outcomes if isinstance(one, int)) == 2
    assert len(list(tombstones.read(outside))) == 5
    assert where(WORDS, COPY) == []


def test_amal_gets_another_ward_while_signe_is_weeded_and_no_line_tells_of_what_was_not_done(
    world: Around, committed_world: worlds.CommittedWorld, outside: Path
) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    another_child(world)
    nour, noted = Person.objects.get(given_name="Nour"), Event()
    keep_long(world.ines, nour, "placement_file", "SN 8/2026")

    def note() -> None:
        with transaction.atomic():
            list(Person.objects.select_for_update(of=("self",)).filter(pk=world.amal.pk))  # as a look-up holds her
            Guardianship.objects.create(
                child=nour, guardian=world.amal, custody="joint", since=NOW.date(), source="test"
            )
            noted.set()
            sleep(1)

    def go() -> None:
        noted.wait(10)
        with clock.at(LATER):
            list(weed())

    with as_the_owner():
        committed_world.at_once(note, go)
    assert tombstones.unknown_here(outside) == [], "a line too many stops the next start"
    assert not Person.objects.filter(pk=world.signe.pk).exists()
    assert Guardianship.objects.get().guardian == world.amal


# --- after a restore --------------------------------------------------------------------------------------------------


def test_a_restored_backup_brings_nobody_back(world: Around, outside: Path, settings: Any) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    with worlds.moved_to_a_copy():
        weeded()
        assert checks.nothing_has_come_back(None) == []
    # Here, the database is as it was before: the backup.
    assert where(WORDS) != []
    settings.SAMSYN_MODE = "production"
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E012"]
    with as_the_owner():
        stones, rows = weed_again(outside)
        assert (stones, rows > 30) == (5, True)
        assert weed_again(outside) == (0, 0)
    assert checks.nothing_has_come_back(None) == []
    assert where(WORDS, COPY, "Haddad") == []
    assert Tombstone.objects.count() == 5
    assert [one.again for one in Weeding.objects.all()] == [True]
    assert is_whole()


def test_what_was_written_after_the_tombstone_stands_when_it_is_replayed(world: Around, outside: Path) -> None:
    with worlds.moved_to_a_copy():
        weeded()
    with clock.at(LATER.replace(month=12)):
        kept = keep_long(world.ines, world.signe, "report_not_opened", "SN 7/2026")
        with as_the_owner():
            weed_again(outside)
    kept.refresh_from_db()
    assert where(COPY) == []


def test_a_plan_that_was_begun_after_the_tombstone_stands_with_all_that_is_in_it(world: Around, outside: Path) -> None:
    with worlds.moved_to_a_copy():
        set_plan(world.school, 5, "KF 12/2027")
        weeded()
    with clock.at(LATER.replace(month=12)):
        again = begun_anew(world)
        with as_the_owner():
            weed_again(outside)
        assert [one.words for one in again.needs.all()] == ["Signe sover dåligt."]
        assert [one.words for one in Goal.objects.filter(plan=again)] == ["Signe är pigg"]
    assert where("Måndagsmorgnarna") == [], "what was older has gone again"


def test_the_lines_of_several_servers_bring_nobody_back_in_whatever_order_they_were_put_together(
    world: Around, outside: Path
) -> None:
    set_plan(world.school, 5, "KF 12/2027")
    account = Account.objects.create(person=world.amal, sign_in_name="amal")
    with clock.at(LATER.replace(year=2030)):
        amal = Viewer(account_ref=account.ref, person_ref=world.amal.ref)
        act(amal, "people.signed_in", [Subject("account", account.ref, None, "in")])
    with worlds.moved_to_a_copy():
        weeded()
        with clock.at(LATER.replace(year=2036)):
            weeded()
    first, second = outside.read_text().splitlines()[:-1], outside.read_text().splitlines()[-1:]
    outside.write_text("\n".join([*second, *first]) + "\n")
    with clock.at(LATER.replace(year=2036)), as_the_owner():
        assert weed_again(outside)[0] == 5
        assert where("Haddad", "Amal") == []


def begun_anew(world: Around) -> Plan:
    """Signe is at the school again, and there is a plan with a need and a goal."""
    team = Team.objects.get()
    team.pk, team.ref, team.state, team.proposed_at = None, new_reference(), "active", clock.now()
    team.consent, team.closed_at = None, None
    team.save(force_insert=True)
    plan = Plan.objects.get()
    plan.pk, plan.ref, plan.state, plan.team = None, new_reference(), "draft", team
    plan.started_at, plan.agreed_at, plan.closed_at = clock.now(), None, None
    plan.save(force_insert=True)
    about = {"plan": plan, "child": plan.child, "authority": plan.authority}
    need = Need.objects.create(**about, position=1, words="Signe sover dåligt.")
    Goal.objects.create(**about, need=need, common_goal=world.goals["health"], words="Signe är pigg")
    return plan


def test_a_file_of_tombstones_that_cannot_be_read_stops_the_start_and_says_where(
    world: Around, outside: Path, settings: Any
) -> None:
    settings.SAMSYN_MODE = "production"
    assert checks.nothing_has_come_back(None) == [], "nothing has been weeded yet"
    for text in ("no json\n", json.dumps({"tombstone": "1"}) + "\n", "[]\n", '{"at": 1}\n'):
        outside.write_text(text, encoding="utf-8")
        found = checks.nothing_has_come_back(None)
        assert [one.id for one in found] == ["samsyn.E013"]
        assert "line 1" in str(found[0])
    outside.write_bytes(b"\xff\xfe\n")
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E013"]
    outside.write_text('{"tombstone": "cut off in the mid', encoding="utf-8")
    assert checks.nothing_has_come_back(None) == [], "a line that was cut off was never committed"


def test_nothing_is_weeded_when_the_tombstone_cannot_be_written(world: Around, settings: Any, tmp_path: Path) -> None:
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "no" / "such" / "place.jsonl")
    with as_the_owner(), pytest.raises(CommandError, match="cannot be written"):
        call_command("weed", do=True, stdout=StringIO())
    assert where(COPY) != []
    assert not Tombstone.objects.exists()


# --- the command ------------------------------------------------------------------------------------------------------


def printed(*words: str, **options: Any) -> str:
    """What the command prints."""
    out = StringIO()
    with as_the_owner():
        call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_the_command_shows_numbers_without_a_name_and_changes_nothing_until_it_is_told(
    world: Around, outside: Path
) -> None:
    before = sorted(map(str, values()))
    shown = printed("weed")
    assert "     1  Socialnämnden  due  (personal_file)" in shown
    assert "1 of 2 files are due" in shown
    assert "must be gone by 2032-12-31" in shown
    assert not any(word in shown for word in ("Signe", "Lind", "Amal", str(world.signe.ref)))
    assert sorted(map(str, values())) == before
    planned = printed("retention_plan", "Barnnämnden", years=5, decision="KF 12/2027")
    assert "5 years" in planned
    assert "2 files were weeded" in printed("weed", do=True)
    assert "0 of 0 files are due" in printed("weed")
    assert len(list(tombstones.read(outside))) == 5


def test_a_plan_for_nobody_and_one_against_the_law_are_refused(world: Around) -> None:
    with pytest.raises(CommandError, match="0 authorities"):
        printed("retention_plan", "Sjönämnden", years=5, decision="KF 12")
    with pytest.raises(CommandError, match="5 years"):
        printed("retention_plan", "Socialnämnden", years=7, decision="KF 12")


# --- the passage ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [0, -1])
def test_a_plan_of_no_years_would_take_the_work_of_yesterday_and_is_refused(world: Around, years: int) -> None:
    with pytest.raises(CommandError):
        call_command("retention_plan", "Barnnämnden", years=years, decision="KF 12/2027", stdout=StringIO())
    assert states()["Barnnämnden"] is State.NO_PLAN


def test_what_is_append_only_is_passed_by_the_named_row_alone_and_by_nobody_but_the_owner(world: Around) -> None:
    version = PlanVersion.objects.get()
    other = TrailSubject.objects.earliest("pk")

    def let_through(model: Any, pk: int) -> None:
        Passage.objects.create(table_name=model._meta.db_table, row_id=pk)

    def refused(do: Any) -> bool:
        try:
            with transaction.atomic():
                do()
        except DatabaseError:
            return True
        return False

    def delete(model: Any, pk: int) -> Any:
        return lambda: model._base_manager.filter(pk=pk)._raw_delete(connection.alias)

    with as_the_owner():
        assert refused(delete(PlanVersion, version.pk))
        let_through(PlanVersion, version.pk + 1)
        let_through(TrailSubject, other.pk)
        assert refused(delete(PlanVersion, version.pk)), "another row was named"
        assert refused(delete(TrailSubject, other.pk)), "the trail lets nothing through"
        let_through(PlanVersion, version.pk)
        assert refused(lambda: PlanVersion.objects.filter(pk=version.pk).update(id=version.pk + 7)) or (
            connection.vendor == "sqlite"
        )
    if connection.vendor == "postgresql":
        assert refused(delete(PlanVersion, version.pk)), "the house is not the owner"
        assert refused(lambda: let_through(PlanVersion, 4711)), "the house opens nothing"
    with as_the_owner():
        delete(PlanVersion, version.pk)()
    assert not PlanVersion.objects.exists()


def test_an_act_about_a_weeded_file_is_still_in_the_trail_and_holds(world: Around) -> None:
    act(SYSTEM, "sign.acknowledged", [Subject("sign", world.signe.ref, world.signe.ref, "acknowledged")])
    entries = TrailEntry.objects.count()
    weeded()
    assert TrailEntry.objects.count() > entries
    assert is_whole()
