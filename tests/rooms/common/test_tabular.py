"""Tables as CSV: every fault is told with row, column and reason, and none stops the reading."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common.decision import no
from samsyn.common.row_problems import Report, RowProblem
from samsyn.common.tabular import Column, Row, Table, csv_lines

COLUMNS = (
    Column("code", required=True, help="the unit's code"),
    Column("name", required=True, help="what people call it"),
    Column("phone", help="with area code"),
)


def read(content: str | bytes, *, other_columns: bool = False) -> list[Row | RowProblem]:
    raw = content.encode() if isinstance(content, str) else content
    return list(Table(io.BytesIO(raw), COLUMNS, other_columns=other_columns))


def cells(content: str | bytes) -> list[list[str]]:
    rows = read(content)
    assert all(isinstance(row, Row) for row in rows), rows
    return [[row["code"], row["name"], row["phone"]] for row in rows if isinstance(row, Row)]


def sentences(content: str | bytes, *, other_columns: bool = False) -> list[str]:
    return [item.sentence() for item in read(content, other_columns=other_columns) if isinstance(item, RowProblem)]


EXPECTED = [["stoby", "Stobyskolan", "0451-26 70 00"], ["bvc", "BVC Lillköping", ""]]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoted", [False, True])
def test_the_same_table_in_every_way_that_programs_save_it(mark: bytes, delimiter: str, end: str, quoted: bool) -> None:
    table = [["Code", " name ", "PHONE"], *EXPECTED]
    lines = [delimiter.join(f'"{cell}"' if quoted else cell for cell in row) for row in table]
    assert cells(mark + end.join(lines).encode()) == EXPECTED
    assert cells(mark + (end.join(lines) + end).encode()) == EXPECTED


def test_columns_may_stand_in_any_order_and_those_that_are_not_needed_may_be_missing() -> None:
    assert cells("name;code\nStobyskolan;stoby\n") == [["stoby", "Stobyskolan", ""]]


def test_a_comma_in_a_name_does_not_change_the_delimiter() -> None:
    assert cells('code;name;phone\na;"Åsa, Bo, Ali";1\n') == [["a", "Åsa, Bo, Ali", "1"]]


def test_cells_are_trimmed_and_may_hold_quotation_marks_and_lines() -> None:
    assert cells('code;name;phone\n a ;"say ""hi""\nand go";\n') == [["a", 'say "hi"\nand go', ""]]


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    rows = read('code;name\na;A\n\n;\nb;"B\nB"\nc;C\n')
    assert [(row.number, row["code"]) for row in rows if isinstance(row, Row)] == [(2, "a"), (5, "b"), (6, "c")]


def test_a_row_can_be_read_again_where_it_stands() -> None:
    content = '\ufeffcode;name\na;A\nå;"B\nB"\nc;C'.encode()
    table = Table(io.BytesIO(content), COLUMNS)
    rows = [row for row in table if isinstance(row, Row)]
    assert len(rows) == 3
    for row in reversed(rows):
        again = table.at(row.offset)
        assert isinstance(again, Row)
        assert again.cells == row.cells
    assert table.at(len(content)) is None


def test_a_row_keeps_its_cells_out_of_logs() -> None:
    (row,) = read("code;name\na;Signe Ek\n")
    assert "Signe" not in repr(row)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "Row 1: The first row must hold the names of the columns. It is empty."),
        ("\n\n", "Row 1: The first row must hold the names of the columns. It is empty."),
        ("code\na\n", "Row 1, column name: The column is missing."),
        ("code;name;code\na;b;c\n", "Row 1, column code: The column stands there twice."),
        ("code;name".encode("utf-16"), "Row 1: The file is not UTF-8. Please save it again as CSV UTF-8."),
        (
            "code;näme\n".encode("latin-1"),
            "Row 1: There are letters here that cannot be read. Please save the file again as CSV UTF-8.",
        ),
        (
            "code;name\ra;b\rc;d\r",
            "Row 1: There is a line break of an old kind here. Please save the file again as CSV UTF-8.",
        ),
        ('code;"name\na;b\n', "Row 1: A quotation mark is missing, or one stands inside a cell."),
    ],
)
def test_a_header_that_cannot_be_read_is_told_and_nothing_more_is_tried(content: str | bytes, told: str) -> None:
    (problem,) = read(content)
    assert isinstance(problem, RowProblem)
    assert problem.sentence() == told


def test_a_column_that_is_not_documented_is_a_problem_unless_others_are_welcome() -> None:
    content = "code;name;phoen\na;A;1\n"
    assert sentences(content) == ["Row 1, column phoen: The column is not one of those that can be read."]
    assert sentences(content, other_columns=True) == []
    (row,) = read(content, other_columns=True)
    assert isinstance(row, Row)
    assert dict(row.cells) == {"code": "a", "name": "A", "phone": ""}


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"a", "Row 3: The row has 1 cells and the header 2."),
        (b"a;b;c", "Row 3: The row has 3 cells and the header 2."),
        (b"a;", "Row 3, column name: The cell must be filled in."),
        (b"a;b\0c", "Row 3: There is a null character here. Please save the file again as CSV UTF-8."),
        (b"a;b\rc", "Row 3: There is a line break of an old kind here. Please save the file again as CSV UTF-8."),
        (b"a;b\xe5c", "Row 3: There are letters here that cannot be read. Please save the file again as CSV UTF-8."),
        (b'a;"b"c', "Row 3: A quotation mark is missing, or one stands inside a cell."),
        (b'a;"bc', "Row 3: A quotation mark is missing, or one stands inside a cell."),
        (b"a;" + b"b" * 100_000, "Row 3: The row is far too long. Is it really a CSV file?"),
        (b"a;" + b"b" * 1_000_000, "Row 3: The row is far too long. Is it really a CSV file?"),
    ],
)
def test_a_bad_row_is_told_and_the_rows_around_it_are_read(bad: bytes, told: str) -> None:
    items = read(b"code;name\nfirst;1\n" + bad + b"\nlast;2\n")
    assert [item["code"] for item in items if isinstance(item, Row)] == ["first", "last"]
    assert [item.sentence() for item in items if isinstance(item, RowProblem)] == [told]


def test_every_empty_cell_that_must_be_filled_in_is_told() -> None:
    assert sentences("code;name;phone\n;;1\n") == [
        "Row 2, column code: The cell must be filled in.",
        "Row 2, column name: The cell must be filled in.",
    ]


def test_a_column_can_be_needed_while_its_cells_may_be_empty() -> None:
    columns = (Column("code", required=True), Column("protection", required=True, may_be_empty=True))
    (row,) = list(Table(io.BytesIO(b"code;protection\na;\n"), columns))
    assert isinstance(row, Row)
    assert row["protection"] == ""
    (problem,) = list(Table(io.BytesIO(b"code\na\n"), columns))
    assert isinstance(problem, RowProblem)
    assert problem.column == "protection"


def test_a_rule_s_no_becomes_a_problem_of_its_row_and_column() -> None:
    problem = RowProblem.of(7, "code", no("Too long by %(by)s.", by=3))
    assert problem.sentence() == "Row 7, column code: Too long by 3."
    assert problem.sentence(lambda text: {"Too long by %(by)s.": "%(by)s för långt."}.get(text, text)).endswith(
        "3 för långt."
    )


def test_a_report_is_read_from_top_to_bottom_and_stays_short() -> None:
    assert Report(good=3).may_be_applied
    report = Report(good=3, changed=1, unchanged=2)
    for row in range(2, 1_502):
        report.add(RowProblem(row, "code", "No."))
    assert not report.may_be_applied
    lines = report.text().splitlines()
    assert lines[:5] == [
        "Good rows: 3",
        "Of them new or changed: 1",
        "Of them already as they should be: 2",
        "Problems: 1500",
        "Row 2, column code: No.",
    ]
    assert lines[-1] == "And 500 problems more."
    assert len(lines) == 4 + 1_000 + 1


# --- writing --------------------------------------------------------------------------------------------------------


def test_an_export_is_neutralised_and_opens_with_its_letters_right() -> None:
    raw = b"".join(csv_lines(["code", "name", "phone"], [["=1+1", "Åsa; Bo", "+46 451"], ["@x", None, -5]]))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == "code;name;phone\r\n'=1+1;\"Åsa; Bo\";'+46 451\r\n'@x;;'-5\r\n"


filled = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip).filter(bool)


@given(rows=st.lists(st.tuples(filled, filled, filled | st.just("")), max_size=8))
def test_what_was_exported_reads_back_the_same(rows: list[tuple[str, str, str]]) -> None:
    rows = [row for row in rows if not any(cell.startswith("'") for cell in row)]
    raw = b"".join(csv_lines([column.name for column in COLUMNS], rows))
    assert [tuple(row) for row in cells(raw)] == rows


@given(cell=st.text(st.characters(codec=None, exclude_categories=()), max_size=30))
def test_every_text_can_be_exported_and_the_export_can_be_read(cell: str) -> None:
    raw = b"".join(csv_lines(["code", "name"], [["x", cell or "-"]]))
    for item in Table(io.BytesIO(raw), COLUMNS):
        assert isinstance(item, Row) or item.reason == "The cell must be filled in."


# --- whatever is in the file ----------------------------------------------------------------------------------------

rough = st.lists(
    st.sampled_from(
        [b"code", b"name", b"phone", b";", b",", b'"', b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xef\xbb\xbf"]
    )
    | st.binary(max_size=6),
    max_size=40,
).map(b"".join)


@given(content=rough | st.binary(max_size=300), other_columns=st.booleans())
def test_no_bytes_break_the_reading(content: bytes, other_columns: bool) -> None:
    table = Table(io.BytesIO(content), COLUMNS, other_columns=other_columns)
    for item in table:
        if isinstance(item, RowProblem):
            assert item.sentence()
            assert item.row >= 1
        else:
            assert item["code"]
            assert item["name"]
    assert len(list(table)) == len(list(table))


@given(content=rough)
def test_no_bytes_after_a_good_header_break_the_reading_and_every_row_can_be_found_again(content: bytes) -> None:
    table = Table(io.BytesIO(b"code;name;phone\n" + content), COLUMNS)
    for row in [item for item in table if isinstance(item, Row)]:
        again = table.at(row.offset)
        assert isinstance(again, Row)
        assert again.cells == row.cells


@pytest.mark.parametrize(
    "row", [b"stoby;Stobyskolan;0451\n", b'"stoby";"Stoby, skolan";"0451"\r\n', b'a;"never closed;\n', b"a\n"]
)
@pytest.mark.parametrize("start", [b"code;name;phone\n", b'code;name;phone\na;"never closed\n'])
def test_many_rows_take_no_more_memory_than_few(start: bytes, row: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"

    def most_memory(times: int) -> tuple[int, int]:
        path.write_bytes(start + row * times)
        with path.open("rb") as file:
            tracemalloc.start()
            seen = sum(1 for _ in Table(file, COLUMNS))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak, seen

    most_memory(10)  # what is set up once
    few, _ = most_memory(300)
    many, seen = most_memory(20_000)
    assert seen == 20_000 + start.count(b"never")
    assert many < few + 100_000
