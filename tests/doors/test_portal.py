"""The portal as Amal meets it: what she is asked and told, and what stays unsaid when something is kept from her."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from samsyn.circle.models import Membership, NamedPerson, Team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals.actions import acknowledge, record_talk
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import TalkHeld
from samsyn.organisations.models import CommonGoal
from samsyn.people.actions import end_custody, find_or_create
from samsyn.people.models import Guardianship, Person
from samsyn.people.numbers import IdentitySystem
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.plans.models import Action, Goal, Need, Plan, PlanState
from samsyn.sharing.actions import (
    About,
    answer,
    answer_consent,
    challenge,
    claim_error,
    decide_in_family,
    guardians_today,
)
from samsyn.sharing.models import Consent, ConsentAnswer, Disclosure, FamilyMark, NoteClass
from samsyn.trail.models import TrailEntry
from tests.doors import scenes
from tests.doors.scenes import LATER, WORDS, filled, sent
from tests.questions import opened
from tests.village import Village, masked

DECISION = "You get to know what comes of the talk that you had."
ONE, TEN = 1, 10


def talked_through(village: Village, child: Person) -> Sign:
    """A sign about the child that Bo has talked through with the whole family."""
    bo, sign = village.acting("bo"), sent(village, child)
    acknowledge(bo, sign)
    family = tuple(str(row.guardian.ref) for row in guardians_today(child))
    record_talk(bo, sign, TalkHeld(held_on=clock.today(), with_child=True, with_guardians=family, child_words=WORDS))
    return sign


def start(village: Village, who: str) -> str:
    """The first page of somebody's family, in English."""
    client = village.client(who)
    client.cookies["django_language"] = "en"
    page = client.get("/my/")
    assert page.status_code == 200
    return page.content.decode()


# --- what is withheld leaves no trace ---------------------------------------------------------------------------------


def kept_as_harm(village: Village, sign: Sign) -> None:
    """Bo keeps the sign from the family, by the button on the page."""
    body = filled({"thing": f"sign:{sign.ref}", "note": NoteClass.HARM})
    assert village.client("bo").post(f"/children/{sign.child.ref}/family/mark/", body).status_code == 302


def closed_to_amal(village: Village, sign: Sign) -> None:
    """Bo closes the sign to Amal alone."""
    amal = village.account("amal").person
    about = About(sign.authority, "sign", sign.ref)
    decide_in_family(village.acting("bo"), sign.child, amal, about, opens=False, reason=WORDS)


@pytest.mark.parametrize(
    ("keep", "olof_reads"), [(kept_as_harm, False), (closed_to_amal, True)], ids=["a class of notes", "closed to Amal"]
)
def test_a_withheld_sign_is_as_if_it_had_never_been(
    lived: Village, keep: Callable[[Village, Sign], None], olof_reads: bool
) -> None:
    signe = lived.child("Signe")
    before = {who: start(lived, who).count(DECISION) for who in ("amal", "olof")}
    sign = talked_through(lived, signe)
    assert {who: start(lived, who).count(DECISION) for who in before} == {who: n + 1 for who, n in before.items()}
    keep(lived, sign)
    assert start(lived, "amal").count(DECISION) == before["amal"]
    assert start(lived, "olof").count(DECISION) == before["olof"] + olof_reads


def test_a_sign_that_nobody_has_talked_about_is_not_told_of(lived: Village) -> None:
    signe = lived.child("Signe")
    before = start(lived, "amal").count(DECISION)
    acknowledge(lived.acting("bo"), sent(lived, signe))
    Sign.objects.filter(child=signe, state="acknowledged").update(state="dialogue")
    assert start(lived, "amal").count(DECISION) == before


def test_bo_sees_which_note_he_has_kept_and_is_told_when_he_keeps_it_twice(lived: Village) -> None:
    sign, bo = talked_through(lived, lived.child("Signe")), lived.client("bo")
    kept_as_harm(lived, sign)
    assert FamilyMark.objects.get(item_ref=sign.ref).note == NoteClass.HARM
    body = filled({"thing": f"sign:{sign.ref}", "note": NoteClass.HARM})
    again = bo.post(f"/children/{sign.child.ref}/family/mark/", body)
    assert again.status_code == 422
    assert f'value="sign:{sign.ref}" selected' in again.content.decode()


def way_of(page: str, child: Person) -> str:
    """The steps that a first page shows of a child."""
    return page.split(f'id="child-{child.ref}"')[1].split('<ol class="way">')[1].split("</ol>")[0]


@pytest.mark.parametrize("keep", [kept_as_harm, closed_to_amal], ids=["a class of notes", "closed to Amal"])
def test_what_is_withheld_leaves_no_step_on_the_way(lived: Village, keep: Callable[[Village, Sign], None]) -> None:
    signe = lived.child("Signe")
    before = way_of(start(lived, "amal"), signe)
    sign = talked_through(lived, signe)
    assert way_of(start(lived, "amal"), signe) != before
    keep(lived, sign)
    assert way_of(start(lived, "amal"), signe) == before


# --- where one is, and who is around ----------------------------------------------------------------------------------


def test_amal_reads_what_has_been_what_comes_who_sees_to_it_and_by_when(lived: Village) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    way = way_of(start(lived, "amal"), signe)
    behind, ahead = way.split('aria-current="step"')
    assert "Somebody noticed something, and told." in behind
    assert DECISION in ahead
    assert "Bo Ekdahl, Stobyskolan" in ahead
    assert "At the latest" in ahead


def test_what_waits_for_amal_is_where_she_is_and_her_own_answer_is_a_step_behind(lived: Village) -> None:
    scenes.asked_at_home(lived)
    signe = lived.child("Signe")
    asked = Consent.objects.filter(child=signe).latest("pk")
    waits = "A question waits for your answer."
    assert waits in way_of(start(lived, "amal"), signe).split('aria-current="step"')[1].split("</li>")[0]
    answer_consent(lived.acting("bo"), asked, lived.account("amal").person, "refused", form="oral", language="sv")
    after = way_of(start(lived, "amal"), signe)
    assert "You said no to a question." in after.split('aria-current="step"')[0]
    assert waits not in after


def test_what_olof_answers_changes_nothing_of_what_amal_reads(lived: Village) -> None:
    scenes.asked_at_home(lived)
    signe = lived.child("Signe")
    asked = Consent.objects.filter(child=signe).latest("pk")
    before = way_of(start(lived, "amal"), signe)
    answer_consent(lived.acting("bo"), asked, lived.account("olof").person, "refused", form="oral", language="sv")
    assert way_of(start(lived, "amal"), signe) == before


def lead_of_team(village: Village, child: Person, word: str, heading: str) -> Plan:
    """A team at work around a child that this post leads, with a plan to be looked back on."""
    post = village.post(word)
    about: dict[str, Any] = {"child": child, "authority": post.unit.authority}
    team = Team.objects.create(**about, state="active", purpose=WORDS, proposed_by=post, proposed_at=clock.now())
    place = {"unit": post.unit, "ground": "consent", "since": clock.now()}
    Membership.objects.create(**about, team=team, post=post, is_lead=True, **place)
    days = {"started_at": clock.now(), "agreed_at": clock.now(), "review_on": clock.today() + LATER}
    return Plan.objects.create(**about, team=team, heading=heading, state=PlanState.ACTIVE, agreed_number=1, **days)


def test_each_plan_is_seen_to_by_whoever_leads_the_team_that_made_it(lived: Village) -> None:
    signe = lived.child("Signe")
    plans = [lead_of_team(lived, signe, word, WORDS) for word in ("bvc", "early")]
    page = start(lived, "amal")
    steps = way_of(page, signe).split("<li")
    for plan, who in zip(plans, ("Siv Ahlgren, BVC Lillköping", "Ines"), strict=True):
        (ahead,) = [step for step in steps if str(plan.ref) in step and "You look together" in step]
        assert who in ahead
    assert page.count("Holds the team together.") == 2
    client = lived.client("amal")
    client.cookies["django_language"] = "en"
    around = client.get(f"/my/around/{signe.ref}/").content.decode()
    assert around.count("Holds the team together, and sees to it") == 2
    assert around.count("holds the team together.") == around.count("holds a team together.") > 0


def test_adam_sees_who_is_there_for_him_and_the_trail_tells_that_he_looked(lived: Village) -> None:
    adam = lived.child("Adam")
    page = lived.client("adam").get(f"/my/around/{adam.ref}/").content.decode()
    assert page.count("Hedda") >= len(("picture", "table", "list"))
    entry = TrailEntry.objects.filter(mode="read").latest("pk")
    assert (entry.person_ref, entry.ground) == (adam.ref, "own_family")
    assert "circle" in {subject.kind for subject in entry.subjects.all()}


@pytest.mark.parametrize("page", ["", "around/{}/", "shared/{}/"])
def test_henrik_whose_custody_has_ended_is_not_told_the_name_that_adam_has_got_since(lived: Village, page: str) -> None:
    adam = lived.child("Adam")

    def read(who: str) -> str:
        client = lived.client(who)
        client.cookies["django_language"] = "en"
        return client.get("/my/" + page.format(adam.ref)).content.decode()

    assert "Adam" in read("henrik")
    number = RegisterIdentity(IdentitySystem.RESERVE, "se:adam")
    told = RegisterPerson((number,), "Elias", "Nyström", "Elias", adam.birth_date, (), "none", (), None)
    find_or_create(SYSTEM, told, known=adam)
    assert "Elias" in read("adam")
    assert "a child" in read("henrik").casefold()
    for name in ("Elias", "Adam"):
        assert name not in read("henrik")


def test_henrik_whose_custody_has_ended_sees_nobody_around_adam(lived: Village) -> None:
    adam = lived.child("Adam")
    assert "Hedda" not in lived.client("henrik").get(f"/my/around/{adam.ref}/").content.decode()


def test_olof_reads_that_his_custody_is_noted_as_ended_and_what_to_do_if_that_is_wrong(lived: Village) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    assert "your custody" not in start(lived, "olof")
    row = Guardianship.objects.get(child=signe, guardian=lived.account("olof").person)
    end_custody(SYSTEM, row, clock.today() - timedelta(days=1))
    page = start(lived, "olof")
    assert f"your custody of {signe.name} ended on" in page
    assert "Is it wrong? Tell the one who answers" in page
    assert "your custody" not in start(lived, "amal")  # each reads of the own custody alone


# --- what is shared, as a picture -------------------------------------------------------------------------------------


def houses(village: Village, who: str, child: Person) -> dict[str, str]:
    """Door by place, as somebody sees it."""
    page = village.client(who).get(f"/my/shared/{child.ref}/").content.decode()
    found = re.findall(r'house house--(\w+)".*?<bdi>(.*?)</bdi>', page, re.DOTALL)
    return {name: door for door, name in found}


def test_an_open_row_is_an_open_door_also_while_a_new_question_waits(lived: Village) -> None:
    row = Disclosure.objects.select_related("child", "receiver").get(ref=scenes.told(lived).place["ref"])
    assert houses(lived, "amal", row.child)[row.receiver.name] == "open"
    scenes.asked_of(lived, row.child)
    assert houses(lived, "amal", row.child)[row.receiver.name] == "open"


def test_a_question_waits_at_the_door_until_amal_answers_it_and_her_no_is_hers_alone(lived: Village) -> None:
    signe = lived.child("Signe")
    scenes.asked_at_home(lived)
    asked = Consent.objects.filter(child=signe).latest("pk")
    place = asked.receivers.get().name
    others = {who: houses(lived, who, signe).pop(place) for who in ("amal", "olof")}
    answer_consent(lived.acting("bo"), asked, lived.account("amal").person, "refused", form="oral", language="sv")
    assert others == {"amal": "waiting", "olof": "waiting"}
    assert [houses(lived, who, signe)[place] for who in ("amal", "olof")] == ["shut", "waiting"]


def test_what_is_withheld_has_no_house(lived: Village) -> None:
    row = Disclosure.objects.select_related("child", "receiver").get(ref=scenes.withheld(lived).place["ref"])
    assert row.receiver.name not in houses(lived, "amal", row.child)


@pytest.mark.parametrize(
    ("who", "called", "open_to", "copied_to"),
    [
        ("amal", "Nour", "Tidigt stöd", "Stöd till barn med funktionsnedsättning"),
        ("olof", "Nour", "Tidigt stöd", "Stöd till barn med funktionsnedsättning"),
        ("adam", "Adam", "Tidigt stöd", "Vårdcentralen Lillköping"),
    ],
)
def test_what_the_family_said_yes_to_is_open_or_a_copy_and_never_both(
    lived: Village, who: str, called: str, open_to: str, copied_to: str
) -> None:
    child, client = lived.child(called), lived.client(who)
    client.cookies["django_language"] = "en"
    page = client.get(f"/my/shared/{child.ref}/").content.decode()
    opened_now, copies = page.split('id="open"')[1].split('id="copies"')
    assert f"<bdi>{open_to}</bdi>" in opened_now
    assert "You can take your yes back any day." in opened_now
    assert f"<bdi>{copied_to}</bdi>" in copies
    assert "It stays with them." in copies
    assert [one.count('<article class="ledger">') for one in (opened_now, copies)] == [1, 1]
    assert 'id="before"' not in page
    doors = houses(lived, who, child)
    assert (doors[open_to], doors[copied_to]) == ("open", "copy")


def test_amal_who_reads_about_nour_by_her_age_reads_no_text_that_adam_decided_about(lived: Village) -> None:
    page = lived.client("amal").get(f"/my/shared/{lived.child('Adam').ref}/").content.decode()
    assert '<article class="ledger">' not in page
    assert houses(lived, "adam", lived.child("Adam"))["Ungdomsgruppen"] == "shut"


# --- what is asked and answered ---------------------------------------------------------------------------------------


def test_a_question_is_read_as_a_letter_and_says_who_asks(lived: Village) -> None:
    page = lived.client("amal").get(f"/my/questions/{scenes.asked_at_home(lived).place['ref']}/").content.decode()
    assert "# " not in page.split('class="sheet as-read"')[1].split("</div>")[0]
    assert "<h2>" in page.split('class="sheet as-read"')[1]
    assert "Bo Ekdahl" in page


def test_amal_says_yes_to_a_part_herself_and_reads_what_she_left_out(lived: Village) -> None:
    asked = scenes.asked_of(lived, lived.child("Signe"), lived.unit("bvc"), kinds=["circle", "plan"])
    amal, page = lived.client("amal"), f"/my/questions/{asked.ref}/"
    amal.cookies["django_language"] = "en"
    shown = amal.get(page).content.decode()
    assert "Yes to a part: leave something out" in shown
    not_to, _other = asked.receivers.order_by("pk")
    assert f'value="{not_to.ref}"' in shown
    body = {"step": "given", "shown": bytes(asked.texts.get(language="en").digest).hex(), "language": "en"}
    part = {"not_to": [not_to.ref], "not_kinds": ["plan"], "own_words": "Inget om pappas jobb."}
    assert amal.post(f"{page}answer/", filled({**body, **part})).status_code == 302
    limits = asked.limits.order_by("pk").values_list("unit", "kind", "words")
    assert list(limits) == [(not_to.pk, "plan", ""), (None, "", "Inget om pappas jobb.")]
    said = amal.get(page).content.decode()
    assert f"Left out: the plan, to {not_to.name}." in said
    assert "Inget om pappas jobb." in said
    olof = lived.client("olof").get(page).content.decode()
    assert "Inget om pappas jobb." not in olof


def test_of_one_receiver_and_one_kind_there_is_no_part_to_choose(lived: Village) -> None:
    asked = scenes.asked_of(lived, lived.child("Signe"))
    assert (asked.receivers.count(), len(asked.kinds)) == (1, 1)
    page = lived.client("amal").get(f"/my/questions/{asked.ref}/").content.decode()
    assert 'name="own_words"' in page
    assert 'name="not_' not in page


def test_whoever_has_answered_reads_what_follows_from_that_answer(lived: Village) -> None:
    adam = lived.client("adam")
    adam.cookies["django_language"] = "en"
    told = {"given": "The yes is complete, and it holds.", "refused": "Nothing is shared on it."}
    for step, words in told.items():
        answered = ConsentAnswer.objects.filter(giver=lived.child("Adam"), step=step).latest("pk")
        page = adam.get(f"/my/questions/{answered.consent.ref}/").content.decode()
        assert words in page
        assert "not complete" not in page
        assert "This is who asked you:" in page


def test_a_former_guardian_is_not_told_what_the_others_have_answered_since(lived: Village) -> None:
    nour, olof, amal = lived.child("Nour"), lived.account("olof").person, lived.account("amal").person
    asked = ConsentAnswer.objects.filter(giver=olof, step="given", consent__child=nour).latest("pk").consent
    custody = Guardianship.objects.get(child=nour, guardian=olof)
    end_custody(SYSTEM, custody, clock.today() - timedelta(days=1))
    Guardianship.objects.filter(child=nour, guardian=amal).update(custody="sole")

    def read() -> bytes:
        page = lived.client("olof").get(f"/my/questions/{asked.ref}/")
        assert page.status_code == 200
        return masked(page.content)

    before = read()
    answer(lived.at_home("amal"), asked, "withdrawn", language="sv")
    assert read() == before


def test_an_open_row_leads_to_the_yes_that_it_rests_on(lived: Village) -> None:
    row = Disclosure.objects.select_related("consent", "child").get(ref=scenes.told(lived).place["ref"])
    assert row.consent is not None
    amal = lived.client("amal")
    there = f"/my/questions/{row.consent.ref}/"
    assert there in amal.get(f"/my/shared/{row.child.ref}/").content.decode()
    giver = lived.account("amal").person
    answer_consent(lived.acting("bo"), row.consent, giver, "withdrawn", form="oral", language="sv")
    assert there not in amal.get(f"/my/shared/{row.child.ref}/").content.decode()


def test_amal_who_finds_a_row_wrong_reads_by_when_she_is_answered(lived: Village) -> None:
    row = Disclosure.objects.select_related("child").get(ref=scenes.told(lived).place["ref"])
    client = lived.client("amal")
    client.cookies["django_language"] = "en"
    assert "at the latest." in client.get(f"/my/shared/{row.ref}/wrong/").content.decode()
    assert client.post(f"/my/shared/{row.ref}/wrong/", filled({"words": WORDS})).status_code == 302
    assert "You get an answer here, " in client.get(f"/my/shared/{row.child.ref}/").content.decode()


def test_amal_reads_what_she_has_said_is_wrong_in_a_text_and_olof_does_not(lived: Village) -> None:
    signe = lived.child("Signe")
    sign = talked_through(lived, signe)
    amal = lived.account("amal").person
    claim_error(lived.acting("bo"), signe, sign.authority_id, ("sign", sign.ref), "Hon var sjuk den dagen.", by=amal)
    pages = {}
    for who in ("amal", "olof"):
        client = lived.client(who)
        client.cookies["django_language"] = "en"
        pages[who] = client.get(f"/my/shared/{signe.ref}/").content.decode()
    assert "of something that somebody noticed:" in pages["amal"]
    assert "Hon var sjuk den dagen." in pages["amal"]
    assert "Written down for you by" in pages["amal"]
    assert "Hon var sjuk den dagen." not in pages["olof"]
    assert "What you say is wrong in a text" not in pages["olof"]


# --- as many questions to the database for one of each as for ten -----------------------------------------------------


def another_of_each(village: Village, plan: Plan) -> None:
    """A question, a talk, something shared that Amal finds wrong, and something agreed, all about Signe."""
    signe = village.child("Signe")
    scenes.asked_of(village, signe)
    talked_through(village, signe)
    row = Disclosure.objects.get(ref=scenes.told(village).place["ref"])
    challenge(village.at_home("amal"), row, WORDS)
    claim_error(village.at_home("amal"), signe, row.authority_id, ("disclosure", row.ref), WORDS)
    about = {"plan": plan, "child": signe, "authority": plan.authority}
    need = Need.objects.create(**about, position=1, words=WORDS)
    goal = Goal.objects.create(**about, need=need, common_goal=CommonGoal.objects.all()[0], words=WORDS)
    post = NamedPerson.objects.get(child=signe, until=None).post
    Action.objects.create(**about, goal=goal, words=WORDS, by_post=post, due_on=clock.today() + LATER)


def test_the_pages_of_the_portal_ask_the_same_however_much_there_is(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    plan = Plan.objects.get(ref=scenes.planned_at_home(lived).place["ref"])
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ACTIVE, agreed_number=1, review_on=clock.today() + LATER)
    asked = scenes.asked_at_home(lived).place["ref"]
    addresses = _addresses(signe.ref, plan.ref, asked)
    another_of_each(lived, plan)
    few = {address: opened(amal, address) for address in addresses}
    for _ in range(TEN - ONE):
        another_of_each(lived, plan)
    assert {address: opened(amal, address) for address in addresses} == few
    assert amal.get("/my/questions/").content.count(b"/my/questions/") > TEN
    assert amal.get(addresses[1]).content.count(b"/wrong/") >= TEN


def _addresses(child: UUID, plan: UUID, asked: UUID) -> list[str]:
    return [
        "/my/",
        f"/my/shared/{child}/",
        f"/my/around/{child}/",
        "/my/questions/",
        f"/my/questions/{asked}/",
        f"/my/plans/{plan}/",
        f"/my/looks/{child}/",
        f"/my/held/{child}/",
    ]


def test_the_first_page_asks_the_same_for_a_third_child(lived: Village) -> None:
    amal, olof = (lived.client(who) for who in ("amal", "olof"))
    assert len(start(lived, "amal").split('id="child-')) > len(start(lived, "olof").split('id="child-'))
    assert opened(amal, "/my/") == opened(olof, "/my/")
