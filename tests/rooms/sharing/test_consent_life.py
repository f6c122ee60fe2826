"""A consent from the question to its end: who decides, in which words, what is left out, and what never follows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.models import Duty
from samsyn.notices.actions import tell
from samsyn.notices.models import Notice
from samsyn.people.actions import end_custody, note_custody, take_back_custody
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.sharing.actions import (
    Sharing,
    answer,
    answer_consent,
    close_what_lost_its_consent,
    consent_stands,
    consent_state,
    disclose,
    holds_through,
    propose_renewals,
    waive,
    who_decides,
)
from samsyn.sharing.consent_rules import CONSENT_STATES, Limit
from samsyn.sharing.consent_texts import FOLDER, Question, languages_of, newest_version, render
from samsyn.sharing.models import Consent, Disclosure, Involvement
from samsyn.sharing.predicate import open_to
from tests.rooms.sharing.world import TODAY, World, sooner
from tests.shape.reading import lix


def opened(world: World, consent: Consent, kind: str = "plan", unit: str = "early team") -> Disclosure:
    """Something of this kind is open to a unit on the consent."""
    ground = Sharing(gate="consent", purpose="Lugna måndagar", told="Ni vet.", consent=consent)
    sender, receiver = world.authorities["school"], world.units[unit]
    return disclose(world.as_("Bo"), world.signe, sender, receiver, [(kind, uuid4())], ground)


def is_open(world: World, disclosure: Disclosure, reader: str = "Ines") -> bool:
    """May the reader's unit read through it now."""
    return disclosure in open_to(world.as_(reader), clock.now())


def at_home(person: Person) -> Viewer:
    """Somebody in the family, signed in as themselves."""
    return Viewer(account=1, person=person.pk, person_ref=person.ref, person_label=person.full_name)


# --- who decides ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("custody", "stands"), [("sole", True), ("joint", False), ("unknown", False)])
def test_the_only_guardian_on_record_decides_alone_only_when_custody_is_sole(
    world: World, custody: str, stands: bool
) -> None:
    Guardianship.objects.filter(guardian=world.olof).delete()
    Guardianship.objects.filter(child=world.signe).update(custody=custody)
    consent = world.ask()
    world.answer(consent, world.amal, "given")
    assert bool(consent_stands(consent)) is stands
    if not stands:
        assert "not known whether somebody else has custody" in consent_stands(consent).reason
        with pytest.raises(Refused):
            opened(world, consent)


def test_a_child_who_answers_together_with_the_guardians_is_waited_for(world: World) -> None:
    consent = world.ask(child_part="together", child_reason="Signe vill vara med och bestämma.")
    assert who_decides(world.signe, consent) == [world.amal, world.olof, world.signe]
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    assert consent_stands(consent).reason == "The guardians and the child need to say yes. An answer is missing."
    world.answer(consent, world.signe, "given")
    assert consent_stands(consent)


def test_from_12_the_childs_part_is_always_decided_and_written_down(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        world.ask(child=world.adam, child_reason="")
    assert refusal.value.decision.field == "child_reason"
    assert world.ask(child=world.adam).child_reason


def test_a_young_person_may_answer_alone_from_16_and_signe_of_8_may_not(world: World) -> None:
    consent = world.ask(child=world.adam, child_part="alone", child_reason="Han är mogen och vill själv.")
    assert who_decides(world.adam, consent) == [world.adam]
    world.answer(consent, world.adam, "given")
    assert consent_stands(consent)
    with pytest.raises(Refused) as refusal:
        world.ask(child_part="alone", child_reason="Hon vill själv.")
    assert refusal.value.decision.rule == "child_alone_from"


def test_one_guardian_in_hospital_is_not_waited_for_and_a_no_from_there_counts(world: World) -> None:
    consent = world.ask()
    world.answer(consent, world.amal, "given")
    waive(
        world.as_("Bo"),
        consent,
        world.olof,
        ground="one_guardian_when_hindered",
        reason="Han sövs i dag och hon behöver hjälp före helgen.",
        decided_on=TODAY,
    )
    assert consent_stands(consent)
    disclosure = opened(world, consent)
    world.answer(consent, world.olof, "refused")
    assert not consent_stands(consent)
    assert not is_open(world, disclosure)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ground": "board_may_override", "decision_number": "SN 7/26"}, "ground"),
        ({"reason": " "}, "reason"),
        ({"ground": ""}, "ground"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
    ],
)
def test_one_yes_is_enough_only_as_the_law_says(world: World, change: dict[str, Any], field: str) -> None:
    facts: dict[str, Any] = {
        "ground": "one_guardian_when_hindered",
        "reason": "Han sövs i dag.",
        "decided_on": TODAY,
    }
    with pytest.raises(Refused) as refusal:
        waive(world.as_("Bo"), world.ask(), world.olof, **{**facts, **change})
    assert refusal.value.decision.field == field


def test_the_boards_decision_goes_past_a_no_for_open_treatment_and_needs_its_number(world: World) -> None:
    consent = world.ask(measure=law.Measure.OPEN_TREATMENT)
    world.answer(consent, world.amal, "given")
    world.answer(consent, world.olof, "refused")
    assert consent_state(consent).name == "disputed"
    facts: dict[str, Any] = {"ground": "board_may_override", "reason": "För Signes bästa.", "decided_on": TODAY}
    with pytest.raises(Refused) as refusal:
        waive(world.as_("Bo"), consent, world.olof, **facts)
    assert refusal.value.decision.field == "decision_number"
    waive(world.as_("Bo"), consent, world.olof, **facts, decision_number="SN 7/26")
    assert consent_stands(consent)


# --- the words --------------------------------------------------------------------------------------------------------


def test_the_words_are_kept_in_every_language_with_their_digest_and_the_answer_says_which_were_read(
    world: World,
) -> None:
    consent = world.ask(exceptions="Inget om Olofs jobb.")
    texts = {text.language: text for text in consent.texts.all()}
    assert set(texts) == {"sv", "en", "ar"}
    for text in texts.values():
        assert bytes(text.digest) == hashlib.sha256(text.words.encode()).digest()
        for there in ("Signe", "Tidiga stödet", "Lugna måndagar", "Inget om Olofs jobb."):
            assert there in text.words, text.language
            assert there.encode() not in bytes(text.sealed)
    row = answer_consent(
        world.as_("Bo"),
        consent,
        world.amal,
        "given",
        form="oral",
        language="so",
        read_in="ar",
        shown=bytes(texts["ar"].digest),
    )
    assert (row.text, row.language) == (texts["ar"], "so")


def test_nobody_says_yes_to_another_text_than_the_one_that_was_asked(world: World) -> None:
    consent = world.ask()
    with pytest.raises(Refused) as refusal:
        answer_consent(
            world.as_("Bo"), consent, world.amal, "given", form="oral", language="ar", shown=b"something else"
        )
    assert refusal.value.decision.field == "text"


VERSIONS = {
    "share-1.toml": "eec09cf72061a936a80da6bf86f2e635c1e6971df512ff3d533b5eb670e4a3c8",
    "plan-1.toml": "1264b0e0f4de3bb7845afb068d861dbc13ec034e7bcc14a637531ceb0ab8f83b",
    "share-2.toml": "97f8e9d89ae1c2f3919c87179efb20f56fb75bb67694e988a406a96327e896c9",
    "plan-2.toml": "ede97406c5fb6368779647db7baa70a35016124ddd0e23719e20e8ce7203fbdf",
    "share-3.toml": "be2b451b26be47120b1671cf3b7f3c716b4308fb978a3bbb487fd7d28962b9a7",
    "plan-3.toml": "087ae3e84566f667a9d4c03a2ce87fb40c0e4d9c80dd2d0dcfdec4825be04609",
}


def test_a_version_of_a_text_is_never_changed() -> None:
    """A new wording is a new file with the next number: what families have read stays what it was."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.toml")}
    assert found == VERSIONS
    for name in found:
        template, _, number = name.removesuffix(".toml").rpartition("-")
        assert set(languages_of(template, int(number))) == {"sv", "en", "ar"}


@pytest.mark.parametrize("template", ["share", "plan"])
def test_adam_who_answers_alone_is_spoken_to_as_one(template: str) -> None:
    to_many = re.compile(r"\b(ni|er|era|ert|barnet)\b", re.IGNORECASE)
    asked = asked_of("child")
    alone = render(template, newest_version(template), "sv", asked)
    assert not to_many.search(alone), to_many.search(alone)
    assert " du " in alone
    assert "Adam" not in alone
    assert lix([alone]) <= 30
    together = render(template, newest_version(template), "sv", replace(asked, answered_by="together"))
    assert to_many.search(together)
    assert "Adam" in together
    assert not re.search(r"\bchild\b|Adam", render(template, newest_version(template), "en", asked))
    assert "Adam" not in render(template, newest_version(template), "ar", asked)


def test_what_was_asked_in_an_older_version_still_reads_as_it_did() -> None:
    assert "Adam svarar själv." in render("share", 2, "sv", asked_of("child"))


def asked_of(answered_by: str) -> Question:
    """Bo asks about Adam, with every kind of thing."""
    kinds = ("circle", "plan", "request", "sign", "talk", "five_questions")
    return Question(
        child="Adam",
        asker="Bo Ek",
        unit="Stobyskolan",
        authority="Skolan",
        errand="team",
        purpose="Lugna måndagar",
        things=[(kind, False) for kind in kinds],
        receivers=["Tidigt stöd"],
        left_out=[],
        since=TODAY,
        until=TODAY,
        answered_by=answered_by,
    )


# --- the giver alone --------------------------------------------------------------------------------------------------


def test_a_guardian_answers_with_an_own_signature_and_no_staff(world: World) -> None:
    consent = world.ask()
    row = answer(at_home(world.amal), consent, "given", language="ar", evidence="prov-17")
    assert (row.giver, row.form, row.recorded_by, row.recorded_by_person) == (world.amal, "e_signed", None, world.amal)
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="consent_given").count() == 1
    world.answer(consent, world.olof, "given")
    disclosure = opened(world, consent)
    answer(at_home(world.amal), consent, "withdrawn", language="ar")
    assert not is_open(world, disclosure)


def test_nobody_signs_for_somebody_else(world: World) -> None:
    consent = world.ask()
    mats = world.accounts["Mats"].person
    with pytest.raises(Refused, match="Only somebody who decides"):
        answer(at_home(mats), consent, "given", language="sv")
    for viewer, form in ((world.as_("Bo"), "e_signed"), (at_home(world.olof), "e_signed"), (world.as_("Ines"), "oral")):
        with pytest.raises(Refused):
            answer_consent(viewer, consent, world.amal, "given", form=form, language="sv")
    assert not consent.answers.exists()


# --- what is left out -------------------------------------------------------------------------------------------------


def test_not_to_the_reception_is_kept_when_something_is_opened_and_when_it_is_read(world: World) -> None:
    consent = world.ask("early team", "reception")
    world.answer(consent, world.amal, "given")
    world.answer(consent, world.olof, "given")
    before = opened(world, consent, unit="reception")
    assert is_open(world, before, "Edvin")
    limit = Limit(unit=world.units["reception"].pk)
    world.answer(consent, world.olof, "withdrawn")
    answer_consent(world.as_("Bo"), consent, world.olof, "given", form="oral", language="sv", left_out=[limit])
    opened_again = opened(world, consent)
    assert is_open(world, opened_again)
    with pytest.raises(Refused, match="kept from this receiver"):
        opened(world, consent, unit="reception")
    Disclosure.objects.filter(pk=before.pk).update(ended_at=None)  # a row that was missed
    assert not is_open(world, before, "Edvin")


def test_a_second_yes_that_leaves_something_out_closes_what_the_first_had_not(world: World) -> None:
    consent = world.ask("early team", kinds=("plan", "talk"))
    world.answer(consent, world.amal, "given")
    waive(
        world.as_("Bo"),
        consent,
        world.olof,
        ground="one_guardian_when_hindered",
        reason="Han sövs i dag.",
        decided_on=TODAY,
    )
    plan, talk = opened(world, consent, "plan"), opened(world, consent, "talk")
    answer_consent(
        world.as_("Bo"), consent, world.olof, "given", form="oral", language="sv", left_out=[Limit(kind="talk")]
    )
    assert (is_open(world, plan), is_open(world, talk)) == (True, False)


def test_not_this_kind_to_that_authority(world: World) -> None:
    limit = Limit(authority=world.authorities["social"].pk, kind="talk")
    consent = world.ask("early team", "bvc", kinds=("plan", "talk"), left_out=[limit])
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    opened(world, consent, "plan")
    opened(world, consent, "talk", "bvc")
    with pytest.raises(Refused, match="kept from this receiver"):
        opened(world, consent, "talk")


def test_a_yes_to_a_single_thing_opens_that_thing_and_no_other(world: World) -> None:
    ref = uuid4()
    consent = world.ask(kinds=(), items=[("sign", ref)])
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    ground = Sharing(gate="consent", purpose="x", told="x", consent=consent)
    sender, unit = world.authorities["school"], world.units["early team"]
    disclose(world.as_("Bo"), world.signe, sender, unit, [("sign", ref)], ground)
    with pytest.raises(Refused, match="less than this"):
        disclose(world.as_("Bo"), world.signe, sender, unit, [("sign", uuid4())], ground)


# --- from and until, custody and birthday -----------------------------------------------------------------------------


def test_a_yes_opens_nothing_before_its_first_day(world: World) -> None:
    consent = world.ask(since=TODAY + timedelta(days=3))
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    assert "begins to hold" in consent_stands(consent).reason
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        assert consent_stands(consent)


def test_what_is_open_carries_the_last_day_that_the_yes_can_stand(world: World) -> None:
    row = Guardianship.objects.get(child=world.signe, guardian=world.olof)
    consent = world.consent()
    disclosure = opened(world, consent)
    last = TODAY + timedelta(days=10)
    end_custody(SYSTEM, row, last)
    disclosure.refresh_from_db()
    assert disclosure.expires_on == last == holds_through(consent)
    with clock.at(clock.end_of(last) + timedelta(seconds=1)):
        assert not is_open(world, disclosure)  # before any tick


def test_new_custody_closes_in_the_same_moment(world: World) -> None:
    disclosure = opened(world, world.consent())
    mats = world.accounts["Mats"].person
    note_custody(SYSTEM, world.signe, mats, Custody.JOINT, since=TODAY, source="test")
    assert not is_open(world, disclosure)
    disclosure.refresh_from_db()
    assert disclosure.ended_because == "consent_lapsed"


def test_what_is_opened_on_a_yes_that_stands_again_closes_when_custody_changes_once_more(world: World) -> None:
    consent, mats, edvin = world.consent(), *(world.accounts[name].person for name in ("Mats", "Edvin"))
    before = opened(world, consent)
    mistaken = note_custody(SYSTEM, world.signe, mats, Custody.JOINT, since=TODAY, source="test")
    take_back_custody(SYSTEM, mistaken)
    assert consent_stands(consent)
    assert not is_open(world, before)
    again = opened(world, consent)
    note_custody(SYSTEM, world.signe, edvin, Custody.JOINT, since=TODAY, source="test")
    assert not consent_stands(consent)
    assert not is_open(world, again)
    again.refresh_from_db()
    assert again.ended_because == "consent_lapsed"
    assert close_what_lost_its_consent() == 0


def test_what_is_opened_on_a_yes_that_stands_again_carries_the_last_day_that_is_known_of_later(world: World) -> None:
    consent, row = world.consent(), Guardianship.objects.get(child=world.signe, guardian=world.olof)
    opened(world, consent)
    mats = world.accounts["Mats"].person
    take_back_custody(SYSTEM, note_custody(SYSTEM, world.signe, mats, Custody.JOINT, since=TODAY, source="test"))
    again, last = opened(world, consent), TODAY + timedelta(days=10)
    end_custody(SYSTEM, row, last)
    with clock.at(clock.end_of(last) + timedelta(seconds=1)):
        assert not is_open(world, again)  # before any tick


def test_a_yes_that_was_asked_anew_and_is_taken_back_is_taken_back_as_it_was_before_too(world: World) -> None:
    consent = world.consent()
    before = opened(world, consent)
    with clock.at(clock.noon(consent.until - timedelta(days=10))):
        newer = world.ask(renews=consent)
        world.answer(newer, world.olof, "refused")
        assert is_open(world, before)  # a no to more time is no no to the time that was given
        for guardian in (world.amal, world.olof):
            world.answer(newer, guardian, "given")
        world.answer(newer, world.amal, "withdrawn")
        assert consent_state(newer).name == consent_state(consent).name == "withdrawn"
        assert not is_open(world, before)
        world.answer(newer, world.amal, "given")
        assert consent_state(newer).name == "given"
        assert not consent_stands(consent)


@pytest.mark.parametrize("between", ["never answered", "refused", "run out"])
def test_a_yes_asked_anew_twice_is_taken_back_to_the_first_whatever_became_of_the_question_between(
    world: World, between: str
) -> None:
    consent = world.consent()
    before = opened(world, consent)
    renewed_on = consent.until - timedelta(days=20)
    with clock.at(clock.noon(renewed_on)):
        second = world.ask(renews=consent, days=5)
        for guardian in (world.amal, world.olof) if between != "never answered" else ():
            world.answer(second, guardian, "refused" if between == "refused" else "given")
    with clock.at(clock.noon(renewed_on + timedelta(days=6))):
        third = world.ask(renews=second)
        for guardian in (world.amal, world.olof):
            world.answer(third, guardian, "given")
        assert is_open(world, before)
        world.answer(third, world.amal, "withdrawn")
        assert not consent_stands(consent)
        assert not is_open(world, before)


# --- how it ends ------------------------------------------------------------------------------------------------------


def every_row() -> dict[str, int]:
    """How many rows each table holds."""
    models: list[type[Model]] = [model for model in apps.get_models() if model.__module__.startswith("samsyn.")]
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.mark.parametrize("by", ["staff", "the guardian"])
def test_a_no_leaves_no_trace_but_itself(world: World, by: str) -> None:
    consent = world.ask(by="Maja")
    before, rows = every_row(), list(Involvement.objects.values())
    if by == "staff":
        answer_consent(world.as_("Bo"), consent, world.amal, "refused", form="oral", language="sv")
    else:
        answer(at_home(world.amal), consent, "refused", language="ar")
    changed = {name: count - before[name] for name, count in every_row().items() if count != before[name]}
    assert changed == {"sharing.ConsentAnswer": 1, "trail.TrailEntry": 1, "trail.TrailSubject": 1}
    assert list(Involvement.objects.values()) == rows
    with clock.at(clock.end_of(consent.until) + timedelta(days=1)):
        assert close_what_lost_its_consent() == 0
    assert not Duty.objects.exists()
    assert not Notice.objects.exists()


def test_the_end_of_a_yes_is_written_once_and_a_new_yes_begins_anew(world: World) -> None:
    consent = world.consent()
    opened(world, consent)
    world.answer(consent, world.olof, "withdrawn")
    world.answer(consent, world.amal, "withdrawn")
    assert [end.because for end in consent.ends.all()] == ["consent_withdrawn"]
    for guardian in (world.amal, world.olof):
        world.answer(consent, guardian, "given")
    opened(world, consent)
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        assert (close_what_lost_its_consent(), close_what_lost_its_consent()) == (1, 0)
    assert [end.because for end in consent.ends.order_by("pk")] == ["consent_withdrawn", "consent_expired"]


def test_news_that_nobody_has_read_is_called_off_with_what_it_was_about(world: World) -> None:
    consent = world.consent()
    disclosure = opened(world, consent)
    item = disclosure.items.get(kind="plan")
    tell(world.posts["Ines"], "plan_started", room="plan", object_ref=item.ref, child=world.signe)
    tell(world.posts["Maja"], "plan_started", room="plan", object_ref=item.ref, child=world.signe)
    world.answer(consent, world.amal, "withdrawn")
    assert [notice.post for notice in Notice.objects.filter(object_ref=item.ref)] == [world.posts["Maja"]]


def test_renewal_is_proposed_once_thirty_days_before_and_the_new_question_points_at_the_old(world: World) -> None:
    consent = world.consent()
    with on(consent.until - timedelta(days=31)):
        assert propose_renewals() == 0
    with on(consent.until - timedelta(days=30)):
        assert (propose_renewals(), propose_renewals()) == (1, 0)
        duty = Duty.objects.get()
        assert (duty.what, duty.post) == ("renew_consent", world.posts["Bo"])
        assert duty.due_at == clock.end_of(consent.until)
        assert Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ends_soon").count() == 1
        newer = world.ask(renews=consent)
        assert newer.renews == consent
        duty.refresh_from_db()
        assert duty.state == "done"
        with pytest.raises(Refused, match="asked anew already"):
            world.ask(renews=consent)
    with on(consent.until):
        assert propose_renewals() == 0


def test_a_partnership_may_be_reminded_later_of_a_yes_that_ends(world: World) -> None:
    sooner("consent_renewal", 10)
    consent = world.consent()
    with on(consent.until - timedelta(days=11)):
        assert propose_renewals() == 0
        with pytest.raises(Refused, match="There is still time"):
            world.ask(renews=consent)
    with on(consent.until - timedelta(days=10)):
        assert propose_renewals() == 1
        assert world.ask(renews=consent).renews == consent


def test_a_question_is_not_asked_anew_long_before_its_end(world: World) -> None:
    consent = world.consent()
    with pytest.raises(Refused, match="There is still time"):
        world.ask(renews=consent)


def test_a_no_and_a_short_yes_are_never_asked_about_again(world: World) -> None:
    refused, short = world.ask(), world.ask(days=20)
    world.answer(refused, world.amal, "refused")
    for guardian in (world.amal, world.olof):
        world.answer(short, guardian, "given")
    for consent in (refused, short):
        with on(consent.until - timedelta(days=5)):
            assert propose_renewals() == 0


@contextmanager
def on(day: date) -> Iterator[None]:
    """Noon on a day."""
    with clock.at(clock.noon(day)):
        yield


# --- never ask where a no would change nothing ------------------------------------------------------------------------


def test_what_is_open_already_on_a_gate_without_a_yes_is_not_asked_for(world: World) -> None:
    world.named(world.nour, "Siv")
    ground = Sharing(
        gate="under_18_from_health",
        purpose="Hjälp",
        told="Ni vet.",
        needed_because="Nour behöver hjälpen nu.",
        not_less_because="De ska kunna svara.",
    )
    sender, receiver = world.authorities["region"], world.units["early team"]
    disclose(world.as_("Siv"), world.nour, sender, receiver, [("plan", uuid4())], ground)
    with pytest.raises(Refused) as refusal:
        world.ask(by="Siv", child=world.nour, child_reason="", kinds=("plan",))
    assert refusal.value.decision.rule == "under_18_from_health"
    assert world.ask(by="Siv", child=world.nour, child_reason="", kinds=("talk",)).kinds == ["talk"]


def test_who_will_tell_in_any_case_does_not_ask(world: World) -> None:
    with pytest.raises(Refused, match="whatever the family answers"):
        world.ask(by="Siv", child=world.nour, child_reason="", needed_anyway=True)
    asked = world.ask(needed_anyway=True)
    assert asked.authority == world.authorities["school"], "between school and social services a no always counts"


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_states_are_one_table_and_each_line_cites_its_source() -> None:
    assert [line.name for line in CONSENT_STATES] == [
        "expired",
        "withdrawn",
        "disputed",
        "refused",
        "given",
        "partly_given",
        "asked",
    ]
    assert [line.name for line in CONSENT_STATES if line.opens] == ["given"]
    for line in CONSENT_STATES:
        assert law.on(TODAY).row(line.source).sentence_sv


def test_a_consent_goes_through_all_its_states(world: World) -> None:
    consent = world.ask()
    seen = [consent_state(consent).name]
    for who, step in (
        (world.amal, "given"),
        (world.olof, "refused"),
        (world.olof, "given"),
        (world.olof, "withdrawn"),
    ):
        world.answer(consent, who, step)
        seen.append(consent_state(consent).name)
    with clock.at(clock.end_of(consent.until) + timedelta(seconds=1)):
        seen.append(consent_state(consent).name)
    assert seen == ["asked", "partly_given", "disputed", "given", "withdrawn", "expired"]
    other = world.ask()
    world.answer(other, world.amal, "refused")
    assert consent_state(other).name == "refused"
