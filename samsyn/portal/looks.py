"""Who has looked: unit, role, time and purpose of what staff read and did, as far as this reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.portal.doors import FamilyRequest, family, own_child, page
from samsyn.portal.words import in_words, purpose
from samsyn.sharing.family_looks import kept_from, reads_looks
from samsyn.trail.looks import Look, looked_at

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One look, ready for the template; or several in the same minute by the same post, for the same purpose."""

    look: Look
    what: str
    purpose: str


@require_http_methods(["GET", "HEAD"])
@family
def looks(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """What the trail may tell this reader. It is a list, and says nothing of what is not in it."""
    child = own_child(request, ref)
    ground("own_family")
    if not reads_looks(request.viewer, child):
        raise Http404
    given = request.GET.get("page", "1")
    number = int(given) if given.isdecimal() and 0 < int(given[:6]) < 10_000 else 1
    without = kept_from(request.viewer, child)
    found = looked_at(child.ref, clock.today(), limit=A_PAGE + 1, skipped=(number - 1) * A_PAGE, without=without)
    facts = {
        "child": child,
        "itself": child.pk == request.viewer.person,
        "lines": _lines(found[:A_PAGE]),
        "number": number,
        "more": len(found) > A_PAGE,
    }
    return page(request, "portal/looks.html", facts)


def _lines(found: list[Look]) -> list[Line]:
    """Looks as a reader counts them: what somebody did in one minute with one purpose is one line."""
    lines = []
    for _same, group in groupby(found, key=_at_once):
        together = list(group)
        kinds = [kind for one in together for kind in one.kinds]
        lines.append(Line(together[0], in_words(kinds), purpose(together[0].ground)))
    return lines


def _at_once(one: Look) -> tuple[object, ...]:
    return one.at.replace(second=0, microsecond=0), one.mode, one.unit_ref, one.role, one.person, purpose(one.ground)
