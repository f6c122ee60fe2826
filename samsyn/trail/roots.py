"""Signed roots as lines of text: written out where the house cannot reach back, and handed to other installations."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from samsyn.common import clock
from samsyn.common.durable import append
from samsyn.trail.models import Root, SignedRoot
from samsyn.trail.rules import RootFacts, moment, read_moment

log = logging.getLogger(__name__)


class UnreadableRoot(ValueError):
    """A line that should hold a root cannot be read; says which line."""


def facts_of(row: SignedRoot) -> RootFacts:
    """A stored root as plain facts."""
    growth = bytes(row.growth) if isinstance(row, Root) else b""
    return RootFacts(row.principal_ref, row.size, bytes(row.digest), row.at, row.key_id, bytes(row.signature), growth)


def line(root: RootFacts) -> str:
    """A root as one line of JSON, without the line's end."""
    return json.dumps(
        {
            "principal": str(root.principal_ref),
            "size": root.size,
            "root": root.digest.hex(),
            "at": moment(root.at),
            "key": root.key_id,
            "signature": root.signature.hex(),
            "growth": root.growth.hex(),
        }
    )


def read_lines(lines: Iterable[str]) -> Iterator[RootFacts]:
    """The roots of a file. Raises UnreadableRoot for a line that is none."""
    for number, text in enumerate(lines, start=1):
        if text.strip():
            try:
                yield _read(json.loads(text))
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise UnreadableRoot(f"Line {number} holds no root of a trail.") from wrong


def _read(told: dict[str, object]) -> RootFacts:
    return RootFacts(
        principal_ref=UUID(str(told["principal"])),
        size=int(str(told["size"])),
        digest=bytes.fromhex(str(told["root"])),
        at=read_moment(str(told["at"])),
        key_id=str(told["key"]),
        signature=bytes.fromhex(str(told["signature"])),
        growth=bytes.fromhex(str(told["growth"])),
    )


def write_out(root: RootFacts) -> None:
    """Add the root as a line to the file of the settings; in a folder, to the file of the day.

    A disk that cannot be written to is told in the log and stops nothing: the root is in the store as well.
    """
    if not settings.SAMSYN_ROOTS_PATH:
        return
    path = Path(settings.SAMSYN_ROOTS_PATH)
    if path.is_dir():
        path = path / f"roots-{clock.today().isoformat()}.jsonl"
    try:
        append(path, line(root) + "\n")
    except OSError as wrong:
        log.error("A root of the trail could not be written to SAMSYN_ROOTS_PATH: %s", wrong.strerror)
