"""Bo signs in with a provider, adds a passkey, signs out, finds nothing behind him, and comes back with the passkey."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from tests.journeys.walking import NewContext

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    one => one.id + ": " + one.nodes.map(node => node.target.join(" ")).join(", "))"""
ASK_NOW = "() => htmx.ajax('GET', document.querySelector('#idle').getAttribute('hx-get'), '#idle')"


def fit_to_be_read(page: Page) -> None:
    """axe finds nothing, on a telephone either, and nothing scrolls sideways."""
    page.evaluate(AXE_SCRIPT)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def with_a_key_of_its_own(page: Page) -> None:
    """Give the browser a key that asks its owner and always gets a yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_bo_comes_and_goes(new_context: NewContext, server_with_provider: str) -> None:
    page = new_context().new_page()
    with_a_key_of_its_own(page)

    page.goto(f"{server_with_provider}/sign-in/")
    fit_to_be_read(page)
    page.get_by_role("button", name="Lillköpings tjänstekort").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vem är du?")
    fit_to_be_read(page)
    page.get_by_role("button", name="Bo Ekdahl").click()
    expect(page.get_by_text("Inloggad till")).to_be_visible()
    assert page.url == f"{server_with_provider}/"

    page.goto(f"{server_with_provider}/passkeys/")
    page.get_by_role("button", name="Lägg till en lösennyckel").click()
    expect(page.get_by_role("button", name="Ta bort")).to_be_visible()
    fit_to_be_read(page)
    page.goto(f"{server_with_provider}/sign-ins/")
    expect(page.get_by_role("heading", name=re.compile("den här"))).to_be_visible()
    fit_to_be_read(page)

    page.goto(f"{server_with_provider}/children/")
    other = page.context.new_page()
    other.goto(f"{server_with_provider}/sign-ins/")
    other.get_by_role("button", name="Logga ut").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Du är utloggad")

    page.evaluate(ASK_NOW)
    expect(page.get_by_role("alert")).to_contain_text("Sidan är dold")
    expect(page.get_by_role("main")).to_be_hidden()
    other.go_back()
    expect(other.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")

    page.get_by_role("button", name="Med en lösennyckel").click()
    expect(page.get_by_text("Inloggad till")).to_be_visible()
    assert page.url == f"{server_with_provider}/children/"
