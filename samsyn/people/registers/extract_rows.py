"""The rows of a register's extract: the columns that are read, and a row as the person whom it tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from samsyn.common import clock
from samsyn.common.decision import Decision, Refused, no
from samsyn.common.row_problems import RowProblem
from samsyn.common.tabular import Column, Row
from samsyn.common.text import clean_line
from samsyn.people.numbers import ReadNumber
from samsyn.people.registers.interface import (
    Custody,
    PlaceKind,
    Protection,
    RegisterGuardian,
    RegisterIdentity,
    RegisterPerson,
    RegisterPlace,
    number_in_register,
)

_OF_A_GUARDIAN = ("number", "given_name", "family_name", "custody", "protection", "language")
COLUMNS = (
    Column("number", required=True, help="The child's number, written in any usual way."),
    # An empty cell is told as a fault of a row that was found: the child stands in the file after all.
    Column("protection", required=True, may_be_empty=True, help="none, marked, protected or assumed"),
    *(Column(name) for name in ("given_name", "family_name", "called", "birth_date", "languages")),
    *(Column(f"guardian{which}_{name}") for which in (1, 2) for name in _OF_A_GUARDIAN),
    *(Column(f"place_{name}") for name in ("kind", "code", "name", "group")),
)
"""The columns that are read."""
_PROTECTIONS: Mapping[str, Protection] = {
    "none": "none",
    "ingen": "none",
    "marked": "marked",
    "sekretessmarkering": "marked",
    "protected": "protected",
    "skyddad folkbokföring": "protected",
    "assumed": "assumed",
    "fingerade personuppgifter": "assumed",
}
_CUSTODIES: Mapping[str, Custody] = {"joint": "joint", "gemensam": "joint", "sole": "sole", "ensam": "sole"}
_PLACES: Mapping[str, PlaceKind] = {
    "school": "school",
    "skola": "school",
    "preschool": "preschool",
    "förskola": "preschool",
    "bvc": "bvc",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE | re.ASCII)
_LONGEST_NAME = 200
_Word = TypeVar("_Word", bound=str)


class RowReader:
    """Reads one row into a person and collects every fault on the way, each with its column."""

    def __init__(self, row: Row, issuer: str) -> None:
        self._row, self._issuer = row, issuer
        self.problems: list[RowProblem] = []

    def fault(self, column: str, decision: Decision) -> None:
        """Note what is wrong in a column."""
        self.problems.append(RowProblem.of(self._row.number, column, decision))

    def number(self, column: str = "number") -> ReadNumber | None:
        """The number in a column, None when it cannot be read."""
        try:
            return number_in_register(self._row[column], issuer=self._issuer)
        except Refused as unread:
            self.fault(column, unread.decision)
            return None

    def line(self, column: str) -> str:
        """The text of a column, empty when it cannot be read."""
        try:
            return clean_line(self._row[column], _LONGEST_NAME)
        except Refused as unclear:
            self.fault(column, unclear.decision)
            return ""

    def word(self, column: str, words: Mapping[str, _Word]) -> _Word | None:
        """What the word in a column stands for."""
        known = words.get(self._row[column].casefold())
        if known is None:
            self.fault(column, no("Write one of these words: %(words)s.", words=", ".join(words)))
        return known

    def language(self, column: str) -> tuple[str, ...]:
        """The codes of languages in a column."""
        codes = self._row[column].split()
        if not all(_LANGUAGE.fullmatch(code) for code in codes):
            self.fault(column, no("Write languages as codes with spaces between, such as ar sv."))
            return ()
        return tuple(code.lower() for code in codes)

    def birth_date(self, number: ReadNumber | None) -> date | None:
        """The day in the row, else that of the number."""
        written = self._row["birth_date"]
        if not written:
            return number.birth_date if number else None
        try:
            born = date.fromisoformat(written)
        except ValueError:
            self.fault("birth_date", no("Write the day as year, month and day: 2017-01-31."))
            return None
        if born > clock.today():
            self.fault("birth_date", no("The day has not come yet."))
        return born

    def guardian(self, which: int) -> RegisterGuardian | None:
        """The first or the second guardian of the row."""
        start = f"guardian{which}_"
        if not any(self._row[start + name] for name in _OF_A_GUARDIAN):
            return None
        number = self.number(start + "number") if self._row[start + "number"] else None
        languages = self.language(start + "language")
        guardian = RegisterGuardian(
            identity=RegisterIdentity(number.system, number.value) if number else None,
            given_name=self.line(start + "given_name"),
            family_name=self.line(start + "family_name"),
            custody=self.word(start + "custody", _CUSTODIES) or "unknown",
            language=languages[0] if languages else "",
            protection=self.word(start + "protection", _PROTECTIONS) or "assumed",
        )
        if not (guardian.given_name or guardian.family_name):
            self.fault(start + "family_name", no("There is no name."))
        return guardian

    def guardians(self, child: ReadNumber | None) -> tuple[RegisterGuardian, ...]:
        """The guardians of the row, held against each other and against the child."""
        found = tuple(guardian for guardian in (self.guardian(1), self.guardian(2)) if guardian)
        if len(found) == 2 and "sole" in {guardian.custody for guardian in found}:
            self.fault("guardian2_custody", no("Two guardians share custody: it is joint for both."))
        known = [guardian.identity for guardian in found if guardian.identity]
        if child:
            known.append(RegisterIdentity(child.system, child.value))
        if len(set(known)) < len(known):
            self.fault("guardian1_number", no("The same number stands for two people in the row."))
        return found

    def place(self) -> RegisterPlace | None:
        """Where the child is every day."""
        if not any(self._row[f"place_{name}"] for name in ("kind", "code", "name", "group")):
            return None
        kind = self.word("place_kind", _PLACES)
        place = (self.line("place_code"), self.line("place_name"), self.line("place_group"))
        return RegisterPlace(kind, *place) if kind else None

    def person(self) -> RegisterPerson:
        """The person of the row. Not to be used when there are ``problems``."""
        number = self.number()
        person = RegisterPerson(
            identities=(RegisterIdentity(number.system, number.value),) if number else (),
            given_name=self.line("given_name"),
            family_name=self.line("family_name"),
            called=self.line("called"),
            birth_date=self.birth_date(number),
            languages=self.language("languages"),
            protection=self.word("protection", _PROTECTIONS) or "assumed",
            guardians=self.guardians(number),
            place=self.place(),
        )
        if not (person.given_name or person.family_name):
            self.fault("family_name", no("There is no name. For a newborn write at least the family name."))
        return person
