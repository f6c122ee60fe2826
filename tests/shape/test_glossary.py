"""docs/glossary.md knows every model and every state of the rooms, and calls the states what the pages call them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.functional import Promise

from samsyn.site import messages

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


@pytest.fixture(scope="module")
def rows() -> dict[str, list[str]]:
    """Each term of the code in the tables, with the cells beside it: English, Swedish, Arabic, mostly a meaning."""
    found: dict[str, list[str]] = {}
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `"):
            term = cells[0].strip("`")
            assert term not in found, f"{term} stands there twice"
            found[term] = cells[1:]
    return found


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("samsyn.")]


def choices() -> Iterator[type[models.TextChoices]]:
    """The lists of words in the rooms' models that the pages show: those whose words are to be translated."""
    for module in {model.__module__ for model in own_models()}:
        for one in vars(import_module(module)).values():
            own = isinstance(one, type) and issubclass(one, models.TextChoices) and one.__module__ == module
            if own and all(isinstance(member.label, Promise) for member in one):
                yield one


def test_every_model_stands_in_the_glossary_with_its_words_and_meaning(rows: dict[str, list[str]]) -> None:
    missing = [model.__name__ for model in own_models() if len(rows.get(model.__name__, [])) != 4]
    assert missing == [], "write it into docs/glossary.md: English, Swedish, Arabic, one line of meaning"
    assert [model.__name__ for model in own_models() if not all(rows[model.__name__])] == []


def test_every_state_stands_in_the_glossary_as_the_pages_say_it(rows: dict[str, list[str]]) -> None:
    catalogues = [messages.read(language) for language in messages.LANGUAGES]
    kept = [{(row.context, row.id): row.string for row in catalogue} for catalogue in catalogues]
    wrong = {}
    for one in choices():
        own = one.__name__.removesuffix("State").lower()  # the context of a word that bends by what it is said of
        for member in one:
            with translation.override("en"):
                english = str(member.label)
            words = [english, *(str(said.get((own, english), said.get((None, english)))) for said in kept)]
            if rows.get(f"{one.__name__}.{member.value}") != words:
                wrong[f"{one.__name__}.{member.value}"] = words
    assert len(list(choices())) > 15
    assert wrong == {}, "write these words into docs/glossary.md"


def test_the_glossary_knows_nothing_that_the_code_does_not(rows: dict[str, list[str]]) -> None:
    known = {model.__name__ for model in own_models()} | {f"{one.__name__}.{m.value}" for one in choices() for m in one}
    source = " ".join(path.read_text(encoding="utf-8") for path in messages.PACKAGE.rglob("*.py"))
    unknown = [term for term in rows if term not in known and not re.search(rf"\b{re.escape(term)}\b", source)]
    assert unknown == []
    assert [term for term in rows if "." in term and term not in known] == []
