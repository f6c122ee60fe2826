"""Reading the staff file, some rows at a time: one row says that somebody holds a post from a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.organisations.import_columns import STAFF_COLUMNS
from samsyn.organisations.importing.reading import Cells, Faults, Progress, batches, rows_of
from samsyn.people.models import LONGEST_NAME
from samsyn.people.numbers import IdentitySystem, read_number

LANGUAGES = {"": "sv", "sv": "sv", "en": "en", "ar": "ar"}
STAFF_ID = "staff_id"
Key = tuple[str, str]
"""(system, value): a personal number, or the employer's own id."""


@dataclass(frozen=True, repr=False, slots=True)
class PersonFacts:
    """Somebody as the file tells it. The text form is silent."""

    given_name: str
    family_name: str
    called: str
    sign_in_name: str
    language: str

    def __repr__(self) -> str:
        return "<PersonFacts>"


@dataclass(frozen=True, repr=False, slots=True)
class StaffRow:
    """One row. ``key`` is None where nobody can be told by it; without ``since`` it holds no post that can be."""

    number: int
    key: Key | None
    facts: PersonFacts
    post: str
    since: date | None
    until: date | None

    def __repr__(self) -> str:
        return f"<StaffRow {self.number}>"


def read_staff(file: BinaryIO, faults: Faults, progress: Progress) -> Iterator[list[StaffRow]]:
    """The file, some rows at a time; every fault is reported with row and column, and never with what stood there."""
    today = clock.today()
    return batches(_row(cells, today) for cells in rows_of(file, STAFF_COLUMNS, faults, progress))


def _row(cells: Cells, today: date) -> StaffRow:
    key = _key(cells, today)
    facts = PersonFacts(
        given_name=cells.text("given_name", LONGEST_NAME),
        family_name=cells.text("family_name", LONGEST_NAME),
        called=cells.text("called", LONGEST_NAME),
        sign_in_name=cells.text("sign_in_name", 150).casefold(),
        language=cells.word("language", LANGUAGES),
    )
    post, since, until = cells.text("post_id", 80), cells.day("since"), cells.day("until")
    if since is not None and until is not None and until < since:
        cells.fault("until", no("The last day comes before the first."))
        since = None
    return StaffRow(cells.number, key, facts, post, since, until)


def _key(cells: Cells, today: date) -> Key | None:
    number, staff_id = cells.text("number", 60), cells.text("staff_id", 80)
    if bool(number) == bool(staff_id):
        cells.fault("number", no("Fill in either the number or the staff id."))
        return None
    if staff_id:
        return (STAFF_ID, staff_id)
    try:
        read = read_number(number, on=today, systems={IdentitySystem.PERSONNUMMER, IdentitySystem.SAMORDNINGSNUMMER})
    except Refused as unreadable:
        cells.fault("number", unreadable.decision)
        return None
    return (read.system.value, read.value)
