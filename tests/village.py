"""The village as tests of the doors meet it: everybody is signed in already, and whatever is done is undone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from samsyn.circle.models import Handover, Team
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations.models import Post, Unit
from samsyn.organisations.presence import capacities, viewer_for
from samsyn.people.identities import open_number
from samsyn.people.models import Account, Identity, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber, test_number
from samsyn.plans.models import Plan
from samsyn.sharing.models import Disclosure
from tests import worlds

STAFF = ("bo", "hanna", "maja", "elin", "siv", "ines", "edvin", "moa", "hedda", "karin", "kurt")
"""Villagers who act as a post. Kurt works in another municipality and must see nothing."""
FAMILY = ("amal", "olof", "adam", "henrik", "tove", "mats")
"""Villagers in the own family. Mats, also a teacher, is Vera's guardian here. Henrik was Adam's until last year."""
EVERYBODY = (*STAFF, *FAMILY, "ulla", "")
"""And Ulla, an operator without a post, and somebody who has not signed in ("")."""
SIGNED_IN_FOR = 300
"""Seconds after which everybody signs in anew: no sign-in of a long run is older than a page may ask for."""
REGISTERED = test_number(date(2018, 4, 5), 7)
"""The number of Tuva at Stobyskolan: the register knows her, and nobody in Samsyn has met her yet."""
EXTRACT = (
    "number;protection;given_name;family_name;guardian1_number;guardian1_given_name;guardian1_family_name;"
    "guardian1_custody;guardian1_protection;place_kind;place_code;place_name;place_group\n"
    f"{REGISTERED};none;Tuva;Rask;{test_number(date(1990, 4, 5), 7)};Eva;Rask;sole;none;school;stoby;Stobyskolan;1A\n"
)

_VARYING = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\1token"),
    (re.compile(rb'(name="key" value=")[^"]+'), rb"\1key"),
    (re.compile(rb'(name="next" value=")[^"]+'), rb"\1next"),
    (re.compile(rb"(data-until>)[^<]+"), rb"\1until"),
    (re.compile(rb"nonce-[A-Za-z0-9+/=_-]+"), b"nonce"),
)


def masked(body: bytes) -> bytes:
    """A page without what differs each time: form tokens, keys, nonces, and the address that was asked for."""
    for pattern, word in _VARYING:
        body = pattern.sub(word, body)
    return body


@dataclass
class Village:
    """Lillköping, found by words. ``cookies``: a villager's word → the cookies of somebody who has signed in."""

    database: str
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    signed_in_at: float = float("-inf")

    def client(self, word: str) -> Client:
        """A browser in which the villager has signed in; "" for one in which nobody has."""
        client = Client()
        if word:
            client.cookies = SimpleCookie(self.cookies[word].output(header="", sep=";"))
        return client

    @contextmanager
    def open(self) -> Iterator[None]:
        """Let Django stand in the village inside the block, and undo at its end what was done in it."""
        with worlds.kept_in(self.database):
            if time.monotonic() - self.signed_in_at > SIGNED_IN_FOR:
                with clock.at(datetime.now(UTC)):  # whatever day the test lives on
                    self._sign_in()
            with transaction.atomic():
                yield
                transaction.set_rollback(True)

    def _sign_in(self) -> None:
        """Sign every villager of the table in, through the demo's own door, and leave it so."""
        for word in EVERYBODY:
            if word:
                client = Client()
                assert client.post(f"/demo/{word}/").status_code == 302
                if word in FAMILY:
                    assert client.post("/my/enter/").status_code == 302
                self.cookies[word] = client.cookies
        self.signed_in_at = time.monotonic()

    def account(self, word: str) -> Account:
        """A villager's account."""
        return Account.objects.get(sign_in_name=word)

    def acting(self, word: str) -> Viewer:
        """A villager in the first post that they hold."""
        account = self.account(word)
        return viewer_for(account, capacities(account.person_id, clock.now())[0].post.pk, clock.now())

    def at_home(self, word: str) -> Viewer:
        """A villager in the own family."""
        return viewer_for(self.account(word), None, clock.now())

    def child(self, called: str) -> Person:
        """One of the children with a story of their own."""
        return Person.objects.get(called=called, birth_date__isnull=False)

    def unit(self, word: str) -> Unit:
        """A unit by the short word of the village."""
        return Unit.objects.get(source_id=word)

    def post(self, word: str) -> Post:
        """A post by the short word of the village."""
        return Post.objects.get(source_id=word)

    def sign(self, state: str, **about: Any) -> Sign:
        """A sign in this state whose noticer is Maja and whose named person is Bo."""
        signs = Sign.objects.filter(state=state, noticer_post=self.post("fritids"), **about).order_by("pk")
        return signs.select_related("child").first() or missing(f"sign {state}")

    def request(self, state: str, **about: Any) -> Request:
        """A request in this state from Bo to Ines."""
        rows = Request.objects.filter(state=state, to_post=self.post("early"), **about).order_by("pk")
        return rows.select_related("child", "sign").first() or missing(f"request {state}")

    def team(self, state: str, **about: Any) -> Team:
        """A team in this state around a child at Stobyskolan."""
        return Team.objects.filter(state=state, **about).order_by("pk").first() or missing(f"team {state}")

    def team_without_plan(self) -> Team:
        """A team at work that has not begun a plan."""
        planned = Plan.objects.values("team")
        return Team.objects.filter(state="active").exclude(pk__in=planned).order_by("pk")[0]

    def plan(self, state: str, **about: Any) -> Plan:
        """A plan in this state."""
        rows = Plan.objects.filter(state=state, **about).order_by("pk")
        return rows.select_related("child", "team").first() or missing(f"plan {state}")

    def handover(self, state: str, **about: Any) -> Handover:
        """An offer in this state, from Bo."""
        rows = Handover.objects.filter(state=state, **about).order_by("pk")
        return rows.select_related("child").first() or missing(f"hand-over {state}")

    def disclosure(self) -> Disclosure:
        """What Bo has opened to Ines on the guardians' yes, with a request that she has not answered."""
        found = self.request("sent").disclosure
        assert found is not None
        return Disclosure.objects.select_related("consent__child", "child").get(pk=found.pk)


def missing(what: str) -> Any:
    """Say that the village has no such thing. The stories of the village have every state."""
    raise LookupError(f"There is no {what} in the village.")


def settle(database: str) -> Village:
    """A copy of ``database`` in which every villager of the table has signed in."""
    village = Village(worlds.copy_database(database))
    with village.open():
        return village


def references(body: bytes) -> set[UUID]:
    """Every reference that stands in a page."""
    found = re.findall(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", body)
    return {UUID(one.decode()) for one in found}


def number_of(child: Person) -> ReadNumber:
    """A child's first number, as somebody at the place reads it from a paper."""
    identity = Identity.objects.filter(person=child).order_by("pk")[0]
    return ReadNumber(IdentitySystem(identity.system), open_number(identity))
