"""Amal orders a copy of what is held about Signe, the worker makes it, and she fetches it; Olof does not."""

from __future__ import annotations

from tests import servers, worlds
from tests.journeys.walking import NewContext, arrives


def test_amal_orders_a_copy_of_what_is_held_and_fetches_it_when_the_worker_has_made_it(
    new_context: NewContext, village: str
) -> None:
    copy = worlds.copy_database(village)
    try:
        with servers.serving(copy) as address:
            amal = arrives(new_context, address, "amal")
            assert amal.go("/my/") == 200
            amal.press("What is held", within=amal.page.locator("section").filter(has_text="Signe"))
            amal.press("Order it")
            amal.sees("It is being made")
            servers.run(copy, "worker", "--batch")
            amal.press("See if it is ready")
            amal.sees("You can fetch it until")
            with amal.page.expect_download() as fetching:
                amal.press("Fetch the paper (PDF)")
            assert fetching.value.suggested_filename == "held.pdf"
            assert fetching.value.path().read_bytes().startswith(b"%PDF")
            paper = amal.page.get_by_role("link", name="Fetch the paper (PDF)").get_attribute("href") or ""
            assert arrives(new_context, address, "olof").go(paper) == 404
    finally:
        worlds.drop_database(copy)
