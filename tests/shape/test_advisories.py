"""Known faults of libraries: found by a list that is fetched, counted in days, and a list that is old says nothing."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from samsyn.common import clock
from samsyn.site import advisories
from samsyn.site.command import main

PACKAGE_LOCK = Path(__file__).parents[2] / "package-lock.json"
DAY = date(2026, 11, 20)


def advisory(name: str = "Django", *, ecosystem: str = "PyPI", day: date = DAY, **more: Any) -> dict[str, Any]:
    """An advisory about every version before 9999, unless ``events`` or ``versions`` say otherwise."""
    events = more.pop("events", [{"introduced": "0"}, {"fixed": "9999"}])
    severity = more.pop("severity", "MODERATE")
    affected = {
        "package": {"ecosystem": ecosystem, "name": name},
        "versions": more.pop("versions", []),
        "ranges": [{"type": "ECOSYSTEM", "events": events}],
    }
    return {
        "id": "GHSA-0000",
        "published": f"{day}T08:00:00Z",
        "modified": f"{day}T08:00:00Z",
        "affected": [affected],
        "database_specific": {"severity": severity},
        **more,
    }


def found(*known: dict[str, Any], there: str = "5.2.4") -> list[tuple[str, date]]:
    """The faults of a house that has this version of Django and another library."""
    have = {("PyPI", "django"): there, ("PyPI", "some-library"): "1.0", ("npm", "htmx.org"): "2.0.1"}
    return [(one.library, one.replace_by) for one in advisories.faults(known, have)]


@pytest.mark.parametrize(
    ("events", "is_there"),
    [
        ([{"introduced": "5.2"}, {"fixed": "5.2.5"}], True),
        ([{"introduced": "5.2"}, {"fixed": "5.2.4"}], False),
        ([{"introduced": "5.2.5"}], False),
        ([{"introduced": "0"}, {"last_affected": "5.2.4"}], True),
        ([{"introduced": "0"}, {"last_affected": "5.2.3"}], False),
        ([{"introduced": "0"}, {"fixed": "4.2"}, {"introduced": "5.0"}, {"fixed": "5.2.10"}], True),
        ([{"introduced": "5.0"}, {"fixed": "5.2.10"}, {"introduced": "0"}, {"fixed": "4.2"}], True),
        ([{"introduced": "no version at all"}], True),
    ],
)
def test_a_version_is_compared_as_a_version(events: list[dict[str, str]], is_there: bool) -> None:
    assert bool(found(advisory(events=events))) is is_there


def test_a_name_is_found_however_it_is_written_and_in_its_own_ecosystem() -> None:
    assert found(advisory("Some_Library"))
    assert found(advisory("htmx.org", ecosystem="npm"))
    assert not found(advisory("htmx.org"))
    assert not found(advisory("another-library"))
    assert found(advisory(events=[], versions=["5.2.4"]))
    assert not found(advisory(withdrawn="2026-11-19T00:00:00Z"))


@pytest.mark.parametrize(("severity", "days"), [("CRITICAL", 3), ("HIGH", 3), ("MODERATE", 14), ("LOW", 90), ("", 3)])
def test_each_severity_has_its_days(severity: str, days: int) -> None:
    assert found(advisory(severity=severity)) == [("django", DAY + timedelta(days=days))]


def told(path: Path, *known: dict[str, Any]) -> str:
    """A zip of these advisories."""
    with zipfile.ZipFile(path, "w") as packed:
        for turn, one in enumerate(known):
            packed.writestr(f"{turn}.json", json.dumps(one))
    return str(path)


def test_the_command_fails_for_what_should_have_been_replaced_and_for_an_old_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today = clock.today()
    harmless = advisory("no-such-library", day=today)
    late = advisory(day=today - timedelta(days=15))
    assert main(["check-libraries", told(tmp_path / "a.zip", harmless), "--package-lock", str(PACKAGE_LOCK)]) == 0
    assert main(["check-libraries", told(tmp_path / "b.zip", harmless, advisory(day=today))]) == 0
    assert "TOO LATE" not in capsys.readouterr().out
    assert main(["check-libraries", told(tmp_path / "c.zip", harmless, late)]) == 1
    assert f"django {version('Django')}: GHSA-0000, replace by {today - timedelta(days=1)}  TOO LATE" in (
        capsys.readouterr().out
    )
    old = advisory("no-such-library", day=today - timedelta(days=8))
    assert main(["check-libraries", told(tmp_path / "d.zip", old)]) == 1
    assert "older than 7 days" in capsys.readouterr().err


def test_a_list_that_cannot_be_read_is_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.zip").write_text("no zip")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "no.zip", tmp_path / "folder", tmp_path / "missing.zip"):
        assert main(["check-libraries", str(path)]) == 1
    assert capsys.readouterr().err.count("\n") == 3


def test_every_locked_library_that_runs_is_looked_up() -> None:
    there = advisories.installed(PACKAGE_LOCK)
    assert {("PyPI", "django"), ("PyPI", "django-allauth"), ("PyPI", "cryptography"), ("PyPI", "granian")} <= set(there)
    assert any(ecosystem == "npm" for ecosystem, _ in there)


def test_the_days_are_those_that_are_promised() -> None:
    page = (PACKAGE_LOCK.parent / "docs" / "running.md").read_text(encoding="utf-8")
    for days in {*advisories.DAYS.values(), advisories.UNTOLD}:
        assert f"{days} days" in page
