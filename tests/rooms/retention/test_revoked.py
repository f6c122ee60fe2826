"""A house that is put back from a copy: what was revoked since the copy is revoked again, before anybody signs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.models import Model

from samsyn.circle.models import Team
from samsyn.common import clock, outside, second_lock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty
from samsyn.organisations.actions import remove_staff
from samsyn.organisations.presence import viewer_for
from samsyn.people import numbers
from samsyn.people.actions import (
    Facts,
    add_passkey,
    close_account,
    end_custody,
    end_sign_in,
    new_person,
    note_custody,
    passkeys_of,
    remove_passkey,
    take_back_custody,
)
from samsyn.people.actions.custody import take_over
from samsyn.people.models import Account, Guardianship, Person, SignIn
from samsyn.people.registers import RegisterIdentity
from samsyn.protection.actions import Decided, newest_marking, protect
from samsyn.protection.insight_actions import end_insight, give_insight
from samsyn.protection.predicate import standing
from samsyn.retention.actions import revoke_again
from samsyn.retention.models import Tombstone
from samsyn.sharing.actions import (
    About,
    answer,
    answer_consent,
    consent_stands,
    decide_in_family,
    end_family_decision,
    keep_looks_untold,
    mark_for_family,
    newest_answers,
    stop_sharing,
    who_decides,
)
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentEnd, Disclosure, FamilyDecision, NoteClass
from samsyn.site import checks
from samsyn.site.environment import database_from_url
from samsyn.site.second_lock.logins import sign_in_as
from samsyn.trail.actions import once
from samsyn.trail.looks import looked_at
from samsyn.trail.models import TrailEntry, TrailSubject, Withholding
from tests import environment, postgresql, worlds
from tests.rooms.retention.test_weeding import is_whole
from tests.rooms.retention.world import as_the_owner, values
from tests.rooms.sharing.test_family import as_family
from tests.rooms.sharing.test_family import sees as family_sees
from tests.rooms.sharing.test_predicate import open_team_to, sees
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping

SOON, RESTORED = NOW + timedelta(minutes=5), NOW + timedelta(hours=3)
YESTERDAY = TODAY - timedelta(days=1)
TOLD_AGAIN = (
    *("ref", "child_ref", "unit_ref", "thing_ref", "since", "until", "decided_at", "look_again_on"),
    *("account_ref", "person_ref", "person_label", "post_ref", "post_label", "unit_label", "principal_ref"),
)
"""All of a decision not to tell of looks, but its words."""
Case = tuple[Callable[[], object], Callable[[], bool]]
"""What revokes something, and whether it still holds."""


@pytest.fixture
def world(committed_world: worlds.CommittedWorld) -> Iterator[World]:
    """Lillköping, where commits are real."""
    with clock.at(NOW):
        yield lillkoping()


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    """Where the lines are written, outside the database."""
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "outside.jsonl")
    return tmp_path / "outside.jsonl"


def opened(world: World) -> tuple[Team, Disclosure, Consent]:
    """The team around Signe, open to Ines on Amal's and Olof's yes."""
    team, disclosure = open_team_to(world, "early team")
    assert disclosure.consent is not None
    return team, disclosure, disclosure.consent


def yes_on_paper(world: World) -> Case:
    team, _disclosure, consent = opened(world)
    return lambda: world.answer(consent, world.amal, "withdrawn"), lambda: sees(world.as_("Ines"), team)


def yes_by_own_signature(world: World) -> Case:
    team, _disclosure, consent = opened(world)
    amal = as_family(world.amal)
    return lambda: answer(amal, consent, "withdrawn", language="sv"), lambda: sees(world.as_("Ines"), team)


def yes_that_was_not_enough(world: World) -> Case:
    consent = world.ask()
    world.answer(consent, world.amal, "given")
    return (
        lambda: world.answer(consent, world.amal, "withdrawn"),
        lambda: newest_answers(consent)[world.amal.pk] == "given",
    )


def yes_to_a_part(world: World) -> Case:
    """Amal says yes once more, and to less: both of it after the copy."""
    team, _disclosure, consent = opened(world)
    limits = [Limit(unit=world.units["early team"].pk, words="Inte Tidiga stödet")]

    def narrow() -> None:
        world.answer(consent, world.amal, "withdrawn")
        answer_consent(world.as_("Bo"), consent, world.amal, "given", form="oral", language="sv", left_out=limits)

    def is_left_in() -> bool:
        return sees(world.as_("Ines"), team) or not consent.limits.exists()

    return narrow, is_left_in


def disclosure(world: World) -> Case:
    team, row, _consent = opened(world)
    return lambda: stop_sharing(world.as_("Bo"), row), lambda: sees(world.as_("Ines"), team)


def account(world: World) -> Case:
    mine = world.accounts["Ines"]
    post = world.posts["Ines"].pk

    def acts() -> bool:
        return viewer_for(Account.objects.get(pk=mine.pk), post, clock.now()).is_staff

    return lambda: close_account(SYSTEM, mine), acts


def staff(world: World) -> Case:
    mine = world.accounts["Mats"]
    return lambda: remove_staff(SYSTEM, mine.person), lambda: Account.objects.get(pk=mine.pk).is_active


def sign_in(world: World) -> Case:
    row = SignIn.objects.create(
        session_key="a", session_data="", expire_date=NOW + timedelta(days=1), account=world.accounts["Bo"]
    )
    return lambda: end_sign_in(world.as_("Bo"), row), lambda: SignIn.objects.filter(pk="a").exists()


def passkey(world: World) -> Case:
    bo, mine = world.as_("Bo"), world.accounts["Bo"]
    add_passkey(bo, mine, "telefon", {})
    ref = passkeys_of(mine)[0].data["ref"]
    return lambda: remove_passkey(bo, mine, ref), lambda: passkeys_of(mine) != []


def protection(world: World) -> Case:
    team, _disclosure, _consent = opened(world)
    decided = Decided("protected", "OSL 22:2", TODAY)
    return lambda: protect(world.as_("Bo"), world.signe, decided), lambda: sees(world.as_("Ines"), team)


def protection_from_the_register(world: World) -> Case:
    known = Facts(
        "Tuva",
        "Rask",
        identities=(RegisterIdentity(numbers.IdentitySystem.PERSONNUMMER, numbers.test_number(TODAY, 7)),),
    )
    tuva = new_person(SYSTEM, known)
    hidden = Facts("Tuva", "Rask", protection="marked", identities=known.identities)
    return lambda: new_person(SYSTEM, hidden), lambda: Person.objects.get(pk=tuva.pk).given_name == "Tuva"


def reason_to_know(world: World) -> Case:
    bo = world.as_("Bo")
    protect(bo, world.signe, Decided("protected", "OSL 22:2", TODAY))
    row = give_insight(bo, world.signe, world.posts["Mats"], "Mats möter henne", TODAY + timedelta(days=30))
    return lambda: end_insight(bo, row), lambda: standing(clock.now()).filter(pk=row.pk).exists()


def custody(world: World) -> Case:
    consent = world.consent("early team")
    row = Guardianship.objects.get(child=world.signe, guardian=world.olof)
    return lambda: end_custody(SYSTEM, row, YESTERDAY), lambda: family_sees(world.olof, consent)


def custody_noted_by_mistake(world: World) -> Case:
    mats = world.accounts["Mats"].person
    row = note_custody(SYSTEM, world.signe, mats, "joint", since=TODAY, source="by mistake")
    return lambda: take_back_custody(SYSTEM, row), lambda: mats in who_decides(world.signe)


def custody_that_the_register_ended_on_its_first_day(world: World) -> Case:
    mats = world.accounts["Mats"].person
    note_custody(SYSTEM, world.signe, mats, "joint", since=TODAY, source="by hand")
    told = [(world.amal, "joint"), (world.olof, "joint")]
    return lambda: take_over(SYSTEM, world.signe, told, "register"), lambda: mats in who_decides(world.signe)


def closed_to_amal(world: World) -> Case:
    consent, about = world.consent("early team"), About(world.authorities["school"], "consent")

    def close() -> None:
        decide_in_family(
            world.as_("Bo"), world.signe, world.amal, about, opens=False, reason="Hot", until=TODAY + timedelta(days=9)
        )

    return close, lambda: family_sees(world.amal, consent)


def opening_that_ended(world: World) -> Case:
    bo, consent = world.as_("Bo"), world.consent("early team")
    about = About(world.authorities["school"], "consent", consent.ref)
    mark_for_family(bo, world.signe, about, NoteClass.EARLY)
    row = decide_in_family(bo, world.signe, world.amal, about, opens=True, reason="Hon vet")
    return lambda: end_family_decision(bo, row, "En gissning"), lambda: family_sees(world.amal, consent)


def told_alone(world: World) -> Case:
    consent = world.consent("early team")
    about = About(world.authorities["school"], "consent", consent.ref)
    return (
        lambda: mark_for_family(world.as_("Bo"), world.signe, about, NoteClass.TOLD_ALONE),
        lambda: family_sees(world.amal, consent),
    )


def looks_of_the_school(world: World) -> Case:
    bo, later = world.as_("Bo"), TODAY + timedelta(days=8)
    world.consent("early team")

    def keep_untold() -> None:
        keep_looks_untold(
            bo, world.signe, "En utredning", since=TODAY, until=None, look_again_on=TODAY + timedelta(days=30)
        )

    return keep_untold, lambda: any(one.unit_ref == bo.unit_ref for one in looked_at(world.signe.ref, later))


CASES = (
    yes_on_paper,
    yes_by_own_signature,
    yes_that_was_not_enough,
    yes_to_a_part,
    disclosure,
    account,
    staff,
    sign_in,
    passkey,
    protection,
    protection_from_the_register,
    reason_to_know,
    custody,
    custody_noted_by_mistake,
    custody_that_the_register_ended_on_its_first_day,
    closed_to_amal,
    opening_that_ended,
    told_alone,
    looks_of_the_school,
)


@pytest.mark.parametrize("case", CASES)
def test_what_was_revoked_since_the_copy_is_revoked_again_and_stays_so(
    world: World, file: Path, settings: Any, case: Callable[[World], Case]
) -> None:
    revoke, holds = case(world)
    before = file.read_bytes() if file.exists() else b""
    settings.SAMSYN_MODE = "production"
    assert holds()
    with worlds.moved_to_a_copy(), clock.at(SOON):
        revoke()
        assert not holds()
        assert checks.nothing_has_come_back(None) == []
    written = file.read_bytes()
    assert written.startswith(before)
    # Here, the database is as it was before: the copy that is put back.
    with clock.at(RESTORED):
        assert holds()
        assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E012"]
        with as_the_owner():
            lines, closed = revoke_again(file)
            assert lines == len(written.splitlines()) - len(before.splitlines())
            assert 1 <= closed <= lines
        assert not holds()
        after = sorted(map(str, values()))
        with as_the_owner():
            assert revoke_again(file) == (0, 0)
        assert sorted(map(str, values())) == after
        assert checks.nothing_has_come_back(None) == []
        assert not holds()
        assert TrailEntry.objects.filter(act="revocation.replayed").count() == lines
        assert file.read_bytes() == written, "what is carried out again has its line already"
        assert is_whole()


def test_rows_have_the_moment_at_which_it_was_revoked_and_who_did_it(world: World, file: Path) -> None:
    _team, row, consent = opened(world)
    end, _holds = closed_to_amal(world)
    with worlds.moved_to_a_copy(), clock.at(SOON):
        stop_sharing(world.as_("Bo"), row)
        answer(as_family(world.amal), consent, "withdrawn", language="ar")
        end()
    with clock.at(RESTORED), as_the_owner():
        revoke_again(file)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_because) == (SOON, "not_needed")
    given = ConsentAnswer.objects.get(step="withdrawn")
    assert (given.at, given.giver, given.form, given.recorded_by) == (SOON, world.amal, "e_signed", None)
    assert given.text.language == "ar"
    assert ConsentEnd.objects.get(consent=consent).because == "consent_withdrawn"
    decision = FamilyDecision.objects.get(whom=world.amal)
    assert (decision.since, decision.reason, decision.decided_by) == (SOON, "–", world.posts["Bo"])
    assert decision.until == TODAY + timedelta(days=9)


def test_who_must_know_of_somebody_hidden_again_does_and_the_decision_stands_without_its_words(
    world: World, file: Path
) -> None:
    protecting, _holds = protection(world)
    with worlds.moved_to_a_copy(), clock.at(SOON):
        protecting()
    with clock.at(RESTORED):
        with as_the_owner():
            revoke_again(file)
        assert sees(world.as_("Bo"), Person.objects.get(pk=world.signe.pk))
        assert Person.objects.get(pk=world.amal.pk).protection == "family"
        marking = newest_marking(world.signe)
        assert marking is not None
        assert (marking.level, marking.provision, marking.decided_on) == ("protected", "–", TODAY)
        assert (marking.at, marking.set_by) == (SOON, world.posts["Bo"])


def test_looks_that_are_untold_again_are_so_by_the_one_who_decided_and_somebody_else_looks_at_it_again(
    world: World, file: Path
) -> None:
    keep_untold, _holds = looks_of_the_school(world)
    with worlds.moved_to_a_copy(), clock.at(SOON):
        keep_untold()
        decided = Withholding.objects.values(*TOLD_AGAIN).get()
        duty = Duty.objects.get(object_ref=decided["ref"])
    with clock.at(RESTORED):
        assert not Withholding.objects.exists()
        with as_the_owner():
            revoke_again(file)
        row = Withholding.objects.get()
        assert Withholding.objects.values(*TOLD_AGAIN).get() == decided
        assert row.because == "–", "words are not in the file"
        again = Duty.objects.get(object_ref=row.ref)
        assert (again.post, again.due_at, again.child) == (duty.post, duty.due_at, None)
        assert not TrailSubject.objects.filter(ref=row.ref).exclude(child_ref=None).exists()


def test_what_began_after_the_copy_is_not_here_to_be_revoked_and_the_command_says_so(
    world: World, file: Path, settings: Any
) -> None:
    with worlds.moved_to_a_copy(), clock.at(SOON):
        for case in (disclosure, passkey):
            revoke, _holds = case(world)
            revoke()
        newcomer = Person.objects.create(given_name="Nils", created_at=SOON)
        close_account(SYSTEM, Account.objects.create(person=newcomer, sign_in_name="nils"))
    settings.SAMSYN_MODE = "production"
    out = StringIO()
    with clock.at(RESTORED), as_the_owner():
        call_command("weed", replay=True, stdout=out)
    assert "3 revocations were carried out again; 0 of them closed something here" in out.getvalue()
    assert checks.nothing_has_come_back(None) == []


def test_a_yes_given_anew_stands_and_a_house_that_was_not_put_back_lacks_nothing(
    world: World, file: Path, settings: Any
) -> None:
    _team, _row, consent = opened(world)
    settings.SAMSYN_MODE = "production"
    with worlds.moved_to_a_copy(), clock.at(SOON):
        world.answer(consent, world.amal, "withdrawn")
        world.answer(consent, world.amal, "given")
        assert consent_stands(consent)
        assert checks.nothing_has_come_back(None) == []
        assert revoke_again(file) == (0, 0)
        assert consent_stands(consent)
    # Here somebody worked on without the file, and asked again.
    first = file.read_text(encoding="utf-8").splitlines()[0]
    with clock.at(RESTORED):
        world.answer(consent, world.amal, "withdrawn")
        world.answer(consent, world.amal, "given")
        file.write_text(first + "\n", encoding="utf-8")
        with as_the_owner():
            assert revoke_again(file) == (1, 0)
        assert consent_stands(consent)


def test_a_line_names_nobody_and_tells_nothing(world: World, file: Path) -> None:
    for case in (looks_of_the_school, closed_to_amal, protection, custody):
        revoke, _holds = case(world)
        revoke()
    text = file.read_text(encoding="utf-8")
    names = [
        *Person.objects.values_list("given_name", flat=True),
        "Signe",
        "Lind",
        "Amal",
        "Olof",
        "Hot",
        "OSL",
        "utredning",
    ]
    assert [name for name in names if name and name in text] == []
    kinds = {json.loads(one)["kind"] for one in text.splitlines()}
    assert kinds == {"family_decision", "custody", "disclosure", "marking", "protection", "untold_looks"}


def test_pressed_twice_or_refused_it_leaves_one_line_or_none(world: World, file: Path) -> None:
    _team, row, _consent = opened(world)
    bo, key = world.as_("Bo"), uuid4()
    for _press in range(2):
        once(bo, key, lambda: stop_sharing(bo, row).ref)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1
    mine = Account.objects.get(pk=world.accounts["Karin"].pk)
    with pytest.raises(Refused):
        remove_staff(SYSTEM, mine.person)  # she alone answers at the duty desk
    assert Account.objects.get(pk=mine.pk).is_active
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


def test_what_cannot_be_written_outside_is_not_revoked_and_the_start_is_refused(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.SAMSYN_TOMBSTONES_PATH = str(tmp_path / "no" / "such" / "place.jsonl")
    team, row, _consent = opened(world)
    with pytest.raises(outside.OutsideUnreadable, match="cannot be written"):
        stop_sharing(world.as_("Bo"), row)
    assert sees(world.as_("Ines"), team)
    settings.SAMSYN_MODE = "production"
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E015"]


def test_a_line_that_was_cut_off_is_gone_with_the_next_one(world: World, file: Path) -> None:
    file.write_text('{"revoked": "cut off in the mid', encoding="utf-8")
    close_account(SYSTEM, world.accounts["Ines"])
    assert [json.loads(one)["kind"] for one in file.read_text(encoding="utf-8").splitlines()] == ["account"]


@pytest.mark.parametrize(
    "told",
    [
        {"revoked": str(uuid4()), "kind": "spell", "subject": str(uuid4()), "at": "2026-11-17T09:00:00+00:00"},
        {"revoked": str(uuid4()), "kind": "answer", "subject": str(uuid4()), "at": "2026-11-17T09:00:00+00:00"},
    ],
)
def test_a_line_that_cannot_be_carried_out_is_named_and_the_start_stays_refused(
    world: World, file: Path, settings: Any, told: dict[str, str]
) -> None:
    file.write_text(json.dumps(told) + "\n", encoding="utf-8")
    settings.SAMSYN_MODE = "production"
    with as_the_owner(), pytest.raises(CommandError, match=told["revoked"]):
        call_command("weed", replay=True, stdout=StringIO())
    assert [one.id for one in checks.nothing_has_come_back(None)] == ["samsyn.E012"]


def test_the_web_that_may_do_nothing_by_itself_is_told_all_the_same(world: World, file: Path, settings: Any) -> None:
    with worlds.moved_to_a_copy():
        close_account(SYSTEM, world.accounts["Ines"])
    web = database_from_url(environment.database_url(connection.settings_dict["NAME"], postgresql.WEB))
    settings.SAMSYN_MODE = "production"
    settings.SAMSYN_SIGN_INS = {**settings.SAMSYN_SIGN_INS, "web": web}
    settings.SAMSYN_LOGINS = {**settings.SAMSYN_LOGINS, "web": web.get("USER", "")}
    sign_in_as("web")
    try:
        found = checks.nothing_has_come_back(None)
        answered = _is_answered(Tombstone)
    finally:
        sign_in_as("house")
    assert [one.id for one in found] == ["samsyn.E012"]
    assert "1 revocations are missing" in str(found[0])
    assert answered is not second_lock.holds()


def _is_answered(model: type[Model]) -> bool:
    try:
        model._base_manager.count()
    except DatabaseError:
        return False
    return True
