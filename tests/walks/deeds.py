"""What villagers do in a walk: one real action of the product each, with words that are good enough to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from samsyn.circle.actions import current_named_person
from samsyn.circle.handover_actions import propose_handover, withdraw_handover
from samsyn.circle.handover_answers import answer_handover, met_family
from samsyn.circle.models import Handover, HandoverKind, Team
from samsyn.circle.team_actions import add_member, propose_team, remove_member, start_team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.early_signals import actions as signs
from samsyn.early_signals import rules
from samsyn.early_signals.models import Outcome, Request, Sign, SignDecision
from samsyn.organisations.actions import end_holding, hold, remove_staff
from samsyn.organisations.actions_presence import end_absence, set_absence, set_cover
from samsyn.organisations.models import Absence, Post, Unit
from samsyn.people.models import Account, Person
from samsyn.plans import actions as plans
from samsyn.plans import review_actions
from samsyn.plans.content_actions import GoalText, add_goal, add_need
from samsyn.plans.models import Action, Plan, ViewKind
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.plans.view_actions import ViewText, record_view
from samsyn.plans.who_does_what import ActionText, add_action
from samsyn.sharing.actions import Sharing, answer_consent, newest_consent, who_decides
from samsyn.sharing.models import Consent
from tests.walks.town import Town, holder_of, walking_town

DAY = timedelta(days=1)
SIGN_VERBS = ("acknowledge", "talk", "decide", "tell", "close", "merge")
REQUEST_VERBS = ("accept", "counter", "agree", "decline", "revoke", "finish")
TEAM_VERBS = ("start", "close", "add", "remove", "plan")
PLAN_VERBS = ("offer", "decline", "agree", "start_review", "finish_review", "close", "write", "hear")


def note(viewer: Viewer, child: Person, *, empty: bool = False) -> Sign:
    """Begin a sign and write in it; ``empty``: only begin."""
    sign = signs.start_draft(viewer, child)
    if empty:
        return sign
    noted = rules.Noted(
        kind="worry",
        observed_on=clock.today(),
        saw="Hon ville inte gå hem.",
        child_words="Det är så stökigt.",
        areas=("safe",),
        talked_with=("child",),
        did="Vi satt en stund.",
    )
    return signs.save_draft(viewer, sign, noted, sign.version)


def send(town: Town, viewer: Viewer, sign: Sign) -> Sign:
    """Send it: to a named person in another authority on a yes of the family, when there is one, as it was shown."""
    ground = None
    named = current_named_person(sign.child)
    if named is not None and named.authority_id != sign.authority_id:
        consent = newest_consent(sign.child, sign.authority_id, named.post.unit)
        ground = Sharing(gate="consent", purpose="Hjälp", told="Allt.", consent=consent, rendering=sign.saw)
    return signs.send_sign(viewer, sign, ground)


def discard(viewer: Viewer, sign: Sign) -> None:
    """Throw a draft away."""
    signs.discard_draft(viewer, sign)


def sign_step(viewer: Viewer, sign: Sign, verb: str, decision: int, into: Sign) -> None:
    """Take a sign on, talk, decide, tell, close, or join it with another."""
    words = "Tack för att du såg."
    answers = rules.Answers(words, words, words, words, words, SignDecision.values[decision % 5])
    talk = rules.TalkHeld(
        held_on=clock.today(),
        with_child=True,
        child_words="Jag vill att det är tyst.",
        not_with_guardians_because="Vi hörs i morgon.",
    )
    if verb == "acknowledge":
        signs.acknowledge(viewer, sign)
    elif verb == "talk":
        signs.record_talk(viewer, sign, talk)
    elif verb == "decide":
        signs.answer_five_questions(viewer, sign, answers)
    elif verb == "tell":
        signs.tell_noticer(viewer, sign, words)
    elif verb == "close":
        signs.close_sign(viewer, sign, words)
    else:
        signs.merge_sign(viewer, sign, into)


def ask(town: Town, viewer: Viewer, child: Person, sign: Sign | None, unit: Unit, with_sign: bool) -> Request:
    """Ask a unit for help, on the family's yes where it is in another authority."""
    return signs.send_request(
        viewer,
        child,
        sign,
        unit,
        wanted="Någon som kan hjälpa på kvällarna.",
        background="Hon är trött på morgnarna.",
        includes_sign=with_sign and sign is not None,
        ground=town.ground(child, unit),
    )


def answers(request: Request, verb: str) -> Post:
    """The post that this step is for: the receiver, or the one that answers for having asked."""
    return signs.asker_of(request)[0] if verb in ("agree", "revoke") else request.to_post


def request_step(viewer: Viewer, request: Request, verb: str) -> None:
    """One step of a request for help."""
    if verb == "accept":
        signs.accept_request(viewer, request)
    elif verb == "counter":
        signs.counter_request(viewer, request, "Hellre på fredagar.")
    elif verb == "agree":
        signs.agree_counter(viewer, request)
    elif verb == "decline":
        signs.decline_request(viewer, request, reason="Fullt till maj.", alternative="Familjecentralen.")
    elif verb == "revoke":
        signs.revoke_request(viewer, request, "Det behövs inte längre.")
    else:
        signs.finish_request(viewer, request, Outcome.HELPED, "Kvällarna är lugna.")


def propose(town: Town, viewer: Viewer, child: Person, posts: Sequence[Post]) -> Team:
    """Propose a team on the family's yes to everybody outside the authority."""
    consent = town.team_yes(child, posts)
    return propose_team(viewer, child, purpose="Lugna måndagar", members=posts, consent=consent)


def team_step(town: Town, viewer: Viewer, team: Team, verb: str, post: Post) -> None:
    """Begin or end the team's work, let somebody in or out, or begin its plan."""
    if verb == "start":
        start_team(viewer, team, child_view="Bra att ni pratar.", lead_wish="")
    elif verb == "close":
        plans.end_team(viewer, team)
    elif verb == "add":
        add_member(viewer, team, post)
    elif verb == "remove":
        remove_member(viewer, team, post)
    else:
        plans.start_plan(viewer, team, "Lugnt på morgonen, hemma hos båda.")


def offer_baton(town: Town, viewer: Viewer, child: Person, kind: HandoverKind, to: Post) -> Handover:
    """Offer the baton; a named person elsewhere needs the family's yes."""
    named = current_named_person(child)
    assert named is not None
    crosses = kind == HandoverKind.NAMED_PERSON and to.unit.authority_id != named.authority_id
    consent = town.yes(child, [to.unit]) if crosses else None
    return propose_handover(viewer, child, kind, to, note="Hon gillar att rita.", consent=consent)


def baton_step(viewer: Viewer, offer: Handover, verb: str) -> None:
    """Answer an offer, take it back, or meet the family afterwards."""
    if verb == "withdraw":
        withdraw_handover(viewer, offer)
    elif verb == "met":
        met_family(viewer, offer)
    else:
        answer_handover(viewer, offer, accept=verb == "accept", words="Vi hinner inte.")


def write(town: Town, viewer: Viewer, plan: Plan, days: int) -> None:
    """Write a need, a goal and an action for whoever writes."""
    need = add_need(viewer, plan, _version(plan), "Måndagsmorgnarna är svåra.")
    goal = add_goal(viewer, need, _version(plan), GoalText(town.goal, "Hon kommer i tid"))
    doer = next(post for post in town.posts if post.pk == viewer.post)
    text = ActionText("Hembesök hos Amal", clock.today() + days * DAY, by_post=doer)
    add_action(viewer, goal, _version(plan), text)


def hear(viewer: Viewer, plan: Plan) -> None:
    """Write down what the child and the guardians say."""
    for whose in (plan.child, *who_decides(plan.child)):
        record_view(viewer, plan, whose, ViewText(ViewKind.SAID, "Jag vill bestämma vad jag tar med."))


def plan_step(town: Town, viewer: Viewer, plan: Plan, verb: str, days: int) -> None:
    """One step of the plan, as it stands now."""
    version = _version(plan)
    review_on = clock.today() + days * DAY
    if verb == "write":
        write(town, viewer, plan, days)
    elif verb == "hear":
        hear(viewer, plan)
    elif verb == "offer":
        plans.offer(viewer, plan, version)
    elif verb == "decline":
        plans.decline(viewer, plan, version)
    elif verb == "agree":
        hear(viewer, plan)
        town.yes_to_plan(plan)
        plans.agree(viewer, plan, version + 3, review_on=review_on)
    elif verb == "start_review":
        review_actions.start_review(viewer, plan, version)
    elif verb == "finish_review":
        hear(viewer, plan)
        look_back = review_actions.LookBack(clock.today(), 7, "Morgnarna är lugnare.", review_on)
        review_actions.finish_review(viewer, plan, version + 3, look_back)
    else:
        plans.close(viewer, plan, version, how_to_reach_us="Ring Bo.")


def decide_action(viewer: Viewer, action: Action, how: int) -> None:
    """Say how something in the plan went."""
    if how % 3 == 0:
        action_done(viewer, action)
    elif how % 3 == 1:
        action_left_out(viewer, action, "Det behövdes inte.")
    else:
        action_handed_on(viewer, action, "Elevhälsan")


def think_again(viewer: Viewer, child: Person, number: int, step: str) -> None:
    """Somebody who decides gives another answer to the newest question."""
    consent = Consent.objects.filter(child=child).order_by("-pk").first()
    if consent is not None:
        deciders = who_decides(child)
        answer_consent(viewer, consent, deciders[number % len(deciders)], step, form="oral", language="sv")


def be_away(post: Post, days: int) -> None:
    """The holder of a post is away from today."""
    holding = holder_of(post)
    if holding is not None:
        set_absence(SYSTEM, holding.person, clock.today(), until=clock.today() + days * DAY)


def be_back(absence: Absence) -> None:
    """Somebody who was away is back today."""
    end_absence(SYSTEM, absence, clock.today() - DAY)


def cover(post: Post, by: Post, days: int) -> None:
    """One post answers for another for a while."""
    set_cover(SYSTEM, post, by, clock.today(), until=clock.today() + days * DAY)


def leave_or_come(post: Post, for_good: bool) -> None:
    """The holder leaves a post (its last day was yesterday, or the account closes now); or an empty one is filled."""
    holding = holder_of(post)
    if holding is None:
        newcomer = Person.objects.create(given_name="Ny", family_name="Ek", created_at=clock.now())
        Account.objects.create(person=newcomer, sign_in_name=f"ny{newcomer.pk}")
        hold(SYSTEM, post, newcomer, clock.today())
    elif for_good:
        remove_staff(SYSTEM, holding.person)
    else:
        end_holding(SYSTEM, holding, clock.today() - DAY)


def _version(plan: Plan) -> int:
    return Plan.objects.values_list("version", flat=True).get(pk=plan.pk)


def live_until(town: Town, child: Person, moment: str) -> None:
    """Let a child's story come to this moment, through the actions."""
    bo = town.world.posts["Bo"]
    maja = town.acting(town.world.posts["Maja"])
    sign = send(town, maja, note(maja, child))
    for verb in ("acknowledge", "talk", "decide"):
        sign_step(town.acting(bo), sign, verb, 3, sign)
    if moment == "asked":
        ask(town, town.acting(bo), child, sign, town.world.units["early team"], False)
        return
    team = propose(town, town.acting(bo), child, [town.world.posts["Ines"], town.world.posts["Maja"]])
    for verb in ("start", "plan"):
        team_step(town, town.acting(bo), team, verb, bo)
    plan = plans.open_plan(team)
    assert plan is not None
    write(town, town.acting(bo), plan, 9)
    if moment == "plan written":
        return
    for verb in ("offer", "agree"):
        plan_step(town, town.acting(bo), plan, verb, 30)


def lived_town() -> Town:
    """Lillköping with stories begun: Signe has a plan in force, Elsa one being written, help was asked for Hugo.

    About Nour nothing is known yet.
    """
    town = walking_town()
    signe, _, elsa, hugo = town.children
    for child, moment in ((signe, "plan in force"), (elsa, "plan written"), (hugo, "asked")):
        live_until(town, child, moment)
    return town
