"""What comes next for a child, and by when, as far as the reader may see it: questions, the plan, what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Sign
from samsyn.organisations.partnerships import deadlines_for
from samsyn.people.models import Person
from samsyn.plans.models import Action, Plan
from samsyn.sharing.actions import decided_by
from samsyn.sharing.models import Consent, ConsentAnswer

AGREED = 4
"""So many things that were agreed are told of; the plan has them all."""


@dataclass(frozen=True)
class Step:
    """One thing to come. ``who``: who does it, "" where the sentence says it. ``note``: what else is good to know.

    ``url``: where to do it or read more. ``yours``: it waits for the reader.
    """

    words: str
    by: date | None = None
    who: str = ""
    note: str = ""
    url: str = ""
    yours: bool = False


def steps_for(viewer: Viewer, children: Sequence[Person]) -> list[list[Step]]:
    """What comes next for each child, what waits for the reader first, then by day."""
    found: dict[int, list[Step]] = {child.pk: [] for child in children}
    _questions(viewer, found)
    _plans(viewer, found)
    _signs(viewer, found)
    last = date.max
    return [sorted(found[child.pk], key=lambda step: (not step.yours, step.by or last)) for child in children]


def _questions(viewer: Viewer, found: dict[int, list[Step]]) -> None:
    rows = Consent.objects.visible_to(viewer).filter(child__in=found, until__gte=clock.today())
    asked = list(rows.select_related("child", "asked_by__unit", "asked_by_person").order_by("asked_at", "pk"))
    answered = {row.consent_id for row in ConsentAnswer.objects.visible_to(viewer).filter(giver_id=viewer.person)}
    waiting = decided_by(viewer.person, asked) - answered
    words = _("A question waits for your answer. Yes and no are just as good.")
    note = _("Nothing is shared on it before you have answered.")
    for one in asked:
        if one.pk in waiting:
            who = f"{one.asked_by_person.full_name}, {one.asked_by.unit.name}"
            step = Step(words, who=who, note=note, url=address("question", one.ref), yours=True)
            found[one.child_id].append(step)


def _plans(viewer: Viewer, found: dict[int, list[Step]]) -> None:
    plans = Plan.objects.visible_to(viewer).filter(child__in=found).select_related("child")
    for plan in plans.filter(state__in=("offered", "active", "in_review")):
        if plan.state == "offered":
            words = _("A plan is ready to talk through with you.")
            found[plan.child_id].append(Step(words, url=address("plan", plan.ref), yours=True))
        elif plan.review_on is not None:
            words = _("You look together at how the plan works.")
            found[plan.child_id].append(Step(words, by=plan.review_on, url=address("plan", plan.ref)))
    todo = (
        Action.objects.visible_to(viewer)
        .filter(child__in=found, state="to_do", plan__state__in=("active", "in_review"))
        .select_related("child", "by_post__unit", "by_person")
        .order_by("due_on", "pk")
    )
    told: dict[int, int] = {}
    for action in todo:
        told[action.child_id] = told.get(action.child_id, 0) + 1
        if told[action.child_id] <= AGREED:
            yours = action.by_person_id == viewer.person
            found[action.child_id].append(Step(action.words, by=action.due_on, who=_who(action), yours=yours))


def _who(action: Action) -> str:
    if action.by_post is not None:
        return f"{action.by_post.title}, {action.by_post.unit.name}"
    return action.by_person.name if action.by_person is not None else ""


def _signs(viewer: Viewer, found: dict[int, list[Step]]) -> None:
    """A sign that has been talked through and not decided on: the answer has its day."""
    rows = Sign.objects.visible_to(viewer).filter(child__in=found, state="dialogue").select_related("child")
    sent = [(one.child_id, one.authority_id, one.sent_at) for one in rows if one.sent_at is not None]
    due = deadlines_for("decision_after_signal", [(authority, at) for _child, authority, at in sent])
    words = _("You get to know what comes of the talk that you had.")
    for (child, _authority, _at), deadline in zip(sent, due, strict=True):
        found[child].append(Step(words, by=deadline.latest_day))


def address(name: str, ref: UUID) -> str:
    """The address of a page of the portal about one thing."""
    return reverse(f"portal:{name}", args=[ref])
