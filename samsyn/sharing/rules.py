"""Which gate may be used, and what may be done with a row of the ledger. Pure. Consent has rules of its own."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn.common.decision import Decision, no, yes


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
