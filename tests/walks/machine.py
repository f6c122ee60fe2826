"""A walk: villagers do what the house lets them do, in any order, and time passes. After every step all must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from samsyn.circle import rules as circle_rules
from samsyn.circle.actions import current_named_person
from samsyn.circle.models import Handover, HandoverKind, Membership, Team
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty
from samsyn.early_signals import rules as sign_rules
from samsyn.early_signals.actions import settle
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations.models import Absence, Post
from samsyn.people.models import Person
from samsyn.plans import rules as plan_rules
from samsyn.plans.models import Action, Plan
from samsyn.site.tick import tick
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.invariants import (
    OPEN_PLAN,
    OPEN_REQUEST,
    OPEN_SIGN,
    Watch,
    replay_from_the_start,
    replays,
    swept,
    what_is_to_be_done_can_be_read,
    whose_duties,
)
from tests.walks.town import Town

which = st.integers(min_value=0, max_value=11)
seldom = st.integers(min_value=0, max_value=5).map(lambda drawn: drawn == 0)


def pick(rows: Iterable[Any], number: int) -> Any:
    """The row that this number picks, the same for the same world."""
    there = list(rows)
    return there[number % len(there)]


class LifeAroundChildren(RuleBasedStateMachine):
    """Four children, eleven members of staff in four authorities. ``town`` is set by whoever runs the walk."""

    town: ClassVar[Town]

    def __init__(self) -> None:
        super().__init__()
        self.undoing = ExitStack()
        self.undoing.enter_context(transaction.atomic())
        self.undoing.enter_context(clock.at(NOW))
        self.watch = Watch()
        self.may_move = True

    def teardown(self) -> None:
        """See that all that is left to do can be opened, read the whole trail once more, and undo everything."""
        try:
            what_is_to_be_done_can_be_read(self.town.acting)
            replays(replay_from_the_start(), Sign.objects.all(), Request.objects.all())
        finally:
            transaction.set_rollback(True)
            self.undoing.close()

    @invariant()
    def everything_holds(self) -> None:
        """Look at the whole world."""
        self.watch.look(may_move=self.may_move)
        self.may_move = False

    def attempt(self, do: Callable[[], object]) -> None:
        """Do it, or be refused: a rule's no is a step like any other, and must leave nothing half done."""
        with suppress(Refused):
            do()

    def who(self, right: Post, number: int, stranger: bool) -> Viewer:
        """Whoever answers for the right post, or now and then for another one."""
        return self.town.acting(pick(self.town.posts, number) if stranger else right)

    def named(self, number: int, child: Person | None = None) -> tuple[Person, Post]:
        """A child with a named person, and the post that it is."""
        known = [one for one in self.town.children if current_named_person(one) is not None]
        found = child if child is not None else pick(known, number)
        row = current_named_person(found)
        assert row is not None
        return found, row.post

    # --- signs and requests -------------------------------------------------------------------------------------------

    @rule(child=which, noticer=which, sent=st.booleans(), anything=seldom)
    def somebody_notices(self, child: int, noticer: int, sent: bool, anything: bool) -> None:
        """A draft is begun, or one is sent; now and then an empty one is begun, or one thrown away."""
        drafts = list(Sign.objects.filter(state="draft").select_related("child").order_by("pk"))
        if sent and drafts:
            sign = pick(drafts, child)
            viewer = self.who(sign.noticer_post, noticer, anything)
            self.attempt(lambda: deeds.send(self.town, viewer, sign) if noticer else deeds.discard(viewer, sign))
        else:
            viewer = self.town.acting(pick(self.town.posts, noticer))
            self.attempt(lambda: deeds.note(viewer, pick(self.town.children, child), empty=anything))

    @rule(number=which, verb=which, decision=which, anything=seldom, stranger=seldom)
    def a_sign_takes_a_step(self, number: int, verb: int, decision: int, anything: bool, stranger: bool) -> None:
        signs = Sign.objects.exclude(state="draft").select_related("child").order_by("-pk")
        sign = pick([one for one in signs if one.state in OPEN_SIGN] or signs, number)
        possible = sign_rules.verbs(sign_rules.SIGN_STEPS, sign.state)
        word = pick(deeds.SIGN_VERBS if anything or not possible else possible, verb)
        viewer = self.who(self.named(0, sign.child)[1], decision, stranger)
        same_child = [one for one in signs if one.child_id == sign.child_id and one.pk != sign.pk]
        into = pick(same_child if same_child and not anything else signs, decision)
        self.attempt(lambda: deeds.sign_step(viewer, sign, word, decision, into))

    @rule(number=which, unit=which, about_sign=st.booleans(), with_sign=st.booleans(), stranger=seldom)
    def somebody_asks_for_help(self, number: int, unit: int, about_sign: bool, with_sign: bool, stranger: bool) -> None:
        ready = Sign.objects.filter(state__in=("dialogue", "decided")).select_related("child").order_by("-pk")
        sign = pick(ready, number) if about_sign and ready else None
        child, named = self.named(number, sign.child if sign is not None else None)
        viewer = self.who(named, number, stranger)
        to_unit = pick(self.town.units, unit)
        self.attempt(lambda: deeds.ask(self.town, viewer, child, sign, to_unit, with_sign))

    @precondition(lambda self: Request.objects.filter(state__in=OPEN_REQUEST).exists())
    @rule(number=which, verb=which, anything=seldom, stranger=seldom)
    def a_request_takes_a_step(self, number: int, verb: int, anything: bool, stranger: bool) -> None:
        requests = Request.objects.select_related("child", "to_post__unit__authority__principal", "sign").order_by(
            "-pk"
        )
        request = pick([one for one in requests if one.state in OPEN_REQUEST or anything], number)
        possible = sign_rules.verbs(sign_rules.REQUEST_STEPS, request.state)
        word = pick(deeds.REQUEST_VERBS if anything or not possible else possible, verb)
        viewer = self.who(deeds.answers(request, word), verb, stranger)
        self.attempt(lambda: deeds.request_step(viewer, request, word))

    @precondition(lambda self: Duty.objects.filter(what="unstick", state="open").exists())
    @rule(number=which, anything=seldom)
    def somebody_above_helps_on(self, number: int, anything: bool) -> None:
        duties = Duty.objects.filter(what="unstick").select_related("post__unit__authority__principal")
        duty = pick(duties.order_by("-pk") if anything else duties.filter(state="open").order_by("pk"), number)
        self.attempt(lambda: settle(self.town.acting(duty.post), duty))

    # --- the circle ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: Team.objects.exclude(state="closed").count() < len(self.town.children) + 2)
    @rule(child=which, members=st.sets(which, min_size=1, max_size=3), anything=seldom, stranger=seldom)
    def a_team_is_proposed(self, child: int, members: set[int], anything: bool, stranger: bool) -> None:
        known = [one for one in self.town.children if current_named_person(one) is not None]
        without = [one for one in known if not self.town.has_team(one)]
        one, named = self.named(0, pick(known if anything or not without else without, child))
        posts = [pick(self.town.posts, member) for member in sorted(members)]
        viewer = self.who(named, child, stranger)
        self.attempt(lambda: deeds.propose(self.town, viewer, one, posts))

    @rule(number=which, verb=which, member=which, anything=seldom, stranger=seldom)
    def a_team_takes_a_step(self, number: int, verb: int, member: int, anything: bool, stranger: bool) -> None:
        teams = Team.objects.select_related("child").order_by("-pk")
        team = pick([one for one in teams if one.state != "closed" or anything] or teams, number)
        steps = [step.verb for step in circle_rules.TEAM_STEPS if step.state == team.state]
        word = pick(deeds.TEAM_VERBS if anything or not steps else [*steps, "add", "remove", "plan"], verb)
        viewer = self.who(self.named(0, team.child)[1], member, stranger)
        self.attempt(lambda: deeds.team_step(self.town, viewer, team, word, pick(self.town.posts, member)))

    @rule(child=which, to=which, kind=st.sampled_from(HandoverKind), anything=seldom, stranger=seldom)
    def the_baton_is_offered(self, child: int, to: int, kind: HandoverKind, anything: bool, stranger: bool) -> None:
        offered = set(Handover.objects.filter(state="proposed", kind=kind).values_list("child", flat=True))
        known = [one for one in self.town.children if current_named_person(one) is not None]
        one = pick([one for one in known if one.pk not in offered or anything] or known, child)
        holder = self.named(0, one)[1]
        to_post = pick(self.town.posts, to)
        members = Membership.objects.filter(child=one, until=None, team__state="active").order_by("-pk")
        rows = list(members.select_related("post__unit__authority__principal"))
        if kind == HandoverKind.LEAD and rows:
            holder, to_post = next(row.post for row in rows if row.is_lead), pick(rows, to).post
        viewer = self.who(holder, to, stranger)
        self.attempt(lambda: deeds.offer_baton(self.town, viewer, one, kind, to_post))

    @precondition(lambda self: Handover.objects.filter(state="proposed").exists())
    @rule(number=which, verb=st.sampled_from(("accept", "accept", "reject", "withdraw")), anything=seldom)
    def an_offer_is_answered(self, number: int, verb: str, anything: bool) -> None:
        place = "unit__authority__principal"
        offers = Handover.objects.select_related("child", f"from_post__{place}", f"to_post__{place}").order_by("-pk")
        offer = pick(offers if anything else offers.filter(state="proposed"), number)
        viewer = self.who(offer.from_post if verb == "withdraw" else offer.to_post, number, anything)
        self.may_move = verb == "accept" and offer.state == "proposed" and viewer.post == offer.to_post_id
        self.attempt(lambda: deeds.baton_step(viewer, offer, verb))

    @precondition(lambda self: Handover.objects.filter(state="accepted").exists())
    @rule(number=which)
    def the_new_one_meets_the_family(self, number: int) -> None:
        offers = Handover.objects.filter(state="accepted").select_related("child").order_by("-pk")
        offer = pick(offers.select_related("to_post__unit__authority__principal"), number)
        self.attempt(lambda: deeds.baton_step(self.town.acting(offer.to_post), offer, "met"))

    # --- the plan -----------------------------------------------------------------------------------------------------

    @rule(number=which, verb=which, days=which, anything=seldom, stranger=seldom)
    def a_plan_takes_a_step(self, number: int, verb: int, days: int, anything: bool, stranger: bool) -> None:
        plans = Plan.objects.select_related("child", "team").order_by("-pk")
        plan = pick([one for one in plans if one.state in OPEN_PLAN] or plans, number)
        possible = [step.verb for step in plan_rules.PLAN_STEPS if step.state == plan.state]
        words = deeds.PLAN_VERBS if anything or not possible else [*possible, *possible, "write", "hear"]
        viewer = self.who(self.named(0, plan.child)[1], number, stranger)
        self.attempt(lambda: deeds.plan_step(self.town, viewer, plan, pick(words, verb), days * 3))

    @rule(number=which, how=which, anything=seldom)
    def something_in_a_plan_is_done(self, number: int, how: int, anything: bool) -> None:
        rows = Action.objects.select_related("plan__child", "by_post__unit__authority__principal", "plan__team")
        action = pick([one for one in rows.order_by("-pk") if one.state == "to_do"] or rows.order_by("-pk"), number)
        viewer = self.who(action.by_post, how, anything)
        self.attempt(lambda: deeds.decide_action(viewer, action, how))

    # --- the family, the staff and time -------------------------------------------------------------------------------

    @rule(child=which, giver=which, verb=st.sampled_from(("withdrawn", "refused", "given")))
    def the_family_thinks_again(self, child: int, giver: int, verb: str) -> None:
        one, named = self.named(child)
        self.attempt(lambda: deeds.think_again(self.town.acting(named), one, giver, verb))

    @rule(number=which, by=which, days=which, deed=st.sampled_from(("away", "away", "back", "cover", "change")))
    def the_staff_changes(self, number: int, by: int, days: int, deed: str) -> None:
        post = pick(self.town.posts, number)
        colleagues = [one for one in self.town.posts if one.unit.authority_id == post.unit.authority_id]
        absences = Absence.objects.order_by("-pk")
        if deed == "cover":
            self.attempt(lambda: deeds.cover(post, pick(colleagues, by), days))
        elif deed == "change":
            self.attempt(lambda: deeds.leave_or_come(post, for_good=by == 0))
        elif deed == "back" and absences:
            self.attempt(lambda: deeds.be_back(pick(absences, number)))
        else:
            self.attempt(lambda: deeds.be_away(post, days))

    @rule(days=st.sampled_from((0, 1, 1, 3, 8, 20, 60)))
    def time_passes(self, days: int) -> None:
        """And the house ticks: what is overdue is copied upwards once, and nothing moves."""
        self.undoing.enter_context(clock.at(clock.now() + timedelta(days=days)))
        before = whose_duties()
        tick()
        after = whose_duties()
        moved = {duty for duty, post in before.items() if after.get(duty, post) != post}
        assert not moved, "I17: an escalation moved a duty"
        swept(clock.now())
        assert not any(tick().values()), "I17: a second sweep did something again"
