"""A browser that goes to the village's real provider and back, with the house in this process."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import httpx
from django.test import Client

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NEXT = re.compile(r'name="next" value="([^"]*)"')


@dataclass
class Journey:
    """Somebody with a browser: ``house`` speaks to the house, ``outside`` to the provider."""

    house: Client = field(default_factory=Client)
    outside: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def leave(self, word: str = "village-staff", page: str = "/sign-in/", **body: Any) -> str:
        """Press a provider's button; give the address that the house sends the browser to."""
        answer = self.house.post(page, {"provider": word, **body})
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])

    def be(self, villager: str, address: str) -> str:
        """Choose a villager at the provider, where it asks; give the address that it sends the browser back to."""
        answer = self.outside.get(address)
        while not answer.headers.get("Location", "").startswith("http"):
            if answer.is_redirect:
                answer = self.outside.get(answer.url.join(answer.headers["Location"]))
                continue
            assert answer.status_code == 200, answer.text
            token, after = (unescape(found.search(answer.text)[1]) for found in (TOKEN, NEXT))  # type: ignore[index]
            body = {"csrfmiddlewaretoken": token, "villager": villager, "next": after}
            answer = self.outside.post(answer.url, data=body)
        return str(answer.headers["Location"])

    def back(self, address: str, **changed: str | None) -> Any:
        """Follow the provider's answer to the house, perhaps with something changed on the way (None: left out)."""
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
        kept = {name: value for name, value in query.items() if value is not None}
        return self.house.get(urlunsplit(("", "", parts.path, urlencode(kept), "")))

    def sign_in(self, villager: str, word: str = "village-staff", **body: Any) -> Any:
        """All the way."""
        return self.back(self.be(villager, self.leave(word, **body)))
