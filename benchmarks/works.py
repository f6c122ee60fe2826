"""The kinds of work that are measured: each is one request of the product, and the same work of the yardstick.

The search by number is not among them: it asks a register outside the house, and is rate-limited for each person. That
it reads an index is a test (tests/doors/test_search.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.test import Client
from django.test.utils import override_settings

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.models import HandoverKind, NamedPerson
from samsyn.common import clock
from samsyn.common.viewer import CAPACITY, Viewer
from samsyn.duties.models import Duty
from samsyn.early_signals.actions import save_draft, start_draft
from samsyn.early_signals.rules import Noted
from samsyn.organisations.models import Holding, Post
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Person

PLAIN = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
MOST_HANDOVERS = 2000
Ask = Callable[[], Any]
Ready = Callable[[], Ask]
"""Makes what one request needs, outside what is measured, and gives the request."""


@dataclass(frozen=True)
class Work:
    """One kind of request, and at most how many times the yardstick's CPU it may cost (design: quality, Speed)."""

    name: str
    limit: float
    product: Ready
    yardstick: Ready


@dataclass(frozen=True)
class Desk:
    """Somebody at work: a signed-in browser, and the post.

    ``bare``: the same browser for the yardstick. One browser keeps the middleware that it met first for all it asks.
    """

    client: Client
    bare: Client
    post: Post

    def get(self, path: str) -> Ready:
        """A page of the product."""
        return lambda: lambda: self.client.get(path)

    def post_to(self, path: str, data: dict[str, str]) -> Ready:
        """A form of the product, with a key of its own each time."""
        return lambda: lambda: self.client.post(path, {"key": str(uuid4()), **data})

    def plain(self, path: str, data: dict[str, str] | None = None) -> Ready:
        """The same of the yardstick, which has no product around it."""
        return lambda: lambda: self.ask_plainly(path, data)

    def ask_plainly(self, path: str, data: dict[str, str] | None) -> Any:
        """One request of the yardstick."""
        with override_settings(ROOT_URLCONF="benchmarks.yardstick", MIDDLEWARE=PLAIN):
            return self.bare.post(path, data) if data is not None else self.bare.get(path)


def _desk() -> Desk:
    account, post = Account.objects.get(sign_in_name="bulk0"), Post.objects.get(source_id="bulk-0")
    client = Client()
    _sit_down(client, account, post)
    bare = Client()
    bare.cookies = client.cookies
    return Desk(client, bare, post)


def _sit_down(client: Client, account: Account, post: Post) -> None:
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[CAPACITY] = post.pk
    session.save()


def works() -> list[Work]:
    """All kinds of work, those that change who is responsible last."""
    desk = _desk()
    child = Person.objects.filter(pk=Duty.objects.filter(post=desk.post).order_by("pk").values("child")[:1]).get()
    name = {"name": child.family_name}
    return [
        Work("worklist, 30 rows", 1.6, desk.get("/"), desk.plain("/worklist/")),
        Work("child's page, 50 entries", 1.6, desk.get(f"/children/{child.ref}/"), desk.plain(f"/child/{child.ref}/")),
        Work("search by name", 1.6, desk.post_to("/find/", name), desk.plain("/name/", name)),
        Work("sign created", 2.0, _signs(desk), desk.plain(f"/note/{child.ref}/", {})),
        Work("handed over", 1.7, _handovers(desk), _plain_handovers(desk)),
    ]


def _signs(desk: Desk) -> Ready:
    """The noticers take turns: nobody writes a thousand signs, and what a request costs follows how many."""
    noticers, client = _others(desk), Client()

    def ready() -> Ask:
        post = next(noticers)
        child = NamedPerson.objects.select_related("child").filter(post=post, until=None).order_by("pk")[0].child
        viewer = _viewer(post)
        sign = start_draft(viewer, child)
        save_draft(viewer, sign, Noted("worry", clock.today(), "x", "", ("safe",), ("child",)), sign.version)
        _sit_down(client, _holder(post), post)
        return lambda: client.post(f"/signs/{sign.ref}/review/", {"key": str(uuid4())})

    return ready


def _others(desk: Desk) -> Iterator[Post]:
    """The posts that were made for measuring, but for the desk's, again and again."""
    return cycle(Post.objects.filter(source_id__startswith="bulk-").exclude(pk=desk.post.pk).order_by("pk"))


def _held_by_others(desk: Desk, turn: int) -> Iterator[NamedPerson]:
    """Every second child whose named person is somebody else among those who are measured: ours, or the yardstick's."""
    others = NamedPerson.objects.filter(until=None, post__source_id__startswith="bulk-").exclude(post=desk.post)
    return iter(others.select_related("child", "post").order_by("-pk")[turn:MOST_HANDOVERS:2])


def _handovers(desk: Desk) -> Ready:
    """The receivers take turns too."""
    children = cycle([row.child for row in _held_by_others(desk, 0)])
    receivers, client = _others(desk), Client()

    def ready() -> Ask:
        row = NamedPerson.objects.select_related("child", "post").get(child=next(children), until=None)
        receiver = next(one for one in receivers if one != row.post)
        offer = propose_handover(_viewer(row.post), row.child, HandoverKind.NAMED_PERSON, receiver, note="x")
        _sit_down(client, _holder(receiver), receiver)
        return lambda: client.post(f"/handovers/{offer.ref}/accept/", {"key": str(uuid4())})

    return ready


def _viewer(post: Post) -> Viewer:
    return viewer_for(_holder(post), post.pk, clock.now())


def _holder(post: Post) -> Account:
    return Account.objects.get(person_id=Holding.objects.get(post=post, until=None).person_id)


def _plain_handovers(desk: Desk) -> Ready:
    held = _held_by_others(desk, 1)

    def ready() -> Ask:
        path = f"/handed-over/{next(held).ref}/"
        return lambda: desk.ask_plainly(path, {})

    return ready
