"""When a yes stands, and which gate may be used. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from samsyn.common.decision import Decision, no, yes


def consent_stands(*, deciders: Sequence[int], answers: Mapping[int, str], until: date, on: date) -> Decision:
    """Does a consent open anything on this day.

    ``deciders``: those with custody on the day, or from 18 the young person alone (FB 6:2). ``answers``: newest step by
    giver. With joint custody all must have said yes (FB 6:13). A yes of somebody who no longer decides counts for
    nothing.
    """
    rule = "both_guardians" if len(deciders) > 1 else "consent"
    if on > until:
        return no("The yes ran out on %(until)s. Ask again if it is still needed.", rule="consent", until=until)
    if not deciders:
        return no("There is no guardian on record who can say yes.", rule="consent")
    if any(answers.get(one) == "refused" for one in deciders):
        return no("Somebody who decides has said no. Nothing is shared.", rule=rule)
    if any(answers.get(one) == "withdrawn" for one in deciders):
        return no("Somebody who decides has taken the yes back. Nothing more is shared.", rule="consent")
    if any(answers.get(one) != "given" for one in deciders):
        if len(deciders) > 1:
            return no("Both guardians need to say yes. One answer is missing.", rule=rule)
        return no("The one who decides has not answered yet.", rule=rule)
    return yes("Everyone who decides has said yes.", rule=rule)


def consent_reaches(
    *, about_this: bool, to_receiver: bool, kinds: Iterable[str], said_yes_to: Collection[str]
) -> Decision:
    """Does a consent cover what is about to be opened, and to whom. What it does not name it does not open (OSL 12:2).

    ``about_this``: it is about this child and was asked by the sender. ``kinds``: of what is to be opened.
    """
    if not about_this:
        return no("That yes is about something else.", rule="consent", field="gate")
    if not to_receiver:
        return no("The family said yes to others, not to this receiver.", rule="consent", field="gate")
    if not set(kinds) <= set(said_yes_to):
        return no("The family said yes to less than this. Ask about this too.", rule="consent", field="gate")
    return yes(rule="consent")


def may_answer_consent(*, decides: bool, newest: str | None, step: str, until: date, on: date) -> Decision:
    """May this answer be written down. A yes can be taken back any day; what was never given cannot."""
    if not decides:
        return no("Only somebody who decides for the child today can answer.", rule="both_guardians", field="giver")
    if on > until:
        return no("This question has run out. Ask again.", rule="consent")
    if step == "withdrawn" and newest != "given":
        return no("There is no yes to take back.", rule="consent", field="step")
    if step == newest:
        return no("That answer is already written down.", field="step")
    return yes()


def may_disclose(
    *, gate: str, possible: Sequence[str], same_authority: bool, consent: Decision | None, told: str, withheld: str
) -> Decision:
    """May these items go to the receiver through this gate. Exactly one gate; told, or withheld with a reason."""
    if same_authority != (gate == "own_authority"):
        if same_authority:
            return no("Inside the own authority no gate is needed.", rule="own_authority", field="gate")
        return no("Another authority is another area of confidentiality. Choose a ground.", field="gate")
    if not same_authority and gate not in possible:
        return no("That ground does not hold between these two and for this child.", rule=gate, field="gate")
    if gate == "consent":
        if consent is None:
            return no("Choose which consent this rests on.", rule="consent", field="gate")
        if not consent:
            return consent
    if not told and not withheld:
        return no("Say what the family was told, or why not.", field="told")
    return yes(rule=gate)


def may_ask_consent(
    *, purpose: str, kinds: int, receivers: int, receivers_inside: int, until: date, on: date, longest: date
) -> Decision:
    """May consent be asked for, for this purpose, about so many kinds, until this day.

    ``receivers_inside``: how many of the receivers are in the asker's own authority, where a no would change nothing.
    """
    if not purpose.strip():
        return no("Write what it is for, as you say it to the family.", field="purpose")
    if kinds == 0:
        return no("Choose what may be shared.", field="kinds")
    if receivers == 0:
        return no("Choose who may take part of it.", field="receivers")
    if receivers_inside:
        return no(
            "Inside your own authority no consent is needed. Do not ask where a no would change nothing.",
            rule="own_authority",
            field="receivers",
        )
    if until <= on:
        return no("Choose a day after today.", field="until")
    if until > longest:
        return no("The longest time is until %(longest)s.", rule="consent_longest", field="until", longest=longest)
    return yes()


def may_stop_sharing(*, is_sender: bool, is_open: bool) -> Decision:
    """May somebody close what is open, because it is not needed any longer: whose information it is, at any time."""
    if not is_sender:
        return no("Only those whose information it is can close it.", field="words")
    if not is_open:
        return no("It is closed already.")
    return yes()


def may_look_again(*, is_sender: bool, is_withheld: bool, words: str) -> Decision:
    """May it be written down that the family has now been told, or why it still has not."""
    if not is_sender:
        return no("Only those who decided it can write this down.")
    if not is_withheld:
        return no("The family has been told already.")
    if not words.strip():
        return no("Say what the family was told, or why not.", rule="recheck_withheld_notice", field="words")
    return yes(rule="recheck_withheld_notice")
