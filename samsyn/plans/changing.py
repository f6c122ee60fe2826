"""What every change of a plan goes through: the lock, who takes part, did somebody write meanwhile, and the trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from samsyn.circle.models import Membership, NamedPerson, TeamState
from samsyn.common import clock
from samsyn.common.decision import Decision, Refused, require
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.plans import rules
from samsyn.plans.models import Plan, PlanChange
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

TEXT_CHANGES = (
    "heading_changed",
    "need_added",
    "need_changed",
    "need_removed",
    "goal_added",
    "goal_changed",
    "goal_removed",
    "action_added",
    "action_changed",
    "action_removed",
)
STATE_CHANGES = ("offered", "agreed", "declined", "review_started", "review_finished", "closed")


class StaleEdit(Refused):
    """Somebody else changed the plan after the writer's page was made.

    ``changes``: what was changed since, oldest first. ``version``: the plan's version now; with it the same text saves.
    """

    def __init__(self, decision: Decision, changes: Sequence[PlanChange], version: int) -> None:
        super().__init__(decision)
        self.changes = list(changes)
        self.version = version


@dataclass(frozen=True)
class Role:
    """What a post is to a plan just now. Names are those of the rules' arguments."""

    is_lead: bool
    is_named_person: bool
    is_member: bool


def role_of(viewer: Viewer, plan: Plan) -> Role:
    """What the viewer's post is to this plan: lead, named person, member of the open team."""
    if viewer.post is None:
        return Role(False, False, False)
    row = (
        Membership.objects.filter(team_id=plan.team_id, post_id=viewer.post, until=None)
        .exclude(team__state=TeamState.CLOSED)
        .first()
    )
    named = NamedPerson.objects.filter(child_id=plan.child_id, post_id=viewer.post, until=None).exists()
    return Role(is_lead=row is not None and row.is_lead, is_named_person=named, is_member=row is not None)


def has_part(viewer: Viewer, plan: Plan) -> bool:
    """Is the plan the viewer's work: of the own authority, of a unit that is or was in the team, or as named person.

    Whoever only reads a plan that was shared with them, or in an emergency, has no part in it.
    """
    if role_of(viewer, plan).is_named_person:
        return True
    if plan.authority_id == viewer.authority:
        at_work = replace(viewer, acts=True)  # what is read in an emergency is there for nobody who acts
        return Plan.objects.visible_to(at_work).filter(pk=plan.pk).exists()
    return Membership.objects.filter(team_id=plan.team_id, unit_id=viewer.unit or 0).exists()


def acting_post(viewer: Viewer) -> int:
    """Row id of the post that acts.

    Raises PermissionError for a viewer without a post: the rules have said no before this.
    """
    if viewer.post is None:
        raise PermissionError("Only a post can act here.")
    return viewer.post


def locked(plan: Plan) -> Plan:
    """The plan as it is now, held until the transaction ends."""
    return (
        Plan.objects.select_for_update(of=("self",))
        .select_related("child", "authority", "team__consent", "consent")
        .get(pk=plan.pk)
    )


def require_fresh(plan: Plan, version: int) -> None:
    """Go on only when nobody has changed text or state since ``version``. Views, marks and what was done never clash.

    Raises StaleEdit with what was changed.
    """
    changes = list(
        PlanChange.objects.filter(plan=plan, version__gt=version, what__in=TEXT_CHANGES + STATE_CHANGES)
        .select_related("by_post", "by_person")
        .order_by("version")
    )
    decision = rules.nobody_wrote_meanwhile(len(changes))
    if not decision:
        raise StaleEdit(decision, changes, plan.version)


def for_writing(viewer: Viewer, plan: Plan, version: int) -> Plan:
    """The locked plan, when the viewer may write in it and nobody wrote meanwhile.

    Raises Refused, or StaleEdit.
    """
    plan = locked(plan)
    role = role_of(viewer, plan)
    require(
        rules.may_write(
            is_lead=role.is_lead, is_named_person=role.is_named_person, is_member=role.is_member, state=plan.state
        )
    )
    require_fresh(plan, version)
    return plan


def for_taking_part(viewer: Viewer, plan: Plan) -> Plan:
    """The locked plan, when the viewer is one of those who make it. Raises Refused."""
    plan = locked(plan)
    role = role_of(viewer, plan)
    require(rules.takes_part(is_lead=role.is_lead, is_named_person=role.is_named_person, is_member=role.is_member))
    return plan


def for_a_step(viewer: Viewer, plan: Plan, verb: str, version: int) -> Plan:
    """The locked plan, when the viewer may take it to its next state and it is as the viewer saw it.

    Raises Refused, or StaleEdit.
    """
    plan = locked(plan)
    role = role_of(viewer, plan)
    require(rules.holds_together(is_lead=role.is_lead, is_named_person=role.is_named_person))
    require(rules.is_possible(plan.state, verb))
    require_fresh(plan, version)
    return plan


def note_change(
    viewer: Viewer,
    plan: Plan,
    what: str,
    *,
    item_ref: UUID | None = None,
    was: str = "",
    became: str = "",
    fields: Sequence[str] = (),
    subjects: Sequence[Subject] = (),
) -> None:
    """Count the change, save ``fields`` of the plan with it, keep what it was, and write the trail."""
    plan.version += 1
    plan.save(update_fields=["version", *fields])
    PlanChange.objects.create(
        plan=plan,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        version=plan.version,
        what=what,
        item_ref=item_ref or plan.ref,
        was=was,
        became=became,
        at=clock.now(),
        by_post_id=acting_post(viewer),
        by_person_id=viewer.person,
    )
    act(viewer, f"plan.{what}", [Subject("plan", plan.ref, plan.child.ref, plan.state), *subjects])


def tell_team(viewer: Viewer, plan: Plan, text_key: str) -> None:
    """Queue a notice to everyone in the team but the one who did it."""
    rows = Membership.objects.filter(team_id=plan.team_id, until=None).select_related("post")
    for row in rows:
        if row.post_id != viewer.post:
            tell(
                row.post,
                text_key,
                room="plan",
                object_ref=plan.ref,
                child=plan.child,
                occasion=str(plan.version),
            )
