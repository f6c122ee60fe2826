"""A villager with a browser: signs in, presses what a person would press, and counts the presses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

NewContext = Callable[..., BrowserContext]


@dataclass
class Villager:
    """Somebody at the desk. ``presses`` counts buttons, links, and choices; typing is not a press."""

    page: Page
    address: str
    presses: int = 0

    def press(self, words: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press the button or link that says this."""
        place = within or self.page.locator("body")
        found = place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words)).first
        expect(found).to_be_visible()
        found.click()
        self.presses += 1

    def choose(self, *words: str) -> None:
        """Choose among the words of a question; each is one press."""
        for word in words:
            self.page.locator("label.choice").filter(has_text=re.compile(rf"^\s*{re.escape(word)}\s*$")).first.click()
            self.presses += 1

    def tick(self, *words: str) -> None:
        """Make sure that these boxes are ticked; a box that the page has ticked already costs no press."""
        for word in words:
            box = self.page.get_by_label(word, exact=True).first
            if not box.is_checked():
                box.check()
                self.presses += 1

    def write(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label, exact=False).first.fill(text)

    def go(self, path: str) -> int:
        """Open an address; give the answer's status."""
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        return answer.status

    def sees(self, words: str) -> None:
        """The page says this."""
        expect(self.page.locator("main")).to_contain_text(words, ignore_case=True)

    @property
    def path(self) -> str:
        """The address of the page, without the house's own part."""
        return self.page.url.removeprefix(self.address)


def arrives(new_context: NewContext, address: str, word: str, **options: object) -> Villager:
    """A villager signs in through the demo's door, reading English so that the journey's words are the source's."""
    context = new_context(**options)
    context.add_cookies([{"name": "django_language", "value": "en", "url": address}])
    page = context.new_page()
    page.set_default_timeout(12_000)
    page.goto(f"{address}/demo/{word}/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/demo/" not in url)
    return Villager(page, address)
