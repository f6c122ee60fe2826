"""The way of a child's matter as the reader may see it: what has been, what waits now, what comes, who and by when.

Every step is a row that this reader sees. What is withheld leaves no step behind, and no number that jumps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from samsyn.circle.models import Membership
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.early_signals.models import Request, RequestState, Sign, SignKind, SignState, Talk
from samsyn.look.addresses import address
from samsyn.look.dates import swedish_day
from samsyn.organisations.partnerships import deadlines_for
from samsyn.people.models import Person
from samsyn.plans.models import Action, ActionState, Plan, PlanState
from samsyn.sharing.actions import decided_by
from samsyn.sharing.models import Consent, ConsentAnswer, ConsentStep

AGREED = 4
"""So many things that were agreed are told of; the plan has them all."""
BEHIND = 4
"""So many steps behind are shown: the newest. What was before them is no longer where one is now."""
ASKED = (RequestState.SENT, RequestState.COUNTERED, RequestState.AGREED)
IN_FORCE = (PlanState.ACTIVE, PlanState.IN_REVIEW)


@dataclass(frozen=True)
class Done:
    """One step behind: what happened, on which day, and where to read it ("" for nowhere)."""

    words: str
    on: date
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One thing to come. ``who``: who does it, "" where the sentence says it. ``note``: what else is good to know.

    ``seen_to``: whoever answers for it, "named" or "lead", where no ``who`` is known; ``team``: row id of the one whose
    lead it is, since two authorities may have one each. ``url``, ``verb``: where to do it
    or read more, and what that is called. ``yours``: it waits for the reader.
    """

    words: str
    by: date | None = None
    who: str = ""
    seen_to: str = ""
    team: int = 0
    note: str = ""
    url: str = ""
    verb: str = ""
    yours: bool = False


@dataclass
class Way:
    """The steps of one child: ``behind`` from the oldest, ``ahead`` with what waits for the reader first."""

    behind: list[Done] = field(default_factory=list)
    ahead: list[Step] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Is there any step to show."""
        return bool(self.behind or self.ahead)


def ways_for(viewer: Viewer, children: Sequence[Person]) -> list[Way]:
    """The way of each child. As many questions to the database for ten children as for one."""
    found = {child.pk: Way() for child in children}
    _questions(viewer, found)
    _plans(viewer, found)
    _signs(viewer, found)
    _requests(viewer, found)
    _teams(viewer, found)
    last = date.max
    for way in found.values():
        way.behind = sorted(way.behind, key=lambda done: done.on)[-BEHIND:]
        way.ahead.sort(key=lambda step: (not step.yours, step.by or last))
    return [found[child.pk] for child in children]


def _questions(viewer: Viewer, found: dict[int, Way]) -> None:
    rows = Consent.objects.visible_to(viewer).filter(child__in=found)
    asked = {one.pk: one for one in rows.select_related("child", "asked_by__unit", "asked_by_person")}
    own = ConsentAnswer.objects.visible_to(viewer).filter(giver_id=viewer.person, consent__in=asked)
    answers = {row.consent_id: row for row in own.select_related("child").order_by("pk")}
    in_time = [one for one in asked.values() if one.until >= clock.today()]
    waiting = decided_by(viewer.person, in_time) - answers.keys()
    for one in sorted(in_time, key=lambda one: (one.asked_at, one.pk)):
        if one.pk in waiting:
            found[one.child_id].ahead.append(_question(one))
    words = {
        ConsentStep.GIVEN: _("You said yes to a question."),
        ConsentStep.REFUSED: _("You said no to a question."),
        ConsentStep.WITHDRAWN: _("You took a yes back."),
    }
    for row in answers.values():
        there = address("portal:question", asked[row.consent_id].ref)
        done = Done(words[ConsentStep(row.step)], swedish_day(row.at), there)
        found[row.child_id].behind.append(done)


def _question(asked: Consent) -> Step:
    return Step(
        _("A question waits for your answer. Yes and no are just as good."),
        who=f"{asked.asked_by_person.full_name}, {asked.asked_by.unit.name}",
        note=_("Nothing is shared on it before you have answered."),
        url=address("portal:question", asked.ref),
        verb=_("Read the question"),
        yours=True,
    )


def _plans(viewer: Viewer, found: dict[int, Way]) -> None:
    read = _("Read the plan")
    for plan in Plan.objects.visible_to(viewer).filter(child__in=found).select_related("child"):
        way, there = found[plan.child_id], address("portal:plan", plan.ref)
        if plan.agreed_at is not None:
            way.behind.append(Done(_("You agreed on a plan."), swedish_day(plan.agreed_at), there))
        if plan.state == PlanState.OFFERED:
            words = _("A plan is ready to talk through with you.")
            way.ahead.append(Step(words, seen_to="lead", team=plan.team_id, url=there, verb=read, yours=True))
        elif plan.state in IN_FORCE and plan.review_on is not None:
            words = _("You look together at how the plan works.")
            by = plan.review_on
            way.ahead.append(Step(words, by=by, seen_to="lead", team=plan.team_id, url=there, verb=read))
        elif plan.state == PlanState.CLOSED and plan.closed_at is not None:
            way.behind.append(Done(_("The plan was finished."), swedish_day(plan.closed_at), there))
    todo = (
        Action.objects.visible_to(viewer)
        .filter(child__in=found, state=ActionState.TO_DO, plan__state__in=IN_FORCE)
        .select_related("child", "by_post__unit", "by_person")
        .order_by("due_on", "pk")
    )
    told: dict[int, int] = {}
    for action in todo:
        told[action.child_id] = told.get(action.child_id, 0) + 1
        if told[action.child_id] <= AGREED:
            yours = action.by_person_id == viewer.person
            step = Step(action.words, by=action.due_on, who=_who(action), yours=yours)
            found[action.child_id].ahead.append(step)


def _who(action: Action) -> str:
    if action.by_post is not None:
        return f"{action.by_post.title}, {action.by_post.unit.name}"
    return action.by_person.name if action.by_person is not None else ""


def _signs(viewer: Viewer, found: dict[int, Way]) -> None:
    """What was noticed and has been talked through; and while it is not decided on, the day that the answer has.

    What was decided is not told here: that help is asked for may be kept from a reader who may read the sign.
    """
    rows = list(Sign.objects.visible_to(viewer).filter(child__in=found).select_related("child"))
    for one in rows:
        good = one.kind == SignKind.STRENGTH
        words = _("Somebody noticed something good.") if good else _("Somebody noticed something, and told.")
        _add(found[one.child_id], words, one.sent_at)
        _add(found[one.child_id], _("It was decided what comes next."), one.decided_at)
    for talk in Talk.objects.visible_to(viewer).filter(child__in=found).select_related("child"):
        found[talk.child_id].behind.append(Done(_("You talked about it together."), talk.held_on))
    sent = [(one.child_id, one.authority_id, one.sent_at) for one in rows if one.state == SignState.DIALOGUE]
    timed = [(child, authority, at) for child, authority, at in sent if at is not None]
    due = deadlines_for("decision_after_signal", [(authority, at) for _child, authority, at in timed])
    words = _("You get to know what comes of the talk that you had.")
    for (child, _authority, _at), deadline in zip(timed, due, strict=True):
        found[child].ahead.append(Step(words, by=deadline.latest_day, seen_to="named"))


def _requests(viewer: Viewer, found: dict[int, Way]) -> None:
    """Who has been asked for help. Told only where somebody has decided that the reader sees it."""
    rows = Request.objects.visible_to(viewer).filter(child__in=found).select_related("child", "to_unit")
    for one in rows.order_by("sent_at", "pk"):
        if one.state in ASKED:
            words = _("%(unit)s has been asked for help, and answers.") % {"unit": one.to_unit.name}
            found[one.child_id].ahead.append(Step(words, seen_to="named"))
        elif one.state in (RequestState.ACCEPTED, RequestState.DONE):
            _add(found[one.child_id], _("%(unit)s said yes to help.") % {"unit": one.to_unit.name}, one.answered_at)


def _teams(viewer: Viewer, found: dict[int, Way]) -> None:
    leads = Membership.objects.visible_to(viewer).filter(child__in=found, is_lead=True)
    for one in leads.select_related("child"):
        _add(found[one.child_id], _("A team began to work together with you."), one.since)


def _add(way: Way, words: str, at: datetime | None) -> None:
    if at is not None:
        way.behind.append(Done(words, swedish_day(at)))
