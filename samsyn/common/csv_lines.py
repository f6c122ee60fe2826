"""The lines of a CSV file as they stand in it: where each row begins, and where one has been left open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from samsyn.common.decision import marked

_LONGEST_LINE = 100_000  # bytes, below the parser's own limit for a cell; nothing that people fill in comes near it
_MOST_LINES_OF_A_ROW = 50  # a cell of so many lines is a forgotten quotation mark


class Lines:
    """Hands lines to the CSV parser, one row's worth at a time, and remembers where each began and what was wrong."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._position = 0
        self._again: list[tuple[int, bytes]] = []
        self._of_row: list[tuple[int, bytes]] = []
        self.fault = ""

    def seek(self, offset: int) -> None:
        """Go on from the line that begins at this byte."""
        self._source.seek(offset)
        self._position, self._again = offset, []

    def begin_row(self) -> None:
        """Forget the lines of the row before."""
        self._of_row, self.fault = [], ""

    @property
    def row_offset(self) -> int:
        """Where the first byte of the row stands in the file."""
        return self._of_row[0][0] if self._of_row else self._position

    def read_later_lines_again(self) -> None:
        """Make the lines after the row's first one the next to be read: a stray mark must not swallow good rows."""
        self._again = self._of_row[1:] + self._again

    def _next_line(self) -> tuple[int, bytes]:
        if self._again:
            return self._again.pop(0)
        offset = self._position
        line = part = self._source.readline(_LONGEST_LINE)
        self._position += len(part)
        while len(part) == _LONGEST_LINE and not part.endswith(b"\n"):
            self.fault = marked("The row is far too long. Is it really a CSV file?")
            line, part = b"\n", self._source.readline(_LONGEST_LINE)
            self._position += len(part)
        return offset, line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self._of_row) >= _MOST_LINES_OF_A_ROW:
            raise StopIteration
        offset, line = self._next_line()
        if not line:
            raise StopIteration
        self._of_row.append((offset, line))
        try:
            text = line.decode()
        except UnicodeDecodeError:
            self.fault = marked("There are letters here that cannot be read. Please save the file again as CSV UTF-8.")
            text = line.decode(errors="replace")
        if "\0" in text:
            self.fault = marked("There is a null character here. Please save the file again as CSV UTF-8.")
            text = text.replace("\0", "")
        if "\r" in text and "\r" in text.removesuffix("\n").removesuffix("\r"):
            self.fault = marked("There is a line break of an old kind here. Please save the file again as CSV UTF-8.")
            text = text.replace("\r", " ").removesuffix("\n") + "\n"
        return text
