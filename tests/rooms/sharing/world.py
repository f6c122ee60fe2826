"""Signe (8), Nour (2) and Adam (17), their guardians, and those at work around them in four authorities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from samsyn.circle.actions import belongs, give_named_person
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import (
    Absence,
    Authority,
    Cover,
    Holding,
    LocalClock,
    Partnership,
    Post,
    PostRole,
    Principal,
    PrincipalKind,
    Sphere,
    Unit,
    UnitKind,
)
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Custody, Guardianship, Person
from samsyn.sharing.actions import answer_consent, ask_consent
from samsyn.sharing.models import Consent

TODAY = date(2026, 11, 17)  # a Tuesday
NOW = datetime(2026, 11, 17, 10, tzinfo=clock.STOCKHOLM)
LONG_AGO = date(2020, 1, 1)
_serial = count(1)

UNITS = (
    ("stoby", "school", "Stobyskolan", UnitKind.SCHOOL),
    ("fritids", "school", "Fritids", UnitKind.OTHER),
    ("norr", "school", "Norrskolan", UnitKind.SCHOOL),
    ("early team", "social", "Tidiga stödet", UnitKind.SOCIAL_SUPPORT),
    ("reception", "social", "Mottagningen", UnitKind.SOCIAL_RECEPTION),
    ("bvc", "region", "BVC Stoby", UnitKind.CHILD_HEALTH),
    ("elsewhere", "elsewhere", "Andra skolan", UnitKind.SCHOOL),
)
STAFF = (
    ("Karin", "stoby", "samordnare", PostRole.DUTY_DESK),
    ("Bo", "stoby", "rektor", PostRole.NAMED_PERSON),
    ("Hanna", "stoby", "biträdande rektor", PostRole.HEAD),
    ("Mats", "stoby", "lärare", PostRole.STAFF),
    ("Maja", "fritids", "fritidspedagog", PostRole.STAFF),
    ("Rakel", "norr", "rektor på Norrskolan", PostRole.NAMED_PERSON),
    ("Ines", "early team", "socialsekreterare", PostRole.INTAKE),
    ("Leyla", "early team", "familjestödjare", PostRole.STAFF),
    ("Edvin", "reception", "utredare", PostRole.HEAD),
    ("Siv", "bvc", "bvc-sköterska", PostRole.NAMED_PERSON),
    ("Kurt", "elsewhere", "lärare i en annan kommun", PostRole.STAFF),
)


@dataclass
class World:
    """Staff are viewers; ``posts``, ``units`` and ``authorities`` hold theirs by name."""

    signe: Person
    nour: Person
    adam: Person
    amal: Person
    olof: Person
    authorities: dict[str, Authority]
    units: dict[str, Unit]
    posts: dict[str, Post]
    accounts: dict[str, Account]

    def as_(self, name: str, post: str = "") -> Viewer:
        """Somebody at work, acting as the own post or as another's that comes to them now."""
        viewer = viewer_for(self.accounts[name], self.posts[post or name].pk, clock.now())
        assert viewer.is_staff, f"{name} may not act as {post or name} now"
        return viewer

    def named(self, child: Person | None = None, post: str = "Bo") -> None:
        """A post becomes the child's named person."""
        give_named_person(SYSTEM, child or self.signe, self.posts[post])

    def ask(
        self,
        *units: str,
        by: str = "Bo",
        child: Person | None = None,
        kinds: Sequence[str] = ("circle", "plan"),
        days: int = 180,
        **more: Any,
    ) -> Consent:
        """Somebody asks for consent; nobody has answered yet."""
        return ask_consent(
            self.as_(by),
            child or self.signe,
            purpose="Lugna måndagar",
            kinds=kinds,
            receivers=[self.units[name] for name in units or ("early team",)],
            until=clock.today() + timedelta(days=days),
            form="oral",
            language="ar",
            **{"child_reason": "" if child is None else "De har pratat om det hemma.", **more},
        )

    def answer(self, consent: Consent, who: Person, step: str, by: str = "Bo") -> None:
        """Somebody writes down what a guardian said."""
        answer_consent(self.as_(by), consent, who, step, form="oral", language="sv")

    def consent(self, *units: str, kinds: Sequence[str] = ("circle", "plan")) -> Consent:
        """Amal's and Olof's yes about Signe."""
        consent = self.ask(*units, kinds=kinds)
        for guardian in (self.amal, self.olof):
            self.answer(consent, guardian, "given")
        return consent

    def away(self, name: str, covered_by: str = "") -> None:
        """Somebody is ill today, and maybe somebody covers."""
        Absence.objects.create(person=self.accounts[name].person, since=clock.today(), until=clock.today())
        if covered_by:
            Cover.objects.create(post=self.posts[name], covered_by=self.posts[covered_by], since=clock.today())


def sooner(rule: str, value: int) -> None:
    """The town's partnership has agreed on a shorter time for a row of law."""
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule=rule, value=value)


def _person(name: str, family: str, **facts: object) -> Person:
    return Person.objects.create(given_name=name, family_name=family, created_at=NOW, **facts)


def _guardian(child: Person, guardian: Person, relation: str, custody: Custody = Custody.JOINT) -> None:
    Guardianship.objects.create(
        child=child, guardian=guardian, custody=custody, relation=relation, since=LONG_AGO, source="test"
    )


def _authorities() -> dict[str, Authority]:
    town = Principal.objects.create(kind=PrincipalKind.MUNICIPALITY, code="9990", name="Lillköpings kommun")
    other = Principal.objects.create(kind=PrincipalKind.MUNICIPALITY, code="0180", name="En annan kommun")
    county = Principal.objects.create(kind=PrincipalKind.REGION, code="99", name="Region Lillköping")
    rows = {
        "school": (town, "Barnnämnden", Sphere.SCHOOL),
        "social": (town, "Socialnämnden", Sphere.SOCIAL),
        "region": (county, "Hälso- och sjukvårdsnämnden", Sphere.HEALTH),
        "elsewhere": (other, "Utbildningsnämnden", Sphere.SCHOOL),
    }
    made = {
        key: Authority.objects.create(principal=principal, name=name, sphere=sphere)
        for key, (principal, name, sphere) in rows.items()
    }
    partnership = Partnership.objects.create(name="Barnets bästa", decision_number="KS 12/26", decided_on=LONG_AGO)
    partnership.parties.set([made["school"], made["social"], made["region"]])
    return made


def _units(authorities: dict[str, Authority]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for key, authority, name, kind in UNITS:
        parent = units["stoby"] if key == "fritids" else None
        unit = Unit.objects.create(
            authority=authorities[authority], parent=parent, name=name, kind=kind, source_id=f"unit-{next(_serial)}"
        )
        unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
        unit.save()
        units[key] = unit
    return units


def lillkoping() -> World:
    """Make people and places through plain rows; all about the children goes through the actions."""
    authorities = _authorities()
    units = _units(authorities)
    posts, accounts = {}, {}
    for name, unit, title, role in STAFF:
        person = _person(name, "Ek")
        accounts[name] = Account.objects.create(person=person, sign_in_name=f"{name.casefold()}{next(_serial)}")
        posts[name] = Post.objects.create(unit=units[unit], title=title, role=role, source_id=f"post-{next(_serial)}")
        Holding.objects.create(post=posts[name], person=person, since=LONG_AGO)
    signe = _person("Signe", "Lind", birth_date=date(2018, 3, 4))
    nour = _person("Nour", "Haddad", birth_date=date(2024, 5, 6))
    adam = _person("Adam", "Haddad", birth_date=date(2008, 11, 20))
    amal, olof = _person("Amal", "Haddad", languages=["ar"]), _person("Olof", "Lind")
    for child in (signe, nour):
        _guardian(child, amal, "mamma")
        _guardian(child, olof, "pappa")
    _guardian(adam, amal, "mamma", Custody.SOLE)
    belongs(signe, units["stoby"], source="test")
    belongs(nour, units["bvc"], source="test")
    return World(signe, nour, adam, amal, olof, authorities, units, posts, accounts)
