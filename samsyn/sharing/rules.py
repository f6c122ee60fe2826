"""Which gate may be used, and what may be done with a row of the ledger. Pure. Consent has rules of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from samsyn.common.decision import Decision, marked, no, yes


@dataclass(frozen=True)
class View:
    """What one in the family said of a disclosure, or why that one was not asked.

    ``whose``: "child", or a guardian's reference as text. ``yes_on``: the day (ISO) of the yes that it rests on, where
    that is what this one said. All three are empty where nothing is written down.
    """

    whose: str
    said: str = ""
    not_asked_because: str = ""
    yes_on: str = ""


def may_disclose(
    *,
    gate: str,
    possible: Sequence[str],
    same_authority: bool,
    consent: Decision | None,
    purpose: str,
    told: str,
    withheld: str,
) -> Decision:
    """May these items go to the receiver through this gate. One gate, a purpose, told or withheld with a reason.

    Nothing is shared without a purpose that is written down: it is what the receiver may use it for (GDPR art. 5.1 b).
    """
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
    if not purpose.strip():
        return no("Say what it is for.", field="purpose")
    if not told and not withheld:
        return no("Say what the family was told, or why not.", field="told")
    return yes(rule=gate)


def may_share(
    *,
    items: int,
    to_other: bool,
    is_received: bool,
    shown: str,
    now: str,
    as_chosen: bool,
    purpose: str,
    views: Collection[View],
    family: Collection[str],
    until: date | None,
    on: date,
) -> Decision:
    """May what a page has shown go to the receiver.

    ``is_received``: somebody there answers for what comes. ``shown``, ``now``: digests of what the page showed and of
    what would go now. ``as_chosen``: it goes to whom the page said and on the ground that it said. ``family``: whose
    views are wanted, as in ``View.whose``. ``until``: the last day that was chosen, None for as long as it may.
    """
    if not items:
        return no("Choose what you want to share.", field="item")
    if not to_other:
        return no("They are in your own authority. Nothing needs to be shared.", rule="own_authority", field="unit")
    if not is_received:
        return no("Nobody there answers for what comes in. Choose another place, or call them.", field="unit")
    if shown != now:
        return no("The text has changed since you looked at it. Look at it once more, and then share it.")
    if not as_chosen:
        return CHOSEN_NO_LONGER
    if not purpose.strip():
        return no("Say what it is for.", field="purpose")
    told = {view.whose for view in views if view.said.strip() or view.not_asked_because.strip()}
    missing = [whose for whose in family if whose not in told]
    if missing:
        return no("Write what this person says about it, or why you have not asked.", field=f"said_{missing[0]}")
    if until is not None and until < on:
        return no("Choose today or a later day.", field="expires_on")
    return yes()


CHOSEN_NO_LONGER = no("Who gets it, or the ground, has changed since you looked. Look once more, and then share it.")


def is_recorded(
    *,
    gate: str,
    wanted: Collection[str],
    needed_because: str,
    not_less_because: str,
    recorded: Mapping[str, str],
    on: date,
) -> Decision:
    """Is all that the gate wants written down there. ``wanted``: the words of its row of law, ``recorded`` by word.

    Why it is needed and why less would not do is wanted by every gate but a yes, whose words say both.
    """
    if gate not in ("consent", "own_authority"):
        if not needed_because.strip():
            return no("Say why the receiver needs this.", rule=gate, field="needed_because")
        if not not_less_because.strip():
            return no("Say why less would not do.", rule=gate, field="not_less_because")
    for word in ("request", "person_at_risk", "agreement"):
        if word in wanted and not recorded.get(word, "").strip():
            return no(WANTED[word], rule=gate, field=word)
    if "inquiry" in wanted and not _day_that_has_come(recorded.get("inquiry", ""), on):
        return no(
            "Say which day the inquiry was decided. Before that nothing is handed over on this ground.",
            rule=gate,
            field="inquiry",
        )
    return yes(rule=gate)


WANTED = {
    "request": marked("Say who asked for this, and when."),
    "person_at_risk": marked("Say who is at risk."),
    "agreement": marked("Say which agreement this rests on."),
}


def _day_that_has_come(text: str, on: date) -> bool:
    try:
        return date.fromisoformat(text) <= on
    except ValueError:
        return False


def digest_of(rendering: str, items: Iterable[tuple[str, UUID]]) -> bytes:
    """SHA-256 of what the receiver will see; where no page shows it beforehand, of which things are opened."""
    shown = rendering or "\n".join(f"{kind} {ref}" for kind, ref in items)
    return hashlib.sha256(shown.encode()).digest()


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


def may_challenge(*, speaks_for_child: bool, by_staff: bool, is_sender: bool, is_told: bool, words: str) -> Decision:
    """May it be written down that the family finds a disclosure wrong.

    ``speaks_for_child``: the words are the child's or those of somebody who has custody today. ``by_staff``: somebody
    at work writes them down, which only the sender does.
    """
    if not speaks_for_child:
        return no("Only the child and those who have custody today can say this.", field="by")
    if by_staff and not is_sender:
        return no("Only those whose information it is can write this down.")
    if not is_told:
        return no("The family has not been told of this yet.", rule="recheck_withheld_notice")
    if not words.strip():
        return no("Write what is wrong, in your own words.", field="words")
    return yes(rule="answer_challenge")


def may_answer_challenge(
    *, is_sender: bool, is_answered: bool, can_close: bool, outcome: str, outcomes: Collection[str], words: str
) -> Decision:
    """May this answer be given, once, by the authority whose decision it was."""
    if not is_sender:
        return no("Only those whose information it is can answer this.")
    if is_answered:
        return no("This has been answered already.")
    if outcome not in outcomes:
        return no("Say what you have decided.", field="outcome")
    if outcome == "closed" and not can_close:
        return no("There is nothing open to close. A copy that was handed over stays.", field="outcome")
    if not words.strip():
        return no("Write your answer to the family.", field="words")
    return yes(rule="answer_challenge")


def may_claim_error(*, in_family: bool, by_staff: bool, is_holder: bool, words: str) -> Decision:
    """May it be noted beside a text that somebody says it is wrong."""
    if by_staff and not is_holder:
        return no("Only those who hold the text can write this down.")
    if not by_staff and not in_family:
        return no("Only the child and those who have custody today can say this.")
    if not words.strip():
        return no("Write what is wrong, in your own words.", field="words")
    return yes(rule="dispute_noted")
