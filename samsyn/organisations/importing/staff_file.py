"""Reading the staff file: one row says that somebody holds a post from a day. Somebody may stand in many rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.organisations.importing.columns import STAFF_COLUMNS
from samsyn.organisations.importing.reading import Cells, Faults, Progress, rows_of
from samsyn.people import rules
from samsyn.people.models import LONGEST_NAME
from samsyn.people.numbers import IdentitySystem, read_number

LANGUAGES = {"": "sv", "sv": "sv", "en": "en", "ar": "ar"}
STAFF_ID = "staff_id"
Key = tuple[str, str]


@dataclass(frozen=True, repr=False)
class PersonFacts:
    """Somebody as the file tells it. The text form is silent."""

    given_name: str
    family_name: str
    called: str
    sign_in_name: str
    language: str

    def __repr__(self) -> str:
        return "<PersonFacts>"


@dataclass(frozen=True, repr=False)
class HoldingFacts:
    """That the person of ``key`` holds a post. ``row``: where it stands."""

    row: int
    key: Key
    post: str
    since: date
    until: date | None


@dataclass
class StaffFile:
    """Everything in the file. A key is (system, value): a personal number, or the employer's own id."""

    people: dict[Key, PersonFacts] = field(default_factory=dict)
    first_row: dict[Key, int] = field(default_factory=dict)
    holdings: list[HoldingFacts] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    names: dict[str, Key] = field(default_factory=dict)


def read_staff(file: BinaryIO, faults: Faults, progress: Progress) -> StaffFile:
    """The whole file; every fault is reported with row and column, and never with what stood there."""
    found = StaffFile()
    today = clock.today()
    for cells in rows_of(file, STAFF_COLUMNS, faults, progress):
        found.rows.add(cells.number)
        key = _key(cells, today)
        facts = PersonFacts(
            given_name=cells.text("given_name", LONGEST_NAME),
            family_name=cells.text("family_name", LONGEST_NAME),
            called=cells.text("called", LONGEST_NAME),
            sign_in_name=cells.text("sign_in_name", 150).casefold(),
            language=cells.word("language", LANGUAGES),
        )
        post, since, until = cells.text("post_id", 80), cells.day("since"), cells.day("until")
        if key is None:
            continue
        _note_person(found, key, facts, cells)
        if since is not None and until is not None and until < since:
            cells.fault("until", no("The last day comes before the first."))
        elif since is not None and post:
            found.holdings.append(HoldingFacts(cells.number, key, post, since, until))
    return found


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


def _note_person(found: StaffFile, key: Key, facts: PersonFacts, cells: Cells) -> None:
    first = found.people.setdefault(key, facts)
    row = found.first_row.setdefault(key, cells.number)
    if first != facts:
        column = STAFF_ID if key[0] == STAFF_ID else "number"
        cells.fault(column, no("Row %(row)s says something else about the same person.", row=row))
        return
    if row != cells.number:
        return
    decision = rules.may_sign_in_as(
        facts.sign_in_name, taken=found.names.setdefault(facts.sign_in_name, key) != key, has_account=False
    )
    if not decision:
        cells.fault("sign_in_name", decision)
