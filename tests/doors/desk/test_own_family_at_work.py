"""Nobody writes at work about the own family: Bo is Signe's named person, and has become her guardian too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import end_custody, give_identity
from samsyn.people.models import Guardianship, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.numbers import test_number as kept_number
from samsyn.sharing.actions import About, Sharing, decide_in_family, disclose, keep_looks_untold
from samsyn.sharing.family import in_force
from samsyn.sharing.models import (
    Challenge,
    ClaimOfError,
    ConsentAnswer,
    ConsentWaiver,
    Disclosure,
    EmergencyAccess,
    FamilyDecision,
    FamilyMark,
    NoteClass,
)
from samsyn.trail.models import NameDecision, Withholding
from tests.doors.desk.browsing import Desk, words
from tests.doors.desk.test_sharing import noted
from tests.rooms.sharing.world import TODAY

COLLEAGUE = "This is about your own family. Let a colleague write it down."


@pytest.fixture
def bo(desk: Desk) -> Person:
    """Bo, who has custody of Signe together with Amal."""
    desk.world.named()
    bo = desk.world.accounts["Bo"].person
    Guardianship.objects.filter(child=desk.world.signe, guardian=desk.world.olof).update(guardian=bo)
    return bo


@pytest.mark.parametrize("whose", ["his own", "the other guardian's"])
def test_bo_writes_down_no_answer_to_a_question_about_his_own_child(desk: Desk, bo: Person, whose: str) -> None:
    asked = desk.world.ask(by="Hanna")
    giver = bo if whose == "his own" else desk.world.amal
    body: dict[str, Any] = {"giver": giver.ref, "step": "given", "form": "oral", "language": "sv", "read_in": "sv"}
    said = desk.send("Bo", "consent_answer", asked.ref, **body)
    assert said.status_code == 422
    assert COLLEAGUE in words(said)
    assert not ConsentAnswer.objects.exists()


def test_bo_writes_down_for_nobody_in_his_own_family_that_something_is_wrong(desk: Desk, bo: Person) -> None:
    world, items = desk.world, [("plan", uuid4())]
    sign = noted(desk, "Maja", world.signe, "Bo")
    consent = world.ask("early team", by="Hanna")
    for giver in (bo, world.amal):
        world.answer(consent, giver, "given", by="Hanna")
    sender, receiver = world.authorities["school"], world.units["early team"]
    ground = Sharing(gate="consent", purpose="Lugnt", told="Ni vet.", consent=consent)
    row = disclose(world.as_("Hanna"), world.signe, sender, receiver, items, ground)
    body: dict[str, Any] = {"by": world.amal.ref, "words": "Det stämmer inte, säger hon."}
    challenged = desk.send("Bo", "challenge_new", row.ref, **body)
    claimed = desk.send("Bo", "wrong", world.signe.ref, query=f"?item={sign.ref}", **body)
    for said in (challenged, claimed):
        assert said.status_code == 422
        assert COLLEAGUE in words(said)
    assert not Challenge.objects.exists()
    assert not ClaimOfError.objects.exists()


def test_bo_keeps_no_note_and_no_look_from_the_other_guardian_and_is_told_no_name(desk: Desk, bo: Person) -> None:
    signe, sign = desk.world.signe, noted(desk, "Maja", desk.world.signe, "Bo")
    desk.get("Hanna", "child", signe.ref)
    looked = desk.world.accounts["Hanna"].person.ref
    days = {"since": TODAY.isoformat(), "look_again_on": (TODAY + timedelta(days=60)).isoformat()}
    sent = [
        desk.send("Bo", "family_mark", signe.ref, thing=f"sign:{sign.ref}", note=NoteClass.HARM),
        desk.send("Bo", "looks", signe.ref, because="Amal ska inte veta.", **days),
        desk.send("Bo", "looks_name", signe.ref, who=looked, because="Jag vill veta vem."),
    ]
    for said in sent:
        assert said.status_code == 422
        assert COLLEAGUE in words(said)
    assert not FamilyMark.objects.exists()
    assert not Withholding.objects.exists()
    assert not NameDecision.objects.exists()


@pytest.mark.parametrize("verb", ["tell", "keep"])
def test_bo_does_not_decide_whether_the_other_guardian_is_told_of_what_is_shared(
    desk: Desk, bo: Person, verb: str
) -> None:
    world, withheld = desk.world, "Det kan skada Signe."
    consent = world.ask("early team", by="Hanna")
    for giver in (bo, world.amal):
        world.answer(consent, giver, "given", by="Hanna")
    ground = Sharing(gate="consent", purpose="Lugnt", withheld_because=withheld, consent=consent)
    sender, receiver = world.authorities["school"], world.units["early team"]
    row = disclose(world.as_("Hanna"), world.signe, sender, receiver, [("plan", uuid4())], ground)
    said = desk.send("Bo", "disclosure_act", row.ref, verb, words="Jag har pratat med Amal.")
    assert said.status_code == 422
    assert COLLEAGUE in words(said)
    row.refresh_from_db()
    assert (row.told, row.withheld_because) == ("", withheld)


def test_bo_neither_shares_his_own_childs_things_nor_closes_what_a_colleague_has_shared(desk: Desk, bo: Person) -> None:
    world, items = desk.world, [("plan", uuid4())]
    sign = noted(desk, "Maja", world.signe, "Bo")
    consent = world.ask("early team", by="Hanna")
    for giver in (bo, world.amal):
        world.answer(consent, giver, "given", by="Hanna")
    ground = Sharing(gate="consent", purpose="Lugnt", told="Ni vet.", consent=consent)
    sender, receiver = world.authorities["school"], world.units["early team"]
    row = disclose(world.as_("Hanna"), world.signe, sender, receiver, items, ground)
    stopped = desk.send("Bo", "disclosure_act", row.ref, "end")
    shared = desk.send("Bo", "share", world.signe.ref, query=f"?item={sign.ref}&unit={receiver.ref}", purpose="Lugnt")
    for said in (stopped, shared):
        assert said.status_code == 422
        assert COLLEAGUE in words(said)
    row.refresh_from_db()
    assert row.ended_at is None
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("page", ["family", "looks"])
def test_bo_reads_at_work_nothing_of_what_his_own_family_is_kept_from(desk: Desk, page: str) -> None:
    world, worry = desk.world, "Hon är rädd hemma hos honom."
    world.named()
    about, bo = About(world.authorities["school"]), world.accounts["Bo"].person
    decide_in_family(world.as_("Hanna"), world.signe, world.olof, about, opens=False, reason=worry)
    again = TODAY + timedelta(days=9)
    keep_looks_untold(world.as_("Hanna"), world.signe, worry, since=TODAY, until=None, look_again_on=again)
    assert worry in desk.read("Bo", page, world.signe.ref)
    Guardianship.objects.filter(child=world.signe, guardian=world.amal).update(guardian=bo)
    shown = desk.read("Bo", page, world.signe.ref)
    assert worry not in shown
    assert "A colleague does this" in shown


def test_bo_does_not_do_without_the_other_guardians_yes(desk: Desk, bo: Person) -> None:
    world = desk.world
    asked = world.ask(by="Hanna", measure="open_treatment")
    for giver, step in ((bo, "given"), (world.amal, "refused")):
        world.answer(asked, giver, step, by="Hanna")
    decided = {"ground": "board_may_override", "reason": "För Signes bästa.", "decided_on": TODAY.isoformat()}
    said = desk.send("Bo", "consent_waive", asked.ref, guardian=world.amal.ref, **decided, decision_number="SN 7/26")
    assert said.status_code == 422
    assert not ConsentWaiver.objects.exists()


def test_bo_opens_nothing_to_himself(desk: Desk, bo: Person) -> None:
    body: dict[str, Any] = {"whom": bo.ref, "what": "disclosure", "step": "opens", "reason": "Jag behöver det."}
    said = desk.send("Bo", "family", desk.world.signe.ref, **body)
    assert said.status_code == 422
    assert COLLEAGUE in words(said)
    assert not FamilyDecision.objects.exists()


@pytest.mark.parametrize("former", [False, True], ids=["guardian", "former guardian"])
def test_what_is_closed_to_bo_is_not_opened_again_by_bo(desk: Desk, bo: Person, former: bool) -> None:
    world = desk.world
    about = About(world.authorities["school"])
    closed = decide_in_family(world.as_("Hanna"), world.signe, bo, about, opens=False, reason="Han har hotat henne.")
    if former:
        end_custody(SYSTEM, Guardianship.objects.get(child=world.signe, guardian=bo), TODAY)
    with clock.at(clock.noon(TODAY + timedelta(days=1)) if former else clock.now()):
        said = desk.send("Bo", "family_end", closed.ref, words="Det behövs inte längre.")
        assert said.status_code == 422
        assert in_force(clock.now()).filter(pk=closed.pk).exists()


def test_a_guardian_at_work_opens_no_emergency_around_the_own_child(desk: Desk, bo: Person) -> None:
    signe = desk.world.signe
    assert signe.birth_date is not None
    number = kept_number(signe.birth_date, 9)
    give_identity(SYSTEM, signe, ReadNumber(IdentitySystem.PERSONNUMMER, number))
    mats = desk.world.accounts["Mats"].person
    body = {"number": number, "code": "life", "words": "Signe har ramlat och vi når ingen."}
    assert desk.send("Hanna", "emergency", **body).status_code == 302
    Guardianship.objects.filter(child=signe, guardian=bo).update(guardian=mats)
    said = desk.send("Mats", "emergency", **body)
    assert said.status_code == 422
    assert "Your authority has nothing about a child with that number." in words(said)
    assert EmergencyAccess.objects.count() == 1


def test_a_guardian_at_work_hides_the_own_child_and_neither_shows_it_nor_tells_others(desk: Desk, bo: Person) -> None:
    signe, hanna = desk.world.signe, desk.world.posts["Hanna"]
    decided = {"provision": "OSL 21:3", "decided_on": TODAY.isoformat()}
    hidden = desk.send("Bo", "protection_act", signe.ref, "decide", level="protected", **decided)
    assert (hidden.status_code, hidden.headers["Location"]) == (302, "/")  # a colleague answers for her at work now
    assert NamedPerson.objects.get(child=signe, until=None).post == hanna
    lifted = desk.send("Bo", "protection_act", signe.ref, "decide", level="none", **decided)
    until = (TODAY + timedelta(days=10)).isoformat()
    told = desk.send("Bo", "protection_act", signe.ref, "give", post=hanna.ref, why="Simning", until=until)
    assert (lifted.status_code, told.status_code) == (404, 404)
    signe.refresh_from_db()
    assert signe.is_protected
