"""The file outside the database: what a restored backup does not know, a line of JSON for each thing.

Two kinds of line stand in it, told apart by their first key: tombstones (``retention``) and revocations (``trail``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from samsyn.common.durable import append

T = TypeVar("T")

TOMBSTONE, REVOKED = "tombstone", "revoked"
_waiting: ContextVar[list[str] | None] = ContextVar("waiting", default=None)


class OutsideUnreadable(ValueError):
    """The file cannot be read or written; says where and why, in words for an operator."""


def path() -> Path | None:
    """Where the settings say that the lines are written; None where they say nothing."""
    return Path(settings.SAMSYN_TOMBSTONES_PATH) if settings.SAMSYN_TOMBSTONES_PATH else None


def write(*lines: dict[str, Any]) -> None:
    """Add lines to the file and wait until they lie on the disk. Called before what they tell of is committed: a line
    too many is carried out again, a line too few would let it come back.

    Raises OutsideUnreadable when they cannot be written.
    """
    _write([json.dumps(line) + "\n" for line in lines])


@contextmanager
def written_last() -> Iterator[None]:
    """Write the lines of the block at its end, and none when it fails: what is undone leaves none behind.

    Raises OutsideUnreadable when they cannot be written.
    """
    waiting: list[str] = []
    before = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(before)
    _write(waiting)


def _write(texts: list[str]) -> None:
    file, waiting = path(), _waiting.get()
    if file is None or not texts:
        return
    if waiting is not None:
        waiting.extend(texts)
        return
    try:
        append(file, "".join(texts))
    except OSError as wrong:
        raise OutsideUnreadable(
            f"What must outlive the database cannot be written to {file}: {wrong.strerror}."
        ) from wrong


def read(file: Path, key: str, parse: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    """The lines of one kind in a file, in order. Raises OutsideUnreadable for a file or a line that cannot be read.

    A last line that was cut off in the middle of writing is passed over: what it told of was never committed.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise OutsideUnreadable(f"{file} cannot be read.") from wrong
    for number, one in enumerate(text.split("\n")[:-1], start=1):
        if not one.strip():
            continue
        try:
            told = json.loads(one)
            if key in told:
                yield parse(told)
                continue
            known = TOMBSTONE in told or REVOKED in told
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise OutsideUnreadable(f"{file}, line {number}, cannot be read.") from wrong
        if not known:
            raise OutsideUnreadable(f"{file}, line {number}, is neither a tombstone nor a revocation.")
