"""What makes a text the plan in force: everybody's views, the family's yes, a lead, a day; and what follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from samsyn.circle.models import Membership
from samsyn.circle.team_actions import team_ground, units_outside
from samsyn.common import clock
from samsyn.common.decision import Decision, no, require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.plans import rules
from samsyn.plans.changing import acting_post, note_change
from samsyn.plans.models import IN_FORCE, Action, Plan, PlanState, PlanVersion
from samsyn.plans.partnership import latest_review_day
from samsyn.plans.promises import KIND, left_to_do, open_promises, take_up_again
from samsyn.plans.versions import content_of
from samsyn.plans.view_actions import newest_views
from samsyn.plans.who_does_what import family, team_posts
from samsyn.sharing.actions import consent_stands, disclose, guardians_today
from samsyn.sharing.models import Consent, Errand
from samsyn.sharing.predicate import units_reading


def open_to_team(viewer: Viewer, plan: Plan) -> None:
    """Let each unit of the team outside the plan's authority read the plan, on the team's consent; once a unit.

    Called when the plan begins; call it when somebody has joined the team meanwhile, or when the team rests on a newer
    yes: then the plan does so too, and what was promised where it could not be read is to be done again.
    """
    _open_to_units(viewer, plan)
    take_up_again(plan)


def _open_to_units(viewer: Viewer, plan: Plan) -> None:
    reading = units_reading(KIND, plan.ref)
    for row in units_outside(plan.team, plan.authority):
        if row.unit_id not in reading:
            disclose(viewer, plan.child, plan.authority, row.unit, [(KIND, plan.ref)], team_ground(plan.team))
    newer = plan.team.consent
    if plan.state in IN_FORCE and newer is not None and newer.pk != plan.consent_id and consent_stands(newer):
        plan.consent = newer
        plan.save(update_fields=["consent"])


def put_in_force(
    viewer: Viewer, plan: Plan, what: str, *, review_on: date | None, counted_from: date, rule: str
) -> None:
    """Make the text the version in force, when everything that it rests on is there. The caller holds the team.

    ``rule``: the row of law that says how long until the review, counted from ``counted_from``. Raises Refused.
    """
    number = plan.agreed_number + 1
    today = clock.today()
    views = newest_views(plan, number)
    lead = lead_of_plan(plan)
    left = left_to_do(plan)
    posts, relatives = team_posts(plan), family(plan)
    child_view = views.get(plan.child_id)
    require(
        rules.may_agree(
            consent=_consent_for(plan),
            reaches_outside=bool(units_outside(plan.team, plan.authority)),
            lead=lead is not None,
            child_view=child_view.kind if child_view else None,
            guardians_missing=sum(row.guardian_id not in views for row in guardians_today(plan.child)),
            review_on=review_on,
            on=today,
            latest_review=latest_review_day(plan.authority_id, rule, counted_from),
            rule=rule,
            late=sum(action.due_on < today for action in left),
            without_doer=sum(
                action.by_post_id not in posts and action.by_person_id not in relatives for action in left
            ),
        )
    )
    assert lead is not None
    assert review_on is not None
    plan.state = PlanState.ACTIVE
    plan.agreed_number = number
    plan.review_on = review_on
    plan.agreed_at = clock.now()
    note_change(viewer, plan, what, fields=["state", "agreed_number", "review_on", "agreed_at", "consent"])
    PlanVersion.objects.create(
        plan=plan,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        number=number,
        content=content_of(plan, number),
        at=plan.agreed_at,
        by_post_id=acting_post(viewer),
    )
    _open_to_units(viewer, plan)
    _open_duties(plan, lead, left, review_on, rule)


def yes_to_plan(plan: Plan) -> Consent | None:
    """The yes that the plan can rest on.

    One that stands, when there is one; else the one that was asked for first, which says what is missing.
    """
    found = could_rest_on(plan)
    return next((one for one in found if consent_stands(one)), found[0] if found else None)


def could_rest_on(plan: Plan) -> list[Consent]:
    """The questions whose yes the plan can rest on: its own, its team's, inside one authority the newest one to a plan.

    Who puts the plan in force holds them first: a yes that is taken back at that moment comes before it, or after it.
    """
    found = [one for one in (plan.consent, plan.team.consent) if one is not None]
    if not units_outside(plan.team, plan.authority):
        asked = Consent.objects.filter(child=plan.child_id, authority=plan.authority_id, errand=Errand.PLAN)
        found += asked.select_related("child").order_by("-pk")[:1]
    return found


def _consent_for(plan: Plan) -> Decision | None:
    if plan.consent is None:
        return None
    if plan.consent.child_id != plan.child_id or plan.consent.authority_id != plan.authority_id:
        return no("That yes is about something else.", rule="consent", field="consent")
    return consent_stands(plan.consent)


def _open_duties(plan: Plan, lead: Membership, left: Sequence[Action], review_on: date, rule: str) -> None:
    """The lead looks back on the agreed day; each post does what it has promised by its day."""
    end_duties(plan.ref, "finish_plan", "review_plan")
    open_duty(
        lead.post,
        "review_plan",
        child=plan.child,
        room="plan",
        object_ref=plan.ref,
        rule=rule,
        start=clock.now(),
        hangs_on=HangsOn.LEAD,
        due_on=review_on,
    )
    open_promises(plan, left)


def lead_of_plan(plan: Plan) -> Membership | None:
    """The member of the plan's team that leads now."""
    return plan.team.memberships.filter(is_lead=True, until=None).select_related("post__unit").first()
