"""A consent is asked, answered and taken back in rows; it opens what it names, while those who decide say yes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.notices.models import Notice
from samsyn.people.models import Custody, Guardianship
from samsyn.sharing.actions import (
    Sharing,
    close_what_lost_its_consent,
    consent_stands,
    disclose,
    guardians_today,
    newest_consent,
    who_decides,
)
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentReceiver, Disclosure, Way
from samsyn.sharing.predicate import explain, open_to
from samsyn.trail.models import TrailSubject
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping, sooner
from tests.worlds import CommittedWorld


def opened(world: World, consent: Consent, kind: str = "plan") -> Disclosure:
    """Something of this kind is open to the early team on the consent."""
    ground = Sharing(gate="consent", purpose="Lugna måndagar", told="Ni vet.", consent=consent)
    unit = world.units["early team"]
    return disclose(world.as_("Bo"), world.signe, world.authorities["school"], unit, [(kind, uuid4())], ground)


def is_open(world: World, disclosure: Disclosure) -> bool:
    """May the early team read through it now."""
    return disclosure in open_to(world.as_("Ines"), clock.now())


def test_what_is_asked_is_kept_with_who_asked(world: World) -> None:
    consent = world.ask("early team", "reception", kinds=("plan", "circle", "plan"))
    assert consent.kinds == ["circle", "plan"]
    assert set(consent.receivers.all()) == {world.units["early team"], world.units["reception"]}
    assert (consent.asked_by, consent.asked_by_person) == (world.posts["Bo"], world.accounts["Bo"].person)
    assert consent_stands(consent).reason == "Both guardians need to say yes. One answer is missing."
    assert TrailSubject.objects.get(ref=consent.ref).state == "asked"


def test_inside_the_own_authority_no_consent_is_asked(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        world.ask("early team", "norr")
    assert refusal.value.decision.rule == "own_authority"
    assert refusal.value.decision.field == "receivers"


def test_the_longest_time_comes_from_the_law(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        world.ask(days=400)
    assert refusal.value.decision.rule == "consent_longest"
    assert world.ask(days=365).until == TODAY + timedelta(days=365)


def test_hidden_signs_in_a_purpose_are_taken_out_and_ten_thousand_letters_are_the_most(world: World) -> None:
    from samsyn.sharing.actions import LONGEST, ask_consent

    facts: dict[str, Any] = {
        "kinds": ["plan"],
        "receivers": [world.units["early team"]],
        "until": TODAY + timedelta(days=9),
        "form": "oral",
        "language": "sv",
    }
    consent = ask_consent(
        world.as_("Bo"), world.signe, purpose="Lugn\u200b\u202e morgon", exceptions="Inget om Olof", **facts
    )
    assert (consent.purpose, consent.exceptions) == ("Lugn morgon", "Inget om Olof")
    with pytest.raises(Refused) as refusal:
        ask_consent(world.as_("Bo"), world.signe, purpose="å" * (LONGEST + 1), **facts)
    assert refusal.value.decision.field == "purpose"


def test_with_joint_custody_both_are_needed(world: World) -> None:
    consent = world.ask()
    world.answer(consent, world.amal, "given")
    assert not consent_stands(consent)
    with pytest.raises(Refused, match="One answer is missing"):
        opened(world, consent)
    world.answer(consent, world.olof, "given")
    assert consent_stands(consent)
    assert is_open(world, opened(world, consent))


def test_every_answer_is_a_row_and_the_newest_counts(world: World) -> None:
    consent = world.consent()
    world.answer(consent, world.olof, "withdrawn")
    world.answer(consent, world.olof, "given")
    steps = list(consent.answers.filter(giver=world.olof).order_by("id").values_list("step", flat=True))
    assert steps == ["given", "withdrawn", "given"]
    assert consent_stands(consent)


def test_a_yes_taken_back_closes_at_once_what_rested_on_it(world: World) -> None:
    consent = world.consent()
    disclosure = opened(world, consent)
    world.answer(consent, world.amal, "withdrawn")
    assert not is_open(world, disclosure)
    disclosure.refresh_from_db()
    assert disclosure.ended_because == "consent_withdrawn"


def test_what_rests_on_another_consent_stays_open(world: World) -> None:
    kept, gone = opened(world, world.consent()), world.consent()
    world.answer(gone, world.amal, "withdrawn")
    assert is_open(world, kept)


def test_a_stranger_and_a_former_guardian_cannot_answer(world: World) -> None:
    consent = world.ask()
    Guardianship.objects.filter(guardian=world.olof).update(until=TODAY - timedelta(days=1))
    for somebody in (world.olof, world.accounts["Mats"].person):
        with pytest.raises(Refused, match="Only somebody who decides"):
            world.answer(consent, somebody, "given")


def test_the_one_who_asked_is_told_when_somebody_else_writes_an_answer_down(world: World) -> None:
    world.named()
    consent = world.ask(by="Maja")
    world.answer(consent, world.amal, "given", by="Maja")
    world.answer(consent, world.olof, "given")
    world.answer(consent, world.olof, "withdrawn")
    told = Notice.objects.filter(post=world.posts["Maja"]).order_by("pk")
    assert list(told.values_list("text_key", "room")) == [("consent_given", "consent")]


def test_who_asked_can_read_the_question_to_its_last_day_and_others_in_the_unit_cannot(world: World) -> None:
    consent = world.ask(by="Mats", days=10)
    mats = world.as_("Mats")
    assert Consent.objects.visible_to(mats).get() == consent
    assert not Consent.objects.visible_to(world.as_("Hanna")).exists()
    why = explain(mats, world.signe)
    assert why is not None
    assert why.until == consent.until
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        assert not Consent.objects.visible_to(mats).exists()


@pytest.mark.parametrize("kind", ["talk", "sign"])
def test_a_yes_to_one_kind_opens_no_other(world: World, kind: str) -> None:
    with pytest.raises(Refused, match="less than this"):
        opened(world, world.consent(kinds=("plan",)), kind)
    assert not Disclosure.objects.exists()


def test_a_yes_to_one_unit_opens_to_no_other(world: World) -> None:
    with pytest.raises(Refused, match="not to this receiver"):
        opened(world, world.consent("reception"))


def test_a_yes_about_one_child_opens_nothing_about_another(world: World) -> None:
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent())
    sender, receiver = world.authorities["school"], world.units["early team"]
    with pytest.raises(Refused, match="about something else"):
        disclose(world.as_("Bo"), world.nour, sender, receiver, [("plan", uuid4())], ground)


def test_a_yes_to_one_sender_opens_nothing_of_another(world: World) -> None:
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent("early team"))
    sender, receiver = world.authorities["region"], world.units["early team"]
    with pytest.raises(Refused, match="about something else"):
        disclose(world.as_("Siv"), world.signe, sender, receiver, [("plan", uuid4())], ground)


def test_nothing_stays_open_longer_than_the_yes(world: World) -> None:
    consent = world.consent()
    disclosure = opened(world, consent)
    assert disclosure.expires_on == consent.until
    with clock.at(clock.end_of(consent.until)):
        assert is_open(world, disclosure)
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        assert not is_open(world, disclosure)


def test_at_18_the_young_person_decides_alone(world: World) -> None:
    consent = world.ask(child=world.adam)
    assert world.adam.birth_date is not None
    world.answer(consent, world.amal, "given")
    assert consent_stands(consent)
    with clock.at(clock.noon(TODAY + timedelta(days=2))):  # the day before the birthday
        assert who_decides(world.adam) == [world.amal]
        assert consent_stands(consent)
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        assert who_decides(world.adam) == [world.adam]
        assert guardians_today(world.adam) == []
        assert not consent_stands(consent)
        with pytest.raises(Refused, match="Only somebody who decides"):
            world.answer(consent, world.amal, "withdrawn")
        world.answer(consent, world.adam, "given")
        assert consent_stands(consent)


def test_the_tick_closes_what_lost_its_consent_because_custody_changed(world: World) -> None:
    disclosure = opened(world, world.consent())
    assert close_what_lost_its_consent() == 0
    Guardianship.objects.create(
        child=world.signe,
        guardian=world.accounts["Mats"].person,
        custody=Custody.JOINT,
        since=TODAY,
        source="test",
    )
    assert close_what_lost_its_consent() == 1
    assert close_what_lost_its_consent() == 0
    assert not is_open(world, disclosure)
    disclosure.refresh_from_db()
    assert disclosure.ended_because == "consent_lapsed"


def test_the_tick_closes_when_nobody_has_custody_or_the_child_has_turned_18(world: World) -> None:
    disclosure = opened(world, world.consent())
    consent = world.ask(child=world.adam)
    world.answer(consent, world.amal, "given")
    ground = Sharing(gate="consent", purpose="x", told="x", consent=consent)
    sender, receiver = world.authorities["school"], world.units["early team"]
    adams = disclose(world.as_("Bo"), world.adam, sender, receiver, [("plan", uuid4())], ground)
    Guardianship.objects.filter(child=world.signe).update(until=TODAY - timedelta(days=1))
    assert close_what_lost_its_consent() == 1
    assert (is_open(world, disclosure), is_open(world, adams)) == (False, True)
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        assert close_what_lost_its_consent() == 1
        assert not is_open(world, adams)


def test_the_newest_question_to_a_unit_is_found_whatever_was_answered(world: World) -> None:
    school = world.authorities["school"].pk
    assert newest_consent(world.signe, school, world.units["early team"]) is None
    world.ask("early team")
    newer = world.ask("early team", "reception")
    world.answer(newer, world.amal, "refused")
    assert newest_consent(world.signe, school, world.units["early team"]) == newer
    assert newest_consent(world.nour, school, world.units["early team"]) is None


@pytest.mark.parametrize("model", [Consent, ConsentReceiver, ConsentAnswer])
def test_what_was_asked_and_answered_is_never_rewritten(world: World, model: type[Consent]) -> None:
    world.consent()
    for change in (f"UPDATE {model._meta.db_table} SET id = id + 1000", f"DELETE FROM {model._meta.db_table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_a_delivered_copy_stays_when_the_yes_is_taken_back(world: World) -> None:
    consent = world.consent()
    ground = Sharing(
        gate="consent", purpose="x", told="x", consent=consent, way=Way.DELIVERED, rendering="Signe går i 2B."
    )
    unit = world.units["early team"]
    row = disclose(world.as_("Bo"), world.signe, world.authorities["school"], unit, [("plan", uuid4())], ground)
    world.answer(consent, world.amal, "withdrawn")
    row.refresh_from_db()
    assert row.ended_at is None
    assert row.deliveries.get().rendering == "Signe går i 2B."


def test_taken_back_and_shared_at_once_nothing_stays_open(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        consent = world.consent()

    def share() -> None:
        with clock.at(NOW):
            opened(world, Consent.objects.select_related("child").get(pk=consent.pk))

    def take_back() -> None:
        with clock.at(NOW):
            world.answer(Consent.objects.select_related("child").get(pk=consent.pk), world.amal, "withdrawn")

    outcomes = committed_world.at_once(share, take_back, share, share)
    assert outcomes[1] is None
    assert all(one is None or isinstance(one, Refused) for one in outcomes), outcomes
    with clock.at(NOW):
        assert not open_to(world.as_("Ines"), clock.now()).exists()


def test_a_partnership_may_have_agreed_on_a_shorter_longest_time(world: World) -> None:
    sooner("consent_longest", 1)
    world.ask(days=30)
    with pytest.raises(Refused) as refusal:
        world.ask(days=31)
    assert refusal.value.decision.rule == "consent_longest"
