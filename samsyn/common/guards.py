"""A mark on a view: here, somebody must have shown who they are within the last few minutes.

The mark holds for every door, and knows no request; ``samsyn.site.middleware.ProvedRecently`` acts on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])

_MARK = "recent_sign_in_for"
ACTS = frozenset({"POST"})


def recently_signed_in(*, methods: Collection[str] = ACTS) -> Callable[[V], V]:
    """Ask for a recent sign-in before the view runs, for these methods; ``("GET", "POST")`` asks before it is shown.

    Who signed in too long ago is asked once more, by the provider or a passkey, and comes back; what was typed is kept.
    Put it outermost. Whether something was asked anew is not part of any rule: a rule decides as it always does.
    """

    def mark(view: V) -> V:
        setattr(view, _MARK, frozenset(methods))
        return view

    return mark


def must_be_recent(view: object, method: str) -> bool:
    """Does the view ask for a recent sign-in for this method?"""
    return method in getattr(view, _MARK, ())
