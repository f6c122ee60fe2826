"""Somebody else was first, the session ended, or Back was pressed: a kind sentence, and no word is lost."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.circle.handover_actions import withdraw_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind
from samsyn.early_signals.actions import close_sign, revoke_request
from samsyn.early_signals.models import Request, RequestState, Sign, SignState
from samsyn.organisations.models import Holding
from samsyn.organisations.partnerships import goal_name
from samsyn.plans import rules as plan_rules
from samsyn.plans.models import Action, Need, Plan, Review
from samsyn.trail.models import Mode, TrailEntry
from tests.bad_input.browser import Browser, beside, text
from tests.bad_input.test_texts_and_days import SAW, written
from tests.village import masked
from tests.walks import deeds
from tests.walks.town import Town

PASSWORD = "ett långt lösenord som ingen har"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden(page: Any, action: str) -> dict[str, str]:
    """The hidden fields of the form that is sent to this address."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', text(page), re.DOTALL)
    assert form, f"no form for {action}"
    return dict(_HIDDEN.findall(form.group(1)))


def refused(page: Any, sentence: str) -> None:
    """The page says no in these words, and the trail knows."""
    assert page.status_code == 422
    assert sentence in text(page)
    assert TrailEntry.objects.filter(mode=Mode.REFUSAL, ground=sentence).exists()


def sent(town: Town) -> Sign:
    """A sign about Signe that waits for Bo."""
    maja = town.acting(town.world.posts["Maja"])
    return deeds.send(town, maja, deeds.note(maja, town.world.signe))


def decided(town: Town) -> Sign:
    """A sign about Signe that Bo has decided on."""
    sign, bo = sent(town), town.acting(town.world.posts["Bo"])
    for verb in ("acknowledge", "talk", "decide"):
        deeds.sign_step(bo, sign, verb, 3, sign)
    return Sign.objects.get(pk=sign.pk)


def test_a_sign_that_was_taken_on_meanwhile(town: Town) -> None:
    sign, bo = sent(town), Browser(town.world, "Bo")
    deeds.sign_step(town.acting(town.world.posts["Bo"]), sign, "acknowledge", 0, sign)
    refused(bo.send("sign_take_on", sign.ref), "The sign has been taken on. The talk with the family comes next.")


def test_an_answer_to_a_sign_that_was_closed_meanwhile_is_still_there(town: Town) -> None:
    sign, bo = decided(town), Browser(town.world, "Bo")
    close_sign(town.acting(town.world.posts["Bo"]), sign, "Tack.")
    page = bo.send("sign_close", sign.ref, feedback="Tack för att du skrev, Maja.", close="yes")
    refused(page, "This sign is closed. If something more is seen, write a new one.")
    assert "Tack för att du skrev, Maja." in text(page)
    assert Sign.objects.get().told_noticer == "Tack."


def test_a_proposal_for_a_request_that_was_taken_back_meanwhile_is_still_there(town: Town) -> None:
    sign = decided(town)
    bo, ines = (town.acting(town.world.posts[name]) for name in ("Bo", "Rakel"))
    request = deeds.ask(town, bo, town.world.signe, sign, town.world.units["norr"], False)
    browser = Browser(town.world, "Rakel")
    assert ines.post == request.to_post_id
    key = uuid4()
    assert browser.send("request_act", request.ref, "counter", key=key, proposal="").status_code == 422
    deeds.request_step(ines, request, "counter")
    page = browser.send("request_act", request.ref, "counter", proposal="Hellre på fredagar.")
    refused(page, "Another way has been proposed. The one who asked answers that first.")
    assert "Hellre på fredagar." in text(page)
    page = browser.send("request_act", request.ref, "decline", reason="Fullt till maj.", alternative="")
    assert page.status_code == 422
    assert beside(page, "alternative") == "Say what could be done instead, so that nobody is left alone."
    assert "Fullt till maj." in text(page)


def test_a_reason_for_a_request_that_was_taken_back_meanwhile_is_still_there(town: Town) -> None:
    sign = decided(town)
    bo = town.acting(town.world.posts["Bo"])
    request = deeds.ask(town, bo, town.world.signe, sign, town.world.units["early team"], False)
    deeds.request_step(town.acting(town.world.posts["Ines"]), request, "accept")
    asker = Browser(town.world, "Bo")
    page = asker.send("request_act", request.ref, "revoke", words="Familjen har ordnat det själv.")
    refused(page, "The request has been accepted already.")
    assert "Familjen har ordnat det själv." in text(page)
    assert Request.objects.get().state == RequestState.ACCEPTED


@pytest.mark.parametrize("unit", ["norr", "early team"])
def test_a_request_taken_back_meanwhile_says_so_kindly_and_keeps_the_late_answer(town: Town, unit: str) -> None:
    bo = town.acting(town.world.posts["Bo"])
    request = deeds.ask(town, bo, town.world.signe, None, town.world.units[unit], False)
    receiver = Browser(town.world, {"norr": "Rakel", "early team": "Ines"}[unit])
    revoke_request(bo, request, "Familjen har ordnat det själv.")
    page = receiver.send("request_act", request.ref, "decline", reason="Fullt till maj.", alternative="Fråga Norra.")
    refused(page, "The request has been taken back.")
    assert "Fullt till maj." in text(page)
    assert "Fråga Norra." in text(page)
    page = receiver.get("request", request.ref)
    assert page.status_code == 200
    assert "Bo" in text(page)
    assert "Nothing is expected of you." in text(page)
    for words in (request.wanted, request.background, "Familjen har ordnat det själv.", town.world.signe.full_name):
        assert words not in text(page)
    assert Request.objects.get().state == RequestState.REVOKED


def test_only_who_was_asked_is_told_that_a_request_was_taken_back(town: Town) -> None:
    bo = town.acting(town.world.posts["Bo"])
    request = deeds.ask(town, bo, town.world.signe, None, town.world.units["early team"], False)
    revoke_request(bo, request)
    for name in ("Rakel", "Mats", "Hanna"):
        assert Browser(town.world, name).get("request", request.ref).status_code == 404
        assert Browser(town.world, name).send("request_act", request.ref, "accept").status_code == 404


def test_handing_over_to_a_post_that_nobody_holds_keeps_the_words(town: Town) -> None:
    Holding.objects.filter(post=town.world.posts["Hanna"]).update(until="2026-11-16")
    bo = Browser(town.world, "Bo")
    page = bo.send(
        "handover_new",
        town.world.signe.ref,
        to_post=town.world.posts["Hanna"].ref,
        note="Hon gillar att rita.",
        family_wish="Amal vill ha kvar Bo.",
    )
    assert page.status_code == 422
    assert beside(page, "to_post") == "Nobody holds that post today. Choose a post that somebody holds."
    assert "Hon gillar att rita." in text(page)
    assert "Amal vill ha kvar Bo." in text(page)
    assert not Handover.objects.exists()


def test_an_offer_taken_back_meanwhile_keeps_the_words_of_the_answer(town: Town) -> None:
    hanna, bo = town.world.posts["Hanna"], town.acting(town.world.posts["Bo"])
    offer = deeds.offer_baton(town, bo, town.world.signe, HandoverKind.NAMED_PERSON, hanna)
    browser = Browser(town.world, "Hanna")
    deeds.baton_step(town.acting(hanna), offer, "reject")
    page = browser.send("handover_act", offer.ref, "accept")
    assert page.status_code in (404, 422)
    if page.status_code == 422:
        assert "This has already been answered." in text(page)
    assert Handover.objects.get().state == "rejected"


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_an_offer_withdrawn_before_the_answer_says_so_kindly_and_keeps_the_words(town: Town, verb: str) -> None:
    hanna, bo = town.world.posts["Hanna"], town.acting(town.world.posts["Bo"])
    offer = deeds.offer_baton(town, bo, town.world.signe, HandoverKind.NAMED_PERSON, hanna)
    withdraw_handover(bo, offer)
    browser = Browser(town.world, "Hanna")
    page = browser.send("handover_act", offer.ref, verb, words="Jag har redan många.")
    refused(page, "The offer was taken back before you answered. Nothing has moved.")
    assert verb == "accept" or "Jag har redan många." in text(page)
    page = browser.get("handover", offer.ref)
    assert page.status_code == 200
    assert "Nothing is expected of you." in text(page)
    assert offer.note not in text(page)
    assert Handover.objects.get().state == "withdrawn"
    assert Browser(town.world, "Mats").get("handover", offer.ref).status_code == 404


def test_the_same_form_sent_again_after_back_is_carried_out_once(town: Town) -> None:
    bo, key = Browser(town.world, "Bo"), uuid4()
    asked: dict[str, Any] = {"wanted": "Någon på kvällarna.", "background": "Hon är trött."}
    query = f"?unit={town.world.units['norr'].ref}"
    pages = [bo.send("request_new", town.world.signe.ref, key=key, query=query, **asked) for _ in range(3)]
    request = Request.objects.get()
    assert [page.status_code for page in pages] == [302, 302, 302]
    assert {page["Location"] for page in pages} == {reverse("desk:request", args=[request.ref])}
    again = bo.send("request_new", town.world.signe.ref, query=query, **asked)  # a new page has a new key
    assert again.status_code == 302
    assert Request.objects.count() == 2


def test_a_form_of_another_account_with_the_same_key_is_its_own(town: Town) -> None:
    key = uuid4()
    for name in ("Maja", "Mats"):
        assert Browser(town.world, name).send("begin", town.world.signe.ref, key=key).status_code == 302
    assert Sign.objects.count() == 2


def test_what_was_written_when_the_session_ended_arrives_after_signing_in(town: Town) -> None:
    maja = town.world.accounts["Maja"]
    maja.set_password(PASSWORD)
    maja.save()
    sign = deeds.note(town.acting(town.world.posts["Maja"]), town.world.signe, empty=True)
    where = reverse("desk:sign_edit", args=[sign.ref])
    browser, sign_in = Client(), reverse("public:sign_in")
    page = browser.post(where, {"key": str(uuid4()), **written(sign)})
    assert page.status_code == 401
    assert SAW in text(page)
    form = hidden(page, sign_in)
    wrong = browser.post(sign_in, {**form, "username": maja.sign_in_name, "password": "fel"})
    assert wrong.status_code == 422
    assert SAW in text(wrong)
    form = hidden(wrong, sign_in)
    back = browser.post(sign_in, {**form, "username": maja.sign_in_name, "password": PASSWORD})
    assert back.status_code == 200
    assert SAW in text(back)
    arrived = browser.post(where, hidden(back, where))
    assert arrived.status_code == 302
    kept = Sign.objects.get()
    assert (kept.saw, kept.state) == (SAW, SignState.DRAFT)


def test_somebody_else_who_signs_in_gets_nowhere_with_the_kept_text(town: Town) -> None:
    mats = town.world.accounts["Mats"]
    mats.set_password(PASSWORD)
    mats.save()
    sign = deeds.note(town.acting(town.world.posts["Maja"]), town.world.signe, empty=True)
    where = reverse("desk:sign_edit", args=[sign.ref])
    browser, sign_in = Client(), reverse("public:sign_in")
    page = browser.post(where, {"key": str(uuid4()), **written(sign)})
    form = hidden(page, sign_in)
    back = browser.post(sign_in, {**form, "username": mats.sign_in_name, "password": PASSWORD})
    assert browser.post(where, hidden(back, where)).status_code == 404
    assert Sign.objects.get().saw == ""


def test_what_is_written_in_a_second_window_after_the_sign_was_sent_is_still_there(town: Town) -> None:
    maja = town.acting(town.world.posts["Maja"])
    sign = deeds.note(maja, town.world.signe)
    deeds.send(town, maja, sign)
    saw = "Hon grät hela eftermiddagen."
    page = Browser(town.world, "Maja").send("sign_edit", sign.ref, **written(sign, saw=saw))
    assert page.status_code == 404
    assert saw in text(page)
    assert "Nothing was saved." in text(page)


def test_a_talk_that_is_written_while_the_child_is_handed_over_is_still_there_and_tells_nothing(town: Town) -> None:
    sign, signe, hanna = sent(town), town.world.signe, town.world.posts["Hanna"]
    viewer, bo = town.acting(town.world.posts["Bo"]), Browser(town.world, "Bo")
    deeds.sign_step(viewer, sign, "acknowledge", 0, sign)
    offer = deeds.offer_baton(town, viewer, signe, HandoverKind.NAMED_PERSON, hanna)
    answer_handover(town.acting(hanna), offer, accept=True)
    told: dict[str, Any] = {
        "child_words": "Jag vill att det är tyst.",
        "not_with_guardians_because": "Amal var på jobbet.",
    }
    pages = [bo.send("sign_talk", ref, held_on="2026-11-17", with_child="on", **told) for ref in (sign.ref, uuid4())]
    assert [page.status_code for page in pages] == [404, 404]
    assert all(words in text(pages[0]) for words in told.values())
    assert masked(pages[0].content) == masked(pages[1].content), "what is not theirs looks like what is not there"
    assert "2026-11-17" not in text(pages[0])


def test_two_who_write_in_one_plan_see_each_other_and_lose_nothing(town: Town) -> None:
    deeds.live_until(town, town.children[2], "plan written")
    plan, need = Plan.objects.get(), Need.objects.get()
    bo, maja = Browser(town.world, "Bo"), Browser(town.world, "Maja")
    seen = plan.version
    first = bo.send("plan_change", plan.ref, "change_need", need.ref, version=seen, words="Söndagarna är svåra.")
    assert first.status_code == 302
    page = maja.send("plan_change", plan.ref, "change_need", need.ref, version=seen, words="Kvällarna är svåra.")
    assert page.status_code == 409
    assert "Söndagarna är svåra." in text(page)
    assert "Kvällarna är svåra." in text(page)
    assert Need.objects.get().words == "Söndagarna är svåra."
    form = dict(re.findall(r'<input type="hidden" name="(key|version)" value="([^"]+)"', text(page)))
    assert int(form["version"]) > seen
    saved = maja.send("plan_change", plan.ref, "change_need", need.ref, words="Kvällarna är svåra.", **_with_key(form))
    assert saved.status_code == 302
    assert Need.objects.get().words == "Kvällarna är svåra."
    refusals = TrailEntry.objects.filter(mode=Mode.REFUSAL)
    assert refusals.count() == 1


def test_what_the_other_one_changed_is_told_in_words_beside_the_own(town: Town) -> None:
    deeds.live_until(town, town.children[2], "plan written")
    plan, action = Plan.objects.get(), Action.objects.select_related("goal__common_goal", "by_post").get()
    bo, maja, seen, key = (
        Browser(town.world, "Bo"),
        Browser(town.world, "Maja"),
        plan.version,
        action.goal.common_goal.key,
    )
    goal: dict[str, Any] = {"common_goal": key, "evidenced_by": "Vi räknar."}
    done: dict[str, Any] = {"doer": action.by_post.ref if action.by_post else "", "due_on": "2027-01-08"}
    for verb, on, fields in (("change_goal", action.goal, goal), ("change_action", action, done)):
        newest = Plan.objects.get().version
        sent = bo.send("plan_change", plan.ref, verb, on.ref, version=newest, words="Lugna kvällar.", **fields)
        assert sent.status_code == 302, text(sent)
    page = maja.send(
        "plan_change", plan.ref, "change_goal", action.goal.ref, version=seen, words="Lek på gården.", **goal
    )
    assert page.status_code == 409
    told = text(page).partition('class="conflict"')[2].partition("</section>")[0]
    assert goal_name(action.goal.common_goal, "en") in told
    assert "8 January 2027" in told
    assert key not in told.split()
    assert told.count("What you wrote") == 1
    assert "Lek på gården." in told


@pytest.mark.parametrize("verb", ["add_goal", "change_need", "remove_need"])
def test_what_was_written_about_something_that_was_taken_away_meanwhile_is_still_there(town: Town, verb: str) -> None:
    deeds.live_until(town, town.children[2], "plan written")
    plan, bo, maja = Plan.objects.get(), Browser(town.world, "Bo"), Browser(town.world, "Maja")
    assert (
        bo.send("plan_change", plan.ref, "add_need", plan.ref, version=plan.version, words="Söndagar").status_code
        == 302
    )
    need, seen = Need.objects.latest("pk"), Plan.objects.get().version
    assert bo.send("plan_change", plan.ref, "remove_need", need.ref, version=seen).status_code == 302
    key = Action.objects.get().goal.common_goal.key
    goal: dict[str, Any] = {"common_goal": key, "evidenced_by": "Vi räknar."} if verb == "add_goal" else {}
    typed: dict[str, Any] = {} if verb == "remove_need" else {"words": "Lek på gården."}
    page = maja.send("plan_change", plan.ref, verb, need.ref, version=seen, **typed, **goal)
    refused(page, plan_rules.was_taken_away(wrote=verb != "remove_need").reason)
    assert text(page).count("Lek på gården.") == len(typed)
    assert maja.send("plan_change", plan.ref, verb, uuid4(), version=seen, words="Lek.").status_code == 404


LOOKED_BACK: dict[str, Any] = {
    "held_on": "2026-11-17",
    "child_scale": 7,
    "what_changed": "Lugnare.",
    "next_on": "2026-12-15",
}


def looked_back_on(town: Town) -> tuple[Plan, Action, Browser]:
    """A plan that is being looked back on, its one action, and Bo's browser."""
    deeds.live_until(town, town.children[2], "plan in force")
    plan, viewer = Plan.objects.get(), town.acting(town.world.posts["Bo"])
    deeds.plan_step(town, viewer, plan, "start_review", 0)
    deeds.hear(viewer, plan)
    return plan, Action.objects.get(), Browser(town.world, "Bo")


def test_a_review_that_is_sent_twice_is_carried_out_once_and_says_so_both_times(town: Town) -> None:
    plan, action, bo = looked_back_on(town)
    body: dict[str, Any] = {"version": Plan.objects.get().version, "done": [action.ref], "key": uuid4(), **LOOKED_BACK}
    answers = [bo.send("plan_review", plan.ref, **body) for _again in range(2)]
    assert [one.status_code for one in answers] == [302, 302], text(answers[-1])
    assert Review.objects.count() == 1


def test_an_action_that_a_colleague_has_said_is_done_stops_no_review(town: Town) -> None:
    plan, action, bo = looked_back_on(town)
    seen = Plan.objects.get().version
    deeds.decide_action(town.acting(town.world.posts["Ines"]), action, 0)
    page = bo.send("plan_review", plan.ref, version=seen, done=[action.ref], **LOOKED_BACK)
    assert page.status_code == 302, text(page)


@pytest.mark.parametrize("how", [1, 2])
def test_an_action_that_a_colleague_says_went_another_way_is_told_in_words_and_keeps_the_review(
    town: Town, how: int
) -> None:
    plan, action, bo = looked_back_on(town)
    seen = Plan.objects.get().version
    deeds.decide_action(town.acting(town.world.posts["Ines"]), action, how)
    page = bo.send("plan_review", plan.ref, version=seen, done=[action.ref], what_changed="Lugnare kvällar.")
    assert page.status_code == 422
    assert beside(page, "done") == "How this went has already been written down."
    assert str(action.ref) not in text(page)
    assert "Lugnare kvällar." in text(page)


def _with_key(form: dict[str, str]) -> dict[str, Any]:
    return {"version": form["version"]}
