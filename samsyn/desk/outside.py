"""Asking somebody outside the house in the middle of a request, while no transaction is open.

An answer over a network may take many seconds, and an open transaction would hold the database's locks for as long. So
a page that has to ask says what to ask and ends; the middleware commits, asks, and lets the page begin anew in another
transaction, where everything is read again, the rights too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

_ASK, _TOLD = "ask_outside", "told_outside"


def ask(request: HttpRequest, question: Callable[[], Any]) -> HttpResponse:
    """End the page for now. ``question`` uses no database; what it gives is what ``told`` gives the next time."""
    setattr(request, _ASK, question)
    return HttpResponse(status=202)


def told(request: HttpRequest) -> Any:
    """The answer to what was asked, None while nothing has been."""
    return getattr(request, _TOLD, None)


def was_asked(request: HttpRequest) -> bool:
    """Is there a question. It is put now, and the answer kept for the page's second time."""
    question = request.__dict__.pop(_ASK, None)
    if question is None:
        return False
    setattr(request, _TOLD, question())
    return True
