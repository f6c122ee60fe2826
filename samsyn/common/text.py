"""Cleaning what people type or paste: one form for equal texts, nothing hidden in a name, every script welcome.

A character that nobody sees can make two names look alike or turn a name around on the screen. In a **line** (a name, a
heading) it is therefore refused, in words that help; in a **text** (several lines, often pasted) it is taken out, and
the words stay. Letters of every script, with their marks, are kept as they are written. The two joiners are kept where
they are spelling: after a virama, and the non-joiner between Arabic letters (RFC 5892, appendix A); in a text the
joiner also stays inside an emoji.
"""

from __future__ import annotations

import re
import unicodedata

from samsyn.common.decision import Refused, no

LAST_CHARACTER = "\U0010ffff"
NON_JOINER, JOINER = "\u200c", "\u200d"
_MOST_MARKS_ON_A_LETTER = 5  # Hebrew and Arabic with full vowelling need three, Vietnamese one after NFC

# Turns the reading direction or marks it: Unicode's Bidi_Control.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Of category Cf and yet written by people: signs that stand before numbers and verses in Arabic, Syriac and Kaithi.
_WRITTEN_FORMAT_SIGNS = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Not of category Cf and yet nothing is seen: fillers, an empty braille cell, the grapheme joiner, Mongolian selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Nothing hidden, broken or piled up can stand among these: most lines need no closer look.
_PLAIN_LATIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u024f]*")
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"[\s\x1c-\x1f]+")
_SPACES_IN_A_LINE = re.compile(r"[^\S\n]+")
_MANY_EMPTY_LINES = re.compile(r"\n{3,}")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class UnclearText(Refused):
    """The text cannot be taken as it is. Its Decision says why, beside the form field it names."""


def _is_hidden(character: str) -> bool:
    """Is it a character that draws nothing by itself, and is no space or line break?"""
    if character in _BLANK:
        return True
    return unicodedata.category(character) == "Cf" and character not in _WRITTEN_FORMAT_SIGNS


def _is_broken(character: str) -> bool:
    """Half a character, one that Unicode promises never to use, or a control character."""
    code = ord(character)
    return unicodedata.category(character) in ("Cs", "Cc") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def _letter_before(text: str, at: int) -> str:
    while at > 0 and unicodedata.category(text[at - 1]) == "Mn":
        at -= 1
    return text[at - 1] if at > 0 else ""


def _is_arabic_letter(character: str) -> bool:
    return character.isalpha() and unicodedata.name(character, "").startswith("ARABIC LETTER")


def _is_spelling(text: str, at: int) -> bool:
    """Is the joiner or non-joiner at ``at`` part of how the word is spelt (RFC 5892, A.1 and A.2)?"""
    if at > 0 and unicodedata.combining(text[at - 1]) == 9:  # a virama
        return True
    following = text[at + 1 : at + 2]
    return (
        text[at] == NON_JOINER
        and bool(following)
        and _is_arabic_letter(_letter_before(text, at) or " ")
        and _is_arabic_letter(following)
    )


def _joins_emoji(text: str, at: int) -> bool:
    # A skin tone and a variation selector may stand between the picture and its joiner.
    before = text[max(at - 3, 0) : at].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
    after = text[at + 1 : at + 2]
    return bool(before and after) and unicodedata.category(before[-1]) == unicodedata.category(after) == "So"


def _marks_in_a_row(text: str) -> int:
    most = run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        most = max(most, run)
    return most


def _not_longer_than(limit: int, text: str, field: str) -> str:
    if len(text) > limit:
        raise UnclearText(
            no(
                "This is %(length)s characters long. At most %(limit)s fit here.",
                field=field,
                length=len(text),
                limit=limit,
            )
        )
    return text


def clean_line(text: str, limit: int, *, field: str = "") -> str:
    """One line, for a name or a heading: NFC, runs of white space and line breaks made one space, trimmed.

    ``limit`` counts characters (code points) of the cleaned line. Raises UnclearText, naming ``field``, for what is too
    long, holds a hidden or direction-turning character, is damaged, or piles marks on a letter. An empty line comes
    back empty: whether that will do is the caller's to say.
    """
    line = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if _PLAIN_LATIN.fullmatch(line):
        return _not_longer_than(limit, line, field)
    for at, character in enumerate(line):
        if character in _TURNING:
            raise UnclearText(
                no(
                    "There is a hidden character here that turns the reading direction. Please type it again.",
                    field=field,
                )
            )
        if character in (NON_JOINER, JOINER) and _is_spelling(line, at):
            continue
        if _is_hidden(character):
            raise UnclearText(no("There is a character here that cannot be seen. Please type it again.", field=field))
        if _is_broken(character) or character == "\ufffd" or unicodedata.category(character) == "Co":
            raise UnclearText(no("There is a damaged character here. Please type it again.", field=field))
    if _marks_in_a_row(line) > _MOST_MARKS_ON_A_LETTER or (line and unicodedata.category(line[0]) in ("Mn", "Me")):
        raise UnclearText(no("There are marks here that belong to no letter. Please type it again.", field=field))
    return _not_longer_than(limit, line, field)


def _kept_in_text(text: str) -> str:
    kept = []
    for at, character in enumerate(text):
        if character == "\n":
            kept.append(character)
        elif character == NON_JOINER:
            kept.append(character if _is_spelling(text, at) else "")
        elif character == JOINER:
            kept.append(character if _is_spelling(text, at) or _joins_emoji(text, at) else "")
        elif not _is_hidden(character) and not _is_broken(character):
            kept.append(character)
    return "".join(kept)


def clean_text(text: str, limit: int, *, field: str = "") -> str:
    """Several lines: NFC, line breaks as \\n, at most one empty line in a row, trimmed; what is hidden is taken out.

    ``limit`` counts characters (code points) of the cleaned text. Raises UnclearText, naming ``field``, for what is too
    long, and for nothing else: no word that somebody wrote is lost.
    """
    lines = _LINE_BREAK.sub("\n", unicodedata.normalize("NFC", text))
    kept = _SPACES_IN_A_LINE.sub(" ", _kept_in_text(_SPACES_IN_A_LINE.sub(" ", lines)))
    trimmed = "\n".join(line.strip() for line in kept.split("\n"))
    # Taking characters out can bring a letter and its mark together: compose once more.
    return _not_longer_than(limit, unicodedata.normalize("NFC", _MANY_EMPTY_LINES.sub("\n\n", trimmed).strip()), field)


def without_hidden(text: str) -> str:
    """One line from another system, with what is hidden or damaged taken out instead of refused."""
    return _SPACES.sub(" ", clean_text(text, len(text) * 3))


def _first_letter(word: str) -> str:
    """The first letter or digit of a word with the marks that belong to it, in capitals where the script has them."""
    for at, character in enumerate(word):
        if character.isalnum():
            end = at + 1
            while end < len(word) and unicodedata.category(word[end]) in ("Mn", "Mc"):
                end += 1
            return unicodedata.normalize("NFC", character.upper()[:1] + word[at + 1 : end])
    return ""


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name; one for a name of one word, "" for none.

    "Signe Ek" gives "SE", "Anna-Karin von Sydow" "AS", "أمل" "أ".
    """
    letters = [letter for letter in map(_first_letter, unicodedata.normalize("NFC", name).split()) if letter]
    return letters[0] + letters[-1] if len(letters) > 1 else "".join(letters)


def neutralise_formula(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula: one that starts like a formula gets a ``'`` before it.

    Formula starts are = + - @, tab and carriage return, also after spaces and as full-width signs (OWASP, "CSV
    injection").
    """
    starts_like_a_formula = cell.startswith(_FORMULA_STARTS) or cell.lstrip().startswith(_FORMULA_STARTS)
    return "'" + cell if starts_like_a_formula else cell


def restore_formula_start(cell: str) -> str:
    """What ``neutralise_formula`` was given, for reading back a file that we wrote."""
    if cell.startswith("'") and neutralise_formula(cell[1:]) == cell:
        return cell[1:]
    return cell
