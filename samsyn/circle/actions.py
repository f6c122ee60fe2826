"""The named person: who it is, stored from the first sign on, one at a time."""

from __future__ import annotations

from django.db import transaction

from samsyn import law
from samsyn.circle import rules
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Post, PostRole, Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import end_involvement, involve
from samsyn.sharing.models import Involvement, Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def belongs(child: Person, unit: Unit, *, group: str = "", source: str) -> None:
    """Say that the child belongs to a unit (school, BVC) from now on; an earlier unit of the same kind ends."""
    for row in Involvement.objects.filter(child=child, reason=Reason.ATTENDS, until=None).select_related("unit"):
        if row.unit_id != unit.pk and row.unit.kind == unit.kind:
            end_involvement(child, Reason.ATTENDS, unit_id=row.unit_id)
    involve(child, unit, Reason.ATTENDS, Scope.FIND, group=group, source=source)


def current_named_person(child: Person) -> NamedPerson | None:
    """The stored row, if there is one."""
    return (
        NamedPerson.objects.filter(child=child, until=None)
        .select_related("post__unit__authority__principal", "authority")
        .first()
    )


def named_post_for(child: Person) -> Post | None:
    """The post that is, or by stage would be, the child's named person today. Stores nothing."""
    stored = current_named_person(child)
    return stored.post if stored is not None else _post_by_stage(child)


def stage_of(child: Person) -> str:
    """The child's stage today."""
    today = clock.today()
    place = _place(child, ("school", "activity"))
    starts = law.on(today).turning_day("named_person_school_from", child.birth_date) if child.birth_date else None
    return rules.stage_on(child.birth_date, today, starts, place.kind if place else "")


_KINDS = {
    rules.UNBORN: ("maternity", "child_health"),
    rules.CHILD_HEALTH: ("child_health",),
    rules.SCHOOL: ("school",),
    rules.ACTIVITY: ("activity",),
}


def _place(child: Person, kinds: tuple[str, ...]) -> Unit | None:
    row = (
        Involvement.objects.filter(child=child, reason=Reason.ATTENDS, until=None, unit__kind__in=kinds)
        .select_related("unit")
        .order_by("-since")
        .first()
    )
    return row.unit if row else None


def _post_by_stage(child: Person) -> Post | None:
    unit = _place(child, _KINDS[stage_of(child)])
    if unit is None:
        return None
    posts = Post.objects.filter(unit_id__in=unit.ids_upwards, role=PostRole.NAMED_PERSON, ended_on=None)
    found = {post.unit_id: post for post in posts.select_related("unit__authority__principal")}
    return next((found[pk] for pk in unit.ids_upwards if pk in found), None)


def ensure_named_person(viewer: Viewer, child: Person) -> NamedPerson:
    """The child's named person, stored now if it was not; two at once make one.

    Raises Refused when nobody can be found, because it is not known where the child belongs.
    """
    stored = current_named_person(child)
    if stored is not None:
        return stored
    post = _post_by_stage(child)
    if post is None:
        raise Refused(no("We do not know which school or BVC the child belongs to. Ask the duty desk to help."))
    with transaction.atomic():
        _wait_for_turn(child)
        return current_named_person(child) or _store(viewer, child, post)


@transaction.atomic
def give_named_person(viewer: Viewer, child: Person, post: Post) -> NamedPerson:
    """Store that ``post`` is the named person from now on; an earlier one ends at the same moment."""
    _wait_for_turn(child)
    earlier = current_named_person(child)
    if earlier is not None:
        NamedPerson.objects.filter(pk=earlier.pk).update(until=clock.now())
        end_involvement(child, Reason.NAMED_PERSON, post_id=earlier.post_id)
    return _store(viewer, child, post)


def _wait_for_turn(child: Person) -> None:
    """Let whoever changes the child's named person at the same time finish first; what it stored is seen after this."""
    list(Person.objects.select_for_update().filter(pk=child.pk).values_list("pk"))


def _store(viewer: Viewer, child: Person, post: Post) -> NamedPerson:
    now = clock.now()
    row = NamedPerson.objects.create(
        child=child, authority_id=post.unit.authority_id, post=post, stage=stage_of(child), since=now
    )
    involve(child, post.unit, Reason.NAMED_PERSON, Scope.WHOLE, post_id=post.pk, source="circle")
    act(viewer, "named_person.began", [Subject("named_person", row.ref, child.ref, "holding")])
    return row
