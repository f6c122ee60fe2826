"""What the child and the guardians say of the plan, and the marks on the wheel. Nothing here is ever rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Area
from samsyn.people.models import Person
from samsyn.plans import rules
from samsyn.plans.changing import acting_post, for_taking_part, note_change
from samsyn.plans.models import Plan, PlanState, View, ViewKind, WheelMark
from samsyn.sharing.actions import guardians_today
from samsyn.trail.rules import Subject


@dataclass(frozen=True)
class ViewText:
    """A view as written: said, preferred not to, or too young and observed; quoted exactly."""

    kind: ViewKind
    words: str = ""
    through_interpreter: bool = False
    disagrees: bool = False


def number_spoken_of(plan: Plan) -> int:
    """Which version a view recorded now is about: the one in force, or the one that is being written."""
    return plan.agreed_number if plan.state == PlanState.ACTIVE else plan.agreed_number + 1


def newest_views(plan: Plan, number: int) -> dict[int, View]:
    """The newest view of each person on one version, by the person's row id."""
    return {view.whose_id: view for view in plan.views.filter(number=number).order_by("id")}


@transaction.atomic
def record_view(viewer: Viewer, plan: Plan, whose: Person, text: ViewText) -> View:
    """Write down what the child or a guardian says of the plan. A second view is one more row.

    Raises Refused when the plan has ended, or when it is nobody's own view.
    """
    words = clean_text(text.words, rules.LONGEST_TEXT, field="words")
    plan = for_taking_part(viewer, plan)
    require(
        rules.may_record_view(
            state=plan.state,
            kind=text.kind,
            words=words,
            is_child=whose.pk == plan.child_id,
            is_guardian=any(row.guardian_id == whose.pk for row in guardians_today(plan.child)),
        )
    )
    view = View.objects.create(
        plan=plan,
        child_id=plan.child_id,
        authority_id=plan.authority_id,
        whose=whose,
        number=number_spoken_of(plan),
        kind=text.kind,
        words=words,
        through_interpreter=text.through_interpreter,
        disagrees=text.disagrees,
        at=clock.now(),
        recorded_by_id=acting_post(viewer),
    )
    note_change(
        viewer,
        plan,
        "view_recorded",
        item_ref=view.ref,
        subjects=[Subject("view", view.ref, plan.child.ref, view.kind)],
    )
    return view


@transaction.atomic
def mark_wheel(
    viewer: Viewer,
    plan: Plan,
    by_child: bool,
    values: Mapping[str, int],
    words: Mapping[str, str] | None = None,
    *,
    made_on: date | None = None,
) -> list[WheelMark]:
    """Set marks on the wheel: area to 1–5, by the child or by the adults, with words for an area where there are any.

    ``made_on``: the day they were made, today when not given. Raises Refused.
    """
    day = made_on or clock.today()
    said = {area: clean_line((words or {}).get(area, ""), rules.LONGEST_LINE, field=f"words_{area}") for area in values}
    plan = for_taking_part(viewer, plan)
    require(rules.may_mark(state=plan.state, values=values, areas=Area.values))
    require(rules.happened(day, on=clock.today(), field="made_on"))
    marks = [
        WheelMark(
            plan=plan,
            child_id=plan.child_id,
            authority_id=plan.authority_id,
            area=area,
            by_child=by_child,
            value=value,
            words=said[area],
            made_on=day,
            at=clock.now(),
            recorded_by_id=acting_post(viewer),
        )
        for area, value in values.items()
    ]
    made = WheelMark.objects.bulk_create(marks)
    note_change(viewer, plan, "wheel_marked")
    return made
