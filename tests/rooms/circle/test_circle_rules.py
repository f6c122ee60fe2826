"""Who the named person is by stage, when a team may begin, change and end, and when the baton moves. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from samsyn import law
from samsyn.circle import rules
from samsyn.circle.models import HandoverState, TeamState
from samsyn.common.decision import Decision, no, yes

TODAY = date(2026, 11, 17)
REFUSED = no("A guardian has said no.", rule="consent")


def refuses(decision: Decision, reason: str, field: str = "") -> None:
    """The rule said no, for this reason, beside this field."""
    assert not decision
    assert reason in decision.reason
    assert decision.field == field


# --- stages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "place", "stage"),
    [
        (None, "", rules.UNBORN),
        (date(2026, 11, 18), "", rules.UNBORN),
        (date(2026, 11, 17), "", rules.CHILD_HEALTH),
        (date(2021, 1, 1), "preschool", rules.CHILD_HEALTH),
        (date(2020, 12, 31), "school", rules.SCHOOL),
        (date(2009, 1, 1), "activity", rules.ACTIVITY),
        (date(2009, 1, 1), "", rules.SCHOOL),
    ],
)
def test_the_stage_gives_the_named_person(born: date | None, place: str, stage: str) -> None:
    school_from = law.on(TODAY).turning_day("named_person_school_from", born) if born else None
    assert rules.stage_on(born, TODAY, school_from, place) == stage


def test_the_school_takes_over_in_the_autumn_of_the_year_the_child_turns_six() -> None:
    born = date(2020, 12, 24)
    autumn = law.on(TODAY).turning_day("named_person_school_from", born)
    assert autumn == date(2026, 8, 1)
    assert rules.stage_on(born, date(2026, 7, 31), autumn, "school") == rules.CHILD_HEALTH
    assert rules.stage_on(born, date(2026, 8, 1), autumn, "school") == rules.SCHOOL


@pytest.mark.parametrize(("steps", "states"), [(rules.TEAM_STEPS, TeamState), (rules.HANDOVER_STEPS, HandoverState)])
def test_the_tables_of_states_name_states_that_are_stored_and_rules_that_are_law(
    steps: tuple[rules.Step, ...], states: type[TeamState] | type[HandoverState]
) -> None:
    assert {step.to for step in steps} == set(states.values)
    assert {step.state for step in steps} <= {"", *states.values}
    assert len({(step.state, step.verb) for step in steps}) == len(steps)
    for step in steps:
        assert law.on(TODAY).row(step.source).id == step.source


# --- the team ---------------------------------------------------------------------------------------------------------

PROPOSE: dict[str, Any] = {"open_team": False, "members": 1, "is_named_person": True}


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"open_team": True}, "already a team", ""),
        ({"is_named_person": False}, "Only the child's %(named_person)s", ""),
        ({"members": 0}, "at least one more", "members"),
    ],
)
def test_a_team_is_proposed_by_the_named_person_once_and_with_somebody(
    change: dict[str, Any], reason: str, field: str
) -> None:
    assert rules.may_propose_team(**PROPOSE)
    refuses(rules.may_propose_team(**{**PROPOSE, **change}), reason, field)


@pytest.mark.parametrize(("is_lead", "is_named_person"), [(True, False), (False, True), (True, True)])
def test_the_lead_and_the_named_person_hold_the_team_together(is_lead: bool, is_named_person: bool) -> None:
    assert rules.holds_together(is_lead=is_lead, is_named_person=is_named_person)
    refuses(rules.holds_together(is_lead=False, is_named_person=False), "for the one who leads")


def test_a_team_rests_on_a_yes_about_itself_while_it_is_open() -> None:
    for state in ("", "proposed", "active"):
        assert rules.may_rest_on(state=state, about_this=True)
    refuses(rules.may_rest_on(state="closed", about_this=True), "The team is closed.")
    refuses(rules.may_rest_on(state="active", about_this=False), "something else", "consent")


START: dict[str, Any] = {"state": "proposed", "consent": yes(), "reaches_outside": True, "child_view": "Bra."}


def test_a_team_begins_on_the_familys_yes_and_the_childs_view() -> None:
    assert rules.may_start_team(**START)
    inside = rules.may_start_team(**{**START, "consent": None, "reaches_outside": False})
    assert inside
    assert inside.rule == "own_authority"


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"state": "active"}, "already begun", ""),
        ({"state": "closed"}, "already begun", ""),
        ({"child_view": " \n"}, "what the child thinks", "child_view"),
        ({"consent": None}, "Ask the family for a yes first", ""),
        ({"consent": REFUSED}, REFUSED.reason, ""),
        ({"consent": REFUSED, "reaches_outside": False}, REFUSED.reason, ""),
    ],
)
def test_a_team_does_not_begin_without_them(change: dict[str, Any], reason: str, field: str) -> None:
    refuses(rules.may_start_team(**{**START, **change}), reason, field)


JOIN: dict[str, Any] = {"state": "active", "is_member": False, "ended": False}


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"state": "closed"}, "The team is closed.", ""),
        ({"is_member": True}, "in the team already", "post"),
        ({"ended": True}, "has ended", "post"),
    ],
)
def test_a_post_joins_an_open_team_once(change: dict[str, Any], reason: str, field: str) -> None:
    assert rules.may_join(**JOIN)
    refuses(rules.may_join(**{**JOIN, **change}), reason, field)


LEAVE: dict[str, Any] = {
    "state": "active",
    "is_member": True,
    "is_lead": False,
    "is_named_person": False,
    "still_to_do": 0,
}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "closed"}, "The team is closed."),
        ({"is_member": False}, "not in the team any longer"),
        ({"is_lead": True}, "Somebody must hold the team together"),
        ({"is_named_person": True}, "%(named_person)s is always in the team"),
        ({"still_to_do": 2}, "things in the plan are still theirs"),
    ],
)
def test_nobody_leaves_what_rests_on_them(change: dict[str, Any], reason: str) -> None:
    assert rules.may_leave(**LEAVE)
    refuses(rules.may_leave(**{**LEAVE, **change}), reason)


@pytest.mark.parametrize("state", ["proposed", "active"])
def test_a_team_closes_when_no_plan_is_open(state: str) -> None:
    assert rules.may_close_team(state=state, open_plan=False)
    refuses(rules.may_close_team(state=state, open_plan=True), "Close the plan first")
    refuses(rules.may_close_team(state="closed", open_plan=False), "already closed")


# --- the baton --------------------------------------------------------------------------------------------------------

OFFER: dict[str, Any] = {
    "holds_it": True,
    "to_same_post": False,
    "receiver_has_holder": True,
    "is_member": True,
    "reads": True,
    "kind": "lead",
    "already_open": False,
    "note": "Amal vill ha tolk.",
}


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"holds_it": False}, "only hand over what is yours", ""),
        ({"already_open": True}, "already offered", "to_post"),
        ({"to_same_post": True}, "another post than your own", "to_post"),
        ({"receiver_has_holder": False}, "Nobody holds that post", "to_post"),
        ({"is_member": False}, "must be in the team", "to_post"),
        ({"reads": False}, "closed to that post", "to_post"),
        ({"note": " "}, "a few lines", "note"),
    ],
)
def test_the_baton_is_offered_by_who_has_it_to_somebody_who_is_there(
    change: dict[str, Any], reason: str, field: str
) -> None:
    assert rules.may_hand_over(**OFFER)
    refuses(rules.may_hand_over(**{**OFFER, **change}), reason, field)


def test_a_named_person_need_not_be_in_the_team() -> None:
    assert rules.may_hand_over(**{**OFFER, "kind": "named_person", "is_member": False, "reads": False})


def test_another_authority_needs_the_familys_yes() -> None:
    assert rules.crossing_needs_consent(same_authority=True, consent=None)
    assert rules.crossing_needs_consent(same_authority=False, consent=yes())
    refuses(rules.crossing_needs_consent(same_authority=False, consent=None), "guardians' yes", "consent")
    assert rules.crossing_needs_consent(same_authority=False, consent=REFUSED) == REFUSED


ANSWER: dict[str, Any] = {"state": "proposed", "is_receiver": True, "verb": "accept", "words": ""}


def test_the_receiver_answers_once() -> None:
    assert rules.may_answer_handover(**ANSWER)
    assert rules.may_answer_handover(**{**ANSWER, "verb": "reject", "words": "Jag slutar i maj."})
    for state in ("accepted", "rejected"):
        refuses(rules.may_answer_handover(**{**ANSWER, "state": state}), "already been answered")
    refuses(rules.may_answer_handover(**{**ANSWER, "state": "withdrawn"}), "taken back before you answered")
    refuses(rules.may_answer_handover(**{**ANSWER, "is_receiver": False}), "Only the one it was offered to")
    refuses(rules.may_answer_handover(**{**ANSWER, "verb": "reject", "words": " "}), "Say why", "words")


def test_the_baton_moves_only_from_who_still_has_it() -> None:
    assert rules.may_move(still_theirs=True, kind="lead", is_member=True)
    assert rules.may_move(still_theirs=True, kind="named_person", is_member=False)
    refuses(rules.may_move(still_theirs=False, kind="named_person", is_member=True), "no longer with the one")
    refuses(rules.may_move(still_theirs=True, kind="lead", is_member=False), "must be in the team")


def test_an_offer_is_taken_back_by_who_made_it_before_the_answer() -> None:
    assert rules.may_withdraw_handover(state="proposed", is_sender=True)
    refuses(rules.may_withdraw_handover(state="proposed", is_sender=False), "Only the one who offered")
    for state in ("accepted", "rejected", "withdrawn"):
        refuses(rules.may_withdraw_handover(state=state, is_sender=True), "already been answered")


def test_meeting_the_family_is_noted_once_by_who_took_over() -> None:
    assert rules.may_note_meeting(still_to_do=True, is_theirs=True)
    refuses(rules.may_note_meeting(still_to_do=False, is_theirs=False), "already written down")
    refuses(rules.may_note_meeting(still_to_do=True, is_theirs=False), "Only the one who took over")
