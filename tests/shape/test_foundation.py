"""What the house is made of holds: locks, committed files, the licence and the list of commands."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from samsyn.site.second_lock.install import FUNCTIONS
from tests.shape.dev_command import LOCKS, ROOT, load_dev
from tests.shape.house import modules

MADE_HERE = {
    ".git", ".venv", "build", "var", "node_modules", "__pycache__", "samsyn.egg-info",
    ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache",
}  # fmt: skip


def committed_files() -> Iterator[Path]:
    """Every file of the tree that is not made by a tool on this machine."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in MADE_HERE]
        yield from (Path(folder) / name for name in names)


# --- locks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_host_and_hashes_every_package(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)
    entries = [line for line in text.replace("\\\n", " ").splitlines() if re.match(r"[a-z0-9].*==", line)]
    assert entries
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_each_asked_for_list_has_its_lock() -> None:
    asked = {path.stem for path in ROOT.glob("requirements*.in")}
    assert asked == {Path(name).stem for name in LOCKS}
    assert asked == {"requirements", "requirements-dev", "requirements-bootstrap", "requirements-assets"}


def test_what_is_tested_is_what_is_installed() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][a-z0-9._-]*==\S+)", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_the_npm_lock_names_no_host_and_hashes_every_package() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {place: entry for place, entry in packages.items() if place}
    assert fetched
    assert [place for place, entry in fetched.items() if "resolved" in entry] == []
    assert [place for place, entry in fetched.items() if not entry["integrity"].startswith("sha512-")] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_each_asset_that_is_copied_is_locked() -> None:
    dev = load_dev()
    assert set(dev.locked_assets()) == {*dev.ASSET_SOURCES, *dev.ASSET_PARTS}


# --- committed files -------------------------------------------------------------------------------------------------


def test_no_file_of_others_is_committed() -> None:
    locked = set(load_dev().locked_assets().values())
    endings = (".woff", ".woff2", ".ttf", ".otf", ".min.js", ".min.css", ".whl", ".jar", ".map")
    found = [
        str(path.relative_to(ROOT))
        for path in committed_files()
        if path.name.endswith(endings) or hashlib.sha256(path.read_bytes()).hexdigest() in locked
    ]
    assert found == []


def test_git_leaves_out_what_is_made_here() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for name in (".venv", "var/", "build/", "node_modules", "*.mo"):
        assert name in ignored


def test_the_licence_is_named_alike_everywhere() -> None:
    for name in ("LICENSE", "pyproject.toml", "package.json", "publiccode.yml"):
        assert "EUPL-1.2" in (ROOT / name).read_text(encoding="utf-8")


def test_every_command_of_dev_is_told_to_readers() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())
    assert [name for name in load_dev().COMMANDS if f"./dev {name}" not in told] == []


def test_a_newcomer_reads_the_rooms_in_the_order_that_is_kept() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (rooms,) = (one["layers"] for one in contracts["contracts"] if one["id"] == "rooms")
    told = " > ".join(layer.replace(" | ", " · ") for layer in rooms)
    assert told in (ROOT / "docs" / "first-hour.md").read_text(encoding="utf-8").splitlines()


def test_no_two_checks_at_the_start_have_the_same_number() -> None:
    found = re.findall(r'id="(samsyn\.[EW]\d+)"', "".join(path.read_text(encoding="utf-8") for path in modules()))
    assert len(found) > 20
    assert sorted(set(found)) == sorted(found)


def test_every_function_of_the_second_lock_is_asked_by_something() -> None:
    written = FUNCTIONS.read_text(encoding="utf-8")
    asking = written + "".join(path.read_text(encoding="utf-8") for path in modules())
    names = re.findall(r"FUNCTION second_lock\.(\w+)\(", written)
    assert [name for name in names if len(re.findall(rf"second_lock\.{name}\(", asking)) < 2] == []
    assert len(names) > 20
