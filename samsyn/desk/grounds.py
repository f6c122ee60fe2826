"""On which ground something was done or shared, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn import law
from samsyn.desk.history_words import GROUNDS
from samsyn.law.words import paragraph, sentence
from samsyn.organisations.partnerships import named_person_word

NAMED_PERSON = "%(named_person)s"


@dataclass(frozen=True)
class Ground:
    """Why something was done, in words: a row of law with its paragraph, or what was written."""

    words: str
    rule: str = ""
    paragraph: str = ""


def in_own_words(words: object, authority_id: int | None) -> str:
    """Words of ours, with what the partnership of the reader's authority calls a child's named person."""
    text = str(words)
    return text % {"named_person": named_person_word(authority_id)} if NAMED_PERSON in text else text


def ground_in_words(words: str, rows: law.Law, authority_id: int | None) -> Ground:
    """The ground in words: what the law says when it is a row of law, else as it was written."""
    if words in GROUNDS:
        return Ground(in_own_words(GROUNDS[words], authority_id))
    try:
        row = rows.row(words)
    except law.NoSuchRule:
        return Ground(words)
    return Ground(sentence(row), row.id, paragraph(row))
