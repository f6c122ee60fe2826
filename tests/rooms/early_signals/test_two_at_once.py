"""Two at the same moment: one wins, the other gets a kind sentence, and nothing is there twice or lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, NamedPerson
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    ChangedMeanwhile,
    accept_request,
    acknowledge,
    close_sign,
    counter_request,
    decline_request,
    revoke_request,
    save_draft,
    send_request,
    send_sign,
)
from samsyn.early_signals.models import Request, RequestState, RequestStep, Sign, SignState
from samsyn.notices.models import Notice
from samsyn.sharing.models import Involvement, Reason
from tests.rooms.early_signals.world import NOTED, NOW, World, lillkoping, now, request_now
from tests.worlds import CommittedWorld


@pytest.fixture
def town(committed_world: CommittedWorld) -> Iterator[World]:
    """Signe, Nour and those around them, committed for real."""
    with clock.at(NOW):
        yield lillkoping()


def at_once(committed_world: CommittedWorld, *calls: Callable[[], object]) -> list[BaseException]:
    """Do all at the same moment, with the clock of this test. Returns what was raised."""

    def with_the_clock(call: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            with clock.at(NOW):
                return call()

        return run

    outcomes = committed_world.at_once(*(with_the_clock(call) for call in calls))
    return [outcome for outcome in outcomes if isinstance(outcome, BaseException)]


def test_two_who_accept_at_once_make_one_yes(committed_world: CommittedWorld, town: World) -> None:
    request = town.asked("early team")
    ines = town.as_("Ines")
    lost = at_once(committed_world, *[lambda: accept_request(ines, request)] * 3)
    assert [type(one) for one in lost] == [Refused, Refused]
    assert "accepted already" in str(lost[0])
    assert request_now(request).state == RequestState.ACCEPTED
    assert RequestStep.objects.filter(request=request, state="accepted").count() == 1
    assert Involvement.objects.filter(reason=Reason.ANSWERS_REQUEST, until=None).count() == 1
    assert Duty.objects.filter(object_ref=request.ref, state=DutyState.OPEN).count() == 1
    assert Notice.objects.filter(text_key="request_accepted").count() == 1


def test_a_yes_and_taking_back_at_once_is_one_of_the_two(committed_world: CommittedWorld, town: World) -> None:
    request = town.asked("early team")
    ines, bo = town.as_("Ines"), town.as_("Bo")
    lost = at_once(committed_world, lambda: accept_request(ines, request), lambda: revoke_request(bo, request))
    assert [type(one) for one in lost] == [Refused]
    ended = request_now(request).state == RequestState.REVOKED
    assert Involvement.objects.filter(reason=Reason.ANSWERS_REQUEST, until=None).exists() is not ended


def test_a_sign_never_closes_with_a_request_that_is_being_sent(committed_world: CommittedWorld, town: World) -> None:
    sign = town.decided()
    bo, elevhalsan = town.as_("Bo"), town.units["elevhälsan"]
    ask = {"wanted": "Ett samtal om sömn.", "background": "Signe är trött."}
    lost = at_once(
        committed_world,
        lambda: close_sign(bo, sign, "Tack."),
        lambda: send_request(bo, town.signe, sign, elevhalsan, wanted=ask["wanted"], background=ask["background"]),
    )
    assert [type(one) for one in lost] == [Refused]
    assert Request.objects.exists() is (now(sign).state == SignState.DECIDED)


def test_two_signs_about_one_child_at_once_make_one_named_person(committed_world: CommittedWorld, town: World) -> None:
    one, other = town.draft("Maja"), town.draft("Mats")
    maja, mats = town.as_("Maja"), town.as_("Mats")
    assert not at_once(committed_world, lambda: send_sign(maja, one), lambda: send_sign(mats, other))
    assert NamedPerson.objects.filter(child=town.signe, until=None).count() == 1
    assert Sign.objects.filter(state=SignState.RECEIVED).count() == 2


def test_a_sign_sent_twice_at_once_is_sent_once(committed_world: CommittedWorld, town: World) -> None:
    sign = town.draft()
    maja = town.as_("Maja")
    lost = at_once(committed_world, *[lambda: send_sign(maja, sign)] * 2)
    assert [type(one) for one in lost] == [Refused]
    assert Duty.objects.filter(object_ref=sign.ref).count() == 1


def test_bo_and_who_covers_for_him_take_a_sign_on_once(committed_world: CommittedWorld, town: World) -> None:
    sign = town.sent()
    bo = town.as_("Bo")
    lost = at_once(committed_world, *[lambda: acknowledge(bo, sign)] * 2)
    assert [type(one) for one in lost] == [Refused]
    assert Duty.objects.filter(object_ref=sign.ref, state=DutyState.OPEN).count() == 1


def test_two_who_write_at_once_lose_no_word(committed_world: CommittedWorld, town: World) -> None:
    sign = town.draft()
    maja = town.as_("Maja")
    lost = at_once(
        committed_world,
        lambda: save_draft(maja, sign, replace(NOTED, did="Vi målade."), sign.version),
        lambda: save_draft(maja, sign, replace(NOTED, did="Jag ringde."), sign.version),
    )
    assert [type(one) for one in lost] == [ChangedMeanwhile]
    kept = now(sign).did
    assert kept in {"Vi målade.", "Jag ringde."}
    assert lost[0].newest.did == kept  # type: ignore[attr-defined]  # its type is checked above


def test_two_who_decline_at_once_are_both_counted_and_call_for_help_once(
    committed_world: CommittedWorld, town: World
) -> None:
    first = town.asked("early team")
    second = town.asked("reception", sign=first.sign)
    ines, edvin = town.as_("Ines"), town.as_("Edvin")
    words = ("Fullt till maj.", "Familjecentralen.")
    assert not at_once(
        committed_world,
        lambda: decline_request(ines, first, reason=words[0], alternative=words[1]),
        lambda: decline_request(edvin, second, reason=words[0], alternative=words[1]),
    )
    assert first.sign is not None
    assert now(first.sign).bounces == 2
    assert Duty.objects.filter(what="unstick").count() == 1


def test_what_is_done_while_the_child_is_handed_over_is_the_new_ones_duty(
    committed_world: CommittedWorld, town: World
) -> None:
    sign = town.sent()
    bo, hanna = town.as_("Bo"), town.as_("Hanna")
    offer = propose_handover(bo, town.signe, HandoverKind.NAMED_PERSON, town.posts["Hanna"], note="Jag slutar.")
    lost = at_once(committed_world, lambda: answer_handover(hanna, offer, accept=True), lambda: acknowledge(bo, sign))
    assert [type(one) for one in lost] in ([], [Refused])
    assert NamedPerson.objects.get(child=town.signe, until=None).post == town.posts["Hanna"]
    duty = Duty.objects.get(object_ref=sign.ref, state=DutyState.OPEN)
    assert duty.post == town.posts["Hanna"]
    assert duty.what == ("acknowledge_sign" if lost else "talk_with_family")


def test_answering_while_the_child_is_handed_over_reaches_the_new_one(
    committed_world: CommittedWorld, town: World
) -> None:
    request = town.asked("elevhälsan")
    bo, hanna, elin = town.as_("Bo"), town.as_("Hanna"), town.as_("Elin")
    offer = propose_handover(bo, town.signe, HandoverKind.NAMED_PERSON, town.posts["Hanna"], note="Jag slutar.")
    assert not at_once(
        committed_world,
        lambda: answer_handover(hanna, offer, accept=True),
        lambda: counter_request(elin, request, "På fredagar."),
    )
    duty = Duty.objects.get(object_ref=request.ref, state=DutyState.OPEN)
    assert (duty.what, duty.post) == ("answer_counter", town.posts["Hanna"])
