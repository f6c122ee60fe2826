"""Plans in Lillköping, one in each state, written, agreed, reviewed and closed through the actions."""

from __future__ import annotations

from datetime import date, timedelta

from samsyn.circle.models import Team
from samsyn.circle.team_actions import close_team
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import CommonGoal
from samsyn.people.models import Person
from samsyn.plans import actions as plans
from samsyn.plans import review_actions
from samsyn.plans.content_actions import GoalText, add_goal, add_need
from samsyn.plans.models import Plan, ViewKind
from samsyn.plans.step_actions import action_done, action_handed_on, action_left_out
from samsyn.plans.view_actions import ViewText, mark_wheel, record_view
from samsyn.plans.who_does_what import ActionText, add_action
from samsyn.sharing.actions import guardians_today
from samsyn.site.village.steps import Where
from samsyn.site.village.team_stories import starts_team
from samsyn.site.village.town import Town

CHILD_MARKS = {
    "safe": 3,
    "healthy": 2,
    "achieving": 4,
    "nurtured": 4,
    "active": 5,
    "respected": 3,
    "responsible": 4,
    "included": 2,
}
ADULT_MARKS = {
    "safe": 3,
    "healthy": 3,
    "achieving": 4,
    "nurtured": 3,
    "active": 4,
    "respected": 4,
    "responsible": 4,
    "included": 4,
}
CONTENT = (
    (
        "Måndagsmorgnarna är svåra.",
        "school",
        "Kommer i tid fyra morgnar av fem",
        "Vi räknar morgnarna varje fredag",
        (("Möter vid grinden 8.05", "rektor", 10),),
    ),
    (
        "Kvällarna är olika i de två hemmen.",
        "home",
        "Samma kvällsrutin varje kväll",
        "Barnet säger att väskan inte blir bråk",
        (("Hembesök på tisdagar", "early", 14), ("Skriver en väsklista tillsammans", "", 7)),
    ),
    (
        "Magen gör ont före skolan.",
        "health",
        "Vet vad magen försöker säga",
        "Barnets egen skattning av Mår bra",
        (("Samtal en gång i veckan", "rektor", 21),),
    ),
)


def _writes(town: Town, team: Team, child: Person, where: Where, ago: int) -> Plan:
    with town.days_ago(ago):
        ines = town.acting("ines")
        plan = plans.start_plan(ines, team, "Det ska vara lugnt på morgonen, hemma hos alla.")
        goals = {goal.key: goal for goal in CommonGoal.objects.all()}
        for need_words, key, goal_words, evidence, actions in CONTENT:
            need = add_need(ines, plan, _version(plan), need_words)
            goal = add_goal(ines, need, _version(plan), GoalText(goals[key], goal_words, key == "school", evidence))
            for words, post, days in actions:
                due = clock.today() + timedelta(days=days + ago)
                text = _action(town, child, words, post, due)
                add_action(ines, goal, _version(plan), text)
        mark_wheel(ines, plan, True, {area: max(1, value - 1) for area, value in CHILD_MARKS.items()})
    return plan


def _action(town: Town, child: Person, words: str, post: str, due: date) -> ActionText:
    if post:
        return ActionText(words, due, by_post=town.post(post))
    return ActionText(words, due, by_person=guardians_today(child)[0].guardian)


def _version(plan: Plan) -> int:
    plan.refresh_from_db(fields=["version"])
    return plan.version


def _views(ines: Viewer, plan: Plan, child: Person) -> None:
    said = "Det blir bråk om vad som ligger i väskan. Jag vill bestämma själv vad jag tar med."
    record_view(ines, plan, child, ViewText(ViewKind.SAID, said))
    for row in guardians_today(child):
        record_view(ines, plan, row.guardian, ViewText(ViewKind.SAID, "Måndagar är svårast. Jag önskar samma läggtid."))
    mark_wheel(ines, plan, True, CHILD_MARKS)
    mark_wheel(ines, plan, False, ADULT_MARKS)


def _agrees(town: Town, plan: Plan, child: Person, ago: int) -> None:
    with town.days_ago(ago, hour=10):
        ines = town.acting("ines")
        _views(ines, plan, child)
        plans.offer(ines, plan, _version(plan))
        plans.agree(ines, plan, _version(plan), review_on=clock.today() + timedelta(days=35))


def _start(town: Town, child: Person, where: Where, turn: int, ago: int) -> Plan:
    team = starts_team(town, child, where, turn, ago)
    return _writes(town, team, child, where, ago - 3)


def plan_draft(town: Town, child: Person, where: Where, turn: int) -> None:
    """A plan that is being written."""
    _start(town, child, where, turn, 20)


def plan_offered(town: Town, child: Person, where: Where, turn: int) -> None:
    """Offered to the family, not agreed yet."""
    plan = _start(town, child, where, turn, 20)
    with town.days_ago(5):
        ines = town.acting("ines")
        _views(ines, plan, child)
        plans.offer(ines, plan, _version(plan))


def plan_declined(town: Town, child: Person, where: Where, turn: int) -> None:
    """The family said no to a plan; the team goes on."""
    plan = _start(town, child, where, turn, 20)
    with town.days_ago(5):
        ines = town.acting("ines")
        plans.offer(ines, plan, _version(plan))
        plans.decline(ines, plan, _version(plan))


def plan_active(town: Town, child: Person, where: Where, turn: int) -> Plan:
    """A plan in force."""
    plan = _start(town, child, where, turn, 24)
    _agrees(town, plan, child, 17)
    return plan


def plan_in_review(town: Town, child: Person, where: Where, turn: int) -> None:
    """A plan that is being looked back at."""
    plan = plan_active(town, child, where, turn)
    with town.days_ago(1):
        review_actions.start_review(town.acting("ines"), plan, _version(plan))


def plan_reviewed(town: Town, child: Person, where: Where, turn: int) -> None:
    """Reviewed once: two actions done, a new day set."""
    plan = plan_active(town, child, where, turn)
    with town.days_ago(4) as day:
        ines = town.acting("ines")
        review_actions.start_review(ines, plan, _version(plan))
        _views(ines, plan, child)
        look_back = review_actions.LookBack(
            held_on=day,
            child_scale=7,
            what_changed="Sex av sju morgnar har gått bra.",
            next_on=day + timedelta(days=60),
            child_words="Det är skönt när någon står vid grinden.",
        )
        review_actions.finish_review(ines, plan, _version(plan), look_back, done=list(plan.actions.all()[:2]))


def plan_closed(town: Town, child: Person, where: Where, turn: int) -> None:
    """Closed, with words on how to get hold of us again; then the team as well."""
    plan = plan_active(town, child, where, turn)
    with town.days_ago(2):
        ines = town.acting("ines")
        for action in plan.actions.all()[:2]:
            action_done(ines, action)
        left, *rest = plan.actions.filter(state="to_do")
        action_handed_on(ines, left, "Bo på skolan")
        for action in rest:
            action_left_out(ines, action, "Det behövs inte längre.")
        plans.close(ines, plan, _version(plan), how_to_reach_us="Ring Bo på skolan, eller prata med Maja på fritids.")
        close_team(ines, plan.team, open_plan=False)


AT_STOBY = (plan_draft, plan_offered, plan_declined, plan_active, plan_in_review, plan_reviewed, plan_closed)
