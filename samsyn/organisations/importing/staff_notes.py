"""What is remembered of a staff file between its rows: a few bytes for each, so that a long file takes no more memory.

Names and numbers are not among it: they are compared by a digest, and read from the file again when they are written.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from samsyn.common.decision import no
from samsyn.organisations.importing.reading import Faults
from samsyn.organisations.importing.staff_file import STAFF_ID, Key, PersonFacts, StaffRow
from samsyn.people import rules

NEW, NEW_ACCOUNT, RENAMED, NEW_SIGN_IN, OPERATOR, SHUT = (1 << bit for bit in range(6))
CHANGED = NEW | NEW_ACCOUNT | RENAMED | NEW_SIGN_IN
FOR_EVER = 0
NOBODY = 0


def _whole_numbers() -> array[int]:
    return array("Q")


@dataclass
class People:
    """Everybody in the file, by their place in it. ``pk``: of the person, NOBODY while there is no row."""

    places: dict[bytes, int] = field(default_factory=dict)
    sign_in_names: dict[bytes, int] = field(default_factory=dict)
    told: array[int] = field(default_factory=_whole_numbers)
    first_row: array[int] = field(default_factory=_whole_numbers)
    employer: array[int] = field(default_factory=_whole_numbers)
    pk: array[int] = field(default_factory=_whole_numbers)
    account: array[int] = field(default_factory=_whole_numbers)
    state: bytearray = field(default_factory=bytearray)

    def place(self, key: Key) -> int | None:
        """Where somebody stands, None for one who has not been met."""
        return self.places.get(_digest(*key))

    def meet(self, row: StaffRow, key: Key, faults: Faults) -> tuple[int, bool]:
        """The place of the row's person, and whether this is the first row about them."""
        told = _told(row.facts)
        place = self.places.setdefault(_digest(*key), len(self.places))
        if place == len(self.told):
            for column, value in ((self.told, told), (self.first_row, row.number), (self.employer, 0)):
                column.append(value)
            self.pk.append(NOBODY)
            self.account.append(NOBODY)
            self.state.append(0)
            return place, True
        if self.told[place] != told:
            column_name = STAFF_ID if key[0] == STAFF_ID else "number"
            first = self.first_row[place]
            faults(row.number, column_name, no("Row %(row)s says something else about the same person.", row=first))
        return place, False

    def take_sign_in_name(self, place: int, row: StaffRow, faults: Faults) -> bool:
        """Does the name serve, and has nobody earlier in the file taken it."""
        name = row.facts.sign_in_name
        owner = self.sign_in_names.setdefault(_digest(name), place)
        decision = rules.may_sign_in_as(name, taken=owner != place, has_account=False)
        if not decision:
            faults(row.number, "sign_in_name", decision)
        return bool(decision)


@dataclass
class Holdings:
    """Every holding in the file: row, place of the person, post, first and last day (as ordinals)."""

    row: array[int] = field(default_factory=_whole_numbers)
    person: array[int] = field(default_factory=_whole_numbers)
    post: array[int] = field(default_factory=_whole_numbers)
    since: array[int] = field(default_factory=_whole_numbers)
    until: array[int] = field(default_factory=_whole_numbers)

    def add(self, row: int, person: int, post: int, since: date, until: date | None) -> None:
        """Note one."""
        values = (row, person, post, since.toordinal(), until.toordinal() if until is not None else FOR_EVER)
        for column, value in zip((self.row, self.person, self.post, self.since, self.until), values, strict=True):
            column.append(value)

    def days(self, at: int) -> tuple[date, date | None]:
        """First and last day of one."""
        return date.fromordinal(self.since[at]), last_day(self.until[at])


@dataclass
class StaffNotes:
    """What the file changes. ``new`` holds places among the holdings, ``moved`` a holding's key and its last day.

    ``rows``: every row that could be read, ``changed``: those that tell of anything new or different.
    """

    people: People = field(default_factory=People)
    holdings: Holdings = field(default_factory=Holdings)
    employers: dict[int, str] = field(default_factory=dict)
    new: array[int] = field(default_factory=_whole_numbers)
    moved: array[int] = field(default_factory=_whole_numbers)
    moved_to: array[int] = field(default_factory=_whole_numbers)
    rows: array[int] = field(default_factory=_whole_numbers)
    changed: set[int] = field(default_factory=set)

    def writes(self) -> int:
        """How many things there are to write."""
        return sum(1 for state in self.people.state if state & CHANGED) + len(self.new) + len(self.moved)

    def system(self, place: int, key: Key) -> str:
        """The identity system of a key: a staff id belongs to the employer whose post its first row names."""
        if key[0] != STAFF_ID:
            return key[0]
        employer = self.employers.get(self.people.employer[place])
        return f"staff:{employer}" if employer is not None else STAFF_ID


def last_day(ordinal: int) -> date | None:
    """The day, None for ever."""
    return date.fromordinal(ordinal) if ordinal != FOR_EVER else None


def _digest(*words: str) -> bytes:
    return blake2b("\0".join(words).encode(), digest_size=16).digest()


def _told(facts: PersonFacts) -> int:
    words = (facts.given_name, facts.family_name, facts.called, facts.sign_in_name, facts.language)
    return int.from_bytes(_digest(*words)[:8])
