"""On which ground something was done or shared, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn import law
from samsyn.desk.history_words import GROUNDS
from samsyn.law.words import sentence


@dataclass(frozen=True)
class Ground:
    """Why something was done, in words: a row of law with its paragraph, or what was written."""

    words: str
    rule: str = ""
    paragraph: str = ""


def ground_in_words(words: str, rows: law.Law) -> Ground:
    """The ground in words: what the law says when it is a row of law, else as it was written."""
    if words in GROUNDS:
        return Ground(str(GROUNDS[words]))
    try:
        row = rows.row(words)
    except law.NoSuchRule:
        return Ground(words)
    return Ground(sentence(row), row.id, row.paragraph)
