"""The words that a family reads before it answers, in each language of the house, made from a numbered version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date

FOLDER = Path(__file__).parent / "texts"
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT = {"ar"}
ALONE = "child"


@dataclass(frozen=True)
class Question:
    """What is asked, as names and codes: everything that stands in the text.

    ``things``: kind of what may be shared, and whether only a single thing of it. ``left_out``: kind or "", whom or "",
    the family's own words or "". ``answered_by``: "guardians", "together" or "child", who then answers alone.
    """

    child: str
    asker: str
    unit: str
    authority: str
    errand: str
    purpose: str
    things: Sequence[tuple[str, bool]]
    receivers: Sequence[str]
    left_out: Sequence[tuple[str, str, str]]
    since: date
    until: date
    answered_by: str


def newest_version(template: str) -> int:
    """The number of the newest version of a template. Raises ValueError when there is none."""
    return max(int(path.stem.rpartition("-")[2]) for path in FOLDER.glob(f"{template}-*.toml"))


@lru_cache(maxsize=32)
def read_version(template: str, version: int) -> dict[str, Mapping[str, Any]]:
    """A version of a template: its words by language."""
    return tomllib.loads((FOLDER / f"{template}-{version}.toml").read_text(encoding="utf-8"))


def languages_of(template: str, version: int) -> list[str]:
    """The languages that a version of a template is written in."""
    return list(read_version(template, version))


def render(template: str, version: int, language: str, question: Question) -> str:
    """The words of a question in a language."""
    return _words(language, read_version(template, version)[language], question)


def _words(language: str, parts: Mapping[str, Any], asked: Question) -> str:
    if asked.answered_by == ALONE:  # spoken to alone, from version 3 on
        parts = {**parts, **parts.get("to_the_child", {})}

    def put(sentence: str, **values: str) -> str:
        return sentence.format_map({name: _set_apart(language, value) for name, value in values.items()})

    def kind(code: str) -> str:
        return str(parts["kinds"].get(code, code))

    things = [put(parts["only_this"], kind=kind(code)) if single else kind(code) for code, single in asked.things]
    facts = {
        "child": asked.child,
        "asker": asked.asker,
        "unit": asked.unit,
        "authority": asked.authority,
        "purpose": " ".join(asked.purpose.split()),
        "since": _day(asked.since, language),
        "until": _day(asked.until, language),
    }
    text = {
        "errand": put(parts["errands"][asked.errand], child=asked.child),
        "things": _lines(things),
        "receivers": _lines([_set_apart(language, name) for name in asked.receivers]),
        "left_out": _lines([_left_out(language, parts, one) for one in asked.left_out] or [parts["nothing"]]),
        "deciders": put(parts[f"asks_{asked.answered_by}"], child=asked.child),
    }
    apart = {name: _set_apart(language, value) for name, value in facts.items()}
    return str(parts["words"].format_map({**apart, **text})).strip()


def _left_out(language: str, parts: Mapping[str, Any], one: tuple[str, str, str]) -> str:
    kind, whom, words = one
    facts = {
        "kind": str(parts["kinds"].get(kind, kind)),
        "whom": _set_apart(language, whom),
        "words": _set_apart(language, " ".join(words.split())),
    }
    if words:
        return str(parts["in_own_words"]).format_map(facts)
    name = "not_this_to" if kind and whom else "not_this" if kind else "not_to"
    return str(parts[name]).format_map(facts)


def _lines(entries: Sequence[str]) -> str:
    return "\n".join(f"- {entry}" for entry in entries)


def _day(day: date, language: str) -> str:
    return format_date(day, "d MMMM y", locale=language)


def _set_apart(language: str, value: str) -> str:
    """A name or somebody's own words inside a text that is written from right to left."""
    return f"{ISOLATE}{value}{END_OF_ISOLATE}" if language in RIGHT_TO_LEFT else value
