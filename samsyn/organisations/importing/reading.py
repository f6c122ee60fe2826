"""What both imports share: rows read one by one, each fault with row and column, and a sense of how far it has come."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from django.db import connection
from django.db.models import Model

from samsyn.common.decision import Decision, Refused, no
from samsyn.common.row_problems import Report, RowProblem
from samsyn.common.tabular import Column, Row, Table
from samsyn.common.text import clean_line

READING, COMPARING, WRITING = "reading", "comparing", "writing"
BATCH = 2000
_UPDATE = "UPDATE {table} SET {places} WHERE {key} = %s"  # names come from the models, and all values are parameters

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called as the import goes on: the step, how much of it is done, and how much there is."""


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody how far it has come."""


class Faults:
    """Where the faults of an import go: into its report, and the row no longer counts as good."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.rows: set[int] = set()

    def __call__(self, row: int, column: str, decision: Decision) -> None:
        """Report that a rule said no about this row and column."""
        self.rows.add(row)
        self.report.add(RowProblem.of(row, column, decision))


class Cells:
    """The cells of one row, read as what they are. A fault is reported and gives an empty value."""

    def __init__(self, row: Row, faults: Faults) -> None:
        self._row = row
        self._faults = faults
        self.number = row.number

    def text(self, column: str, limit: int) -> str:
        """A clean line of at most ``limit`` characters."""
        try:
            return clean_line(self._row[column], limit)
        except Refused as unclear:
            self._faults(self.number, column, unclear.decision)
            return ""

    def word(self, column: str, words: Mapping[str, str]) -> str:
        """One of the words, in English or Swedish."""
        known = words.get(self._row[column].casefold())
        if known is None:
            one_of = ", ".join(dict.fromkeys(words.values()))
            self._faults(self.number, column, no("Write one of these words: %(words)s.", words=one_of))
        return known or ""

    def day(self, column: str) -> date | None:
        """A day, or None for an empty cell."""
        written = self._row[column]
        if not written:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self._faults(self.number, column, no("Write the day as year, month and day: 2025-08-18."))
            return None

    def fault(self, column: str, decision: Decision) -> None:
        """Report a fault of this row."""
        self._faults(self.number, column, decision)


def rows_of(file: BinaryIO, columns: Sequence[Column], faults: Faults, progress: Progress) -> Iterator[Cells]:
    """The rows that can be read at all, from an open binary file that can seek."""
    total = file.seek(0, os.SEEK_END)
    for count, item in enumerate(Table(file, columns)):
        if isinstance(item, RowProblem):
            faults.rows.add(item.row)
            faults.report.add(item)
            continue
        if count % BATCH == 0:
            progress(READING, item.offset, total)
        yield Cells(item, faults)
    progress(READING, total, total)


def count_rows(report: Report, good: set[int], changed: set[int]) -> None:
    """Write into the report how many rows are good, and how many of them change something."""
    report.good = len(good)
    report.changed = len(good & changed)
    report.unchanged = len(good - changed)


def batches(everything: Iterable[T]) -> Iterator[list[T]]:
    """The same, some at a time."""
    items = iter(everything)
    while batch := list(islice(items, BATCH)):
        yield batch


def update_each(model: type[Model], names: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]) -> None:
    """Write new values of these fields into rows: (key, values). Django's own way takes one condition for each row."""
    quoted = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    text = _UPDATE.format(
        table=quoted(model._meta.db_table),
        places=", ".join(f"{quoted(field.column)} = %s" for field in fields),
        key=quoted(str(model._meta.pk.column)),
    )
    values = [
        [*(field.get_db_prep_save(value, connection) for field, value in zip(fields, told, strict=True)), pk]
        for pk, told in rows
    ]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(text, values)
