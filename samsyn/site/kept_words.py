"""What somebody has written is on the page that refuses it, also where the form is there no more."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import escape

from samsyn.common.typed import typed_words

MAIN = '<main id="main" class="page" tabindex="-1">'


class NoWordIsLost:
    """Gives back, at the top of a refusing page, what was typed and stands nowhere on it.

    Most pages show the form again with all that was typed. Where a colleague was first (a team that is closed by now, a
    child that was handed over) the form is gone from the page, and the words would have been lost with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 422:
            return response
        before, main, after = response.content.decode().partition(MAIN)
        lost = [value for value in typed_words(request.POST) if not _is_shown(value, after)]
        if main and lost:
            told = render_to_string("public/_kept.html", {"kept": lost})
            response.content = f"{before}{main}{told}{after}".encode()
        return response


def _is_shown(value: str, page: str) -> bool:
    """Does the page show the text: by its first line, since lines are broken in more than one way."""
    first = next(line.strip() for line in value.splitlines() if line.strip())
    return escape(first) in page
