"""Any order of custody, birthdays, moves, hand-overs, protection, talks, marks and decisions: what a child told alone
reaches no guardian, and a former guardian sees nothing newer than the end of custody (P12).
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from samsyn.circle.actions import belongs
from samsyn.common import clock
from samsyn.common.models import SeenByChild
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.early_signals.models import Sign, Talk
from samsyn.people.actions import custody_noted, end_custody, note_custody, set_protection
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.sharing.actions import (
    About,
    ask_consent,
    decide_in_family,
    end_family_decision,
    mark_for_family,
    meet_family,
)
from samsyn.sharing.family import in_force, sees_in_family
from samsyn.sharing.models import Consent, FamilyDecision, NoteClass
from tests.figures import FOLDER, tell
from tests.rooms.sharing.test_family import as_family, sign_about, talk
from tests.rooms.sharing.world import NOW, World

PROVING = os.environ.get("SAMSYN_DEEP") == "1" or FOLDER in os.environ
TRIED: dict[str, int] = {"orders": 0, "events": 0, "seen": 0, "newer": 0, "looked": 0}
which = st.integers(0, 5)
KINDS = ("talk", "consent", "sign", "circle")


class FamilyLife(RuleBasedStateMachine):
    """Signe, born on 29 February, with Amal and Olof. ``world`` is set by whoever runs the walk."""

    world: ClassVar[World]
    sign: ClassVar[Sign]

    def __init__(self) -> None:
        super().__init__()
        self.undoing = ExitStack()
        self.undoing.enter_context(transaction.atomic())
        TRIED["orders"] += 1
        self.now = NOW
        self.alone: set[int] = set()
        self.named = "Bo"
        self.guardians = (self.world.amal, self.world.olof)

    def teardown(self) -> None:
        """Undo all that was done."""
        transaction.set_rollback(True)
        self.undoing.close()

    def _at(self) -> Any:
        TRIED["events"] += 1
        return clock.at(self.now)

    def _about(self, kind: str, ref: Any = None) -> About:
        return About(self.world.authorities["school"], kind, ref)

    @rule(days=st.sampled_from((1, 30, 102, 103, 365, 366, 1200)))
    def time_passes(self, days: int) -> None:
        """Also over birthdays: she turns 13, 16 and 18 on a 28 or 29 February."""
        TRIED["events"] += 1
        self.now += timedelta(days=days)

    @rule(alone=st.booleans(), number=which)
    def somebody_talks(self, alone: bool, number: int) -> None:
        """With the child alone, or together with one who has custody."""
        with self._at():
            if self.named != "Bo":  # who talks here is Bo
                return
            today = clock.today()
            held = [one for one in self.guardians if _has_custody(self.world.signe, one, today)]
            with_guardian = () if alone or not held else (held[number % len(held)],)
            row = _talk_on(self.world, self.sign, *with_guardian)
            if not with_guardian:
                self.alone.add(row.pk)

    @rule(name=st.sampled_from(("Bo", "Bo", "Rakel", "Hanna")))
    def the_child_moves_or_is_handed_over(self, name: str) -> None:
        """Somebody else is named person: at another school (Rakel), or at the same one (Hanna), or Bo again."""
        with self._at():
            if clock.today() < date(2029, 1, 1):
                belongs(self.world.signe, self.world.units["norr" if name == "Rakel" else "stoby"], source="test")
                self.world.named(self.world.signe, name)
                self.named = name

    @rule(number=which)
    def custody_ends(self, number: int) -> None:
        """Today is somebody's last day."""
        with self._at():
            whom = self.guardians[number % 2]
            row = Guardianship.objects.filter(child=self.world.signe, guardian=whom, until=None).first()
            if row is not None and row.since <= clock.today():
                end_custody(SYSTEM, row, clock.today())

    @rule(number=which)
    def custody_begins(self, number: int) -> None:
        """Somebody has it again from today."""
        with self._at():
            whom, today = self.guardians[number % 2], clock.today()
            grown = today >= date(2030, 2, 28)
            if not grown and not custody_noted(self.world.signe, whom, today):
                note_custody(SYSTEM, self.world.signe, whom, Custody.JOINT, since=today, source="test")

    @rule(opens=st.booleans(), number=which, kind=st.sampled_from(KINDS))
    def somebody_decides(self, opens: bool, number: int, kind: str) -> None:
        """Opens or closes a kind for the child or a guardian."""
        whom = (self.world.signe, *self.guardians)[number % 3]
        with self._at():
            self.world.signe.refresh_from_db()
            if not (opens and self.world.signe.is_protected and whom != self.world.signe):
                bo = _bo(self.world)
                decide_in_family(bo, self.world.signe, whom, self._about(kind), opens=opens, reason="Så är det bäst.")

    @rule(number=which)
    def a_decision_ends(self, number: int) -> None:
        """Before its day."""
        with self._at():
            rows = list(in_force(clock.now()).order_by("pk"))
            if rows:
                end_family_decision(_bo(self.world), rows[number % len(rows)], "Läget är ett annat.")

    @rule(number=which)
    def a_question_is_asked(self, number: int) -> None:
        """And both are told of it, also who has no custody any longer."""
        with self._at():
            if clock.today() < date(2029, 1, 1) and self.named == "Bo":
                asked = _ask(self.world)
                meet_family(self.world.signe, [one.pk for one in self.guardians], asked.ref)

    @rule(level=st.sampled_from(("none", "marked", "protected")))
    def protection_changes(self, level: str) -> None:
        """Of the child, and with it of the guardians."""
        with self._at():
            set_protection(SYSTEM, self.world.signe, level, ground="Beslut 1")

    @rule(number=which)
    def a_talk_is_marked(self, number: int) -> None:
        """As told by the child alone, after all."""
        with self._at():
            rows = [one for one in Talk.objects.order_by("pk") if one.pk not in self.alone]
            if rows:
                row = rows[number % len(rows)]
                mark_for_family(_bo(self.world), self.world.signe, self._about("talk", row.ref), NoteClass.TOLD_ALONE)
                self.alone.add(row.pk)

    @invariant()
    def nothing_told_alone_reaches_a_guardian(self) -> None:
        """Whatever has happened, in whatever order."""
        with clock.at(self.now):
            for one in self.guardians:
                seen = set(_visible(Talk, as_family(one)))
                TRIED["looked"] += 1
                TRIED["seen"] += len(seen & self.alone)
                assert not seen & self.alone

    @invariant()
    def a_former_guardian_sees_nothing_newer(self) -> None:
        """And no guardian of a protected child, or of somebody grown, sees anything."""
        with clock.at(self.now):
            today, signe = clock.today(), Person.objects.get(pk=self.world.signe.pk)
            for one in self.guardians:
                seen = [*_rows(Talk, as_family(one)), *_rows(Consent, as_family(one))]
                if signe.is_protected or today >= date(2030, 2, 28):
                    assert seen == []
                elif not _has_custody(signe, one, today):
                    rows = Guardianship.objects.filter(child=signe, guardian=one).exclude(until=None)
                    end = max((row.until for row in rows if row.until is not None), default=date.min)
                    newer = [row for row in seen if _made(row) > end]
                    TRIED["newer"] += len(newer)
                    assert newer == []


def _made(row: Any) -> date:
    made: datetime = row.at if isinstance(row, Talk) else row.asked_at
    return made.astimezone(clock.STOCKHOLM).date()


def _has_custody(child: Person, whom: Person, day: date) -> bool:
    rows = Guardianship.objects.filter(child=child, guardian=whom, since__lte=day)
    return any(row.until is None or row.until >= day for row in rows) and day < date(2030, 2, 28)


def _bo(world: World) -> Viewer:
    return world.as_("Bo")


def _rows(model: Any, viewer: Viewer) -> list[Any]:
    assert isinstance(model.seen, SeenByChild)
    return list(model.objects.filter(sees_in_family(model, model.seen, viewer, clock.now())))


def _visible(model: Any, viewer: Viewer) -> list[int]:
    return [row.pk for row in model.objects.visible_to(viewer)]


def _talk_on(world: World, sign: Sign, *guardians: Person) -> Talk:
    sign.refresh_from_db()
    return talk(world, sign, *guardians)


def _ask(world: World) -> Consent:
    return ask_consent(
        world.as_("Bo"),
        world.signe,
        purpose="Lugna måndagar",
        kinds=["circle"],
        receivers=[world.units["early team"]],
        until=clock.today() + timedelta(days=60),
        form="oral",
        language="sv",
        child_reason="Hon är med och säger vad hon tycker.",
    )


@pytest.mark.long
def test_no_order_of_events_shows_a_guardian_what_the_child_told_alone(world: World) -> None:
    world.signe.birth_date = date(2012, 2, 29)
    world.signe.save(update_fields=["birth_date"])
    FamilyLife.world, FamilyLife.sign = world, sign_about(world)
    everyday = settings.default or settings()
    walks = 200 if PROVING else 3
    fewer = settings(everyday, max_examples=walks, stateful_step_count=20)
    run_state_machine_as_test(FamilyLife, settings=fewer)
    assert TRIED["orders"] >= fewer.max_examples
    assert TRIED["looked"] > 100
    assert FamilyDecision.objects.count() == 0
    tell("family", **TRIED)
