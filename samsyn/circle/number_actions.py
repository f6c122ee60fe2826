"""A number that a child gets later: after it was entered without one, or with one that was meant for a while."""

from __future__ import annotations

from django.db import transaction

from samsyn.circle import custody_rules as rules
from samsyn.common import clock, ports
from samsyn.common.decision import Refused, require
from samsyn.common.viewer import Viewer
from samsyn.people.actions import NumberIsTaken, give_identity
from samsyn.people.actions.look_ups import Begun, note_tried
from samsyn.people.identities import everybody_with, identity_of, tells_day
from samsyn.people.models import Identity, LookUp, LookUpOutcome, Person
from samsyn.people.numbers import ReadNumber
from samsyn.people.rules import may_enter_by_hand
from samsyn.protection.numbers import led_to
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import follows
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def give_number(viewer: Viewer, child: Person, begun: Begun) -> Person:
    """Let a child be known by a number that was looked up. What the number tells of the birth date is kept.

    Is the number noted for somebody whom the viewer sees, it is said so. Is it that of anybody else, it is kept beside,
    and whoever presses is answered as about a number that nobody has: what they look up by it leads to this child, and
    those who know of the other one read in its trail that the number was written. Raises Refused.
    """
    number = begun.number
    assert number is not None  # who gives a number has written one
    held: Person = Person.objects.select_for_update().get(pk=child.pk)
    if identity_of(held, number.system, number.value) is None:
        _may_give(viewer, held, number)
        _give(viewer, held, number, begun)
    LookUp.objects.filter(pk=begun.row.pk).update(outcome=LookUpOutcome.ENTERED)
    if held.birth_date is None and number.birth_date is not None:
        held.birth_date = number.birth_date
        held.save(update_fields=["birth_date"])
        Identity.objects.filter(pk=_of(held, number)).update(told_birth=True)
        ports.family_changed(viewer, held.pk)
    return held


def _of(child: Person, number: ReadNumber) -> int:
    identity = identity_of(child, number.system, number.value)
    assert identity is not None  # it has just been given
    return identity.pk


def _may_give(viewer: Viewer, child: Person, number: ReadNumber) -> None:
    own = {child.pk, *(row.guardian_id for row in guardians_today(child))}
    require(
        rules.may_give_number(
            follows_child=follows(viewer, child, clock.now()),
            own_family=viewer.person in own,
            has_this_kind=Identity.objects.filter(person=child, system=number.system).exists(),
            born=child.birth_date,
            told_by_number=number.birth_date,
        )
    )
    if child.birth_date is None:
        require(may_enter_by_hand(names=(), birth_date=None, told_by_number=number.birth_date, today=clock.today()))


def _give(viewer: Viewer, child: Person, number: ReadNumber, begun: Begun) -> None:
    try:
        _give_as_it_stands(viewer, child, number, begun)
    except NumberIsTaken:  # by somebody who wrote it at the same moment: then it is somebody's, as it would be later
        _give_as_it_stands(viewer, child, number, begun)


def _give_as_it_stands(viewer: Viewer, child: Person, number: ReadNumber, begun: Begun) -> None:
    everybody = [one.pk for one in everybody_with([(number.system, number.value)])]
    seen = Person.objects.visible_to(viewer).filter(pk__in=everybody).order_by("pk").first()
    if seen is not None:
        raise Refused(rules.may_be_given(name=seen.full_name))
    holder, hidden = led_to(viewer, number.system, number.value)
    others = [*([holder] if holder else []), *hidden]
    give_identity(viewer, child, number, beside=bool(others))
    note_tried(viewer, begun, others)


@transaction.atomic
def take_back_number(viewer: Viewer, child: Person) -> Person:
    """Take back, as a mistake, the number that the viewer's post noted last for a child; a birth date that it alone has
    told goes with it. Raises Refused."""
    held: Person = Person.objects.select_for_update().get(pk=child.pk)
    numbers = Identity.objects.filter(person=child, noted_by=viewer.post_ref)
    own = numbers.order_by("-pk").first() if follows(viewer, child, clock.now()) and viewer.is_staff else None
    require(rules.may_take_back_number(own=own is not None))
    assert own is not None
    own.delete()
    if own.told_birth and not _is_told_by_another(held):
        Person.objects.filter(pk=child.pk).update(birth_date=None)
        ports.family_changed(viewer, child.pk)
    act(viewer, "people.number_taken_back", [Subject("person", child.ref, child.ref)])
    return child


def _is_told_by_another(child: Person) -> bool:
    """Does a number that is left tell the very birth date. Then it is known by that one from now on."""
    left = Identity.objects.filter(person=child).select_related("person").order_by("pk")
    born = child.birth_date
    same = next((one for one in left if born is not None and tells_day(one, born)), None)
    return same is not None and bool(Identity.objects.filter(pk=same.pk).update(told_birth=True))
