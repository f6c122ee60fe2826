"""The file of a partnership's agreement, as ``import_columns.AGREEMENT`` describes it. Reads, and touches no row."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from samsyn.common.decision import Decision, no
from samsyn.organisations.actions_partnership import THREE_GOALS, Agreement, GoalText
from samsyn.organisations.import_columns import PRINCIPAL_KINDS

LANGUAGES = ("sv", "en", "ar")
_PARTS = {"name", "decision_number", "decided_on", "vision", "parties", "clocks", "labels", "goals"}
_PARTY = {"principal_kind", "principal_code", "authority"}
_LABEL = re.compile(r"named_person|wheel|area_[a-z]{1,30}")
_GOAL_KEY = re.compile(r"[a-z]{1,20}")


@dataclass(frozen=True)
class PartyTold:
    """An authority as the file names it: kind and code of its principal, and its own name."""

    kind: str
    code: str
    authority: str


def read_agreement(content: bytes, problems: list[Decision]) -> tuple[Agreement | None, list[PartyTold]]:
    """What the file says: the agreement and its parties. None, and what is wrong in ``problems``, where it cannot be
    used."""
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as wrong:  # not TOML, or not UTF-8
        problems.append(no("The file cannot be read as TOML: %(why)s", why=str(wrong)))
        return None, []
    problems += [no("%(part)s means nothing here.", part=part) for part in sorted(set(told) - _PARTS)]
    agreement = Agreement(
        name=_text(told, "name", problems),
        decision_number=_text(told, "decision_number", problems),
        decided_on=_day(told, problems),
        vision=_text(told, "vision", problems) if "vision" in told else "",
        clocks=_clocks(told.get("clocks", {}), problems),
        labels=_labels(told.get("labels", {}), problems),
        goals=_goals(told["goals"], problems) if "goals" in told else THREE_GOALS,
    )
    parties = _parties(told.get("parties", []), problems)
    return (None if problems else agreement), parties


def _text(told: Mapping[str, Any], part: str, problems: list[Decision]) -> str:
    value = told.get(part)
    if isinstance(value, str) and value.strip():
        return value
    problems.append(no("Write a text here, between quotation marks.", field=part))
    return ""


def _day(told: Mapping[str, Any], problems: list[Decision]) -> date:
    value = told.get("decided_on")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    problems.append(no("Write a day here, without quotation marks: 2026-05-23.", field="decided_on"))
    return date.min


def _all(
    value: object, kind: type, part: str, sentence: Decision, fits: Callable[[Any], bool], problems: list[Decision]
) -> Any:
    """The part when it is a list or table whose every entry fits; else an empty one, and the sentence once."""
    entries = value.items() if isinstance(value, dict) else value
    if isinstance(value, kind) and all(fits(one) for one in entries):  # type: ignore[attr-defined]  # it is a kind
        return value
    problems.append(no(sentence.reason, field=part))
    return kind()


def _parties(value: object, problems: list[Decision]) -> list[PartyTold]:
    def fits(one: Any) -> bool:
        texts = isinstance(one, dict) and set(one) == _PARTY and all(isinstance(text, str) for text in one.values())
        return texts and one["principal_kind"] in PRINCIPAL_KINDS

    sentence = no("Each party has principal_kind, principal_code and authority, and nothing else.")
    found = _all(value, list, "parties", sentence, fits, problems)
    return [
        PartyTold(PRINCIPAL_KINDS[one["principal_kind"]], one["principal_code"].strip(), one["authority"].strip())
        for one in found
    ]


def _clocks(value: object, problems: list[Decision]) -> dict[str, int]:
    sentence = no("Each clock is the id of a rule of law and a whole number.")
    found: dict[str, int] = _all(value, dict, "clocks", sentence, lambda one: type(one[1]) is int, problems)
    return found


def _by_language(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and set(value) <= set(LANGUAGES)
        and all(isinstance(text, str) and text.strip() for text in value.values())
    )


def _labels(value: object, problems: list[Decision]) -> dict[str, dict[str, str]]:
    def fits(one: Any) -> bool:
        return _LABEL.fullmatch(one[0]) is not None and _by_language(one[1])

    sentence = no("Each label is one of named_person, wheel and the areas (area_safe), with its words by language.")
    found: dict[str, dict[str, str]] = _all(value, dict, "labels", sentence, fits, problems)
    return {key.replace("area_", "area."): words for key, words in found.items()}


def _goals(value: object, problems: list[Decision]) -> tuple[GoalText, ...]:
    def fits(one: Any) -> bool:
        key = isinstance(one, dict) and isinstance(one.get("key"), str) and _GOAL_KEY.fullmatch(one["key"])
        return bool(key) and "sv" in one and _by_language({name: one[name] for name in one if name != "key"})

    sentence = no("Each goal has a key of small letters, and its words by language, in Swedish at least.")
    found = _all(value, list, "goals", sentence, fits, problems)
    goals = tuple(GoalText(one["key"], {name: one[name] for name in one if name != "key"}) for one in found)
    if found and len({goal.key for goal in goals}) < len(goals):
        problems.append(no("Each goal has a key of its own.", field="goals"))
    return goals
