"""Leaked passwords: found in a file of any length by looking at few lines, and a file that is none is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from samsyn.people import leaked
from samsyn.people.leaked import NotLeaked, NotSuchAFile, has_leaked, must_be_readable
from samsyn.site.checks import leaked_passwords_are_known

WORDS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), max_size=60, unique=True)


def line_of(word: str, after: str = "") -> str:
    """The line of a password."""
    return hashlib.sha1(word.encode()).hexdigest().upper() + after


def written(path: Path, words: list[str], *, end: str = "\r\n", counted: bool = True) -> Path:
    """An ordered file of these passwords."""
    lines = sorted(line_of(word, f":{turn * 997}" if counted else "") for turn, word in enumerate(words))
    path.write_bytes(end.join(lines).encode() + (end.encode() if lines else b""))
    return path


@given(words=WORDS, others=WORDS, end=st.sampled_from(["\n", "\r\n"]), counted=st.booleans())
def test_exactly_what_the_file_holds_is_found(
    tmp_path_factory: Any, words: list[str], others: list[str], end: str, counted: bool
) -> None:
    file = written(tmp_path_factory.getbasetemp() / "leaked.txt", words, end=end, counted=counted)
    assert all(has_leaked(word, file) for word in words)
    assert not any(has_leaked(word, file) for word in others if word not in words)


def test_a_long_file_is_asked_few_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "leaked.txt", [f"word {turn}" for turn in range(50_000)])
    asked: list[int] = []
    find = leaked._hash_at

    def counted(opened: BinaryIO, place: int) -> bytes:
        asked.append(place)
        return find(opened, place)

    monkeypatch.setattr(leaked, "_hash_at", counted)
    assert has_leaked("word 777", file)
    assert not has_leaked("another word", file)
    assert len(asked) < 60


def test_small_letters_are_found_too(tmp_path: Path) -> None:
    file = tmp_path / "leaked.txt"
    file.write_text(written(tmp_path / "large.txt", ["one", "two", "three"]).read_text().lower())
    must_be_readable(file)
    assert has_leaked("two", file)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "40 hexadecimal"),
        ("password\n123456\n", "40 hexadecimal"),
        (f"{line_of('a')}\n{'g' * 40}\n", "40 hexadecimal"),
        ("".join(f"{line}\n" for line in sorted((line_of(str(n)) for n in range(99)), reverse=True)), "not ordered"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "leaked.txt"
    file.write_text(text)
    with pytest.raises(NotSuchAFile, match=says):
        must_be_readable(file)
    with pytest.raises(NotSuchAFile, match="cannot be read"):
        must_be_readable(tmp_path / "missing.txt")


def test_no_password_is_set_while_the_file_has_gone(settings: Settings, tmp_path: Path) -> None:
    settings.SAMSYN_LEAKED_PASSWORDS_FILE = str(tmp_path / "gone.txt")
    with pytest.raises(OSError, match=r"gone\.txt"):
        NotLeaked().validate("anything at all")
    settings.SAMSYN_LEAKED_PASSWORDS_FILE = str(written(tmp_path / "leaked.txt", ["anything at all"]))
    with pytest.raises(ValidationError):
        NotLeaked().validate("anything at all")


def test_production_that_takes_passwords_starts_only_with_a_list_of_leaked_ones(
    settings: Settings, tmp_path: Path
) -> None:
    def told() -> set[str | None]:
        return {one.id for one in leaked_passwords_are_known(None)}

    settings.SAMSYN_MODE, settings.SAMSYN_PASSWORDS = "production", True
    assert told() == {"samsyn.E027"}
    settings.SAMSYN_PASSWORDS = False
    assert told() == set()
    settings.SAMSYN_LEAKED_PASSWORDS_FILE = str(tmp_path / "missing.txt")
    assert told() == {"samsyn.E026"}
    settings.SAMSYN_PASSWORDS = True
    settings.SAMSYN_LEAKED_PASSWORDS_FILE = str(written(tmp_path / "leaked.txt", ["one", "two"]))
    assert told() == set()
