"""The named person: who it is, stored from the first sign on, one at a time."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from samsyn import law
from samsyn.circle import rules
from samsyn.circle.coming_back import leave_what_is_not_read
from samsyn.circle.models import NamedPerson
from samsyn.common import clock, second_lock
from samsyn.common.decision import Refused, no
from samsyn.common.prepared import first_asked
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import move_duties
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.organisations.models import Post, PostRole, Unit
from samsyn.people.models import HIDDEN, Person
from samsyn.protection.insight_actions import go_on_knowing
from samsyn.protection.predicate import standing
from samsyn.sharing.actions import begin_involvements, end_involvement, involve
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
    return first_asked(_stored, child.pk)


def held_named_person(child: Person) -> NamedPerson | None:
    """As ``current_named_person``; and the child is not handed over before this transaction ends."""
    return first_asked(_held, child.pk)


def _stored(child_id: int) -> QuerySet[NamedPerson]:
    rows = NamedPerson.objects.filter(child_id=child_id, until=None).order_by("pk")
    return rows.select_related("post__unit__authority__principal", "authority")


def _held(child_id: int) -> QuerySet[NamedPerson]:
    return _stored(child_id).select_for_update(of=("self",))


def named_post_for(child: Person) -> Post | None:
    """The post that is, or by stage would be, the child's named person today. Stores nothing."""
    post = _stored_post(child)
    return post if post is not None else _post_by_stage(child)


def _stored_post(child: Person) -> Post | None:
    if not second_lock.holds():
        stored = current_named_person(child)
        return stored.post if stored is not None else None
    # Whoever writes about the child is told whom it goes to, also where that row is another authority's.
    stored_at = second_lock.named_post_of(child.pk)
    posts = Post.objects.select_related("unit__authority__principal")
    return posts.get(pk=stored_at) if stored_at is not None else None


_KINDS = {
    rules.UNBORN: ("maternity", "child_health"),
    rules.CHILD_HEALTH: ("child_health",),
    rules.SCHOOL: ("school",),
    rules.ACTIVITY: ("activity",),
}


def stage_of(child: Person) -> str:
    """The child's stage today, from where it belongs."""
    return _stage(child, _places(child))


def stage_with(child: Person, post: Post) -> str:
    """The child's stage today when ``post`` is its named person."""
    return _stage(child, [post.unit])


def _stage(child: Person, places: list[Unit]) -> str:
    today = clock.today()
    place = next((unit for unit in places if unit.kind in ("school", "activity")), None)
    starts = law.on(today).turning_day("named_person_school_from", child.birth_date) if child.birth_date else None
    return rules.stage_on(child.birth_date, today, starts, place.kind if place else "")


def _places(child: Person) -> list[Unit]:
    """The units that the child belongs to, the newest first."""
    rows = Involvement.objects.filter(child=child, reason=Reason.ATTENDS, until=None).select_related("unit")
    return [row.unit for row in rows.order_by("-since", "-id")]


def _post_by_stage(child: Person) -> Post | None:
    places = _places_told(child) if second_lock.holds() else _places(child)
    return _post_for(_stage(child, places), places)


def _places_told(child: Person) -> list[Unit]:
    there = second_lock.places_of(child.pk)
    return sorted(Unit.objects.filter(pk__in=there), key=lambda unit: there.index(unit.pk))


def _post_for(stage: str, places: list[Unit]) -> Post | None:
    unit = next((unit for unit in places if unit.kind in _KINDS[stage]), None)
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
    places = _places(child)
    stage = _stage(child, places)
    post = _post_for(stage, places)
    if post is None:
        raise Refused(no("We do not know which school or BVC the child belongs to. Ask the duty desk to help."))
    try:
        with transaction.atomic():
            return _begin(viewer, child, post, stage)
    except IntegrityError:  # somebody else was first
        winner = current_named_person(child)
        if winner is None:
            raise
        return winner


@transaction.atomic
def give_named_person(viewer: Viewer, child: Person, post: Post) -> NamedPerson:
    """Store that ``post`` is the named person from now on. An earlier one ends at the same moment; its duties move."""
    # Whoever changes the named person at the same time finishes first; what it stored is seen after this.
    list(Person.objects.select_for_update().filter(pk=child.pk).values_list("pk"))
    earlier = current_named_person(child)
    if earlier is not None:
        NamedPerson.objects.filter(pk=earlier.pk).update(until=clock.now())
        end_involvement(child, Reason.NAMED_PERSON, post_id=earlier.post_id)
    row = _begin(viewer, child, post, stage_with(child, post))
    if earlier is not None and move_duties(child, HangsOn.NAMED_PERSON, post):
        leave_what_is_not_read(viewer, child, post)
    return row


def _begin(viewer: Viewer, child: Person, post: Post, stage: str) -> NamedPerson:
    row = named_person_row(child, post, stage)
    begin_involvements(child, post, [Reason.NAMED_PERSON], source="circle")
    act(viewer, "named_person.began", [Subject("named_person", row.ref, child.ref, "holding")])
    return row


def named_person_row(child: Person, post: Post, stage: str) -> NamedPerson:
    """The row that says who it is from now on. Its reason around the child and its trail are the caller's to write."""
    return NamedPerson.objects.create(
        child=child, authority_id=post.unit.authority_id, post=post, stage=stage, since=clock.now()
    )


def named_persons_go_on_knowing() -> int:
    """Let the named person of a protected child go on knowing of the child, so that no child is without anybody; and
    whoever has something to do about it and knows, so that the work is not lost when half a year has gone.

    Safe to run twice at once; give how many reasons were given anew.
    """
    hidden = Q(child__protection__in=HIDDEN)
    named = NamedPerson.objects.filter(hidden, until=None).order_by("pk").values_list("child", "post")
    knows = standing(clock.now()).filter(person=OuterRef("child"), post=OuterRef("post"))
    work = Duty.objects.filter(hidden, Exists(knows), state=DutyState.OPEN).order_by("pk").values_list("child", "post")
    holders = list(dict.fromkeys([*named, *work]))
    children = Person.objects.in_bulk({child for child, _post in holders})
    return go_on_knowing((children[child], post) for child, post in holders)
