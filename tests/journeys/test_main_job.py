"""The main job on screen, from the first sign to the last word, in ten steps."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from samsyn.common import clock
from tests import figures
from tests.journeys.test_sign import HER_WORDS, bo_takes_it_on, maja_writes_about_signe
from tests.journeys.walking import NewContext, Villager, arrives

TALK = "I want the mornings to be calm, and Maja to be there when I come."
BACKGROUND = "Mornings are hard after weekends. The parents want calmer evenings in both homes."
COUNTER = "Two home visits first, one in each home, and then we look together."


def bo_talks_with_the_family_and_decides(bo: Villager, sign: str) -> None:
    """Step 3 and the first half of step 4: the talk in Signe's words, and the five questions."""
    bo.go(sign)
    bo.press("Write down the talk")
    bo.choose("The child took part")
    bo.write("The child's own words", TALK)
    bo.choose("Amal", "Olof")
    bo.write("What the family said", "Evenings differ between the homes.")
    bo.press("Save the talk")
    bo.press("The five questions")
    for question in ("1. What is getting", "2. Do I have", "3. What can I do", "4. What can we", "5. What more"):
        bo.write(question, "Calmer mornings and evenings.")
    bo.choose("ask somebody else for help")
    bo.press("Save and decide")


def the_family_says_yes(bo: Villager) -> None:
    """On the page of a question about consent: both guardians' yes, each written down."""
    bo.press("Amal says yes")
    bo.press("Olof says yes")
    bo.sees("The family has said yes")


def bo_asks_for_help(bo: Villager, sign: str) -> str:
    """The second half of step 4: social services is asked, on the guardians' consent; gives the request's address."""
    bo.go(sign)
    bo.press("Ask for help")
    bo.press("Tidigt stöd")
    bo.sees("Nobody has been asked for consent to this receiver yet.")
    asking = bo.path
    bo.press("Ask the family")
    bo.write("What is it for?", "Help with calmer evenings at home.")
    bo.tick("early signs", "requests for help", "Tidigt stöd")
    bo.press("Write down the question")
    the_family_says_yes(bo)
    bo.go(asking)
    bo.sees("The family has said yes to this receiver.")
    bo.write("Which help do you ask for?", "Help at home in the evenings.")
    bo.write("What do they need to know", BACKGROUND)
    bo.page.get_by_role("group", name="On which ground?").get_by_role("radio").first.check()
    bo.write("What has the family been told?", "We read it together.")
    bo.press("Send to Tidigt stöd")
    bo.sees("You stay responsible until then.")
    return bo.path


def they_agree_on_another_way(bo: Villager, ines: Villager, request: str) -> None:
    """Step 5: Ines proposes another way, Bo agrees, Ines accepts: only now is she responsible for her part."""
    ines.go("/")
    ines.press(re.compile("^Read and answer"), within=ines.page.locator("li.duty").filter(has_text="S.L."))
    assert ines.path == request
    ines.page.get_by_text("Propose another way").first.click()
    ines.write("What do you propose instead?", COUNTER)
    ines.page.get_by_role("button", name="Propose another way").click()
    bo.go(request)
    bo.sees(COUNTER)
    bo.press("Agree to that")
    ines.go(request)
    ines.press("Accept")
    bo.go(request)
    bo.sees("Ines is responsible for this part now.")


def a_team_forms_and_ines_leads(bo: Villager, ines: Villager, child: str) -> str:
    """Step 6: Signe and her guardians agree to a team; Bo's wish and theirs make Ines lead. Gives its address."""
    bo.go(child)
    bo.press("Team")
    bo.write("What is the team for?", "Calm mornings and evenings, at school and at home.")
    if not bo.page.get_by_label(re.compile("^Ines")).count():
        bo.page.get_by_text("Look for people at other units").click()
        bo.choose("Tidigt stöd")
        bo.press("Show who works there")
    bo.page.get_by_label(re.compile("^Ines")).check()
    bo.press("Propose the team")
    bo.press("Ask the family")
    bo.write("What is it for?", "A team that makes one plan.")
    bo.tick("who is in the circle and the team", "the plan", "Tidigt stöd")
    bo.press("Write down the question")
    the_family_says_yes(bo)
    bo.press("To the team that rests on this")
    bo.write("What does the child think of the team?", "Good if they talk, so I need not tell it again.")
    bo.write("Who does the family want to hold it together?", "Ines, because we know her.")
    bo.press("Begin the team's work")
    team = bo.path
    bo.press("Offer somebody to hold the team together")
    bo.page.get_by_label("Who takes over?").first.select_option(label=_option(bo, "Who takes over?", "Ines"))
    bo.write("What do you want to tell the one who takes over?", "The family wants you to, and so do I.")
    bo.write("What do the child and the family want?", "Ines, because we know her.")
    bo.press("Offer it")
    ines.go("/")
    ines.press("Read and answer", within=ines.page.locator("section.sheet--glow"))
    ines.press("Yes, I take over")
    ines.go(team)
    ines.sees("holds the team together")
    return team


def _option(who: Villager, label: str, begins: str) -> str:
    texts = who.page.get_by_label(label).first.locator("option").all_inner_texts()
    return next(text for text in texts if text.startswith(begins))


def _add(ines: Villager, what: str, **fields: str) -> None:
    ines.page.get_by_role("link", name=re.compile(f"^{what}")).last.click()
    for label, text in fields.items():
        ines.write(label.replace("_", " "), text)


def they_make_one_plan(ines: Villager, team: str) -> str:
    """Step 7: need, goal and actions are written, views recorded, the plan agreed; gives the plan's address."""
    ines.go(team)
    ines.press("Begin the plan")
    ines.write("What is the plan about", "It shall be calm in the morning, at both homes.")
    ines.press("Begin the plan")
    ines.press("Add a need")
    ines.write("Need", "Monday mornings are hard.")
    ines.press("Save")
    ines.press(re.compile("^Add a goal"))
    ines.write("Goal", "Signe is in time four mornings out of five")
    ines.choose("These are the child's words")
    ines.page.get_by_role("group", name="Part of which common goal?").get_by_role("radio").first.check()
    ines.write("How shall we see it?", "We count the mornings on Fridays")
    ines.press("Save")
    for words, doer, days in (
        ("Meets her at the gate at 8.05", "Bo", 10),
        ("Home visit to Amal", "Ines", 12),
        ("Home visit to Olof", "Ines", 14),
    ):
        _writes_action(ines, words, doer, days)
    ines.press("Back to the plan")
    plan = ines.path
    ines.press("Mark the wheel")
    for area, mark in (("Safe", "3"), ("Healthy", "2"), ("Included", "2")):
        ines.page.get_by_role("group", name=area).get_by_role("radio", name=mark).check()
    ines.press("Save")
    _records_views(ines, plan)
    ines.press("Offer it to the family")
    ines.press("The family says yes")
    ines.write("When do you look at the plan together?", (clock.today() + timedelta(days=30)).isoformat())
    ines.press("The plan is agreed")
    ines.sees("In force from")
    return plan


def _writes_action(ines: Villager, words: str, doer: str, days: int) -> None:
    ines.press(re.compile("^Add an action"))
    ines.write("What is done?", words)
    ines.page.get_by_label("Who does it?").select_option(label=_option(ines, "Who does it?", doer))
    ines.write("By when?", (clock.today() + timedelta(days=days)).isoformat())
    ines.press("Save")


def _records_views(ines: Villager, plan: str) -> None:
    for name, words in (("Signe", "I decide myself what I take with me."), ("Amal", "Sundays."), ("Olof", "Agreed.")):
        ines.go(plan)
        ines.press(f"Write down what {name} says")
        ines.write("In own words", words)
        ines.press("Save")


def they_look_back(ines: Villager, plan: str) -> None:
    """Step 8: the review moves two actions to done and takes a new one in."""
    ines.go(plan)
    ines.press("Begin a review")
    ines.press("Change the plan")
    _writes_action(ines, "Writes the bag list together", "Olof", 20)
    ines.go(plan)
    _records_views_again(ines, plan)
    ines.press("Write the review")
    ines.write("The child's own number", "7")
    ines.write("The child's own words", "It is nice when somebody stands at the gate.")
    ines.write("What has changed?", "Six of seven mornings went well.")
    ines.choose("Meets her at the gate at 8.05", "Home visit to Amal")
    ines.write("When do you look next?", (clock.today() + timedelta(days=60)).isoformat())
    ines.press("Save the review")
    ines.sees("Six of seven mornings went well.")
    ines.sees("Writes the bag list together")


def _records_views_again(ines: Villager, plan: str) -> None:
    while ines.page.get_by_role("link", name=re.compile("^Write down what")).count():
        ines.page.get_by_role("link", name=re.compile("^Write down what")).first.click()
        ines.write("In own words", "It is better now.")
        ines.press("Save")
        ines.go(plan)


def it_ends_well(bo: Villager, ines: Villager, request: str, team: str, plan: str, sign: str) -> None:
    """Step 9: actions decided, the plan and the team closed, the request done, and Maja answered."""
    for words in ("Home visit to Olof", "Writes the bag list together"):
        ines.go(plan)
        ines.page.locator("li.act-row").filter(has_text=words).get_by_role("link").first.click()
        ines.choose("It is done")
        ines.press("Save")
    ines.go(plan)
    ines.press("Close the plan")
    ines.write("How will the child and the family get hold of you again?", "Call Bo, or talk with Maja.")
    ines.press("Close the plan")
    ines.sees("Closed")
    ines.go(request)
    ines.choose("it helped")
    ines.press("Our part is done")
    bo.go(team)
    bo.page.locator("summary").filter(has_text="Close the team").click()
    bo.page.get_by_role("button", name="Close the team").click()
    bo.go(sign)
    bo.press("Answer the one who noticed")
    bo.write("What may the one who noticed be told?", "Thank you. It was important, and it helped.")
    bo.press("Send the answer and close the sign")


def test_an_early_sign_becomes_the_right_help(new_context: NewContext, server: str) -> None:
    began = time.monotonic()
    maja, bo, ines = (arrives(new_context, server, word) for word in ("maja", "bo", "ines"))
    sign = maja_writes_about_signe(maja)
    bo_takes_it_on(bo)
    bo_talks_with_the_family_and_decides(bo, sign)
    request = bo_asks_for_help(bo, sign)
    they_agree_on_another_way(bo, ines, request)
    bo.go(sign)
    child = bo.page.locator("p.eyebrow a").first.get_attribute("href") or ""
    team = a_team_forms_and_ines_leads(bo, ines, child)
    plan = they_make_one_plan(ines, team)
    they_look_back(ines, plan)
    it_ends_well(bo, ines, request, team, plan, sign)
    maja.go("/")
    maja.press("What you noted has been taken care of and is closed.")
    maja.sees("Thank you. It was important, and it helped.")
    for stranger in ("kurt", "ulla"):
        outside = arrives(new_context, server, stranger)
        for address in (sign, request, child, team, plan, f"{child}history/", f"{child}shared/"):
            assert outside.go(address) == 404, (stranger, address)
    bo.go(f"{child}history/")
    for who in ("Maja Sjöö", "Ines Marković", "Bo Ekdahl"):
        bo.sees(who)
    assert HER_WORDS not in bo.page.locator("main").inner_text()
    figures.tell(
        "main-job", seconds=round(time.monotonic() - began, 1), clicks=maja.presses + bo.presses + ines.presses
    )
