"""Somebody with an account of their own tries what they may not: other people's references, words that are code,
addresses that lead away, a number that must stand nowhere, and a child whose name nobody may see.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse

from samsyn.common import clock
from samsyn.early_signals.models import Sign
from samsyn.people.models import Identity, LookUp
from samsyn.plans.tasks import ask_for_paper, make_paper
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.models import Consent
from samsyn.trail.actions import act
from samsyn.trail.models import TrailEntry
from samsyn.trail.rules import Subject
from tests.doors.scenes import WORDS, WRITTEN, sent
from tests.village import REGISTERED, Village

AWAY = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "https:elsewhere.example",
    "javascript:alert(1)",
    " //elsewhere.example",
    "elsewhere",
    "elsewhere.example",
    "desk:day",
    "..",
    "",
)


def press(client: Client, name: str, *refs: object, **body: Any) -> Any:
    return client.post(reverse(name, args=refs), {"key": uuid4(), **body})


@pytest.mark.parametrize("away", AWAY)
def test_no_address_that_was_handed_in_leads_away(lived: Village, away: str) -> None:
    for client in (lived.client(""), lived.client("bo")):
        chosen = client.post("/language/", {"language": "en", "next": away})
        assert (chosen.status_code, chosen.headers["Location"]) == (302, "/")
    account = lived.account("moa")
    account.set_password("ett långt lösenord som ingen har")
    account.save()
    client = lived.client("")
    body = {"username": "moa", "password": "ett långt lösenord som ingen har", "next": away}
    signed_in = client.post("/sign-in/", body)
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/")
    kept = lived.client("").post("/sign-in/", {**body, "kept-words": WORDS})
    assert 'action="/"' in kept.content.decode()


def test_a_sign_is_begun_about_a_child_and_about_nobody_else(lived: Village) -> None:
    signe = lived.child("Signe")
    for row in guardians_today(signe):
        assert press(lived.client("bo"), "desk:begin", row.guardian.ref).status_code == 404
    assert press(lived.client("bo"), "desk:begin", lived.account("maja").person.ref).status_code == 404


def test_a_plan_takes_views_of_its_own_family_alone(lived: Village) -> None:
    plan = lived.plan("active")
    others = [lived.child("Signe"), lived.child("Vera"), lived.account("bo").person, lived.account("ines").person]
    bo = lived.client("bo")
    for person in others:
        if person.pk == plan.child_id:
            continue
        for client in (bo, lived.client("ines")):
            address = reverse("desk:plan_view", args=(plan.ref, person.ref))
            assert client.get(address).status_code == 404
            assert client.post(address, {"key": uuid4(), "kind": "said", "words": WORDS}).status_code == 404


def test_a_change_of_one_plan_never_reaches_a_part_of_another(lived: Village) -> None:
    plan, other = lived.plan("draft"), lived.plan("active")
    ines = lived.client("ines")
    for verb, part in (
        ("change_need", other.needs.first()),
        ("remove_need", other.needs.first()),
        ("add_goal", other.needs.first()),
        ("change_goal", other.goals.first()),
        ("add_action", other.goals.first()),
        ("change_action", other.actions.first()),
        ("remove_action", other.actions.first()),
    ):
        assert part is not None
        body = {"version": plan.version, "words": WORDS}
        assert press(ines, "desk:plan_change", plan.ref, verb, part.ref, **body).status_code == 404


def test_a_sign_is_never_joined_with_one_about_another_child(lived: Village) -> None:
    first = lived.sign("acknowledged")
    second = sent(lived, lived.child("Vera"))
    answer = press(lived.client("bo"), "desk:sign_merge", second.ref, into=first.ref)
    assert answer.status_code == 422
    assert Sign.objects.get(pk=second.pk).merged_into is None


def test_nobody_answers_for_another_family(lived: Village) -> None:
    asked = Consent.objects.filter(asked_by=lived.post("rektor")).order_by("pk").first()
    assert asked is not None
    family = {row.guardian_id for row in guardians_today(asked.child)}
    strangers = [lived.child("Vera"), lived.account("bo").person, lived.account("kurt").person, asked.child]
    strangers += [row.guardian for row in guardians_today(lived.child("Vera"))]
    before = asked.answers.count()
    for person in strangers:
        if person.pk in family:
            continue
        body = {"giver": person.ref, "step": "given", "form": "oral", "language": "sv"}
        assert press(lived.client("bo"), "desk:consent_answer", asked.ref, **body).status_code in {404, 422}
    assert asked.answers.count() == before


def test_fields_that_no_form_has_change_nothing(lived: Village) -> None:
    draft = lived.sign("draft")
    body = {
        **WRITTEN,
        "saw": WORDS,
        "observed_on": clock.today(),
        "version": draft.version,
        "stay": "1",
        "state": "closed",
        "noticer": lived.account("kurt").person.pk,
        "noticer_post": lived.post("rektor").pk,
        "authority": 1,
        "child": lived.child("Vera").pk,
        "sent_at": "2020-01-01",
        "told_noticer": WORDS,
    }
    assert press(lived.client("maja"), "desk:sign_edit", draft.ref, **body).status_code == 200
    now = Sign.objects.get(pk=draft.pk)
    assert now.saw == WORDS
    kept = ("state", "noticer_id", "noticer_post_id", "authority_id", "child_id", "sent_at", "told_noticer")
    assert {name: getattr(now, name) for name in kept} == {name: getattr(draft, name) for name in kept}


def test_a_number_that_was_looked_up_stands_nowhere(lived: Village) -> None:
    bo = lived.client("bo")
    answer = press(bo, "desk:find_by_number", number=REGISTERED, reason="Hon väntade länge.")
    assert answer.status_code == 302
    digits = REGISTERED.replace("-", "")
    for number in (REGISTERED, digits, digits[2:]):
        assert number not in answer.headers["Location"]
        assert number not in bo.get(answer.headers["Location"]).content.decode()
        for model in apps.get_models():
            if model is Identity:
                continue
            for field in model._meta.get_fields():
                if isinstance(field, CharField | TextField):
                    assert not model._default_manager.filter(**{f"{field.name}__contains": number}).exists(), model


def test_a_number_written_as_the_reason_is_asked_to_be_left_out(lived: Village) -> None:
    press(lived.client("bo"), "desk:find_by_number", number=REGISTERED, reason=f"Sökte {REGISTERED} igen")
    assert not LookUp.objects.filter(reason__contains=REGISTERED).exists()
    assert not TrailEntry.objects.filter(ground__contains=REGISTERED).exists()


@pytest.mark.parametrize(
    "body", [{"name": "x" * 1_100_000}, {f"field{place}": "x" for place in range(500)}], ids=["long", "many"]
)
def test_what_is_too_much_is_told_kindly_and_quotes_nothing(lived: Village, body: dict[str, str]) -> None:
    client = lived.client("bo")
    client.raise_request_exception = False
    answer = client.post("/find/", body)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "<h1>" in page
    assert "xxx" not in page
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["moa", "nobody-at-all"])
def test_guessing_passwords_ends_on_the_same_page_for_a_name_that_exists_and_one_that_does_not(
    lived: Village, name: str
) -> None:
    answers = [lived.client("").post("/sign-in/", {"username": name, "password": f"guess {n}"}) for n in range(7)]
    assert [one.status_code for one in answers] == [422] * 4 + [429] * 3
    assert name not in answers[-1].content.decode()
    assert "<h1>" in answers[-1].content.decode()


def test_the_named_person_never_reads_what_another_authority_wrote_as_its_ground(lived: Village) -> None:
    one = lived.disclosure()
    ines, bo = lived.acting("ines"), lived.acting("bo")
    subject = Subject("disclosure", one.ref, one.child.ref, "withheld")
    act(ines, "disclosure.withheld", [subject], ground="Hemligt hos socialtjänsten.")
    act(bo, "disclosure.withheld", [subject], ground="Skolans egna ord.")
    act(ines, "disclosure.given", [subject], ground="consent")
    page = lived.client("bo").get(reverse("desk:history", args=(one.child.ref,))).content.decode()
    assert "Hemligt hos" not in page
    assert "Skolans egna ord." in page
    assert reverse("public:rule", args=("consent",)) in page


def test_a_yes_that_is_taken_back_closes_page_and_fragment_and_paper_at_once(lived: Village) -> None:
    plan = lived.plan("active")
    paper = ask_for_paper(lived.acting("ines"), plan, "sv")
    make_paper.func(str(paper.ref))
    consent = plan.team.consent
    assert consent is not None
    ines = lived.client("ines")
    addresses = [
        reverse("desk:plan", args=(plan.ref,)),
        reverse("desk:plan_write", args=(plan.ref,)),
        reverse("desk:plan_wheel", args=(plan.ref,)),
        reverse("desk:paper", args=(paper.ref,)),
    ]
    fragment = {"HX-Request": "true"}
    assert [ines.get(one, headers=fragment).status_code for one in addresses] == [200] * len(addresses)
    giver = guardians_today(plan.child)[0].guardian
    body = {"giver": giver.ref, "step": "withdrawn", "form": "oral", "language": "sv"}
    assert press(lived.client("bo"), "desk:consent_answer", consent.ref, **body).status_code == 302
    assert [ines.get(one, headers=fragment).status_code for one in addresses] == [404] * len(addresses)
    own = ines.get(reverse("desk:child", args=(plan.child.ref,))).content.decode()
    written = [row.words for rows in (plan.needs.all(), plan.goals.all(), plan.actions.all()) for row in rows]
    assert written
    assert [words for words in written if words in own] == []
