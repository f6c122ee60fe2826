"""The kinds of work that are measured: each is one request of the product, and the same work of the yardstick.

The search by number is not among them: it asks a register outside the house, and is rate-limited for each person. That
it reads an index is a test (tests/doors/test_search.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.test import Client
from django.test.utils import override_settings

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.models import HandoverKind, NamedPerson
from samsyn.common import clock
from samsyn.common.viewer import CAPACITY
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
    """Somebody at work: a signed-in browser, the account and the post.

    ``bare``: the same browser for the yardstick. One browser keeps the middleware that it met first for all it asks.
    """

    client: Client
    bare: Client
    account: Account
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
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[CAPACITY] = post.pk
    session.save()
    bare = Client()
    bare.cookies = client.cookies
    return Desk(client, bare, account, post)


def works() -> list[Work]:
    """All kinds of work, those that change who is responsible last."""
    desk = _desk()
    child = Person.objects.filter(pk=Duty.objects.filter(post=desk.post).order_by("pk").values("child")[:1]).get()
    name = {"name": child.family_name}
    return [
        Work("worklist, 30 rows", 1.6, desk.get("/"), desk.plain("/worklist/")),
        Work("child's page, 50 entries", 1.6, desk.get(f"/children/{child.ref}/"), desk.plain(f"/child/{child.ref}/")),
        Work("search by name", 1.6, desk.post_to("/find/", name), desk.plain("/name/", name)),
        Work("sign created", 2.0, _signs(desk, child), desk.plain(f"/note/{child.ref}/", {})),
        Work("handed over", 1.7, _handovers(desk), _plain_handovers(desk)),
    ]


def _signs(desk: Desk, child: Person) -> Ready:
    def ready() -> Ask:
        viewer = viewer_for(desk.account, desk.post.pk, clock.now())
        sign = start_draft(viewer, child)
        save_draft(viewer, sign, Noted("worry", clock.today(), "x", "", ("safe",), ("child",)), sign.version)
        return lambda: desk.client.post(f"/signs/{sign.ref}/review/", {"key": str(uuid4())})

    return ready


def _held_by_others(desk: Desk, turn: int) -> Iterator[NamedPerson]:
    """Every second child whose named person is somebody else among those who are measured: ours, or the yardstick's."""
    others = NamedPerson.objects.filter(until=None, post__source_id__startswith="bulk-").exclude(post=desk.post)
    return iter(others.select_related("child", "post").order_by("-pk")[turn:MOST_HANDOVERS:2])


def _handovers(desk: Desk) -> Ready:
    held = _held_by_others(desk, 0)

    def ready() -> Ask:
        row = next(held)
        holder = Holding.objects.get(post=row.post, until=None)
        viewer = viewer_for(Account.objects.get(person_id=holder.person_id), row.post_id, clock.now())
        offer = propose_handover(viewer, row.child, HandoverKind.NAMED_PERSON, desk.post, note="x")
        return lambda: desk.client.post(f"/handovers/{offer.ref}/accept/", {"key": str(uuid4())})

    return ready


def _plain_handovers(desk: Desk) -> Ready:
    held = _held_by_others(desk, 1)

    def ready() -> Ask:
        path = f"/handed-over/{next(held).ref}/"
        return lambda: desk.ask_plainly(path, {})

    return ready
