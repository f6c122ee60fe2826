"""A villager's browser without scripts: pages are fetched, forms are sent, and what stands in them is read back."""

from __future__ import annotations

import html
import re
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from samsyn.common.viewer import CAPACITY
from tests.rooms.sharing.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Browser:
    """Somebody at work who has signed in, acts as a post and reads English. ``post`` "": in the own family."""

    def __init__(self, world: World, name: str, post: str | None = None) -> None:
        self.client = Client()
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        self.client.force_login(world.accounts[name], backend=BACKEND)
        acting = name if post is None else post
        session = self.client.session
        session[CAPACITY] = world.posts[acting].pk if acting else None
        session.save()

    def get(self, page: str, *args: Any, **query: Any) -> Any:
        """A page of the desk."""
        return self.client.get(reverse(f"desk:{page}", args=args), query)

    def send(self, page: str, *args: Any, key: UUID | None = None, query: str = "", **body: Any) -> Any:
        """A form of the desk, with a fresh key unless one is given."""
        return self.client.post(reverse(f"desk:{page}", args=args) + query, {"key": str(key or uuid4()), **body})


def text(response: Any) -> str:
    """What the page says, with its entities read."""
    return html.unescape(response.content.decode())


def beside(response: Any, field: str) -> str:
    """The sentence beside a field, "" when there is none."""
    found = re.search(rf'id="id_{field}_error">(.*?)</p>', response.content.decode(), re.DOTALL)
    return html.unescape(found.group(1)).replace("\u2068", "").replace("\u2069", "") if found else ""
