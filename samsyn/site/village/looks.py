"""Who looked at whom in the last weeks, and the eyes that go through it: ordinary work, and what is to be explained."""

from __future__ import annotations

from samsyn.common import reading
from samsyn.people.identities import find_by_number
from samsyn.people.models import Person
from samsyn.people.numbers import IdentitySystem, ReadNumber, demo_number
from samsyn.reviews.actions import give_verdict
from samsyn.reviews.models import Found, LogReview
from samsyn.sharing.actions import open_in_emergency
from samsyn.sharing.models import EmergencyCode
from samsyn.sharing.predicate import explain
from samsyn.sharing.review_queue import make_review_queue
from samsyn.site.village.town import Town
from samsyn.trail import actions as trail

TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


def looked_at(town: Town) -> None:
    """Two weeks of looks; each has been gone through on the Monday after it, and the first has its verdicts."""
    vera, signe = town.children["vera"], town.children["signe"]
    _opens(town, "bo", signe, 2, TUESDAY, 10)
    _opens(town, "mats", vera, 2, WEDNESDAY, 12)
    _opens(town, "maja", _pupil(100), 2, THURSDAY, 23)
    _gone_through(town, 1)
    _judged(town, "mats", Found.NOT_IN_ORDER, "Mats ville se om hon var anmäld. Vi har pratat, och jag har sagt till.")
    _judged(town, "maja", Found.IN_ORDER, "Jouren ringde henne om utflykten dagen efter. Hon hade skäl.")
    _opens(town, "bo", signe, 1, TUESDAY, 11)
    _opens(town, "hanna", vera, 1, TUESDAY, 13)
    for hour in (8, 22):
        _opens(town, "mats", vera, 1, WEDNESDAY, hour)
    _opens(town, "ida2", _pupil(105), 1, THURSDAY, 23)
    _gone_through(town, 0)
    _in_an_emergency(town)


def _pupil(ordinal: int) -> Person:
    """One of the further children of ``people.more_children``: every fifth of them goes to 1A at Stobyskolan."""
    found = find_by_number(IdentitySystem.DEMO, demo_number(ordinal))
    assert found is not None  # all of them have arrived
    return found


def _opens(town: Town, word: str, child: Person, weeks_ago: int, weekday: int, hour: int) -> None:
    """Somebody opens a child's page, and the trail tells of it as it does of every page."""
    with town.days_ago(town.today.weekday() + 7 * weeks_ago - weekday, hour):
        viewer = town.acting(word)
        with reading.gather() as shown:
            found = Person.objects.visible_to(viewer).get(pk=child.pk)
            why = explain(viewer, found)
            reading.ground(why.ground if why else "")
        trail.read(viewer, "desk:child", shown)


def _gone_through(town: Town, weeks_ago: int) -> None:
    with town.days_ago(town.today.weekday() + 7 * weeks_ago, 6):
        make_review_queue()


def _judged(town: Town, reader: str, found: Found, words: str) -> None:
    with town.days_ago(town.today.weekday() + 7 - TUESDAY):
        bo = town.acting("bo")
        review = LogReview.objects.visible_to(bo).get(reader=town.accounts[reader].person)
        give_verdict(bo, review, found, words)


def _in_an_emergency(town: Town) -> None:
    """Last night the one on call at social services had to know whom another unit of theirs works with."""
    with town.days_ago(1, 21):
        number = ReadNumber(IdentitySystem.DEMO, demo_number(0))
        words = "Barnet är hos polisen, och ingen på Tidigt stöd svarar på kvällen. Vem är van att möta familjen?"
        open_in_emergency(town.acting("tor2"), number, EmergencyCode.ON_CALL, words)
