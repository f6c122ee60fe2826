"""The plan on paper is made outside the request, from references alone; what fails says nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django_tasks import task

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.reading import gather, ground
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.law.days import add_years, swedish_day
from samsyn.notices.actions import tell
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Post
from samsyn.organisations.presence import Capacity, as_post
from samsyn.organisations.resolution import Via
from samsyn.people.models import HIDDEN, Guardianship, Person
from samsyn.plans import rules
from samsyn.plans.changing import acting_post
from samsyn.plans.models import Plan, PlanPaper
from samsyn.plans.paper import PaperNotMade, print_plan
from samsyn.plans.paper.facts import Facts, facts_of, may_tell_where
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.predicate import explain
from samsyn.trail.actions import act, read
from samsyn.trail.rules import Subject


@transaction.atomic
def ask_for_paper(viewer: Viewer, plan: Plan, language: str) -> PlanPaper:
    """Ask for a PDF of the plan in a language of the house; it is made when this transaction is committed.

    Asking twice on a day for the same text gives the same paper. Raises Refused for a language that the house lacks.
    """
    require(rules.may_ask_for_paper(language=language, languages=dict(settings.LANGUAGES)))
    today = clock.today()
    plan = Plan.objects.select_for_update(of=("self",)).select_related("child").get(pk=plan.pk)
    asked = plan.papers.filter(
        language=language, plan_version=plan.version, asked_by_id=acting_post(viewer), failed_at=None
    )
    paper = next((one for one in still_true(asked, plan.child) if swedish_day(one.asked_at) == today), None)
    if paper is None:
        paper = PlanPaper.objects.create(
            plan=plan,
            child_id=plan.child_id,
            authority_id=plan.authority_id,
            language=language,
            plan_version=plan.version,
            asked_by_id=acting_post(viewer),
            asked_at=clock.now(),
        )
        act(viewer, "plan.paper_asked", [Subject("plan", plan.ref, plan.child.ref, plan.state)])
    if paper.made_at is None:
        make_paper.enqueue(str(paper.ref))
    return paper


def still_true(papers: Iterable[PlanPaper], child: Person) -> list[PlanPaper]:
    """Those of a child's papers that tell no more than one would that is made now: somebody may be protected since."""
    rows = list(papers)
    may_tell = bool(rows) and _may_tell_where(child)
    return [one for one in rows if may_tell or one.made_at is None or not one.tells_where]


def forget_papers() -> int:
    """Remove, with what stands on them, the papers that ``still_true`` does not give any more. Gives how many.

    One question, of all of them at once; safe to run twice at once. Asking again gives a paper that tells less.
    """
    today = clock.today()
    hidden = Person.objects.filter(protection__in=HIDDEN)
    wards = Guardianship.objects.filter(within(today), guardian__in=hidden.values("pk"))
    born = add_years(today, -law.on(today).age("custody_until"))
    not_grown = Q(child__birth_date=None) | Q(child__birth_date__gt=born)
    not_true = Q(child__in=hidden.values("pk")) | Q(not_grown, child__in=wards.values("child"))
    return PlanPaper.objects.filter(not_true, made_at__isnull=False, tells_where=True).delete()[0]


def _may_tell_where(child: Person) -> bool:
    return may_tell_where(child, guardians_today(child))


@task()
def make_paper(paper_ref: str) -> None:
    """Make the paper, once. Raises PaperNotMade, which holds nothing personal; the one who asked is told."""
    with suppress(Exception):
        _make(UUID(paper_ref))
        return
    # Out here: what is stored of a failed task must not hold the words that stood in the way, whatever fails next.
    paper_failed(UUID(paper_ref))
    raise PaperNotMade("The paper could not be made.")


def _make(ref: UUID) -> None:
    paper = PlanPaper.objects.select_related("asked_by__unit__authority__principal").get(ref=ref)
    if paper.made_at is not None:
        return
    viewer = _for_the_post(paper.asked_by)
    now = clock.now()
    with gather() as reading:
        facts, version, tells_where = _facts(viewer, paper)
        content, _ = print_plan(facts, int(now.timestamp()))
        with transaction.atomic():
            made = PlanPaper.objects.filter(pk=paper.pk, made_at=None).update(
                content=content, made_at=now, failed_at=None, plan_version=version, tells_where=tells_where
            )
            if made:
                read(viewer, "plan.paper_made", reading)
                _tell(paper, "plan_paper_ready")


def _facts(viewer: Viewer, paper: PlanPaper) -> tuple[Facts, int, bool]:
    """What stands on the paper, if the post that asked may still see the plan, the version that it tells of, and
    whether it tells of places."""
    with transaction.atomic():
        plan = Plan.objects.visible_to(viewer).select_related("child", "team", "authority").get(pk=paper.plan_id)
        tells_where = _may_tell_where(plan.child)  # first: who is hidden meanwhile is then at most said to stand there
        reason = explain(viewer, plan.child)
        ground(reason.ground if reason else "")
        with translation.override(paper.language):
            return facts_of(plan, clock.now()), plan.version, tells_where


def _for_the_post(post: Post) -> Viewer:
    """The house itself, seeing what the post that asked may see now, and no more."""
    return as_post(SYSTEM, Capacity(post, covering=False, via=Via.HOLDER))


def paper_failed(ref: UUID) -> None:
    """Note that a paper was not made, and let the post that asked know."""
    with transaction.atomic():
        paper = PlanPaper.objects.select_related("asked_by", "child", "plan").filter(ref=ref, made_at=None).first()
        if paper is not None:
            PlanPaper.objects.filter(pk=paper.pk).update(failed_at=clock.now())
            _tell(paper, "plan_paper_failed")


def _tell(paper: PlanPaper, text_key: str) -> None:
    tell(
        paper.asked_by,
        text_key,
        room="plan",
        object_ref=paper.plan.ref,
        child=paper.child,
        occasion=str(paper.ref),
    )
