"""A sign's way: Maja notices, Bo takes it on, talks, decides, tells and closes. Nobody is forgotten on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from samsyn.circle.actions import current_named_person
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.actions import escalate_overdue
from samsyn.duties.models import Duty, DutyState, Escalation
from samsyn.early_signals import rules
from samsyn.early_signals.actions import (
    ChangedMeanwhile,
    acknowledge,
    answer_five_questions,
    close_sign,
    merge_sign,
    record_talk,
    save_draft,
    send_sign,
    tell_noticer,
)
from samsyn.early_signals.models import FiveQuestions, RequestStep, Sign, SignState, Talk
from samsyn.notices.models import Notice
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing
from samsyn.sharing.models import Delivery, Disclosure
from samsyn.trail.models import TrailSubject
from tests.rooms.early_signals.world import ANSWERS, NOTED, TODAY, World, now, open_duties, told

TO_BVC = Sharing(
    gate="under_18_from_social_services",
    purpose="Att Siv kan stödja Nour",
    needed_because="Siv träffar Nour i veckan.",
    not_less_because="Utan texten kan Siv inte hjälpa.",
    told="Amal vet att jag berättar.",
    rendering="Nour åt inte på hela förmiddagen.",
)


# --- sent -----------------------------------------------------------------------------------------------------------


def test_majas_sign_comes_to_bo_who_is_the_named_person_from_then_on(world: World) -> None:
    sign = world.sent()
    assert sign.state == SignState.RECEIVED
    assert current_named_person(world.signe).post == world.posts["Bo"]  # type: ignore[union-attr]
    assert sign in Sign.objects.visible_to(world.as_("Bo"))
    assert told(world.posts["Bo"]) == ["sign_received"]
    assert open_duties(sign.ref) == [("acknowledge_sign", "rektor", TODAY + timedelta(days=2))]


def test_no_gate_and_no_disclosure_inside_the_own_authority(world: World) -> None:
    assert world.sent().disclosure is None
    assert not Disclosure.objects.exists()


def test_maja_still_sees_what_she_sent_and_mats_never_does(world: World) -> None:
    sign = world.sent()
    assert sign in Sign.objects.visible_to(world.as_("Maja"))
    assert sign not in Sign.objects.visible_to(world.as_("Mats"))
    assert sign not in Sign.objects.visible_to(world.as_("Siv"))


def test_sending_is_quick(world: World) -> None:
    sign = world.draft()
    viewer = world.as_("Maja")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        send_sign(viewer, sign)
    counted = [one["sql"] for one in asked if not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))]
    assert len(counted) <= 16, "\n".join(counted)


def test_the_second_sign_goes_to_the_same_named_person(world: World) -> None:
    world.sent()
    world.sent("Mats")
    assert NamedPerson.objects.filter(child=world.signe).count() == 1


def test_what_is_missing_stops_the_sending_and_leaves_the_draft(world: World) -> None:
    sign = world.draft(noted=replace(NOTED, areas=()))
    with pytest.raises(Refused) as refusal:
        send_sign(world.as_("Maja"), sign)
    assert refusal.value.decision.field == "areas"
    assert now(sign).state == SignState.DRAFT
    assert not NamedPerson.objects.exists()


def test_an_observation_in_the_future_is_not_sent(world: World) -> None:
    with pytest.raises(Refused, match="has not come yet"):
        send_sign(world.as_("Maja"), world.draft(noted=replace(NOTED, observed_on=TODAY + timedelta(days=1))))


def test_nobody_sends_what_another_one_changed_after_the_preview(world: World) -> None:
    sign = world.draft()
    save_draft(world.as_("Maja"), sign, replace(NOTED, saw="Något helt annat."), sign.version)
    with pytest.raises(ChangedMeanwhile):
        send_sign(world.as_("Maja"), sign, version=sign.version)
    assert now(sign).state == SignState.DRAFT


def test_a_sign_is_sent_once(world: World) -> None:
    sign = world.sent()
    with pytest.raises(Refused, match="has been sent"):
        send_sign(world.as_("Maja"), sign)


def test_a_child_whose_place_nobody_knows_gets_a_kind_sentence_and_the_draft_stays(world: World) -> None:
    stranger = Person.objects.create(given_name="Adam", birth_date=date(2010, 1, 2), created_at=clock.now())
    sign = world.draft(child=stranger)
    with pytest.raises(Refused, match="Ask the duty desk"):
        send_sign(world.as_("Maja"), sign)
    assert now(sign).state == SignState.DRAFT


# --- across authorities ---------------------------------------------------------------------------------------------


def test_ines_tells_siv_about_nour_through_the_gate_for_those_under_18(world: World) -> None:
    sign = send_sign(world.as_("Ines"), world.draft("Ines", world.nour), TO_BVC)
    assert sign.authority == world.region
    assert sign.noticer_authority == world.social
    assert sign in Sign.objects.visible_to(world.as_("Siv"))
    assert sign in Sign.objects.visible_to(world.as_("Ines"))
    assert sign not in Sign.objects.visible_to(world.as_("Edvin"))
    delivered = Delivery.objects.get(disclosure=sign.disclosure)
    assert (delivered.unit, delivered.rendering) == (world.units["bvc"], TO_BVC.rendering)
    assert open_duties(sign.ref) == [("acknowledge_sign", "bvc-sköterska", TODAY + timedelta(days=2))]


def test_without_a_ground_nothing_leaves_the_authority(world: World) -> None:
    sign = world.draft("Ines", world.nour)
    with pytest.raises(Refused) as refusal:
        send_sign(world.as_("Ines"), sign)
    assert refusal.value.decision.field == "gate"
    with pytest.raises(Refused, match="Look through"):
        send_sign(world.as_("Ines"), sign, replace(TO_BVC, rendering=""))
    assert not Disclosure.objects.exists()
    assert not NamedPerson.objects.exists()


def test_the_gate_between_health_and_social_services_is_not_for_school(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        send_sign(world.as_("Mats"), world.draft("Mats", world.nour), TO_BVC)
    assert refusal.value.decision.field == "gate"
    assert not Disclosure.objects.exists()


# --- taken on -------------------------------------------------------------------------------------------------------


def test_bo_takes_it_on_and_maja_knows(world: World) -> None:
    sign = acknowledge(world.as_("Bo"), world.sent())
    assert sign.state == SignState.ACKNOWLEDGED
    assert open_duties(sign.ref) == [("talk_with_family", "rektor", TODAY + timedelta(days=7))]
    assert told(world.posts["Maja"]) == ["sign_taken_on"]


def test_all_times_run_from_the_sending_however_late_it_is_taken_on(world: World) -> None:
    sign = world.sent()
    with clock.at(clock.noon(TODAY + timedelta(days=6))):
        acknowledge(world.as_("Bo"), sign)
        assert open_duties(sign.ref) == [("talk_with_family", "rektor", TODAY + timedelta(days=7))]
        record_talk(world.as_("Bo"), sign, world.talk())
        assert open_duties(sign.ref) == [("five_questions", "rektor", TODAY + timedelta(days=14))]


def test_hanna_who_covers_takes_it_on_when_bo_is_ill(world: World) -> None:
    sign = world.sent()
    world.away("Bo", covered_by="Hanna")
    assert acknowledge(world.as_("Hanna", "Bo"), sign).state == SignState.ACKNOWLEDGED


def test_hanna_in_her_own_post_does_not(world: World) -> None:
    with pytest.raises(Refused, match=r"named_person.* does this"):
        acknowledge(world.as_("Hanna"), world.sent())


def test_it_is_taken_on_once(world: World) -> None:
    sign = acknowledge(world.as_("Bo"), world.sent())
    with pytest.raises(Refused, match="has been taken on"):
        acknowledge(world.as_("Bo"), sign)


def test_silence_is_told_to_the_post_above_once_and_moves_nothing(world: World) -> None:
    sign = world.sent()
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        assert escalate_overdue() == 1
        assert escalate_overdue() == 0
    assert Escalation.objects.get().to_post == world.posts["Karin"]
    assert [(what, whose) for what, whose, _ in open_duties(sign.ref)] == [("acknowledge_sign", "rektor")]


# --- talks and the five questions -----------------------------------------------------------------------------------


def test_bo_writes_the_talk_down_in_signes_words_and_may_hold_another(world: World) -> None:
    sign = acknowledge(world.as_("Bo"), world.sent())
    record_talk(world.as_("Bo"), sign, world.talk())
    record_talk(world.as_("Bo"), sign, replace(world.talk(), child_words="Det är bättre nu."))
    assert [talk.child_words for talk in Talk.objects.visible_to(world.as_("Bo")).order_by("pk")] == [
        "Jag vill att det är tyst när jag ska sova.",
        "Det är bättre nu.",
    ]
    assert now(sign).state == SignState.DIALOGUE
    assert [what for what, _, _ in open_duties(sign.ref)] == ["five_questions"]


def test_maja_does_not_read_what_the_family_said(world: World) -> None:
    world.in_dialogue()
    assert not Talk.objects.visible_to(world.as_("Maja")).exists()


def test_somebody_who_was_not_spoken_to_needs_a_reason(world: World) -> None:
    sign = acknowledge(world.as_("Bo"), world.sent())
    with pytest.raises(Refused) as refusal:
        record_talk(world.as_("Bo"), sign, replace(world.talk(), with_guardians=()))
    assert refusal.value.decision.field == "not_with_guardians_because"
    assert not Talk.objects.exists()
    assert now(sign).state == SignState.ACKNOWLEDGED


def test_bo_answers_the_five_questions_and_then_tells_maja_in_five_working_days(world: World) -> None:
    sign = world.decided("own_help")
    assert (sign.state, sign.decision) == (SignState.DECIDED, "own_help")
    assert FiveQuestions.objects.get(sign=sign).in_the_way == ANSWERS.in_the_way
    assert open_duties(sign.ref) == [("tell_noticer", "rektor", TODAY + timedelta(days=7))]


def test_the_questions_are_answered_once(world: World) -> None:
    with pytest.raises(Refused, match="has been decided"):
        answer_five_questions(world.as_("Bo"), world.decided(), ANSWERS)


def test_an_empty_answer_is_asked_for_and_nothing_is_kept(world: World) -> None:
    sign = world.in_dialogue()
    with pytest.raises(Refused) as refusal:
        answer_five_questions(world.as_("Bo"), sign, replace(ANSWERS, can_do_now=" "))
    assert refusal.value.decision.field == "can_do_now"
    assert not FiveQuestions.objects.exists()


def test_a_talk_after_the_decision_leaves_the_decision(world: World) -> None:
    sign = world.decided()
    record_talk(world.as_("Bo"), sign, world.talk())
    assert now(sign).state == SignState.DECIDED
    assert [what for what, _, _ in open_duties(sign.ref)] == ["tell_noticer"]


# --- told and closed ------------------------------------------------------------------------------------------------


def test_bo_closes_and_maja_gets_her_answer(world: World) -> None:
    sign = close_sign(world.as_("Bo"), world.decided("own_help"), "Tack. Vi har talat med familjen.")
    assert sign.state == SignState.CLOSED
    assert open_duties(sign.ref) == []
    assert told(world.posts["Maja"]) == ["sign_taken_on", "sign_closed"]
    assert Sign.objects.visible_to(world.as_("Maja")).get().told_noticer == "Tack. Vi har talat med familjen."


def test_without_an_answer_to_maja_it_stays_open(world: World) -> None:
    sign = world.decided("own_help")
    with pytest.raises(Refused) as refusal:
        close_sign(world.as_("Bo"), sign, "  ")
    assert refusal.value.decision.field == "feedback"
    assert now(sign).state == SignState.DECIDED


def test_maja_is_told_in_time_although_the_help_is_still_under_way(world: World) -> None:
    request = world.asked("elevhälsan")
    sign = tell_noticer(world.as_("Bo"), request.sign, "Tack. Vi är i gång.")  # type: ignore[arg-type]
    assert sign.state == SignState.DECIDED
    assert told(world.posts["Maja"])[-1] == "feedback_given"
    assert open_duties(sign.ref) == [("close_sign", "rektor", TODAY + timedelta(days=42))]


def test_what_maja_has_been_told_stands_when_it_is_closed_later(world: World) -> None:
    sign = tell_noticer(world.as_("Bo"), world.decided("advice"), "Tack. Vi är i gång.")
    assert close_sign(world.as_("Bo"), sign).told_noticer == "Tack. Vi är i gång."
    assert told(world.posts["Maja"])[-1] == "sign_closed"


def test_an_open_request_keeps_the_sign_open(world: World) -> None:
    request = world.asked("elevhälsan")
    with pytest.raises(Refused, match="still open"):
        close_sign(world.as_("Bo"), request.sign, "Tack.")  # type: ignore[arg-type]


@pytest.mark.parametrize("verb", [acknowledge, close_sign])
def test_acting_on_what_was_closed_meanwhile_gets_a_kind_sentence(world: World, verb: object) -> None:
    sign = world.decided("advice")
    close_sign(world.as_("Bo"), sign, "Tack.")
    with pytest.raises(Refused, match="write a new one"):
        verb(world.as_("Bo"), sign)  # type: ignore[operator]


def test_bo_who_noticed_himself_is_not_told_by_himself(world: World) -> None:
    sign = acknowledge(world.as_("Bo"), world.sent("Bo"))
    assert sign.state == SignState.ACKNOWLEDGED
    assert "sign_taken_on" not in told(world.posts["Bo"])


# --- joined ---------------------------------------------------------------------------------------------------------


def test_a_sign_joined_with_an_earlier_one_keeps_both_noticers(world: World) -> None:
    first, second = world.in_dialogue(), world.sent("Mats", "Signe somnade på lektionen.")
    joined = merge_sign(world.as_("Bo"), second, first)
    assert (joined.state, joined.merged_into) == (SignState.MERGED, first)
    assert open_duties(joined.ref) == []
    assert [what for what, _, _ in open_duties(first.ref)] == ["five_questions"]
    assert told(world.posts["Mats"]) == ["sign_joined"]
    answer_five_questions(world.as_("Bo"), first, replace(ANSWERS, decision="own_help"))
    close_sign(world.as_("Bo"), first, "Tack båda två.")
    assert told(world.posts["Mats"]) == ["sign_joined", "sign_closed"]
    assert told(world.posts["Maja"])[-1] == "sign_closed"
    assert Sign.objects.visible_to(world.as_("Mats")).get().told_noticer == "Tack båda två."


def test_harm_that_is_feared_in_a_joined_sign_is_told_in_the_worklist_until_the_earlier_one_is_closed(
    world: World,
) -> None:
    first, middle = world.in_dialogue(), world.sent("Mats", "Två.")
    feared = replace(NOTED, saw="Signe hade blåmärken på armarna.", harm_feared=True)
    third = send_sign(world.as_("Elin"), world.draft("Elin", noted=feared))
    merge_sign(world.as_("Bo"), third, middle)
    assert Duty.objects.get(object_ref=middle.ref, state="open").harm_feared
    merge_sign(world.as_("Bo"), middle, first)
    assert Duty.objects.get(object_ref=first.ref, state="open").harm_feared
    answer_five_questions(world.as_("Bo"), first, replace(ANSWERS, decision="own_help"))
    assert Duty.objects.get(object_ref=first.ref, state="open").harm_feared
    assert not now(first).harm_feared, "what Maja wrote is hers"


def test_a_chain_of_three_ends_at_the_first_and_all_three_are_told(world: World) -> None:
    first, second, third = world.in_dialogue(), world.sent("Mats", "Två."), world.sent("Elin", "Tre.")
    merge_sign(world.as_("Bo"), third, second)
    merge_sign(world.as_("Bo"), second, first)
    assert now(third).merged_into_id == first.pk
    tell_noticer(
        world.as_("Bo"),
        answer_five_questions(world.as_("Bo"), first, replace(ANSWERS, decision="advice")).sign,
        "Tack alla tre.",
    )
    assert [told(world.posts[name])[-1] for name in ("Maja", "Mats", "Elin")] == ["feedback_given"] * 3


def test_joining_moves_no_time_forward_and_needs_what_fits(world: World) -> None:
    first, second = world.sent(), world.sent("Mats", "Två.")
    with pytest.raises(Refused, match="so that no time is lost"), clock.at(clock.now() + timedelta(hours=1)):
        merge_sign(world.as_("Bo"), first, world.sent("Elin", "Tre."))
    with pytest.raises(Refused, match="another sign than this"):
        merge_sign(world.as_("Bo"), second, second)
    with pytest.raises(Refused, match=r"named_person.* does this"):
        merge_sign(world.as_("Hanna"), second, first)
    siv_sign = send_sign(world.as_("Ines"), world.draft("Ines", world.nour), TO_BVC)
    with pytest.raises(Refused, match="different children"):
        merge_sign(world.as_("Bo"), second, siv_sign)
    assert now(second).state == SignState.RECEIVED


# --- the trail ------------------------------------------------------------------------------------------------------


def test_replaying_the_trail_gives_each_signs_state(world: World) -> None:
    first, second = world.in_dialogue(), world.sent("Mats", "Två.")
    merge_sign(world.as_("Bo"), second, first)
    answer_five_questions(world.as_("Bo"), first, replace(ANSWERS, decision="advice"))
    close_sign(world.as_("Bo"), first, "Tack.")
    world.sent("Elin", "Tre.")
    world.draft("Hanna")
    for sign in Sign.objects.all():
        entries = TrailSubject.objects.filter(kind="sign", ref=sign.ref).exclude(state="").order_by("entry_id")
        assert entries.last().state == sign.state  # type: ignore[union-attr]
    states = [row.state for row in TrailSubject.objects.filter(kind="sign", ref=first.ref).order_by("entry_id")]
    assert states == [
        "draft", "draft", "received", "acknowledged", "dialogue", "dialogue", "decided", "closed",
    ]  # fmt: skip


def test_every_open_sign_has_exactly_one_duty_and_a_closed_one_none(world: World) -> None:
    sign = world.draft()
    expected = []
    for step in (
        lambda: send_sign(world.as_("Maja"), sign),
        lambda: acknowledge(world.as_("Bo"), sign),
        lambda: record_talk(world.as_("Bo"), sign, world.talk()),
        lambda: answer_five_questions(world.as_("Bo"), sign, replace(ANSWERS, decision="advice")),
        lambda: tell_noticer(world.as_("Bo"), sign, "Tack."),
        lambda: tell_noticer(world.as_("Bo"), sign, "Tack igen."),
    ):
        step()
        expected.append(Duty.objects.filter(object_ref=sign.ref, state=DutyState.OPEN).count())
    assert expected == [1] * 6
    close_sign(world.as_("Bo"), sign)
    assert open_duties(sign.ref) == []
    assert not Duty.objects.filter(object_ref=sign.ref, state=DutyState.DROPPED).exists()


def test_no_notice_holds_a_word_of_what_was_written(world: World) -> None:
    close_sign(world.as_("Bo"), world.decided("advice"), "Tack.")
    from samsyn.early_signals.words import NOTICE_WORDS

    assert set(Notice.objects.values_list("text_key", flat=True)) <= set(NOTICE_WORDS)


def test_the_longest_text_is_kept_whole(world: World) -> None:
    text = "å" * rules.LONGEST_TEXT
    assert now(send_sign(world.as_("Maja"), world.draft(noted=replace(NOTED, saw=text)))).saw == text


@pytest.mark.parametrize("model", [Talk, FiveQuestions, RequestStep])
def test_what_was_said_and_decided_is_never_rewritten(world: World, model: type[Model]) -> None:
    world.asked("elevhälsan")
    row = model._default_manager.get()
    for rewrite in (lambda: model._default_manager.update(child=world.nour), row.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rewrite()
