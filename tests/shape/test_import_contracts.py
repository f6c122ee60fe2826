"""Imports run one way: the contracts in pyproject.toml are complete, and each is broken by what it forbids."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests import figures

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="session")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rooms as empty packages, under our own contracts."""
    root = tmp_path_factory.mktemp("house")
    rooms = [path.name for path in (ROOT / "samsyn").iterdir() if (path / "__init__.py").exists()]
    for place in [root / "samsyn", *(root / "samsyn" / room for room in rooms)]:
        place.mkdir()
        (place / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Judge a tree by the contracts that lie in it."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    env = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def test_the_house_itself_keeps_every_contract() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    # The contract "No two siblings import each other" is kept, or the line above would have failed.
    figures.tell("one-way", cycles=0)


def test_empty_rooms_keep_every_contract(small_house: Path) -> None:
    done = lint_imports(small_house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("where", "line", "broken"),
    [
        ("trail/models.py", "import samsyn.sharing", "Rooms import only the rooms below them"),
        ("desk/pages.py", "import samsyn.public", "Rooms import only the rooms below them"),
        ("journal/__init__.py", "", "Rooms import only the rooms below them"),
        ("plans/rules.py", "import django.db", "Rules reach neither Django nor the database"),
        ("plans/models.py", "import samsyn.plans.actions", "Inside a room"),
        ("plans/rules.py", "import samsyn.plans.models", "Inside a room"),
    ],
)
def test_a_wrong_import_breaks_the_contract(
    small_house: Path, tmp_path: Path, where: str, line: str, broken: str
) -> None:
    root = tmp_path / "house"
    shutil.copytree(small_house, root)
    room = (root / "samsyn" / where).parent
    room.mkdir(exist_ok=True)
    for name in ("__init__", "actions", "models"):
        (room / f"{name}.py").touch()
    (root / "samsyn" / where).write_text(line + "\n")
    done = lint_imports(root)
    assert done.returncode == 1
    assert re.search(rf"^{re.escape(broken)}.*BROKEN", done.stdout, flags=re.MULTILINE), done.stdout


def test_every_room_stands_in_the_contract_once() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    named = [room.strip() for layer in contracts[0]["layers"] for room in layer.split("|")]
    rooms = {path.name for path in (ROOT / "samsyn").iterdir() if (path / "__init__.py").exists()}
    assert sorted(named) == sorted(rooms)
