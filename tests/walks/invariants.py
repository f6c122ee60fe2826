"""What must hold after every step of every walk (domain: working model, section 5). The numbers are the model's own.

Written from the rows alone: no rule, predicate or action of the product is asked whether it agrees with itself. Only at
the end the predicate is asked whether what is left to do can be read by who is to do it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from django.db.models import Q

from samsyn.circle.models import Handover, Membership, NamedPerson, Team
from samsyn.common import clock
from samsyn.common.models import Referenced
from samsyn.common.viewer import NOBODY, Viewer
from samsyn.duties.models import Duty, Escalation
from samsyn.early_signals.models import FiveQuestions, Request, RequestStep, Sign
from samsyn.organisations.models import Absence, Holding, Post, PostRole
from samsyn.organisations.presence import NobodyAnswers, accountable_many
from samsyn.people.models import Account, Guardianship
from samsyn.plans.models import Action, Plan, View
from samsyn.sharing.models import ConsentAnswer, Disclosure
from samsyn.trail.models import Mode, TrailEntry, TrailSubject

OPEN_SIGN = {"received", "acknowledged", "dialogue", "decided"}
OPEN_REQUEST = {"sent", "countered", "agreed", "accepted"}
OPEN_PLAN = {"draft", "offered", "active", "in_review"}
ALARM_AT = 2
NAMED_PERSON_ACTS = {"acknowledged", "talked", "decided", "told", "closed", "merged"}
THINGS: dict[str, type[Referenced]] = {
    "sign": Sign,
    "request": Request,
    "team": Team,
    "handover": Handover,
    "plan": Plan,
    "plan_action": Action,
}
REPLAYED = {"sign", "request", "team", "handover", "plan", "plan_action", "disclosure"}
RECEIVER_ACTS = {"accepted", "countered", "declined", "done"}


def held(number: str, truth: object, words: object) -> None:
    """Raises AssertionError, naming the invariant, when it does not hold."""
    assert truth, f"{number}: {words}"


class Watch:
    """Sees the whole world after each step, and remembers what may only grow or only move by a yes."""

    def __init__(self) -> None:
        self.entries: dict[int, bytes] = {}
        self.replayed: dict[tuple[str, UUID], str] = {}
        self.named_by_trail: dict[UUID, UUID] = {}
        self.bounces: dict[int, int] = {}
        self.batons: dict[tuple[str, int], int] = {}

    def look(self, *, may_move: bool = True) -> None:
        """Check everything. ``may_move``: an offer has just been accepted, and so responsibility may have moved."""
        day = clock.today()
        signs = list(Sign.objects.all())
        requests = list(Request.objects.order_by("pk"))
        every_named = list(NamedPerson.objects.order_by("since", "pk"))
        named = [row for row in every_named if row.until is None]
        duties = list(Duty.objects.filter(state="open"))
        leads = dict(Membership.objects.filter(is_lead=True, until=None).values_list("pk", "team"))
        _one_named_person(signs, every_named)
        _answered_by_somebody_present({row.post_id for row in named} | {duty.post_id for duty in duties}, day)
        _open_signs_are_a_duty_of_the_named_person(signs, duties, every_named)
        _signs(signs, requests)
        _requests(requests)
        _teams_and_plans(Counter(leads.values()), duties)
        _open_on_a_yes(day)
        self._bounces(signs, requests)
        self._batons(named, may_move)
        self._trail(signs, requests, named)

    def _bounces(self, signs: list[Sign], requests: list[Request]) -> None:
        declined: Counter[int] = Counter()
        into = {sign.pk: sign.merged_into_id or sign.pk for sign in signs}
        refs: dict[int, set[UUID]] = defaultdict(set)
        asked: dict[int, list[tuple[int, str]]] = defaultdict(list)
        about: dict[int, tuple[int, int]] = {}
        for one in requests:
            if one.sign_id is not None:
                matter = into[one.sign_id]
                declined[matter] += one.state == "declined"
                refs[matter].add(one.ref)
                about[one.pk] = (matter, one.to_unit_id)
        for request, state in RequestStep.objects.order_by("pk").values_list("request", "state"):
            if request in about:  # in the order in which it happened: a unit may be asked twice before it declines once
                matter, unit = about[request]
                asked[matter].append((unit, state))
        called = set(Duty.objects.filter(what="unstick").values_list("object_ref", flat=True))
        for sign in signs:
            held("I24", sign.bounces >= self.bounces.get(sign.pk, 0), "the count of bounces went down")
            self.bounces[sign.pk] = sign.bounces
            if sign.state == "merged":
                continue
            held("I24", sign.bounces == declined[sign.pk], "each no is counted once")
            stuck = sign.bounces >= ALARM_AT or _in_a_circle(asked[sign.pk])
            held("I24", not stuck or refs[sign.pk] & called, "stuck, and nobody above was called")

    def _batons(self, named: list[NamedPerson], may_move: bool) -> None:
        leads = Membership.objects.filter(is_lead=True, until=None).values_list("team", "post")
        batons = {
            **{("named_person", row.child_id): row.post_id for row in named},
            **{("lead", team): post for team, post in leads},
        }
        for what, post in batons.items():
            held("I4", may_move or self.batons.get(what, post) == post, "responsibility moved without a yes")
        self.batons = batons

    def _trail(self, signs: list[Sign], requests: list[Request], named: list[NamedPerson]) -> None:
        rows = list(TrailEntry.objects.order_by("pk").values_list("pk", "commitment"))
        now = {pk: bytes(commitment) for pk, commitment in rows}
        held("I21", self.entries.items() <= now.items(), "an entry of the trail is gone or was rewritten")
        new = [pk for pk, _ in rows if pk not in self.entries]
        self.entries = now
        for kind, ref, child, state in _subjects(new):
            self.replayed[kind, ref] = state
            if kind == "named_person" and child is not None:
                self.named_by_trail[child] = ref
        replays(self.replayed, signs, requests)
        told = set(self.named_by_trail.values())
        held("I21", told == {row.ref for row in named}, "the trail tells of another named person")
        _done_by_who_answers(new)


def _in_a_circle(asked: list[tuple[int, str]]) -> bool:
    """Was a unit asked again after it had declined, and after somebody else was asked."""
    declined: set[int] = set()
    for unit, state in asked:
        if state == "sent" and unit in declined:
            return True
        if state == "declined":
            declined.add(unit)
    return False


def _subjects(entries: list[int]) -> Iterator[tuple[str, UUID, UUID | None, str]]:
    rows = TrailSubject.objects.filter(entry__in=entries, entry__mode=Mode.ACT).exclude(state="")
    yield from rows.order_by("entry", "pk").values_list("kind", "ref", "child_ref", "state")


def replays(told: dict[tuple[str, UUID], str], signs: Iterable[Sign], requests: Iterable[Request]) -> None:
    """I21: what the trail tells is how each thing stands, and everything that stands is told."""
    stands: dict[tuple[str, UUID], str] = {("sign", sign.ref): sign.state for sign in signs}
    stands |= {("request", request.ref): request.state for request in requests}
    for kind, model in (("team", Team), ("handover", Handover), ("plan", Plan)):
        stands |= {(kind, ref): state for ref, state in model.objects.values_list("ref", "state")}
    decided = Action.objects.exclude(state="to_do")
    stands |= {("plan_action", ref): state for ref, state in decided.values_list("ref", "state")}
    for ref, ended in Disclosure.objects.values_list("ref", "ended_at"):
        stands["disclosure", ref] = "ended" if ended is not None else "open"
    heard = {
        key: ("open" if state in ("given", "told", "withheld") and key[0] == "disclosure" else state)
        for key, state in told.items()
        if key[0] in REPLAYED and state != "discarded"
    }
    differs = {key: (heard.get(key), stands.get(key)) for key in heard.keys() | stands.keys()}
    wrong = {key: pair for key, pair in differs.items() if pair[0] != pair[1]}
    held("I21", not wrong, f"told and how it stands: {wrong}")


def replay_from_the_start() -> dict[tuple[str, UUID], str]:
    """What the whole trail tells, read anew in its order."""
    entries = list(TrailEntry.objects.order_by("pk").values_list("pk", flat=True))
    return {(kind, ref): state for kind, ref, _, state in _subjects(entries)}


def _one_named_person(signs: list[Sign], named: list[NamedPerson]) -> None:
    by_child: dict[int, list[NamedPerson]] = defaultdict(list)
    for row in named:
        by_child[row.child_id].append(row)
    for sign in signs:
        held("I2", sign.state == "draft" or by_child[sign.child_id], "a sign was sent to nobody")
    for rows in by_child.values():
        held("I2", not rows or [row.until for row in rows].count(None) == 1, "not exactly one named person now")
        for earlier, later in pairwise(rows):
            held("I2", earlier.until == later.since, "named persons overlap or leave a gap")


def _answered_by_somebody_present(posts: set[int], day: date) -> None:
    posts = posts | set(Post.objects.filter(role=PostRole.DUTY_DESK, ended_on=None).values_list("pk", flat=True))
    try:
        answers = accountable_many(posts, clock.now())
    except NobodyAnswers as nobody:
        raise AssertionError("I3: nobody is at the duty desk") from nobody
    held("I1", answers.keys() == posts, "nobody answers for a post")
    today = Q(until=None) | Q(until__gte=day)
    people = {one.person.pk for one in answers.values()}
    away = set(Absence.objects.filter(today, since__lte=day).values_list("person", flat=True))
    shut = set(Account.objects.filter(is_active=False).values_list("person", flat=True))
    holds = set(Holding.objects.filter(today, since__lte=day, person__in=people).values_list("post", "person"))
    for one in answers.values():
        held("I3", one.person.pk not in away | shut, "who answers is away or has left")
        held("I3", (one.post.pk, one.person.pk) in holds, "who answers does not hold that post today")


def _open_signs_are_a_duty_of_the_named_person(
    signs: list[Sign], duties: list[Duty], every_named: list[NamedPerson]
) -> None:
    """Or of whom it came back to: who was it before, in the authority that holds the sign and in which it is nobody."""
    posts: dict[UUID, list[int]] = defaultdict(list)
    for duty in duties:
        if duty.room == "sign" and duty.what != "look_at_yes":
            posts[duty.object_ref].append(duty.post_id)
    now = {row.child_id: row for row in every_named if row.until is None}
    for sign in signs:
        mine = [now[sign.child_id].post_id] if sign.state in OPEN_SIGN else []
        if mine and now[sign.child_id].authority_id != sign.authority_id:
            before = {row.post_id for row in every_named if (row.child_id, row.authority_id) == _whose(sign)}
            mine = posts[sign.ref] if len(posts[sign.ref]) == 1 and posts[sign.ref][0] in before else mine
        held("I1", posts[sign.ref] == mine, f"duties of a sign that is {sign.state}: {posts[sign.ref]}, not {mine}")


def what_is_to_be_done_can_be_read(acting: Callable[[Post], Viewer]) -> None:
    """Whoever has something to do may read what it is about: else it leads nowhere, and the work lies with nobody.

    ``acting``: gives whoever answers for a post, as it.
    """
    for duty in Duty.objects.filter(state="open", room__in=THINGS).select_related("post__unit"):
        seen = THINGS[duty.room].objects.visible_to(acting(duty.post)).filter(ref=duty.object_ref)
        held("I1", seen.exists(), f"{duty.what} lies with {duty.post.title}, where it may not be read")


def _whose(sign: Sign) -> tuple[int, int]:
    return sign.child_id, sign.authority_id


def _signs(signs: list[Sign], requests: list[Request]) -> None:
    answered = dict(FiveQuestions.objects.values_list("sign", "decision"))
    by_pk = {sign.pk: sign for sign in signs}
    still_open = {request.sign_id for request in requests if request.state in OPEN_REQUEST}
    for sign in signs:
        decided = sign.decision != "" and answered.get(sign.pk) == sign.decision
        held("I16", sign.state not in ("decided", "closed") or decided, "decided or closed without a decision")
        held("I9", sign.state != "closed" or sign.told_noticer, "closed, and the noticer was not told")
        ended = sign.state in ("closed", "merged")
        held("I10", not ended or sign.pk not in still_open, "ended with an open request")
        if sign.merged_into_id is not None:
            into = by_pk[sign.merged_into_id]
            held("I2", into.child_id == sign.child_id, "joined with a sign about another child")
            held("I17", _sent(into) <= _sent(sign), "joined with a later sign: time is lost")


def _sent(sign: Sign) -> datetime:
    assert sign.sent_at is not None
    return sign.sent_at


def _requests(requests: list[Request]) -> None:
    receivers = {request.pk: request.to_post_id for request in requests}
    for request in requests:
        held("I4", request.from_post_id != request.to_post_id, "somebody asks itself for help")
    for request_id, post in RequestStep.objects.filter(state="accepted").values_list("request", "post"):
        held("I4", receivers[request_id] == post, "somebody said yes in another's place")


def _teams_and_plans(leads: Counter[int], duties: list[Duty]) -> None:
    offers = list(Handover.objects.filter(state="proposed").values_list("child", "authority", "kind"))
    held("I4", len(set(offers)) == len(offers), "two open offers of one thing")
    teams = list(Team.objects.exclude(state="closed").values_list("pk", "child", "authority"))
    held("I5", len({tuple(whose) for _, *whose in teams}) == len(teams), "two open teams of an authority for a child")
    held("I7", leads == Counter(pk for pk, *_ in teams), "an open team has not exactly one lead")
    plans = list(Plan.objects.filter(state__in=OPEN_PLAN))
    held("I6", len({plan.team_id for plan in plans}) == len(plans), "two open plans of a team")
    held("I12", {plan.team_id for plan in plans} <= {pk for pk, *_ in teams}, "an open plan without an open team")
    _led_by_the_own_lead(duties)
    reviews = {duty.object_ref: duty.due_at for duty in duties if duty.what == "review_plan"}
    for plan in plans:
        if plan.state in ("active", "in_review"):
            _in_force(plan, reviews)
    left = Action.objects.filter(plan__state="closed", state="to_do")
    held("I16", not left.exists(), "closed, and nothing was decided about an action")


def _led_by_the_own_lead(duties: list[Duty]) -> None:
    """What follows leading a team lies with the lead of that team, also where another authority has one as well."""
    at_work = Membership.objects.filter(is_lead=True, until=None).select_related("team")
    lead = {row.team_id: row.post_id for row in at_work}
    about = {row.team.ref: row.team_id for row in at_work}
    of_authority = {(row.child_id, row.authority_id): row.team_id for row in at_work}
    about |= dict(Plan.objects.filter(team__in=lead).values_list("ref", "team"))
    taken = Handover.objects.filter(state="accepted", kind="lead").values_list("ref", "child", "authority")
    about |= {
        ref: of_authority[child, authority] for ref, child, authority in taken if (child, authority) in of_authority
    }
    for duty in duties:
        if duty.hangs_on == "lead":
            held("I1", lead.get(about.get(duty.object_ref, 0)) == duty.post_id, f"{duty.what} is not with the lead")


def _in_force(plan: Plan, reviews: dict[UUID, datetime]) -> None:
    held("I11", plan.review_on and plan.agreed_at, "a plan in force without a day for its review")
    assert plan.review_on is not None
    assert plan.agreed_at is not None
    held("I11", plan.review_on > plan.agreed_at.astimezone(clock.STOCKHOLM).date(), "the review is not ahead")
    due = reviews.get(plan.ref)
    held("I11", due and due.astimezone(clock.STOCKHOLM).date() == plan.review_on, "nobody has to review the plan")
    heard = View.objects.filter(plan=plan, number=plan.agreed_number, whose=plan.child_id)
    held("I8", heard.exists(), "a plan in force without the child's view")


def _open_on_a_yes(day: date) -> None:
    rows = Disclosure.objects.filter(ended_at=None, way="open", gate="consent", expires_on__gte=day)
    answers: dict[int, dict[int, str]] = defaultdict(dict)
    for consent, giver, step in ConsentAnswer.objects.order_by("pk").values_list("consent", "giver", "step"):
        answers[consent][giver] = step
    custody: dict[int, list[int]] = defaultdict(list)
    for child, guardian in Guardianship.objects.filter(until=None).values_list("child", "guardian"):
        custody[child].append(guardian)
    for consent, child in rows.values_list("consent", "child"):
        everybody = all(answers[consent].get(one) == "given" for one in custody[child])
        held("I13", everybody, "open to others without everybody's yes")
    for views in rows.values_list("views", flat=True):
        whose = [view["whose"] for view in views]
        held("I13", "child" in whose and len(whose) > 1, "open to others without what the family says of it")


def _done_by_who_answers(entries: list[int]) -> None:
    rows = TrailSubject.objects.filter(entry__in=entries, entry__mode=Mode.ACT).select_related("entry")
    for row in rows.order_by("pk"):
        room, _, verb = row.entry.act.partition(".")
        if room != row.kind or row.entry.post_label == "system":
            continue
        may = _who_may(room, verb, row)
        held("I4", may is None or row.entry.post_ref in may, f"{row.entry.act} by {row.entry.post_label}")


def _who_may(room: str, verb: str, row: TrailSubject) -> set[UUID] | None:
    """References of the posts that may have done this; None when anybody may."""
    child = row.child_ref or NOBODY
    named = NamedPerson.objects.filter(child__ref=child, until=None).values_list("post__ref", flat=True)
    if room == "sign" and verb in NAMED_PERSON_ACTS:
        held_by = Sign.objects.filter(ref=row.ref).values("authority")
        came_back = NamedPerson.objects.filter(child__ref=child, authority__in=held_by)
        elsewhere = NamedPerson.objects.filter(child__ref=child, until=None).exclude(authority__in=held_by).exists()
        return set(named) | (set(came_back.values_list("post__ref", flat=True)) if elsewhere else set())
    if room == "request" and verb in RECEIVER_ACTS:
        return set(Request.objects.filter(ref=row.ref).values_list("to_post__ref", flat=True))
    if room == "handover" and verb in ("accepted", "rejected"):
        return set(Handover.objects.filter(ref=row.ref).values_list("to_post__ref", flat=True))
    if room == "team" and verb == "proposed":
        return set(named)
    if room in ("team", "plan") and row.state in ("active", "offered", "closed", "in_review", "declined"):
        return set(named) | _makers(room, row.ref, everybody=verb not in _STEPS)
    return None


_STEPS = {"started", "offered", "agreed", "declined", "review_started", "review_finished", "closed", "joined", "left"}


def _makers(room: str, ref: UUID, *, everybody: bool) -> set[UUID]:
    """The posts of a team, or the one that leads it. Those who left with its end count."""
    team = Q(team__ref=ref) if room == "team" else Q(team__in=Plan.objects.filter(ref=ref).values("team"))
    rows = Membership.objects.filter(team)
    newest = rows if everybody else rows.filter(is_lead=True)
    return set(newest.values_list("post__ref", flat=True))


def swept(moment: datetime) -> None:
    """I17, after a tick at this moment: each overdue duty has its one copy, and no other has any made now."""
    overdue = Duty.objects.filter(state="open", due_at__lt=moment)
    held("I17", not overdue.filter(escalation=None).exists(), "an overdue duty was not copied upwards")
    early = Escalation.objects.filter(at=moment, duty__due_at__gte=moment)
    held("I17", not early.exists(), "a duty that is not overdue was copied upwards")


def whose_duties() -> dict[int, int]:
    """Every open duty with its post: what an escalation never changes."""
    return dict(Duty.objects.filter(state="open").values_list("pk", "post"))
