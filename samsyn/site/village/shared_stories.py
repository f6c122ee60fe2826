"""What is shared on a yes about children whose families sign in at home: open, handed over as a copy, and said no to.

What the receiver sees is made by the code of the page on which it is decided, as whenever somebody shares something.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import translation

from samsyn.common import clock
from samsyn.desk.shown import as_received, things_about
from samsyn.early_signals import actions as signs
from samsyn.early_signals.actions.sending import receiving_post
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import Noted, TalkHeld
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, answer_consent, ask_consent, choice_of, guardians_today, share
from samsyn.sharing.models import ChildPart, Consent, Disclosure, Way
from samsyn.sharing.rules import View, digest_of
from samsyn.site.village import steps
from samsyn.site.village.town import Town


def nours_nights(town: Town) -> None:
    """Nour sleeps badly. Amal and Olof said yes twice: Ines reads what they told Siv, and Omar has a copy of it."""
    nour = town.children["nour"]
    sign = _siv_notes(town, nour)
    steps.takes_on(town, sign, steps.BVC, 59)
    with town.days_ago(57) as day:
        told = TalkHeld(
            held_on=day,
            with_child=True,
            with_guardians=tuple(str(row.guardian.ref) for row in guardians_today(nour)),
            child_words="Nour sitter i Amals knä, pekar på lampan och skrattar.",
            family_words="Nour vaknar många gånger varje natt. Vi behöver få sova hela natten någon gång i veckan.",
        )
        signs.record_talk(town.acting("siv"), sign, told)
    steps.decides(town, sign, steps.BVC, 55, "own_help")
    steps.closes(town, sign, steps.BVC, 54)
    with town.days_ago(50):
        yes = _asked(town, "siv", nour, "early", "Få råd om nätterna, hemma hos er.", "talk")
        for row in guardians_today(nour):
            answer_consent(town.acting("siv"), yes, row.guardian, "given", form="oral", language="sv")
        _shares(town, "siv", yes, "early", Way.OPEN)
    with town.days_ago(45):
        yes = _asked(town, "siv", nour, "lss", "Ta reda på om ni kan få avlösning hemma.", "talk")
        for row in guardians_today(nour):
            answer_consent(town.acting("siv"), yes, row.guardian, "given", form="oral", language="sv")
        _shares(town, "siv", yes, "lss", Way.DELIVERED)


def adams_mornings(town: Town) -> None:
    """Adam decides himself: Ines reads what was noticed at school, Pia has a copy of it, and Farid is told nothing."""
    adam = town.children["adam"]
    for ago, unit, purpose, way in (
        (6, "primary", "Få en tid hos Pia om sömnen.", Way.DELIVERED),
        (5, "early", "Prata med Ines om hur morgnarna kan bli lättare.", Way.OPEN),
    ):
        with town.days_ago(ago):
            yes = _asked(town, "hedda", adam, unit, purpose, "sign", ChildPart.ALONE)
            answer_consent(town.acting("hedda"), yes, adam, "given", form="oral", language="sv")
            _shares(town, "hedda", yes, unit, way)
    with town.days_ago(4):
        purpose = "Låta Farid i Ungdomsgruppen vara med på ett möte."
        asked = _asked(town, "hedda", adam, "police", purpose, "sign", ChildPart.ALONE)
        answer_consent(town.acting("hedda"), asked, adam, "refused", form="oral", language="sv")


def _siv_notes(town: Town, nour: Person) -> Sign:
    with town.days_ago(60) as day:
        siv = town.acting("siv")
        sign = signs.start_draft(siv, nour)
        noted = Noted(
            kind="both",
            observed_on=day,
            saw="Vaknar många gånger varje natt. Skrattar och söker mammas blick när lampan tänds.",
            areas=("healthy", "nurtured"),
            talked_with=tuple(str(row.guardian.ref) for row in guardians_today(nour)),
            did="Vi har gått igenom kvällen hemma, steg för steg.",
        )
        signs.save_draft(siv, sign, noted, sign.version)
        return signs.send_sign(siv, sign)


def _asked(
    town: Town, word: str, child: Person, unit: str, purpose: str, kind: str, part: str = ChildPart.HEARD
) -> Consent:
    alone = part == ChildPart.ALONE
    return ask_consent(
        town.acting(word),
        child,
        purpose=purpose,
        kinds=[kind],
        receivers=[town.unit(unit)],
        until=clock.today() + timedelta(days=180),
        form="oral",
        language="sv",
        child_part=part,
        child_reason="Adam är 16 år och vet vad han vill. Vi har gått igenom det tillsammans." if alone else "",
    )


def _shares(town: Town, word: str, yes: Consent, unit: str, way: Way) -> Disclosure:
    """The newest text of the kind that the yes is about, exactly as its receiver sees it."""
    viewer, child = town.acting(word), yes.child
    thing = next(one for one in things_about(viewer, child) if one.kind in yes.kinds)
    with translation.override("sv"):
        rendering = as_received(viewer, child, [thing])
    ground = Sharing(
        gate="consent",
        purpose=yes.purpose,
        views=_said(yes),
        told="Vi har läst texten tillsammans. Vi sa vem som får den och hur länge.",
        consent=yes,
        way=way,
        rendering=rendering,
        expires_on=yes.until,
    )
    receiver = town.unit(unit)
    shown = digest_of(rendering, [thing.item]).hex()
    chosen = choice_of(receiver, ground.gate, yes)
    to = receiving_post(receiver)
    return share(viewer, child, receiver, [thing.item], ground, shown=shown, chosen=chosen, receiving=to)


def _said(yes: Consent) -> tuple[View, ...]:
    """What the child and each guardian said of it."""
    guardians = [str(row.guardian.ref) for row in guardians_today(yes.child)]
    if yes.child_part == ChildPart.ALONE:
        himself = View("child", said="Det är bra, då slipper jag berätta en gång till.")
        return (himself, *(View(one, not_asked_because="Adam vill prata själv.") for one in guardians))
    small = View("child", not_asked_because="Nour är två år.")
    return (small, *(View(one, said="Ja, det är bra.") for one in guardians))
