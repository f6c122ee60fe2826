"""Who has custody of a child, from a day, to a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.models import Custody, Guardianship, Identity, Person
from samsyn.people.names import fold
from samsyn.people.vault import NAMES, open_names
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

ONE_DAY = timedelta(days=1)
LONGEST_SOURCE = 100
LONGEST_RELATION = 40


def guardians_on(child: Person, day: date) -> list[Guardianship]:
    """Who has custody of the child on the day, oldest row first. Protected ones can be told apart (``Person.mask``)."""
    rows = Guardianship.objects.filter(child=child).select_related("guardian").order_by("since", "pk")
    return [row for row in masked(rows) if row.since <= day and (row.until is None or row.until >= day)]


def is_kin(child: Person, person: int) -> bool:
    """Is this person (row id) the child itself, or somebody who has or has had custody."""
    return child.pk == person or Guardianship.objects.filter(child=child, guardian=person).exists()


def kin_of(child: Person) -> set[int]:
    """Row ids of all of whom ``is_kin`` is true."""
    return {child.pk, *Guardianship.objects.filter(child=child).values_list("guardian_id", flat=True)}


def masked(rows: Iterable[Guardianship]) -> list[Guardianship]:
    """All of a child's rows, past ones too, each guardian with a number that stays the same as long as the child's."""
    every = list(rows)
    first: dict[int, int] = {}
    for row in sorted(every, key=lambda one: one.pk):
        first.setdefault(row.guardian_id, len(first) + 1)
    for row in every:
        row.guardian.mask = first[row.guardian_id]
    return every


def note_custody(
    viewer: Viewer,
    child: Person,
    guardian: Person,
    custody: str,
    *,
    since: date,
    source: str,
    until: date | None = None,
    relation: str = "",
) -> Guardianship:
    """Write down that somebody has custody of a child for these days, and who says so.

    Raises Refused for impossible days, and for somebody whose custody is noted for any of these days already.
    """
    with transaction.atomic():
        has_it = custody_noted(child, guardian, since, until)
        require(_may_be_guardian(child, guardian, since, until, has_it=has_it))
        row = Guardianship.objects.create(
            child=child,
            guardian=guardian,
            custody=custody,
            relation=clean_line(relation, LONGEST_RELATION, field="relation"),
            since=since,
            until=until,
            source=clean_line(source, LONGEST_SOURCE, field="source"),
            noted_by=viewer.post_ref if viewer.is_staff else None,
        )
        act(viewer, "people.custody_noted", _about(child, guardian), ground=source)
        ports.family_changed(viewer, child.pk)
    return row


def custody_noted(child: Person, guardian: Person, since: date, until: date | None = None) -> bool:
    """Is this person's custody of the child noted for any of these days. ``until`` None: until further notice."""
    rows = Guardianship.objects.filter(Q(until=None) | Q(until__gte=since), child=child, guardian=guardian)
    return rows.exists() if until is None else rows.filter(since__lte=until).exists()


def end_custody(viewer: Viewer, row: Guardianship, last_day: date, *, source: str = "") -> Guardianship:
    """Write down that somebody's custody ended after ``last_day``. ``source``: who says so."""
    with transaction.atomic():
        row = Guardianship.objects.select_for_update(of=("self",)).select_related("child", "guardian").get(pk=row.pk)
        require(_may_be_guardian(row.child, row.guardian, row.since, last_day))
        row.until = last_day
        row.save(update_fields=["until"])
        _lost(viewer, row, last_day, ground=clean_line(source, LONGEST_SOURCE, field="source"))
        ports.family_changed(viewer, row.child_id)
    return row


def take_back_custody(viewer: Viewer, row: Guardianship) -> None:
    """Take a custody away that was noted by mistake, as if it had never been. What was noted stays in the trail."""
    with transaction.atomic():
        row = Guardianship.objects.select_for_update(of=("self",)).select_related("child", "guardian").get(pk=row.pk)
        _lost(viewer, row, row.since - ONE_DAY, verb="people.custody_taken_back", ground=row.source)
        row.delete()
        ports.family_changed(viewer, row.child_id)


def _lost(
    viewer: Viewer, row: Guardianship, last_day: date, *, verb: str = "people.custody_ended", ground: str = ""
) -> None:
    """Who has lost custody does not get it back with a restore. A last day before the first: it is as if never had."""
    of = ("custody", row.child.ref)
    revoke(
        viewer,
        verb,
        _about(row.child, row.guardian),
        of,
        ground=ground,
        guardian=row.guardian.ref,
        last_day=last_day,
        never_since=row.since if row.since > last_day else None,
    )


def take_over(viewer: Viewer, child: Person, told: Sequence[tuple[Person, str]], source: str) -> bool:
    """Let the child's custody from today be what a register tells: (guardian, custody). Was anything changed.

    Somebody whom the register does not name loses custody here only when its answer must be whole: one has it alone, or
    two share it. A guardian with protected data may be left out of it. Custody of which it is not known whether it is
    shared is never taken for sole: where the register names another one too, nobody here has it alone any more.
    Somebody written down by hand, by a name that the register now tells and without a number, is taken for the one
    whom the register means: one person is not asked twice, and never counted as two.
    """
    today = clock.today()
    if not rules.is_child(child.birth_date, today):
        return False
    standing = {row.guardian_id: row for row in guardians_on(child, today)}
    changed = False
    for same in _the_same_by_name([row for row in standing.values() if row.noted_by], [one for one, _ in told]):
        _lost(viewer, same, today - ONE_DAY, ground=source)
        _end_yesterday(same)
        del standing[same.guardian_id]
        changed = True
    for guardian, custody in dict(told).items():
        require(_may_be_guardian(child, guardian, today, None))
        row = standing.get(guardian.pk)
        if row is None or rules.is_news_of_custody(row.custody, custody, named=len(told)):
            if row is not None:
                _end_yesterday(row)
            Guardianship.objects.create(child=child, guardian=guardian, custody=custody, since=today, source=source)
            changed = True
    kinds = [custody for _, custody in told]
    if Custody.SOLE in kinds or len(told) > 1:
        for row in standing.values():
            if row.guardian_id not in {guardian.pk for guardian, _ in told}:
                _lost(viewer, row, today - ONE_DAY, ground=source)
                _end_yesterday(row)
                changed = True
    return changed


def _the_same_by_name(by_hand: Sequence[Guardianship], told: Sequence[Person]) -> list[Guardianship]:
    """Those written down by hand, without a number of their own, whom a register tells of by the same name."""
    numbered = Identity.objects.filter(person__in=[row.guardian_id for row in by_hand], beside=False)
    known = {*numbered.values_list("person_id", flat=True), *(one.pk for one in told)}
    unsure = [row for row in by_hand if row.guardian_id not in known]
    names = [_folded(one) for one in told] if unsure else []
    return [row for row in unsure if _folded(row.guardian) in names]


def _folded(person: Person) -> tuple[str, str]:
    names = names_of(person)
    return fold(names["given_name"]), fold(names["family_name"])


def names_of(person: Person) -> dict[str, str]:
    """The three names, from the vault where they lie there. To be compared and never shown."""
    opened = open_names(Person.objects.select_related("vault").get(pk=person.pk))
    return {name: getattr(opened, name) for name in NAMES}


def _end_yesterday(row: Guardianship) -> None:
    yesterday = clock.today() - ONE_DAY
    if row.since > yesterday:
        row.delete()
    else:
        row.until = yesterday
        row.save(update_fields=["until"])


def _may_be_guardian(
    child: Person, guardian: Person, since: date, until: date | None, *, has_it: bool = False
) -> Decision:
    born = child.birth_date
    grown_up_on = law.on(clock.today()).turning_day("custody_until", born) if born is not None else None
    return rules.may_be_guardian(
        itself=child.pk == guardian.pk, since=since, until=until, grown_up_on=grown_up_on, has_it=has_it
    )


def _about(child: Person, guardian: Person) -> list[Subject]:
    return [Subject("person", child.ref, child.ref), Subject("person", guardian.ref, child.ref)]
