"""What is shared, row by row, for who may see the row; and the history, for the named person alone."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from samsyn.circle.team_actions import propose_team
from samsyn.common import clock
from samsyn.desk import urls
from samsyn.desk.history_days import OPEN_LINES
from samsyn.desk.history_words import GROUNDS, PAGES, STEPS
from samsyn.desk.sharing_words import ASKED_FOR, ENDED_WORDS, KIND_WORDS
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.rules import PAST
from samsyn.organisations.models import LocalClock, Partnership
from samsyn.plans.words import CHANGE_WORDS
from samsyn.sharing.actions import Sharing, ask_again_about_telling, disclose, end_disclosure
from samsyn.sharing.models import ConsentStep, Disclosure, Way
from samsyn.trail.actions import act, read
from samsyn.trail.models import TrailEntry, TrailSubject
from samsyn.trail.rules import Subject
from tests.doors.desk.browsing import Desk, title_of, words
from tests.rooms.sharing.world import TODAY

PACKAGE = Path(__file__).resolve().parents[3] / "samsyn"


def opened(desk: Desk, unit: str = "early team", kind: str = "plan", **change: object) -> Disclosure:
    """Bo has opened something about Signe on the family's yes."""
    world = desk.world
    if not Disclosure.objects.exists():
        world.named()
    facts: dict[str, object] = {
        "gate": "consent",
        "purpose": "Lugna måndagar",
        "told": "Ni vet vad vi delar.",
        "consent": world.consent(unit),
        **change,
    }
    receiver = world.units[unit]
    return disclose(
        world.as_("Bo"),
        world.signe,
        world.authorities["school"],
        receiver,
        [(kind, uuid4())],
        Sharing(**facts),  # type: ignore[arg-type]  # the test's own words
    )


def withheld(desk: Desk) -> Disclosure:
    """Siv has told the early team about Nour, and the family does not know yet."""
    world = desk.world
    world.named(world.nour, "Siv")
    ground = Sharing(
        gate="under_18_from_health",
        purpose="Mat och sömn",
        needed_because="Nour äter inte",
        not_less_because="Kortare går inte",
        withheld_because="Hot hemma",
    )
    sender, receiver = world.authorities["region"], world.units["early team"]
    return disclose(world.as_("Siv"), world.nour, sender, receiver, [("request", uuid4())], ground)


# --- the ledger -------------------------------------------------------------------------------------------------------


def test_each_row_says_what_from_whom_to_whom_why_on_which_ground_and_until_when(desk: Desk) -> None:
    row = opened(desk)
    page = desk.read("Bo", "shared", desk.world.signe.ref)
    assert "Barnnämnden to Tidiga stödet The plan. Lugna måndagar" in page
    assert "The person concerned can say yes to something being passed on" in page
    assert "OSL 12:2" in page
    assert "The family knows. Open from 17 November until 16 May." in page
    one = desk.read("Bo", "disclosure", row.ref)
    for fact in (
        "What the family was told Ni vet vad vi delar.",
        "Decided by Bo Ek, rektor, Stobyskolan",
        "16 May 2027",
    ):
        assert fact in one


def test_the_receiver_reads_the_row_it_reads_through_and_cannot_close_it(desk: Desk) -> None:
    row, other = opened(desk), opened(desk, "reception")
    page = desk.read("Ines", "shared", desk.world.signe.ref)
    assert "Barnnämnden to Tidiga stödet" in page
    assert "Mottagningen" not in page
    assert "Barnnämnden decides over this, and can close it at any time." in desk.read("Ines", "disclosure", row.ref)
    assert desk.get("Ines", "disclosure", other.ref).status_code == 404
    response = desk.send("Ines", "disclosure_act", row.ref, "end")
    assert response.status_code == 422
    assert "Only those whose information it is can close it." in words(response)
    row.refresh_from_db()
    assert row.ended_at is None


def test_bo_closes_what_is_not_needed_and_it_is_closed_at_once(desk: Desk) -> None:
    row = opened(desk)
    assert desk.send("Bo", "disclosure_act", row.ref, "end").status_code == 302
    assert desk.get("Ines", "disclosure", row.ref).status_code == 404
    page = desk.read("Bo", "shared", desk.world.signe.ref)
    assert "Open from 17 November, closed 17 November. It was not needed any longer." in page
    response = desk.send("Bo", "disclosure_act", row.ref, "end")
    assert response.status_code == 422
    assert "It is closed already." in words(response)


def test_a_row_that_ran_out_and_a_copy_that_stays_are_told_as_what_they_are(desk: Desk) -> None:
    opened(desk, expires_on=TODAY + timedelta(days=2))
    opened(desk, way=Way.DELIVERED, rendering="Signe går i 2B.")
    with clock.at(clock.noon(TODAY + timedelta(days=5))):
        page = desk.read("Bo", "shared", desk.world.signe.ref)
    assert "ran out 19 November." in page
    assert "A copy was handed over 17 November, and stays with the receiver." in page
    assert "Open now No row that you may see is open." in page


def test_an_empty_ledger_says_that_it_shows_what_you_may_see_and_not_that_there_is_nothing(desk: Desk) -> None:
    opened(desk)
    page = desk.read("Mats", "shared", desk.world.signe.ref)
    assert "What you may see of it." in page
    assert "No row that you may see is open." in page
    assert "Nothing is shared" not in page


@pytest.mark.parametrize("name", ["Edvin", "Siv", "Kurt"])
def test_a_stranger_gets_404(desk: Desk, name: str) -> None:
    row = opened(desk)
    assert desk.get(name, "shared", desk.world.signe.ref).status_code == 404
    assert desk.get(name, "disclosure", row.ref).status_code == 404
    for verb in ("end", "tell", "keep"):
        assert desk.send(name, "disclosure_act", row.ref, verb, words="x").status_code == 404
    assert desk.send("Bo", "disclosure_act", row.ref, "forget").status_code == 404


def test_a_guardian_is_no_child_with_a_ledger(desk: Desk) -> None:
    opened(desk)
    assert desk.get("Bo", "shared", desk.world.amal.ref).status_code == 404
    assert desk.get("Bo", "history", desk.world.amal.ref).status_code == 404


def test_who_was_not_told_is_asked_about_again_as_soon_as_the_partnership_has_promised(desk: Desk) -> None:
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="recheck_withheld_notice", value=7)
    row = withheld(desk)
    assert "Look again by 24 November." in desk.read("Siv", "disclosure", row.ref)
    with clock.at(clock.noon(TODAY + timedelta(days=7))):
        assert ask_again_about_telling() == 1
        assert desk.send("Siv", "disclosure_act", row.ref, "keep", words="Pappan är kvar.").status_code == 302
        assert "Look again by 1 December." in desk.read("Siv", "disclosure", row.ref)


def test_who_was_not_told_is_asked_about_again_until_told(desk: Desk) -> None:
    row = withheld(desk)
    assert not Duty.objects.filter(object_ref=row.ref).exists()
    with clock.at(clock.noon(TODAY + timedelta(days=13))):
        assert ask_again_about_telling() == 0
    with clock.at(clock.noon(TODAY + timedelta(days=14))):
        assert ask_again_about_telling() == 1
        assert ask_again_about_telling() == 0
    duty = Duty.objects.get(object_ref=row.ref)
    assert duty.due_at.date() == TODAY + timedelta(days=14)
    assert (duty.what, duty.post, duty.rule) == ("look_again", desk.world.posts["Siv"], "recheck_withheld_notice")
    page = desk.read("Siv", "disclosure", row.ref)
    assert "Nothing yet. Look again by 1 December. Hot hemma" in page
    assert "Can the family be told now?" in page
    response = desk.send("Siv", "disclosure_act", row.ref, "tell", words=" ")
    assert response.status_code == 422
    assert "Say what the family was told, or why not." in words(response)
    with clock.at(clock.noon(TODAY + timedelta(days=14))):
        assert desk.send("Siv", "disclosure_act", row.ref, "keep", words="Pappan är kvar.").status_code == 302
        assert not Duty.objects.filter(object_ref=row.ref, state=DutyState.OPEN).exists()
        assert "Look again by 15 December. Pappan är kvar." in desk.read("Siv", "disclosure", row.ref)
    with clock.at(clock.noon(TODAY + timedelta(days=28))):
        assert ask_again_about_telling() == 1
        assert desk.send("Siv", "disclosure_act", row.ref, "tell", words="Amal vet nu.").status_code == 302
    assert not Duty.objects.filter(object_ref=row.ref, state=DutyState.OPEN).exists()
    assert "What the family was told Amal vet nu." in desk.read("Siv", "disclosure", row.ref)
    assert TrailEntry.objects.get(act="disclosure.told").ground == "Pappan är kvar."
    response = desk.send("Siv", "disclosure_act", row.ref, "tell", words="Igen.")
    assert "The family has been told already." in words(response)


def test_the_receiver_sees_that_the_family_does_not_know_and_cannot_change_it(desk: Desk) -> None:
    row = withheld(desk)
    page = desk.read("Ines", "disclosure", row.ref)
    assert "Nothing yet." in page
    assert "Can the family be told now?" not in page
    assert desk.send("Ines", "disclosure_act", row.ref, "tell", words="x").status_code == 422


def test_who_decided_can_look_again_without_any_other_reason_until_the_family_knows(desk: Desk) -> None:
    world = desk.world
    ground = Sharing(gate="consent", purpose="x", withheld_because="Hot hemma", consent=world.consent())
    sender, receiver = world.authorities["school"], world.units["early team"]
    row = disclose(world.as_("Mats"), world.signe, sender, receiver, [("plan", uuid4())], ground)
    assert desk.get("Mats", "disclosure", row.ref).status_code == 200
    desk.send("Mats", "disclosure_act", row.ref, "tell", words="Nu vet de.")
    assert desk.get("Mats", "disclosure", row.ref).status_code == 404


def test_fifty_rows_a_page_and_no_more_questions_for_thirty_than_for_three(desk: Desk) -> None:
    world = desk.world
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent())
    world.named()
    sender, receiver = world.authorities["school"], world.units["early team"]

    def share(number: int) -> None:
        for _ in range(number):
            disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", uuid4()), ("circle", uuid4())], ground)

    share(3)
    few = desk.questions("Bo", "shared", world.signe.ref)
    share(27)
    assert desk.questions("Bo", "shared", world.signe.ref) == few
    share(21)
    first = desk.get("Bo", "shared", world.signe.ref)
    assert words(first).count("Barnnämnden to Tidiga stödet") == 50
    assert "Older" in words(first)
    second = desk.read("Bo", "shared", world.signe.ref, query="?page=2")
    assert second.count("Barnnämnden to Tidiga stödet") == 1
    assert "Newer" in second


@pytest.mark.parametrize("query", ["?page=0", "?page=-3", "?page=many", "?page=99999999999", "?page="])
def test_a_page_number_that_is_none_gives_the_first_page(desk: Desk, query: str) -> None:
    opened(desk)
    assert "Barnnämnden to Tidiga stödet" in desk.read("Bo", "shared", desk.world.signe.ref, query=query)
    assert "opened" not in desk.read("Bo", "history", desk.world.signe.ref, query=query)


# --- the history ------------------------------------------------------------------------------------------------------


def place_of(page: str, who: str, what: str) -> int:
    """Where a page says that somebody did this, with the time of day between the two."""
    found = re.search(re.escape(who) + r" \d?\d:\d\d " + re.escape(what), page)
    assert found is not None, page
    return found.start()


def test_the_named_person_reads_every_step_and_every_look_the_newest_first(desk: Desk) -> None:
    world = desk.world
    world.named()
    with clock.at(clock.now() + timedelta(minutes=1)):
        desk.get("Mats", "team_new", world.signe.ref)
    with clock.at(clock.now() + timedelta(minutes=2)):
        propose_team(world.as_("Bo"), world.signe, purpose="Samma morgon", members=[world.posts["Mats"]], consent=None)
    page = desk.read("Bo", "history", world.signe.ref)
    team = place_of(page, "Bo Ek , rektor, Stobyskolan:", "proposed a team Samma morgon")
    look = place_of(
        page,
        "Mats Ek , lärare, Stobyskolan:",
        "read who the child is to propose a team Who the child and the guardians are. The child belongs to the unit.",
    )
    began = place_of(page, "Samsyn , system:", "gave the child a named person")
    assert team < look < began
    assert "17 November" in page


def test_only_the_childs_named_person_of_today_may_open_it(desk: Desk) -> None:
    world = desk.world
    opened(desk)
    for name in ("Mats", "Hanna", "Ines", "Siv", "Kurt"):
        assert desk.get(name, "history", world.signe.ref).status_code == 404
    assert desk.get("Bo", "history", world.nour.ref).status_code == 404
    world.named(world.signe, "Rakel")
    assert desk.get("Bo", "history", world.signe.ref).status_code == 404
    assert desk.get("Rakel", "history", world.signe.ref).status_code == 200


def test_who_stands_in_for_the_named_person_reads_it_as_that_post(desk: Desk) -> None:
    desk.world.named()
    desk.world.away("Bo", covered_by="Hanna")
    assert desk.get("Hanna", "history", desk.world.signe.ref).status_code == 404
    assert desk.get("Hanna", "history", desk.world.signe.ref, acting="Bo").status_code == 200


def test_nothing_about_another_child_is_told(desk: Desk) -> None:
    world = desk.world
    world.named()
    world.named(world.nour, "Bo")
    subjects = [Subject("sign", uuid4(), world.signe.ref), Subject("talk", uuid4(), world.nour.ref)]
    from samsyn.common.reading import Reading

    both = Reading(
        {("sign", subjects[0].ref): world.signe.pk, ("talk", subjects[1].ref): world.nour.pk},
        {world.signe.pk: world.signe.ref, world.nour.pk: world.nour.ref},
        "worklist",
    )
    read(world.as_("Bo"), "desk:day", both)
    page = desk.read("Bo", "history", world.signe.ref)
    assert "saw the child in the list of the day Early signs. It is in the list of what is to be done." in page
    assert "What was said in talks" not in page


def test_the_look_at_the_history_is_itself_in_it(desk: Desk) -> None:
    desk.world.named()
    desk.get("Bo", "history", desk.world.signe.ref)
    assert place_of(
        desk.read("Bo", "history", desk.world.signe.ref), "Bo Ek , rektor, Stobyskolan:", "read this history"
    )


def told_in(response: Any) -> list[str]:
    """When each thing happened that a page of the history tells of, looks that are said once each for itself."""
    return re.findall(r'<time datetime="([^"]+)"', response.content.decode())


def looks_at(desk: Desk, name: str, times: int, *, days: int = 0) -> None:
    """Somebody reads Signe's page so many times, a minute apart, so many days from now."""
    for minute in range(times):
        with clock.at(clock.now() + timedelta(days=days, minutes=minute)):
            assert desk.get(name, "child", desk.world.signe.ref).status_code == 200


def folds(response: Any) -> dict[str, str]:
    """The days of a page by their date, each from its first mark to the next day's."""
    parts = re.split(r'<details class="fold fold--day" id="day-([\d-]+)"', response.content.decode())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_fifty_lines_a_page_and_no_more_questions_for_more(desk: Desk) -> None:
    world = desk.world
    world.named()
    few = desk.questions("Bo", "history", world.signe.ref)
    for number in range(60):
        act(world.as_("Bo"), "sign.saved", [Subject("sign", uuid4(), world.signe.ref)], ground=f"steg {number}")
    assert desk.questions("Bo", "history", world.signe.ref) == few
    before = TrailSubject.objects.filter(child_ref=world.signe.ref).values("entry").distinct().count()
    first, second = (desk.get("Bo", "history", world.signe.ref, query=query) for query in ("", "?page=2"))
    assert (len(told_in(first)), len(told_in(second))) == (50, before + 1 - 50)  # the first look is on the second page
    assert "Steg 0" in words(second)
    assert "gave the child a named person" in words(second)


def test_what_one_reads_again_the_same_day_is_said_once_with_every_time(desk: Desk) -> None:
    world = desk.world
    world.named()
    looks_at(desk, "Bo", 1)
    looks_at(desk, "Mats", 2, days=1)
    looks_at(desk, "Bo", 3, days=1)
    there = TrailEntry.objects.filter(subjects__child_ref=world.signe.ref).distinct().count()
    page = desk.get("Bo", "history", world.signe.ref)
    first, second = folds(page)["2026-11-17"], folds(page)["2026-11-18"]
    assert [one.count("read the child&#x27;s page") for one in (first, second)] == [1, 2]
    assert re.findall(r"<strong>(\d) times</strong> · also at", second) == ["3", "2"]
    assert "times</strong>" not in first
    assert len(told_in(page)) == there


def test_two_steps_of_the_same_kind_are_never_made_one(desk: Desk) -> None:
    world = desk.world
    world.named()
    for _ in range(2):
        act(world.as_("Bo"), "sign.saved", [Subject("sign", uuid4(), world.signe.ref)])
    assert desk.read("Bo", "history", world.signe.ref).count("wrote on an early sign") == 2


def test_older_days_are_folded_and_say_how_much_is_in_them(desk: Desk) -> None:
    world = desk.world
    for ago in (400, 3, 2, 1):
        with clock.at(clock.now() - timedelta(days=ago)):
            for _ in range(OPEN_LINES):
                act(world.as_("Bo"), "sign.saved", [Subject("sign", uuid4(), world.signe.ref)])
    world.named()
    looks_at(desk, "Mats", 1)
    page = desk.get("Bo", "history", world.signe.ref)
    days = folds(page)
    assert [day for day, body in days.items() if body.startswith(" open>")] == ["2026-11-17", "2026-11-16"]
    assert '"fold__a">1 step · 1 look · ' in days["2026-11-17"]
    assert f'"fold__a">{OPEN_LINES} steps · <bdi>' in days["2026-11-15"]
    assert "<bdi>Bo Ek</bdi>" in days["2026-11-15"].split("</summary>")[0]
    assert "<bdi>2025</bdi>" in days["2025-10-13"].split("</summary>")[0]
    assert "<bdi>2026</bdi>" not in "".join(body.split("</summary>")[0] for body in days.values())


def test_a_day_that_goes_on_says_so_on_both_pages(desk: Desk) -> None:
    world = desk.world
    world.named()
    for ago, number in ((2, 10), (1, 30)):
        with clock.at(clock.now() - timedelta(days=ago)):
            for _ in range(number):
                act(world.as_("Bo"), "sign.saved", [Subject("sign", uuid4(), world.signe.ref)])
    for _ in range(25):
        act(world.as_("Bo"), "sign.saved", [Subject("sign", uuid4(), world.signe.ref)])
    pages = [folds(desk.get("Bo", "history", world.signe.ref, query=query)) for query in ("", "?page=2")]
    told = [[day for day, body in days.items() if "stands on another page" in body] for days in pages]
    assert told == [["2026-11-16"], ["2026-11-16"]]


def test_titles_name_nobody(desk: Desk) -> None:
    row = opened(desk)
    for response in (
        desk.get("Bo", "shared", desk.world.signe.ref),
        desk.get("Bo", "disclosure", row.ref),
        desk.get("Bo", "history", desk.world.signe.ref),
    ):
        assert "Signe" not in title_of(response)


# --- every word is there ----------------------------------------------------------------------------------------------


def _calls(name: str) -> list[ast.Call]:
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                found.append(node)
    return found


def test_every_step_that_the_house_writes_about_a_child_has_words() -> None:
    said = {
        call.args[1].value
        for call in (*_calls("act"), *_calls("revoke"))
        if isinstance(call.args[1], ast.Constant) and isinstance(call.args[1].value, str)
    }
    about_nobody = (
        *("organisations.", "consultation.", "retention.planned", "revocation."),
        *(
            "people.account_",
            "people.passkey_",
            "people.password_",
            "people.provider_",
            "people.sign_in_",
            "people.signed_",
        ),
    )
    about_children = {verb for verb in said if not verb.startswith(about_nobody)}
    assert len(about_children) > 20
    assert about_children - set(STEPS) == set()
    for step in ConsentStep.values:
        assert f"consent.{step}" in STEPS
    for what in CHANGE_WORDS:
        assert f"plan.{what}" in STEPS
    for past in PAST.values():
        assert f"sign.{past}" in STEPS or f"request.{past}" in STEPS


def test_every_page_of_the_desk_has_words() -> None:
    show_no_child = {"capacity", "choose_capacity", "consultation", "consultation_new", "unit", "units", "unit_keep"}
    names = {str(one.name) for one in urls.urlpatterns}
    assert len(names) > 40
    assert {f"desk:{name}" for name in names - show_no_child} - set(PAGES) == set()


def test_every_reason_for_closing_has_words() -> None:
    given = set()
    for name in ("end_disclosure", "end_disclosures_on"):
        for call in _calls(name):
            for keyword in call.keywords:
                if keyword.arg == "because" and isinstance(keyword.value, ast.Constant):
                    given.add(keyword.value.value)
    assert len(given) > 4
    assert given <= set(ENDED_WORDS)
    assert set(ENDED_WORDS) <= set(GROUNDS)


def test_what_can_be_asked_for_is_what_the_models_hold(desk: Desk) -> None:
    from django.apps import apps

    from samsyn.common.models import SeenByChild

    declared = [getattr(one, "seen", None) for one in apps.get_models()]
    kinds = {seen.kind for seen in declared if isinstance(seen, SeenByChild)}
    assert kinds <= set(KIND_WORDS)
    assert set(ASKED_FOR) <= kinds


def test_ending_a_row_that_rests_on_a_gate_is_told_by_its_words(desk: Desk) -> None:
    row = opened(desk)
    end_disclosure(desk.world.as_("Bo"), row, because="team_closed")
    assert "The team was closed." in desk.read("Bo", "disclosure", row.ref)
