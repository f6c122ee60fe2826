"""The addresses of things, many on a page: Django is asked once for each kind, and the reference is put in."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_STANDS_IN = UUID(int=0)


def address(view: str, ref: UUID) -> str:
    """The address of a view that takes one reference. Raises NoReverseMatch for a view that there is not."""
    before, after = _around(view, get_script_prefix())
    return f"{before}{ref}{after}"


@lru_cache
def _around(view: str, _prefix: str) -> tuple[str, str]:
    before, after = reverse(view, args=[_STANDS_IN]).split(str(_STANDS_IN))
    return before, after
