"""The register of law: which rows hold on a day, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from samsyn.common.decision import require
from samsyn.law.days import add_years, is_working_day, swedish_day
from samsyn.law.deadlines import Deadline, count
from samsyn.law.gates import PARAGRAPH, RANGE, covers, near_enough, young_enough
from samsyn.law.reading import read_folder
from samsyn.law.rows import Age, Amount, Clock, Gate, Label, LawError, NoSuchRule, Retention, Row
from samsyn.law.rules import may_set_locally
from samsyn.law.vocabulary import AgeTest, Kind, Nearness, Serves, Sphere, Unit

FOLDER = Path(__file__).parent
ROLL_OVER = "roll_over"
Versions = Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Law:
    """The law as it stands on one day."""

    day: date
    versions: Versions

    def rows(self, kind: Kind | None = None) -> tuple[Row, ...]:
        """Every row in force, of ``kind`` if given, in the order of the files."""
        held = (row for rows in self.versions.values() for row in rows if row.holds_on(self.day))
        return tuple(row for row in held if kind is None or row.kind is kind)

    def row(self, row_id: str) -> Row:
        """The version of ``row_id`` in force.

        Raises NoSuchRule when there is none.
        """
        for row in self.versions.get(row_id, ()):
            if row.holds_on(self.day):
                return row
        raise NoSuchRule(f"No row {row_id!r} of law is in force on {self.day}.")

    def age(self, row_id: str) -> int:
        """The number of years in an age row.

        Raises NoSuchRule when there is none.
        """
        return _years(self._age(row_id))

    def turning_age(self, row_id: str, value: int | None = None) -> int:
        """The age on whose birthday the age row's answer changes; ``value``: another age, as a partnership has set it.

        Raises NoSuchRule when there is none.
        """
        row = self._age(row_id)
        years = _years(row) if value is None else value
        return years + 1 if row.test is AgeTest.THROUGH else years

    def turning_day(self, row_id: str, birth_date: date) -> date:
        """The first day on which the age row's answer changes for one born on ``birth_date``."""
        row = self._age(row_id)
        if row.from_day is not None:
            return date(birth_date.year + _years(row), *row.from_day)
        return add_years(birth_date, self.turning_age(row_id))

    def age_applies(self, row_id: str, birth_date: date, on: date | None = None) -> bool:
        """Does the age row hold for one born on ``birth_date``, on the day ``on`` (this law's day if not given)."""
        turned = (on or self.day) >= self.turning_day(row_id, birth_date)
        return turned if self._age(row_id).test is AgeTest.FROM else not turned

    def amount(self, row_id: str) -> int | None:
        """The amount, or None when the law has one that nobody here knows: say "unknown", never 0.

        Raises NoSuchRule when there is no such amount.
        """
        row = self.row(row_id)
        if not isinstance(row, Amount):
            raise NoSuchRule(f"{row_id!r} is not an amount.")
        return row.value

    def deadline(self, row_id: str, start: date | datetime) -> Deadline:
        """When what the row asks for is due, counted from ``start`` by the law of this day.

        Raises NoSuchRule when the row gives no time; ValueError when ``start`` lacks a zone or a time of day that it
        needs.
        """
        return count(self.row(row_id), start, self.eves())

    def kept_until(self, row_id: str, start: date | datetime) -> date | None:
        """The day from which it goes, or None when it is kept for ever. ``start``: what ``counted_from`` names.

        Raises NoSuchRule when the row is not about keeping.
        """
        row = self.row(row_id)
        if not isinstance(row, Retention):
            raise NoSuchRule(f"{row_id!r} is not about keeping.")
        return None if row.unit is Unit.FOR_EVER else count(row, start, self.eves()).latest_day

    def gates(
        self,
        sender: Sphere | str,
        receiver: Sphere | str,
        birth_date: date | None,
        on: date | None = None,
        *,
        nearness: Nearness = Nearness.APART,
        unborn: bool = False,
        serves: Serves | None = None,
    ) -> tuple[Gate, ...]:
        """The gates through which information may go from a sender's sphere to a receiver's, best first.

        ``birth_date``: of the one it is about; None when unknown, and then no gate for the young is offered (but where
        the law lets the age be assumed). ``on``: the day it happens, this law's day if not given. ``nearness``: how
        near the two stand. ``unborn``: it is for an unborn child. ``serves``: only gates for that errand.
        """
        from_sphere, to_sphere = Sphere(sender), Sphere(receiver)
        happens = on or self.day
        offered = (row for row in self.rows(Kind.GATE) if isinstance(row, Gate))
        return tuple(
            gate
            for gate in offered
            if from_sphere in gate.senders
            and to_sphere in gate.receivers
            and (serves is None or gate.serves is serves)
            and near_enough(gate, to_sphere, nearness)
            and young_enough(gate, birth_date, happens, unborn)
            and self._lifts(gate, from_sphere)
        )

    def secrecy(self, sphere: Sphere | str) -> Label | None:
        """The secrecy that information in the sphere stands under, or None when the register names none."""
        for row in self.rows(Kind.LABEL):
            if isinstance(row, Label) and row.sphere is Sphere(sphere):
                return row
        return None

    def is_working_day(self, day: date) -> bool:
        """Is ``day`` one on which working days are counted."""
        return is_working_day(day, self.eves())

    def eves(self) -> tuple[str, ...]:
        """The feasts whose eves count as holidays (lag 1930:173 2 §)."""
        row = self.row(ROLL_OVER)
        return row.eves_of if isinstance(row, Label) else ()

    def _age(self, row_id: str) -> Age:
        row = self.row(row_id)
        if not isinstance(row, Age):
            raise NoSuchRule(f"{row_id!r} is not an age.")
        return row

    def _lifts(self, gate: Gate, sender: Sphere) -> bool:
        """False where the gate is barred for the sender's secrecy, or where that secrecy is not known."""
        if not gate.never_for:
            return True
        secrecy = self.secrecy(sender)
        return secrecy is not None and not any(covers(barred, secrecy.paragraph) for barred in gate.never_for)


def _years(row: Age) -> int:
    if row.value is None:
        raise NoSuchRule(f"{row.id!r} gives no age.")
    return row.value


def read(folder: Path) -> Versions:
    """The rows of ``folder``, checked one by one and together.

    Raises LawError naming file, row and reason.
    """
    versions = read_folder(folder)
    named = versions.get(ROLL_OVER, ())
    if not named or not all(isinstance(row, Label) and row.eves_of for row in named):
        raise LawError(str(folder), ROLL_OVER, "a label with 'eves_of' must say which eves count as holidays")
    for row in (row for rows in versions.values() for row in rows if isinstance(row, Gate)):
        for barred in row.never_for:
            if not RANGE.fullmatch(barred) and not PARAGRAPH.fullmatch(barred):
                raise LawError(row.file, row.id, f"'never_for' cannot be read: {barred!r}; write OSL 25:1-8")
    return versions


@lru_cache(maxsize=1)
def load() -> Versions:
    """The rows of the house, read once. Start-up calls this, so that a bad row stops it.

    Raises LawError naming file, row and reason.
    """
    return read(FOLDER)


def on(day: date | datetime) -> Law:
    """The law as it stands on ``day`` (an aware time counts as its Swedish day)."""
    return Law(swedish_day(day), load())


def deadline(row_id: str, start: date | datetime) -> Deadline:
    """When something is due, by the law in force on the day it starts. Raises as ``Law.deadline``."""
    return on(start).deadline(row_id, start)


def shorten(row: Row, value: int) -> Row:
    """``row`` with the time that a partnership has agreed on.

    Raises Refused when an agreement may not set it.
    """
    require(may_set_locally(row, value))
    return replace(row, value=value, later_in_the_day=None) if isinstance(row, Clock) else row


def local_deadline(row_id: str, start: date | datetime, local_value: int) -> Deadline:
    """As ``deadline``, with the time that a partnership has agreed on.

    Raises Refused when an agreement may not set it.
    """
    law = on(start)
    return count(shorten(law.row(row_id), local_value), start, law.eves())
