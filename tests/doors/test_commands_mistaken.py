"""What somebody who runs the house is told when a command meets what it cannot use: a sentence, no traceback."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from samsyn.site.command_line import parser
from tests import environment, servers, worlds

NOBODY_THERE = "postgresql://nobody@127.0.0.1:9/nothing"  # the discard port
MISTAKEN = [
    ("serve", "--port", "99999"),
    ("serve", "--workers", "0"),
    ("tick", "--every", "0"),
    ("tick", "--every", "-1"),
    ("weed", "--at-most", "-3"),
    ("make-village", "--children", "-5"),
    ("retention-plan", "Socialnämnden", "--years", "0", "--decision", "SN 2026:1"),
]


def run(database: str, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command of the demo, on a database by the name that Django calls it."""
    env = {**servers.demo_environment(database), **settings}
    command = servers.samsyn(*arguments)
    return subprocess.run(command, cwd=servers.ROOT, env=env, capture_output=True, text=True, check=False, timeout=100)


def commands() -> dict[str, Any]:
    """Every command with what reads its line."""
    (verbs,) = (one for one in parser()._actions if isinstance(one, argparse._SubParsersAction))
    return dict(verbs.choices)


@pytest.fixture
def empty() -> Iterator[str]:
    """A database without a table."""
    name = worlds.create_database()
    yield name
    worlds.drop_database(name)


@pytest.mark.parametrize("command", ["tick", "worker", "serve", "demo-links", "weed", "keys", "verify-trail"])
def test_a_database_without_tables_asks_for_migrate(empty: str, command: str) -> None:
    done = run(empty, command)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().splitlines()[-1]
    assert said == "The database lacks tables of this version: run samsyn migrate as the owner."


@pytest.mark.parametrize("command", ["migrate", "tick", "serve"])
def test_a_database_that_does_not_answer_gets_a_sentence(command: str) -> None:
    urls = ("SAMSYN_DATABASE_URL", "SAMSYN_HOUSE_DATABASE_URL", "SAMSYN_OWNER_DATABASE_URL")
    there = dict.fromkeys(urls, NOBODY_THERE)
    done = run(environment.database_name("unused"), command, **there)
    assert done.returncode == 1
    (said,) = done.stderr.strip().splitlines()
    assert said.startswith("The database cannot be reached")


@pytest.mark.parametrize("arguments", MISTAKEN, ids=" ".join)
def test_a_number_that_cannot_be_is_said_at_once(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(arguments)
    assert ended.value.code == 2
    assert "is not a" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["serve", "provider"])
def test_a_taken_port_is_shared_with_no_other_program(command: str) -> None:
    # As the server itself listens: two of the same user would be given half of the requests each.
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        database = worlds.copy_database(servers.village())
        provider = {"SAMSYN_PROVIDER_DATABASE": os.fspath(environment.folder() / "taken.sqlite3")}
        done = run(database, command, "--port", port, **provider)
    worlds.drop_database(database)
    assert done.returncode == 1
    assert f"cannot be used with port {port} (another program listens there)" in done.stderr


def test_nobody_is_let_in_by_a_provider_that_no_file_names() -> None:
    database = worlds.copy_database(servers.village())
    done = run(database, "link-sign-in", "bo", "sitsh", "SUBJECT")
    worlds.drop_database(database)
    assert done.returncode == 1
    assert "No provider has the word sitsh" in done.stderr


@pytest.mark.parametrize("command", commands())
def test_each_commands_own_help_says_what_it_does_and_what_it_takes(command: str) -> None:
    one = commands()[command]
    assert (one.description or "").endswith(".")
    assert [action.dest for action in one._actions if not action.help] == []
