"""More villagers for the matrix, each with a relation that could be taken for a right and is none.

They live in a copy of their own: what happens to them here would be in the way of other tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client
from django.test.client import ClientHandler

from samsyn.circle.models import NamedPerson
from samsyn.circle.relation_actions import add_relation
from samsyn.common import clock
from samsyn.common.viewer import CAPACITY, SYSTEM
from samsyn.organisations.actions import end_holding, hold
from samsyn.organisations.actions_founding import found_post
from samsyn.organisations.models import Holding
from samsyn.people.actions import Facts, new_person, note_custody, register_account
from samsyn.people.models import Account, Custody, Guardianship
from samsyn.sharing.actions import About, decide_in_family, meet_family
from tests import village as known
from tests.village import Village

AT_WORK = {
    "mats_at_school": "mats",
    "lena": "lena",
    "tea2": "tea2",
    "gun2": "gun2",
    "leyla": "leyla",
    "sara2": "sara2",
    "farid": "farid",
    "ida2": "ida2",
}
"""Who acts as a post → the account's name.

Mats teaches in Signe's class and is Vera's guardian, who goes to it: at work he is a teacher. Lena chairs the
committee and is Signe's aunt. Tea is the head of Ines's unit, Gun the head above Bo, Leyla Ines's colleague, Sara the
named person at another school of the same authority, Farid of the police, Ida a teacher at Signe's school who does not
meet her.
"""
AT_HOME = {"sanna_covered": "sanna2", "joel_moved": "joel2", "disa": "disa", "vera": "vera", "rolf_closed_out": "rolf"}
"""Who has signed in and acts as no post. Sanna's session is of the weeks when she covered for Ines, Joel's of his post
at Signe's school, which he left for another school. Disa is the guardian of a protected child; Vera is another child.
Rolf has custody of Signe besides her parents, by a judgement of another country. He has been talked with, as they have,
and then Bo closed all that the school holds about her to him, and to him alone (OSL 12:3).
"""
CLOSED = {"olle_closed": "olle2"}
"""Whose account has been closed while the session was open: from then on nobody."""

STAFF = (*known.STAFF, *AT_WORK)
FAMILY = (*known.FAMILY, *AT_HOME)
EVERYBODY = (*STAFF, *FAMILY, "ulla", *CLOSED, "")
"""Everybody of the matrix; "" has not signed in."""
ALWAYS = (
    *("bo", "maja", "siv", "ines", "kurt", "amal", "adam", "henrik", "mats", "ulla", ""),
    *("joel_moved", "rolf_closed_out", *CLOSED, "hanna", "karin", "olof", "mats_at_school", "lena", "sanna_covered"),
)
"""The twenty who are asked at each address every day: work near and far, family now and of before, those whom a fact of
now keeps out, each relation that could be taken for a right, the operator, and somebody who has not signed in."""


def nobody(who: str) -> bool:
    """Is this one answered as somebody who has not signed in."""
    return not who or who in CLOSED


@dataclass
class Crowd(Village):
    """The village with those of this file in it, and everybody signed in. Its browsers share one way into the house."""

    arrived: bool = False
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def client(self, word: str) -> Client:
        """As the village's; what the house loads when it starts is loaded once and not for each browser."""
        client = super().client(word)
        client.handler = self.handler
        return client

    def _sign_in(self) -> None:
        if not self.arrived:
            _arrive(self)
            self.arrived = True
        super()._sign_in()
        for word, name in (AT_WORK | AT_HOME | CLOSED).items():
            self._sign_in_as(word, name)

    def _sign_in_as(self, word: str, name: str) -> None:
        Account.objects.filter(sign_in_name=name).update(is_active=True)
        client = Client()
        assert client.post(f"/demo/{name}/").status_code == 302
        if word in {"sanna_covered", "joel_moved"}:
            session = client.session
            session[CAPACITY] = self.post("early" if word == "sanna_covered" else "special_teacher").pk
            session.save()
        if word in CLOSED:
            Account.objects.filter(sign_in_name=name).update(is_active=False)
        self.cookies[word] = client.cookies


def _arrive(village: Village) -> None:
    """What makes them who they are."""
    bo = village.acting("bo")
    add_relation(bo, village.child("Signe"), name="Lena Ström", relation="faster", place="")
    guardian = Guardianship.objects.get(child=village.account("tove").person).guardian
    register_account(SYSTEM, guardian, "disa")
    register_account(SYSTEM, village.child("Vera"), "vera")
    _closed_out(village)
    left = Holding.objects.get(post=village.post("special_teacher"), until=None)
    end_holding(SYSTEM, left, clock.today() - timedelta(days=1))
    post = found_post(
        SYSTEM, village.unit("norra"), "specialpedagog", "norra_special", parent=village.post("norra_rektor")
    )
    hold(SYSTEM, post, left.person, clock.today())


def _closed_out(village: Village) -> None:
    """Rolf, who would read all that Signe's parents read, was there no decision."""
    bo, signe = village.acting("bo"), village.child("Signe")
    rolf = new_person(SYSTEM, Facts("Rolf", "Brandt", birth_date=date(1980, 5, 4)))
    since = clock.today() - timedelta(days=3000)
    note_custody(SYSTEM, signe, rolf, Custody.JOINT, since=since, source="Amtsgericht Hannover")
    register_account(SYSTEM, rolf, "rolf")
    meet_family(signe, [rolf.pk], signe.ref)
    school = NamedPerson.objects.select_related("authority").get(child=signe, until=None).authority
    decide_in_family(bo, signe, rolf, About(school), opens=False, reason="Han har hotat henne.")
