"""What has been shown of children in this request, gathered so that the trail can write one row for the page."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

Fact = TypeVar("Fact")


@dataclass
class Reading:
    """The subjects that one page has shown.

    ``subjects`` maps (kind, reference of the thing) to the child's row id; ``children`` maps row ids to references
    as far as they are known; ``ground`` is the key of why the page could be seen. ``facts``: see ``once``.
    """

    subjects: dict[tuple[str, UUID], int] = field(default_factory=dict)
    children: dict[int, UUID] = field(default_factory=dict)
    ground: str = ""
    facts: dict[Hashable, Any] = field(default_factory=dict)


_current: ContextVar[Reading | None] = ContextVar("samsyn_reading", default=None)


@contextmanager
def gather() -> Iterator[Reading]:
    """Gather everything that is shown inside the block."""
    reading = Reading()
    token = _current.set(reading)
    try:
        yield reading
    finally:
        _current.reset(token)


def note(kind: str, ref: UUID, child: int, child_ref: UUID | None) -> None:
    """Say that a row about a child was fetched for somebody to see. Does nothing outside ``gather``."""
    reading = _current.get()
    if reading is None:
        return
    reading.subjects[(kind, ref)] = child
    if child_ref is not None:
        reading.children[child] = child_ref


def once(about: Hashable, work_out: Callable[[], Fact]) -> Fact:
    """What ``work_out`` gives, worked out once a page and anew each time outside ``gather``.

    Not for a request that acts: what it does may change the fact.
    """
    reading = _current.get()
    if reading is None:
        return work_out()
    if about not in reading.facts:
        reading.facts[about] = work_out()
    fact: Fact = reading.facts[about]
    return fact


def only_child() -> int | None:
    """The row id of the one child whom the page is about; None when it shows none, or several in a list."""
    reading = _current.get()
    children = set() if reading is None else set(reading.subjects.values())
    return children.pop() if len(children) == 1 else None


def forget() -> None:
    """What was fetched is not shown after all."""
    reading = _current.get()
    if reading is not None:
        reading.subjects.clear()


def ground(sentence: str) -> None:
    """Say why the page could be seen; the trail keeps the sentence."""
    reading = _current.get()
    if reading is not None:
        reading.ground = sentence
