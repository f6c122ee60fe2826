"""The circle around a child, put together from what the viewer may see, for the picture in ``look``."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from samsyn.circle.models import Relation
from samsyn.circle.picture import AtWork, at_work_around
from samsyn.common import clock
from samsyn.common.prepared import asked
from samsyn.common.text import initials
from samsyn.common.viewer import Viewer
from samsyn.look.circle import (
    Centre,
    CircleFacts,
    Member,
    Relative,
    Sector,
)
from samsyn.look.words import circle_words, in_a_row
from samsyn.people.models import Guardianship, Person
from samsyn.sharing.actions import guardians_today


@dataclass(frozen=True)
class Circle:
    """The picture, and who answers for the child now, in words."""

    facts: CircleFacts
    guardians: list[Guardianship]
    named: str
    named_word: str
    named_unit: str
    named_ref: UUID | None
    answers_now: str


def circle_of(viewer: Viewer, child: Person) -> Circle:
    """Everybody around the child whom the viewer may know of, as a picture and as facts."""
    guardians = guardians_today(child)
    around = _around(viewer, child)
    work = at_work_around(viewer, child.pk)
    title = _("The circle around %(name)s") % {"name": child.name}
    facts = CircleFacts(
        uid="circle",
        title=title,
        desc=" ".join((_describe(child, guardians, work), *(_beside(one) for one in around))),
        centre=Centre(child.name, _years(child)),
        words=circle_words(),
        family=tuple(
            Relative(initials(row.guardian.full_name), row.guardian.name, row.relation or _("guardian"))
            for row in guardians
        )
        + tuple(Relative(initials(one.name), one.name, one.relation) for one in around if not one.place),
        sectors=(*work.sectors, *_places(around)),
        named_person=work.named_pill,
        lead=work.lead_pill,
        rtl=get_language_bidi(),
    )
    return Circle(
        facts=facts,
        guardians=guardians,
        named=work.who.holder_name(work.named) if work.named else "",
        named_word=work.named_word,
        named_unit=work.named.unit if work.named else "",
        named_ref=work.named.ref if work.named else None,
        answers_now=work.who.present_name(work.named) if work.named else "",
    )


def _around(viewer: Viewer, child: Person) -> list[Relation]:
    """Who gets no information. A club or a grandmother's name tells where a protected child is: left out."""
    if child.is_protected:
        return []
    return asked(_relations, viewer, child.pk)


def _relations(viewer: Viewer, child_id: int) -> QuerySet[Relation]:
    return Relation.objects.visible_to(viewer).filter(child_id=child_id, until=None).order_by("since", "pk")


def _places(around: list[Relation]) -> list[Sector]:
    """Those who meet the child elsewhere and get no information, by place."""
    by_place: dict[str, list[Member]] = defaultdict(list)
    for one in around:
        if one.place:
            words = _("gets no information")
            by_place[one.place].append(Member(initials(one.name), one.name, one.relation, "no_information", words))
    return [Sector(place, "other", tuple(people)) for place, people in by_place.items()]


def _beside(one: Relation) -> str:
    return _("%(name)s, %(relation)s, gets no information.") % {"name": one.name, "relation": one.relation}


def _years(child: Person) -> str:
    age = child.age_on(clock.today())
    return ngettext("%(age)d year", "%(age)d years", age) % {"age": age} if age is not None else ""


def _describe(child: Person, guardians: list[Guardianship], work: AtWork) -> str:
    sentences = [_("%(name)s is in the middle.") % {"name": child.name}]
    if guardians:
        names = in_a_row(row.guardian.name for row in guardians)
        sentences.append(_("Nearest in the family: %(names)s.") % {"names": names})
    return " ".join([*sentences, *work.sentences()])
