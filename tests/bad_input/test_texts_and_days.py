"""Days that are none, hidden characters and long texts: a sentence beside the field, and every word is still there."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.early_signals.models import Sign, SignState, Talk
from samsyn.early_signals.rules import LONGEST_TEXT
from samsyn.plans.models import Plan
from samsyn.trail.models import TrailEntry
from tests.bad_input.browser import Browser, beside, text
from tests.rooms.sharing.world import TODAY
from tests.walks import deeds
from tests.walks.town import Town

SAW = "Hon ville inte gå hem i torsdags."
NOT_A_DAY = {
    "2026-02-30": "There is no 30 February in 2026.",
    "2026-13-01": "There is no month 13. A year has 12.",
    "i torsdags": "Write the day as year, month and day: 2026-11-09.",
    "31/12/26x": "Write the day as year, month and day: 2026-11-09.",
}


def draft_of(town: Town, saw: str = "") -> Sign:
    """Maja has begun a sign about Signe."""
    sign = deeds.note(town.acting(town.world.posts["Maja"]), town.world.signe, empty=True)
    return sign if not saw else Sign.objects.get(pk=sign.pk)


def written(sign: Sign, **other: Any) -> dict[str, Any]:
    """A sign's form as Maja has filled it in."""
    return {
        "version": Sign.objects.get(pk=sign.pk).version,
        "kind": "worry",
        "saw": SAW,
        "child_words": "Det är så stökigt.",
        "areas": ["safe"],
        "talked_with": ["child"],
        "did": "Vi satt en stund.",
        "observed_on": TODAY,
        **other,
    }


def everything_typed_is_there(response: Any) -> None:
    """Each text of ``written`` stands in the page that came back."""
    assert response.status_code == 422
    for words in (SAW, "Det är så stökigt.", "Vi satt en stund."):
        assert words in text(response)


@pytest.mark.parametrize("day", NOT_A_DAY)
def test_a_day_that_is_none_is_told_beside_the_field(town: Town, day: str) -> None:
    sign = draft_of(town)
    page = Browser(town.world, "Maja").send("sign_edit", sign.ref, **written(sign, observed_on=day))
    everything_typed_is_there(page)
    assert beside(page, "observed_on") == NOT_A_DAY[day]
    assert f'value="{day}"' in text(page)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Say which day you saw it."),
        ("2026-11-18", "That day has not come yet. Choose the day when you saw it."),
        ("2126-11-17", "That day has not come yet. Choose the day when you saw it."),
        ("1026-11-17", "The child was not born then. Choose the day when you saw it."),
        ("0001-01-01", "The child was not born then. Choose the day when you saw it."),
    ],
)
def test_a_sign_with_an_impossible_day_is_kept_and_not_sent(town: Town, day: str, sentence: str) -> None:
    sign = draft_of(town)
    maja = Browser(town.world, "Maja")
    assert maja.send("sign_edit", sign.ref, **written(sign, observed_on=day)).status_code == 302
    page = maja.send("sign_review", sign.ref)
    assert page.status_code == 422
    assert sentence in text(page)
    kept = Sign.objects.get()
    assert (kept.state, kept.saw) == (SignState.DRAFT, SAW)
    assert not TrailEntry.objects.filter(act="sign.sent").exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-02-30", "There is no 30 February in 2026."),
        ("", "Choose a day."),
        ("2026-11-18", "That day has not come yet. Choose the day of the talk."),
        ("1026-11-17", "The child was not born then. Choose the day of the talk."),
    ],
)
def test_a_talk_on_an_impossible_day_keeps_what_was_said(town: Town, day: str, sentence: str) -> None:
    maja, bo = (town.acting(town.world.posts[name]) for name in ("Maja", "Bo"))
    sign = deeds.send(town, maja, deeds.note(maja, town.world.signe))
    deeds.sign_step(bo, sign, "acknowledge", 0, sign)
    typed: dict[str, Any] = {
        "child_words": "Jag vill att det är tyst.",
        "not_with_guardians_because": "Vi hörs i morgon.",
    }
    page = Browser(town.world, "Bo").send("sign_talk", sign.ref, held_on=day, with_child="on", **typed)
    assert page.status_code == 422
    assert beside(page, "held_on") == sentence
    assert all(str(words) in text(page) for words in typed.values())
    assert not Talk.objects.exists()


def test_all_that_is_missing_about_a_talk_and_the_five_questions_is_said_at_once(town: Town) -> None:
    maja, bo = (town.acting(town.world.posts[name]) for name in ("Maja", "Bo"))
    sign = deeds.send(town, maja, deeds.note(maja, town.world.signe))
    deeds.sign_step(bo, sign, "acknowledge", 0, sign)
    browser = Browser(town.world, "Bo")
    page = browser.send("sign_talk", sign.ref, held_on=TODAY)
    assert beside(page, "not_with_child_because") == "Say why the child was not asked."
    assert beside(page, "not_with_guardians_because") == "Say why no guardian was spoken to."
    deeds.sign_step(bo, sign, "talk", 0, sign)
    page = browser.send("sign_questions", sign.ref, can_do_now="Vi äter frukost ihop.")
    assert text(page).count("Write something here, if only that it was not explored and why.") == 2 * 4
    assert text(page).count("Say what you have decided.") == 2
    assert "Vi äter frukost ihop." in text(page)


@pytest.mark.parametrize("day", ["", "2026-02-30", "2026-11-17", "2027-11-17", "1926-11-17"])
def test_a_review_on_an_impossible_day_agrees_to_nothing(town: Town, day: str) -> None:
    deeds.live_until(town, town.children[2], "plan written")
    plan = Plan.objects.get()
    bo = town.acting(town.world.posts["Bo"])
    deeds.plan_step(town, bo, plan, "offer", 0)
    deeds.hear(bo, plan)
    plan.refresh_from_db()
    page = Browser(town.world, "Bo").send("plan_agree", plan.ref, version=plan.version, review_on=day)
    assert page.status_code == 422
    assert beside(page, "review_on")
    assert Plan.objects.get().state == "offered"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\x00", "\u2800"])
def test_what_nobody_sees_is_taken_out_of_a_text_and_the_words_stay(town: Town, hidden: str) -> None:
    sign = draft_of(town)
    page = Browser(town.world, "Maja").send("sign_edit", sign.ref, **written(sign, saw=f"Hon {hidden}var trött."))
    if page.status_code == 302:
        assert Sign.objects.get().saw == "Hon var trött."
    else:  # a character that no form takes: told, and the words are still there
        assert page.status_code == 422
        assert beside(page, "saw")
        assert "var trött." in text(page)


@pytest.mark.parametrize(
    ("hidden", "sentence"),
    [
        ("\u200b", "There is a character here that cannot be seen. Please type it again."),
        ("\u202e", "There is a hidden character here that turns the reading direction. Please type it again."),
    ],
)
def test_what_nobody_sees_is_refused_in_a_line_beside_its_field(town: Town, hidden: str, sentence: str) -> None:
    bo = town.acting(town.world.posts["Bo"])
    team = deeds.propose(town, bo, town.world.signe, [town.world.posts["Maja"]])
    deeds.team_step(town, bo, team, "start", town.world.posts["Maja"])
    page = Browser(town.world, "Bo").send("plan_start", team.ref, heading=f"Lugnt på {hidden}morgonen")
    assert page.status_code == 422
    assert beside(page, "heading") == sentence
    assert "Lugnt på" in text(page)
    assert "morgonen" in text(page)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e"])
def test_a_name_is_searched_without_what_nobody_sees(town: Town, hidden: str) -> None:
    page = Browser(town.world, "Maja").send("find", name=f"Sig{hidden}ne")
    assert page.status_code in (200, 422)
    assert "Sig" in text(page)


def long(length: int) -> str:
    """A text of paragraphs, as many characters long as asked for when each line break counts as one."""
    lines = "En rad som berättar.\n" * (length // 20)
    return lines[: length - 1].rstrip("\n").ljust(length, "x")


def as_sent(words: str) -> str:
    """As a browser sends it: line breaks are two characters (HTML, form submission)."""
    return words.replace("\n", "\r\n")


def test_a_text_of_ten_thousand_characters_is_taken_whole(town: Town) -> None:
    sign = draft_of(town)
    words = long(LONGEST_TEXT)
    assert len(words) == LONGEST_TEXT
    page = Browser(town.world, "Maja").send("sign_edit", sign.ref, **written(sign, saw=as_sent(words)))
    assert page.status_code == 302, beside(page, "saw")
    assert Sign.objects.get().saw == words


def test_one_character_more_is_told_beside_the_field_and_kept(town: Town) -> None:
    sign = draft_of(town)
    words = long(LONGEST_TEXT + 1)
    page = Browser(town.world, "Maja").send("sign_edit", sign.ref, **written(sign, did=as_sent(words)))
    assert page.status_code == 422
    assert "10001" in beside(page, "did").replace("\u00a0", "").replace(",", "")
    assert "En rad som berättar." in text(page)
    assert SAW in text(page)
    assert words[-400:] in text(page).replace("\r\n", "\n")
    assert Sign.objects.get().did == ""
