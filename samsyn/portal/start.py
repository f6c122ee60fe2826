"""The first page of a family: who answers now and how to reach them, what comes next and by when. A child at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.models import Membership, NamedPerson
from samsyn.circle.picture import SPHERES
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.common.text import initials
from samsyn.organisations.models import Post
from samsyn.organisations.presence import accountable_many
from samsyn.people.models import Person
from samsyn.people.rules import is_child
from samsyn.portal.doors import FamilyRequest, family, page
from samsyn.portal.way import Step, Way, ways_for
from samsyn.sharing.family import ages_on, as_known_to, reads_of
from samsyn.sharing.family_looks import reads_looks_at


@dataclass(frozen=True)
class Responsible:
    """Somebody who answers now: the post, and who is there for it today.

    ``named``: is it the child's named person. ``teams``: row ids of the teams that it leads.
    """

    post: Post
    name: str
    named: bool = False
    teams: frozenset[int] = frozenset()

    @property
    def leads(self) -> bool:
        """Does it hold a team together."""
        return bool(self.teams)

    @property
    def initials(self) -> str:
        """The letters in the disc."""
        return initials(self.name) or "?"

    @property
    def sphere(self) -> str:
        """Which tint the disc has."""
        return str(SPHERES.get(self.post.unit.authority.sphere, "other"))

    @property
    def state(self) -> str:
        """The outline of the disc: whoever answers first has the honey ring."""
        return "" if self.leads else "now"


@dataclass
class About:
    """What the page says about one child. ``itself``: the reader is that child.

    ``custody_ended``: the last day of the reader's custody, as it is noted here; None while it goes on.
    """

    child: Person
    itself: bool
    custody_ended: date | None = None
    responsible: list[Responsible] = field(default_factory=list)
    way: Way = field(default_factory=Way)
    looks: bool = False

    @property
    def waits(self) -> bool:
        """Does something about this child wait for the reader."""
        return any(step.yours for step in self.way.ahead)

    def see_to(self) -> None:
        """Say by name who sees to the steps that the named person or the lead answers for."""
        self.way.ahead = [self._seen_to(step) for step in self.way.ahead]

    def _seen_to(self, step: Step) -> Step:
        if step.seen_to == "lead":
            first = [one for one in self.responsible if step.team in one.teams]
        else:
            first = [one for one in self.responsible if one.named]
        known = (first or self.responsible) if step.seen_to else []
        return replace(step, who=f"{known[0].name}, {known[0].post.unit.name}") if known else step


@require_http_methods(["GET", "HEAD"])
@family
def start(request: FamilyRequest) -> HttpResponse:
    """Here you are now: for oneself, and for each child that one may read about."""
    viewer = request.viewer
    ground("own_family")
    me: Person = request.user.person
    young = me.birth_date is not None and is_child(me.birth_date, clock.today())
    children = list(Person.objects.visible_to(viewer).exclude(pk=me.pk).order_by("birth_date", "pk"))
    as_known_to(viewer, *children)
    ended = {one.child: one.not_after for one in reads_of(viewer, ages_on(clock.today()), clock.today())}
    theirs = (About(one, itself=False, custody_ended=ended.get(one.pk)) for one in children)
    abouts = [About(me, itself=True), *theirs]
    _responsible(request, abouts)
    looks = reads_looks_at(viewer, [one.child.pk for one in abouts])
    for one, way in zip(abouts, ways_for(viewer, [one.child for one in abouts]), strict=True):
        one.way = way
        one.looks = one.child.pk in looks
        one.see_to()
    shown = [one for one in abouts if not one.itself or one.responsible or one.way.known]
    shown.sort(key=lambda one: not one.waits)  # what waits for the reader comes first, and else the order stays
    facts: dict[str, Any] = {
        "abouts": shown,
        "too_young": young and not any(one.itself for one in shown),
        "reads_from": law.on(clock.today()).row("young_person_reads_from"),
    }
    return page(request, "portal/start.html", facts)


def _responsible(request: FamilyRequest, abouts: list[About]) -> None:
    """Fill in who answers for each child: its named person, and who leads each team."""
    by_child = {one.child.pk: one for one in abouts}
    named = (
        NamedPerson.objects.visible_to(request.viewer)
        .filter(child__in=by_child)
        .select_related("child", "post__unit__authority")
        .order_by("pk")
    )
    leads = (
        Membership.objects.visible_to(request.viewer)
        .filter(child__in=by_child, is_lead=True)
        .select_related("child", "post__unit__authority")
        .order_by("pk")
    )
    rows = [*((one.child_id, one.post, 0) for one in named), *((one.child_id, one.post, one.team_id) for one in leads)]
    answers = accountable_many({post.pk for _child, post, _team in rows}, clock.now())
    for child, post, team in rows:
        known = by_child[child].responsible
        teams = frozenset({team} - {0})
        if any(one.post == post for one in known):
            known[:] = [replace(one, teams=one.teams | teams) if one.post == post else one for one in known]
        else:
            known.append(Responsible(post, answers[post.pk].person.full_name, named=not team, teams=teams))
