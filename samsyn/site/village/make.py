"""Make the village: places, people, and a lived year and a half, through the rooms' own actions and always the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from samsyn.circle.actions import ensure_named_person
from samsyn.circle.relation_actions import add_relation
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals.actions import consult
from samsyn.organisations.actions import end_holding, hold, remove_staff
from samsyn.organisations.actions_presence import end_cover, set_absence, set_cover
from samsyn.organisations.models import Holding
from samsyn.people.actions import find_or_create, link_provider, register_account
from samsyn.people.models import Account, Person
from samsyn.people.registers import RegisterPerson
from samsyn.people.vault import Whereabouts
from samsyn.protection.actions import Decided, note_whereabouts, protect
from samsyn.protection.insight_actions import give_insight
from samsyn.site.village import family_stories, looks, plan_stories, steps, stories
from samsyn.site.village.people import LATER, STAFF, Worker, more_children, named_children, number
from samsyn.site.village.places import found_agreement, found_places
from samsyn.site.village.town import Town
from samsyn.site.village_clients import FAMILY_WORD, STAFF_WORD, subject_of

CHILDREN = 120
LIVED = timedelta(days=548)


def make_village(now: datetime | None = None) -> Town:
    """Make Lillköping as it is at ``now``. All or nothing; about 12 units, 40 posts and 120 children."""
    moment = now or clock.now()
    with transaction.atomic(), clock.at(moment):
        return _make(moment)


def _make(moment: datetime) -> Town:
    with clock.at(moment - LIVED):
        places = found_places()
        found_agreement(places, clock.today())
        town = Town(places, moment)
        for worker in STAFF:
            _hire(town, worker)
    _named(town)
    _protected(town)
    _others(town)
    with town.days_ago(1):
        consult(
            town.acting("bo"),
            town.unit("early"),
            "Hur gör ni när ett barn i de första skolåren inte vill gå hem på söndagar?",
            looked_through=True,
        )
    _come_and_go(town)
    looks.looked_at(town)
    _known_to_the_provider()
    return town


def _come_and_go(town: Town) -> None:
    """Who was away and is back, who left and who came after, and who is away now."""
    _is_away(town, "bo", "assistant_rektor", 210, 9)
    _is_away(town, "siv", "bvc_second", 90, 20)
    with town.days_ago(160):
        covered = set_cover(SYSTEM, town.post("early"), town.post("early_second"), clock.today())
    with town.days_ago(120):
        end_cover(SYSTEM, covered, clock.today())  # Ines is on her post again
        leaves = Holding.objects.get(post=town.post("teacher_4c"), until=None)
        end_holding(SYSTEM, leaves, clock.today())
    with town.days_ago(119):
        for worker in LATER:
            _hire(town, worker)
    with town.days_ago(60):
        remove_staff(SYSTEM, town.accounts["per2"].person)
    _is_away(town, "mats", "assistant_rektor", 3, 17)


def _is_away(town: Town, who: str, covered_by: str, ago: int, days: int) -> None:
    """Somebody is away for so many days, from so many days ago on, and another post answers."""
    with town.days_ago(ago) as since:
        until = since + timedelta(days=days)
        set_absence(SYSTEM, town.accounts[who].person, since, until=until)
        set_cover(SYSTEM, town.held[who], town.post(covered_by), since, until=until)


def _known_to_the_provider() -> None:
    """Let every villager in as the village's own provider knows them, as staff and as somebody's family."""
    for account in Account.objects.order_by("pk"):
        for word in (STAFF_WORD, FAMILY_WORD):
            link_provider(SYSTEM, account, word, subject_of(account.sign_in_name))


def _hire(town: Town, worker: Worker) -> None:
    person = find_or_create(SYSTEM, _as_registered(worker))
    town.accounts[worker.word] = register_account(
        SYSTEM, person, worker.word, language=worker.language, operator=worker.post is None
    )
    if worker.post is not None:
        town.held[worker.word] = town.places.posts[worker.post]
        hold(SYSTEM, town.places.posts[worker.post], person, clock.today())


def _as_registered(worker: Worker) -> RegisterPerson:
    return RegisterPerson(
        (number(worker.born),), worker.given_name, worker.family_name, "", worker.born, ("sv",), "none", (), None
    )


def _named(town: Town) -> None:
    """Those with a story of their own. Signe's begins when Maja writes; what went before is a strength, long closed."""
    with town.days_ago(520):
        for word, found in named_children(town.today).items():
            town.children[word] = town.arrives(found)
    stories.strength(town, town.children["signe"], steps.STOBY, 0)
    with town.days_ago(250):
        for name, relation, place in (("Alva", "simtränare", "Simklubben"), ("Birgit", "farmor", "")):
            add_relation(town.acting("bo"), town.children["signe"], name=name, relation=relation, place=place)
    with town.days_ago(400):
        for word in ("nour", "adam", "tove", "vera"):
            ensure_named_person(SYSTEM, town.children[word])
    stories.acknowledged(town, town.children["nour"], steps.BVC, 2)
    family_stories.at_home(town)


def _protected(town: Town) -> None:
    """Tove, whom nobody is to find: the named person writes down the decision, where she is, and who else may know."""
    tove = town.children["tove"]
    with town.days_ago(40):
        hedda = town.acting("hedda")
        protect(hedda, tove, Decided("protected", "OSL 22:2", clock.today()))
        note_whereabouts(
            hedda,
            tove,
            Whereabouts(
                address="Tallbacken 7, 999 91 Lillköping",
                stays_at="hos mormor",
                school="Lillköpings gymnasium",
                unit="NA1",
                telephone="070-174 06 05",
            ),
        )
        until = clock.today() + timedelta(days=120)
        give_insight(hedda, tove, town.post("mentor"), "Är hennes mentor och ser henne varje dag.", until)
    stories.acknowledged(town, Person.objects.get(pk=tove.pk), steps.GYMNASIUM, 1)


def _others(town: Town) -> None:
    told: dict[str, int] = {}
    for found in more_children(CHILDREN - len(town.children), town.today):
        with town.days_ago(500):
            person = town.arrives(found)
        place = found.place.unit_code if found.place else ""
        where, tales = _WHERE[place]
        turn = told.get(place, 0)
        told[place] = turn + 1
        if turn < len(tales):
            tales[turn](town, person, where, turn)
        elif turn % 3 == 0:
            stories.strength(town, person, where, turn % 100)


_WHERE: dict[str, tuple[steps.Where, tuple[steps.Story, ...]]] = {
    "stoby": (steps.STOBY, (*plan_stories.AT_STOBY, *stories.AT_STOBY)),
    "norra": (steps.NORRA, stories.ANYWHERE),
    "bvc": (steps.BVC, stories.ANYWHERE),
}
