"""Whether rows of law are sound: each one in itself, and the versions of one beside each other."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from samsyn.law.rows import Age, Amount, Clock, Gate, Label, LawError, Retention, Row
from samsyn.law.vocabulary import (
    Kind,
    Nearness,
    Unit,
)

LONGEST_MONTH = 31
WITHOUT_VALUE = {Unit.AT_ONCE, Unit.AS_SOON_AS_POSSIBLE, Unit.SAME_DAY, Unit.FOR_EVER}
UNITS = {
    Kind.CLOCK: {
        Unit.AT_ONCE,
        Unit.AS_SOON_AS_POSSIBLE,
        Unit.SAME_DAY,
        Unit.ELAPSED_HOURS,
        Unit.CALENDAR_DAYS,
        Unit.WORKING_DAYS,
        Unit.WEEKS,
        Unit.MONTHS,
        Unit.YEARS,
        Unit.CALENDAR_YEARS,
    },
    Kind.AGE: {Unit.AGE_YEARS},
    Kind.RETENTION: {
        Unit.ELAPSED_HOURS,
        Unit.CALENDAR_DAYS,
        Unit.MONTHS,
        Unit.YEARS,
        Unit.CALENDAR_YEARS,
        Unit.AGE_YEARS,
        Unit.FOR_EVER,
    },
    Kind.AMOUNT: {Unit.KRONOR, Unit.TIMES, Unit.TIMES_PER_HOUR, Unit.PERSONS, Unit.HOUR_OF_DAY, Unit.PER_CENT},
}


def check_row(row: Row) -> None:
    """What must hold between the fields of one row. Raises ValueError with the reason."""
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise ValueError("'valid_until' lies before 'valid_from'")
    if row.verified and not row.statutory:
        raise ValueError("an agreement cannot be verified as text of law")
    if row.verified and not row.quote:
        raise ValueError("'verified' needs a 'quote' from the text that was read")
    if row.unit is not None:
        _check_unit(row, row.unit)
    if isinstance(row, Clock) and row.same_everywhere and row.agreement:
        raise ValueError("'same_everywhere' is not for a time that the law lets an agreement set")
    if isinstance(row, Clock) and row.later_in_the_day is not None and row.unit is not Unit.CALENDAR_DAYS:
        raise ValueError("'later_in_the_day' is for calendar days")
    if isinstance(row, Retention) and max(row.born_on_days, default=1) > LONGEST_MONTH:
        raise ValueError("'born_on_days' are days of a month")
    if isinstance(row, Label) and (row.sphere is None) != (row.strength is None):
        raise ValueError("'sphere' and 'strength' belong together")
    if isinstance(row, Age):
        _check_age(row)
    if isinstance(row, Gate) and row.within is not Nearness.AREA and not (row.confirm_sv and row.confirm_en):
        raise ValueError("a gate needs what the sender confirms, in 'confirm_sv' and 'confirm_en'")


def _check_age(row: Age) -> None:
    if row.lowest is None and row.highest is None:
        return
    if row.statutory or not (row.lowest or 0) <= (row.value or 0) <= (row.highest or 0):
        raise ValueError("'lowest' and 'highest' stand around the value of an age that an agreement sets")


def _check_unit(row: Row, unit: Unit) -> None:
    if unit not in UNITS[row.kind]:
        raise ValueError(f"a {row.kind} is not measured in {unit}")
    takes_none = unit in WITHOUT_VALUE or (isinstance(row, Amount) and not row.known)
    if takes_none and row.value is not None:
        raise ValueError("'value' has no place here")
    if not takes_none and row.value is None:
        raise ValueError("'value' is missing")


def check_versions(versions: list[Row]) -> None:
    """The versions of one id, in order of time, follow each other without overlap or gap, and stay of one kind.

    Raises LawError naming the later row.
    """
    for earlier, later in pairwise(versions):
        reason = ""
        if later.kind is not earlier.kind:
            reason = f"is a {later.kind}, but an earlier version in {earlier.file} is a {earlier.kind}"
        elif earlier.valid_until is None or later.valid_from <= earlier.valid_until:
            reason = f"the version from {later.valid_from} overlaps the one from {earlier.valid_from} in {earlier.file}"
        elif later.valid_from != earlier.valid_until + timedelta(days=1):
            reason = f"gap: nothing holds between {earlier.valid_until} and {later.valid_from}"
        if reason:
            raise LawError(later.file, later.id, reason)
