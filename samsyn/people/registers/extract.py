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
import secrets
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from samsyn.common import clock
from samsyn.common.crypto import KeyRing, blind_index
from samsyn.common.decision import no
from samsyn.common.row_problems import Report, RowProblem
from samsyn.common.tabular import Row, Table
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem, ReadNumber, read_number
from samsyn.people.registers.extract_rows import COLUMNS, RowReader
from samsyn.people.registers.interface import (
    RegisterAmbiguous,
    RegisterPerson,
    RegisterUnavailable,
)

_TRY_AGAIN_AFTER = 30  # seconds; by then a copy that is under way has arrived
_TWICE = -1


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
        reader = RowReader(row, self._issuer)
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
        reader = RowReader(row, self._issuer)
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
                standing_there = RowReader(row, self._issuer).number()
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
            number = RowReader(row, self._issuer).number() if isinstance(row, Row) else None
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
