"""Whoever opens very many children in an hour is asked once more who they are. Nobody is kept from what is urgent."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from samsyn.common import clock, reading
from samsyn.common.decision import no
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Post, PostRole
from samsyn.people import opened
from samsyn.public.sign_in_again import ask_again
from samsyn.sharing.predicate import reads_in_emergency
from samsyn.trail import actions as trail

LOOKS = frozenset({"GET", "HEAD"})
ASKED = no("Very many children were opened in an hour, so it was asked who it is.", rule=opened.CEILING)


class ManyChildren:
    """Counts the pages about one child, whatever their address, as they are shown to somebody who acts as a post.

    At the ceiling the next child is not shown before the reader has shown who they are; the trail says that they were
    asked. Who is open already stays open; a duty desk, and whoever has opened a child in an emergency, is never asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # the house's own attribute
        if request.method not in LOOKS or response.status_code != 200 or not viewer.is_staff:
            return response
        child = reading.only_child()
        if child is None or opened.is_open(request.session, child):
            return response
        opened.wait_for_others(request.session)
        if opened.many(request.session) and not _is_urgent(viewer):
            reading.forget()
            page = request.resolver_match.view_name if request.resolver_match else "unknown"
            trail.refuse(viewer, page, ASKED.reason)
            return ask_again(request)
        opened.note(request.session, child)
        return response


def _is_urgent(viewer: Viewer) -> bool:
    """Does the viewer sit at a duty desk, or have a child open in an emergency. Asked only of who has reached it."""
    at_desk = Post.objects.visible_to(viewer).filter(pk=viewer.post or 0, role=PostRole.DUTY_DESK).exists()
    return at_desk or reads_in_emergency(viewer, clock.now())
