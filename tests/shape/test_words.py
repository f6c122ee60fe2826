"""Words that point from one room to another lead somewhere: rules to rows of law, duties and notices to pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.urls import resolve, reverse
from django.utils import translation

from samsyn import law
from samsyn.common import clock, ports
from samsyn.common.ids import new_reference
from samsyn.desk.duty_words import DUTY_WORDS, LEADS, NOTICE_WORDS, ROOM_VIEWS
from samsyn.duties.models import Duty
from samsyn.early_signals.rules import REQUEST_STEPS, SIGN_STEPS, WHERE_IT_STANDS
from samsyn.notices.models import Notice
from samsyn.site.checks import ports_are_answered
from tests.shape.house import calls, constant, modules, where
from tests.village import Village

ASKING_THE_LAW = {
    "row": 0,
    "deadline": 0,
    "age": 0,
    "amount": 0,
    "age_applies": 0,
    "turning_day": 0,
    "local_deadline": 0,
}
"""Functions of the law room, and which argument names the row."""
PORTS = {
    "knows_of_hidden",
    "may_see",
    "children_seen",
    "named_person_word",
    "child_said",
    "fill_in_names",
    "hangs_on_post",
    "goes_with_the_child",
    "work_of_team",
    "family_changed",
    "named_person_changed",
    "less_is_open",
    "read_again",
    "rests_on_a_yes",
    "yes_ended",
    "unit_ended",
    "posts_moved",
}
"""How lower rooms ask upwards. A new one needs its reason in docs/decisions, and a line here."""


def is_a_row(rule: str) -> bool:
    """Does the id name a row of law that is in force today."""
    try:
        law.on(clock.today()).row(rule)
    except law.NoSuchRule:
        return False
    return True


def cited(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Every id of a row that stands in a file, and where."""
    for call in calls(path):
        for keyword in call.keywords:
            if keyword.arg in {"rule", "gate"}:
                yield from ((one, call) for one in constant(path, keyword.value) if one)
    if "law" not in path.parts:
        for call in calls(path, *ASKING_THE_LAW):
            yield from ((one, call) for one in constant(path, call.args[0] if call.args else None))


def test_every_rule_that_is_named_is_a_row_of_law() -> None:
    named = {(rule, where(path, node)) for path in modules() for rule, node in cited(path)}
    assert len({rule for rule, _place in named}) > 20
    assert {(rule, place) for rule, place in named if not is_a_row(rule)} == set()


def test_every_step_that_counts_a_time_counts_it_by_a_row_of_law() -> None:
    steps = [*SIGN_STEPS, *REQUEST_STEPS]
    assert [step for step in steps if bool(step.duty) != bool(step.rule)] == []
    assert [step for step in steps if step.rule and not is_a_row(step.rule)] == []
    assert [state for state, decision in WHERE_IT_STANDS.items() if decision or not decision.reason] == []


# --- duties and notices ----------------------------------------------------------------------------------------------


def opened(name: str, position: int) -> set[str]:
    """The texts that stand at one place of all calls of a function."""
    return {
        one
        for path in modules()
        for call in calls(path, name)
        if len(call.args) > position
        for one in constant(path, call.args[position])
    }


def test_every_duty_has_words_and_leads_to_a_page() -> None:
    asked_for = opened("open_duty", 1) | {step.duty for step in (*SIGN_STEPS, *REQUEST_STEPS) if step.duty}
    assert len(asked_for) > 10
    assert asked_for - set(DUTY_WORDS) == set()
    assert set(DUTY_WORDS) == set(LEADS)
    for what, lead in LEADS.items():
        assert resolve(reverse(lead.view, args=[new_reference()])).view_name == lead.view, what


NOWHERE = ""  # what a notice's ``room`` says when what it tells of can be read no longer


def test_every_notice_has_words_and_leads_to_a_page() -> None:
    assert opened("tell", 1) - set(NOTICE_WORDS) == set()
    rooms = {
        room
        for path in modules()
        for call in calls(path, "tell")
        for keyword in call.keywords
        if keyword.arg == "room"
        for room in constant(path, keyword.value)
    }
    assert len(rooms) > 3
    assert rooms - set(ROOM_VIEWS) == {NOWHERE}
    for view in ROOM_VIEWS.values():
        assert resolve(reverse(view, args=[new_reference()])).view_name == view


def test_what_the_village_has_said_has_words(lived: Village) -> None:
    assert set(Duty.objects.values_list("what", flat=True)) <= set(DUTY_WORDS)
    assert [rule for rule in Duty.objects.values_list("rule", flat=True).distinct() if not is_a_row(rule)] == []
    assert set(Notice.objects.values_list("text_key", flat=True)) <= set(NOTICE_WORDS)
    assert set(Notice.objects.values_list("room", flat=True)) <= {*ROOM_VIEWS, NOWHERE}


def test_no_word_is_empty_in_any_language() -> None:
    for language in ("sv", "en", "ar"):
        with translation.override(language):
            assert [key for key, words in {**DUTY_WORDS, **NOTICE_WORDS}.items() if not str(words).strip()] == []
            assert [what for what, lead in LEADS.items() if not str(lead.verb).strip()] == []


# --- ports -----------------------------------------------------------------------------------------------------------


def test_every_port_is_listed_and_answered() -> None:
    declared = {one.name for one in vars(ports).values() if isinstance(one, ports.Port | ports.ManyPort)}
    assert declared == PORTS == {one.name for one in ports.ALL}
    assert ports_are_answered(None) == []


def test_start_up_says_so_when_nobody_answers() -> None:
    silent: ports.Port[[], None] = ports.Port("silent")
    before = ports.ALL
    try:
        ports.ALL = (*before, silent)
        assert [one.id for one in ports_are_answered(None)] == ["samsyn.E001"]
    finally:
        ports.ALL = before
