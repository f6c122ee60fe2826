"""T14: what a unique constraint would refuse tells nobody that a row is there which they may not see.

Whoever presses is answered alike whether the hidden row exists or not: found before it is made, never made and refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import UniqueConstraint
from django.test import Client
from pytest_django import Settings

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.people import numbers
from samsyn.people.actions import set_protection
from samsyn.people.models import Account, Identity, Person
from samsyn.plans.actions import start_plan
from samsyn.sharing.actions import answer_consent, ask_consent, guardians_today
from samsyn.trail.actions import once
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


def test_t14_whose_family_took_back_the_yes_is_not_told_that_there_is_a_team_and_a_plan(lived: Village) -> None:
    bo, siv, signe = lived.acting("bo"), lived.acting("siv"), lived.child("Signe")
    to_siv = asked_of(lived, signe, lived.post("bvc").unit, kinds=("circle", "plan"))
    said_yes(lived, to_siv)

    def at_work() -> None:
        """Bo leads a team, which has begun a plan. Who is in it has said yes on a question of its own."""
        consent = asked_of(lived, signe, kinds=("circle", "plan"))
        said_yes(lived, consent)
        team = propose_team(bo, signe, purpose=WHY, members=[lived.post("early")], consent=consent)
        start_plan(bo, start_team(bo, team, child_view=WHY, lead_wish=""), WHY)

    def begins() -> list[Answer]:
        """Siv takes over; the family takes its yes back; she asks it herself, and begins with Ines."""
        named = HandoverKind.NAMED_PERSON
        offer = propose_handover(bo, signe, named, lived.post("bvc"), note=WHY, consent=to_siv)
        answer_handover(siv, offer, accept=True)
        deciders = [row.guardian for row in guardians_today(signe)]
        answer_consent(bo, to_siv, deciders[0], "withdrawn", form="oral", language="sv")
        assert not Team.objects.visible_to(siv).exists()
        asked = ask_consent(
            siv,
            signe,
            purpose=WHY,
            kinds=("circle", "plan"),
            receivers=[lived.unit("early")],
            until=clock.today() + timedelta(days=100),
            form="oral",
            language="sv",
            child_reason=WHY,
        )
        for one in deciders:
            answer_consent(siv, asked, one, "given", form="oral", language="sv")
        browser = lived.client("siv")
        there = f"/children/{signe.ref}/team/new/"
        body = {"units": [lived.unit("early").ref], "members": [lived.post("early").ref]}
        found = [browser.get(there), browser.post(there, filled({"purpose": WHY, "consent": asked.ref, **body}))]
        assert found[-1].status_code == 302
        team = found[-1].headers["Location"]
        found.append(browser.post(f"{team}start/", filled({"child_view": WHY, "lead_wish": ""})))
        found.append(browser.post(f"{team}plan/new/", filled({"heading": WHY})))
        assert [one.status_code for one in found] == [200, 302, 302, 302]
        pages = ("/", "/children/", f"/children/{signe.ref}/", there, team, found[-1].headers["Location"])
        return [bare(one) for one in (*found, *map(browser.get, pages))]

    with undone():
        without = begins()
    with undone():
        at_work()
        assert begins() == without


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
