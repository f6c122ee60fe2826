"""Asking the family: only who must be asked, a yes and a no alike, and each answer where it can be read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import propose_team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty
from samsyn.notices.models import Notice
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, Protection
from samsyn.sharing.actions import answer_consent, consent_stands, involve, propose_renewals
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import Consent, ConsentAnswer, Reason, Scope
from samsyn.trail.models import TrailEntry
from tests.doors.desk.browsing import Desk, newest_look, title_of, words
from tests.rooms.sharing.world import TODAY, sooner

FORM: dict[str, Any] = {
    "purpose": "Lugna måndagar",
    "kinds": ["circle", "plan"],
    "until": (TODAY + timedelta(days=90)).isoformat(),
    "form": "oral",
    "language": "ar",
    "exceptions": "Inget om Olofs jobb.",
}


def asked(desk: Desk, **change: Any) -> Consent:
    """Bo has asked the family about Signe through the page."""
    desk.world.named()
    body: dict[str, Any] = {**FORM, "receivers": [desk.world.units["early team"].ref], **change}
    response = desk.send("Bo", "consent_new", desk.world.signe.ref, **body)
    assert response.status_code == 302, words(response)
    return Consent.objects.get()


# --- asking -----------------------------------------------------------------------------------------------------------


def test_what_is_asked_is_kept_as_it_was_written(desk: Desk) -> None:
    consent = asked(desk)
    assert (consent.purpose, consent.kinds, consent.language) == ("Lugna måndagar", ["circle", "plan"], "ar")
    assert (consent.exceptions, consent.until) == ("Inget om Olofs jobb.", TODAY + timedelta(days=90))
    assert list(consent.receivers.all()) == [desk.world.units["early team"]]


def test_only_units_outside_the_own_authority_can_be_chosen_gathered_by_authority(desk: Desk) -> None:
    desk.world.named()
    page = desk.read("Bo", "consent_new", desk.world.signe.ref)
    for there in ("Socialnämnden Mottagningen Tidiga stödet", "Hälso- och sjukvårdsnämnden BVC Stoby"):
        assert there in page
    for not_there in ("Norrskolan", "Fritids", "Andra skolan"):
        assert not_there not in page
    response = desk.send(
        "Bo", "consent_new", desk.world.signe.ref, **{**FORM, "receivers": [desk.world.units["norr"].ref]}
    )
    assert response.status_code == 422
    assert not Consent.objects.exists()


def test_all_that_is_missing_in_the_question_is_said_at_once(desk: Desk) -> None:
    desk.world.named()
    page = words(desk.send("Bo", "consent_new", desk.world.signe.ref, **{**FORM, "purpose": "", "kinds": []}))
    for sentence in (
        "Write what it is for, as you say it to the family.",
        "Choose what may be shared.",
        "Choose who may take part of it.",
    ):
        assert page.count(sentence) == 2  # above the form, and beside the field


def test_early_support_and_whoever_is_chosen_stand_first_and_the_others_are_folded(desk: Desk) -> None:
    desk.world.named()

    def offered(**change: Any) -> tuple[str, str]:
        body: dict[str, Any] = {**FORM, "purpose": "", **change}
        response = desk.send("Bo", "consent_new", desk.world.signe.ref, **body)
        _, _, after = response.content.decode().partition("Who may take part of it?")
        first, _, folded = after.partition('<details class="fold"><summary>')
        return first, folded.partition("</details>")[0]

    first, folded = offered(receivers=[])
    assert "Tidiga stödet" in first
    assert "BVC Stoby" in folded
    first, folded = offered(receivers=[desk.world.units["bvc"].ref])
    assert "Tidiga stödet" in first
    assert "BVC Stoby" in first
    assert "BVC Stoby" not in folded
    assert "Mottagningen" in folded


def test_the_form_suggests_a_shorter_time_than_the_longest_and_the_guardians_language(desk: Desk) -> None:
    desk.world.named()
    response = desk.get("Bo", "consent_new", desk.world.signe.ref)
    page = response.content.decode()
    assert 'value="2027-05-18"' in page
    assert '<option value="ar" selected>' in page
    assert "At most until 17 November 2027." in words(response)


def test_the_form_and_the_page_tell_the_partnerships_own_times(desk: Desk) -> None:
    sooner("consent_longest", 2)
    desk.world.named()
    response = desk.get("Bo", "consent_new", desk.world.signe.ref)
    assert 'value="2026-12-17"' in response.content.decode()
    assert "At most until 17 January 2027." in words(response)


def test_where_the_law_lets_one_tell_the_page_says_so_and_never_asks_what_will_be_shared_anyway(desk: Desk) -> None:
    desk.world.named()
    desk.world.named(desk.world.nour, "Siv")
    page = desk.read("Siv", "consent_new", desk.world.nour.ref)
    assert "Socialnämnden may be told without a yes when it is needed to help a child. OSL 25:12" in page
    assert "Barnnämnden may be told" not in page
    assert "If you will share it whatever the answer is, do not ask." in page
    assert "may be told without a yes" not in desk.read("Bo", "consent_new", desk.world.signe.ref)


def test_where_siv_would_tell_anyway_the_page_says_what_she_tells_and_how_the_family_says_that_it_is_wrong(
    desk: Desk,
) -> None:
    desk.world.named()
    desk.world.named(desk.world.nour, "Siv")
    there = [desk.world.units["early team"].ref]
    body: dict[str, Any] = {**FORM, "receivers": there, "needed_anyway": "yes"}
    response = desk.send("Siv", "consent_new", desk.world.nour.ref, **body)
    assert response.status_code == 422
    assert not Consent.objects.exists()
    told = words(response).partition("Tell the family instead")[2].partition("Say it as it is")[0]
    for said in (
        "You share it, also if the family says no.",
        "Tidiga stödet, Socialnämnden",
        "OSL 25:12",
        "I think this is wrong",
        "Whoever decided must answer you, 24 November 2026 at the latest.",
        "What you write stands beside the text. It is never held against you.",
        "Your words stand beside the text for good. Whoever reads the text reads them too.",
        "SoL 14:6",
    ):
        assert said in told, said
    assert response.content.decode().count("/answer_challenge/") == 1
    assert "Tell the family instead" not in desk.read("Siv", "consent_new", desk.world.nour.ref)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"purpose": ""}, "Write what it is for, as you say it to the family."),
        ({"kinds": []}, "Choose what may be shared."),
        ({"receivers": []}, "Choose who may take part of it."),
        ({"until": TODAY.isoformat()}, "Choose a day after today."),
        ({"until": (TODAY + timedelta(days=900)).isoformat()}, "The longest time is until"),
        ({"until": "31 februari"}, "Write the day as year, month and day: 2026-11-09."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Desk, change: dict[str, Any], sentence: str) -> None:
    desk.world.named()
    body: dict[str, Any] = {**FORM, "receivers": [desk.world.units["early team"].ref], **change}
    response = desk.send("Bo", "consent_new", desk.world.signe.ref, **body)
    assert response.status_code == 422
    assert sentence in words(response)
    assert "Inget om Olofs jobb." in words(response)
    assert not Consent.objects.exists()


def test_pressed_twice_the_family_is_asked_once(desk: Desk) -> None:
    desk.world.named()
    body: dict[str, Any] = {
        **FORM,
        "receivers": [desk.world.units["early team"].ref],
        "key": "3f8f3f0e-7d0b-4b43-9a55-0f2d8cf0a001",
    }
    first, second = (desk.send("Bo", "consent_new", desk.world.signe.ref, **body) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Consent.objects.count() == 1


def test_another_answer_with_the_key_of_the_first_is_not_told_as_done_and_can_be_sent_again(desk: Desk) -> None:
    desk.world.named()
    asked, key = desk.world.ask(), uuid4()
    body: dict[str, Any] = {"giver": desk.world.amal.ref, "form": "oral", "language": "ar"}
    yes, no = {**body, "step": "given"}, {**body, "step": "withdrawn"}
    for _twice in range(2):
        assert desk.send("Bo", "consent_answer", asked.ref, **yes, key=key).status_code == 302
    page = desk.send("Bo", "consent_answer", asked.ref, **no, key=key)
    assert page.status_code == 422
    assert "what you send now is something else" in words(page)
    assert ConsentAnswer.objects.get().step == "given"
    keys = set(re.findall(r'name="key" value="([^"]+)"', page.content.decode()))
    assert str(key) not in keys
    assert desk.send("Bo", "consent_answer", asked.ref, **no, key=keys.pop()).status_code == 302
    assert ConsentAnswer.objects.latest("pk").step == "withdrawn"


def test_the_key_of_one_question_does_not_answer_another(desk: Desk) -> None:
    desk.world.named()
    first, second, key = desk.world.ask(), desk.world.ask(), uuid4()
    body: dict[str, Any] = {"giver": desk.world.amal.ref, "form": "oral", "language": "ar", "step": "given", "key": key}
    assert desk.send("Bo", "consent_answer", first.ref, **body).status_code == 302
    assert desk.send("Bo", "consent_answer", second.ref, **body).status_code == 422
    assert not ConsentAnswer.objects.filter(consent=second).exists()


@pytest.mark.parametrize(("name", "status"), [("Bo", 200), ("Mats", 404), ("Ines", 404), ("Siv", 404), ("Kurt", 404)])
def test_only_who_follows_the_child_may_ask(desk: Desk, name: str, status: int) -> None:
    desk.world.named()
    assert desk.get(name, "consent_new", desk.world.signe.ref).status_code == status


def test_who_only_reads_through_a_disclosure_does_not_ask_for_the_other_authority(desk: Desk) -> None:
    from samsyn.sharing.actions import Sharing, disclose

    world = desk.world
    world.named()
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent())
    disclose(
        world.as_("Bo"),
        world.signe,
        world.authorities["school"],
        world.units["early team"],
        [("plan", uuid4())],
        ground,
    )
    assert desk.get("Ines", "consent_new", world.signe.ref).status_code == 404
    assert desk.get("Ines", "shared", world.signe.ref).status_code == 200


def test_for_a_team_its_purpose_and_units_are_filled_in_and_the_team_rests_on_the_answer(desk: Desk) -> None:
    world = desk.world
    world.named()
    team = propose_team(
        world.as_("Bo"), world.signe, purpose="Samma morgon", members=[world.posts["Ines"]], consent=None
    )
    page = desk.get("Bo", "consent_new", world.signe.ref, query=f"?team={team.ref}").content.decode()
    assert "Samma morgon</textarea>" in page
    assert f'value="{world.units["early team"].ref}" ' in page
    body: dict[str, Any] = {**FORM, "receivers": [world.units["early team"].ref], "team": team.ref}
    desk.send("Bo", "consent_new", world.signe.ref, **body)
    team.refresh_from_db()
    assert team.consent == Consent.objects.get()


@pytest.mark.parametrize(
    "query", ["?team=no-reference", "?unit=7", "?team=", "?unit=5d2f2a4e-6c08-4b5c-8a7e-2d4d1f000000"]
)
def test_an_address_with_nonsense_in_it_is_an_ordinary_page(desk: Desk, query: str) -> None:
    desk.world.named()
    assert desk.get("Bo", "consent_new", desk.world.signe.ref, query=query).status_code == 200


def test_another_childs_team_cannot_be_slipped_in(desk: Desk) -> None:
    world = desk.world
    world.named()
    world.named(world.nour, "Bo")
    team = propose_team(world.as_("Bo"), world.nour, purpose="x", members=[world.posts["Mats"]], consent=None)
    body: dict[str, Any] = {**FORM, "receivers": [world.units["early team"].ref], "team": team.ref}
    assert desk.send("Bo", "consent_new", world.signe.ref, **body).status_code == 404
    assert Team.objects.get().consent is None


# --- the answers ------------------------------------------------------------------------------------------------------


def answered(desk: Desk, consent: Consent, giver: object, step: str, name: str = "Bo") -> int:
    """Somebody writes an answer down through the page."""
    body: dict[str, Any] = {"giver": getattr(giver, "ref", giver), "step": step, "form": "oral", "language": "ar"}
    return int(desk.send(name, "consent_answer", consent.ref, **body).status_code)


def test_yes_and_no_are_buttons_of_the_same_weight_for_each_who_decides(desk: Desk) -> None:
    consent = asked(desk)
    response = desk.get("Bo", "consent", consent.ref)
    page, text = response.content.decode(), words(response)
    for button in ("Amal says yes", "Amal says no", "Olof says yes", "Olof says no"):
        assert button in text
    assert page.count('data-variant="secondary" type="submit" name="step"') == 4
    assert page.count('type="submit" name="step"') == 4
    assert "Both guardians need to say yes. One answer is missing. FB 6:13" in text


def test_each_answer_is_written_down_and_the_page_says_whether_it_stands(desk: Desk) -> None:
    consent = asked(desk)
    assert answered(desk, consent, desk.world.amal, "given") == 302
    page = desk.read("Bo", "consent", consent.ref)
    assert "Amal takes the yes back" in page
    assert "Amal says no" not in page
    assert answered(desk, consent, desk.world.olof, "given") == 302
    page = desk.read("Bo", "consent", consent.ref)
    assert "The family has said yes Everyone who decides has said yes." in page
    assert "Olof Lind said yes. In a talk, in Arabic. Written down by Bo Ek, rektor." in page
    assert answered(desk, consent, desk.world.olof, "withdrawn") == 302
    page = desk.read("Bo", "consent", consent.ref)
    assert "Somebody who decides has taken the yes back." in page
    assert "Olof Lind took the yes back." in page
    assert not consent_stands(consent)


def test_a_second_press_of_an_old_page_is_told_kindly_and_goes_into_the_trail(desk: Desk) -> None:
    consent = asked(desk)
    answered(desk, consent, desk.world.amal, "given")
    body: dict[str, Any] = {"giver": desk.world.amal.ref, "step": "given", "form": "oral", "language": "ar"}
    response = desk.send("Bo", "consent_answer", consent.ref, **body)
    assert response.status_code == 422
    assert "That answer is already written down." in words(response)
    assert TrailEntry.objects.filter(mode="refusal", act="desk:consent_answer").count() == 1


def test_a_former_guardian_is_not_among_those_who_decide(desk: Desk) -> None:
    consent = asked(desk)
    Guardianship.objects.filter(guardian=desk.world.olof).update(until=TODAY - timedelta(days=1))
    page = desk.read("Bo", "consent", consent.ref)
    assert "Olof says" not in page
    assert answered(desk, consent, desk.world.olof, "given") == 404


def test_nobody_else_is_made_a_giver(desk: Desk) -> None:
    consent = asked(desk)
    assert answered(desk, consent, desk.world.accounts["Mats"].person, "given") == 404
    assert answered(desk, consent, desk.world.signe, "given") == 422
    assert not ConsentAnswer.objects.exists()


@pytest.mark.parametrize("step", ["", "maybe"])
def test_an_answer_that_is_none_is_not_kept(desk: Desk, step: str) -> None:
    consent = asked(desk)
    assert answered(desk, consent, desk.world.amal, step) == 422
    assert not ConsentAnswer.objects.exists()


def test_a_question_that_ran_out_takes_no_answers_and_offers_to_ask_again(desk: Desk) -> None:
    consent = asked(desk)
    with clock.at(clock.noon(consent.until + timedelta(days=1))):
        page = desk.read("Bo", "consent", consent.ref)
        assert "Ask again" in page
        assert "Amal says yes" not in page
        assert answered(desk, consent, desk.world.amal, "given") == 422


def test_the_family_asked_anew_is_asked_with_all_that_it_wanted_left_out_before(desk: Desk) -> None:
    world = desk.world
    social, early = world.authorities["social"], world.units["early team"]
    consent = asked(desk, receivers=[early.ref, world.units["bvc"].ref], not_to=[social.ref], not_kinds=["circle"])
    wish = [Limit(unit=world.units["bvc"].pk, kind="plan"), Limit(words="Inte om skilsmässan.")]
    answer_consent(world.as_("Bo"), consent, world.amal, "given", form="oral", language="ar", left_out=wish)
    with clock.at(clock.noon(consent.until)):
        page = desk.get("Bo", "consent_new", world.signe.ref, query=f"?renews={consent.ref}")
    form = page.context["form"]
    assert form["not_to"].value() == [str(social.ref), str(world.units["bvc"].ref)]
    assert form["not_kinds"].value() == ["circle", "plan"]
    assert form["exceptions"].value() == "Inget om Olofs jobb.\nInte om skilsmässan."
    assert form["kinds"].value() == ["circle", "plan"]


def test_a_kind_that_a_yes_left_out_for_everybody_is_left_out_when_the_family_is_asked_anew(desk: Desk) -> None:
    consent = asked(desk, not_kinds=["circle"])
    with clock.at(clock.noon(consent.until)):
        page = desk.get("Bo", "consent_new", desk.world.signe.ref, query=f"?renews={consent.ref}")
    assert page.context["form"]["not_to"].value() == []
    assert page.context["form"]["not_kinds"].value() == ["circle"]


def test_the_boards_decision_is_written_down_after_a_no_and_only_for_help_that_the_law_lets_it_decide(
    desk: Desk,
) -> None:
    world = desk.world
    sharing, treatment = asked(desk), world.ask(measure="open_treatment")
    for consent in (sharing, treatment):
        assert answered(desk, consent, world.amal, "given") == 302
        assert answered(desk, consent, world.olof, "refused") == 302
    offered = "The social services board has decided so"
    assert offered not in desk.read("Bo", "consent", sharing.ref)
    page = desk.read("Bo", "consent", treatment.ref)
    assert offered in page
    assert "The other one cannot answer" not in page
    decided = {"ground": "board_may_override", "reason": "För Signes bästa.", "decided_on": TODAY.isoformat()}
    body: dict[str, Any] = {"guardian": world.olof.ref, **decided, "decision_number": "SN 7/26"}
    assert desk.send("Bo", "consent_waive", treatment.ref, **body).status_code == 302
    assert consent_stands(treatment)


def test_at_18_the_young_person_is_the_one_who_decides(desk: Desk) -> None:
    world = desk.world
    involve(world.adam, world.units["stoby"], Reason.NAMED_PERSON, Scope.WHOLE, source="test")
    consent = world.ask(child=world.adam)
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        page = desk.read("Bo", "consent", consent.ref)
        assert "Adam says yes" in page
        assert "Amal" not in page


def test_strangers_get_404_as_if_it_were_not_there(desk: Desk) -> None:
    consent = asked(desk)
    for name in ("Ines", "Mats", "Hanna", "Kurt"):
        assert desk.get(name, "consent", consent.ref).status_code == 404
        assert answered(desk, consent, desk.world.amal, "given", name) == 404
    assert not ConsentAnswer.objects.exists()


def test_the_title_names_nobody_and_the_look_is_in_the_trail(desk: Desk) -> None:
    consent = asked(desk)
    response = desk.get("Bo", "consent", consent.ref)
    assert title_of(response) == "A question about consent – Samsyn"
    look = newest_look()
    assert (look.act, look.ground) == ("desk:consent", "named_person")
    assert {one.child_ref for one in look.subjects.all()} == {desk.world.signe.ref}


def test_a_protected_guardian_has_no_name_on_the_page(desk: Desk) -> None:
    consent = asked(desk)
    set_protection(SYSTEM, desk.world.amal, Protection.PROTECTED)
    page = desk.read("Bo", "consent", consent.ref)
    assert "Amal" not in page
    assert "Guardian 1 (protected) says yes" in page


def test_more_answers_ask_no_more_of_the_database(desk: Desk) -> None:
    consent = asked(desk)
    answered(desk, consent, desk.world.amal, "given")
    few = desk.questions("Bo", "consent", consent.ref)
    for step in ("withdrawn", "given") * 5:
        answered(desk, consent, desk.world.amal, step)
    assert desk.questions("Bo", "consent", consent.ref) == few


@pytest.mark.parametrize("handed_over", [False, True], ids=["Bo has the child", "Bo has handed it over"])
def test_who_follows_the_child_is_to_ask_anew_before_a_yes_ends_and_can(desk: Desk, handed_over: bool) -> None:
    world = desk.world
    world.named()
    consent = world.consent("early team")
    if handed_over:
        bo, hanna = world.as_("Bo"), world.posts["Hanna"]
        offer = propose_handover(bo, world.signe, HandoverKind.NAMED_PERSON, hanna, note="Hon gillar att rita.")
        answer_handover(world.as_("Hanna"), offer, accept=True)
    name = "Hanna" if handed_over else "Bo"
    with clock.at(clock.noon(consent.until - timedelta(days=10))):
        assert propose_renewals() == 1
        duty = Duty.objects.get(what="renew_consent")
        assert duty.post == world.posts[name]
        assert Notice.objects.get(text_key="yes_ends_soon").post == world.posts[name]
        assert desk.get(name, "consent_new", world.signe.ref, query=f"?renews={consent.ref}").status_code == 200
