"""Stories of those who work together: a team proposed, at work and closed, and a child handed over."""

from __future__ import annotations

from samsyn.circle.handover_actions import propose_handover, withdraw_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import close_team, propose_team, start_team
from samsyn.people.models import Person
from samsyn.site.village.steps import Where, closes, decided, notes, takes_on
from samsyn.site.village.town import Town


def proposes_team(town: Town, child: Person, where: Where, turn: int, ago: int = 10) -> Team:
    """A team proposed, with the guardians' yes."""
    decided(town, child, where, turn, "team")
    with town.days_ago(ago):
        viewer = town.acting(where.named)
        purpose = "Lugnare morgnar och kvällar, hemma och i skolan."
        consent = town.yes_from_all(viewer, child, [town.unit("early")], purpose, ["circle", "plan"])
        return propose_team(viewer, child, purpose=purpose, members=[town.post("early")], consent=consent)


def team_proposed(town: Town, child: Person, where: Where, turn: int) -> None:
    """A team proposed, not begun."""
    proposes_team(town, child, where, turn)


def starts_team(town: Town, child: Person, where: Where, turn: int, ago: int = 20) -> Team:
    """A team at work, led by Ines because the family wanted it."""
    team = proposes_team(town, child, where, turn, ago)
    with town.days_ago(ago - 1):
        start_team(
            town.acting(where.named),
            team,
            child_view="Det är bra om de pratar med varandra, så slipper jag berätta igen.",
            lead_wish="Vi vill att Ines håller ihop det.",
        )
        handover = propose_handover(
            town.acting(where.named),
            child,
            HandoverKind.LEAD,
            town.post("early"),
            note="Familjen vill det, och du träffar dem redan.",
            family_wish="Vi vill att Ines håller ihop det.",
        )
    with town.days_ago(ago - 2):
        answer_handover(town.acting("ines"), handover, accept=True)
    team.refresh_from_db()
    return team


def team_at_work(town: Town, child: Person, where: Where, turn: int) -> None:
    """A team at work without a plan yet."""
    starts_team(town, child, where, turn)


def team_closed(town: Town, child: Person, where: Where, turn: int) -> None:
    """A team that ended without a plan."""
    team = starts_team(town, child, where, turn)
    with town.days_ago(2):
        close_team(town.acting("ines"), team, open_plan=False)


def handover_offered(town: Town, child: Person, where: Where, turn: int) -> None:
    """The assistant head is offered to be the named person."""
    takes_on(town, notes(town, child, where, 7, turn), where, 6)
    with town.days_ago(2):
        propose_handover(
            town.acting(where.named),
            child,
            HandoverKind.NAMED_PERSON,
            town.post("assistant_rektor"),
            note="Du möter barnet varje dag.",
        )


def handover_answered(town: Town, child: Person, where: Where, turn: int) -> None:
    """Offered, and accepted, declined or taken back, in turns."""
    closes(town, decided(town, child, where, turn, "advice"), where, 22)
    with town.days_ago(20):
        handover = propose_handover(
            town.acting(where.named),
            child,
            HandoverKind.NAMED_PERSON,
            town.post("assistant_rektor"),
            note="Du möter barnet varje dag.",
        )
    with town.days_ago(18):
        if turn % 3 == 2:
            withdraw_handover(town.acting(where.named), handover)
        else:
            answer_handover(town.acting("hanna"), handover, accept=turn % 3 == 0, words="Jag har för många just nu.")
