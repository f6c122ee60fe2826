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
FIRST_IN_A_SENTENCE = re.compile(r"(?:^|[.!?…:;\n”\"–-])\s*([^\W\d_]+)\s+([^\W\d_]+)")
_DOES = re.compile(
    r"har|är|var|hade|går|gick|bor|bodde|vill|ville|kan|kunde|ska|skulle|kommer|kom|säger|sa|sade|blir|blev|"
    r"behöver|fick|får|sover|somnar|slår|slog|äter|åt|berättar|berättade|mår|verkar|tycker|tror|gråter|grät|"
    r"skriker|bråkar|leker|lever|saknar|undrar|heter|och|has|had|is|was|goes|went|lives|lived|wants|says|said|"
    r"told|gets|needs|seems|cries|hits|sleeps|eats|comes|came|feels|and",
    re.IGNORECASE,
)
"""What somebody does in a sentence that begins with a name."""
_KIN = re.compile(
    r"mamma|pappa|mor|far|bror|syster|lillebror|lillasyster|storebror|storasyster|syskon|mormor|farmor|morfar|"
    r"farfar|föräldrar|familj|lärare|klass|mother|mum|mom|father|dad|brother|sister|parents|family|teacher|"
    r"class",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"barnet|barnen|flickan|flickorna|pojken|pojkarna|eleven|eleverna|mamman|pappan|modern|fadern|brodern|"
    r"systern|syskonet|syskonen|föräldern|föräldrarna|förälder|vårdnadshavaren|vårdnadshavarna|familjen|"
    r"läraren|skolan|förskolan|hemmet|klassen|kompisen|grannen|bebisen|tonåringen|jag|du|han|hon|hen|vi|ni|de|"
    r"dom|man|någon|ingen|alla|båda|den|det|detta|denna|dessa|vad|vem|vilka|vilket|vilken|hur|var|varför|när|"
    r"där|här|så|då|som|om|men|eller|ibland|ofta|nu|idag|igår|sedan|the|child|children|girl|boy|pupil|she|he|"
    r"they|we|you|i|it|this|that|who|what|where|when|how|why|there|somebody|someone|nobody|everybody|both|"
    r"school|sometimes|often|now",
    re.IGNORECASE,
)
"""Words that begin a sentence about anybody, as far as what somebody does can follow on them."""
CALLED = re.compile(r"\b(?:heter|kallas|vid namn|named|called)\s+([^\W\d_]+)", re.IGNORECASE)
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
    words = _parts(plain)
    folded = [_folded(word) for word in words]
    identifiers += _whole_names(folded, words, names)
    single = {_folded(part) for name in names for part in _parts(unicodedata.normalize("NFC", name)) if len(part) > 1}
    known = [word for word, key in zip(words, folded, strict=True) if key in single]
    there = _known_places(plain, places) + [found.group() for found in PLACES.finditer(plain)]
    capital = [word for word in IN_A_SENTENCE.findall(plain) if word not in there]
    left = plain
    for one in identifiers:
        left = left.replace(one, " ")
    return PointsOut(
        identifiers=_once(identifiers),
        names=_once([*known, *capital, *_first_names(plain)]),
        places=_once(there),
        numbers=_once(NUMBERS.findall(left)),
        details=_once(found.group() for found in RARE.finditer(plain)),
    )


def _parts(text: str) -> list[str]:
    """The words of a text or a name: "Anna-Karin" is two of them, and "Ek-Lind"."""
    return [part for found in WORD.finditer(text) for part in found.group().split("-")]


def _folded(word: str) -> str:
    """A word as it is compared: of one size, with one apostrophe, and not as somebody's."""
    return word.casefold().replace("’", "'").removesuffix("s")


def _first_names(text: str) -> list[str]:
    """Words that may be a name by what stands beside them: "Elsa har", "Elsas mamma", "heter elsa"."""
    found = [word for word in CALLED.findall(text) if not _BEGINS.fullmatch(word)]
    for first, then in FIRST_IN_A_SENTENCE.findall(text):
        begins = first[0].isupper() and not any(
            ordinary.fullmatch(word) for word in (first, first.removesuffix("s")) for ordinary in (_BEGINS, _KIN)
        )
        if begins and (_DOES.fullmatch(then) or (first.endswith("s") and _KIN.fullmatch(then))):
            found.append(first)
    return found


def _whole_names(folded: list[str], words: list[str], names: Collection[str]) -> list[str]:
    found = []
    for name in names:
        parts = [_folded(part) for part in _parts(unicodedata.normalize("NFC", name))]
        if len(parts) < 2:
            continue
        turned = [parts[at:] + parts[:at] for at in range(len(parts))]  # "Ek-Lind, Signe" too
        for wanted in turned:
            for at in range(len(folded) - len(wanted) + 1):
                if folded[at : at + len(wanted)] == wanted:
                    found.append(" ".join(words[at : at + len(wanted)]))
    return found


def _known_places(text: str, places: Collection[str]) -> list[str]:
    low = f" {' '.join(WORD.findall(text)).casefold()} "
    return [place for place in places if f" {place.casefold()} " in low or f" {place.casefold()}s " in low]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(dict.fromkeys(words)))
