"""A child who came this morning without a number: entered by hand, then who has custody, then the family is asked."""

from __future__ import annotations

import re

from tests.journeys.walking import NewContext, arrives

FATHER = "Rolf Ahmadi"


def test_a_newly_arrived_child_is_entered_its_guardian_noted_and_the_family_asked(
    new_context: NewContext, server: str
) -> None:
    bo = arrives(new_context, server, "bo")
    bo.go("/find/by-hand/")
    bo.choose("The child has no number")
    bo.write("First name", "Zebiba")
    bo.write("Family name", "Ahmadi")
    bo.write("Why do you enter the child?", "Came to us this morning and cannot sleep.")
    bo.press("Enter the child and begin a sign")
    bo.write("What have you seen or heard?", "Has not slept for three nights.")
    bo.choose("a worry", "Healthy", "Zebiba")
    bo.press("Go on: see who gets it")
    bo.press(re.compile("^Send"))
    bo.sees("Zebiba")

    bo.press("Children")
    bo.press(re.compile("^Zebiba"))
    child = bo.path
    bo.press("Ask the family for consent")
    bo.sees("nobody can say yes yet")
    bo.press("Write down who has custody")
    bo.sees("Nobody can be asked for a yes until somebody is noted.")
    bo.write("First name", "Rolf")
    bo.write("Family name", "Ahmadi")
    bo.write("Who is it to the child?", "father")
    bo.choose("Alone")
    bo.write("Since when?", "2020-02-29")
    bo.write("Who says so?", "The father, with a passport and a birth certificate")
    bo.press("Note this")
    bo.sees(f"Ask {FATHER}. One yes is enough.")
    bo.sees("Sole custody, since 29 February 2020.")

    bo.press("Ask the family for consent")
    bo.write("What is it for?", "Help with the nights.")
    bo.page.locator("summary").filter(has_text="Somebody else in the partnership").first.click()
    bo.tick("early signs", "Tidigt stöd")
    bo.press("Write down the question")
    bo.sees(FATHER)
    bo.press("Rolf says yes")
    bo.sees("The family has said yes")
    for stranger in ("maja", "kurt", "ulla"):
        assert arrives(new_context, server, stranger).go(f"{child}custody/") == 404
