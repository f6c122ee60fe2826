"""The register that is a file: one child by exact number, and every fault of the file told."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.common import clock
from samsyn.common.tabular import csv_lines
from samsyn.people.numbers import IdentitySystem, UnreadableNumber
from samsyn.people.numbers import test_number as number_for
from samsyn.people.registers import (
    FileRegister,
    Register,
    RegisterAmbiguous,
    RegisterGuardian,
    RegisterIdentity,
    RegisterPerson,
    RegisterPlace,
    RegisterUnavailable,
    SS12000Register,
    extract_rows,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNE, NOUR, AMAL, OLOF = (
    number_for(day, 0) for day in (date(2018, 3, 5), date(2024, 5, 6), date(1986, 1, 2), date(1984, 4, 5))
)
NAMES = [column.name for column in extract_rows.COLUMNS]
PERSONNUMMER = IdentitySystem.PERSONNUMMER
SIGNES_ROW = {
    "number": f"{SIGNE[:8]}-{SIGNE[8:]}",
    "protection": "none",
    "given_name": "Signe",
    "family_name": "Ek",
    "called": "Sigge",
    "languages": "sv ar",
    "guardian1_number": AMAL,
    "guardian1_given_name": "Amal",
    "guardian1_family_name": "Haddad",
    "guardian1_custody": "joint",
    "guardian1_protection": "none",
    "guardian1_language": "ar",
    "guardian2_number": OLOF,
    "guardian2_given_name": "Olof",
    "guardian2_family_name": "Ek",
    "guardian2_custody": "gemensam",
    "guardian2_protection": "Sekretessmarkering",
    "guardian2_language": "sv",
    "place_kind": "skola",
    "place_code": "12345678",
    "place_name": "Stobyskolan",
    "place_group": "2B",
}
NOURS_ROW = {"number": NOUR, "protection": "skyddad folkbokföring", "family_name": "Ek", "place_kind": "bvc"}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


class Extract:
    """A file of rows, written as a municipality would."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._version = 0

    def write(self, *rows: dict[str, str], names: list[str] | None = None) -> FileRegister:
        names = names or NAMES
        content = b"".join(csv_lines(names, [[row.get(name, "") for name in names] for row in rows]))
        return self.write_raw(content)

    def write_raw(self, content: bytes) -> FileRegister:
        self.path.write_bytes(content)
        self._version += 1
        os.utime(self.path, (self._version, self._version))  # as another moment would have made it
        return FileRegister(self.path)


@pytest.fixture
def file(tmp_path: Path) -> Extract:
    return Extract(tmp_path / "extract.csv")


def told(register: FileRegister) -> list[str]:
    return [problem.sentence() for problem in register.check().problems]


def refused(register: Register, number: str = SIGNE) -> RegisterUnavailable:
    with pytest.raises(RegisterUnavailable) as caught:
        register.look_up("personnummer", number)
    text = "".join(traceback.format_exception(caught.value)) + repr(caught.value.decision)
    assert SIGNE not in text
    assert "Signe" not in text
    return caught.value


# --- looking up -----------------------------------------------------------------------------------------------------


def test_a_child_is_found_by_its_number_with_guardians_and_place(file: Extract) -> None:
    register = file.write(NOURS_ROW, SIGNES_ROW)
    assert register.look_up("personnummer", SIGNE) == RegisterPerson(
        identities=(RegisterIdentity(PERSONNUMMER, SIGNE),),
        given_name="Signe",
        family_name="Ek",
        called="Sigge",
        birth_date=date(2018, 3, 5),
        languages=("sv", "ar"),
        protection="none",
        guardians=(
            RegisterGuardian(RegisterIdentity(PERSONNUMMER, AMAL), "Amal", "Haddad", "joint", "ar", "none"),
            RegisterGuardian(RegisterIdentity(PERSONNUMMER, OLOF), "Olof", "Ek", "joint", "sv", "marked"),
        ),
        place=RegisterPlace("school", "12345678", "Stobyskolan", "2B"),
    )
    nour = register.look_up("personnummer", NOUR)
    assert nour is not None
    assert (nour.protection, nour.given_name, nour.guardians) == ("protected", "", ())
    assert nour.place == RegisterPlace("bvc", "", "", "")
    assert register.check().may_be_applied
    assert register.check().good == 2


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_file_may_be_saved_by_any_program(file: Extract, mark: bytes, delimiter: str, end: str) -> None:
    names = ["Family_Name", "protection", "anything else", "number"]
    lines = [
        delimiter.join(names),
        delimiter.join(("Åkesson", "none", "x", SIGNE)),
        f'Ek{delimiter}none{delimiter}"a{end}b"{delimiter}{NOUR}',
    ]
    register = file.write_raw(mark + end.join(lines).encode())
    for number, name in ((SIGNE, "Åkesson"), (NOUR, "Ek")):
        found = register.look_up("personnummer", number)
        assert found is not None
        assert found.family_name == name


def test_nobody_by_that_number_is_none_and_any_way_of_writing_it_will_do(file: Extract) -> None:
    register = file.write(SIGNES_ROW)
    assert register.look_up("personnummer", NOUR) is None
    assert register.look_up("personnummer", f"{SIGNE[2:8]}-{SIGNE[8:]}") is not None
    assert register.look_up("none", "") is None
    assert register.look_up("demo", "DEMO-00000000") is None
    with pytest.raises(UnreadableNumber):
        register.look_up("personnummer", SIGNE[:-1])
    with pytest.raises(ValueError, match="IdentitySystem"):
        register.look_up("anything", SIGNE)


def test_other_systems_than_personnummer_are_found_too(file: Extract) -> None:
    rows = [
        {**NOURS_ROW, "number": number}
        for number in ("197010632391", "14:20210325K069", "19450829K088", "LMA 12-345678", "20130101TF01")
    ]
    register = FileRegister(file.write(*rows)._path, issuer="1281")
    assert told(register) == []
    for system, value in (
        ("samordningsnummer", "197010632391"),
        ("reserve", "14:20210325K069"),
        ("reserve", "14:19450829K088"),
        ("lma", "12345678"),
        ("reserve", "1281:20130101TF01"),
    ):
        found = register.look_up(system, value)
        assert found is not None
        assert found.identities == (RegisterIdentity(IdentitySystem(system), value),)
    assert register.look_up("reserve", "1280:20130101TF01") is None


def test_a_written_birth_date_goes_before_the_number_s(file: Extract) -> None:
    """A personnummer may begin with a day near it when the numbers of the day are used up (prop. 2008/09:111)."""
    found = file.write({**SIGNES_ROW, "birth_date": "2018-03-04"}).look_up("personnummer", SIGNE)
    assert found is not None
    assert found.birth_date == date(2018, 3, 4)


def test_a_changed_file_is_read_anew(file: Extract) -> None:
    register = file.write(SIGNES_ROW)
    assert register.look_up("personnummer", NOUR) is None
    file.write(NOURS_ROW, {**SIGNES_ROW, "given_name": "Signe Maria"})
    assert register.look_up("personnummer", NOUR) is not None
    found = register.look_up("personnummer", SIGNE)
    assert found is not None
    assert found.given_name == "Signe Maria"
    file.write(NOURS_ROW)
    assert register.look_up("personnummer", SIGNE) is None


def test_a_file_that_changes_without_a_new_time_never_gives_another_child(file: Extract) -> None:
    register = file.write(NOURS_ROW, SIGNES_ROW)
    assert register.look_up("personnummer", SIGNE) is not None
    status, content = file.path.stat(), file.path.read_bytes()
    other = number_for(date(2018, 3, 6), 0)
    file.path.write_bytes(content.replace(f"{SIGNE[:8]}-{SIGNE[8:]}".encode(), f"{other[:8]}-{other[8:]}".encode()))
    os.utime(file.path, ns=(status.st_atime_ns, status.st_mtime_ns))
    unavailable = refused(register)
    assert "being changed" in unavailable.decision.reason
    assert unavailable.retry_after == 30


def test_the_same_number_twice_is_told_and_gives_nobody(file: Extract) -> None:
    register = file.write(SIGNES_ROW, NOURS_ROW, {**SIGNES_ROW, "given_name": "Sigrid", "number": SIGNE})
    with pytest.raises(RegisterAmbiguous, match="more than one"):
        register.look_up("personnummer", SIGNE)
    assert register.look_up("personnummer", NOUR) is not None
    assert told(register) == ["Row 4, column number: The same number stands in row 2 too."]


def test_no_number_and_no_name_is_kept_in_memory_or_shown(file: Extract) -> None:
    register = file.write(NOURS_ROW, SIGNES_ROW)
    found = register.look_up("personnummer", SIGNE)
    assert "Signe" not in repr(found) + str(found)
    assert SIGNE not in repr(found)
    del found
    register.check()
    gc.collect()
    seen = set[int]()
    waiting: list[object] = [vars(register)]
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, type):
            continue
        seen.add(id(thing))
        for secret in (SIGNE, NOUR, "Signe", "Amal"):
            assert secret not in str(thing)
        waiting += [held for held in gc.get_referents(thing) if isinstance(held, (dict, list, tuple, set, str, bytes))]
    assert len(seen) > 5


def test_a_register_can_be_asked_about_one_and_browsed_by_nobody(file: Extract) -> None:
    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(FileRegister) == {"look_up", "check"}
    assert public(SS12000Register) == {"look_up", "close"}
    register: Register = file.write(SIGNES_ROW)
    assert register.source == "extract"


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"protection": ""}, "column protection: Write one of these words: none, ingen, marked, "),
        ({"protection": "no"}, "column protection: Write one of these words: none, ingen, marked, "),
        ({"given_name": "Sig\u202ene"}, "column given_name: There is a hidden character here that turns"),
        ({"called": "Sig\u200bge"}, "column called: There is a character here that cannot be seen."),
        ({"family_name": "E" * 201}, "column family_name: This is 201 characters long. At most 200 fit here."),
        ({"given_name": "", "family_name": ""}, "column family_name: There is no name. For a newborn"),
        ({"birth_date": "5/3 2018"}, "column birth_date: Write the day as year, month and day: 2017-01-31."),
        ({"birth_date": "2018-02-30"}, "column birth_date: Write the day as year, month and day: 2017-01-31."),
        ({"birth_date": "2026-11-23"}, "column birth_date: The day has not come yet."),
        ({"languages": "svenska"}, "column languages: Write languages as codes with spaces between, such as ar sv."),
        ({"guardian1_number": AMAL[:-1] + "0"}, "column guardian1_number: One of the digits is wrong"),
        (
            {"guardian1_custody": ""},
            "column guardian1_custody: Write one of these words: joint, gemensam, sole, ensam.",
        ),
        ({"guardian1_protection": ""}, "column guardian1_protection: Write one of these words: none, "),
        ({"guardian1_language": "9"}, "column guardian1_language: Write languages as codes"),
        ({"guardian1_given_name": "", "guardian1_family_name": ""}, "column guardian1_family_name: There is no name."),
        ({"guardian2_custody": "sole"}, "column guardian2_custody: Two guardians share custody: it is joint for both."),
        ({"guardian2_number": AMAL}, "column guardian1_number: The same number stands for two people in the row."),
        ({"guardian2_number": SIGNE}, "column guardian1_number: The same number stands for two people in the row."),
        ({"place_kind": ""}, "column place_kind: Write one of these words: school, skola, preschool, förskola, bvc."),
    ],
)
def test_a_row_with_a_fault_is_told_and_its_child_is_neither_half_known_nor_missing(
    file: Extract, changed: dict[str, str], sentence: str
) -> None:
    register = file.write(NOURS_ROW, {**SIGNES_ROW, **changed})
    (problem,) = told(register)
    assert problem.startswith(f"Row 3, {sentence}")
    assert register.check().good == 1
    assert "has a fault" in refused(register).decision.reason
    assert register.look_up("personnummer", NOUR) is not None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"20180305-9809;none;Ek", "Row 2, column number: One of the digits is wrong"),
        (b";none;Ek", "Row 2, column number: The cell must be filled in."),
        (b"20130101TF01;none;Ek", "Row 2, column number: More than one can have given this reserve number."),
        (b"20180305;none", "Row 2: The row has 2 cells and the header 3."),
        (b'"20180305;none;Ek', "Row 2: A quotation mark is missing, or one stands inside a cell."),
        (b"\xff;none;Ek", "Row 2: There are letters here that cannot be read."),
    ],
)
def test_while_a_row_cannot_be_read_nobody_is_said_to_be_missing(file: Extract, line: bytes, sentence: str) -> None:
    register = file.write_raw(b"number;protection;family_name\n" + line + f"\n{NOUR};none;Ek\n".encode())
    (problem,) = told(register)
    assert problem.startswith(sentence)
    assert register.look_up("personnummer", NOUR) is not None
    assert "parts of the register's file cannot be read" in refused(register).decision.reason


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Row 1: The first row must hold the names of the columns. It is empty."),
        (b"number;family_name\n", "Row 1, column protection: The column is missing."),
        (b"number;protection;number\n", "Row 1, column number: The column stands there twice."),
        ("number;protection".encode("utf-16"), "Row 1: The file is not UTF-8. Please save it again as CSV UTF-8."),
    ],
)
def test_a_file_without_the_right_columns_is_no_register(file: Extract, content: bytes, sentence: str) -> None:
    register = file.write_raw(content)
    assert told(register) == [sentence]
    assert "cannot be read" in refused(register).decision.reason
    assert "cannot be read" in refused(register).decision.reason


def test_no_file_is_no_answer(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        register = FileRegister(path)
        assert "cannot be read" in refused(register).decision.reason
        with pytest.raises(RegisterUnavailable):
            register.check()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.lists(
        st.sampled_from(
            [*(name.encode() for name in NAMES[:5]), b";", b"\n", b'"', b"\r", b"none", SIGNE.encode(), b"joint"]
        )
        | st.binary(max_size=4),
        max_size=40,
    ).map(b"".join),
    with_header=st.booleans(),
)
def test_no_bytes_break_the_register(file: Extract, content: bytes, with_header: bool) -> None:
    register = file.write_raw((b"number;protection;family_name\n" if with_header else b"") + content)
    for sentence in told(register):
        assert sentence
    try:
        found = register.look_up("personnummer", SIGNE)
    except (RegisterUnavailable, RegisterAmbiguous):
        return
    assert found is None or found.identities == (RegisterIdentity(PERSONNUMMER, SIGNE),)
