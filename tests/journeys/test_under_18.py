"""Siv at BVC asks Ines at social services about Nour, across authorities, on the gate for those under 18."""

from __future__ import annotations

import re

from tests.journeys.walking import NewContext, arrives

ASKED = "Could somebody from you come along on a home visit?"


def test_siv_asks_ines_about_nour_without_consent_because_nour_is_under_18(
    new_context: NewContext, server: str
) -> None:
    siv = arrives(new_context, server, "siv")
    siv.press("Children")
    siv.press(re.compile("^Nour"))
    siv.press("Ask for help")
    siv.sees("You stay responsible.")
    siv.press("Tidigt stöd")
    siv.page.locator('input[value="under_18_from_health"]').check()
    siv.write("Which help do you ask for?", ASKED)
    siv.write("What do they need to know", "Nour sleeps badly, and the parents ask for help.")
    siv.write("Why does the receiver need this?", "Ines' team can give support at home.")
    siv.write("Why would less not do?", "They cannot answer without knowing what it is about.")
    siv.write("What has the family been told?", "Told Amal and Olof on the telephone today.")
    siv.press("Send to Tidigt stöd")
    siv.sees("asked, waiting for an answer")
    request = siv.path

    ines = arrives(new_context, server, "ines")
    row = ines.page.locator("li.duty").filter(has_text="N.L.")
    ines.press(re.compile("^Read and answer"), within=row)
    assert ines.path == request
    ines.sees(ASKED)
    ines.sees("Nour Lindqvist")
    ines.press("Accept")
    ines.sees("accepted")

    for stranger in ("bo", "kurt", "farid"):
        assert arrives(new_context, server, stranger).go(request) == 404
