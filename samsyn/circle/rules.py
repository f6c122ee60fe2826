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
    Step("", "propose", "proposed", "first_team_meeting"),
    Step("proposed", "start", "active", "consent"),
    Step("proposed", "close", "closed", "first_team_meeting"),
    Step("active", "close", "closed", "first_team_meeting"),
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
    Whose birth date nobody knows, and who goes to a school, is born.
    """
    if birth_date is None and place_kind in (SCHOOL, ACTIVITY):
        return place_kind
    if birth_date is None or birth_date > on:
        return UNBORN
    if school_from is not None and on < school_from:
        return CHILD_HEALTH
    return ACTIVITY if place_kind == "activity" else SCHOOL


def is_everyday_place(kind: str) -> bool:
    """Is a unit of this kind one that a child belongs to: its school, its preschool, its BVC."""
    return kind in ("school", "preschool", "child_health", "maternity", "activity")


def _step(steps: tuple[Step, ...], state: str, verb: str) -> Step | None:
    return next((step for step in steps if step.state == state and step.verb == verb), None)


def may_note_languages(*, follows_child: bool, in_family: bool, as_shown: bool) -> Decision:
    """May it be noted what somebody speaks. ``as_shown``: does it stand as it stood on the page."""
    if not follows_child or not in_family:
        return no("Languages are noted by who follows the child, for the child and its guardians.")
    if not as_shown:
        return no(
            "Somebody has changed this since you opened it. "
            "See what it says now, and note yours again if it still holds."
        )
    return yes("The languages can be noted.")


def may_propose_team(*, open_team: bool, members: int, is_named_person: bool) -> Decision:
    """May a team be proposed for this child."""
    if open_team:
        return no("There is already a team around the child. Add people to it instead.")
    if not is_named_person:
        return no("Only the child's %(named_person)s proposes a team.", rule="named_person_until")
    if members == 0:
        return no("Choose at least one more person for the team.", field="members")
    return yes()


def holds_together(*, is_lead: bool, is_named_person: bool) -> Decision:
    """Does this post hold the team together: as its lead, or as the child's named person."""
    if is_lead or is_named_person:
        return yes("You hold the team together.")
    return no("This is for the one who leads the team, or for the child's %(named_person)s.")


def may_rest_on(*, state: str, about_this: bool) -> Decision:
    """May the team rest on this consent: it is about this child and was asked by the team's authority."""
    if state == "closed":
        return no("The team is closed.")
    if not about_this:
        return no("That yes is about something else.", rule="consent", field="consent")
    return yes(rule="consent")


def may_start_team(*, state: str, consent: Decision | None, reaches_outside: bool, child_view: str) -> Decision:
    """May the team begin its work: the family has said yes, and the child has been asked.

    ``consent``: does the yes that the team rests on hold today; None when the team rests on none.
    """
    if _step(TEAM_STEPS, state, "start") is None:
        return no("The team has already begun or is closed.")
    if not child_view.strip():
        return no("Write what the child thinks about the team, or why it is not known.", field="child_view")
    if consent is not None:
        return consent
    if reaches_outside:
        return no("Ask the family for a yes first: the team reaches outside your authority.", rule="consent")
    return yes("Everyone in the team is in the same authority.", rule="own_authority")


def may_join(*, state: str, is_member: bool, ended: bool) -> Decision:
    """May this post come into the team."""
    if state == "closed":
        return no("The team is closed.")
    if is_member:
        return no("That post is in the team already.", field="post")
    if ended:
        return no("This post has ended.", field="post")
    return yes()


def may_leave(*, state: str, is_member: bool, is_lead: bool, is_named_person: bool, still_to_do: int) -> Decision:
    """May this post leave the team: not who leads it, not the named person, and not with promises left in the plan."""
    if state == "closed":
        return no("The team is closed.")
    if not is_member:
        return no("That post is not in the team any longer.")
    if is_lead:
        return no("Somebody must hold the team together. Offer the lead to another member first.")
    if is_named_person:
        return no("The child's %(named_person)s is always in the team.")
    if still_to_do:
        return no("%(count)s things in the plan are still theirs. Give them to somebody else first.", count=still_to_do)
    return yes()


def may_close_team(*, state: str, open_plan: bool) -> Decision:
    """May the team end: not while a plan is open."""
    if _step(TEAM_STEPS, state, "close") is None:
        return no("The team is already closed.")
    if open_plan:
        return no("Close the plan first. The team stays while there is a plan.")
    return yes()


def may_hand_over(
    *,
    holds_it: bool,
    to_same_post: bool,
    receiver_has_holder: bool,
    is_member: bool,
    reads: bool,
    kind: str,
    already_open: bool,
    note: str,
) -> Decision:
    """May the baton be offered to this post."""
    if not holds_it:
        return no("You can only hand over what is yours.")
    if already_open:
        return no("It is already offered to somebody. Take that back first.", field="to_post")
    if to_same_post:
        return no("Choose another post than your own.", field="to_post")
    if not receiver_has_holder:
        return no("Nobody holds that post today. Choose a post that somebody holds.", field="to_post")
    if kind == "lead" and not is_member:
        return no("The lead must be in the team.", field="to_post")
    if kind == "lead" and not reads:
        return no(
            "What the team has is closed to that post. "
            "Let the team rest on the family's yes once more, then offer the lead.",
            field="to_post",
        )
    if not note.strip():
        return no(
            "Write a few lines to the one who takes over, so that the family need not tell it all again.", field="note"
        )
    return yes(rule="answer_handover")


def crossing_needs_consent(*, same_authority: bool, consent: Decision | None) -> Decision:
    """A named person in another authority may read what is open only on the guardians' yes."""
    if same_authority:
        return yes(rule="own_authority")
    if consent is None:
        return no(
            "Another authority needs the guardians' yes before it may read this.", rule="consent", field="consent"
        )
    return consent


def may_answer_handover(*, state: str, is_receiver: bool, verb: str, words: str) -> Decision:
    """May this post accept or decline. Nothing has moved before a yes."""
    if state == "withdrawn":
        return no("The offer was taken back before you answered. Nothing has moved.")
    if _step(HANDOVER_STEPS, state, verb) is None:
        return no("This has already been answered.")
    if not is_receiver:
        return no("Only the one it was offered to can answer.")
    if verb == "reject" and not words.strip():
        return no("Say why, so that the other one knows what to do next.", field="words")
    return yes()


def may_move(*, still_theirs: bool, kind: str, is_member: bool) -> Decision:
    """May the baton move at this moment: the one who offered it still has it, and a lead is in the team."""
    if not still_theirs:
        return no("It is no longer with the one who offered it. Ask what has happened, and decline.")
    if kind == "lead" and not is_member:
        return no("The lead must be in the team. Ask to be added first.")
    return yes()


def may_withdraw_handover(*, state: str, is_sender: bool) -> Decision:
    """May the offer be taken back: only by the post it came from, and only while nobody has answered."""
    if not is_sender:
        return no("Only the one who offered it can take it back.")
    if _step(HANDOVER_STEPS, state, "withdraw") is None:
        return no("This has already been answered.")
    return yes()


def may_note_meeting(*, still_to_do: bool, is_theirs: bool) -> Decision:
    """May it be written down that the family has met the new one."""
    if not still_to_do:
        return no("That is already written down.")
    if not is_theirs:
        return no("Only the one who took over can write this down.")
    return yes(rule="contact_after_handover")


def may_let_go(*, own_looks: bool, answers: bool) -> Decision:
    """May a post lose its reason to know of a hidden child. ``own_looks``: it is to review those of the viewer.
    ``answers``: it is the child's named person, who is given the reason anew.
    """
    if answers:
        return no("This post answers for the child and has to know of it. Somebody else has to take over first.")
    if own_looks:
        return no("This post reviews who has looked at the child. A colleague of yours can take the reason back.")
    return yes()


def may_note_relation(*, follows_child: bool, protected: bool, name: str, relation: str) -> Decision:
    """May somebody who gets no information be noted around the child."""
    if not follows_child:
        return no("Only those who follow the child write who else is around.")
    if protected:
        return no("This child's personal data are protected. Write no names of those around the child.")
    if not name:
        return no("Write the name that the child uses.", field="name")
    if not relation:
        return no("Write who it is to the child.", field="relation")
    return yes()


def may_end_relation(*, follows_child: bool, ended: bool) -> Decision:
    """May somebody be taken away from around the child."""
    if not follows_child:
        return no("Only those who follow the child write who else is around.")
    return no("This has been taken away already.") if ended else yes()
