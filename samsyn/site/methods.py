"""Which methods the house takes: one answer for all others, before anybody is asked who they are."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

TAKEN = ("GET", "HEAD", "POST")


class ThreeMethods:
    """GET, HEAD and POST go on; every other method gets the same 405, byte for byte, whoever asks for whatever.

    So no method tells whether a thing exists, and nothing is read before the refusal. HEAD is a GET whose page is left
    out at the end: no view can answer the two differently, and the trail is written as for the page itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in TAKEN:
            return HttpResponseNotAllowed(TAKEN)
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        if response.streaming:
            response.close()
            response.streaming_content = []  # type: ignore[attr-defined]  # only what streams has it
        else:
            response.content = b""
        return response
