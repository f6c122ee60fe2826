"""Maja notes something about Signe, and Bo takes it on: the beginning of the main job, in a real browser."""

from __future__ import annotations

import re

from tests import figures
from tests.journeys.walking import NewContext, Villager, arrives

SAW = "Signe has had a stomach ache four Mondays in a row. When she reads to the younger ones she lights up."
HER_WORDS = "The stomach is kind here but not at home on Sundays."
MOST_PRESSES = 9


def maja_writes_about_signe(maja: Villager) -> str:
    """From the first page to the sign being sent; gives the sign's address."""
    maja.press("New sign")
    maja.write("Name", "Signe")
    maja.press("Search")
    maja.press("Write about Signe")
    maja.choose("both")
    maja.write("What have you seen or heard?", SAW)
    maja.write("The child's own words", HER_WORDS)
    maja.choose("Safe", "Signe")
    maja.write("What have you done?", "We go for a round of our own on Mondays.")
    maja.press("Go on: see who gets it")
    maja.sees("This is what is sent")
    maja.sees(SAW)
    maja.sees("Bo sees this at once")
    maja.press("Send to Bo")
    maja.sees("Bo is responsible now")
    return maja.path


def bo_takes_it_on(bo: Villager) -> None:
    """From Min dag to the sign being taken on."""
    bo.go("/")
    row = bo.page.locator("li.duty").filter(has_text="S.L.")
    bo.press(re.compile("^Read"), within=row)
    bo.sees(HER_WORDS)
    bo.press("I take it on")
    bo.sees("Talk with the child and the family")


def test_maja_notes_a_sign_in_few_presses_and_bo_takes_it_on(new_context: NewContext, server: str) -> None:
    maja = arrives(new_context, server, "maja")
    sign = maja_writes_about_signe(maja)
    assert maja.presses <= MOST_PRESSES
    figures.tell("main-job", sign_clicks=maja.presses)
    bo_takes_it_on(arrives(new_context, server, "bo"))
    maja.go(sign)
    maja.sees("taken on")


def test_kurt_in_another_municipality_finds_nothing_at_the_same_addresses(new_context: NewContext, server: str) -> None:
    sign = maja_writes_about_signe(arrives(new_context, server, "maja"))
    kurt = arrives(new_context, server, "kurt")
    assert kurt.go(sign) == 404
    nowhere = kurt.page.locator("main").inner_text()
    assert kurt.go("/signs/00000000-0000-4000-8000-000000000000/") == 404
    assert kurt.page.locator("main").inner_text() == nowhere


def test_a_sign_can_be_written_without_javascript(new_context: NewContext, server: str) -> None:
    maja = arrives(new_context, server, "maja", java_script_enabled=False)
    maja_writes_about_signe(maja)


def test_what_was_typed_is_saved_while_writing(new_context: NewContext, server: str) -> None:
    maja = arrives(new_context, server, "maja")
    maja.press("New sign")
    maja.write("Name", "Signe")
    maja.press("Search")
    maja.press("Write about Signe")
    draft = maja.path
    with maja.page.expect_response(lambda answer: answer.request.method == "POST"):
        maja.choose("a worry")
    with maja.page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        maja.page.get_by_label("What have you seen or heard?").press_sequentially("She is tired.")
    maja.page.locator("#preview").get_by_text("She is tired.").wait_for()
    maja.go(draft)
    assert maja.page.get_by_label("What have you seen or heard?").input_value() == "She is tired."


def test_a_worry_that_the_child_is_harmed_opens_the_page_about_reporting_at_once(
    new_context: NewContext, server: str
) -> None:
    maja = arrives(new_context, server, "maja")
    maja.press("New sign")
    maja.write("Name", "Signe")
    maja.press("Search")
    maja.press("Write about Signe")
    maja.write("What have you seen or heard?", "Bruises on both arms.")
    draft = maja.path
    maja.choose("I fear that the child is harmed at home or elsewhere")
    maja.page.wait_for_url(re.compile("/harm/"))
    maja.sees("Samsyn has not sent anything.")
    maja.sees("Mottagningen för barn och unga")
    maja.press("Back to what I wrote")
    assert maja.path == draft
    maja.choose("a worry")
    maja.choose("Safe")
    maja.choose("Signe")
    maja.press("Go on: see who gets it")
    maja.page.wait_for_url(re.compile("/harm/"))
    maja.press("Go on: see who gets it")
    maja.sees("Bruises on both arms.")
