"""Any order of asking, answers, custody, birthdays, moves, protection, hand-overs and days that pass: nothing can be
read on a yes that is not whole now. The answer is reckoned here a second time, from the family's point of view alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.circle.actions import belongs
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people.actions import end_custody, guardians_on, note_custody, set_protection
from samsyn.people.models import Guardianship, Person
from samsyn.protection.models import Insight
from samsyn.sharing.actions import (
    Sharing,
    answer,
    answer_consent,
    ask_consent,
    close_what_lost_its_consent,
    disclose,
    end_involvement,
    holds_through,
    involve,
    waive,
)
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import Consent, Disclosure, DisclosureItem, Involvement, Reason, Scope
from samsyn.sharing.predicate import open_to, reasons_of
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping

KINDS = ("plan", "talk")
READERS = {"early team": "Ines", "reception": "Edvin", "bvc": "Siv"}
DEEP = os.environ.get("SAMSYN_DEEP") == "1"
TURNS_18 = TODAY + timedelta(days=40)


@dataclass
class Known:
    """What the family knows of one question: newest word of each, what was left out, whose word is not waited for."""

    units: tuple[str, ...]
    kinds: tuple[str, ...]
    until: date
    together: bool
    said: dict[int, str] = field(default_factory=dict)
    left_out: set[tuple[str, str]] = field(default_factory=set)
    hindered: set[int] = field(default_factory=set)

    def opens(self, child: Person, custody: list[Guardianship], unit: str, kind: str, on: date) -> bool:
        """Is there a whole yes to this kind for this unit on the day."""
        assert child.birth_date is not None
        grown = on >= TURNS_18
        deciders = [child.pk] if grown else [row.guardian_id for row in custody]
        if not grown and len(custody) < 2 and [row.custody for row in custody] != ["sole"]:
            return False
        if not grown and self.together:
            deciders = [*deciders, child.pk]
        waited = [one for one in deciders if one not in self.hindered or one in self.said]
        whole = bool(waited) and all(self.said.get(one) == "given" for one in waited)
        named = unit in self.units and kind in self.kinds
        return whole and on <= self.until and named and not {(unit, kind), (unit, ""), ("", kind)} & self.left_out


class Life:
    """A child around whom things happen, in the order that Hypothesis finds."""

    def __init__(self) -> None:
        self.world: World = lillkoping()
        self.day = TODAY
        self.child = self.world.signe
        born = date(TURNS_18.year - 18, TURNS_18.month, TURNS_18.day)
        Person.objects.filter(pk=self.child.pk).update(birth_date=born)
        self.child.refresh_from_db()
        self.family = [self.world.amal, self.world.olof, self.world.accounts["Mats"].person, self.child]
        self.asked: list[tuple[Consent, Known]] = []
        self.opened: dict[UUID, tuple[Known, str, str]] = {}
        self.involved: dict[int, tuple[Known, str]] = {}

    @property
    def bo(self) -> Viewer:
        return self.world.as_("Bo")

    def ask(self, units: tuple[str, ...], days: int, together: bool) -> None:
        until = self.day + timedelta(days=days)
        consent = ask_consent(
            self.bo,
            self.child,
            purpose="Lugna måndagar",
            kinds=KINDS,
            receivers=[self.world.units[unit] for unit in units],
            until=until,
            form="oral",
            language="sv",
            child_part="together" if together else "heard",
            child_reason="Hon är snart 18 och har sagt vad hon vill.",
        )
        self.asked.append((consent, Known(units, KINDS, until, together and self.day < TURNS_18)))

    def say(self, number: int, who: int, step: str, left_out: tuple[str, str] | None, alone: bool) -> None:
        consent, known = self.asked[number % len(self.asked)]
        giver = self.family[who]
        limits = []
        if left_out is not None and step == "given":
            unit, kind = left_out
            limits = [Limit(unit=self.world.units[unit].pk if unit else None, kind=kind)]
        if alone:
            viewer = Viewer(account=1, person=giver.pk, person_label=giver.full_name)
            answer(viewer, consent, step, language="ar", left_out=limits)
        else:
            answer_consent(self.bo, consent, giver, step, form="oral", language="sv", left_out=limits)
        known.said[giver.pk] = step
        if limits and left_out is not None:
            known.left_out.add(left_out)

    def do_without(self, number: int, who: int) -> None:
        consent, known = self.asked[number % len(self.asked)]
        ground, reason = "one_guardian_when_hindered", "Ligger på sjukhus."
        waive(self.bo, consent, self.family[who], ground=ground, reason=reason, decided_on=self.day)
        known.hindered.add(self.family[who].pk)

    def open(self, number: int, unit: str, kind: str) -> None:
        consent, known = self.asked[number % len(self.asked)]
        ground = Sharing(gate="consent", purpose="x", told="Ni vet.", consent=consent)
        row = disclose(
            self.bo, self.child, self.world.authorities["school"], self.world.units[unit], [(kind, uuid4())], ground
        )
        self.opened[row.ref] = known, unit, kind

    def involve(self, number: int, unit: str) -> None:
        """As the circle does for somebody in the team from another authority."""
        consent, known = self.asked[number % len(self.asked)]
        if not known.opens(self.child, self.custody(), unit, "plan", self.day):
            return
        post = self.world.posts[READERS[unit]]
        end_involvement(self.child, Reason.TEAM, post_id=post.pk)
        row = involve(
            self.child,
            post.unit,
            Reason.TEAM,
            Scope.WHOLE,
            post_id=post.pk,
            until=clock.end_of(holds_through(consent)),
            consent=consent,
            source="circle",
        )
        self.open(number, unit, "plan")
        self.involved[row.pk] = known, unit

    def custody(self) -> list[Guardianship]:
        return guardians_on(self.child, self.day) if self.day < TURNS_18 else []

    def gain(self, who: int, custody: str, days: int) -> None:
        since = self.day + timedelta(days=days)
        note_custody(SYSTEM, self.child, self.family[who], custody, since=since, source="test")

    def lose(self, who: int, days: int) -> None:
        row = Guardianship.objects.filter(child=self.child, guardian=self.family[who], until=None).first()
        if row is not None and row.since <= self.day + timedelta(days=days):
            end_custody(SYSTEM, row, self.day + timedelta(days=days))

    def move(self, school: str) -> None:
        """The child begins at a school, and who is named person there is so from now on."""
        belongs(self.child, self.world.units[school], source="test")
        self.hand_over({"stoby": "Bo", "norr": "Rakel"}[school])

    def hand_over(self, post: str) -> None:
        """Somebody else becomes the named person. Bo goes on asking, and is told no where he may not."""
        self.world.named(self.child, post)

    def protect(self, level: str) -> None:
        set_protection(SYSTEM, self.child, level, ground="Beslut 1")
        self.child.refresh_from_db()

    def pass_time(self, days: int) -> None:
        self.day += timedelta(days=days)

    def check(self) -> None:
        """Every page asks these two questions, and both are answered now, without any tick."""
        custody = self.custody()
        for unit, reader in READERS.items():
            viewer, at = self.world.as_(reader), clock.now()
            items = DisclosureItem.objects.filter(disclosure__in=open_to(viewer, at), kind__in=KINDS)
            seen = set(items.values_list("disclosure__ref", "kind"))
            for ref, kind in seen:
                known, to, opened_kind = self.opened[ref]
                assert (to, opened_kind) == (unit, kind)
                assert known.opens(self.child, custody, unit, kind, self.day), f"{unit} reads {kind} on {self.day}"
            knows = Insight.objects.filter(person=self.child, post=viewer.post).exists()
            if self.child.is_protected and not knows:
                assert not Disclosure.objects.visible_to(viewer).exists(), f"{unit} knows of a protected child"
            for row in reasons_of(viewer, at).filter(reason=Reason.TEAM):
                known, to = self.involved[row.pk]
                bare = (unit, "") not in known.left_out
                assert to == unit
                assert bare
                assert known.opens(self.child, custody, unit, "plan", self.day) or (
                    known.opens(self.child, custody, unit, "talk", self.day)
                )


WHO = st.integers(0, 3)
NUMBER = st.integers(0, 2)
UNIT = st.sampled_from(sorted(READERS))
UNITS = st.lists(UNIT, min_size=1, max_size=3, unique=True).map(tuple)
KIND = st.sampled_from(KINDS)
DAYS = st.sampled_from([0, 0, 1, 5, 20, 45])
STEPS = st.sampled_from(["given", "given", "given", "withdrawn", "refused"])
LEFT_OUT = st.one_of(st.none(), st.none(), st.tuples(st.one_of(st.just(""), UNIT), KIND), st.tuples(UNIT, st.just("")))
DEEDS = st.one_of(
    st.tuples(st.just("ask"), UNITS, st.integers(1, 60), st.booleans()),
    st.tuples(st.just("say"), NUMBER, WHO, STEPS, LEFT_OUT, st.booleans()),
    st.tuples(st.just("say"), NUMBER, WHO, st.just("given"), st.none(), st.booleans()),
    st.tuples(st.just("say"), NUMBER, WHO, st.just("withdrawn"), st.none(), st.booleans()),
    st.tuples(st.just("do_without"), NUMBER, WHO),
    st.tuples(st.just("open"), NUMBER, UNIT, KIND),
    st.tuples(st.just("involve"), NUMBER, UNIT),
    st.tuples(st.just("gain"), st.integers(0, 2), st.sampled_from(["joint", "sole", "unknown"]), DAYS),
    st.tuples(st.just("lose"), st.integers(0, 2), DAYS),
    st.tuples(st.just("move"), st.sampled_from(["stoby", "norr"])),
    st.tuples(st.just("hand_over"), st.sampled_from(["Bo", "Rakel", "Hanna"])),
    st.tuples(st.just("protect"), st.sampled_from(["none", "marked", "protected"])),
    st.tuples(st.just("pass_time"), DAYS),
    st.tuples(st.just("tick")),
)
START: list[tuple[Any, ...]] = [
    ("ask", ("early team", "reception"), 60, False),
    ("say", 0, 0, "given", None, False),
    ("say", 0, 1, "given", None, True),
    ("open", 0, "early team", "plan"),
    ("involve", 0, "reception"),
]


@contextmanager
def undone() -> Iterator[None]:
    """One example's world, gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lived(deeds: list[tuple[Any, ...]]) -> Life:
    """Do them in order; what a rule refuses is not done. After each, whatever can be read rests on a whole yes."""
    with clock.at(NOW):
        life = Life()
    for name, *given_to in deeds:
        with clock.at(clock.noon(life.day)):
            try:
                with transaction.atomic():
                    close_what_lost_its_consent() if name == "tick" else getattr(life, name)(*given_to)
            except Refused:
                pass
        with clock.at(clock.noon(life.day)):
            life.check()
    return life


@pytest.mark.usefixtures("db")
@settings(
    max_examples=1000 if DEEP else 6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(DEEDS, max_size=10))
def test_in_any_order_nothing_is_readable_on_a_yes_that_is_not_whole_now(deeds: list[tuple[Any, ...]]) -> None:
    with undone():
        lived([*START, *deeds])


@pytest.mark.parametrize("deed", [("move", "norr"), ("hand_over", "Rakel")])
def test_a_move_or_a_new_named_person_takes_no_yes_away(db: None, deed: tuple[str, str]) -> None:
    with undone():
        life = lived([*START, deed])
        with clock.at(clock.noon(life.day)):
            assert open_to(life.world.as_("Ines"), clock.now()).count() == 1


def test_protection_closes_what_was_opened_and_lifting_it_opens_it_again(db: None) -> None:
    seen = []
    for deeds in ([], [("protect", "protected")], [("protect", "protected"), ("protect", "none")]):
        with undone():
            life = lived([*START, *deeds])
            with clock.at(clock.noon(life.day)):
                seen.append(Disclosure.objects.visible_to(life.world.as_("Ines")).count())
    assert seen == [1, 0, 1]


def test_what_is_whole_can_be_read_until_each_thing_that_breaks_it(db: None) -> None:
    """The walk above would hold as well where nothing was ever readable: here it is, and stops being."""
    breaking: list[tuple[Any, ...]] = [
        ("say", 0, 0, "withdrawn", None, True),
        ("gain", 2, "joint", 0),
        ("lose", 1, 0),
        ("pass_time", 45),
        ("pass_time", 61),
    ]
    for deed in breaking:
        with undone():
            life = lived(START)
            with clock.at(clock.noon(life.day)):
                assert open_to(life.world.as_("Ines"), clock.now()).count() == 1
                assert reasons_of(life.world.as_("Edvin"), clock.now()).filter(reason=Reason.TEAM).count() == 1
        with undone():
            life = lived([*START, deed, *([("pass_time", 1)] if deed[0] == "lose" else [])])
            with clock.at(clock.noon(life.day)):
                assert not open_to(life.world.as_("Ines"), clock.now()).exists(), deed
                assert not reasons_of(life.world.as_("Edvin"), clock.now()).filter(reason=Reason.TEAM).exists(), deed
                assert Disclosure.objects.exists()
                assert Involvement.objects.filter(reason=Reason.TEAM).exists()
