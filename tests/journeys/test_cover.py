"""Bo falls ill in the middle of the main job: Hanna stands in, answers as the named person, and nothing is lost."""

from __future__ import annotations

import time
from datetime import timedelta

from samsyn.common import clock
from tests import figures
from tests.journeys.test_main_job import bo_talks_with_the_family_and_decides
from tests.journeys.test_sign import HER_WORDS, SAW, bo_takes_it_on, maja_writes_about_signe
from tests.journeys.walking import NewContext, Villager, arrives


def bo_falls_ill(bo: Villager) -> None:
    """Bo notes that he is away, and that Hanna stands in."""
    bo.go("/away/")
    bo.write("First day away", clock.today().isoformat())
    bo.write("Last day away", (clock.today() + timedelta(days=9)).isoformat())
    stands_in = bo.page.get_by_label("Who stands in for you?").first
    label = next(text for text in stands_in.locator("option").all_inner_texts() if "Hanna" in text)
    stands_in.select_option(label=label)
    bo.press("Note this")
    bo.sees("You are away from")


def test_the_cover_answers_and_nothing_is_lost(new_context: NewContext, server: str) -> None:
    began = time.monotonic()
    maja, bo = arrives(new_context, server, "maja"), arrives(new_context, server, "bo")
    sign = maja_writes_about_signe(maja)
    bo_takes_it_on(bo)
    bo_falls_ill(bo)

    hanna = arrives(new_context, server, "hanna")
    hanna.go("/capacity/")
    hanna.page.locator("form.sheet").filter(has_text="rektor").filter(has_text="stand in").get_by_role("button").click()
    hanna.go("/")
    kept = hanna.page.locator("li.duty").filter(has_text="Signe")
    assert kept.count() >= 1, "what Bo had begun stands on the list of the one who stands in"
    bo_talks_with_the_family_and_decides(hanna, sign)
    hanna.go(sign)
    hanna.sees(SAW)
    hanna.sees(HER_WORDS)
    hanna.sees("Calmer mornings and evenings.")

    maja.go(sign)
    maja.sees("Hanna is responsible now.")
    figures.tell("cover", seconds=round(time.monotonic() - began, 1), lost=0)
