"""Who has looked: unit, role, time and purpose of what staff read and did, as far as this reader may know of it."""

from __future__ import annotations

from dataclasses import dataclass
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
    """One look, ready for the template."""

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
        "lines": [Line(one, in_words(one.kinds), purpose(one.ground)) for one in found[:A_PAGE]],
        "number": number,
        "more": len(found) > A_PAGE,
    }
    return page(request, "portal/looks.html", facts)
