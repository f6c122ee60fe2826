"""Questions that the process has put together once, for tests that change the code that puts them together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from samsyn.common import prepared


@contextmanager
def put_together_anew() -> Iterator[None]:
    """Nothing is known inside, and nothing of what is put together there is known afterwards."""
    known, asked = dict(prepared._known), dict(prepared._asked)
    prepared._known.clear()
    prepared._asked.clear()
    try:
        yield
    finally:
        prepared._known.clear()
        prepared._asked.clear()
        prepared._known.update(known)
        prepared._asked.update(asked)
