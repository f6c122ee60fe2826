"""A key for each person: with the person it goes, and then nothing opens what was sealed, wherever it lies copied."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from samsyn.common import clock, crypto
from samsyn.common.crypto import CannotUnseal, KeyIsGone
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty
from samsyn.people import numbers
from samsyn.people.actions import give_identity, note_whereabouts, set_protection
from samsyn.people.identities import find_by_number, open_number
from samsyn.people.keys import new_keys, not_current, vault_ring, wrap_anew
from samsyn.people.models import Identity, KeyUse, Person, PersonKey, ProtectedDetails
from samsyn.people.numbers import IdentitySystem, ReadNumber, demo_number, read_number
from samsyn.people.vault import Whereabouts, open_names, open_whereabouts
from samsyn.retention import keys, tombstones
from samsyn.retention.actions import destroy_again, give_up, keep_long, set_plan, weed, weed_again
from samsyn.retention.models import Tombstone
from samsyn.retention.persons import take_out_person
from samsyn.sharing.models import Consent, ConsentText
from samsyn.site import checks
from samsyn.site.environment import database_from_url
from samsyn.site.second_lock.logins import sign_in_as
from samsyn.trail.models import TrailEntry
from samsyn.trail.weeding import let_through
from tests import environment, postgresql, worlds
from tests.rooms.plans.world import NOW, Around
from tests.rooms.retention.test_weeding import is_whole
from tests.rooms.retention.world import LATER, WORDS, as_the_owner, finished
from tests.rooms.trail.checking import seal_a_minute_later

HOME = "Storgatan 3"


def number(ordinal: int) -> Any:
    """A number that is kept for tests."""
    return read_number(numbers.test_number(date(2018, 3, 7), ordinal), on=NOW.date())


@pytest.fixture
def world(committed_world: worlds.CommittedWorld) -> Iterator[Around]:
    """Signe's file, finished: she and Bo have numbers, Amal is protected; and the clock stands in 2033."""
    with clock.at(NOW):
        made = finished()
        for ordinal, one in enumerate((made.signe, made.amal, bo())):
            give_identity(SYSTEM, one, number(ordinal))
        hide(made.amal)
        hide(bo())
        seal_a_minute_later()
    set_plan(made.school, 5, "KF 12/2027")
    with clock.at(LATER):
        yield made


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    """Where tombstones are written, outside the database."""
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "tombstones.jsonl")
    return tmp_path / "tombstones.jsonl"


def bo() -> Person:
    """Bo, who works here."""
    return Person.objects.get(account__sign_in_name__startswith="bo")


def hide(person: Person) -> None:
    """Somebody is protected, and it is known where they can be found."""
    set_protection(SYSTEM, person, "marked", ground="SN 7/2026")
    note_whereabouts(SYSTEM, person, Whereabouts(address=HOME))


def weeded() -> None:
    """Weed as the owner."""
    with as_the_owner():
        list(weed())


@dataclass(frozen=True)
class Kept:
    """What an older backup still holds: rows with what was sealed, and what was sealed about whom."""

    people: list[Person]
    identities: list[Identity]
    details: list[ProtectedDetails]
    texts: list[ConsentText]

    def put_back(self) -> None:
        """Put the persons' rows back, as from a copy."""
        for rows in (self.people, self.identities, self.details):
            for row in rows:
                row.save(force_insert=True)


def kept(*people: Person) -> Kept:
    """Rows as they are now."""
    texts = ConsentText.objects.filter(consent__child__in=people).select_related("consent__child", "consent__authority")
    return Kept(
        list(Person.objects.filter(pk__in=[one.pk for one in people])),
        list(Identity.objects.filter(person__in=people).order_by("pk")),
        list(ProtectedDetails.objects.filter(person__in=people)),
        list(texts),
    )


def does_not_open(what: Kept) -> bool:
    """Does nothing of it open: not by the house's own way, and not by trying every key that there is?"""
    for row in what.identities:
        with pytest.raises(KeyIsGone):
            open_number(row)
        tried(bytes(row.sealed), f"people_identity|sealed|{row.person.ref}")
    for held in what.details:
        with pytest.raises(KeyIsGone):
            open_whereabouts(Person.objects.get(pk=held.person_id))
        tried(bytes(held.sealed), f"people_protecteddetails|sealed|{held.person.ref}")
    for text in what.texts:
        with pytest.raises(KeyIsGone):
            _ = text.words
        tried(bytes(text.sealed), f"sharing_consenttext|sealed|{text.consent.ref} {text.language}")
    return True


def tried(sealed: bytes, place: str) -> None:
    """Every master key, and every key of everybody else who is here, fails to open it."""
    rings = [crypto.ring_from_settings(), vault_ring()]
    for row in PersonKey.objects.all():
        ring = vault_ring() if row.use == KeyUse.VAULT else crypto.ring_from_settings()
        at = f"people_personkey|wrapped|{row.person_ref} {row.use} {row.authority_ref}"
        rings.append(crypto.unwrapped(bytes(row.wrapped), place=at, name=row.use, ring=ring))
    assert len(rings) > 2, "else nobody's keys were tried"
    for ring in rings:
        with pytest.raises(CannotUnseal):
            crypto.unseal(sealed, place=place, ring=ring)


# --- what is destroyed ------------------------------------------------------------------------------------------------


def test_after_weeding_no_copy_of_what_was_sealed_opens_though_all_master_keys_are_there(world: Around) -> None:
    old = kept(world.signe, world.amal)
    assert (len(old.identities), len(old.details), len(old.texts)) == (2, 1, 3)
    assert WORDS in old.texts[0].words
    assert [open_number(one) for one in old.identities] == [number(0).value, number(1).value]
    weeded()
    assert not Person.objects.filter(pk=world.signe.pk).exists()
    old.put_back()
    assert does_not_open(old)
    assert open_number(Identity.objects.get(person=bo())) == number(2).value
    assert open_whereabouts(bo()).address == HOME


def test_the_tombstones_and_the_sealed_trail_say_how_many_keys_were_destroyed(world: Around, outside: Path) -> None:
    weeded()
    destroyed = {one.kind: one.keys for one in Tombstone.objects.exclude(keys=0).exclude(subject_ref=world.amal.ref)}
    assert destroyed == {"file": 1, "person": 1}  # the school's texts, and Signe's number
    assert Tombstone.objects.get(subject_ref=world.amal.ref).keys == 2, "her number and the vault"
    entries = TrailEntry.objects.filter(act="keys.destroyed")
    assert sorted(one.state for entry in entries for one in entry.subjects.all()) == ["1", "1", "2"]
    assert [one.child_ref for entry in entries for one in entry.subjects.all()] == [None] * 3
    assert sorted(one.keys for one in tombstones.read(outside)) == [0, 0, 1, 1, 2]
    assert is_whole()


def test_a_tombstone_from_before_there_were_keys_can_still_be_read(world: Around, outside: Path) -> None:
    weeded()
    older = [json.loads(line) for line in outside.read_text(encoding="utf-8").splitlines()]
    for line in older:
        del line["keys"]
    outside.write_text("".join(json.dumps(line) + "\n" for line in older), encoding="utf-8")
    assert [one.keys for one in tombstones.read(outside)] == [0] * 5


def test_the_key_of_a_file_goes_with_the_file_though_the_child_stays(world: Around) -> None:
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")  # kept by social services
    old = kept(world.signe)
    weeded()
    assert not ConsentText.objects.exists()
    assert does_not_open(Kept([], [], [], old.texts))
    assert [open_number(one) for one in old.identities] == [number(0).value], "she is still here"


def test_nothing_is_destroyed_of_a_child_whose_file_the_law_keeps_for_ever(world: Around) -> None:
    keep_long(world.ines, world.signe, "placement_file", "SN 7/2026")
    Duty.objects.filter(post__unit__authority=world.school).update(
        state="open", ended_at=None
    )  # nor is the school's due
    before = set(PersonKey.objects.values_list("pk", flat=True))
    for year in (2040, 2060, 2099):
        with clock.at(LATER.replace(year=year)):
            weeded()
    assert set(PersonKey.objects.filter(person_ref=world.signe.ref).values_list("pk", flat=True)) <= before
    old = kept(world.signe)
    assert [open_number(one) for one in old.identities] == [number(0).value]
    assert WORDS in old.texts[0].words
    assert PersonKey.objects.filter(person_ref=world.signe.ref).count() == 2


def test_who_has_the_keys_of_numbers_reads_no_protected_name_and_the_other_way_round(
    world: Around, settings: Any
) -> None:
    identity = Identity.objects.get(person=world.amal)
    with_numbers, with_vault = settings.SAMSYN_FIELD_KEYS, settings.SAMSYN_VAULT_KEYS
    settings.SAMSYN_VAULT_KEYS = {name: bytes(range(100, 132)) for name in with_vault}
    assert open_number(identity) == number(1).value
    with pytest.raises(CannotUnseal):
        open_names(Person.objects.get(pk=world.amal.pk))
    settings.SAMSYN_FIELD_KEYS = {name: bytes(range(100, 132)) for name in with_numbers}
    settings.SAMSYN_VAULT_KEYS = with_vault
    assert open_names(Person.objects.get(pk=world.amal.pk)).given_name == "Amal"
    with pytest.raises(CannotUnseal):
        open_number(identity)


def test_a_key_that_is_moved_to_another_person_or_use_does_not_open(world: Around) -> None:
    hers = PersonKey.objects.get(person_ref=world.amal.ref, use=KeyUse.NUMBER)
    PersonKey.objects.filter(person_ref=world.signe.ref, use=KeyUse.NUMBER).update(wrapped=hers.wrapped)
    with pytest.raises(CannotUnseal):
        open_number(Identity.objects.get(person=world.signe))
    PersonKey.objects.filter(person_ref=world.amal.ref, use=KeyUse.VAULT).update(wrapped=hers.wrapped)
    with pytest.raises(CannotUnseal):
        open_names(Person.objects.get(pk=world.amal.pk))


def test_two_who_seal_somebodys_first_value_at_once_seal_with_one_key(
    world: Around, committed_world: worlds.CommittedWorld
) -> None:
    outcomes = committed_world.at_once(
        *(lambda ordinal=ordinal: give_identity(SYSTEM, world.olof, number(ordinal)) for ordinal in (5, 6))
    )
    assert [one for one in outcomes if isinstance(one, BaseException)] == []
    assert PersonKey.objects.filter(person_ref=world.olof.ref).count() == 1
    opened = sorted(open_number(one) for one in Identity.objects.filter(person=world.olof))
    assert opened == sorted([number(5).value, number(6).value])


# --- after a restore --------------------------------------------------------------------------------------------------


def test_a_restore_with_an_old_key_table_is_closed_again_by_replay(world: Around, outside: Path, settings: Any) -> None:
    old = kept(world.signe, world.amal)
    with worlds.moved_to_a_copy():
        weeded()
    # Here, data and keys are as they were before.
    assert [open_number(one) for one in old.identities] == [number(0).value, number(1).value]
    settings.SAMSYN_MODE = "production"
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E012"]
    with as_the_owner():
        assert weed_again(outside)[0] == 5
    assert checks.keys_are_there(None) == []
    old.put_back()
    assert does_not_open(old)


def test_keys_that_come_back_alone_are_told_of_at_the_start_and_destroyed_again(
    world: Around, outside: Path, settings: Any
) -> None:
    settings.SAMSYN_MODE = "production"
    backup = list(PersonKey.objects.all())
    old = kept(world.signe, world.amal)
    weeded()
    PersonKey.objects.bulk_create(backup, ignore_conflicts=True)
    assert (keys.out_of_order(), keys.come_back().count()) == (keys.OutOfOrder(back=4), 4)
    found = checks.keys_are_there(None)
    assert [one.id for one in found] == ["samsyn.E019"]
    assert "4 keys of persons who have been weeded have come back: run samsyn weed --replay." in str(found[0])
    with as_the_owner():
        out = StringIO()
        call_command("weed", replay=True, stdout=out)
        assert "4 keys of what was weeded had come back" in out.getvalue()
        assert destroy_again() == 0
    assert checks.keys_are_there(None) == []
    old.put_back()
    assert does_not_open(old)
    assert is_whole()


def test_a_file_that_was_begun_anew_after_its_tombstone_keeps_its_new_key(world: Around) -> None:
    keep_long(world.ines, world.signe, "child_protection_file", "SN 7/2026")
    weeded()
    assert new_keys([world.olof.ref], KeyUse.NUMBER)
    consent = Consent(child=world.signe, authority=world.school)
    (text,) = ConsentText.of(consent, {"sv": "En ny fråga."})
    assert text.words == "En ny fråga."
    assert keys.come_back().count() == 1, "the text was not saved"
    assert destroy_again() == 1
    with pytest.raises(KeyIsGone):
        _ = text.words


def as_the_web(settings: Any) -> None:
    """Sign in as the web, which may do nothing by itself."""
    web = database_from_url(environment.database_url(connection.settings_dict["NAME"], postgresql.WEB))
    settings.SAMSYN_SIGN_INS = {**settings.SAMSYN_SIGN_INS, "web": web}
    settings.SAMSYN_LOGINS = {**settings.SAMSYN_LOGINS, "web": web.get("USER", "")}
    sign_in_as("web")


def test_a_key_that_is_missing_is_told_of_before_anybody_works_and_not_by_an_error_page(
    world: Around, settings: Any
) -> None:
    settings.SAMSYN_MODE = "production"
    assert checks.keys_are_there(None) == []
    PersonKey.objects.exclude(person_ref=bo().ref).delete()
    assert keys.out_of_order() == keys.OutOfOrder(missing=6)  # two numbers, one protected person, three texts
    assert [rows.count() for rows in keys.missing()] == [2, 1, 3]
    as_the_web(settings)
    try:
        found = checks.keys_are_there(None)
    finally:
        sign_in_as("house")
    assert [one.id for one in found] == ["samsyn.E018"]
    assert "The keys of 6 sealed values are missing" in str(found[0])
    with pytest.raises(KeyIsGone):
        give_identity(SYSTEM, world.signe, number(9))  # a new key would hide that the old one is missing


def test_who_has_no_backup_of_the_keys_goes_on_without_what_was_sealed(world: Around, settings: Any) -> None:
    settings.SAMSYN_MODE = "production"
    PersonKey.objects.exclude(person_ref=bo().ref).delete()
    out = StringIO()
    with as_the_owner():
        call_command("keys", lost=True, stdout=out)
        assert give_up() == (0, 0, 0)
    assert "2 numbers, 1 protected persons' details, 3 texts" in out.getvalue()
    assert checks.keys_are_there(None) == []
    amal = open_names(Person.objects.get(pk=world.amal.pk))
    assert (amal.given_name, amal.is_protected, open_whereabouts(amal)) == ("", True, Whereabouts())
    assert find_by_number("personnummer", number(0).value) == world.signe
    assert open_number(Identity.objects.get(person=world.signe)) == ""
    assert {text.words for text in ConsentText.objects.all()} == {"–"}
    assert TrailEntry.objects.filter(act="people.key_lost").count() == 3
    assert TrailEntry.objects.filter(act="consent.words_lost").count() == 3
    assert open_whereabouts(bo()).address == HOME
    assert is_whole()


# --- master keys ------------------------------------------------------------------------------------------------------


def test_when_a_master_key_changes_only_the_keys_are_wrapped_anew(world: Around, settings: Any) -> None:
    everything = kept(world.signe, world.amal, bo())
    newer = bytes(range(50, 82))
    settings.SAMSYN_FIELD_KEYS = {"newer": newer, **settings.SAMSYN_FIELD_KEYS}
    settings.SAMSYN_FIELD_KEY_CURRENT = "newer"
    settings.SAMSYN_MODE = "production"
    assert not_current() == PersonKey.objects.exclude(use=KeyUse.VAULT).count() == 4
    out = StringIO()
    call_command("keys", wrap_anew=True, stdout=out)
    assert "4 keys were wrapped with the current master keys." in out.getvalue()
    assert "0 of them wrapped by an older master key" in out.getvalue()
    assert wrap_anew() == 0
    settings.SAMSYN_FIELD_KEYS = {"newer": newer}
    assert checks.keys_are_there(None) == []
    again = kept(world.signe, world.amal, bo())
    assert [open_number(one) for one in again.identities] == [number(one).value for one in range(3)]
    assert WORDS in again.texts[0].words
    assert open_whereabouts(world.amal).address == HOME
    assert [bytes(one.sealed) for one in again.identities] == [bytes(one.sealed) for one in everything.identities]


def test_what_an_earlier_version_sealed_with_the_master_keys_is_sealed_anew_by_the_migrations(world: Around) -> None:
    expected = {pk: open_number(one) for pk, one in Identity.objects.in_bulk().items()}
    words = {pk: one.words for pk, one in ConsentText.objects.in_bulk().items()}
    _as_an_earlier_version_left_it(expected, words)
    PersonKey.objects.all().delete()
    for module in ("people.migrations.0005_personkey", "sharing.migrations.0011_texts_with_own_keys"):
        with as_the_owner():
            importlib.import_module(f"samsyn.{module}")._seal_with_own_keys(apps, None)
    assert {pk: open_number(one) for pk, one in Identity.objects.in_bulk().items()} == expected
    assert {pk: one.words for pk, one in ConsentText.objects.in_bulk().items()} == words
    assert open_whereabouts(world.amal).address == HOME
    assert PersonKey.objects.count() == 6
    assert keys.out_of_order() == keys.OutOfOrder()
    old = kept(world.signe, world.amal)
    weeded()
    old.put_back()
    assert does_not_open(old)


def _as_an_earlier_version_left_it(opened: dict[Any, str], words: dict[Any, str]) -> None:
    for row in Identity.objects.select_related("person"):
        place = f"people_identity|sealed|{row.person.ref}"
        Identity.objects.filter(pk=row.pk).update(sealed=crypto.seal(opened[row.pk], place=place))
    for held in ProtectedDetails.objects.select_related("person"):
        person = open_names(held.person)
        told = {"given_name": person.given_name, "family_name": person.family_name, "called": "", "address": HOME}
        place = f"people_protecteddetails|sealed|{person.ref}"
        sealed = crypto.seal(json.dumps(told), place=place, ring=vault_ring())
        ProtectedDetails.objects.filter(pk=held.pk).update(sealed=sealed)
    with as_the_owner(), let_through(("sharing_consenttext", pk) for pk in words):
        for text in ConsentText.objects.select_related("consent"):
            place = f"sharing_consenttext|sealed|{text.consent.ref} {text.language}"
            ConsentText.objects.filter(pk=text.pk).update(sealed=crypto.seal(words[text.pk], place=place))


def test_a_master_key_that_was_left_out_too_early_is_told_of_by_its_name_at_the_start(
    world: Around, settings: Any
) -> None:
    settings.SAMSYN_MODE = "production"
    settings.SAMSYN_VAULT_KEYS, settings.SAMSYN_VAULT_KEY_CURRENT = {"newer": bytes(range(50, 82))}, "newer"
    as_the_web(settings)
    try:
        found = checks.keys_are_there(None)
    finally:
        sign_in_as("house")
    assert [one.id for one in found] == ["samsyn.E025"]
    assert "wrapped by test, which" in str(found[0])
    with pytest.raises(CommandError, match="A key cannot be read"):
        call_command("keys", wrap_anew=True)
    assert not_current() == PersonKey.objects.filter(use=KeyUse.VAULT).count() == 2


# --- in any order -----------------------------------------------------------------------------------------------------

SERIAL = count(20)


def taken_out(person: Person) -> None:
    """Somebody whom nothing points at any more is weeded."""
    with transaction.atomic():
        assert take_out_person(Person.objects.get(ref=person.ref), "personal_file")


STEPS = st.lists(st.tuples(st.sampled_from(("number", "hide", "weed", "wrap")), st.integers(0, 2)), max_size=12)


@hypothesis(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(steps=STEPS)
def test_in_any_order_what_is_sealed_opens_for_as_long_as_the_person_is_here_and_never_after(
    committed_world: worlds.CommittedWorld, steps: list[tuple[str, int]]
) -> None:
    with clock.at(NOW), as_the_owner():
        people = [Person.objects.create(given_name=f"Nour {one}", created_at=NOW) for one in range(3)]
        told: dict[int, dict[str, Identity]] = {one: {} for one in range(3)}
        gone: set[int] = set()
        for step, who in steps:
            person = people[who]
            if step == "wrap":
                wrap_anew()
            elif who in gone:
                continue
            elif step == "weed":
                taken_out(person)
                gone.add(who)
            elif step == "hide":
                hide(Person.objects.get(ref=person.ref))
            else:
                value = demo_number(next(SERIAL))
                told[who][value] = give_identity(SYSTEM, person, ReadNumber(IdentitySystem.DEMO, value))
        for who, person in enumerate(people):
            here = {use for use, seals in (("number", told[who]), ("vault", ("hide", who) in steps)) if seals}
            assert {row.use for row in PersonKey.objects.filter(person_ref=person.ref)} <= (
                set() if who in gone else here
            )
            for value, identity in told[who].items():
                if who in gone:
                    with pytest.raises(KeyIsGone):
                        open_number(identity)
                else:
                    assert open_number(identity) == value
        for person in Person.objects.filter(ref__in=[one.ref for one in people]):
            taken_out(person)
        assert not PersonKey.objects.filter(person_ref__in=[one.ref for one in people]).exists()
