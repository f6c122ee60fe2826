"""Asking for help: who asks stays responsible, only a yes moves a part, a no has an alternative, nobody is bounced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.actions import escalate_overdue
from samsyn.duties.models import Duty, DutyState, Escalation
from samsyn.early_signals.actions import (
    ChangedMeanwhile,
    accept_request,
    agree_counter,
    close_sign,
    counter_request,
    decline_request,
    declined_by,
    finish_request,
    revoke_request,
    send_request,
    settle,
    tell_noticer,
)
from samsyn.early_signals.answers import goes_with_the_child, hangs_on_post
from samsyn.early_signals.models import Outcome, Request, RequestState, RequestStep, Sign, Talk
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, answer_consent, stop_sharing
from samsyn.sharing.models import Disclosure, Involvement, Reason
from samsyn.sharing.predicate import explain
from samsyn.trail.models import TrailSubject
from tests.rooms.early_signals.world import TODAY, World, now, open_duties, request_now, told

TEN_WORKING_DAYS = TODAY + timedelta(days=14)
UNDER_18 = Sharing(
    gate="under_18_from_health",
    purpose="Rätt stöd till Nour",
    needed_because="Ines kan ge stöd hemma.",
    not_less_because="Utan frågan kan Ines inte svara.",
    told="Amal vet att jag frågar.",
)


def ask(world: World, name: str, child: Person, sign: Sign | None, unit: str, ground: Sharing | None = None) -> Request:
    """Somebody asks a unit for help, in the same words each time."""
    return send_request(
        world.as_(name),
        child,
        sign,
        world.units[unit],
        wanted="Någon som kan råda oss.",
        background="Det har varit svårt en tid.",
        ground=ground,
    )


def duties_of(request: Request) -> list[tuple[str, str]]:
    """Open duties about a request: what, and whose."""
    return [(what, whose) for what, whose, _ in open_duties(request.ref)]


def no_from(world: World, name: str, request: Request) -> Request:
    """Somebody declines, with a reason and an alternative."""
    return decline_request(world.as_(name), request, reason="Fullt till maj.", alternative="Familjecentralen.")


# --- sent -----------------------------------------------------------------------------------------------------------


def test_bo_asks_elin_in_the_own_authority_without_a_gate(world: World) -> None:
    request = world.asked("elevhälsan")
    assert request.state == RequestState.SENT
    assert request.disclosure is None
    assert open_duties(request.ref) == [("answer_request", "skolsköterska", TEN_WORKING_DAYS)]
    assert told(world.posts["Elin"]) == ["request_received"]


def test_sending_moves_nothing_at_bo(world: World) -> None:
    sign = world.decided()
    before = open_duties(sign.ref)
    world.asked("elevhälsan", sign=sign)
    assert open_duties(sign.ref) == before
    assert now(sign).state == "decided"


def test_elin_reads_what_is_asked_and_no_more_before_she_has_said_yes(world: World) -> None:
    request = world.asked("elevhälsan")
    assert list(Request.objects.visible_to(world.as_("Elin"))) == [request]
    assert not Sign.objects.visible_to(world.as_("Elin")).exists()
    assert not Talk.objects.visible_to(world.as_("Elin")).exists()


def test_the_sign_comes_along_only_when_bo_chooses_it(world: World) -> None:
    request = world.asked("elevhälsan", includes_sign=True)
    assert list(Sign.objects.visible_to(world.as_("Elin"))) == [request.sign]


def test_ines_in_another_authority_reads_it_through_the_familys_yes(world: World) -> None:
    request = world.asked("early team", includes_sign=True)
    assert request.disclosure is not None
    assert request.disclosure.gate == "consent"
    assert {item.kind for item in request.disclosure.items.all()} >= {"request", "sign"}
    assert list(Request.objects.visible_to(world.as_("Ines"))) == [request]
    assert list(Sign.objects.visible_to(world.as_("Ines"))) == [request.sign]
    assert RequestStep.objects.visible_to(world.as_("Ines")).get().words == request.wanted
    assert not Request.objects.visible_to(world.as_("Edvin")).exists()


def test_when_amal_takes_her_yes_back_ines_no_longer_reads_it(world: World) -> None:
    request = world.asked("early team")
    consent = request.disclosure.consent if request.disclosure else None
    assert consent is not None
    answer_consent(world.as_("Bo"), consent, world.amal, "withdrawn", form="oral", language="ar")
    assert not Request.objects.visible_to(world.as_("Ines")).exists()
    assert duties_of(request) == [("look_at_yes", "rektor")], "Ines need not answer what she can no longer read"
    assert told(world.posts["Ines"]) == []
    assert told(world.posts["Bo"])[-1:] == ["yes_ended"]
    revoke_request(world.as_("Bo"), request)
    assert duties_of(request) == []


def test_when_amal_takes_her_yes_back_after_ines_said_yes_bo_ends_it_and_nothing_is_left_open(world: World) -> None:
    request = world.asked("early team")
    sign, consent = request.sign, request.disclosure.consent if request.disclosure else None
    assert sign is not None
    assert consent is not None
    accept_request(world.as_("Ines"), request)
    with pytest.raises(Refused, match="accepted already"):
        revoke_request(world.as_("Bo"), request)
    answer_consent(world.as_("Bo"), consent, world.amal, "withdrawn", form="oral", language="ar")
    assert duties_of(request) == [("look_at_yes", "rektor")], "Ines need not carry out what she can no longer read"
    assert told(world.posts["Ines"]) == ["closed_to_you"]
    revoke_request(world.as_("Bo"), request, "Familjen vill vänta.")
    assert request_now(request).state == "revoked"
    assert duties_of(request) == []
    answers = Involvement.objects.filter(post=world.posts["Ines"], reason=Reason.ANSWERS_REQUEST)
    assert not answers.filter(until=None).exists()
    tell_noticer(world.as_("Bo"), now(sign), "Tack, vi har talat med familjen.")
    assert close_sign(world.as_("Bo"), now(sign)).state == "closed"


def test_another_way_is_not_agreed_on_when_ines_can_read_the_question_no_longer(world: World) -> None:
    request = world.asked("early team")
    counter_request(world.as_("Ines"), request, "Vi kan komma på torsdagar.")
    assert request.disclosure is not None
    stop_sharing(world.as_("Bo"), request.disclosure)
    with pytest.raises(Refused, match="Take it back, and ask anew"):
        agree_counter(world.as_("Bo"), request_now(request))
    assert revoke_request(world.as_("Bo"), request_now(request)).state == "revoked"


def test_without_a_ground_nothing_goes_to_another_authority(world: World) -> None:
    sign = world.decided()
    with pytest.raises(Refused) as refusal:
        ask(world, "Bo", world.signe, sign, "early team")
    assert refusal.value.decision.field == "gate"
    assert not Request.objects.exists()
    assert not Disclosure.objects.exists()


def test_siv_asks_ines_about_nour_on_the_gate_for_those_under_18_without_any_sign(world: World) -> None:
    request = ask(world, "Siv", world.nour, None, "early team", UNDER_18)
    assert request.disclosure is not None
    assert request.disclosure.gate == "under_18_from_health"
    assert list(Request.objects.visible_to(world.as_("Ines"))) == [request]
    assert list(Person.objects.visible_to(world.as_("Ines")).filter(pk=world.nour.pk)) == [world.nour]


def test_the_request_goes_to_the_intake_else_the_head_else_nowhere(world: World) -> None:
    assert world.asked("early team").to_post == world.posts["Ines"]
    assert world.asked("reception", sign=Sign.objects.get()).to_post == world.posts["Edvin"]
    with pytest.raises(Refused) as refusal:
        world.asked("empty", sign=Sign.objects.get())
    assert refusal.value.decision.field == "to_unit"


@pytest.mark.parametrize("name", ["Mats", "Maja", "Hanna", "Siv"])
def test_only_those_who_answer_for_signe_ask_for_her(world: World, name: str) -> None:
    sign = world.decided()
    for about in (sign, None):
        with pytest.raises(Refused, match="asks for help"):
            ask(world, name, world.signe, about, "elevhälsan")


def test_bo_does_not_ask_before_the_talk(world: World) -> None:
    with pytest.raises(Refused, match="Talk with the family first"):
        ask(world, "Bo", world.signe, world.sent(), "elevhälsan")


def test_a_sign_about_another_child_is_not_sent_along(world: World) -> None:
    sign = world.decided()
    with pytest.raises(Refused, match="another child"):
        ask(world, "Siv", world.nour, sign, "bvc")


def test_bo_does_not_ask_himself(world: World) -> None:
    Unit.objects.filter(pk=world.units["stoby"].pk).update(kind="school")
    world.posts["Hanna"].role = "staff"
    world.posts["Hanna"].save()
    with pytest.raises(Refused, match="your own post"):
        world.asked("stoby")


# --- answered -------------------------------------------------------------------------------------------------------


def test_elin_accepts_and_only_now_answers_for_her_part(world: World) -> None:
    request = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    assert request.state == RequestState.ACCEPTED
    assert open_duties(request.ref) == [("carry_out_request", "skolsköterska", TODAY + timedelta(days=42))]
    assert Talk.objects.visible_to(world.as_("Elin")).exists()
    assert told(world.posts["Bo"])[-1] == "request_accepted"
    why = explain(world.as_("Elin"), world.signe)
    assert why is not None
    assert why.rule == "own_authority"


def test_bo_answers_for_signe_as_before_when_elin_has_accepted(world: World) -> None:
    sign = world.decided()
    before = open_duties(sign.ref)
    accept_request(world.as_("Elin"), world.asked("elevhälsan", sign=sign))
    assert open_duties(sign.ref) == before


def test_ines_who_accepts_sees_what_was_opened_and_not_all_that_the_school_holds(world: World) -> None:
    accept_request(world.as_("Ines"), world.asked("early team"))
    assert not Talk.objects.visible_to(world.as_("Ines")).exists()
    assert Involvement.objects.get(reason=Reason.ANSWERS_REQUEST).authority == world.social


def test_ines_proposes_another_way_bo_agrees_and_only_her_yes_makes_it_hers(world: World) -> None:
    request = counter_request(world.as_("Ines"), world.asked("early team"), "Två kvällar i veckan i stället för fyra.")
    assert (request.state, duties_of(request)) == (RequestState.COUNTERED, [("answer_counter", "rektor")])
    request = agree_counter(world.as_("Bo"), request)
    assert (request.state, duties_of(request)) == (RequestState.AGREED, [("accept_request", "socialsekreterare")])
    assert not Involvement.objects.filter(reason=Reason.ANSWERS_REQUEST).exists()
    request = accept_request(world.as_("Ines"), request)
    assert (request.state, duties_of(request)) == (
        RequestState.ACCEPTED,
        [("carry_out_request", "socialsekreterare")],
    )
    steps = list(RequestStep.objects.filter(request=request).order_by("pk").values_list("state", "words"))
    assert [state for state, _ in steps] == ["sent", "countered", "agreed", "accepted"]
    assert steps[1][1] == "Två kvällar i veckan i stället för fyra."
    assert told(world.posts["Bo"])[-2:] == ["request_countered", "request_accepted"]


def test_bo_agrees_to_what_he_has_read_and_to_nothing_newer(world: World) -> None:
    request = world.asked("early team")
    with pytest.raises(Refused, match="waits for an answer"):
        agree_counter(world.as_("Bo"), request)
    countered = counter_request(world.as_("Ines"), request, "Två kvällar.")
    with pytest.raises(ChangedMeanwhile):
        agree_counter(world.as_("Bo"), countered, version=countered.version - 1)
    with pytest.raises(Refused, match="who asked does this"):
        agree_counter(world.as_("Ines"), countered)


def test_ines_accepts_what_she_has_read_and_to_nothing_newer(world: World) -> None:
    request = world.asked("early team")
    with pytest.raises(ChangedMeanwhile):
        accept_request(world.as_("Ines"), request, version=request.version - 1)
    assert accept_request(world.as_("Ines"), request, version=request.version).state == RequestState.ACCEPTED


def test_only_the_one_who_was_asked_answers(world: World) -> None:
    request = world.asked("early team")
    answers: tuple[Callable[[], Request], ...] = (
        lambda: accept_request(world.as_("Edvin"), request),
        lambda: counter_request(world.as_("Bo"), request, "Nej."),
        lambda: no_from(world, "Edvin", request),
    )
    for answer in answers:
        with pytest.raises(Refused, match="was asked"):
            answer()
    assert request_now(request).state == RequestState.SENT


def test_not_to_answer_is_told_above_and_is_never_a_yes(world: World) -> None:
    request = world.asked("elevhälsan")
    with clock.at(clock.noon(TEN_WORKING_DAYS + timedelta(days=1))):
        assert Duty.objects.filter(object_ref=request.ref).count() == 1
        escalate_overdue()
        escalate_overdue()
    assert Escalation.objects.filter(duty__object_ref=request.ref).count() == 1
    assert request_now(request).state == RequestState.SENT
    assert duties_of(request) == [("answer_request", "skolsköterska")]


def test_whoever_covers_for_ines_answers_for_her(world: World) -> None:
    request = world.asked("early team")
    world.away("Ines", covered_by="Edvin")
    assert accept_request(world.as_("Edvin", "Ines"), request).state == RequestState.ACCEPTED


def test_what_was_answered_meanwhile_gets_a_kind_sentence(world: World) -> None:
    request = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    with pytest.raises(Refused, match="accepted already"):
        accept_request(world.as_("Elin"), request)
    with pytest.raises(Refused, match="accepted already"):
        revoke_request(world.as_("Bo"), request)


# --- ended ----------------------------------------------------------------------------------------------------------


def test_a_no_says_why_and_what_instead_and_ines_reads_no_more(world: World) -> None:
    request = no_from(world, "Ines", world.asked("early team"))
    assert (request.state, request.decline_reason, request.alternative) == (
        RequestState.DECLINED,
        "Fullt till maj.",
        "Familjecentralen.",
    )
    assert duties_of(request) == []
    assert told(world.posts["Bo"])[-1] == "request_declined"
    assert not Request.objects.visible_to(world.as_("Ines")).exists()
    assert list(Request.objects.visible_to(world.as_("Bo"))) == [request]


def test_elin_who_declines_no_longer_sees_signe(world: World) -> None:
    no_from(world, "Elin", world.asked("elevhälsan", includes_sign=True))
    assert not Request.objects.visible_to(world.as_("Elin")).exists()
    assert not Sign.objects.visible_to(world.as_("Elin")).exists()
    assert not Person.objects.visible_to(world.as_("Elin")).filter(pk=world.signe.pk).exists()


def test_what_was_sent_along_twice_stays_while_one_request_is_open(world: World) -> None:
    first = world.asked("elevhälsan", includes_sign=True)
    world.asked("elevhälsan", sign=first.sign, includes_sign=True)
    no_from(world, "Elin", first)
    assert Sign.objects.visible_to(world.as_("Elin")).exists()
    assert Request.objects.visible_to(world.as_("Elin")).count() == 1


def test_bo_takes_a_request_back_before_anybody_has_accepted(world: World) -> None:
    request = revoke_request(world.as_("Bo"), world.asked("early team"), "Familjen vill vänta.")
    assert request.state == RequestState.REVOKED
    assert duties_of(request) == []
    assert told(world.posts["Ines"])[-1] == "request_revoked"
    assert not Request.objects.visible_to(world.as_("Ines")).exists()
    with pytest.raises(Refused, match="taken back"):
        accept_request(world.as_("Ines"), request)


@pytest.mark.parametrize("outcome", Outcome.values)
def test_elin_ends_her_part_and_with_it_her_reason_to_see_signe(world: World, outcome: str) -> None:
    request = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    request = finish_request(world.as_("Elin"), request, outcome, "Sover bättre.")
    assert (request.state, request.outcome, request.outcome_words) == (RequestState.DONE, outcome, "Sover bättre.")
    assert duties_of(request) == []
    assert told(world.posts["Bo"])[-1] == "request_done"
    assert not Person.objects.visible_to(world.as_("Elin")).filter(pk=world.signe.pk).exists()


def test_an_end_without_a_listed_reason_is_not_taken(world: World) -> None:
    request = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    with pytest.raises(Refused) as refusal:
        finish_request(world.as_("Elin"), request, "vi glömde")
    assert refusal.value.decision.field == "outcome"


def test_elin_keeps_her_reason_while_she_helps_with_something_else(world: World) -> None:
    first = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    second = accept_request(world.as_("Elin"), world.asked("elevhälsan", sign=first.sign))
    finish_request(world.as_("Elin"), first, "helped")
    assert Talk.objects.visible_to(world.as_("Elin")).exists()
    finish_request(world.as_("Elin"), second, "helped")
    assert not Talk.objects.visible_to(world.as_("Elin")).exists()


def test_when_all_is_ended_the_sign_closes(world: World) -> None:
    request = accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    finish_request(world.as_("Elin"), request, "helped")
    assert request.sign is not None
    assert close_sign(world.as_("Bo"), request.sign, "Tack.").state == "closed"


def test_elin_who_helps_may_ask_on_and_answers_for_having_asked(world: World) -> None:
    accept_request(world.as_("Elin"), world.asked("elevhälsan"))
    onwards = ask(world, "Elin", world.signe, None, "stoby")
    assert onwards.to_post == world.posts["Hanna"]
    countered = counter_request(world.as_("Hanna"), onwards, "På fredag.")
    assert duties_of(countered) == [("answer_counter", "skolsköterska")]


# --- passed around --------------------------------------------------------------------------------------------------


def test_each_no_counts_and_the_count_never_goes_down(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    assert first.sign is not None
    assert now(first.sign).bounces == 1
    accept_request(world.as_("Elin"), world.asked("elevhälsan", sign=first.sign))
    assert now(first.sign).bounces == 1


def test_at_the_second_no_karin_is_called_in_once_and_nothing_moves(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    sign = first.sign
    assert sign is not None
    before = open_duties(sign.ref)
    second = no_from(world, "Edvin", world.asked("reception", sign=sign))
    no_from(world, "Elin", world.asked("elevhälsan", sign=sign))
    assert now(sign).bounces == 3
    assert Duty.objects.filter(what="unstick").count() == 1
    assert open_duties(second.ref) == [("unstick", "samordnare", TODAY + timedelta(days=2))]
    assert told(world.posts["Karin"]) == ["request_stuck"]
    assert open_duties(sign.ref) == before


def test_karin_in_the_same_authority_reads_the_request_and_nothing_else(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    second = no_from(world, "Edvin", world.asked("reception", sign=first.sign))
    assert list(Request.objects.visible_to(world.as_("Karin"))) == [second]
    assert not Sign.objects.visible_to(world.as_("Karin")).exists()


def test_the_alarm_is_over_when_somebody_accepts(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    no_from(world, "Edvin", world.asked("reception", sign=first.sign))
    accept_request(world.as_("Elin"), world.asked("elevhälsan", sign=first.sign))
    assert Duty.objects.get(what="unstick").state == DutyState.DONE
    assert not Request.objects.visible_to(world.as_("Karin")).exists()


def test_karin_says_herself_that_she_has_helped_it_on_once(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    no_from(world, "Edvin", world.asked("reception", sign=first.sign))
    duty = Duty.objects.get(what="unstick")
    with pytest.raises(Refused, match="called in does this"):
        settle(world.as_("Bo"), duty)
    settle(world.as_("Karin"), duty)
    with pytest.raises(Refused, match="already"):
        settle(world.as_("Karin"), duty)


def test_asking_the_one_who_has_declined_is_a_circle_and_karin_knows_at_once(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    assert set(declined_by(world.signe, first.sign)) == {world.units["early team"].pk}
    assert not Duty.objects.filter(what="unstick").exists()
    again = world.asked("early team", sign=first.sign)
    assert again.state == RequestState.SENT
    assert ("unstick", "samordnare") in duties_of(again)


def test_a_to_b_to_a_is_seen_and_called_in_once(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    no_from(world, "Edvin", world.asked("reception", sign=first.sign))
    world.asked("early team", sign=first.sign)
    assert Duty.objects.filter(what="unstick").count() == 1


def test_requests_without_a_sign_are_counted_for_the_child_until_somebody_accepts(world: World) -> None:
    no_from(world, "Ines", ask(world, "Siv", world.nour, None, "early team", UNDER_18))
    assert not Duty.objects.filter(what="unstick").exists()
    no_from(world, "Edvin", ask(world, "Siv", world.nour, None, "reception", UNDER_18))
    assert Duty.objects.filter(what="unstick", state=DutyState.OPEN).count() == 1
    with clock.at(clock.now() + timedelta(hours=1)):
        accept_request(world.as_("Ines"), ask(world, "Siv", world.nour, None, "early team", UNDER_18))
    assert not Duty.objects.filter(what="unstick", state=DutyState.OPEN).exists()
    with clock.at(clock.now() + timedelta(hours=2)):
        assert declined_by(world.nour, None) == {}
        no_from(world, "Edvin", ask(world, "Siv", world.nour, None, "reception", UNDER_18))
    assert Duty.objects.filter(what="unstick").count() == 1


def test_one_matters_bounces_are_not_anothers(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    assert first.sign is not None
    close_sign(world.as_("Bo"), first.sign, "Tack.")
    with clock.at(clock.now() + timedelta(days=30)):
        other = no_from(world, "Edvin", world.asked("reception", sign=world.decided()))
    assert other.sign != first.sign
    assert not Duty.objects.filter(what="unstick").exists()


# --- handed over, and asked from below ------------------------------------------------------------------------------


def test_a_request_that_bo_made_as_the_named_person_follows_the_child(world: World) -> None:
    countered = counter_request(world.as_("Elin"), world.asked("elevhälsan"), "På fredagar.")
    offered = propose_handover(
        world.as_("Bo"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Hanna"], note="Jag slutar."
    )
    assert duties_of(countered) == [("answer_counter", "rektor")]
    with clock.at(clock.now() + timedelta(minutes=5)):
        answer_handover(world.as_("Hanna"), offered, accept=True)
        assert duties_of(countered) == [("answer_counter", "biträdande rektor")]
        with pytest.raises(Refused, match="who asked does this"):
            agree_counter(world.as_("Bo"), countered)
        assert agree_counter(world.as_("Hanna"), countered).state == RequestState.AGREED
        assert [hanging.ref for hanging in hangs_on_post(world.posts["Hanna"].pk)] == []
        assert [hanging.ref for hanging in hangs_on_post(world.posts["Bo"].pk)] == []


def test_open_requests_hang_on_both_posts_until_they_end(world: World) -> None:
    request = world.asked("elevhälsan")
    for name in ("Bo", "Elin"):
        hanging = hangs_on_post(world.posts[name].pk)
        assert [(one.room, one.kind, one.ref) for one in hanging] == [("early_signals", "request", request.ref)]
        assert hanging[0].words
    assert hangs_on_post(world.posts["Mats"].pk) == []
    revoke_request(world.as_("Bo"), request)
    assert hangs_on_post(world.posts["Bo"].pk) == []


def going_along(world: World, child: Person) -> list[tuple[str, UUID]]:
    """What goes along when the school hands a child over."""
    unit = world.posts["Bo"].unit
    return goes_with_the_child(child.pk, unit.authority_id, unit.pk)


def test_what_is_open_goes_with_the_child(world: World) -> None:
    request = world.asked("elevhälsan")
    assert request.sign is not None
    assert set(going_along(world, world.signe)) == {("sign", request.sign.ref), ("request", request.ref)}
    assert going_along(world, world.nour) == []
    revoke_request(world.as_("Bo"), request)
    close_sign(world.as_("Bo"), request.sign, "Tack.")
    assert going_along(world, world.signe) == []


def test_replaying_the_trail_gives_each_requests_state(world: World) -> None:
    first = no_from(world, "Ines", world.asked("early team"))
    second = counter_request(world.as_("Edvin"), world.asked("reception", sign=first.sign), "Senare.")
    agree_counter(world.as_("Bo"), second)
    revoke_request(world.as_("Bo"), world.asked("elevhälsan", sign=first.sign))
    last = accept_request(world.as_("Elin"), world.asked("elevhälsan", sign=first.sign))
    finish_request(world.as_("Elin"), last, "helped")
    for request in Request.objects.all():
        entries = TrailSubject.objects.filter(kind="request", ref=request.ref).exclude(state="").order_by("entry_id")
        assert entries.last().state == request.state  # type: ignore[union-attr]
        newest = RequestStep.objects.filter(request=request).order_by("pk").last()
        assert newest is not None
        assert newest.state == request.state
