"""How wide a text becomes in a picture, so that labels can be placed before any browser sees them. Pure.

The widths are those of Inter at weight 640 and its smallest optical size, the widest that the pictures use; a reserve
is added for the fonts that stand in when Inter is missing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from html import escape

ELLIPSIS = "…"
RESERVE = 1.03  # stand-in fonts are a little wider than Inter
UNKNOWN = 0.66  # em, for letters of scripts that are not listed
FULL_WIDTH = 1.0  # em, for the square scripts of East Asia

# em × 100, then every character that has that width
_LATIN = {
    24: " \xa0", 27: "ijlìíîïı", 30: "IÌÍÎÏ!,.:·", 36: "';`t|´", 41: "()/[\\]fr", 44: "1", 48: "-{}°^_", 55: '"*?¿',
    58: "Lsz7FJackx¢àáâãäåçšžăąć–", 61: "EeèéêëvyÈÉÊËýÿðęěœ", 64: "25bdghnopquµñòóôõöøùúûüþ3689#P£«»ß„”“ńňőűůđğ",
    67: "4&0BRSTZ$®Þ+<=>~±×÷ŠŽ", 72: "KDXYÝ", 75: "ACGHUVÀÁÂÃÄÅÇÙÚÛÜĆĞ", 78: "NOQÑÒÓÔÕÖØ…", 86: "w—", 92: "mM",
    104: "%@WæÆŒ",
}  # fmt: skip
_ARABIC = {25: "اأإآ", 42: "رزدذوؤةء", 56: "بتثنيئىفقجحخعغهمطظ", 62: "كل", 92: "سشصض"}
WIDTHS: dict[str, float] = {
    letter: hundredths / 100
    for table in (_LATIN, _ARABIC)
    for hundredths, letters in table.items()
    for letter in letters
}


_JOINERS = "\u200c\u200d"  # they shape letters in several scripts and turn nothing
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")


def clean(text: str) -> str:
    """``text`` on one line, without control characters and without marks that turn the writing direction.

    They are forbidden in XML or would disturb the text that stands beside.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    kept = (" " if letter.isspace() else letter for letter in text)
    return "".join(x for x in kept if x in _JOINERS or unicodedata.category(x) not in _UNSEEN).strip()


def runs_left(text: str, rtl: bool = False) -> bool:
    """Is ``text`` written from right to left?

    Its first letter that has a direction decides; on a page from right to left (``rtl``) one such letter anywhere is
    enough, since a sentence there may begin with a foreign name.
    """
    if text.isascii():
        return False
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("R", "AL"):
            return True
        if direction == "L" and not rtl:
            return False
    return False


def markup(text: str) -> str:
    """``text`` cleaned and escaped, to stand inside an element or an attribute of a picture."""
    return escape(clean(text), quote=True)


def written(text: str, rtl: bool = False) -> str:
    """``text`` as the content of an SVG text: cleaned, escaped, and kept in the direction of its own letters.

    Pictures are written from left to right and mirrored by their coordinates; what runs the other way is embedded,
    which browsers and the PDF's renderer both follow.
    """
    return f"\u202b{markup(text)}\u202c" if runs_left(text, rtl) else markup(text)


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    total = 0.0
    for letter in text:
        known = WIDTHS.get(letter)
        if known is not None:
            total += known
        elif unicodedata.combining(letter) or letter in _JOINERS:
            continue
        else:
            total += FULL_WIDTH if unicodedata.east_asian_width(letter) in "WF" else UNKNOWN
    return total * RESERVE


def text_width(text: str, size: float) -> float:
    """Width of ``text`` in units of the picture when it is set at font size ``size``; a little too wide on purpose."""
    return _ems(text) * size


def fit(text: str, size: float, room: float) -> str:
    """``text`` cleaned, shortened with an ellipsis until it is no wider than ``room`` at font size ``size``.

    Answers the ellipsis alone when not even one letter has room.
    """
    text = clean(text)
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + ELLIPSIS, size) > room:
        text = text[:-1].rstrip()
    return text + ELLIPSIS


def wrap(text: str, size: float, room: float, lines: int) -> tuple[str, ...]:
    """``text`` cleaned and broken between words into at most ``lines`` lines of width ``room``, the last shortened."""
    words = clean(text).split()
    broken: list[str] = []
    while words and len(broken) < lines - 1:
        taken = 1
        while taken < len(words) and text_width(" ".join(words[: taken + 1]), size) <= room:
            taken += 1
        broken.append(fit(" ".join(words[:taken]), size, room))
        words = words[taken:]
    if words:
        broken.append(fit(" ".join(words), size, room))
    return tuple(broken)
