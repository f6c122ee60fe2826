"""T14: what a unique constraint would refuse tells nobody that a row is there which they may not see.

Whoever presses is answered alike whether the hidden row exists or not: found before it is made, never made and refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import UniqueConstraint
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.desk.history_words import PAGES, STEPS
from samsyn.early_signals.actions import save_draft, send_sign
from samsyn.early_signals.actions.drafts import noted_in
from samsyn.early_signals.models import Sign
from samsyn.organisations.models import Post, Unit
from samsyn.people import numbers
from samsyn.people.actions import set_protection
from samsyn.people.models import Account, Identity, Person
from samsyn.plans.actions import start_plan
from samsyn.plans.content_actions import add_need
from samsyn.plans.models import Plan
from samsyn.sharing.actions import answer_consent, ask_consent, guardians_today
from samsyn.sharing.actions.units import unit_ended
from samsyn.sharing.models import Consent
from samsyn.trail.actions import once
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import asked_of, filled, said_yes
from tests.village import REGISTERED, Village, masked, number_of

WHY = "Hon väntade länge vid grinden."
NOBODYS = numbers.test_number(date(2018, 4, 5), 9)
"""A number of the same day as Tuva's, which the register does not know."""
REFERENCE = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")

Answer = tuple[int, dict[str, str], bytes]


def bare(answer: Any, *typed: str) -> Answer:
    """An answer without what differs each time: keys, tokens, references, and what was typed."""
    headers = {name: REFERENCE.sub(b"ref", value.encode()).decode() for name, value in answer.headers.items()}
    policy = headers.get("Content-Security-Policy", "")
    headers["Content-Security-Policy"] = "; ".join(sorted(policy.split("; ")))  # in any order
    body = REFERENCE.sub(b"ref", masked(answer.content))
    for word in typed:
        body = body.replace(f'value="{word}"'.encode(), b"typed")
    return answer.status_code, headers, body


@pytest.fixture(autouse=True)
def one_moment() -> Iterator[None]:
    """No minute passes between two answers that are compared."""
    with clock.at(clock.now()):
        yield


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def look_up(browser: Client, number: str) -> Any:
    return browser.post("/find/number/", filled({"number": number, "reason": WHY}))


def test_t14_a_child_whom_another_authority_knows_is_found_like_one_whom_nobody_knows(lived: Village) -> None:
    maja = lived.client("maja")

    def known_to_the_social_services() -> None:
        assert look_up(lived.client("ines"), REGISTERED).status_code == 302
        assert Identity.objects.filter(person__given_name="Tuva").exists()

    def begins() -> list[Answer]:
        found = look_up(maja, REGISTERED)
        assert found.status_code == 302
        draft = maja.get(found.headers["Location"])
        child = Person.objects.get(given_name="Tuva", birth_date__isnull=False)
        return [bare(found), bare(draft), *(bare(maja.get(page)) for page in ("/", f"/children/{child.ref}/"))]

    with undone():
        without = begins()
    with undone():
        known_to_the_social_services()
        assert begins() == without


def test_t14_the_number_of_a_child_who_is_hidden_is_answered_like_one_that_nobody_has(lived: Village) -> None:
    ines = lived.client("ines")

    def hidden() -> None:
        assert look_up(lived.client("maja"), REGISTERED).status_code == 302
        child = Person.objects.get(given_name="Tuva", birth_date__isnull=False)
        set_protection(SYSTEM, child, "protected")

    with undone():
        nobody = bare(look_up(ines, NOBODYS), NOBODYS)
    with undone():
        hidden()
        somebody = bare(look_up(ines, REGISTERED), REGISTERED)
    assert nobody[0] == 422
    assert somebody == nobody


def enter(browser: Client, number: str, name: str = "Tuva", family: str = "Rask") -> Any:
    body = {"kind": "personnummer", "number": number, "given_name": name, "family_name": family, "reason": WHY}
    return browser.post("/find/by-hand/", filled(body))


@pytest.mark.parametrize("register", ["answers", "is silent"])
def test_t14_a_child_who_is_hidden_is_entered_by_hand_like_one_whom_nobody_knows(
    lived: Village, settings: Settings, register: str
) -> None:
    ines, kurt = lived.client("ines"), lived.client("kurt")
    child = Person.objects.filter(given_name="Tuva", birth_date__isnull=False)

    def hidden() -> None:
        assert look_up(lived.client("maja"), REGISTERED).status_code == 302
        set_protection(SYSTEM, child.get(), "protected")

    def begins(number: str) -> list[Answer]:
        """Ines enters the child, twice; so does Kurt; and each reads what stands there then."""
        found = [enter(one, number) for one in (ines, ines, kurt)]
        assert [one.status_code for one in found] == [302] * 3
        assert found[0].headers["Location"] == found[1].headers["Location"]
        drafts = [one.get(at.headers["Location"]) for one, at in zip((ines, kurt), found[1:], strict=True)]
        pages = [ines.get(page) for page in ("/", "/children/", f"/children/{child.get().ref}/")]
        searched = [one.post("/find/", filled({"name": "Tuva"})) for one in (ines, kurt)]
        return [bare(one, number) for one in (*found, *drafts, *pages, *searched)]

    with undone():
        nobody = begins(NOBODYS)
    with undone():
        hidden()
        if register == "is silent":
            settings.SAMSYN_REGISTER_FILE = ""
        assert begins(REGISTERED) == nobody


def test_t14_what_waits_on_a_post_counts_nothing_about_a_child_who_is_hidden_from_it(lived: Village) -> None:
    bo, maja = lived.client("bo"), lived.acting("maja")
    with undone():
        nothing = bare(bo.get("/away/"))
    with undone():
        assert look_up(lived.client("maja"), REGISTERED).status_code == 302
        draft = Sign.objects.get(child__given_name="Tuva", state="draft")
        noted = replace(noted_in(draft), kind="strength", observed_on=clock.today(), saw=WHY, did=WHY)
        noted = replace(noted, child_words=WHY, areas=("safe",), talked_with=("child",))
        sent = send_sign(maja, save_draft(maja, draft, noted, draft.version))
        set_protection(SYSTEM, sent.child, "protected")
        assert not Sign.objects.visible_to(lived.acting("bo")).filter(pk=sent.pk).exists()
        assert bare(bo.get("/away/")) == nothing


def test_t14_in_an_emergency_a_child_of_another_authority_is_answered_like_nobody(lived: Village) -> None:
    kurt, signe = lived.client("kurt"), number_of(lived.child("Signe")).value
    answers = []
    for number in (REGISTERED, signe):
        with undone():
            body = filled({"number": number, "code": "life", "words": WHY})
            answers.append(bare(kurt.post("/emergency/", body), number))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_t14_a_name_to_sign_in_with_that_is_somebodys_is_answered_like_nobodys(lived: Village) -> None:
    Account.objects.filter(sign_in_name="moa").update(is_active=False)
    answers = []
    for name in ("bo", "moa", "nobody-here"):
        browser = Client()
        tries = [browser.post("/sign-in/", {"username": name, "password": "a wrong guess"}) for _ in range(6)]
        answers.append([bare(one, name) for one in tries])
    assert answers[0] == answers[1] == answers[2]
    assert [one[0] for one in answers[0]] == [422, 422, 422, 422, 429, 429]


def test_whoever_guesses_at_one_name_shuts_nobody_else_out_at_the_same_address(lived: Village) -> None:
    guesses = [Client().post("/sign-in/", {"username": "bo", "password": "guess"}).status_code for _ in range(6)]
    assert guesses[-1] == 429
    assert Client().post("/sign-in/", {"username": "hanna", "password": "guess"}).status_code == 422


def test_t14_a_key_that_somebody_else_has_pressed_with_is_new_for_me(lived: Village) -> None:
    key, bos, ines = uuid4(), uuid4(), uuid4()
    assert once(lived.acting("bo"), key, lambda: bos) == bos
    assert once(lived.acting("ines"), key, lambda: ines) == ines
    assert once(lived.acting("ines"), key, uuid4) == ines


BOTH = ("circle", "plan")


def asks(lived: Village, who: str, unit: Unit) -> Consent:
    """Somebody asks Signe's guardians, and all say yes."""
    viewer, signe = lived.acting(who), lived.child("Signe")
    asked = ask_consent(
        viewer,
        signe,
        purpose=WHY,
        kinds=BOTH,
        receivers=[unit],
        until=clock.today() + timedelta(days=100),
        form="oral",
        language="sv",
        child_reason=WHY,
    )
    for row in guardians_today(signe):
        answer_consent(viewer, asked, row.guardian, "given", form="oral", language="sv")
    return asked


def at_work(lived: Village) -> Plan:
    """Bo leads a team, which has begun a plan, and offers Ines its lead; he and she read about it."""
    bo, signe = lived.acting("bo"), lived.child("Signe")
    consent = asked_of(lived, signe, kinds=BOTH)
    said_yes(lived, consent)  # who is in it has said yes on a question of its own
    team = propose_team(bo, signe, purpose=WHY, members=[lived.post("early")], consent=consent)
    plan = start_plan(bo, start_team(bo, team, child_view=WHY, lead_wish=""), WHY)
    propose_handover(bo, signe, HandoverKind.LEAD, lived.post("early"), note=WHY)
    read_by(lived, "bo", f"/teams/{team.ref}/", f"/plans/{plan.ref}/", f"/children/{signe.ref}/")
    return plan


def read_by(lived: Village, who: str, *pages: str) -> None:
    browser = lived.client(who)
    assert [browser.get(page).status_code for page in pages] == [200] * len(pages)


def handed_to_siv(lived: Village, to_siv: Consent) -> None:
    """Bo hands Signe over to Siv at health care."""
    offer = propose_handover(
        lived.acting("bo"),
        lived.child("Signe"),
        HandoverKind.NAMED_PERSON,
        lived.post("bvc"),
        note=WHY,
        consent=to_siv,
    )
    answer_handover(lived.acting("siv"), offer, accept=True)


def taken_back(lived: Village, to_siv: Consent) -> None:
    """The family takes back the yes on which Signe was handed over."""
    first = guardians_today(lived.child("Signe"))[0].guardian
    answer_consent(lived.acting("bo"), to_siv, first, "withdrawn", form="oral", language="sv")
    assert not Team.objects.visible_to(lived.acting("siv")).exists()


def test_t14_whose_family_took_back_the_yes_is_not_told_that_there_is_a_team_and_a_plan(lived: Village) -> None:
    signe = lived.child("Signe")
    to_siv = asks(lived, "bo", lived.unit("bvc"))

    def begins() -> list[Answer]:
        """Siv takes over; the family takes its yes back; she asks it herself, and begins with Ines."""
        handed_to_siv(lived, to_siv)
        taken_back(lived, to_siv)
        asked = asks(lived, "siv", lived.unit("early"))
        browser = lived.client("siv")
        there = f"/children/{signe.ref}/team/new/"
        body = {"units": [lived.unit("early").ref], "members": [lived.post("early").ref]}
        found = [browser.get(there), browser.post(there, filled({"purpose": WHY, "consent": asked.ref, **body}))]
        assert found[-1].status_code == 302
        team = found[-1].headers["Location"]
        found.append(browser.post(f"{team}start/", filled({"child_view": WHY, "lead_wish": ""})))
        found.append(browser.post(f"{team}plan/new/", filled({"heading": WHY})))
        assert [one.status_code for one in found] == [200, 302, 302, 302]
        read_by(lived, "ines", team, f"/children/{signe.ref}/")
        read_by(lived, "amal", "/my/", f"/my/shared/{signe.ref}/")
        childs = f"/children/{signe.ref}/"
        pages = ("/", "/children/", childs, there, team, found[-1].headers["Location"], f"{childs}history/")
        return [bare(one) for one in (*found, *map(browser.get, pages))]

    with undone():
        without = begins()
    with undone():
        at_work(lived)
        assert begins() == without


def test_t14_whoever_takes_over_after_that_reads_nothing_of_it_either(lived: Village) -> None:
    signe, edvin = lived.child("Signe"), lived.acting("edvin")
    to_siv = asks(lived, "bo", lived.unit("bvc"))

    def reads() -> Answer:
        """Siv, who never reads the school's team again, hands Signe over to Edvin, and he reads the history."""
        handed_to_siv(lived, to_siv)
        taken_back(lived, to_siv)
        post = Post.objects.select_related("unit").get(source_id="inquiries")
        to_edvin = asks(lived, "siv", post.unit)
        named = HandoverKind.NAMED_PERSON
        offer = propose_handover(lived.acting("siv"), signe, named, post, note=WHY, consent=to_edvin)
        answer_handover(edvin, offer, accept=True)
        return history(lived, "edvin")

    with undone():
        without = reads()
    with undone():
        plan = at_work(lived)
        assert reads() == without
        with undone():
            again = history(lived, "edvin")
        add_need(lived.acting("bo"), plan, plan.version, WHY)
        assert history(lived, "edvin") == again


def test_t14_the_end_of_a_unit_is_told_those_who_may_know_that_it_had_to_do_with_the_child(lived: Village) -> None:
    to_siv = asks(lived, "bo", lived.unit("bvc"))
    at_work(lived)
    with override("sv"):
        ended = str(STEPS["child.unit_ended"])

    def is_told(who: str, unit: str) -> bool:
        assert ended not in history(lived, who)[2].decode()
        unit_ended(SYSTEM, lived.unit(unit).pk)
        return ended in history(lived, who)[2].decode()

    with undone():
        assert is_told("bo", "fritids")
    handed_to_siv(lived, to_siv)
    taken_back(lived, to_siv)
    assert not is_told("siv", "early")


def history(lived: Village, who: str) -> Answer:
    return bare(lived.client(who).get(f"/children/{lived.child('Signe').ref}/history/"))


def test_what_the_new_named_person_may_read_stands_in_the_history_for_as_long(lived: Village) -> None:
    to_siv, signe = asks(lived, "bo", lived.unit("bvc")), lived.child("Signe")
    plan = at_work(lived)
    handed_to_siv(lived, to_siv)
    read_by(lived, "bo", f"/plans/{plan.ref}/", f"/children/{signe.ref}/")
    with override("sv"):
        told = [str(STEPS[act]) for act in ("team.proposed", "team.started", "plan.started")]
        told += [str(PAGES[page]) for page in ("desk:team", "desk:plan", "desk:child")]
        taken_over = str(STEPS["handover.accepted"])
    before = history(lived, "siv")[2].decode()
    assert {words for words in told if words in before} == set(told)
    taken_back(lived, to_siv)
    after = history(lived, "siv")[2].decode()
    assert {words for words in told if words in after} == set()
    assert taken_over in before
    assert taken_over in after


def test_in_the_own_authority_the_history_tells_every_step_and_every_look(lived: Village) -> None:
    signe = lived.child("Signe")
    at_work(lived)
    read_by(lived, "ines", f"/children/{signe.ref}/")
    read_by(lived, "amal", "/my/", f"/my/shared/{signe.ref}/", f"/my/looks/{signe.ref}/")
    read_by(lived, "maja", "/", "/children/")
    there = TrailEntry.objects.filter(subjects__child_ref=signe.ref).distinct().count()
    told = re.findall(rb'<time datetime="', history(lived, "bo")[2])
    assert len(told) == there <= 50


NOT_ASKED = {
    # By whom a row can be met that is hidden from them, so that a refusal could tell of it.
    "identity_once": "found by number before it is made (arrive); by hand, who is hidden is passed by (apart, beside)",
    "person_key_once": "a second one is left out without a word, and no page gives a key",
    "guardian_once_at_a_time": "found before; who is hidden is another row for who may not know (desk/test_custody)",
    "command_once": "the own account's keys only",
    "extract_one_at_a_time": "the own account's extracts only",
    "one_named_person_at_a_time": "found before, whoever it is; not who it is but the stage's post is told",
    "duty_open_once_a_thing": "a second one is left out without a word",
    "one_open_handover_a_thing": "of the own authority, or of a team that the presser leads, and found before",
    "consent_waiver_once": "of a consent that the presser reads",
    "consent_receiver_once": "of a consent that is being made",
    "consent_item_once": "of a consent that is being made",
    "consent_text_once_a_language": "of a consent that is being made",
    "disclosed_once_a_row": "of a disclosure that is being made",
    "plan_version_once": "of a plan that the presser reads",
    "plan_changes_one_at_a_time": "of a plan that the presser reads",
    "member_once_at_a_time": "of a team that the presser reads",
    "one_lead_a_team": "of a team that the presser reads",
    "family_mark_once": "of a thing that is the own authority's",
    "family_met_once": "a second one is left out without a word",
    "long_kept_once": "the own authority's, and found before",
    "named_once_a_child": "found before, and answered alike",
    "one_open_team_an_authority": "the own authority's, and found before; another one's has no part in it",
    "one_open_plan_a_team": "of a team that the presser reads",
    # No row of these is about a child, or no request makes one.
    "weeded_count_once": "the house",
    "leaf_once_per_position": "the house",
    "root_once_per_size": "the house",
    "witness_once_per_size": "the house",
    "passage_once": "the owner",
    "principal_once": "imports",
    "authority_once": "imports",
    "unit_once": "imports",
    "post_once": "imports",
    "one_named_person_post_a_unit": "imports",
    "one_open_holding_a_post": "imports",
    "common_goal_once": "the partnership's words",
    "local_clock_once": "the partnership's words",
    "label_once": "the partnership's words",
}
UNIQUE_BY_ITSELF = {
    "ref": "random: nobody chooses it",
    "key": "made of a random reference, and a second one is left out or found",
    "sign_in_name": "accounts are opened by commands",
    "week": "the house",
    "principal_ref": "the house",
    "session_key": "random",
}


def test_t14_every_unique_constraint_has_been_thought_of() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("samsyn.")]
    named = {one.name for model in ours for one in model._meta.constraints if isinstance(one, UniqueConstraint)}
    assert named == set(NOT_ASKED)
    single = {
        field.name
        for model in ours
        for field in model._meta.local_fields
        if field.unique and not field.primary_key and not field.is_relation
    }
    assert single <= set(UNIQUE_BY_ITSELF)
