"""The families of Lillköping as themselves: who signs in at home, what they were asked, and who reads what."""

from __future__ import annotations

from datetime import date, timedelta

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals import actions as signs
from samsyn.early_signals.rules import TalkHeld
from samsyn.people.actions import end_custody, find_or_create, note_custody, register_account
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.people.registers import RegisterPerson
from samsyn.sharing.actions import About, answer_consent, ask_consent, decide_in_family
from samsyn.sharing.models import Consent
from samsyn.site.village import shared_stories, steps, stories
from samsyn.site.village.people import number
from samsyn.site.village.town import Town

HENRIK_BORN = date(1982, 3, 30)
GYMNASIUM = steps.Where("hedda", "hedda", "gymnasium_rektor")


def at_home(town: Town) -> None:
    """Those who sign in in the own family. Signe and Nour are too small for an account of their own."""
    _accounts(town)
    _henrik(town)
    _adam(town)
    shared_stories.adams_mornings(town)
    shared_stories.nours_nights(town)
    stories.strength(town, town.children["vera"], steps.STOBY, 3)
    with town.days_ago(3):
        _asks(town, "bo", town.children["vera"], "Be Tidigt stöd om en träff om skolvägen.")
    with town.days_ago(2):
        _asks(town, "siv", town.children["nour"], "Be Tidigt stöd om hembesök.")


def _accounts(town: Town) -> None:
    signe = town.children["signe"]
    amal, olof = (row.guardian for row in Guardianship.objects.filter(child=signe).order_by("guardian__given_name"))
    people = {"amal": amal, "olof": olof, "adam": town.children["adam"], "tove": town.children["tove"]}
    with town.days_ago(500):
        for word, person in people.items():
            town.accounts[word] = register_account(SYSTEM, person, word, language="ar" if word == "amal" else "sv")


def _henrik(town: Town) -> None:
    """Adam's father had custody until 300 days ago: he was asked before that, and not after."""
    born = RegisterPerson((number(HENRIK_BORN),), "Henrik", "Falk", "", HENRIK_BORN, ("sv",), "none", (), None)
    adam = town.children["adam"]
    with town.days_ago(500):
        henrik = find_or_create(SYSTEM, born)
        town.accounts["henrik"] = register_account(SYSTEM, henrik, "henrik")
        since = clock.today() - timedelta(days=3000)
        custody = note_custody(SYSTEM, adam, henrik, Custody.JOINT, since=since, source="Tingsrättens dom")
    with town.days_ago(350):
        asked = _asks(
            town, "hedda", adam, "Låta skolans team följa närvaron ihop.", "Adam är med och säger vad han tycker."
        )
        for giver in (henrik, town.accounts["amal"].person):
            answer_consent(town.acting("hedda"), asked, giver, "given", form="oral", language="sv")
    with town.days_ago(300):
        end_custody(SYSTEM, custody, clock.today())


def _adam(town: Town) -> None:
    """Adam talks with Hedda alone. What he said is his; a year ago it was decided that Amal reads about the circle."""
    adam = town.children["adam"]
    sign = steps.notes(town, adam, GYMNASIUM, 12, 3)
    steps.takes_on(town, sign, GYMNASIUM, 11)
    with town.days_ago(8) as day:
        alone = TalkHeld(
            held_on=day,
            with_child=True,
            child_words="Jag sover dåligt och orkar inte till skolan.",
            not_with_guardians_because="Adam vill prata själv först.",
        )
        signs.record_talk(town.acting("hedda"), sign, alone)
    with town.days_ago(7):
        hedda = town.acting("hedda")
        about = About(sign.authority, "circle")
        reason = "Adam vill att hon vet vem som svarar."
        decide_in_family(hedda, adam, town.accounts["amal"].person, about, opens=True, reason=reason)


def _asks(town: Town, word: str, child: Person, purpose: str, reason: str = "") -> Consent:
    return ask_consent(
        town.acting(word),
        child,
        purpose=purpose,
        kinds=["circle", "request"],
        receivers=[town.unit("early")],
        until=clock.today() + timedelta(days=120),
        form="oral",
        language="sv",
        child_reason=reason,
    )
