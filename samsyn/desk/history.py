"""Historik: every step and every look about a child that its named person may know of, for that person."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.common.viewer import Viewer
from samsyn.desk.doors import StaffRequest, page, staff
from samsyn.desk.grounds import ground_in_words, in_own_words
from samsyn.desk.history_days import Line, by_day
from samsyn.desk.history_words import AT_HOME, LISTS, PAGES, STEPS
from samsyn.desk.links import given_page
from samsyn.desk.sharing_words import kinds_in_words
from samsyn.organisations.models import Unit
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import explain
from samsyn.sharing.readable import readable_things
from samsyn.trail.history import Reader, Told, entries_about
from samsyn.trail.models import Mode

A_PAGE = 50
NO_FAMILY: Mapping[UUID, str] = {}


@require_http_methods(["GET", "HEAD"])
@staff
def history(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Historik: the steps and looks about the child, for its named person alone; others get 404.

    Of the own authority every one; of others what is at something that the viewer may read now (``trail.history``).
    """
    named: NamedPerson = get_object_or_404(
        NamedPerson.objects.visible_to(request.viewer).select_related("child"),
        child__ref=ref,
        until=None,
        post_id=request.viewer.post,
    )
    why = explain(request.viewer, named.child)
    if why is not None:
        ground(why.ground)
    guardians = [row.guardian for row in guardians_today(named.child)]
    family = {person.ref: person.full_name for person in (*guardians, named.child)}
    number = given_page(request)
    newer = 1 if number > 1 else 0  # one line beside the page on each side tells whether a day goes on there
    ours = {unit.ref for unit in Unit.objects.visible_to(request.viewer).filter(authority=request.viewer.authority)}
    to = Reader(ours, readable_things(request.viewer, named.child), LISTS, AT_HOME)
    found = entries_about(named.child.ref, to, newer + A_PAGE + 1, skipped=(number - 1) * A_PAGE - newer)
    told, beside = found[newer : newer + A_PAGE], (*found[:newer], *found[newer + A_PAGE :])
    rules = law.on(clock.today())
    facts = {
        "child": named.child,
        "why": why,
        "days": by_day(
            [history_line(one, rules, request.viewer, is_ours=one.unit_ref in ours, family=family) for one in told],
            [one.at for one in beside],
        ),
        "number": number,
        "more": len(found) > newer + A_PAGE,
        "now": clock.now(),
    }
    return page(request, "desk/ledger/history.html", facts)


def history_line(
    one: Told, rules: law.Law, viewer: Viewer, *, is_ours: bool, family: Mapping[UUID, str] = NO_FAMILY
) -> Line:
    """A line of the history. What somebody in another authority wrote as the ground of a step stays there.

    Why somebody there could look stays there too: it may be a team that the reader does not know of.
    ``family``: names, as they may be shown today, of those whose name the trail does not keep.
    """
    known = STEPS if one.mode == Mode.ACT else PAGES
    ground = ground_in_words(one.ground, rules, viewer.authority) if one.ground else None
    stays_there = ground is not None and (ground.words == one.ground if one.mode == Mode.ACT else bool(one.person))
    if stays_there and not is_ours:
        ground = None
    return Line(
        told=one,
        who=one.person or family.get(one.person_ref) or _("Somebody in the family"),
        words=in_own_words(known.get(one.act, _("did something that has no words here yet")), viewer.authority),
        kinds=kinds_in_words(list(one.kinds)) if one.mode == Mode.READ else "",
        ground=ground,
    )
