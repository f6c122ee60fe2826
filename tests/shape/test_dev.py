"""./dev says in one sentence what is missing, and keeps what it promises about packages, secrets and assets."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import socket
import sys
from pathlib import Path

import pytest

from tests.servers import free_pair
from tests.shape.dev_command import LOCKS, NEEDED_TO_SET_UP, ROOT, load_dev, one_sentence, run_dev

NOWHERE = "http://127.0.0.1:9/simple"  # the discard port: nobody answers there


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A tree in which nothing has been set up yet."""
    for name in NEEDED_TO_SET_UP:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


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
    done = run_dev(bare, "demo", "--port", str(free_pair()), env={**os.environ, **unreachable})
    assert done.returncode == 1
    assert "no package source was reachable" in one_sentence(done.stderr)


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
    for name in ("SAMSYN_SECRET_KEY", "SAMSYN_FIELD_KEYS", "SAMSYN_VAULT_KEYS", "SAMSYN_SEAL_KEYS"):
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


def test_the_summary_ends_with_pytests_own_closing_lines(capsys: pytest.CaptureFixture[str]) -> None:
    dev = load_dev()
    one = dev.Result("SQLite", True, 1.0, "=== 7 passed in 1.00s ===")
    two = dev.Result("PostgreSQL", False, 1.0, "=== 1 failed, 6 passed in 1.00s ===")
    assert dev.summary([dev.Result("lint", False, 0.1), one, two]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == ["Failed: lint, PostgreSQL", one.closing, two.closing]
    assert dev.summary([one]) == 0
