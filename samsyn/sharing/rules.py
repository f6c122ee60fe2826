"""When a yes stands, and which gate may be used. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from samsyn.common.decision import Decision, no, yes


@dataclass(frozen=True)
class Answer:
    """The newest answer of one giver: "given", "refused" or "withdrawn"."""

    giver: int
    step: str


def consent_stands(
    *, guardians: Sequence[int], answers: Mapping[int, str], until: date, on: date, joint: bool
) -> Decision:
    """Does a consent open anything on this day.

    ``guardians``: those with custody on the day. ``answers``: newest step by giver. With joint custody all must have
    said yes (FB 6:13). A yes of somebody who no longer has custody counts for nothing.
    """
    if on > until:
        return no("The yes ran out on %(until)s. Ask again if it is still needed.", rule="consent", until=until)
    if not guardians:
        return no("There is no guardian on record who can say yes.", rule="consent")
    if any(answers.get(one) == "refused" for one in guardians):
        return no("A guardian has said no. Nothing is shared.", rule="joint_custody" if joint else "consent")
    if any(answers.get(one) == "withdrawn" for one in guardians):
        return no("A guardian has taken the yes back. Nothing more is shared.", rule="consent")
    if any(answers.get(one) != "given" for one in guardians):
        if joint and len(guardians) > 1:
            return no("Both guardians need to say yes. One answer is missing.", rule="joint_custody")
        return no("The guardian has not answered yet.", rule="consent")
    return yes("Everyone who decides has said yes.", rule="consent")


def may_answer_consent(*, is_guardian: bool, newest: str | None, step: str, until: date, on: date) -> Decision:
    """May this answer be written down. A yes can be taken back any day; what was never given cannot."""
    if not is_guardian:
        return no("Only somebody who has custody today can answer.", rule="joint_custody", field="giver")
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


def may_ask_consent(*, until: date, on: date, longest: date, receivers: int) -> Decision:
    """May consent be asked for until this day, from these receivers."""
    if receivers == 0:
        return no("Choose who may take part of it.", field="receivers")
    if until <= on:
        return no("Choose a day after today.", field="until")
    if until > longest:
        return no("The longest time is until %(longest)s.", rule="consent_longest", field="until", longest=longest)
    return yes()
