"""What happened to the children of Lillköping: small stories, each a few steps further than the one before.

Every step goes through the rooms' own actions, at its own moment, in the post that would have taken it.
"""

from __future__ import annotations

from datetime import timedelta

from samsyn.common import clock
from samsyn.early_signals import actions as signs
from samsyn.people.models import Person
from samsyn.sharing.actions import answer_consent, ask_consent, guardians_today
from samsyn.site.village.steps import Story, Where, asks, closes, decided, decides, notes, takes_on, talks
from samsyn.site.village.team_stories import (
    handover_answered,
    handover_offered,
    team_at_work,
    team_closed,
    team_proposed,
)
from samsyn.site.village.town import Town


def strength(town: Town, child: Person, where: Where, turn: int) -> None:
    """A strength, thanked for and closed. The children's are spread over the time that the village has lived."""
    ago = 480 - turn * 53 % 420
    sign = notes(town, child, where, ago, turn, strength=True)
    takes_on(town, sign, where, ago - 1)
    talks(town, sign, where, ago - 3)
    decides(town, sign, where, ago - 4, "nothing_more")
    closes(town, sign, where, ago - 5)


def being_written(town: Town, child: Person, where: Where, turn: int) -> None:
    """A draft that nobody else sees."""
    with town.days_ago(0):
        signs.start_draft(town.acting(where.noticer), child)


def received(town: Town, child: Person, where: Where, turn: int) -> None:
    """Sent yesterday, not yet taken on."""
    notes(town, child, where, 1, turn)


def late(town: Town, child: Person, where: Where, turn: int) -> None:
    """Sent long ago and not taken on: overdue."""
    notes(town, child, where, 12, turn)


def acknowledged(town: Town, child: Person, where: Where, turn: int) -> None:
    """Taken on, the talk comes next."""
    takes_on(town, notes(town, child, where, 4, turn), where, 3)


def in_dialogue(town: Town, child: Person, where: Where, turn: int) -> None:
    """Talked with, the five questions come next."""
    sign = takes_on(town, notes(town, child, where, 9, turn), where, 8)
    talks(town, sign, where, 5)


def merged(town: Town, child: Person, where: Where, turn: int) -> None:
    """Two who noticed the same: joined, both will be told."""
    first = takes_on(town, notes(town, child, where, 6, turn), where, 5)
    second = notes(town, child, where, 4, turn + 1)
    with town.days_ago(3):
        signs.merge_sign(town.acting(where.named), second, first)


def advised(town: Town, child: Person, where: Where, turn: int) -> None:
    """Advice to the family, answered and closed."""
    closes(town, decided(town, child, where, turn, "advice"), where, 25)


def own_help(town: Town, child: Person, where: Where, turn: int) -> None:
    """Help from the own place; the one who noticed waits for an answer."""
    decided(town, child, where, turn, "own_help")


def asked(town: Town, child: Person, where: Where, turn: int) -> None:
    """Help asked for, waiting for an answer."""
    asks(town, decided(town, child, where, turn, "request"), where, 3)


def countered(town: Town, child: Person, where: Where, turn: int) -> None:
    """Another way proposed."""
    request = asks(town, decided(town, child, where, turn, "request"), where, 12)
    with town.days_ago(8):
        signs.counter_request(town.acting("ines"), request, "En samtalsgrupp för föräldrar på tisdagar.")


def agreed(town: Town, child: Person, where: Where, turn: int) -> None:
    """The other way agreed on, to be accepted."""
    request = asks(town, decided(town, child, where, turn, "request"), where, 12)
    with town.days_ago(8):
        signs.counter_request(town.acting("ines"), request, "Hembesök på torsdagar.")
    with town.days_ago(6):
        signs.agree_counter(town.acting(where.named), request)


def accepted(town: Town, child: Person, where: Where, turn: int) -> None:
    """Accepted: the other one answers for its part."""
    request = asks(town, decided(town, child, where, turn, "request"), where, 14)
    with town.days_ago(10):
        signs.accept_request(town.acting("ines"), request)


def declined_twice(town: Town, child: Person, where: Where, turn: int) -> None:
    """Two have said no: somebody above is called in."""
    sign = decided(town, child, where, turn, "request")
    for ago, unit, who in ((20, "early", "ines"), (12, "lss", "omar")):
        request = asks(town, sign, where, ago, unit)
        with town.days_ago(ago - 2):
            signs.decline_request(
                town.acting(who), request, reason="Vi har ingen plats före jul.", alternative="Fråga familjecentralen."
            )


def revoked(town: Town, child: Person, where: Where, turn: int) -> None:
    """Asked and taken back."""
    request = asks(town, decided(town, child, where, turn, "request"), where, 14)
    with town.days_ago(12):
        signs.revoke_request(town.acting(where.named), request, "Familjen löste det själv.")


def helped(town: Town, child: Person, where: Where, turn: int) -> None:
    """Asked, accepted and done."""
    request = asks(town, decided(town, child, where, turn, "request"), where, 25)
    with town.days_ago(22):
        signs.accept_request(town.acting("ines"), request)
    with town.days_ago(4):
        signs.finish_request(town.acting("ines"), request, "helped", "Kvällarna är lugnare.")


def _ended(outcome: str, words: str) -> Story:
    """Asked and accepted, and ended otherwise than hoped for."""

    def ended(town: Town, child: Person, where: Where, turn: int) -> None:
        request = asks(town, decided(town, child, where, turn, "request"), where, 25)
        with town.days_ago(22):
            signs.accept_request(town.acting("ines"), request)
        with town.days_ago(4):
            signs.finish_request(town.acting("ines"), request, outcome, words)

    return ended


def taken_back(town: Town, child: Person, where: Where, turn: int) -> None:
    """Consent given and taken back a week later; nothing is flagged."""
    sign = decided(town, child, where, turn, "own_help")
    with town.days_ago(20):
        viewer = town.acting(where.named)
        consent = town.yes_from_all(viewer, sign.child, [town.unit("early")], "Be Tidigt stöd om råd.", ["request"])
    with town.days_ago(13):
        giver = guardians_today(sign.child)[0].guardian
        answer_consent(town.acting(where.named), consent, giver, "withdrawn", form="oral", language="sv")


def refused(town: Town, child: Person, where: Where, turn: int) -> None:
    """Consent asked for and refused; nothing is flagged."""
    sign = decided(town, child, where, turn, "own_help")
    with town.days_ago(20):
        viewer = town.acting(where.named)
        consent = ask_consent(
            viewer,
            sign.child,
            purpose="Be Tidigt stöd om hjälp.",
            kinds=["request"],
            receivers=[town.unit("early")],
            until=clock.today() + timedelta(days=90),
            form="oral",
            language="sv",
            child_reason="Vi har gått igenom det tillsammans.",
        )
        for row in guardians_today(sign.child):
            answer_consent(viewer, consent, row.guardian, "refused", form="oral", language="sv")


ANYWHERE: tuple[Story, ...] = (strength, received, acknowledged, in_dialogue, advised, own_help)
AT_STOBY: tuple[Story, ...] = (
    *(strength, being_written, received, late, acknowledged, in_dialogue, merged, advised, own_help, asked, countered),
    *(agreed, accepted, declined_twice, revoked, helped, refused, team_proposed, team_at_work, team_closed),
    *(handover_offered, handover_answered, handover_answered, handover_answered, taken_back),
    _ended("family_declined", "Familjen ville inte ha hembesök."),
    _ended("moved", "Familjen har flyttat till en annan kommun."),
    _ended("other_help", "Mormor hjälper till på kvällarna."),
    _ended("no_effect", "Kvällarna är som förut. Vi behöver tänka om."),
)
