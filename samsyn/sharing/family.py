"""What somebody sees in the capacity of the own family: as the child itself, or as a guardian. A part of the predicate.

A row is seen when it may be seen by a family at all, is not closed to this person, and is open by age and custody or by
a decision. As a guardian, nothing that the child told alone. A former guardian, nothing newer than the end of custody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from samsyn import law
from samsyn.common import clock, reading
from samsyn.common.models import SeenByChild, ToFamily
from samsyn.common.viewer import Viewer
from samsyn.organisations.intervals import within
from samsyn.organisations.models import LocalClock
from samsyn.people.models import Guardianship, Person, Protection
from samsyn.sharing.family_models import FamilyDecision, FamilyMark, FamilyMet, FamilyStep, NoteClass
from samsyn.sharing.family_rules import Ages, Reads, Tie, reads
from samsyn.sharing.models import ConsentItem, DisclosureItem, Way

Fact = TypeVar("Fact")
NOTHING = Q(pk__in=())
GUARDIAN_READS, YOUNG_PERSON_READS, GROWN = "guardian_reads_until", "young_person_reads_from", "custody_until"


def sees_in_family(model: type[Model], seen: SeenByChild, viewer: Viewer, at: datetime) -> Q:
    """The condition under which somebody in a family sees rows about a child."""
    shown = seen.family
    if shown is None or not viewer.is_family:
        return NOTHING
    day = at.astimezone(clock.STOCKHOLM).date()
    facts = _Facts(model, seen, shown, viewer.person, at)
    seen_at_all = NOTHING
    for ages, here in _by_ages(_ages_of(viewer, day), seen.authority):
        found = reads_of(viewer, ages, day)
        seen_at_all |= here & facts.of(found)
    return shown.only & ~facts.decided(FamilyStep.CLOSES) & ~facts.tells_of_closed() & seen_at_all


def sees_persons(viewer: Viewer, at: datetime) -> Q:
    """The persons somebody sees in the own family: itself, and the children about whom it has been talked with."""
    day = at.astimezone(clock.STOCKHOLM).date()
    found = reads_of(viewer, ages_on(day), day)
    met = Exists(FamilyMet.objects.filter(person_id=viewer.person, child_id=OuterRef("pk")))
    opened = Exists(in_force(at).filter(whom_id=viewer.person, step=FamilyStep.OPENS, child_id=OuterRef("pk")))
    return Q(pk=viewer.person) | (Q(pk__in=[one.child for one in found]) & (Q(met) | Q(opened)))


def as_known_to(viewer: Viewer, *children: Person) -> None:
    """Take from children, for somebody who had custody, the name that they have got since: it is newer than its end."""
    today = clock.today()
    ended = {one.child: one.not_after for one in reads_of(viewer, ages_on(today), today)}
    for child in children:
        last = ended.get(child.pk)
        child.unnamed = last is not None and child.named_at is not None and child.named_at > clock.end_of(last)


def in_force(at: datetime) -> QuerySet[FamilyDecision]:
    """The decisions about families that hold now: begun, not past their last day, not ended by another."""
    day = at.astimezone(clock.STOCKHOLM).date()
    ended = FamilyDecision.objects.filter(ends=OuterRef("pk"), since__lte=at)
    return FamilyDecision.objects.filter(Q(until=None) | Q(until__gte=day), ~Exists(ended), ends=None, since__lte=at)


def ages_on(day: date) -> Ages:
    """The ages of the house on a day."""
    rules = law.on(day)
    return Ages(*(rules.turning_age(one) for one in (GUARDIAN_READS, YOUNG_PERSON_READS, GROWN)))


def reads_of(viewer: Viewer, ages: Ages, day: date) -> list[Reads]:
    """How far somebody in a family reads about each child that it is tied to, where these ages hold."""
    ties = _once(viewer, ("ties", viewer.person, day), lambda: ties_of(viewer.person, day))
    return [one for one in (reads(tie, ages, day) for tie in ties) if one is not None]


def _once(viewer: Viewer, about: tuple[Any, ...], work_out: Callable[[], Fact]) -> Fact:
    """A page asks a dozen questions and needs this in each. What acts may change it, and works it out anew."""
    return work_out() if viewer.acts else reading.once(about, work_out)


def ties_of(person_id: int, day: date) -> list[Tie]:
    """What ties somebody to children: being one, and every custody that is or has been."""
    itself = Person.objects.filter(pk=person_id).values_list("pk", "birth_date")
    found = [Tie(child, itself=True, born=born) for child, born in itself]
    with_custody = Guardianship.objects.filter(within(day))
    other = with_custody.filter(child=OuterRef("child")).exclude(guardian=person_id)
    rows = (
        Guardianship.objects.filter(guardian=person_id)
        .annotate(other_hidden=Exists(other.exclude(guardian__protection=Protection.NONE)))
        .values_list("child", "child__birth_date", "child__protection", "other_hidden", "since", "until")
    )
    spans: dict[tuple[Any, ...], list[tuple[date, date | None]]] = {}
    for *about, since, until in rows:
        spans.setdefault(tuple(about), []).append((since, until))
    for (child, born, protection, other_hidden), custody in spans.items():
        hidden = protection != Protection.NONE
        found.append(Tie(child, False, born, hidden, other_hidden, tuple(custody)))
    return found


def _ages_of(viewer: Viewer, day: date) -> dict[int | None, Ages]:
    """The ages that hold at each authority (row id) whose partnership has its own, and, at None, at all others."""
    return _once(viewer, ("ages", day), lambda: _ages_by_authority(day))


def _ages_by_authority(day: date) -> dict[int | None, Ages]:
    house = ages_on(day)
    own: dict[int, dict[str, int]] = {}
    local = LocalClock.objects.filter(
        rule__in=(GUARDIAN_READS, YOUNG_PERSON_READS), partnership__decided_on__lte=day
    ).order_by("partnership__decided_on", "partnership_id")
    for party, rule, value in local.values_list("partnership__parties", "rule", "value"):
        own.setdefault(party, {})[rule] = law.on(day).turning_age(rule, value)
    found: dict[int | None, Ages] = {None: house}
    for party, ages in own.items():
        found[party] = Ages(
            ages.get(GUARDIAN_READS, house.guardian_until), ages.get(YOUNG_PERSON_READS, house.own_from), house.grown_at
        )
    return found


def _by_ages(ages: dict[int | None, Ages], authority: str) -> Iterable[tuple[Ages, Q]]:
    """The ages that hold, and for the rows of which authorities."""
    parties = [party for party in ages if party is not None]
    for party, here in ages.items():
        yield here, ~Q(**{f"{authority}_id__in": parties}) if party is None else Q(**{f"{authority}_id": party})


def _marks_about_child(whole: str) -> QuerySet[FamilyMark]:
    """The marks on what is about the same child as a disclosure or a question."""
    return FamilyMark.objects.filter(child_id=OuterRef(f"{whole}__child_id"))


class _Facts:
    """The conditions on one model's rows, for one person at one moment."""

    def __init__(self, model: type[Model], seen: SeenByChild, shown: ToFamily, person: int, at: datetime) -> None:
        self.seen, self.shown, self.person, self.at = seen, shown, person, at
        of_child = FamilyMark.objects.filter(child_id=OuterRef(f"{seen.child}_id"))
        marks = of_child.filter(item_ref=OuterRef(seen.item))
        met = FamilyMet.objects.filter(person_id=person, child_id=OuterRef(f"{seen.child}_id"))
        if shown.after_talk:
            met = met.filter(item_ref=OuterRef(seen.item))
        self.told_alone = Q(Exists(marks.filter(note=NoteClass.TOLD_ALONE)))
        self.marked = Q(Exists(marks.exclude(note=NoteClass.TOLD_ALONE)))
        self.met = Exists(met)
        if shown.tells_of:
            self.told_alone |= self._told(self._told_alone_inside("disclosure"))
            inside = _marks_about_child("disclosure").filter(item_ref=OuterRef("ref"))
            marked = inside.exclude(note=NoteClass.TOLD_ALONE)
            self.marked |= self._told(Exists(marked), ~Q(self._opened_inside("disclosure")))
        if shown.follows:
            self.followed: Any = model._meta.get_field(shown.follows).related_model
            self.told_alone |= Q(Exists(of_child.filter(note=NoteClass.TOLD_ALONE, item_ref__in=self._followed())))
        if shown.asks_about:
            self.told_alone |= self._asked(self._told_alone_inside("consent"))

    def decided(self, step: FamilyStep) -> Q:
        """A decision that holds now opens or closes the row for the person."""
        at = self.shown.kind_at
        kind: object = OuterRef(at) if at else self.shown.decided_as or self.seen.kind
        about = Q(item_ref=OuterRef(self.seen.item)) | Q(Q(kind="") | Q(kind=kind), item_ref=None)
        child, authority = OuterRef(f"{self.seen.child}_id"), OuterRef(f"{self.seen.authority}_id")
        return Q(Exists(self._decisions(step).filter(about, child_id=child, authority_id=authority)))

    def tells_of_closed(self) -> Q:
        """The row tells of a thing that is closed to the person."""
        told = NOTHING
        if self.shown.tells_of:
            told |= self._told(self._closed_inside("disclosure"))
            # What was handed over is the receiver's as well.
            of_receiver = self._closed_inside("disclosure", "receiver__authority_id")
            told |= self._told(of_receiver, Q(disclosure__way=Way.DELIVERED))
        if self.shown.asks_about:
            told |= self._asked(self._closed_inside("consent"))
        if not self.shown.follows:
            return told
        about = Q(item_ref__in=self._followed()) | Q(item_ref=None, kind__in=("", self.followed.seen.kind))
        child, authority = OuterRef(f"{self.seen.child}_id"), OuterRef(f"{self.seen.authority}_id")
        closed = self._decisions(FamilyStep.CLOSES).filter(about, child_id=child, authority_id=authority)
        return told | (Q(Exists(closed)) & Q(**{f"{self.shown.follows}__isnull": False}))

    def _followed(self) -> QuerySet[Any, Any]:
        """The reference of the thing that the row follows, for a question inside another."""
        row = OuterRef(OuterRef(f"{self.shown.follows}_id"))
        return self.followed._default_manager.filter(pk=row).values("ref")  # type: ignore[no-any-return]  # by its name

    def _decisions(self, step: FamilyStep) -> QuerySet[FamilyDecision]:
        return in_force(self.at).filter(step=step, whom_id=self.person)

    def _closed_inside(self, whole: str, holder: str = "authority_id") -> Exists:
        """Of one thing in a disclosure or a question: a decision of who holds it closes it for the person, or what it
        was written about."""
        kinds = Q(kind="") | Q(kind=OuterRef("kind")) | Q(kind=OuterRef("about_kind"))
        about = Q(item_ref=OuterRef("ref")) | Q(item_ref=OuterRef("about_ref")) | Q(kinds, item_ref=None)
        return self._decided_inside(FamilyStep.CLOSES, about, whole, holder)

    def _opened_inside(self, whole: str) -> Exists:
        """Of one thing in a disclosure: a decision of who holds it opens it for the person."""
        about = Q(item_ref=OuterRef("ref")) | Q(Q(kind="") | Q(kind=OuterRef("kind")), item_ref=None)
        return self._decided_inside(FamilyStep.OPENS, about, whole, "authority_id")

    def _decided_inside(self, step: FamilyStep, about: Q, whole: str, holder: str) -> Exists:
        child, authority = OuterRef(f"{whole}__child_id"), OuterRef(f"{whole}__{holder}")
        return Exists(self._decisions(step).filter(about, child_id=child, authority_id=authority))

    def _told_alone_inside(self, whole: str) -> Exists:
        """The child told one thing in a disclosure or a question alone, or what it was written about."""
        about = Q(item_ref=OuterRef("ref")) | Q(item_ref=OuterRef("about_ref"))
        return Exists(_marks_about_child(whole).filter(about, note=NoteClass.TOLD_ALONE))

    def _told(self, *conditions: Exists | Q) -> Q:
        """One and the same thing that the row tells of is so."""
        return Q(Exists(DisclosureItem.objects.filter(*conditions, disclosure_id=OuterRef(self.shown.tells_of))))

    def _asked(self, condition: Exists) -> Q:
        """One of the things that the question names is so."""
        return Q(Exists(ConsentItem.objects.filter(condition, consent_id=OuterRef(self.shown.asks_about))))

    def of(self, found: list[Reads]) -> Q:
        """The rows that somebody who reads so far sees, before what is closed is taken away."""
        shown, child = self.shown, f"{self.seen.child}_id__in"
        default = NOTHING
        if shown.by_default is not None:
            reading = Q(**{child: [one.child for one in found if one.by_default]})
            if shown.guardian_asked is not None:
                reading |= shown.guardian_asked & Q(**{child: [one.child for one in found if one.decides]})
            if shown.child_asked is not None:
                reading |= shown.child_asked & Q(**{child: [one.child for one in found if one.itself]})
            default = shown.by_default & reading & Q(self.met) & ~self.marked
        itself = Q(**{child: [one.child for one in found if one.itself]})
        now = Q(**{child: [one.child for one in found if not one.itself and one.not_after is None]})
        childs_own = self.told_alone if shown.childs_own is None else self.told_alone | shown.childs_own
        who = itself | (now & ~childs_own)
        for one in found:
            if one.not_after is not None and shown.dated:
                who |= Q(**{child: [one.child]}) & self._not_after(one.not_after) & ~childs_own
        own = Q(**{f"{shown.own}_id": self.person}) if shown.own else Q()
        return own & who & (default | self.decided(FamilyStep.OPENS))

    def _not_after(self, last_day: date) -> Q:
        end = clock.end_of(last_day)
        first, *others = self.shown.dated
        before = self.shown.settled & Q(**{f"{first}__lte": end})
        for path in others:
            before &= Q(**{path: None}) | Q(**{f"{path}__lte": end})
        for path in self.shown.days:
            before &= Q(**{path: None}) | Q(**{f"{path}__lte": last_day})
        return before
