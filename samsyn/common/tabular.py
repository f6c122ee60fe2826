"""Reading and writing tables as CSV, for imports, register extracts and exports.

Read: UTF-8 with or without byte order mark, ``;`` or ``,`` (told by the header), cells in quotation marks as in
RFC 4180. Whatever stands in the file, reading goes on to its end, and every fault comes out as a ``RowProblem`` with
row, column and reason; nothing raises but a failing disk. Memory stays flat: one row at a time.

Rows are counted as a spreadsheet shows them: the header is row 1. Cells come trimmed, and a ``'`` that our own export
put before a formula start is taken off again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from samsyn.common.csv_lines import Lines
from samsyn.common.decision import marked
from samsyn.common.row_problems import RowProblem
from samsyn.common.text import neutralise_formula, restore_formula_start

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE_BREAK = re.compile("\r\n|\r")


@dataclass(frozen=True)
class Column:
    """One documented column: its name in the header, and what goes there.

    ``required``: the header must have it, and every row must fill it in unless it ``may_be_empty``.
    """

    name: str
    required: bool = False
    help: str = ""
    may_be_empty: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its number, where its first byte stands in the file, and its cells by documented column name.

    A column that the file lacks is an empty cell. The text form shows the number only: a row is about somebody.
    """

    number: int
    offset: int
    cells: Mapping[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


class Table:
    """A table in an open binary file that can seek. Each reading begins at the header.

    ``other_columns``: may the file hold columns that are not documented? If so they are passed over. If not each is a
    problem, since a misspelt column would go missing without a word.
    """

    def __init__(self, source: BinaryIO, columns: Sequence[Column], *, other_columns: bool = False) -> None:
        self._source = source
        self._lines = Lines(source)
        self._columns = {column.name: column for column in columns}
        self._other_columns = other_columns
        self._delimiter = ";"
        self._header: list[str] = []

    def __iter__(self) -> Iterator[Row | RowProblem]:
        """Every row, and every problem in its place."""
        problems, readable = self.read_header()
        yield from problems
        if not readable:
            return
        number = 1
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while (cells := self._next_cells(reader)) is not None:
            number += 1
            yield from self._row_of(number, cells)

    def at(self, offset: int) -> Row | RowProblem | None:
        """The row that begins at byte ``offset``, as ``Row.offset`` told it; its number is 0. After ``read_header``."""
        self._lines.seek(offset)
        cells = self._next_cells(csv.reader(self._lines, delimiter=self._delimiter, strict=True))
        return None if cells is None else next(self._row_of(0, cells), None)

    def read_header(self) -> tuple[list[RowProblem], bool]:
        """Find delimiter and columns. Returns what is wrong with the header, and whether rows can still be read."""
        self._source.seek(0)
        start = self._source.read(len(_BYTE_ORDER_MARK))
        if start.startswith(_OTHER_BYTE_ORDER_MARKS):
            return [RowProblem(1, "", marked("The file is not UTF-8. Please save it again as CSV UTF-8."))], False
        begin = len(_BYTE_ORDER_MARK) if start == _BYTE_ORDER_MARK else 0
        by_delimiter = {delimiter: self._header_cells(begin, delimiter) for delimiter in (";", ",")}
        self._delimiter = max(
            by_delimiter, key=lambda delimiter: len(set(by_delimiter[delimiter]) & set(self._columns))
        )
        self._header = self._header_cells(begin, self._delimiter)
        if self._lines.fault:
            return [RowProblem(1, "", self._lines.fault)], False
        return self._header_problems()

    def _header_cells(self, begin: int, delimiter: str) -> list[str]:
        self._lines.seek(begin)
        cells = self._next_cells(csv.reader(self._lines, delimiter=delimiter, strict=True))
        return [cell.strip().casefold() for cell in cells or []]

    def _header_problems(self) -> tuple[list[RowProblem], bool]:
        named = [name for name in self._header if name]
        if not named:
            return [RowProblem(1, "", marked("The first row must hold the names of the columns. It is empty."))], False
        missing = [column.name for column in self._columns.values() if column.required and column.name not in named]
        twice = sorted({name for name in named if named.count(name) > 1})
        unknown = [] if self._other_columns else [name for name in named if name not in self._columns]
        return [
            *(RowProblem(1, name, marked("The column is missing.")) for name in missing),
            *(RowProblem(1, name, marked("The column stands there twice.")) for name in twice),
            *(RowProblem(1, name, marked("The column is not one of those that can be read.")) for name in unknown),
        ], not (missing or twice)

    def _next_cells(self, reader: Iterator[list[str]]) -> list[str] | None:
        """The next row's cells, None at the end of the file. What is wrong with them stands in ``_lines.fault``."""
        self._lines.begin_row()
        try:
            return next(reader, None)
        except csv.Error:
            self._lines.fault = self._lines.fault or marked("A quotation mark is missing, or one stands inside a cell.")
            self._lines.read_later_lines_again()
            return []

    def _row_of(self, number: int, cells: list[str]) -> Iterator[Row | RowProblem]:
        if self._lines.fault:
            yield RowProblem(number, "", self._lines.fault)
            return
        trimmed = [cell.strip() for cell in cells]
        trimmed = [restore_formula_start(cell) if cell.startswith("'") else cell for cell in trimmed]
        if not any(trimmed):
            return
        if len(trimmed) != len(self._header):
            yield RowProblem(
                number,
                "",
                marked("The row has %(cells)s cells and the header %(columns)s."),
                {"cells": len(trimmed), "columns": len(self._header)},
            )
            return
        by_name = dict(zip(self._header, trimmed, strict=True))
        row = Row(number, self._lines.row_offset, {name: by_name.get(name, "") for name in self._columns})
        empty = [
            column.name
            for column in self._columns.values()
            if column.required and not column.may_be_empty and not row[column.name]
        ]
        yield from (RowProblem(number, name, marked("The cell must be filled in.")) for name in empty)
        if not empty:
            yield row


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A table as CSV, row by row: UTF-8 with byte order mark, ``;``, no cell that a spreadsheet takes for a formula.

    Line breaks in cells become \\n; None is an empty cell.
    """
    yield _BYTE_ORDER_MARK
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for cells in chain((header,), rows):
        writer.writerow([_exported(cell) for cell in cells])
        yield buffer.getvalue().encode(errors="replace")
        buffer.seek(0)
        buffer.truncate()


def _exported(cell: object) -> str:
    text = "" if cell is None else str(cell).replace("\0", "")
    return neutralise_formula(_LINE_BREAK.sub("\n", text))
