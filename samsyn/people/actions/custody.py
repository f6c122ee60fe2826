"""Who has custody of a child, from a day, to a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

ONE_DAY = timedelta(days=1)


def guardians_on(child: Person, day: date) -> list[Guardianship]:
    """Who has custody of the child on the day, oldest row first. Protected ones can be told apart (``Person.mask``)."""
    rows = Guardianship.objects.filter(child=child).select_related("guardian").order_by("since", "pk")
    return [row for row in masked(rows) if row.since <= day and (row.until is None or row.until >= day)]


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

    Raises Refused for impossible days, and for somebody who has custody already until further notice.
    """
    with transaction.atomic():
        has_it = Guardianship.objects.filter(child=child, guardian=guardian, until=None).exists()
        require(_may_be_guardian(child, guardian, since, until, has_it=has_it))
        row = Guardianship.objects.create(
            child=child,
            guardian=guardian,
            custody=custody,
            relation=clean_line(relation, 40, field="relation"),
            since=since,
            until=until,
            source=clean_line(source, 100, field="source"),
        )
        act(viewer, "people.custody_noted", _about(child, guardian), ground=source)
        ports.family_changed(viewer, child.pk)
    return row


def end_custody(viewer: Viewer, row: Guardianship, last_day: date) -> Guardianship:
    """Write down that somebody's custody ended after ``last_day``."""
    with transaction.atomic():
        row = Guardianship.objects.select_for_update(of=("self",)).select_related("child", "guardian").get(pk=row.pk)
        require(_may_be_guardian(row.child, row.guardian, row.since, last_day))
        row.until = last_day
        row.save(update_fields=["until"])
        _lost(viewer, row, last_day)
        ports.family_changed(viewer, row.child_id)
    return row


def _lost(viewer: Viewer, row: Guardianship, last_day: date, *, ground: str = "") -> None:
    """Who has lost custody does not get it back with a restore."""
    of = ("custody", row.child.ref)
    revoke(
        viewer,
        "people.custody_ended",
        _about(row.child, row.guardian),
        of,
        ground=ground,
        guardian=row.guardian.ref,
        last_day=last_day,
    )


def take_over(viewer: Viewer, child: Person, told: Sequence[tuple[Person, str]], source: str) -> bool:
    """Let the child's custody from today be what a register tells: (guardian, custody). Was anything changed.

    Somebody whom the register does not name loses custody here only when its answer must be whole: one has it alone, or
    two share it. A guardian with protected data may be left out of it. Custody of which it is not known whether it is
    shared is never taken for sole: where the register names another one too, nobody here has it alone any more.
    """
    today = clock.today()
    if not rules.is_child(child.birth_date, today):
        return False
    standing = {row.guardian_id: row for row in guardians_on(child, today)}
    changed = False
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
