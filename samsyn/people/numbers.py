"""Identity numbers: reading what people type into {system, value}, in exactly one way or not at all.

A value is stored in one form, and reading that form again gives it back:

- ``personnummer``, ``samordningsnummer``: 12 digits (folkbokföringslagen 18 and 18 a §§; Skatteverket SKVM 2010:3).
- ``reserve``: ``issuer:number``. The issuer is the two-digit county code of a region, ``se`` for the national reserve
  number, ``carelink``, or, for numbers that a school or a municipality makes for itself (``20130101TF01`` of SS 12000,
  interim numbers such as ``20000101T220``), its municipality code or organisation number: two such makers can give two
  children the same number. Formats: Inera, "Lokala reservidn" and "Nationellt ReservID"; HL7 Sweden, base profiles.
- ``lma``: the 8 digits on an LMA card (xx-xxxxxx). ``demo``: ``DEMO-`` and 8 digits. ``none``: an empty value.

Pure: no clock, no database. What was typed never stands in a refusal. The library ``personnummer`` asks its own clock
for the century and knows no reserve numbers, so it serves the tests as a second opinion.
"""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from samsyn.common.decision import Refused, no


class IdentitySystem(StrEnum):
    """Who gave the number, and so what it means."""

    PERSONNUMMER = "personnummer"
    SAMORDNINGSNUMMER = "samordningsnummer"
    RESERVE = "reserve"
    LMA = "lma"
    DEMO = "demo"
    NONE = "none"


ORDINARY_SYSTEMS = frozenset(IdentitySystem) - {IdentitySystem.DEMO, IdentitySystem.NONE}
"""What a person may be known by outside the demonstration."""

_FIRST_YEAR = 1840  # nobody born earlier lived when the numbers came in 1947
_COORDINATION = 60  # is added to the day of birth in a samordningsnummer
_FIRST_KEPT, _LAST_KEPT = 980, 999  # birth numbers that Skatteverket keeps for tests
_LONGEST = 60
_DIGIT_SUMS = tuple(sum(map(int, str(number))) for number in range(2 * ord("Z") + 1))
_NOT_WRITTEN = re.compile(r"[\x00-\x20\x7f]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


class UnreadableNumber(Refused):
    """The text is no number, or could be two. Its Decision says what to look at, beside the form field it names."""


class NoNumberLeft(ValueError):
    """Every number that is kept for tests is used for that day."""


@dataclass(frozen=True)
class ReadNumber:
    """One identity: ``system`` and ``value`` as stored, and the birth date that the number tells, if it tells one.

    Its text form names the system only, so that no number reaches a log.
    """

    system: IdentitySystem
    value: str = dataclasses.field(repr=False)
    birth_date: date | None = dataclasses.field(default=None, repr=False)


def _plain(text: str) -> str:
    """Digits of every script as 0-9, letters as capitals, dashes as "-"; no spaces, nothing hidden."""
    if text.isascii():
        return _NOT_WRITTEN.sub("", text).upper()
    plain = []
    for character in unicodedata.normalize("NFKC", text).translate(_DASHES):
        if unicodedata.category(character) == "Nd":
            plain.append(str(unicodedata.decimal(character)))
        elif not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"):
            plain.append(character.upper())
    return "".join(plain)


def _luhn_digit(values: list[int]) -> int:
    """The check digit after ``values``, of which the first counts twice; letters may be worth more than nine."""
    return -sum(_DIGIT_SUMS[value * (2 - place % 2)] for place, value in enumerate(values)) % 10


def _luhn_holds(number: str, worth: Callable[[str], int] = int) -> bool:
    values = [int(sign) if sign.isdigit() else worth(sign) for sign in number[:-1]]
    return number[-1] == str(_luhn_digit(values))


# --- days -----------------------------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int, on: date) -> date:
    """The day that a number begins with. Raises UnreadableNumber for one that does not exist or has not come."""
    try:
        begins = date(year, month, day)
    except ValueError:
        begins = None
    if begins is None:
        raise UnreadableNumber(no("There is no such day. Please look at the year, the month and the day again."))
    if begins > on:
        raise UnreadableNumber(no("This begins with a day that has not come yet. Please look at the year again."))
    if year < _FIRST_YEAR:
        raise UnreadableNumber(no("This begins with a year too long ago. Please look at the year again."))
    return begins


def _full_year(year: str, sign: str, on: date) -> int:
    """Four digits of a year. "+" stands before the last four digits from the year in which somebody turns 100."""
    if len(year) == 2:
        latest = on.year - (on.year - int(year)) % 100
        return latest - 100 if sign == "+" else latest
    if sign == "+" and on.year - int(year) < 100:
        raise UnreadableNumber(no("A plus sign is for somebody who turns 100 or more. Please look at the year again."))
    return int(year)


# --- personnummer and samordningsnummer -----------------------------------------------------------------------------

_PERSONAL = re.compile(r"(\d{4}|\d{2})-?(\d{2})-?(\d{2})([-+]?)(\d{4})")


def _coordination_day(year: int, month: int, day: int, on: date) -> date | None:
    """Birth date of a samordningsnummer; None where the month is written 00 or the day 60, since it is not known.

    Skatteverket writes a birth date that could not be shown like that; its own test numbers have both forms.
    """
    known_day = day - _COORDINATION
    told = _day(year, month or 1, known_day or 1, on)
    return told if month and known_day else None


def _read_personal(found: re.Match[str], on: date) -> ReadNumber:
    typed_year, month, day, sign, last = found.groups()
    year = _full_year(typed_year, sign, on)
    is_coordination = int(day) >= _COORDINATION
    if is_coordination:
        born = _coordination_day(year, int(month), int(day), on)
    else:
        born = _day(year, int(month), int(day), on)
    value = f"{year:04}{month}{day}{last}"
    if last.startswith("000") or not _luhn_holds(value[2:]):
        raise UnreadableNumber(
            no("One of the digits is wrong: the last one does not fit the others. Please compare with the document.")
        )
    system = IdentitySystem.SAMORDNINGSNUMMER if is_coordination else IdentitySystem.PERSONNUMMER
    return ReadNumber(system, value, born)


# --- reserve numbers ------------------------------------------------------------------------------------------------

_REGION_LETTERS_OF_14 = {"K": 5, "M": 7, "X": 8}
_NATIONAL_CENTURIES = 3  # the series of the national reserve number count the century up by three
_OWN_ISSUER = re.compile(r"\d{4}|\d{10}")


@dataclass(frozen=True)
class _ReserveFormat:
    """How one issuer writes its numbers.

    ``issuer``: "" for a format that many use, each for itself. ``begins_with_birth``: is the day it begins with the
    person's own? ``check``: does the check sign fit?
    """

    issuer: str
    shape: re.Pattern[str]
    begins_with_birth: bool = True
    check: Callable[[str], bool] = lambda _: True

    def fits(self, number: str) -> bool:
        return self.shape.fullmatch(number) is not None and self.check(number)


def _reserve(
    issuer: str, shape: str, *, birth: bool = True, check: Callable[[str], bool] | None = None
) -> _ReserveFormat:
    return _ReserveFormat(issuer, re.compile(shape), birth, check or (lambda _: True))


_RESERVE_FORMATS = (
    _reserve("01", r"99(?:19|2[0-2])\d{8}", birth=False, check=lambda number: _luhn_holds(number[4:])),
    _reserve("04", r"\d{8}[A-Z]{2}\d[A-Z]"),
    _reserve("04", r"18[56]00101[MNKP](?!000)\d{3}", birth=False),
    _reserve("10", r"\d{8}[A-Z]{2}\d[A-Z]"),
    _reserve("12", r"\d{8}[DEF][A-Z][01][A-Z]"),
    _reserve(
        "14",
        r"\d{8}(?:[KM](?:0[6-9]|[1-7]\d)|X8\d)\d",
        check=lambda number: _luhn_holds(number[2:], _REGION_LETTERS_OF_14.__getitem__),
    ),
    _reserve("17", r"\d{8}SF\d[A-UW-Z1-9]"),
    _reserve("17", r"\d{8}S[UXPL]\d[A-UW-Z1-9]", birth=False),
    _reserve("18", r"\d{8}T[A-Z]\d[A-J]"),
    _reserve("22", r"\d{11}R"),
    _reserve(
        "carelink",
        r"(?:1[7-9]|20)\d{2}(?:0[1-9]|1[0-2])(?:3[2-9]|[45]\d)\d{4}",
        birth=False,
        check=lambda number: _luhn_holds(number[2:]),
    ),
    _reserve(
        "se",
        r"(?:2[2-9]|[3-9]\d)\d{6}[A-HJ-NPR-UX-Z]{2}[A-HJ-NPR-UX-Z\d]\d",
        check=lambda number: _luhn_holds(number, ord),
    ),
    _reserve(
        "se",
        r"00\d{2}[2-9]\d[45]\d[A-HJ-NPR-UX-Z]{2}[A-HJ-NPR-UX-Z\d]\d",
        birth=False,
        check=lambda number: _luhn_holds(number, ord),
    ),
    _reserve("", r"\d{8}TF\d{2}"),
    _reserve("", r"\d{8}[TRSUWXJKLMN]\d{3}", check=lambda number: _luhn_holds(number[2:], lambda _: 1)),
)

RESERVE_ISSUERS = tuple(dict.fromkeys(known.issuer for known in _RESERVE_FORMATS if known.issuer))
"""Those who write reserve numbers in a way of their own. Municipalities and schools come besides, by their codes."""

_ALL_DIGIT_FORMATS = tuple(known for known in _RESERVE_FORMATS if known.issuer in ("01", "carelink"))

_RESERVE = re.compile(r"(\d{4}|\d{2})-?(\d{2})-?(\d{2})([-+]?)([A-Z\d]{4})")


def _reserve_birth(chosen: _ReserveFormat, number: str, on: date) -> date | None:
    if not chosen.begins_with_birth:
        return None
    century = int(number[:2])
    if chosen.issuer == "se":
        century = 19 + (century - 19) % _NATIONAL_CENTURIES
    return _day(century * 100 + int(number[2:4]), int(number[4:6]), int(number[6:8]), on)


def _read_reserve(typed: str, issuer: str, on: date) -> ReadNumber:
    found = _RESERVE.fullmatch(typed)
    if found is None:
        raise UnreadableNumber(no("This is no number that we know. Please compare with the document."))
    year, month, day, sign, last = found.groups()
    number = (year if len(year) == 4 else f"{_full_year(year, sign, on):04}") + month + day + last
    fitting = [known for known in _RESERVE_FORMATS if known.fits(number)]
    if not fitting:
        raise UnreadableNumber(no("This is no number that we know. Please compare with the document."))
    of_issuer = [
        known for known in fitting if known.issuer == issuer or (not known.issuer and _OWN_ISSUER.fullmatch(issuer))
    ]
    candidates = of_issuer if issuer else fitting
    if not candidates:
        raise UnreadableNumber(no("The one who is said to have given this number writes them in another way."))
    if len(candidates) > 1 or not (issuer or candidates[0].issuer):
        raise UnreadableNumber(
            no("More than one can have given this reserve number. Please say who did.", field="issuer")
        )
    chosen = candidates[0]
    value = f"{chosen.issuer or issuer}:{number}"
    return ReadNumber(IdentitySystem.RESERVE, value, _reserve_birth(chosen, number, on))


# --- the others -----------------------------------------------------------------------------------------------------

_LMA = re.compile(r"(?:LMA[-:]?)?(\d{2})-(\d{6})|LMA[-:]?(\d{8})")
_DEMO = re.compile(r"DEMO-?(\d{8})")
_WITH_ISSUER = re.compile(r"([A-Z]+|\d{2}|\d{4}|\d{10}):(.+)")


def _read(plain: str, on: date, systems: Collection[IdentitySystem], issuer: str) -> ReadNumber:
    if demo := _DEMO.fullmatch(plain):
        if not _luhn_holds(demo[1]):
            raise UnreadableNumber(no("One of the digits is wrong. Please compare with the list."))
        return ReadNumber(IdentitySystem.DEMO, f"DEMO-{demo[1]}")
    if lma := _LMA.fullmatch(plain):
        return ReadNumber(IdentitySystem.LMA, lma[3] or lma[1] + lma[2])
    if set(systems) == {IdentitySystem.LMA} and re.fullmatch(r"\d{8}", plain):
        return ReadNumber(IdentitySystem.LMA, plain)
    if with_issuer := _WITH_ISSUER.fullmatch(plain):
        return _read_reserve(with_issuer[2], with_issuer[1].lower(), on)
    personal = _PERSONAL.fullmatch(plain)
    # Neither of them begins with a day that a person can be born on.
    is_all_digit_reserve = any(known.fits(plain.replace("-", "")) for known in _ALL_DIGIT_FORMATS)
    if personal is not None and not is_all_digit_reserve:
        return _read_personal(personal, on)
    if re.fullmatch(r"[\d+-]*", plain) and not is_all_digit_reserve:
        raise UnreadableNumber(no("Write the whole number: year, month, day and the last four digits."))
    return _read_reserve(plain, issuer, on)


def read_number(
    text: str,
    *,
    on: date,
    systems: Collection[IdentitySystem] = ORDINARY_SYSTEMS,
    issuer: str = "",
    field: str = "number",
) -> ReadNumber:
    """The one identity that ``text`` writes, on the day ``on``.

    Taken as people write them: with or without "-", "+" and spaces, ten or twelve digits, digits of any script. Ten
    digits without "+" are of somebody who turns less than 100 in the year of ``on``. ``systems``: which systems may be
    meant. ``issuer``: who gave a reserve number, where its form does not tell (see the module). A system ``none`` among
    the systems lets an empty text mean that there is no number. An LMA number is written xx-xxxxxx or with LMA before
    it, since eight digits could be a birth date; eight digits do when nothing but ``lma`` is meant.

    Raises UnreadableNumber, naming ``field``: not a number, wrong check digit, impossible or future day, more than one
    possible issuer (then the field is "issuer"), or a system that was not meant.
    """
    plain = _plain(text[: _LONGEST + 1])
    if not plain and IdentitySystem.NONE in systems:
        return ReadNumber(IdentitySystem.NONE, "")
    try:
        if len(text) > _LONGEST or not plain:
            raise UnreadableNumber(no("Write the whole number: year, month, day and the last four digits."))
        read = _read(plain, on, systems, issuer.lower())
    except UnreadableNumber as unread:
        refusal = unread.decision
    else:
        if read.system in systems:
            return read
        refusal = no("This is another kind of number than the one that is asked for here.")
    raise UnreadableNumber(dataclasses.replace(refusal, field=refusal.field or field))


def written(system: IdentitySystem | str, value: str) -> str:
    """A stored number as people write it: 20170101-2393, 20210325-K069, 12-345678. Always in latin digits.

    For the one page that shows a number. Numbers stand in no list, address or log.
    """
    number = value.rpartition(":")[2]
    if system == IdentitySystem.LMA:
        return f"{number[:2]}-{number[2:]}"
    return f"{number[:8]}-{number[8:]}" if len(number) == 12 else number


# --- numbers that belong to nobody ----------------------------------------------------------------------------------


def test_number(birth_date: date, ordinal: int) -> str:
    """The 12 digits of the ``ordinal``:th personnummer (from 0) of a day that is kept for tests and given to nobody.

    Birth numbers 980 to 999, so twenty a day; an odd ``ordinal`` is a man's. Raises NoNumberLeft from the twenty-first,
    ValueError for a negative one.
    """
    if ordinal < 0:
        raise ValueError("Ordinals begin with 0.")
    if ordinal > _LAST_KEPT - _FIRST_KEPT:
        raise NoNumberLeft("The twenty numbers kept for tests are used for that day. Take another day.")
    digits = f"{birth_date:%Y%m%d}{_FIRST_KEPT + ordinal}"
    return f"{digits}{_luhn_digit([int(digit) for digit in digits[2:]])}"


def demo_number(ordinal: int) -> str:
    """The value of the ``ordinal``:th identity of system ``demo``, 0 to 9,999,999. It looks like nobody's number."""
    if not 0 <= ordinal <= 9_999_999:
        raise ValueError("Demo numbers are 0 to 9,999,999.")
    digits = f"{ordinal:07}"
    return f"DEMO-{digits}{_luhn_digit([int(digit) for digit in digits])}"
