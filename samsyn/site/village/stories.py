"""What happened to the children of Lillköping: small stories, each a few steps further than the one before.

Every step goes through the rooms' own actions, at its own moment, in the post that would have taken it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from samsyn.circle.handover_actions import propose_handover, withdraw_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind, Team
from samsyn.circle.team_actions import close_team, propose_team, start_team
from samsyn.common import clock
from samsyn.early_signals import actions as signs
from samsyn.early_signals.models import Request, Sign
from samsyn.early_signals.rules import Answers, Noted, TalkHeld
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, answer_consent, ask_consent, guardians_today
from samsyn.site.village.town import Town


@dataclass(frozen=True)
class Where:
    """Who meets the child every day, who is its named person, and whom they ask for help."""

    noticer: str
    named: str
    named_post: str


Story = Callable[[Town, Person, Where, int], object]

STOBY = Where("maja", "bo", "rektor")
NORRA = Where("sara2", "sara2", "norra_rektor")
BVC = Where("siv", "siv", "bvc")
GYMNASIUM = Where("lotta2", "hedda", "gymnasium_rektor")

STRENGTHS = (
    "Läser högt för de yngre varje fredag och lyser upp när de lyssnar.",
    "Har börjat leka med två kamrater på rasten och bjuder in fler.",
    "Ber om hjälp när det blir svårt i stället för att gå därifrån.",
)
WORRIES = (
    "Har haft ont i magen fyra måndagar i rad och vill stanna inne.",
    "Kommer sent flera dagar i veckan och har inte hunnit äta frukost.",
    "Drar sig undan på rasterna och svarar kort när vi frågar.",
    "Somnar på förmiddagen och säger att det är sent hemma.",
)
VOICES = (
    "Magen är snäll på fritids men inte hemma på söndagar.",
    "Jag vill att det är lugnt på morgonen.",
    "Det är roligast när vi bygger ihop.",
    "",
)


def notes(town: Town, child: Person, where: Where, ago: int, turn: int, *, strength: bool = False) -> Sign:
    """Somebody who meets the child notes something and sends it to the named person."""
    with town.days_ago(ago) as day:
        viewer = town.acting(where.noticer)
        sign = signs.start_draft(viewer, child)
        noted = Noted(
            kind="strength" if strength else "worry",
            observed_on=day,
            saw=(STRENGTHS if strength else WORRIES)[turn % 3],
            child_words=VOICES[turn % len(VOICES)],
            areas=("safe", "healthy") if turn % 2 else ("active", "included"),
            talked_with=("child",),
            did="Vi går en egen runda innan mellanmålet.",
        )
        signs.save_draft(viewer, sign, noted, sign.version)
        return signs.send_sign(viewer, sign)


def takes_on(town: Town, sign: Sign, where: Where, ago: int) -> Sign:
    """The named person takes the sign on."""
    with town.days_ago(ago):
        return signs.acknowledge(town.acting(where.named), sign)


def talks(town: Town, sign: Sign, where: Where, ago: int) -> Sign:
    """The named person talks with the child and the guardians."""
    with town.days_ago(ago) as day:
        held = TalkHeld(
            held_on=day,
            with_child=True,
            with_guardians=tuple(str(row.guardian.ref) for row in guardians_today(sign.child)),
            child_words="Jag vill bestämma själv vad jag tar med mig.",
            family_words="Hemma är kvällarna svårast. Vi vill gärna ha hjälp att få lugn.",
        )
        signs.record_talk(town.acting(where.named), sign, held)
    return sign


def decides(town: Town, sign: Sign, where: Where, ago: int, decision: str) -> Sign:
    """The named person answers the five questions."""
    with town.days_ago(ago):
        answers = Answers(
            in_the_way="Morgnarna är stressiga och sömnen för kort.",
            have_all_information="Ja, barnet och vårdnadshavarna har berättat.",
            can_do_now="Möta vid grinden varje morgon.",
            own_agency_can_do="Fritids tar emot en kvart tidigare.",
            needed_from_others="Stöd hemma på kvällarna.",
            decision=decision,
        )
        signs.answer_five_questions(town.acting(where.named), sign, answers)
    return sign


def closes(town: Town, sign: Sign, where: Where, ago: int) -> Sign:
    """The one who noticed gets an answer, and the sign is closed."""
    with town.days_ago(ago):
        return signs.close_sign(town.acting(where.named), sign, "Tack. Vi har pratat och vet vad vi gör.")


def asks(town: Town, sign: Sign, where: Where, ago: int, unit: str = "early") -> Request:
    """The named person asks another authority for help, on the guardians' yes."""
    with town.days_ago(ago):
        viewer = town.acting(where.named)
        purpose = "Få stöd hemma på kvällarna."
        consent = town.yes_from_all(viewer, sign.child, [town.unit(unit)], purpose, ["request", "sign"])
        ground = Sharing(
            gate="consent", purpose=purpose, told="Vi har gått igenom texten tillsammans.", consent=consent
        )
        return signs.send_request(
            viewer,
            sign.child,
            sign,
            town.unit(unit),
            wanted="Hembesök två kvällar i veckan.",
            background="Familjen vill ha lugnare kvällar.",
            includes_sign=True,
            ground=ground,
        )


def _decided(town: Town, child: Person, where: Where, turn: int, decision: str) -> Sign:
    sign = notes(town, child, where, 40, turn)
    takes_on(town, sign, where, 39)
    talks(town, sign, where, 36)
    decides(town, sign, where, 30, decision)
    with town.days_ago(28):
        signs.tell_noticer(
            town.acting(where.named), sign, "Tack. Vi har pratat med familjen och går vidare tillsammans."
        )
    return sign


def strength(town: Town, child: Person, where: Where, turn: int) -> None:
    """A strength, thanked for and closed."""
    sign = notes(town, child, where, 300 + turn, turn, strength=True)
    takes_on(town, sign, where, 299 + turn)
    talks(town, sign, where, 297 + turn)
    decides(town, sign, where, 296 + turn, "nothing_more")
    closes(town, sign, where, 295 + turn)


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
    closes(town, _decided(town, child, where, turn, "advice"), where, 25)


def own_help(town: Town, child: Person, where: Where, turn: int) -> None:
    """Help from the own place; the one who noticed waits for an answer."""
    _decided(town, child, where, turn, "own_help")


def asked(town: Town, child: Person, where: Where, turn: int) -> None:
    """Help asked for, waiting for an answer."""
    asks(town, _decided(town, child, where, turn, "request"), where, 3)


def countered(town: Town, child: Person, where: Where, turn: int) -> None:
    """Another way proposed."""
    request = asks(town, _decided(town, child, where, turn, "request"), where, 12)
    with town.days_ago(8):
        signs.counter_request(town.acting("ines"), request, "En samtalsgrupp för föräldrar på tisdagar.")


def agreed(town: Town, child: Person, where: Where, turn: int) -> None:
    """The other way agreed on, to be accepted."""
    request = asks(town, _decided(town, child, where, turn, "request"), where, 12)
    with town.days_ago(8):
        signs.counter_request(town.acting("ines"), request, "Hembesök på torsdagar.")
    with town.days_ago(6):
        signs.agree_counter(town.acting(where.named), request)


def accepted(town: Town, child: Person, where: Where, turn: int) -> None:
    """Accepted: the other one answers for its part."""
    request = asks(town, _decided(town, child, where, turn, "request"), where, 14)
    with town.days_ago(10):
        signs.accept_request(town.acting("ines"), request)


def declined_twice(town: Town, child: Person, where: Where, turn: int) -> None:
    """Two have said no: somebody above is called in."""
    sign = _decided(town, child, where, turn, "request")
    for ago, unit, who in ((20, "early", "ines"), (12, "lss", "omar")):
        request = asks(town, sign, where, ago, unit)
        with town.days_ago(ago - 2):
            signs.decline_request(
                town.acting(who), request, reason="Vi har ingen plats före jul.", alternative="Fråga familjecentralen."
            )


def revoked(town: Town, child: Person, where: Where, turn: int) -> None:
    """Asked and taken back."""
    request = asks(town, _decided(town, child, where, turn, "request"), where, 14)
    with town.days_ago(12):
        signs.revoke_request(town.acting(where.named), request, "Familjen löste det själv.")


def helped(town: Town, child: Person, where: Where, turn: int) -> None:
    """Asked, accepted and done."""
    request = asks(town, _decided(town, child, where, turn, "request"), where, 25)
    with town.days_ago(22):
        signs.accept_request(town.acting("ines"), request)
    with town.days_ago(4):
        signs.finish_request(town.acting("ines"), request, "helped", "Kvällarna är lugnare.")


def _ended(outcome: str, words: str) -> Story:
    """Asked and accepted, and ended otherwise than hoped for."""

    def ended(town: Town, child: Person, where: Where, turn: int) -> None:
        request = asks(town, _decided(town, child, where, turn, "request"), where, 25)
        with town.days_ago(22):
            signs.accept_request(town.acting("ines"), request)
        with town.days_ago(4):
            signs.finish_request(town.acting("ines"), request, outcome, words)

    return ended


def taken_back(town: Town, child: Person, where: Where, turn: int) -> None:
    """Consent given and taken back a week later; nothing is flagged."""
    sign = _decided(town, child, where, turn, "own_help")
    with town.days_ago(20):
        viewer = town.acting(where.named)
        consent = town.yes_from_all(viewer, sign.child, [town.unit("early")], "Be Tidigt stöd om råd.", ["request"])
    with town.days_ago(13):
        giver = guardians_today(sign.child)[0].guardian
        answer_consent(town.acting(where.named), consent, giver, "withdrawn", form="oral", language="sv")


def refused(town: Town, child: Person, where: Where, turn: int) -> None:
    """Consent asked for and refused; nothing is flagged."""
    sign = _decided(town, child, where, turn, "own_help")
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


def proposes_team(town: Town, child: Person, where: Where, turn: int, ago: int = 10) -> Team:
    """A team proposed, with the guardians' yes."""
    _decided(town, child, where, turn, "team")
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
    closes(town, _decided(town, child, where, turn, "advice"), where, 22)
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
