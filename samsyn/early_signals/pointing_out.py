"""What in a free text may say whom it is about: identifiers, names, places, numbers and rare details. Pure.

It finds what people usually write, and never everything: the page says so, and the writer answers for the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

IDENTIFIERS = (
    re.compile(r"\d[\d\s+().-]{4,}\d"),  # identity numbers, telephones, dates, account numbers
    re.compile(r"[^\s@]+@[^\s@]+\.\w+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"\b[A-Za-z]{3} ?\d{2}[A-Za-z\d]\b"),  # a car's plate
    re.compile(r"\b\d{3} \d{2}\b"),  # a postal code
    re.compile(r"\b[\da-f]{8}-[\da-f]{4}-", re.IGNORECASE),  # a reference of this house
)
WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
IN_A_SENTENCE = re.compile(r"(?<=[^\s.!?:”\"])\s+([A-ZÅÄÖÉÜČĆŽŠ][\w’-]+)")
PLACES = re.compile(
    r"\b\w+(?:gatan|vägen|torget|skolan|förskolan|byn|köping|torp|holm|sjön|stad|street|road)\b", re.IGNORECASE
)
NUMBERS = re.compile(r"\b\d+\b")
_RARE = (
    r"enda|ensam om|only|twins?|triplets?|adopted|wheelchair|diabetes|leuk\w+|cancer|epileps\w+|deaf|hiv",
    r"priest|police|doctor|politician|prison|avled|dog|died|suicide|olyckan|accident|tidningen|newspaper",
    r"(?:tvilling|trilling|adopter|rullstol|döv|blind|präst|imam|polis|läkar|politiker|tandläkar|brandm|lantbrukar)\w*",
    r"(?:fängelse|självmord)\w*|\w*syndrom\w*",
)
RARE = re.compile(rf"\b(?:{'|'.join(_RARE)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class PointsOut:
    """Words of a text, by what they may give away. ``identifiers`` may not be sent at all; the others are a warning."""

    identifiers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    details: tuple[str, ...] = ()

    @property
    def warns(self) -> bool:
        """Is there anything to look at once more."""
        return bool(self.names or self.places or self.numbers or self.details)


def points_out(text: str, *, names: Collection[str] = (), places: Collection[str] = ()) -> PointsOut:
    """Look a text through. ``names``: of persons the writer can see, each name whole or in parts; ``places``: likewise.

    Two names of one person beside each other are an identifier. A single one may be somebody else's, and warns.
    """
    plain = unicodedata.normalize("NFC", text)
    identifiers = [found.group().strip() for pattern in IDENTIFIERS for found in pattern.finditer(plain)]
    words = [found.group() for found in WORD.finditer(plain)]
    folded = [word.casefold().removesuffix("s") for word in words]
    identifiers += _whole_names(folded, words, names)
    single = {part.casefold().removesuffix("s") for name in names for part in name.split() if len(part) > 1}
    known = [word for word, key in zip(words, folded, strict=True) if key in single]
    there = _known_places(plain, places) + [found.group() for found in PLACES.finditer(plain)]
    capital = [word for word in IN_A_SENTENCE.findall(plain) if word not in there]
    left = plain
    for one in identifiers:
        left = left.replace(one, " ")
    return PointsOut(
        identifiers=_once(identifiers),
        names=_once([*known, *capital]),
        places=_once(there),
        numbers=_once(NUMBERS.findall(left)),
        details=_once(found.group() for found in RARE.finditer(plain)),
    )


def _whole_names(folded: list[str], words: list[str], names: Collection[str]) -> list[str]:
    found = []
    for name in names:
        parts = [part.casefold().removesuffix("s") for part in name.split()]
        if len(parts) < 2:
            continue
        for wanted in (parts, parts[::-1]):
            for at in range(len(folded) - len(wanted) + 1):
                if folded[at : at + len(wanted)] == wanted:
                    found.append(" ".join(words[at : at + len(wanted)]))
    return found


def _known_places(text: str, places: Collection[str]) -> list[str]:
    low = f" {' '.join(WORD.findall(text)).casefold()} "
    return [place for place in places if f" {place.casefold()} " in low or f" {place.casefold()}s " in low]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words)))
