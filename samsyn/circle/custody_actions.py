"""Who has custody of a child, written down by who follows the child where no register has told, or before it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn.circle import custody_rules as rules
from samsyn.circle.actions import current_named_person
from samsyn.common import clock
from samsyn.common.decision import Refused, no, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.intervals import within
from samsyn.people.actions import (
    Facts,
    custody_noted,
    end_custody,
    enter_guardian,
    hide_family,
    note_custody,
    show_again,
    take_back_custody,
)
from samsyn.people.actions.custody import LONGEST_RELATION, LONGEST_SOURCE
from samsyn.people.actions.look_ups import Begun, note_tried
from samsyn.people.identities import everybody_with
from samsyn.people.models import Guardianship, LookUp, LookUpOutcome, Person
from samsyn.people.names import fold
from samsyn.people.numbers import ReadNumber
from samsyn.people.rules import has_a_number, may_write_of_family
from samsyn.protection.numbers import led_to
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.actions.deciding import is_grown
from samsyn.sharing.predicate import follows


@dataclass(frozen=True)
class Seen:
    """One who has custody now. ``person``: as the viewer may know them, None for who is hidden from the viewer.

    ``mine``: the viewer's own post wrote it down, and can take it back as a mistake. ``by_hand``: some post did.
    """

    row: Guardianship
    person: Person | None
    mine: bool
    by_hand: bool

    @property
    def name(self) -> str:
        """The name to show: for who is hidden, a word that names nobody."""
        return (self.person or self.row.guardian).full_name


@dataclass(frozen=True, repr=False)
class Told:
    """What somebody was told of who has custody. ``chosen``: whom the viewer has pointed at among those it knows."""

    facts: Facts
    custody: str
    since: date
    source: str
    relation: str = ""
    chosen: Person | None = None


def custody_seen(viewer: Viewer, child: Person) -> list[Seen]:
    """Those who have custody of the child today, oldest row first."""
    rows = guardians_today(child)
    known = {one.pk: one for one in _seen(viewer, [row.guardian_id for row in rows])}
    return [
        Seen(
            row,
            known.get(row.guardian_id),
            mine=row.guardian_id in known and row.noted_by is not None and row.noted_by == viewer.post_ref,
            by_hand=row.noted_by is not None,
        )
        for row in rows
    ]


def _seen(viewer: Viewer, persons: Sequence[int]) -> list[Person]:
    return list(Person.objects.visible_to(viewer).filter(pk__in=persons).order_by("pk"))


def shown(seen: Sequence[Seen]) -> str:
    """What stands on the page, in one word: what it carries to tell whether it was changed since."""
    return " ".join(f"{one.person.ref}|{one.row.custody}|{one.row.since}" if one.person else "hidden" for one in seen)


def named_alike(viewer: Viewer, child: Person, facts: Facts) -> list[Person]:
    """Whom the viewer knows by that name as a guardian of another child: the same parent has often more than one."""
    names = {"given_folded": fold(facts.given_name), "family_folded": fold(facts.family_name)}
    now = [row.guardian_id for row in guardians_today(child)]
    guardians = Guardianship.objects.exclude(child=child).values("guardian_id")
    people = Person.objects.visible_to(viewer).filter(pk__in=guardians, **names)
    return list(people.exclude(pk__in=[child.pk, viewer.person, *now]).order_by("pk"))


def wards_seen(viewer: Viewer, guardian: Person) -> list[str]:
    """The names of the children whom the viewer sees and of whom this person has custody today."""
    wards = Guardianship.objects.filter(within(clock.today()), guardian=guardian).values("child_id")
    return [one.name for one in Person.objects.visible_to(viewer).filter(pk__in=wards).order_by("pk")]


@transaction.atomic
def note_guardian(viewer: Viewer, child: Person, told: Told, begun: Begun | None, *, as_shown: str) -> Guardianship:
    """Note that somebody has custody. Nobody else's ends by it.

    ``begun``: the number that was written, noted as a look-up. It is found before anybody is made; whoever has it and
    is not known to the viewer is met only under the very name that was written, else a row is made beside, and the
    viewer is answered as about a number that nobody has. Raises Refused.
    """
    seen = _begin(viewer, child, as_shown)
    source, relation = _clean(told)
    wanted = rules.Wanted(
        told.custody,
        told.since,
        source,
        source_has_number=has_a_number(source) or has_a_number(relation),
        named_alike=_alike(seen, told),
        numbered=begun is not None,
    )
    standing = rules.Standing(
        tuple(one.name for one in seen), tuple(one.row.custody if one.person else rules.UNKNOWN for one in seen)
    )
    require(rules.may_note_guardian(wanted, standing, born=child.birth_date, today=clock.today()))
    guardian = told.chosen or _guardian(viewer, child, told, begun)
    require(may_write_of_family(own=guardian.pk == viewer.person))
    row = note_custody(viewer, child, guardian, told.custody, since=told.since, source=source, relation=relation)
    hide_family(Person.objects.get(pk=child.pk))  # as it stands now: it may have been hidden since the page fetched it
    _tell_named_person(viewer, child)
    return row


@transaction.atomic
def end_guardian(
    viewer: Viewer, child: Person, guardian: Person, last_day: date, source: str, *, as_shown: str
) -> Person:
    """Note that somebody's custody ended after ``last_day``. Raises Refused."""
    one = _of(_begin(viewer, child, as_shown), guardian)
    source = clean_line(source, LONGEST_SOURCE, field="source")
    require(
        rules.may_end_custody_by_hand(
            last_day=last_day, today=clock.today(), source=source, source_has_number=has_a_number(source)
        )
    )
    end_custody(viewer, one.row, last_day, source=source)
    _tell_named_person(viewer, child)
    return guardian


@transaction.atomic
def take_back_guardian(viewer: Viewer, child: Person, guardian: Person, *, as_shown: str) -> Person:
    """Take back, as a mistake of the own post, that somebody has custody. Raises Refused."""
    one = _of(_begin(viewer, child, as_shown), guardian)
    require(rules.may_take_back_custody(own=one.mine))
    take_back_custody(viewer, one.row)
    show_again(Person.objects.get(pk=guardian.pk))
    _tell_named_person(viewer, child)
    return guardian


def _begin(viewer: Viewer, child: Person, as_shown: str) -> list[Seen]:
    """Hold the child, so that one at a time writes about its custody, and ask whether the viewer may."""
    list(Person.objects.select_for_update().filter(pk=child.pk).values_list("pk"))
    seen = custody_seen(viewer, child)
    own = {child.pk, *(one.row.guardian_id for one in seen)}
    require(
        rules.may_change_custody(
            follows_child=follows(viewer, child, clock.now()),
            own_family=viewer.person in own,
            grown=is_grown(child, clock.today()),
            as_shown=as_shown == shown(seen),
        )
    )
    return seen


def _clean(told: Told) -> tuple[str, str]:
    source = clean_line(told.source, LONGEST_SOURCE, field="source")
    return source, clean_line(told.relation, LONGEST_RELATION, field="relation")


def _of(seen: Sequence[Seen], guardian: Person) -> Seen:
    """The guardian whom the page showed. Raises Refused for anybody else, and for who is hidden, in the same words."""
    for one in seen:
        if one.person is not None and one.person.pk == guardian.pk:
            return one
    raise Refused(no(rules.CHANGED))


def _alike(seen: Sequence[Seen], told: Told) -> str:
    """The name of one whom the viewer knows to have custody and who is called as was written."""
    if told.chosen is not None:
        return ""
    written = fold(_full_name(told.facts))
    return next((one.name for one in seen if one.person is not None and fold(one.name) == written), "")


def _full_name(facts: Facts) -> str:
    names = facts.names()
    return f"{names['given_name']} {names['family_name']}".strip()


def _guardian(viewer: Viewer, child: Person, told: Told, begun: Begun | None) -> Person:
    if begun is None or begun.number is None:
        made = enter_guardian(viewer, told.facts, None, beside=False)
        assert made is not None  # nobody else can have got a number that nobody wrote
        return made
    LookUp.objects.filter(pk=begun.row.pk).update(outcome=LookUpOutcome.ENTERED)
    for _again in range(2):  # two who write the same number at once: the second looks anew, and it is somebody's
        found = _numbered(viewer, child, told, begun, begun.number)
        if found is not None:
            return found
    raise Refused(no(rules.CHANGED))


def _numbered(viewer: Viewer, child: Person, told: Told, begun: Begun, number: ReadNumber) -> Person | None:
    """Whoever has the number, as far as the viewer may know; else a new row. None where another one was first."""
    name, everybody = _full_name(told.facts), everybody_with([(number.system, number.value)])
    for one in _seen(viewer, [one.pk for one in everybody]):
        require(rules.may_be_that_person(name=one.full_name, same_name=fold(one.full_name) == fold(name)))
        return one
    holder, hidden = led_to(viewer, number.system, number.value)
    if holder is not None and holder.full_name == name and not custody_noted(child, holder, told.since):
        return holder
    # Those who know of whom has the number read in the trail that it was written.
    others = [*([holder] if holder else []), *hidden]
    note_tried(viewer, begun, others)
    return enter_guardian(viewer, told.facts, number, beside=bool(others))


def _tell_named_person(viewer: Viewer, child: Person) -> None:
    """Whoever is the child's named person learns that another post has changed who has custody."""
    named = current_named_person(child)
    if named is not None and named.post_id != viewer.post:
        tell(
            named.post,
            "custody_changed",
            room="child",
            object_ref=child.ref,
            child=child,
            occasion=clock.now().isoformat(),
        )
