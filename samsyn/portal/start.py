"""The first page of a family: who answers now and how to reach them, what comes next and by when. A child at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from samsyn import law
from samsyn.circle.models import Membership, NamedPerson
from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.organisations.models import Post
from samsyn.organisations.presence import accountable_many
from samsyn.people.models import Person
from samsyn.people.rules import is_child
from samsyn.portal.doors import FamilyRequest, family, page
from samsyn.portal.next_steps import Step, steps_for
from samsyn.sharing.family_looks import reads_looks_at


@dataclass(frozen=True)
class Responsible:
    """Somebody who answers now: the post, and who is there for it today."""

    post: Post
    name: str
    leads: bool = False


@dataclass
class About:
    """What the page says about one child. ``itself``: the reader is that child."""

    child: Person
    itself: bool
    responsible: list[Responsible] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    looks: bool = False

    @property
    def waits(self) -> bool:
        """Does something about this child wait for the reader."""
        return any(step.yours for step in self.steps)


@require_http_methods(["GET", "HEAD"])
@family
def start(request: FamilyRequest) -> HttpResponse:
    """Here you are now: for oneself, and for each child that one may read about."""
    viewer = request.viewer
    ground("own_family")
    me: Person = request.user.person
    young = me.birth_date is not None and is_child(me.birth_date, clock.today())
    children = Person.objects.visible_to(viewer).exclude(pk=me.pk).order_by("birth_date", "pk")
    abouts = [About(me, itself=True), *(About(one, itself=False) for one in children)]
    _responsible(request, abouts)
    looks = reads_looks_at(viewer, [one.child.pk for one in abouts])
    for one, steps in zip(abouts, steps_for(viewer, [one.child for one in abouts]), strict=True):
        one.steps = steps
        one.looks = one.child.pk in looks
    shown = [one for one in abouts if not one.itself or one.responsible or one.steps]
    shown.sort(key=lambda one: not one.waits)  # what waits for the reader comes first, and else the order stays
    facts: dict[str, Any] = {
        "abouts": shown,
        "too_young": young and not any(one.itself for one in shown),
        "reads_from": law.on(clock.today()).row("young_person_reads_from"),
    }
    return page(request, "portal/start.html", facts)


def _responsible(request: FamilyRequest, abouts: list[About]) -> None:
    """Fill in who answers for each child: its named person, and who leads the team."""
    by_child = {one.child.pk: one for one in abouts}
    named = (
        NamedPerson.objects.visible_to(request.viewer)
        .filter(child__in=by_child)
        .select_related("child", "post__unit")
        .order_by("pk")
    )
    leads = (
        Membership.objects.visible_to(request.viewer)
        .filter(child__in=by_child, is_lead=True)
        .select_related("child", "post__unit")
        .order_by("pk")
    )
    rows = [*((one.child_id, one.post, False) for one in named), *((one.child_id, one.post, True) for one in leads)]
    answers = accountable_many({post.pk for _child, post, _leads in rows}, clock.now())
    for child, post, is_lead in rows:
        known = by_child[child].responsible
        if is_lead and any(one.post == post for one in known):
            known[:] = [Responsible(one.post, one.name, leads=one.post == post) for one in known]
        else:
            known.append(Responsible(post, answers[post.pk].person.full_name, leads=is_lead))
