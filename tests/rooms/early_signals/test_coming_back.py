"""When the yes to a hand-over ends, what went along and can no longer be read comes back: nothing lies with nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from samsyn.circle.actions import give_named_person
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    accept_request,
    agree_counter,
    answer_five_questions,
    close_sign,
    counter_request,
    finish_request,
    merge_sign,
    record_talk,
    revoke_request,
    send_request,
    tell_noticer,
)
from samsyn.early_signals.models import Outcome, Request, Sign, Talk
from samsyn.notices.models import Notice
from samsyn.sharing.actions import (
    Sharing,
    answer_consent,
    ask_consent,
    close_what_lost_its_consent,
    disclose,
    stop_sharing,
)
from samsyn.sharing.models import Consent, Disclosure, Involvement, Reason
from samsyn.sharing.predicate import follows
from samsyn.trail.models import TrailEntry
from tests.rooms.early_signals.world import ANSWERS, World, now, open_duties, request_now


def hands_over(world: World, *kinds: str, giver: str = "Bo", receiver: str = "Siv", unit: str = "bvc") -> Consent:
    """Somebody hands being Signe's named person over to another authority, on the family's yes.

    The signs go along, when the yes is not to other kinds of things.
    """
    viewer = world.as_(giver)
    consent = ask_consent(
        viewer,
        world.signe,
        purpose=f"{receiver} följer Signe.",
        kinds=kinds or ("request", "sign", "circle"),
        receivers=[world.units[unit]],
        until=clock.today() + timedelta(days=180),
        form="oral",
        language="sv",
    )
    for guardian in (world.amal, world.olof):
        answer_consent(viewer, consent, guardian, "given", form="oral", language="sv")
    offer = propose_handover(
        viewer, world.signe, HandoverKind.NAMED_PERSON, world.posts[receiver], note="Hej.", consent=consent
    )
    answer_handover(world.as_(receiver), offer, accept=True)
    return consent


def takes_back(world: World, consent: Consent) -> None:
    """Amal takes back the yes; Siv is still Signe's named person."""
    answer_consent(world.as_("Bo"), consent, world.amal, "withdrawn", form="oral", language="sv")


def duties_on(sign: Sign) -> set[tuple[str, str]]:
    """What is to be done about a sign, and by whom."""
    return {(what, title) for what, title, _due in open_duties(sign.ref)}


def reasons(world: World, name: str) -> set[str]:
    """Why a post has to do with Signe after today."""
    rows = Involvement.objects.filter(child=world.signe, post=world.posts[name])
    return set(rows.filter(until=None).values_list("reason", flat=True))


def test_while_the_yes_stands_the_sign_is_the_new_named_persons(world: World) -> None:
    sign = world.in_dialogue()
    hands_over(world)
    assert duties_on(sign) == {("five_questions", "bvc-sköterska")}
    assert sign in Sign.objects.visible_to(world.as_("Siv"))
    with pytest.raises(Refused):
        answer_five_questions(world.as_("Bo"), sign, ANSWERS)


def test_when_the_yes_is_taken_back_the_sign_comes_back_to_who_had_it_and_is_finished_there(world: World) -> None:
    sign = world.in_dialogue()
    takes_back(world, hands_over(world))
    assert sign not in Sign.objects.visible_to(world.as_("Siv"))
    assert duties_on(sign) == {("five_questions", "rektor"), ("look_at_yes", "rektor")}
    bo = world.as_("Bo")
    assert sign in Sign.objects.visible_to(bo)
    assert Talk.objects.visible_to(bo).filter(sign=sign).exists()
    assert follows(bo, world.signe, clock.now())
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ended").exists()
    assert TrailEntry.objects.filter(act="sign.came_back", subjects__ref=sign.ref).exists()
    record_talk(bo, sign, world.talk())
    answer_five_questions(bo, now(sign), replace(ANSWERS, decision="advice"))
    tell_noticer(bo, now(sign), "Tack, vi har talat med familjen.")
    assert duties_on(sign) == {("close_sign", "rektor")}
    close_sign(bo, now(sign))
    assert duties_on(sign) == set()
    assert "came_back" not in reasons(world, "Bo")


def test_when_the_school_closes_the_sign_to_her_it_comes_back_too_and_bo_is_told(world: World) -> None:
    sign = world.in_dialogue()
    hands_over(world)
    stop_sharing(world.as_("Bo"), Disclosure.objects.filter(items__ref=sign.ref, ended_at=None).distinct().get())
    assert sign not in Sign.objects.visible_to(world.as_("Siv"))
    assert duties_on(sign) == {("five_questions", "rektor")}
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ended", object_ref=sign.ref).count() == 1
    answer_five_questions(world.as_("Bo"), now(sign), replace(ANSWERS, decision="advice"))


def test_when_the_school_closes_the_question_to_ines_she_need_not_answer_it_and_bo_is_told(world: World) -> None:
    request = world.asked()
    assert [what for what, _, _ in open_duties(request.ref)] == ["answer_request"]
    assert request.disclosure is not None
    stop_sharing(world.as_("Bo"), request.disclosure)
    assert not Request.objects.visible_to(world.as_("Ines")).exists()
    assert open_duties(request.ref) == []
    assert Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ended", object_ref=request.ref).count() == 1
    revoke_request(world.as_("Bo"), request_now(request))


@pytest.mark.parametrize("what", ["another way is proposed", "the yes is taken back", "it is closed"])
def test_a_question_of_a_named_person_whom_the_register_replaced_can_be_read_by_whoever_has_to_go_on(
    world: World, what: str
) -> None:
    give_named_person(SYSTEM, world.signe, world.posts["Bo"])
    request = send_request(
        world.as_("Bo"),
        world.signe,
        None,
        world.units["early team"],
        wanted="Någon som kan hjälpa familjen på kvällarna.",
        background="Signe är trött på morgnarna.",
        includes_sign=False,
        ground=world.yes(world.consent("early team")),
    )
    give_named_person(SYSTEM, world.signe, world.posts["Siv"])
    assert request.disclosure is not None
    if what == "another way is proposed":
        counter_request(world.as_("Ines"), request, "Hellre på fredagar.")
        assert [(one, title) for one, title, _ in open_duties(request.ref)] == [("answer_counter", "rektor")]
    elif what == "the yes is taken back":
        assert request.disclosure.consent is not None
        takes_back(world, request.disclosure.consent)
        assert [(one, title) for one, title, _ in open_duties(request.ref)] == [("look_at_yes", "rektor")]
    else:
        stop_sharing(world.as_("Bo"), request.disclosure)
    assert request in Request.objects.visible_to(world.as_("Bo"))
    revoke_request(world.as_("Bo"), request_now(request))
    assert "came_back" not in reasons(world, "Bo")


def test_nobody_else_answers_for_a_sign_that_came_back(world: World) -> None:
    sign = world.in_dialogue()
    takes_back(world, hands_over(world))
    for name in ("Maja", "Hanna", "Ines"):
        with pytest.raises(Refused):
            answer_five_questions(world.as_(name), now(sign), ANSWERS)


def test_it_comes_back_when_the_yes_has_run_out_and_to_the_post_above_where_the_own_has_ended(world: World) -> None:
    sign = world.in_dialogue()
    consent = hands_over(world)
    bo = world.posts["Bo"]
    bo.ended_on, bo.parent = clock.today() + timedelta(days=1), world.posts["Hanna"]
    bo.save()
    with clock.at(clock.end_of(consent.until) + timedelta(hours=9)):
        assert close_what_lost_its_consent() > 0
    assert duties_on(sign) == {("five_questions", "biträdande rektor"), ("look_at_yes", "biträdande rektor")}


def test_two_signs_come_back_and_can_be_joined_there(world: World) -> None:
    first, second = world.sent(), world.sent("Mats", saw="Signe grät i dag.")
    takes_back(world, hands_over(world))
    assert duties_on(first) == duties_on(second) == {("acknowledge_sign", "rektor"), ("look_at_yes", "rektor")}
    merge_sign(world.as_("Bo"), now(second), now(first))
    assert "came_back" in reasons(world, "Bo")
    assert duties_on(second) == set()


def test_a_request_that_bo_had_made_comes_back_to_him_too(world: World) -> None:
    request = world.asked()
    takes_back(world, hands_over(world))
    counter_request(world.as_("Ines"), request, "Två hembesök först.")
    counter = Duty.objects.get(object_ref=request.ref, what="answer_counter", state=DutyState.OPEN)
    assert counter.post == world.posts["Bo"]
    with pytest.raises(Refused):
        agree_counter(world.as_("Siv"), request_now(request))
    agree_counter(world.as_("Bo"), request_now(request))
    revoke_request(world.as_("Bo"), request_now(request))
    assert not Duty.objects.filter(object_ref=request.ref, state=DutyState.OPEN).exists()


def test_help_that_was_begun_goes_on_and_is_ended_by_who_gives_it(world: World) -> None:
    request = world.asked()
    accept_request(world.as_("Ines"), request)
    takes_back(world, hands_over(world))
    finish_request(world.as_("Ines"), request_now(request), Outcome.HELPED, "Det gick bra.")
    told = Notice.objects.filter(text_key="request_done").order_by("-pk").first()
    assert told is not None
    assert told.post == world.posts["Bo"]


def test_inside_one_authority_nothing_comes_back(world: World) -> None:
    sign = world.in_dialogue()
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Hanna"], note="Hej.")
    answer_handover(world.as_("Hanna"), offer, accept=True)
    takes_back(world, world.consent("early team"))
    assert duties_on(sign) == {("five_questions", "biträdande rektor")}
    assert not Involvement.objects.filter(reason=Reason.CAME_BACK).exists()


# --- what never went along --------------------------------------------------------------------------------------------


def test_a_sign_that_the_yes_does_not_name_stays_with_who_hands_over(world: World) -> None:
    sign = world.in_dialogue()
    hands_over(world, "circle")
    assert sign not in Sign.objects.visible_to(world.as_("Siv"))
    assert duties_on(sign) == {("five_questions", "rektor")}
    bo = world.as_("Bo")
    assert sign in Sign.objects.visible_to(bo)
    record_talk(bo, sign, world.talk())
    answer_five_questions(bo, now(sign), replace(ANSWERS, decision="advice"))
    tell_noticer(bo, now(sign), "Tack, vi har talat med familjen.")
    close_sign(bo, now(sign))
    assert "came_back" not in reasons(world, "Bo")


def test_a_request_that_the_yes_does_not_name_stays_with_who_hands_over(world: World) -> None:
    request = world.asked()
    counter_request(world.as_("Ines"), request, "Två hembesök först.")
    hands_over(world, "circle")
    counter = Duty.objects.get(object_ref=request.ref, what="answer_counter", state=DutyState.OPEN)
    assert counter.post == world.posts["Bo"]
    with pytest.raises(Refused):
        agree_counter(world.as_("Siv"), request_now(request))
    agree_counter(world.as_("Bo"), request_now(request))


def test_a_sign_stays_where_it_is_held_when_a_register_names_somebody_elsewhere(world: World) -> None:
    sign = world.in_dialogue()
    give_named_person(SYSTEM, world.signe, world.posts["Siv"])
    assert duties_on(sign) == {("five_questions", "rektor")}
    assert sign in Sign.objects.visible_to(world.as_("Bo"))


def test_a_sign_that_came_with_the_child_goes_on_with_it(world: World) -> None:
    sign = world.in_dialogue()
    hands_over(world)
    hands_over(world, giver="Siv", receiver="Edvin", unit="reception")
    assert sign in Sign.objects.visible_to(world.as_("Edvin"))
    assert duties_on(sign) == {("five_questions", "utredare")}


def test_a_sign_that_was_opened_for_another_reason_does_not_go_on_with_the_child(world: World) -> None:
    sign = world.in_dialogue()
    bo = world.as_("Bo")
    ground = Sharing(gate="consent", purpose="Råd.", told="Ni vet.", consent=world.consent("bvc"))
    disclose(bo, world.signe, world.school, world.units["bvc"], [("sign", sign.ref)], ground)
    give_named_person(SYSTEM, world.signe, world.posts["Siv"])
    assert sign in Sign.objects.visible_to(world.as_("Siv"))
    hands_over(world, giver="Siv", receiver="Edvin", unit="reception")
    assert sign not in Sign.objects.visible_to(world.as_("Edvin"))
    assert duties_on(sign) == {("five_questions", "rektor")}
