"""How hard a Swedish text is to read: LIX (Björnsson 1968). Under 30 is a children's book, 40–50 a newspaper."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONG = 6  # a word of more letters than this is a long one
_PLACE = re.compile(r"%\([a-z_0-9]+\)[sd]")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_END = re.compile(r"[.:!?…]+(?:\s+|$)")


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence. A place to be filled counts as one short word, for it is mostly a name or a date."""
    found = (_WORD.findall(part) for part in _END.split(_PLACE.sub("Namn", text)))
    return [words for words in found if words]


def lix(texts: Iterable[str]) -> float:
    """LIX of all the texts together: words a sentence, and of a hundred words how many are long. 0 for no words."""
    every = [words for text in texts for words in sentences(text)]
    words = [word for one in every for word in one]
    if not words:
        return 0.0
    return len(words) / len(every) + 100 * sum(len(word) > LONG for word in words) / len(words)
