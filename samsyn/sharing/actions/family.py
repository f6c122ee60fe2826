"""Who in the family reads what: that somebody has been talked with, and decisions either way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.people.actions import is_kin
from samsyn.people.models import Guardianship, Person
from samsyn.people.rules import may_write_of_family
from samsyn.sharing import family
from samsyn.sharing import family_rules as rules
from samsyn.sharing.actions.acting import LONGEST, acting_post
from samsyn.sharing.actions.deciding import guardians_today
from samsyn.sharing.actions.family_marks import About, is_marked
from samsyn.sharing.models import FamilyDecision, FamilyMet, FamilyStep, NoteClass
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject


def meet_family(child: Person, persons: Iterable[int], item_ref: UUID) -> None:
    """Write down that these persons (row ids) have been talked with about a thing. Twice is once."""
    now = clock.now()
    FamilyMet.objects.bulk_create(
        [FamilyMet(child=child, person_id=person, item_ref=item_ref, at=now) for person in dict.fromkeys(persons)],
        ignore_conflicts=True,
    )


def meet_readers(child: Person, item_ref: UUID) -> None:
    """Write down that those in the family who read by age today have been told of a thing."""
    today = clock.today()
    guardians = [row.guardian_id for row in guardians_today(child)]
    persons = rules.readers_by_age(child.pk, child.birth_date, guardians, family.ages_on(today), today)
    if persons:
        meet_family(child, persons, item_ref)


@transaction.atomic
def decide_in_family(
    viewer: Viewer, child: Person, whom: Person, about: About, *, opens: bool, reason: str, until: date | None = None
) -> FamilyDecision:
    """Open or close something for one in the family, with a reason, until a day or until further notice.

    Raises Refused for what is not the own authority's, without a reason, and for what can never be opened.
    """
    reason = clean_text(reason, LONGEST, field="reason")
    require(at_work_with_others(viewer, child))
    decision = rules.may_decide_in_family(
        opens=opens,
        owns=about.authority.pk == viewer.authority,
        in_family=is_family(child, whom),
        itself=whom.pk == child.pk,
        everything=about.kind == "",
        told_alone=is_marked(about, NoteClass.TOLD_ALONE),
        hidden=child.is_protected,
        reason=reason,
        until=until,
        on=clock.today(),
    )
    require(decision)
    step = FamilyStep.OPENS if opens else FamilyStep.CLOSES
    row = _written(viewer, child, whom, about, step, reason, rule=decision.rule, until=until)
    subjects = [Subject("family_decision", row.ref, child.ref, step)]
    if opens:
        act(viewer, f"family.{step}", subjects, ground=decision.rule)
    else:
        _closed(viewer, row, subjects)
    return row


@transaction.atomic
def end_family_decision(viewer: Viewer, decision: FamilyDecision, reason: str) -> FamilyDecision:
    """End a decision now; the row stays and a new one says why. Raises Refused when it has ended."""
    decision = FamilyDecision.objects.select_for_update(of=("self",)).select_related("child").get(pk=decision.pk)
    reason = clean_text(reason, LONGEST, field="reason")
    require(at_work_with_others(viewer, decision.child))
    require(
        rules.may_end_decision(
            owns=decision.authority_id == viewer.authority,
            in_force=family.in_force(clock.now()).filter(pk=decision.pk).exists(),
            reason=reason,
        )
    )
    about = About(decision.authority, decision.kind, decision.item_ref)
    row = _written(viewer, decision.child, decision.whom, about, FamilyStep.ENDS, reason, ends=decision)
    subjects = [Subject("family_decision", row.ref, decision.child.ref, FamilyStep.ENDS)]
    if decision.step == FamilyStep.OPENS:
        _closed(viewer, row, subjects, ground=decision.rule)
    else:
        act(viewer, "family.ends", subjects, ground=decision.rule)
    return row


def _closed(viewer: Viewer, row: FamilyDecision, subjects: Sequence[Subject], *, ground: str = "") -> None:
    """What is closed to one in the family stays closed after a restore: the whole decision but its reason."""
    revoke(
        viewer,
        f"family.{row.step}",
        subjects,
        ("family_decision", row.ref),
        ground=ground or row.rule,
        child=row.child.ref,
        whom=row.whom.ref,
        authority=row.authority.ref,
        step=row.step,
        of=row.kind,
        item=row.item_ref,
        ends=row.ends.ref if row.ends is not None else None,
        rule=row.rule,
        until=row.until,
        post=viewer.post_ref,
        person=viewer.person_ref,
    )


def is_family(child: Person, whom: Person) -> bool:
    """Is this the child itself, or somebody who has or has had custody."""
    return is_kin(child, whom.pk)


def at_work_with_others(viewer: Viewer, child: Person) -> Decision:
    """May somebody at work write down what is the family's to say, or decide what one of them reads: nobody does so
    for the own family, and who has had custody is of it. Whoever answers for themselves does so without a post."""
    return may_write_of_family(own=viewer.is_staff and is_kin(child, viewer.person))


def family_of(child: Person) -> list[Person]:
    """The child itself and those who have or have had custody, for whom something can be decided."""
    guardians = Guardianship.objects.filter(child=child, since__lte=clock.today()).values("guardian")
    return list(Person.objects.filter(Q(pk=child.pk) | Q(pk__in=guardians)).order_by("pk"))


def _written(
    viewer: Viewer,
    child: Person,
    whom: Person,
    about: About,
    step: FamilyStep,
    reason: str,
    *,
    rule: str = "",
    until: date | None = None,
    ends: FamilyDecision | None = None,
) -> FamilyDecision:
    return FamilyDecision.objects.create(
        child=child,
        whom=whom,
        authority=about.authority,
        step=step,
        kind=about.kind,
        item_ref=about.item_ref,
        ends=ends,
        reason=reason,
        rule=rule,
        decided_by_id=acting_post(viewer),
        decided_by_person_id=viewer.person,
        since=clock.now(),
        until=until,
    )
