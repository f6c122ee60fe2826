"""Rows: what is refused, how versions follow each other, and that every row can be read by those it concerns."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import samsyn.law
from samsyn import law
from samsyn.law import register
from samsyn.law.apps import LawConfig
from samsyn.law.reading import read_folder

ROWS = [row for versions in law.load().values() for row in versions]
STATUTES = Path(__file__).parents[4] / "shared" / "data" / "statutes"
STATUTE_FILES = {
    "SoL": "sol-2025-400.txt",
    "OSL": "osl-2009-400.txt",
    "FB": "fb-6-kap.txt",
    "FL": "fl-2017-900.txt",
    "HSL": "hsl-2017-30.txt",
    "PDL": "pdl-2008-355.txt",
    "LUS": "sfs-2017-612.md",
    "SVOD": "sfs-2022-913.md",
    "BU": "sfs-2025-170.md",
    "SoF": "sfs-2025-468.md",
    "SoLPuL": "sfs-2001-454.md",
}
LONGEST_LIX = 45
GOOD = {
    "id": '"some_clock"',
    "kind": '"clock"',
    "value": "14",
    "unit": '"calendar_days"',
    "counted_from": '"report_came_in"',
    "effect": '"act"',
    "valid_from": "2025-07-01",
    "paragraph": '"SoL 20:2"',
    "source": '"SoL"',
    "verified": "true",
    "statutory": "true",
    "quote": '"inom fjorton dagar"',
    "sv": '"Inom 14 dagar."',
    "en": '"Within 14 days."',
}
GATE = {
    **{key: GOOD[key] for key in ("valid_from", "paragraph", "source", "verified", "statutory", "quote", "sv", "en")},
    "id": '"some_gate"',
    "kind": '"gate"',
    "senders": '["school"]',
    "receivers": '["police"]',
    "within": '"apart"',
    "serves": '"help"',
    "record": '["reason"]',
    "confirm_sv": '"Ja."',
    "confirm_en": '"Yes."',
}
GOOD_LABEL = {
    key: GOOD[key] for key in ("id", "valid_from", "paragraph", "source", "verified", "statutory", "quote", "sv", "en")
}
LABEL = {**GOOD_LABEL, "kind": '"label"'}
AGE = {**GOOD_LABEL, "kind": '"age"', "value": "15", "unit": '"age_years"', "counted_from": '"birth"', "test": '"from"'}
KEPT = {**GOOD_LABEL, "kind": '"retention"', "value": "5", "unit": '"years"', "counted_from": '"last_note"'}


def write(folder: Path, *rows: dict[str, str], name: str = "rows.toml") -> Path:
    tables = ["[[row]]\n" + "\n".join(f"{key} = {value}" for key, value in row.items() if value) for row in rows]
    (folder / name).write_text("\n\n".join(tables) + "\n", encoding="utf-8")
    return folder


ONE_DAY = {**GOOD, "valid_until": GOOD["valid_from"]}


@pytest.mark.parametrize("row", [GOOD, GATE, LABEL, AGE, KEPT, ONE_DAY, {**KEPT, "born_on_days": "[1, 31]"}])
def test_a_good_row_is_read(tmp_path: Path, row: dict[str, str]) -> None:
    assert len(read_folder(write(tmp_path, row))) == 1


@pytest.mark.parametrize(
    ("base", "changed", "reason"),
    [
        (GOOD, {"paragraph": ""}, "'paragraph' is missing"),
        (GOOD, {"paragraph": '"  "'}, "'paragraph' must be a text with something in it"),
        (GOOD, {"sv": ""}, "'sv' is missing"),
        (GOOD, {"en": '""'}, "'en' must be a text"),
        (GOOD, {"source": ""}, "'source' is missing"),
        (GOOD, {"unit": '"fortnights"'}, "unknown unit 'fortnights'"),
        (GOOD, {"unit": '"kronor"'}, "a clock is not measured in kronor"),
        (GOOD, {"kind": '"wish"'}, "unknown kind 'wish'"),
        (GOOD, {"kind": ""}, "unknown kind None"),
        (GOOD, {"effect": ""}, "'effect' is missing"),
        (GOOD, {"effect": '"maybe"'}, "unknown effect 'maybe'"),
        (GOOD, {"value": ""}, "'value' is missing"),
        (GOOD, {"value": "0"}, "'value' must be a whole number from 1 up"),
        (GOOD, {"value": "true"}, "'value' must be a whole number"),
        (GOOD, {"value": "1.5"}, "'value' must be a whole number"),
        (GOOD, {"unit": '"at_once"'}, "'value' has no place here"),
        (GOOD, {"verified": '"yes"'}, "'verified' must be true or false"),
        (GOOD, {"quote": ""}, "'verified' needs a 'quote'"),
        (GOOD, {"statutory": "false"}, "an agreement cannot be verified as text of law"),
        (GOOD, {"valid_from": '"2025-07-01"'}, "'valid_from' must be a date"),
        (GOOD, {"valid_from": "2025-07-01T00:00:00"}, "'valid_from' must be a date"),
        (GOOD, {"valid_until": "2025-06-30"}, "'valid_until' lies before 'valid_from'"),
        (GOOD, {"days": "14"}, "'days' is not a field of a clock"),
        (GOOD, {"id": '"Some Clock"'}, "'id' must be written in small letters"),
        (GOOD, {"counted_from": ""}, "'counted_from' is missing"),
        (GOOD, {"later_in_the_day": "{ after = 12, value = 4 }"}, "must be a table with a time of day"),
        (GOOD, {"unit": '"months"', "later_in_the_day": "{ after = 12:00:00, value = 4 }"}, "is for calendar days"),
        (GATE, {"senders": '["choir"]'}, "unknown sphere 'choir'"),
        (GATE, {"senders": "[]"}, "'senders' must be a list with something in it"),
        (GATE, {"senders": '["school", "school"]'}, "names the same thing twice"),
        (GATE, {"record": '["weather"]'}, "unknown thing to record 'weather'"),
        (GATE, {"record": ""}, "'record' is missing"),
        (GATE, {"confirm_sv": ""}, "a gate needs what the sender confirms"),
        (GATE, {"within": '"town"'}, "unknown nearness 'town'"),
        (LABEL, {"sphere": '"school"'}, "'sphere' and 'strength' belong together"),
        (AGE, {"from_day": '"02-30"'}, "'from_day' day is out of range"),
        (AGE, {"from_day": '"August"'}, "'from_day' must be a month and a day"),
        (AGE, {"unit": '"years"'}, "an? age is not measured in years"),
        (KEPT, {"unit": '"for_ever"'}, "'value' has no place here"),
        (KEPT, {"born_on_days": "[5, 32]"}, "'born_on_days' are days of a month"),
    ],
)
def test_a_bad_row_is_refused_with_file_row_and_reason(
    tmp_path: Path, base: dict[str, str], changed: dict[str, str], reason: str
) -> None:
    row = {**base, **changed}
    with pytest.raises(law.LawError, match=reason) as refused:
        read_folder(write(tmp_path, row))
    named = row["id"].strip('"')
    assert (refused.value.file, refused.value.row) == ("rows.toml", named)
    assert str(refused.value).startswith(f"rows.toml, row {named}: ")


OLD = {**GOOD, "valid_until": "2025-12-31"}
NEW = {**GOOD, "valid_from": "2026-01-01", "value": "10"}


def test_a_new_version_follows_the_old_one_from_the_next_day(tmp_path: Path) -> None:
    write(tmp_path, NEW, name="a.toml")
    versions = read_folder(write(tmp_path, OLD, name="b.toml"))
    assert [row.value for row in versions["some_clock"]] == [14, 10]


@pytest.mark.parametrize(
    ("earlier", "later", "reason"),
    [
        (OLD, {**NEW, "valid_from": "2025-12-31"}, "overlaps the one from 2025-07-01 in a.toml"),
        (GOOD, NEW, "overlaps"),
        (GOOD, GOOD, "overlaps"),
        (OLD, {**NEW, "valid_from": "2026-01-02"}, "gap: nothing holds between 2025-12-31 and 2026-01-02"),
        (OLD, {**LABEL, "valid_from": "2026-01-01"}, "is a label, but an earlier version in a.toml is a clock"),
    ],
)
def test_versions_that_overlap_leave_a_gap_or_change_kind_are_refused(
    tmp_path: Path, earlier: dict[str, str], later: dict[str, str], reason: str
) -> None:
    write(tmp_path, earlier, name="a.toml")
    with pytest.raises(law.LawError, match=reason) as refused:
        read_folder(write(tmp_path, later, name="b.toml"))
    assert (refused.value.file, refused.value.row) == ("b.toml", "some_clock")


@pytest.mark.parametrize(
    ("content", "reason"), [("[[row]\n", "is not TOML"), ("name = 1\n", "must hold"), ("row = [1]\n", "must hold")]
)
def test_a_file_that_holds_no_rows_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "rows.toml").write_text(content, encoding="utf-8")
    with pytest.raises(law.LawError, match=reason):
        read_folder(tmp_path)


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawError, match="no row of law was found"):
        read_folder(tmp_path)


def test_a_register_that_does_not_say_which_eves_are_holidays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawError, match="which eves count as holidays"):
        register.read(write(tmp_path, GOOD))


def test_a_roll_over_row_that_names_no_eve_is_refused(tmp_path: Path) -> None:
    with pytest.raises(law.LawError, match="which eves count as holidays"):
        register.read(write(tmp_path, {**LABEL, "id": '"roll_over"'}))


def test_a_gate_with_an_unreadable_bar_is_refused(tmp_path: Path) -> None:
    roll_over = {**LABEL, "id": '"roll_over"', "eves_of": '["Juldagen"]'}
    with pytest.raises(law.LawError, match="'never_for' cannot be read"):
        register.read(write(tmp_path, roll_over, {**GATE, "never_for": '["OSL 25"]'}))


def test_start_up_stops_on_a_bad_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in register.FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    config = LawConfig("samsyn.law", samsyn.law)
    monkeypatch.setattr(register, "FOLDER", tmp_path)
    law.load.cache_clear()
    try:
        config.ready()
        (tmp_path / "zz.toml").write_text('[[row]]\nid = "half"\n', encoding="utf-8")
        law.load.cache_clear()
        with pytest.raises(law.LawError, match=r"zz\.toml, row half: unknown kind None"):
            config.ready()
    finally:
        monkeypatch.undo()
        law.load.cache_clear()


def test_the_law_of_a_day_is_the_version_in_force_on_it() -> None:
    assert law.on(date(2025, 6, 30)).row("preliminary_assessment").paragraph == "SoL 2001:453 11:1 a"
    assert law.on(date(2025, 7, 1)).row("preliminary_assessment").paragraph == "SoL 20:2"
    with pytest.raises(law.NoSuchRule, match="'follow_up'"):
        law.on(date(2025, 6, 30)).row("follow_up")
    with pytest.raises(law.NoSuchRule):
        law.on(date(2026, 1, 1)).row("no_such_row")


def test_every_row_in_force_can_be_listed_by_kind_or_all_together() -> None:
    today = law.on(date(2026, 11, 1))
    by_kind = [row for kind in law.Kind for row in today.rows(kind)]
    assert sorted(row.id for row in by_kind) == sorted(row.id for row in today.rows())
    assert len({row.id for row in by_kind}) == len(by_kind) > 100


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2019, 6, 1), 7800),
        (date(2020, 12, 31), 8200),
        (date(2021, 1, 1), None),
        (date(2022, 1, 1), 9300),
        (date(2026, 11, 1), None),
    ],
)
def test_the_payment_of_a_care_day_is_looked_up_by_date_and_unknown_is_not_zero(day: date, amount: int | None) -> None:
    assert law.on(day).amount("care_day_amount") == amount
    assert law.on(date(2026, 11, 1)).amount("look_up_limit") == 20


@pytest.mark.parametrize(("wrong", "asked"), [("child", "amount"), ("both_guardians", "age"), ("look_up_limit", "age")])
def test_a_row_of_another_kind_is_not_taken_for_the_one_asked_for(wrong: str, asked: str) -> None:
    with pytest.raises(law.NoSuchRule):
        getattr(law.on(date(2026, 11, 1)), asked)(wrong)


def test_keeping_has_an_end_or_none() -> None:
    today = law.on(date(2026, 11, 1))
    assert today.kept_until("report_not_opened", date(2026, 3, 2)) == date(2031, 3, 2)
    assert today.kept_until("child_protection_file", date(2018, 2, 14)) == date(2048, 2, 14)
    assert today.kept_until("draft_kept", date(2026, 11, 1)) == date(2026, 12, 1)
    assert today.kept_until("placement_file", date(2026, 3, 2)) is None
    with pytest.raises(law.NoSuchRule):
        today.kept_until("investigation", date(2026, 3, 2))


ANSWERS = [
    ("own_party", date(2011, 11, 2), False),
    ("own_party", date(2011, 11, 1), True),
    ("guardian_only_below", date(2014, 11, 2), True),
    ("guardian_only_below", date(2014, 11, 1), False),
    ("child", date(2008, 11, 2), True),
    ("child", date(2008, 11, 1), False),
    ("guardian_reads_until", date(2013, 11, 2), True),
    ("guardian_reads_until", date(2013, 11, 1), False),
    ("named_person_school_from", date(2020, 12, 31), True),
    ("named_person_school_from", date(2021, 1, 1), False),
    ("kaa_until", date(2006, 11, 2), True),
    ("kaa_until", date(2006, 11, 1), False),
]


@pytest.mark.parametrize(("rule", "birth_date", "applies"), ANSWERS)
def test_ages_change_on_the_birthday(rule: str, birth_date: date, applies: bool) -> None:
    assert law.on(date(2026, 11, 1)).age_applies(rule, birth_date) is applies
    assert law.on(date(2026, 1, 1)).age_applies(rule, birth_date, date(2026, 11, 1)) is applies


def test_one_born_on_leap_day_turns_15_on_28_february() -> None:
    assert law.on(date(2026, 11, 1)).turning_day("own_party", date(2012, 2, 29)) == date(2027, 2, 28)


PROMISED = {
    "acknowledge_signal": (2, "working_days"),
    "talk_with_family": (5, "working_days"),
    "decision_after_signal": (14, "calendar_days"),
    "answer_request": (10, "working_days"),
    "first_team_meeting": (20, "working_days"),
    "plan_after_team_meeting": (28, "calendar_days"),
    "first_review": (42, "calendar_days"),
    "later_review": (84, "calendar_days"),
    "answer_handover": (5, "working_days"),
    "contact_after_handover": (14, "calendar_days"),
    "recheck_withheld_notice": (14, "calendar_days"),
    "consent_longest": (12, "months"),
    "look_up_limit": (20, "times_per_hour"),
    "emergency_share_goal": (1, "per_cent"),
    "children_opened_limit": (40, "times_per_hour"),
    "draft_kept": (30, "calendar_days"),
    "own_party": (15, "age_years"),
    "without_guardian_unassessed": (15, "age_years"),
    "guardian_only_below": (12, "age_years"),
    "child": (18, "age_years"),
    "guardian_reads_until": (12, "age_years"),
    "young_person_reads_from": (16, "age_years"),
    "named_person_until": (18, "age_years"),
    "named_person_school_from": (6, "age_years"),
    "kaa_until": (20, "age_years"),
    "investigation": (4, "months"),
    "follow_up": (6, "months"),
    "admission_notice": (24, "elapsed_hours"),
    "discharge_plan_call": (3, "calendar_days"),
    "report_of_concern": (None, "at_once"),
}


@pytest.mark.parametrize("row_id", PROMISED)
def test_the_rows_that_other_rooms_build_on_are_there(row_id: str) -> None:
    row = law.on(date(2026, 11, 1)).row(row_id)
    assert (row.value, row.unit) == PROMISED[row_id]


def lix(text: str) -> float:
    """Words a sentence plus the share of words longer than six letters, in per cent."""
    words = re.findall(r"[^\W_]+(?:-[^\W_]+)*", text)
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id}-{row.valid_from}")
def test_every_swedish_sentence_can_be_read(row: law.Row) -> None:
    texts = [row.sentence("sv")] + ([row.confirm_sv] if isinstance(row, law.Gate) and row.confirm_sv else [])
    assert all(text.endswith(".") for text in [*texts, row.sentence("en")])
    assert [text for text in texts if lix(text) > LONGEST_LIX] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.verified], ids=lambda row: f"{row.id}-{row.valid_from}")
def test_what_is_called_verified_stands_in_the_text_of_the_law(row: law.Row) -> None:
    if not STATUTES.is_dir():
        pytest.skip("The texts of the laws lie beside the project only where it is built; they are not part of it.")
    laws = {part.split()[0] for part in row.paragraph.split("; ")}
    texts = [(STATUTES / STATUTE_FILES[name]).read_text(encoding="utf-8") for name in laws]
    plain = [" ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).split()) for text in texts]
    assert any(row.quote in text for text in plain)
