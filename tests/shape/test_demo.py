"""./dev demo starts four programs and ends them together, whatever ends first.

The programs are small stand-ins here, so that they can be made to die; the real ones are walked through in
tests/journeys.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_pair
from tests.shape.dev_command import NEEDED_TO_SET_UP, ROOT, load_dev

STAND_IN = """
import http.server, os, signal, sqlite3, sys
verb, rest = sys.argv[1], sys.argv[2:]
with open("calls", "a") as calls:
    calls.write(" ".join([verb, *rest]) + chr(10))
if verb == os.environ.get("DIES"):
    raise SystemExit(3)
if verb == "migrate":
    path = os.environ["SAMSYN_DATABASE_URL"].removeprefix("sqlite:///")
    sqlite3.connect(path).execute("CREATE TABLE IF NOT EXISTS lived (in_village text)")
elif verb in ("serve", "provider"):
    http.server.HTTPServer(("127.0.0.1", int(rest[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
elif verb in ("worker", "tick"):
    signal.pause()
elif verb == "demo-links":
    print(f"Bo: http://localhost:{rest[1]}/demo/bo/")
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that is set up (with the packages that these tests run on) and whose programs are the stand-ins."""
    for name in NEEDED_TO_SET_UP:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    stamp = {
        "lock": "requirements.lock",
        "sha256": load_dev().sha256(ROOT / "requirements.lock"),
        "python": "{}.{}".format(*sys.version_info[:2]),
    }
    (tmp_path / ".venv" / "samsyn-setup.json").write_text(json.dumps(stamp))
    (tmp_path / "assets.sha256").write_text("")
    site = tmp_path / "samsyn" / "site"
    site.mkdir(parents=True)
    for package in (site.parent, site):
        (package / "__init__.py").touch()
    (site / "command.py").write_text(STAND_IN)
    return tmp_path


@contextmanager
def demo(tree: Path, port: int, *arguments: str, **env: str) -> Iterator[subprocess.Popen[str]]:
    """./dev demo as a program of its own, ended at the latest when the block ends."""
    process = subprocess.Popen(
        [sys.executable, str(tree / "dev"), "demo", "--port", str(port), *arguments],
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the program prints up to the line with these words, or up to its end."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            break
    return said


def nobody_listens(port: int) -> bool:
    """Has the port been let go of?"""
    load_dev().check_port(port)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_them_all(tree: Path, number: signal.Signals) -> None:
    port = free_pair()
    with demo(tree, port) as process:
        said = read_until(process, "Ctrl-C")
        assert f"http://localhost:{port}/demo/bo/" in said
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(number)
        rest, _ = process.communicate(timeout=30)
    assert "The demo has ended." in rest
    assert process.returncode == 0
    assert nobody_listens(port)
    assert nobody_listens(port + 1)


@pytest.mark.parametrize(
    ("verb", "name"), [("serve", "web"), ("provider", "provider"), ("worker", "worker"), ("tick", "tick")]
)
def test_when_one_ends_all_end_with_a_sentence(tree: Path, verb: str, name: str) -> None:
    port = free_pair()
    with demo(tree, port, DIES=verb) as process:
        said, _ = process.communicate(timeout=30)
    assert f"The demo's {name} ended by itself (exit 3), so the others were stopped too." in said
    assert process.returncode == 1
    assert nobody_listens(port)


def test_a_village_that_was_not_finished_is_never_used(tree: Path) -> None:
    with demo(tree, free_pair(), DIES="make-village") as process:
        said, _ = process.communicate(timeout=30)
    assert said.splitlines()[-1] == "The village could not be made; the reason stands above."
    assert process.returncode == 1
    assert not (tree / "var" / "demo.sqlite3").exists()


def test_the_village_is_made_once_and_anew_when_asked(tree: Path) -> None:
    for _ in range(2):
        with demo(tree, free_pair()) as process:
            read_until(process, "Ctrl-C")
    calls = (tree / "calls").read_text().split("\n")
    assert (calls.count("migrate"), calls.count("make-village")) == (1, 1)
    assert (tree / "var" / "demo.sqlite3").exists()
    migration = tree / "samsyn" / "people" / "migrations" / "0002_more.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("")
    with demo(tree, free_pair()) as process:
        read_until(process, "Ctrl-C")
    calls = (tree / "calls").read_text().split("\n")
    assert (calls.count("migrate"), calls.count("make-village")) == (2, 1)
    with demo(tree, free_pair(), "--fresh") as process:
        read_until(process, "Ctrl-C")
    calls = (tree / "calls").read_text().split("\n")
    assert (calls.count("migrate"), calls.count("make-village")) == (3, 2)
