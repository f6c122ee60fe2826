"""Who is around a child at work: a picture, and the same as a list with what each does and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from samsyn.circle.picture import SPHERES, AtWork, at_work_around
from samsyn.circle.seats import Seat
from samsyn.common.reading import ground
from samsyn.common.text import initials
from samsyn.look.circle import Centre, CircleFacts, Member, Relative
from samsyn.look.words import circle_words
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.portal.doors import FamilyRequest, family, own_child, page


@dataclass(frozen=True)
class Adult:
    """Somebody at work around the child, as the list tells of them: ``name`` says who stands in for whom.

    ``role``: "named", "lead" or "".
    """

    post: Seat
    unit: Unit | None
    name: str
    member: Member
    sphere: str
    role: str

    @property
    def face(self) -> str:
        """The letters in the disc: of the one who stands in, where somebody does."""
        return self.member.cover_initials if self.member.covered else self.member.initials


@require_http_methods(["GET", "HEAD"])
@family
def around(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """The circle as this reader may know of it. The family is not listed: each reads the own part and no more."""
    child = own_child(request, ref)
    ground("own_family")
    work = at_work_around(request.viewer, child.pk)
    itself = child.pk == request.viewer.person
    facts = {
        "child": child,
        "itself": itself,
        "circle": _facts(request, child, work, itself=itself) if work.seats else None,
        "adults": _adults(request, work),
    }
    return page(request, "portal/around.html", facts)


def _adults(request: FamilyRequest, work: AtWork) -> list[Adult]:
    rows = Unit.objects.visible_to(request.viewer).filter(pk__in={seat.unit_id for seat in work.seats})
    units = {unit.pk: unit for unit in rows}
    roles = {seat.pk: "named" if seat is work.named else "lead" for seat in work.seats if seat.leads or seat.is_named}
    first = [post for post in (work.named, work.lead) if post is not None]
    words = circle_words()
    return [
        Adult(
            post,
            units.get(post.unit_id),
            words.heading(work.members[post.pk]),
            work.members[post.pk],
            str(SPHERES.get(post.sphere, "other")),
            roles.get(post.pk, ""),
        )
        for post in (*first, *work.others)
    ]


def _facts(request: FamilyRequest, child: Person, work: AtWork, *, itself: bool) -> CircleFacts:
    me = request.user.person
    middle = _("You are in the middle.") if itself else _("%(name)s is in the middle.") % {"name": child.name}
    return CircleFacts(
        uid="circle",
        title=_("The adults around you") if itself else _("The circle around %(name)s") % {"name": child.name},
        desc=" ".join([middle, *work.sentences()]),
        centre=Centre(_("You") if itself else child.name),
        words=circle_words(),
        family=() if itself else (Relative(initials(me.full_name), me.name, _("you")),),
        sectors=work.sectors,
        named_person=work.named_pill,
        lead=work.lead_pill,
        rtl=get_language_bidi(),
    )
