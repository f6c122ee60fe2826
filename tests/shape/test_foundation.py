"""The foundation holds: locks, set-up sentences, committed files and the direction of imports."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
MADE_HERE = {
    ".git", ".venv", "build", "var", "node_modules", "__pycache__", "samsyn.egg-info",
    ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache",
}  # fmt: skip
NEEDED_TO_SET_UP = ["dev", "assets.sha256", "package.json", "package-lock.json", ".npmrc", *LOCKS]
NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nobody answers there


def committed_files() -> Iterator[Path]:
    """Every file of the tree that is not made by a tool on this machine."""
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in MADE_HERE]
        yield from (Path(folder) / name for name in names)


def load_dev() -> ModuleType:
    """./dev as a module, without running it."""
    loader = SourceFileLoader("samsyn_dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("samsyn_dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def run_dev(
    folder: Path, *arguments: str, env: dict[str, str] | None = None, start: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ./dev of ``folder`` in a subprocess; ``start`` is Python that runs before it, in the same process."""
    script = folder / "dev"
    command = [sys.executable, str(script), *arguments]
    if start:
        program = f"import runpy, sys\n{start}\nsys.argv = {[str(script), *arguments]!r}\n"
        command = [sys.executable, "-c", program + f"runpy.run_path({str(script)!r}, run_name='__main__')"]
    return subprocess.run(command, env=env or dict(os.environ), capture_output=True, text=True, check=False)


def one_sentence(said: str) -> str:
    """What was said, after seeing that it is one line that ends as a sentence does, and no traceback."""
    lines = said.strip().splitlines()
    assert len(lines) == 1, said
    assert lines[0].endswith((".", ")")), said
    return lines[0]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A tree in which nothing has been set up yet."""
    for name in NEEDED_TO_SET_UP:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


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
    assert set(dev.locked_assets()) == set(dev.ASSET_SOURCES)


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
    for name in (".venv/", "var/", "build/", "node_modules/", "*.mo"):
        assert name in ignored


def test_the_licence_is_named_alike_everywhere() -> None:
    for name in ("LICENSE", "pyproject.toml", "package.json", "publiccode.yml"):
        assert "EUPL-1.2" in (ROOT / name).read_text(encoding="utf-8")


def test_every_command_of_dev_is_told_to_readers() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages if page.exists())
    assert [name for name in load_dev().COMMANDS if f"./dev {name}" not in told] == []


# --- set-up sentences ------------------------------------------------------------------------------------------------


def test_dev_can_be_read_by_an_old_python() -> None:
    ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_dev_needs_nothing_but_python_itself() -> None:
    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"))
    named = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= sys.stdlib_module_names


def test_a_python_that_is_too_old_gets_a_sentence() -> None:
    done = run_dev(ROOT, "demo", start="sys.version_info = (3, 9, 2, 'final', 0)")
    assert done.returncode == 1
    sentence = one_sentence(done.stderr)
    assert "3.11 or newer" in sentence
    assert "Python 3.9" in sentence


@pytest.mark.parametrize("module", ["ensurepip", "venv"])
def test_a_python_without_venv_gets_a_sentence(module: str, bare: Path) -> None:
    (bare / f"{module}.py").write_text("raise ImportError\n")
    done = run_dev(bare, "check", start=f"sys.path.insert(0, {str(bare)!r})")
    assert done.returncode == 1
    assert "python3-venv" in one_sentence(done.stderr)
    assert not (bare / ".venv").exists()


def test_no_reachable_package_source_gets_a_sentence(bare: Path) -> None:
    unreachable = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": NOWHERE,
        "PIP_FIND_LINKS": "",
        "PIP_NO_CACHE_DIR": "1",
        "UV_DEFAULT_INDEX": NOWHERE,
    }
    done = run_dev(bare, "demo", "--port", str(free_port()), env={**os.environ, **unreachable})
    assert done.returncode == 1
    assert "no package source was reachable" in one_sentence(done.stderr)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_gets_a_sentence_before_anything_is_made(bare: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_dev(bare, "demo", "--port", str(port))
    assert done.returncode == 1
    sentence = one_sentence(done.stderr)
    assert f"Port {port} is taken" in sentence
    assert "--port" in sentence
    assert not (bare / ".venv").exists()


def test_a_command_that_dev_does_not_know_gets_a_sentence() -> None:
    done = run_dev(ROOT, "dance")
    assert done.returncode == 1
    assert "./dev help" in one_sentence(done.stderr)


def test_help_lists_every_command() -> None:
    done = run_dev(ROOT, "help")
    assert done.returncode == 0
    for name in load_dev().COMMANDS:
        assert f"./dev {name}" in done.stdout


# --- dev's own parts -------------------------------------------------------------------------------------------------


def test_the_demo_keeps_its_secrets_and_shows_them_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dev = load_dev()
    monkeypatch.setattr(dev, "VAR", tmp_path / "var")
    first, second = dev.demo_environment(), dev.demo_environment()
    assert (tmp_path / "var" / "demo.env").stat().st_mode & 0o777 == 0o600
    for name in ("SAMSYN_SECRET_KEY", "SAMSYN_FIELD_KEYS"):
        assert len(first[name]) > 40
        assert first[name] == second[name]
    assert first["SAMSYN_MODE"] == "demo"


def test_demo_after_test_takes_no_package_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dev = load_dev()
    synced: list[str] = []
    for name in LOCKS:
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", Path(sys.executable))

    def sync(lock: str) -> tuple[bool, str]:
        synced.append(lock)
        return True, ""

    monkeypatch.setattr(dev, "uv_sync", sync)
    dev.install_packages(dev=True)
    dev.install_packages(dev=False)
    assert synced == ["requirements-dev.lock"]
    (tmp_path / "requirements-dev.lock").write_text("newer")
    dev.install_packages(dev=False)
    assert synced == ["requirements-dev.lock", "requirements-dev.lock"]


def test_an_asset_that_is_not_the_locked_one_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dev = load_dev()
    (tmp_path / "assets.sha256").write_text(f"{hashlib.sha256(b'right').hexdigest()}  htmx.min.js\n")
    (tmp_path / "source.js").write_bytes(b"wrong")
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "ASSETS", tmp_path / "assets")
    monkeypatch.setattr(dev, "asset_source", lambda name: tmp_path / "source.js")
    monkeypatch.setattr(dev, "npm_packages", lambda: None)
    with pytest.raises(dev.Problem, match=r"htmx\.min\.js"):
        dev.copy_assets()
    assert not (tmp_path / "assets" / "htmx.min.js").exists()
    (tmp_path / "source.js").write_bytes(b"right")
    dev.copy_assets()
    assert (tmp_path / "assets" / "htmx.min.js").read_bytes() == b"right"


def test_when_one_of_the_demos_programs_ends_all_end(monkeypatch: pytest.MonkeyPatch) -> None:
    dev = load_dev()
    lasting = [sys.executable, "-c", "import signal; signal.pause()"]
    trio = dev.Trio({"web": lasting, "worker": [sys.executable, "-c", "raise SystemExit(3)"]}, dict(os.environ))
    monkeypatch.setattr(dev, "answers", lambda port: False)
    try:
        with pytest.raises(dev.Problem, match=r"worker ended by itself \(exit 3\)"):
            dev.watch(trio, threading.Event(), 0, dict(os.environ))
    finally:
        trio.end()
    assert {name: process.returncode for name, process in trio.running.items()} == {"web": -15, "worker": 3}


def test_the_summary_ends_with_pytests_own_closing_lines(capsys: pytest.CaptureFixture[str]) -> None:
    dev = load_dev()
    one = dev.Result("SQLite", True, 1.0, "=== 7 passed in 1.00s ===")
    two = dev.Result("PostgreSQL", False, 1.0, "=== 1 failed, 6 passed in 1.00s ===")
    assert dev.summary([dev.Result("lint", False, 0.1), one, two]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["Failed: lint, PostgreSQL", one.closing, two.closing]
    assert dev.summary([one]) == 0
