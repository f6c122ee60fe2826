"""When the one plan may be written, offered, agreed, reviewed and closed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from samsyn.circle.rules import Step
from samsyn.common.decision import Decision, no, yes

PLAN_STEPS = (
    Step("", "start", "draft", "plan_after_team_meeting"),
    Step("draft", "offer", "offered", "plan_after_team_meeting"),
    Step("draft", "decline", "declined", "consent"),  # a family can say no before there is anything to offer
    Step("offered", "decline", "declined", "consent"),
    Step("offered", "agree", "active", "first_review"),
    Step("active", "start_review", "in_review", "later_review"),
    Step("in_review", "finish_review", "active", "later_review"),
    Step("active", "close", "closed", "later_review"),
    Step("in_review", "close", "closed", "later_review"),
)
ENDED = ("declined", "closed")
WRITABLE = ("draft", "offered", "in_review")
ACTION_DECIDED = ("done", "left_out", "handed_on")

LONGEST_LINE = 300
LONGEST_HEADING = 200
LONGEST_TEXT = 10_000
LOWEST_MARK, HIGHEST_MARK = 1, 5
LOWEST_SCALE, HIGHEST_SCALE = 0, 10


def step(state: str, verb: str) -> Step | None:
    """The line of the table for this verb in this state, None when there is none."""
    return next((line for line in PLAN_STEPS if line.state == state and line.verb == verb), None)


def all_of(decisions: Iterable[Decision]) -> Decision:
    """The first no; yes when there is none."""
    return next((decision for decision in decisions if not decision), yes())


def is_possible(state: str, verb: str) -> Decision:
    """Does the table know this step from this state; somebody else may have taken one meanwhile."""
    if step(state, verb) is not None:
        return yes()
    if state == "closed":
        return no("The plan is closed.")
    if state == "declined":
        return no("The family has said no to this plan.")
    if verb == "offer" and state == "offered":
        return no("The plan has already been offered to the family.")
    if verb == "agree":
        return no("Offer the plan to the family first.")
    if verb == "start_review" and state == "in_review":
        return no("The plan is already being reviewed.")
    if verb == "finish_review":
        return no("Start a review first.")
    return no("That is not possible for the plan as it is now.")


def takes_part(*, is_lead: bool, is_named_person: bool, is_member: bool) -> Decision:
    """Is this post one of those who make the plan: the lead, the named person or a member of the team."""
    if is_lead or is_named_person or is_member:
        return yes()
    return no("Only those in the team around the child write in the plan.")


def holds_together(*, is_lead: bool, is_named_person: bool) -> Decision:
    """Is this post one that takes the plan from one state to the next."""
    if is_lead or is_named_person:
        return yes()
    return no("The lead or the child's %(named_person)s does this.")


def may_start(*, team_at_work: bool, open_plan: bool) -> Decision:
    """May a plan be begun: the team is at work, and has no other plan that is open."""
    if not team_at_work:
        return no("A plan is made by a team. Start the team first.")
    if open_plan:
        return no("There is already a plan for the child. Write in it instead.")
    return yes(rule="plan_after_team_meeting")


def is_writable(state: str) -> Decision:
    """May needs, goals and actions be changed now. What the family has agreed to changes only in a review."""
    if state in WRITABLE:
        return yes()
    if state == "active":
        return no("The plan has been agreed with the family. Start a review to change it.")
    return is_possible(state, "write")


def is_open(state: str) -> Decision:
    """Is the plan neither closed nor declined, so that views and marks may be added."""
    return is_possible(state, "add") if state in ENDED else yes()


def may_write(*, is_lead: bool, is_named_person: bool, is_member: bool, state: str) -> Decision:
    """May this post change the plan's needs, goals and actions now."""
    return all_of(
        (takes_part(is_lead=is_lead, is_named_person=is_named_person, is_member=is_member), is_writable(state))
    )


def has_words(words: str, field: str) -> Decision:
    """Is something written."""
    return yes() if words.strip() else no("Write something here.", field=field)


def belongs_to_partnership(*, same: bool) -> Decision:
    """Is the goal one of the common goals that the authority's own partnership has decided."""
    return yes() if same else no("Choose one of your partnership's common goals.", field="common_goal")


def has_one_doer(*, post: bool, person: bool) -> Decision:
    """Is the action somebody's: a post in the team, or somebody in the family, never both."""
    if post and person:
        return no("Choose one who does it: somebody in the team or somebody in the family.", field="by")
    if not post and not person:
        return no("Choose who does it.", field="by")
    return yes()


def can_be_done_by(*, in_team: bool, in_family: bool) -> Decision:
    """Is the doer somebody around this child today."""
    if in_team or in_family:
        return yes()
    return no("Choose somebody in the team, the child or a guardian.", field="by")


def is_ahead(day: date, *, on: date, field: str) -> Decision:
    """Is the day today or later."""
    return yes() if day >= on else no("Choose today or a later day.", field=field)


def may_remove(*, agreed: bool, holds: int) -> Decision:
    """May a need, goal or action be taken away. What was agreed stays; what holds something is emptied first."""
    if agreed:
        return no("This was agreed with the family and stays. Leave its actions out with a reason instead.")
    if holds:
        return no("Take away what lies under it first, so that nothing is lost by mistake.")
    return yes()


def is_still_there(there: bool) -> Decision:
    """Is it still in the plan."""
    return yes() if there else no("Somebody has taken this away meanwhile.")


def was_taken_away(*, wrote: bool) -> Decision:
    """What is said to whoever changes what is not in the plan any longer. ``wrote``: is there a text to keep."""
    if not wrote:
        return is_still_there(False)
    return no("Somebody has taken this away meanwhile. What you wrote is still here: copy it to where it belongs now.")


def is_still_to_do(action_state: str) -> Decision:
    """Is the action still to do. What was done, left out or handed on stays as it was written."""
    return yes() if action_state not in ACTION_DECIDED else no("How this went has already been written down.")


def has_content(*, needs: int, goals: int, actions: int) -> Decision:
    """Is there something to offer: at least one need, one goal and one action."""
    if needs == 0:
        return no("Write at least one need first.", field="needs")
    if goals == 0:
        return no("Write at least one goal first.", field="goals")
    if actions == 0:
        return no("Write at least one action first: who does what, and by when.", field="actions")
    return yes()


def may_offer(*, state: str, needs: int, goals: int, actions: int) -> Decision:
    """May the plan be offered to the family."""
    return all_of((is_possible(state, "offer"), has_content(needs=needs, goals=goals, actions=actions)))


def consent_holds(consent: Decision | None, *, reaches_outside: bool) -> Decision:
    """Has the family said yes to the plan, and does the yes still stand.

    Inside one authority there is nothing to consent to sharing, but a plan is voluntary there as well.
    """
    if consent is None:
        rule = "consent" if reaches_outside else "plan_needs_a_yes"
        return no("Write down the family's yes first. A plan is always voluntary.", rule=rule, field="consent")
    return consent


def has_lead(lead: bool) -> Decision:
    """Does exactly one in the team lead."""
    return yes() if lead else no("Choose who leads the team first.")


def may_record_view(*, state: str, kind: str, words: str, is_child: bool, is_guardian: bool) -> Decision:
    """May this view be written down. It is the child's or a guardian's own; nobody speaks in another's place."""
    if state in ENDED:
        return is_open(state)
    if not is_child and not is_guardian:
        return no("Choose the child, or somebody who has custody today.", field="whose")
    if kind == "too_young" and not is_child:
        return no("Only a child can be too young to say.", field="kind")
    if kind == "too_young" and not words.strip():
        return no("Describe what you have seen of how the child has it.", rule="own_views", field="words")
    if kind == "said" and not words.strip():
        return no("Write what was said, in the person's own words.", field="words")
    return yes()


def childs_view_is_there(kind: str | None) -> Decision:
    """Is the child's view of this version written down: said, preferred not to, or too young and observed."""
    if kind is None:
        return no(
            "Write down what the child thinks of the plan, or that the child prefers not to say.",
            rule="own_views",
            field="views",
        )
    return yes()


def guardians_views_are_there(missing: int) -> Decision:
    """Is each guardian's view of this version written down, or that the guardian preferred not to say."""
    if missing == 0:
        return yes()
    return no(
        "Write down what each guardian thinks of the plan, or that the guardian prefers not to say.", field="views"
    )


def review_is_set(review_on: date | None, *, on: date, latest: date, rule: str) -> Decision:
    """Is there a day for the next review: after today, and not later than the agreed time allows."""
    if review_on is None:
        return no("Choose a day for the review.", rule=rule, field="review_on")
    if review_on <= on:
        return no("Choose a day after today for the review.", rule=rule, field="review_on")
    if review_on > latest:
        return no("The review is on %(latest)s at the latest.", rule=rule, field="review_on", latest=latest)
    return yes(rule=rule)


def actions_can_be_kept(*, late: int, without_doer: int) -> Decision:
    """Can each action that is left to do be promised today: its day is not past, and who does it is still there."""
    if without_doer:
        return no("Somebody who was to do something has left. Choose who does it now.", field="actions")
    if late:
        return no("The day for an action has passed. Choose a new day, or say how it went.", field="actions")
    return yes()


def may_agree(
    *,
    consent: Decision | None,
    reaches_outside: bool,
    lead: bool,
    child_view: str | None,
    guardians_missing: int,
    review_on: date | None,
    on: date,
    latest_review: date,
    rule: str,
    late: int,
    without_doer: int,
) -> Decision:
    """May this text become the version in force."""
    return all_of(
        (
            consent_holds(consent, reaches_outside=reaches_outside),
            has_lead(lead),
            childs_view_is_there(child_view),
            guardians_views_are_there(guardians_missing),
            actions_can_be_kept(late=late, without_doer=without_doer),
            review_is_set(review_on, on=on, latest=latest_review, rule=rule),
        )
    )


def may_review(
    *, held_on: date, on: date, agreed_on: date, child_scale: int | None, child_words: str, what_changed: str
) -> Decision:
    """Is the look back whole: when it was, the child's own number or words, and what has changed."""
    if held_on > on:
        return no("The review cannot have been held on a day that has not come.", field="held_on")
    if held_on < agreed_on:
        return no("The review cannot have been held before the plan was agreed.", field="held_on")
    if child_scale is not None and not LOWEST_SCALE <= child_scale <= HIGHEST_SCALE:
        return no("The child's number goes from 0 to 10.", field="child_scale")
    if child_scale is None and not child_words.strip():
        return no(
            "Without a number, write what the child says or how the child shows it.",
            rule="own_views",
            field="child_words",
        )
    if not what_changed.strip():
        return no("Write what has changed since last time.", field="what_changed")
    return yes()


def may_decide_action(*, plan_state: str, action_state: str, words: str, needs_words: str) -> Decision:
    """May an action be said to be done, left out or handed on.

    ``needs_words``: the field that must say why ("because") or who goes on ("to_whom"), "" when nothing must be said.
    """
    if plan_state not in ("active", "in_review"):
        return no("The plan must be in force first.")
    if action_state in ACTION_DECIDED:
        return no("That has already been written down.")
    if needs_words == "because" and not words.strip():
        return no("Say why it is left out.", field="because")
    if needs_words == "to_whom" and not words.strip():
        return no("Say who goes on with it.", field="to_whom")
    return yes()


def happened(day: date, *, on: date, field: str) -> Decision:
    """Is the day today or earlier."""
    return yes() if day <= on else no("Choose today or an earlier day.", field=field)


def says_how_to_reach_us(words: str) -> Decision:
    """Does the family know how to get hold of us again."""
    if words.strip():
        return yes()
    return no("Write how the family gets hold of you again.", field="how_to_reach_us")


def everything_is_decided(undecided: int) -> Decision:
    """Is each action done, left out with a reason, or handed on."""
    if undecided == 0:
        return yes()
    return no("Say of each action that it is done, left out and why, or handed on to whom.", field="actions")


def may_close(*, state: str, how_to_reach_us: str, undecided: int) -> Decision:
    """May the plan be closed."""
    return all_of(
        (
            is_possible(state, "close"),
            everything_is_decided(undecided),
            says_how_to_reach_us(how_to_reach_us),
        )
    )


def may_mark(*, state: str, values: Mapping[str, int], areas: Iterable[str]) -> Decision:
    """May these marks be set on the wheel: whole steps from 1 to 5, in areas that it has."""
    if state in ENDED:
        return is_open(state)
    if not values:
        return no("Mark at least one area.", field="wheel")
    known = set(areas)
    if any(area not in known for area in values):
        return no("The wheel has no such area.", field="wheel")
    if any(not LOWEST_MARK <= value <= HIGHEST_MARK for value in values.values()):
        return no("Marks go from 1 to 5.", field="wheel")
    return yes()


def may_ask_for_paper(*, language: str, languages: Iterable[str]) -> Decision:
    """May a paper be asked for in this language."""
    return yes() if language in set(languages) else no("The paper cannot be made in that language.", field="language")


def nobody_wrote_meanwhile(changes: int) -> Decision:
    """Is the plan still as the writer saw it."""
    if changes == 0:
        return yes()
    return no(
        "Somebody else changed the plan while you were writing. Your text is still here: look at what changed, "
        "then save again.",
        field="version",
    )
