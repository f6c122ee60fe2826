"""A register that is a file: an extract that the municipality or region puts on the server now and then.

CSV in UTF-8, with or without byte order mark, ``;`` or ``,``; one row a child. Columns may stand in any order, and
others are passed over. Words may be English or Swedish.

==========================  ============================================================================================
``number``                  required; personnummer, samordningsnummer or reserve number, written in any usual way
``protection``              required; none, marked, protected or assumed (ingen, sekretessmarkering, skyddad
                            folkbokföring, fingerade personuppgifter)
``given_name``              empty for a newborn without a name
``family_name``
``called``                  the name the child uses
``birth_date``              2017-01-31; the number's own date when empty
``languages``               codes with spaces between, first the one spoken best: ``ar sv``
``guardian1_number``        and so on for ``guardian2_``; all empty when there is no such guardian
``guardian1_given_name``
``guardian1_family_name``
``guardian1_custody``       required for a guardian; joint or sole (gemensam, ensam)
``guardian1_protection``    required for a guardian; as ``protection``
``guardian1_language``      a code
``place_kind``              school, preschool or bvc (skola, förskola)
``place_code``              the school unit's code or the unit's HSA-id
``place_name``
``place_group``             2B
==========================  ============================================================================================

A protection that is not told is a fault and not a "none": an identity shown by mistake cannot be hidden again.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Lock
from typing import BinaryIO, TypeVar

from samsyn.common import clock
from samsyn.common.crypto import KeyRing, blind_index
from samsyn.common.decision import Decision, Refused, no
from samsyn.common.tabular import Column, Report, Row, RowProblem, Table
from samsyn.common.text import clean_line
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem, ReadNumber, read_number
from samsyn.people.registers.interface import (
    Custody,
    PlaceKind,
    Protection,
    RegisterAmbiguous,
    RegisterGuardian,
    RegisterIdentity,
    RegisterPerson,
    RegisterPlace,
    RegisterUnavailable,
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
_TRY_AGAIN_AFTER = 30  # seconds; by then a copy that is under way has arrived
_TWICE = -1

_Word = TypeVar("_Word", bound=str)


class _RowReader:
    """Reads one row into a person and collects every fault on the way, each with its column."""

    def __init__(self, row: Row, issuer: str) -> None:
        self._row, self._issuer = row, issuer
        self.problems: list[RowProblem] = []

    def fault(self, column: str, decision: Decision) -> None:
        self.problems.append(RowProblem.of(self._row.number, column, decision))

    def number(self, column: str = "number") -> ReadNumber | None:
        try:
            return number_in_register(self._row[column], issuer=self._issuer)
        except Refused as unread:
            self.fault(column, unread.decision)
            return None

    def line(self, column: str) -> str:
        try:
            return clean_line(self._row[column], _LONGEST_NAME)
        except Refused as unclear:
            self.fault(column, unclear.decision)
            return ""

    def word(self, column: str, words: Mapping[str, _Word]) -> _Word | None:
        known = words.get(self._row[column].casefold())
        if known is None:
            self.fault(column, no("Write one of these words: %(words)s.", words=", ".join(words)))
        return known

    def language(self, column: str) -> tuple[str, ...]:
        codes = self._row[column].split()
        if not all(_LANGUAGE.fullmatch(code) for code in codes):
            self.fault(column, no("Write languages as codes with spaces between, such as ar sv."))
            return ()
        return tuple(code.lower() for code in codes)

    def birth_date(self, number: ReadNumber | None) -> date | None:
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


class FileRegister:
    """Looks one number up in the extract at ``path`` (see the module for its columns).

    Kept in memory: for each row a keyed digest of its number and where the row begins, under a key that lives as long
    as the object; no number and no name. It is made anew when the file has changed. ``issuer``: who gave the reserve
    numbers of the file that do not tell it themselves (``people.numbers``).
    """

    def __init__(self, path: Path | str, *, source: str = "extract", issuer: str = "") -> None:
        self.source = source
        self._path = Path(path)
        self._issuer = issuer
        self._ring = KeyRing({"here": secrets.token_bytes(32)}, "here")
        self._lock = Lock()
        self._indexed: tuple[dict[bytes, int], bool] = ({}, False)
        self._indexed_version: tuple[int, int, int] | None = None

    def look_up(self, system: str, value: str) -> RegisterPerson | None:
        """See ``Register``.

        RegisterUnavailable too when the row of that number has a fault, and when the number is not found while the file
        has rows that cannot be read, for one of them could be the one (``check`` tells which rows).
        """
        asked = IdentitySystem(system)
        if asked not in ORDINARY_SYSTEMS:
            return None
        wanted = read_number(value, on=clock.today(), systems={asked})
        try:
            row = self._row_about(wanted)
        except OSError as unreadable:
            raise _no_answer() from unreadable
        if row is None:
            return None
        reader = _RowReader(row, self._issuer)
        person = reader.person()
        if reader.problems:
            raise RegisterUnavailable(no("The register's row for this number has a fault. Please go on without it."))
        return person

    def check(self) -> Report:
        """Read the whole extract and report every fault with row, column and reason. Keeps nothing.

        Raises RegisterUnavailable when there is no file to read.
        """
        report, first_rows = Report(), dict[bytes, int]()
        try:
            with self._path.open("rb") as file:
                for item in Table(file, COLUMNS, other_columns=True):
                    if isinstance(item, RowProblem):
                        report.add(item)
                    else:
                        self._check_row(item, report, first_rows)
        except OSError as unreadable:
            raise _no_answer() from unreadable
        return report

    def _check_row(self, row: Row, report: Report, first_rows: dict[bytes, int]) -> None:
        reader = _RowReader(row, self._issuer)
        for identity in reader.person().identities:
            first = first_rows.setdefault(self._key(identity.system, identity.value), row.number)
            if first != row.number:
                reader.fault("number", no("The same number stands in row %(row)s too.", row=first))
        for problem in reader.problems:
            report.add(problem)
        report.good += not reader.problems

    def _key(self, system: str, value: str) -> bytes:
        return blind_index(f"{system}|{value}", purpose="row", ring=self._ring)

    def _row_about(self, wanted: ReadNumber) -> Row | None:
        """The row of that number. Raises RegisterAmbiguous, RegisterUnavailable, OSError."""
        with self._path.open("rb") as file:
            table = Table(file, COLUMNS, other_columns=True)
            offsets, some_are_lost = self._index(file, table)
            offset = offsets.get(self._key(wanted.system, wanted.value))
            if offset is None:
                if some_are_lost:
                    raise RegisterUnavailable(
                        no("The number was not found, but parts of the register's file cannot be read.")
                    )
                return None
            if offset == _TWICE:
                raise RegisterAmbiguous(no("The register knows more than one person by this number."))
            row = table.at(offset)
            if isinstance(row, Row):
                standing_there = _RowReader(row, self._issuer).number()
                if standing_there and (standing_there.system, standing_there.value) == (wanted.system, wanted.value):
                    return row
        raise RegisterUnavailable(
            no("The register's file is being changed right now. Please try again in a while."), _TRY_AGAIN_AFTER
        )

    def _index(self, file: BinaryIO, table: Table) -> tuple[dict[bytes, int], bool]:
        """Where the row of each number begins (``_TWICE`` for a number of two rows), and are there rows without one?

        Leaves the table's header read.
        """
        status = os.fstat(file.fileno())
        version = (status.st_ino, status.st_size, status.st_mtime_ns)
        with self._lock:
            if version != self._indexed_version:
                self._indexed = self._read_offsets(table)
                self._indexed_version = version
            indexed = self._indexed
        if not table.read_header()[1]:
            raise _no_answer()
        return indexed

    def _read_offsets(self, table: Table) -> tuple[dict[bytes, int], bool]:
        offsets: dict[bytes, int] = {}
        some_are_lost = False
        for row in table:
            number = _RowReader(row, self._issuer).number() if isinstance(row, Row) else None
            if number is None or not isinstance(row, Row):
                some_are_lost = True
                continue
            key = self._key(number.system, number.value)
            offsets[key] = _TWICE if key in offsets else row.offset
        return offsets, some_are_lost


def _no_answer() -> RegisterUnavailable:
    return RegisterUnavailable(
        no("The register's file cannot be read. Please tell those who run Samsyn, and go on without it.")
    )
