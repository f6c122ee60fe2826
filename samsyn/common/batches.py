"""Many things, some at a time: a question to the database takes only so many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

T = TypeVar("T")

AT_A_TIME = 500


def in_batches(things: Collection[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    """The things in their order, at most ``size`` at a time."""
    every = list(things)
    for first in range(0, len(every), size):
        yield every[first : first + size]
