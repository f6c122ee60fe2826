"""docs/law.md is the register and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from samsyn import law
from samsyn.law.export import as_markdown

ROOT = Path(__file__).parents[3]


def test_the_page_of_the_law_is_current() -> None:
    assert (ROOT / "docs" / "law.md").read_text(encoding="utf-8") == as_markdown(), (
        "Run: python -m samsyn.law > docs/law.md"
    )


def test_the_command_prints_the_page() -> None:
    printed = subprocess.run([sys.executable, "-m", "samsyn.law"], cwd=ROOT, capture_output=True, check=True)
    assert printed.stdout.decode("utf-8") == as_markdown()


def test_every_row_stands_on_the_page_with_both_sentences_and_what_to_check() -> None:
    lines = as_markdown().splitlines()
    for row in (row for versions in law.load().values() for row in versions):
        (line,) = [line for line in lines if line.startswith(f"| `{row.id}` |") and f"| {row.valid_from} –" in line]
        assert row.sentence_sv in line
        assert row.sentence_en in line
        assert row.paragraph in line
        assert ("**kontrollera**" in line) is (row.statutory and not row.verified)
        assert len(line.replace("\\|", "").split("|")) == 9


def test_the_room_tells_what_it_is_in_thirty_lines() -> None:
    assert len((ROOT / "samsyn" / "law" / "README.md").read_text(encoding="utf-8").splitlines()) <= 30
