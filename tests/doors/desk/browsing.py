"""A browser for each of the staff, and what the tests of the desk ask of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from samsyn.common.viewer import CAPACITY
from samsyn.trail.models import Mode, TrailEntry
from tests.questions import opened
from tests.rooms.sharing.world import World


@dataclass
class Desk:
    """Opens addresses and sends forms as somebody at work."""

    world: World

    def client(self, name: str, acting: str = "") -> Client:
        """A browser in which the person acts as the own post, or as another's."""
        account = self.world.accounts[name]
        account.language = "en"
        account.save(update_fields=["language"])
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session[CAPACITY] = self.world.posts[acting or name].pk
        session.save()
        return client

    def get(self, name: str, view: str, *args: Any, query: str = "", acting: str = "") -> Any:
        """Open a page."""
        return self.client(name, acting).get(reverse(f"desk:{view}", args=args) + query)

    def read(self, name: str, view: str, *args: Any, query: str = "", acting: str = "") -> str:
        """The words of a page that can be opened."""
        response = self.get(name, view, *args, query=query, acting=acting)
        assert response.status_code == 200, response.status_code
        return words(response)

    def send(self, name: str, view: str, /, *args: Any, query: str = "", acting: str = "", **form: Any) -> Any:
        """Send a form with a fresh key, unless one is given."""
        body = {"key": uuid4(), **form}
        return self.client(name, acting).post(reverse(f"desk:{view}", args=args) + query, body)

    def questions(self, name: str, view: str, *args: Any) -> int:
        """How many questions to the database a page asks, once it is warm."""
        return opened(self.client(name), reverse(f"desk:{view}", args=args))


def words(response: Any) -> str:
    """What a reader sees of a page: its main part without tags, runs of space made one."""
    page = response.content.decode()
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    text = re.sub(r"<(?!/?bdi)[^>]*>", " ", main.group(0) if main else page)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", text))).strip()


def newest_look() -> TrailEntry:
    """The newest page that the trail tells of."""
    return TrailEntry.objects.filter(mode=Mode.READ).order_by("-pk")[0]


def title_of(response: Any) -> str:
    """What a browser writes on its tab and keeps in its history."""
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found is not None
    return unescape(found.group(1))
