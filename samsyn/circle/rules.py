"""Who the named person is by stage, when a team may start, and when the baton moves. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from samsyn.common.decision import Decision, no, yes


@dataclass(frozen=True)
class Step:
    """One line of a table of states: from, verb, to, and the row of law or the agreement that it follows."""

    state: str
    verb: str
    to: str
    source: str


TEAM_STEPS = (
    Step("", "propose", "proposed", "team_around_the_child"),
    Step("proposed", "start", "active", "consent"),
    Step("proposed", "close", "closed", "team_around_the_child"),
    Step("active", "close", "closed", "team_around_the_child"),
)
HANDOVER_STEPS = (
    Step("", "propose", "proposed", "answer_handover"),
    Step("proposed", "accept", "accepted", "contact_after_handover"),
    Step("proposed", "reject", "rejected", "answer_handover"),
    Step("proposed", "withdraw", "withdrawn", "answer_handover"),
)

CHILD_HEALTH, SCHOOL, ACTIVITY, UNBORN = "child_health", "school", "activity", "unborn"


def stage_on(birth_date: date | None, on: date, school_from: date | None, place_kind: str) -> str:
    """The stage that gives the named person (Kronobarnsmodellen).

    ``school_from``: first day of förskoleklass for this birth date; ``place_kind``: kind of unit the child belongs to.
    """
    if birth_date is None or birth_date > on:
        return UNBORN
    if school_from is not None and on < school_from:
        return CHILD_HEALTH
    return ACTIVITY if place_kind == "activity" else SCHOOL


def _step(steps: tuple[Step, ...], state: str, verb: str) -> Step | None:
    return next((step for step in steps if step.state == state and step.verb == verb), None)


def may_start_team(*, state: str, consent: Decision | None, child_view: str) -> Decision:
    """May the team begin its work: the family has said yes, and the child has been asked."""
    if _step(TEAM_STEPS, state, "start") is None:
        return no("The team has already begun or is closed.")
    if not child_view.strip():
        return no("Write what the child thinks about the team, or why it is not known.", field="child_view")
    if consent is None:
        return yes("Everyone in the team is in the same authority.", rule="own_authority")
    return consent


def may_propose_team(*, open_team: bool, members: int, is_named_person: bool) -> Decision:
    """May a team be proposed for this child."""
    if open_team:
        return no("There is already a team around the child. Add people to it instead.")
    if not is_named_person:
        return no("Only the child's named person proposes a team.", rule="named_person")
    if members == 0:
        return no("Choose at least one more person for the team.", field="members")
    return yes()


def may_close_team(*, state: str, open_plan: bool) -> Decision:
    """May the team end: not while a plan is open."""
    if state == "closed":
        return no("The team is already closed.")
    if open_plan:
        return no("Close the plan first. The team stays while there is a plan.")
    return yes()


def may_hand_over(
    *, holds_it: bool, to_same_post: bool, receiver_has_holder: bool, is_member: bool, kind: str, already_open: bool
) -> Decision:
    """May the baton be offered to this post."""
    if not holds_it:
        return no("You can only hand over what is yours.")
    if to_same_post:
        return no("Choose another post than your own.", field="to_post")
    if already_open:
        return no("It is already offered to somebody. Take that back first.", field="to_post")
    if not receiver_has_holder:
        return no("Nobody holds that post today. Choose a post with somebody at work.", field="to_post")
    if kind == "lead" and not is_member:
        return no("The lead must be in the team.", field="to_post")
    return yes(rule="answer_handover")


def may_answer_handover(*, state: str, is_receiver: bool, verb: str, words: str) -> Decision:
    """May this post accept or decline. Nothing has moved before a yes."""
    if _step(HANDOVER_STEPS, state, verb) is None:
        return no("This has already been answered.")
    if not is_receiver:
        return no("Only the one it was offered to can answer.")
    if verb == "reject" and not words.strip():
        return no("Say why, so that the other one knows what to do next.", field="answer")
    return yes()


def crossing_needs_consent(*, same_authority: bool, consent: Decision | None) -> Decision:
    """A named person in another authority may read what is open only on the guardians' yes."""
    if same_authority:
        return yes(rule="own_authority")
    if consent is None:
        return no("Another authority needs the guardians' yes before it may read this.", rule="consent", field="consent")
    return consent
