"""Which signs the paper's fonts can draw. What they cannot is marked, since a tagged PDF with a hole is refused.

Reads the character map ("cmap", OpenType 1.9) of a TrueType file: its formats 4 and 12, which every modern font has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from struct import unpack_from

FOLDERS = tuple(Path(str(files(package))) for package in ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic"))
CANNOT_BE_DRAWN = "\ufffd"
_LAYOUT = frozenset(
    " \n\u00a0\u00ad\u200b\u200c\u200d\u2060\u2066\u2067\u2068\u2069"
)  # they draw nothing: the typesetter takes them itself
_RUN = re.compile(f"{CANNOT_BE_DRAWN}[{CANNOT_BE_DRAWN}\u200d]+")  # a family of emoji is one sign to its writer
_LONGEST_WORD = 40


def _tables(font: bytes) -> Iterator[tuple[bytes, int]]:
    for number in range(unpack_from(">H", font, 4)[0]):
        tag, _, offset, _ = unpack_from(">4sIII", font, 12 + 16 * number)
        yield tag, offset


def _subtables(font: bytes, start: int) -> Iterator[int]:
    for number in range(unpack_from(">H", font, start + 2)[0]):
        yield start + unpack_from(">HHI", font, start + 4 + 8 * number)[2]


def _by_segments(font: bytes, at: int) -> Iterator[int]:
    """Format 4: segments of the first plane, each with an offset or an array of glyph numbers."""
    count = unpack_from(">H", font, at + 6)[0] // 2
    ends, starts = at + 14, at + 16 + 2 * count
    deltas, offsets = starts + 2 * count, starts + 4 * count
    for segment in range(count):
        end, start = unpack_from(">H", font, ends + 2 * segment)[0], unpack_from(">H", font, starts + 2 * segment)[0]
        delta, offset = (unpack_from(">H", font, place + 2 * segment)[0] for place in (deltas, offsets))
        for code in range(start, end + 1):
            glyph = code
            if offset:
                glyph = unpack_from(">H", font, offsets + 2 * segment + offset + 2 * (code - start))[0]
                if glyph == 0:
                    continue
            if (glyph + delta) % 0x10000 and code != 0xFFFF:
                yield code


def _by_groups(font: bytes, at: int) -> Iterator[int]:
    """Format 12: groups of any plane, each beginning at a glyph number."""
    for group in range(unpack_from(">I", font, at + 12)[0]):
        start, end, glyph = unpack_from(">III", font, at + 16 + 12 * group)
        yield from (code for code in range(start, end + 1) if glyph + code - start)


def letters_of(font: bytes) -> frozenset[str]:
    """Every character that a TrueType font has a glyph for."""
    readers = {4: _by_segments, 12: _by_groups}
    codes: set[int] = set()
    for tag, start in _tables(font):
        if tag == b"cmap":
            for at in _subtables(font, start):
                reader = readers.get(unpack_from(">H", font, at)[0])
                codes.update(reader(font, at) if reader else ())
    return frozenset(map(chr, codes))


@lru_cache(maxsize=1)
def drawable() -> frozenset[str]:
    """Every character that can stand on the paper."""
    fonts = (file for folder in FOLDERS for file in folder.rglob("*.ttf") if "Italic" not in file.name)
    drawn = frozenset[str]().union(*(letters_of(font.read_bytes()) for font in fonts))
    return _LAYOUT | {letter for letter in drawn if unicodedata.category(letter) != "Cc"}


def fit_for_paper(text: str) -> str:
    """The text with one mark for signs that cannot be drawn, and with places where an endless word may break."""
    known = drawable()
    drawn = "".join(letter if letter in known else CANNOT_BE_DRAWN for letter in unicodedata.normalize("NFC", text))
    drawn = _RUN.sub(CANNOT_BE_DRAWN, drawn)
    return " ".join(_breakable(word) for word in drawn.split(" "))


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_WORD:
        return word
    return "\u200b".join(word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD))
