"""The steps that the village's stories are made of, and where a child's everyday is.

Every step goes through the rooms' own actions, at its own moment, in the post that would have taken it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from samsyn.early_signals import actions as signs
from samsyn.early_signals.models import Request, Sign
from samsyn.early_signals.rules import Answers, Noted, TalkHeld
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, guardians_today
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


def decided(town: Town, child: Person, where: Where, turn: int, decision: str) -> Sign:
    """A sign noticed, talked about and decided on long ago, and the one who noticed told."""
    sign = notes(town, child, where, 40, turn)
    takes_on(town, sign, where, 39)
    talks(town, sign, where, 36)
    decides(town, sign, where, 30, decision)
    with town.days_ago(28):
        signs.tell_noticer(
            town.acting(where.named), sign, "Tack. Vi har pratat med familjen och går vidare tillsammans."
        )
    return sign
