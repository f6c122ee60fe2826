"""Identity numbers: read in exactly one way or not at all."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from personnummer import personnummer as second_opinion

from samsyn.common.decision import Refused
from samsyn.people import numbers
from samsyn.people.numbers import (
    ORDINARY_SYSTEMS,
    IdentitySystem,
    NoNumberLeft,
    ReadNumber,
    UnreadableNumber,
    demo_number,
    read_number,
    written,
)

TODAY = date(2026, 11, 22)
REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "personnummer"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="The reference numbers are not on this machine (../shared/data/personnummer)."
)
PERSONNUMMER, SAMORDNINGSNUMMER = IdentitySystem.PERSONNUMMER, IdentitySystem.SAMORDNINGSNUMMER
RESERVE, LMA, DEMO, NONE = IdentitySystem.RESERVE, IdentitySystem.LMA, IdentitySystem.DEMO, IdentitySystem.NONE


def reason(text: str, on: date = TODAY, **more: Any) -> str:
    with pytest.raises(UnreadableNumber) as caught:
        read_number(text, on=on, **more)
    assert isinstance(caught.value, Refused)
    assert caught.value.decision.field
    return caught.value.decision.reason


def reference(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((REFERENCE / name).read_text(encoding="utf-8"))
    return rows


# --- as people write them -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "201701012393",
        "20170101-2393",
        "20170101 2393",
        " 2017 01 01 23 93 ",
        "2017-01-01-2393",
        "170101-2393",
        "1701012393",
        "17 01 01-2393",
        "20170101–2393",  # a dash that a word processor made
        "２０１７０１０１−２３９３",  # full width
        "٢٠١٧٠١٠١-٢٣٩٣",  # Arabic digits
        "\u206620170101-2393\u2069",  # pasted out of Arabic text
        "20170101\u20112393",
        "20170101\u200b-2393\n",
    ],
)
def test_one_number_however_it_is_written(typed: str) -> None:
    assert read_number(typed, on=TODAY) == ReadNumber(PERSONNUMMER, "201701012393", date(2017, 1, 1))


def test_the_century_comes_from_the_sign_and_the_day() -> None:
    assert read_number("090527-1474", on=TODAY).birth_date == date(2009, 5, 27)
    assert read_number("0905271474", on=TODAY).birth_date == date(2009, 5, 27)
    assert read_number("090527+1474", on=TODAY).birth_date == date(1909, 5, 27)
    assert read_number("090527-1474", on=date(2008, 1, 1)).birth_date == date(1909, 5, 27)


def test_the_sign_changes_with_the_year_in_which_somebody_turns_100() -> None:
    born = "1926122" + "4" + "980"
    number = next(born + check for check in "0123456789" if second_opinion.valid(born + check))
    short = number[2:8] + "+" + number[8:]
    assert read_number(short, on=date(2026, 1, 1)).birth_date == date(1926, 12, 24)
    assert read_number(short.replace("+", "-"), on=date(2025, 12, 31)).birth_date == date(1926, 12, 24)
    assert "has not come yet" in reason(short.replace("+", "-"), on=date(2026, 1, 1))
    assert read_number(short.replace("+", "-"), on=date(2026, 12, 24)).birth_date == date(2026, 12, 24)


def test_a_plus_sign_that_contradicts_a_whole_year_is_refused() -> None:
    assert read_number("19090527+1474", on=TODAY).value == "190905271474"
    assert read_number("19090527-1474", on=TODAY).value == "190905271474"
    assert "plus sign" in reason("20170101+2393")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "whole number"),
        ("   ", "whole number"),
        ("2393", "whole number"),
        ("20170101", "whole number"),
        ("20170101-239", "whole number"),
        ("20170101-23933", "whole number"),
        ("+", "whole number"),
        ("2" * 1000, "whole number"),
        ("20170101-2393" + " " * 60 + "9", "whole number"),
        ("20170101-2394", "digits is wrong"),
        ("20170101-0000", "digits is wrong"),
        ("20170229-2393", "no such day"),
        ("20171301-2393", "no such day"),
        ("20170132-2393", "no such day"),
        ("20170155-2393", "no such day"),
        ("20170192-2393", "no such day"),
        ("20170199-2393", "no such day"),
        ("20170001-2393", "no such day"),
        ("20170100-2393", "no such day"),
        ("20170290-2393", "no such day"),
        ("20261123-2393", "has not come yet"),
        ("21170101-2393", "has not come yet"),
        ("18170101-2393", "too long ago"),
        ("00000101-2393", "no such day"),
        ("Signe", "no number that we know"),
        ("2017O101-2393", "no number that we know"),
        ("<script>", "no number that we know"),
    ],
)
def test_what_is_no_number_is_refused_with_what_to_look_at(typed: str, told: str) -> None:
    assert told in reason(typed)


def test_a_refusal_names_the_field_and_never_what_was_typed() -> None:
    with pytest.raises(UnreadableNumber) as caught:
        read_number("20170101-2394", on=TODAY, field="childs_number")
    assert caught.value.decision.field == "childs_number"
    told = repr(caught.value) + str(caught.value) + repr(caught.value.decision)
    assert "2394" not in told
    assert "2017" not in told


def test_a_read_number_keeps_itself_out_of_logs() -> None:
    read = read_number("20170101-2393", on=TODAY)
    assert "2017" not in repr(read)
    assert "2393" not in f"{read}"


# --- samordningsnummer ----------------------------------------------------------------------------------------------


def test_a_samordningsnummer_has_sixty_added_to_its_day() -> None:
    example = ReadNumber(SAMORDNINGSNUMMER, "197010632391", date(1970, 10, 3))  # Skatteverket, SKVM 2010:3
    assert read_number("701063-2391", on=TODAY) == example
    assert read_number("197010632391", on=TODAY) == example


def test_a_samordningsnummer_may_have_no_known_month_or_day() -> None:
    # Numbers of Skatteverket's own test set.
    for number in ("191500722390", "191500882392"):
        assert read_number(number, on=TODAY) == ReadNumber(SAMORDNINGSNUMMER, number, None)
    assert read_number("191503882399", on=TODAY).birth_date == date(1915, 3, 28)
    assert "has not come yet" in reason("20270060-2391")


# --- the reference numbers ------------------------------------------------------------------------------------------


@needs_reference
def test_the_lists_of_the_personnummer_project() -> None:
    seen = 0
    for row in reference("list.json"):
        if row["separated_format"] == row["short_format"]:
            continue  # the list marks this spelling invalid, and valid four rows earlier: without a sign it is of 2009
        whole = [row["long_format"], row["separated_long"]]
        short = [row["separated_format"]]
        for typed in whole + short:
            seen += 1
            if not row["valid"]:
                assert reason(typed)
                continue
            read = read_number(typed, on=TODAY)
            assert read.value == row["long_format"]
            assert read.system == (SAMORDNINGSNUMMER if row["type"] == "con" else PERSONNUMMER)
    assert seen == 39


@needs_reference
def test_the_interim_numbers_are_reserve_numbers_of_the_one_who_gave_them() -> None:
    rows = reference("interim.json")
    assert len(rows) == 12
    for row in rows:
        for form in ("long_format", "short_format", "separated_format", "separated_long"):
            if row["valid"]:
                read = read_number(row[form], on=TODAY, issuer="1281")
                assert read == ReadNumber(RESERVE, "1281:" + row["long_format"], date(2000, 1, 1))
                assert "say who did" in reason(row[form])
            else:
                assert "no number that we know" in reason(row[form], issuer="1281")


@needs_reference
def test_organisation_numbers_are_not_numbers_of_people() -> None:
    for row in reference("orgnumber.json"):
        for form in ("short_format", "separated_format"):
            assert reason(row[form])


@needs_reference
def test_the_test_identities_of_hl7_sweden() -> None:
    wrong_in_the_list = "189602029812"  # the list gives this number the birth date of another
    with (REFERENCE / "hl7se-test-identities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 10
    for row in rows:
        read = read_number(row["value"], on=TODAY)
        if row["type"] == "nationelltReservnummer":
            assert read.system == RESERVE
            assert read.value.endswith(":" + row["value"])
        else:
            assert read.system == row["type"]
            assert read.value == row["value"]
        if row["value"] != wrong_in_the_list:
            assert read.birth_date == date.fromisoformat(row["birthDate"])


# --- reserve numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value", "born"),
    [
        # Inera, "Lokala reservidn" and "Nationellt ReservID"; HL7 Sweden.
        ("991981000010", "01:991981000010", None),
        ("991945000023", "01:991945000023", None),
        ("991993000032", "01:991993000032", None),
        ("19810829-M071", "14:19810829M071", date(1981, 8, 29)),
        ("19450829k088", "14:19450829K088", date(1945, 8, 29)),
        ("930829-X802", "14:19930829X802", date(1993, 8, 29)),
        ("20210325K069", "14:20210325K069", date(2021, 3, 25)),
        ("198108320014", "carelink:198108320014", None),
        ("20100101014R", "22:20100101014R", date(2010, 1, 1)),
        ("22950606-FH20", "se:22950606FH20", date(1995, 6, 6)),
        ("25780404KHD5", "se:25780404KHD5", date(1978, 4, 4)),
        ("00342145BZ31", "se:00342145BZ31", None),
        ("00749852-BZK0", "se:00749852BZK0", None),
        ("98240301AA06", "se:98240301AA06", date(2024, 3, 1)),
    ],
)
def test_a_reserve_number_whose_form_tells_who_gave_it(typed: str, value: str, born: date | None) -> None:
    read = read_number(typed, on=TODAY)
    assert read == ReadNumber(RESERVE, value, born)
    assert read_number(value, on=TODAY) == read


@pytest.mark.parametrize(
    ("typed", "issuer", "value", "born"),
    [
        ("810829DA1B", "12", "12:19810829DA1B", date(1981, 8, 29)),
        ("19810829DA1B", "12", "12:19810829DA1B", date(1981, 8, 29)),
        ("20200501-AA8A", "10", "10:20200501AA8A", date(2020, 5, 1)),
        ("19600606AA1G", "04", "04:19600606AA1G", date(1960, 6, 6)),
        ("19810829TB1F", "18", "18:19810829TB1F", date(1981, 8, 29)),
        ("19810829SF2B", "17", "17:19810829SF2B", date(1981, 8, 29)),
        ("19810829SU3A", "17", "17:19810829SU3A", None),
        ("20130101TF01", "1281", "1281:20130101TF01", date(2013, 1, 1)),
        ("20130101-TF01", "2120000001", "2120000001:20130101TF01", date(2013, 1, 1)),
    ],
)
def test_a_reserve_number_that_several_write_alike_asks_who_gave_it(
    typed: str, issuer: str, value: str, born: date | None
) -> None:
    with pytest.raises(UnreadableNumber, match="say who did") as caught:
        read_number(typed, on=TODAY, field="number")
    assert caught.value.decision.field == "issuer"
    read = read_number(typed, on=TODAY, issuer=issuer)
    assert read == ReadNumber(RESERVE, value, born)
    assert read_number(value, on=TODAY) == read


def test_a_reserve_number_of_soermland_without_a_birth_day() -> None:
    assert read_number("18500101N123", on=TODAY) == ReadNumber(RESERVE, "04:18500101N123", None)


@pytest.mark.parametrize(
    ("typed", "issuer", "told"),
    [
        ("20210325K067", "", "no number that we know"),
        ("22950606FH21", "", "no number that we know"),
        ("21950606FH20", "", "no number that we know"),
        ("991981000011", "", "no such day"),
        ("198108320015", "", "no such day"),
        ("20210325K069", "01", "in another way"),
        ("20130101TF01", "12", "in another way"),
        ("20130101TF01", "kommunen", "in another way"),
        ("20270101AA8A", "10", "has not come yet"),
        ("20200231AA8A", "10", "no such day"),
    ],
)
def test_a_reserve_number_that_does_not_fit_is_refused(typed: str, issuer: str, told: str) -> None:
    assert told in reason(typed, issuer=issuer)


def test_the_same_digits_of_two_regions_are_two_identities() -> None:
    one = read_number("20200501AA8A", on=TODAY, issuer="10")
    other = read_number("20200501AA8A", on=TODAY, issuer="04")
    assert one.value != other.value


# --- the others -----------------------------------------------------------------------------------------------------


def test_an_lma_number_is_told_from_a_birth_date() -> None:
    expected = ReadNumber(LMA, "12345678", None)
    for typed in ("12-345678", "LMA 12-345678", "lma12345678", "LMA-12345678"):
        assert read_number(typed, on=TODAY) == expected
    assert read_number("12345678", on=TODAY, systems={LMA}) == expected
    assert "whole number" in reason("20170101")


def test_demo_numbers_are_read_only_where_they_are_meant() -> None:
    assert demo_number(0) == "DEMO-00000000"
    for ordinal in (0, 1, 17, 123_456, 9_999_999):
        value = demo_number(ordinal)
        assert read_number(value, on=TODAY, systems={DEMO}) == ReadNumber(DEMO, value)
        assert "another kind" in reason(value)
    assert "digits is wrong" in reason("DEMO-00000001", systems={DEMO})
    for outside in (-1, 10_000_000):
        with pytest.raises(ValueError, match="Demo numbers"):
            demo_number(outside)


def test_no_number_is_an_answer_only_where_it_may_be() -> None:
    assert read_number(" ", on=TODAY, systems={*ORDINARY_SYSTEMS, NONE}) == ReadNumber(NONE, "")
    assert "whole number" in reason(" ")


def test_a_number_of_another_system_than_the_one_asked_for_is_refused() -> None:
    assert "another kind" in reason("20170101-2393", systems={SAMORDNINGSNUMMER})
    assert "another kind" in reason("20210325K069", systems={PERSONNUMMER, SAMORDNINGSNUMMER})


def test_a_stored_number_is_shown_as_people_write_it() -> None:
    assert written(PERSONNUMMER, "201701012393") == "20170101-2393"
    assert written(RESERVE, "14:20210325K069") == "20210325-K069"
    assert written(LMA, "12345678") == "12-345678"
    assert written(DEMO, demo_number(1)) == demo_number(1)
    assert written(NONE, "") == ""


# --- properties -----------------------------------------------------------------------------------------------------

days = st.dates(date(1926, 1, 1), TODAY)
ordinals = st.integers(0, 19)


def shapes_of(number: str) -> Iterable[str]:
    sign = "-" if TODAY.year - int(number[:4]) < 100 else "+"
    yield from (number, f"{number[:8]}-{number[8:]}", f"{number[2:8]}{sign}{number[8:]}")
    if sign == "-":
        yield number[2:]


@given(day=days, ordinal=ordinals)
def test_a_number_comes_back_from_every_way_of_writing_it(day: date, ordinal: int) -> None:
    number = numbers.test_number(day, ordinal)
    for typed in shapes_of(number):
        assert read_number(typed, on=TODAY) == ReadNumber(PERSONNUMMER, number, day)
    shown = written(PERSONNUMMER, number)
    assert read_number(shown, on=TODAY).value == number


@given(day=days, ordinal=ordinals, place=st.integers(2, 11), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(day: date, ordinal: int, place: int, other: int) -> None:
    number = numbers.test_number(day, ordinal)
    wrong = number[:place] + str((int(number[place]) + other) % 10) + number[place + 1 :]
    assert reason(wrong)


@given(
    year=st.integers(1840, 2030),
    month=st.integers(0, 13),
    day=st.integers(0, 31) | st.integers(60, 93),  # 32 to 59 is how Carelink writes reserve numbers
    birth_number=st.integers(0, 999),
)
def test_the_library_is_of_the_same_opinion(year: int, month: int, day: int, birth_number: int) -> None:
    body = f"{year}{month:02}{day:02}{birth_number:03}"
    number = next((body + check for check in "0123456789" if second_opinion.valid(body + check)), "")
    if not number:
        if 60 <= day <= 91 and month <= 12 and birth_number and (month == 0 or day == 60):
            return  # the library does not know a samordningsnummer without month or day
        assert all(reason(body + check) for check in "0123456789")
        return
    theirs = second_opinion.parse(number)
    if theirs.get_date() > TODAY:
        assert "has not come yet" in reason(number)
    else:
        system = SAMORDNINGSNUMMER if theirs.is_coordination_number() else PERSONNUMMER
        assert read_number(number, on=TODAY) == ReadNumber(system, number, theirs.get_date())


@given(text=st.text(max_size=30) | st.from_regex(r"\A[0-9A-Z:+ -]{0,20}\Z"))
def test_whatever_is_typed_has_one_reading_or_none(text: str) -> None:
    everything = frozenset(IdentitySystem)
    try:
        read = read_number(text, on=TODAY, systems=everything)
    except UnreadableNumber as unread:
        told = unread.decision.reason
    else:
        told = ""
        # Reading what was stored gives the very same identity: the stored form is a fixed point.
        assert (
            read_number(read.value, on=TODAY, systems={read.system, *ORDINARY_SYSTEMS} - set(without_lma(read))) == read
        )
        # And no other system reads the same text in its own way.
        for system in everything - {read.system, LMA}:
            with pytest.raises(UnreadableNumber):
                read_number(text, on=TODAY, systems={system})
    assert text.strip() == "" or len(text) < 4 or text not in told


def without_lma(read: ReadNumber) -> Iterable[IdentitySystem]:
    """Eight bare digits are an LMA number only when nothing else is meant."""
    return ORDINARY_SYSTEMS - {LMA} if read.system == LMA else ()


def test_every_all_digit_number_has_one_reading() -> None:
    chance = random.Random(2026)
    for _ in range(20_000):
        digits = f"{chance.choice(('99', '19', '20', '18'))}{chance.randrange(10**10):010}"
        fitting = [known for known in numbers._RESERVE_FORMATS if known.fits(digits)]
        assert len(fitting) <= 1
        month, day = int(digits[4:6]), int(digits[6:8])
        if fitting:
            assert digits.startswith("99") or 32 <= day <= 59, (month, day)


# --- numbers that belong to nobody ----------------------------------------------------------------------------------


def test_the_village_s_numbers_are_of_the_series_kept_for_tests_and_twenty_a_day() -> None:
    day = date(2017, 1, 1)
    made = [numbers.test_number(day, ordinal) for ordinal in range(20)]
    assert len(set(made)) == 20
    for number in made:
        assert re.fullmatch(r"201701019[89]\d\d", number)
        assert second_opinion.valid(number)
        assert read_number(number, on=TODAY).birth_date == day
    for ordinal in (20, 21, 1000):
        with pytest.raises(NoNumberLeft):
            numbers.test_number(day, ordinal)
    with pytest.raises(ValueError, match="begin with 0"):
        numbers.test_number(day, -1)


def test_twenty_years_of_village_children_all_have_valid_numbers() -> None:
    day = date(2006, 1, 1)
    while day <= TODAY:
        assert read_number(numbers.test_number(day, day.day % 20), on=TODAY).birth_date == day
        day += timedelta(days=1)
