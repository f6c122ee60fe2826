"""Backups as docs/running.md makes them: the data without keys, the keys by themselves, and what putting back gives."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from samsyn.people.identities import open_number
from samsyn.people.models import Identity, KeyUse, Person, PersonKey
from samsyn.people.vault import open_whereabouts
from samsyn.retention.actions import destroy_again, weed_again
from samsyn.sharing.models import ConsentText
from samsyn.site import checks
from samsyn.site.second_lock.install import secure
from tests import environment, postgresql, worlds
from tests.rooms.plans.world import Around
from tests.rooms.retention import test_keys
from tests.rooms.retention.test_keys import HOME, bo, does_not_open, kept, number, weeded
from tests.rooms.retention.world import WORDS, as_the_owner

world, outside = test_keys.world, test_keys.outside
TABLE = "people_personkey"


def _tool(name: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL as the owner, to whom the policies show every row."""
    program = str(postgresql.find_binaries() / name)
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _lines(file: str, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def back_up_data(file: Path) -> None:
    """The data, without the keys."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    if environment.on_postgresql():
        where = environment.database_url(name)
        _tool("pg_dump", "--format=custom", f"--exclude-table-data={TABLE}", "--enable-row-security", f"--file={file}",
              where)  # fmt: skip
        return
    _lines(name, f"VACUUM INTO '{file}'")
    _lines(str(file), f"DELETE FROM {TABLE}", "VACUUM")


def back_up_keys(file: Path) -> None:
    """The keys alone."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    if environment.on_postgresql():
        where = environment.database_url(name)
        _tool("pg_dump", "--format=custom", "--data-only", f"--table={TABLE}", "--inserts", "--on-conflict-do-nothing",
              "--enable-row-security", f"--file={file}", where)  # fmt: skip
        return
    _lines(str(file), f"ATTACH '{name}' AS house", f"CREATE TABLE {TABLE} AS SELECT * FROM house.{TABLE}")


@contextmanager
def put_back(data: Path) -> Iterator[None]:
    """Let Django use a new database that is made from a backup of the data, inside the block."""
    own, name = connection.settings_dict["NAME"], worlds.create_database()
    connections.close_all()
    if environment.on_postgresql():
        where = f"--dbname={environment.database_url(name)}"
        _tool("pg_restore", "--no-owner", where, str(data))
    else:
        _lines(str(data), f"VACUUM INTO '{name}'")
    connection.settings_dict["NAME"] = name
    with as_the_owner():
        secure()  # the lock's functions have an owner of their own
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = own
        worlds.drop_database(name)


def put_keys_back(keys: Path) -> None:
    """Put a backup of the keys into the database that Django uses."""
    name = str(connection.settings_dict["NAME"])
    connections.close_all()
    if environment.on_postgresql():
        where = f"--dbname={environment.database_url(name)}"
        _tool("pg_restore", "--data-only", "--enable-row-security", where, str(keys))
        return
    _lines(name, f"ATTACH '{keys}' AS kept", f"INSERT OR IGNORE INTO {TABLE} SELECT * FROM kept.{TABLE}")


def in_the_clear(file: Path) -> bytes:
    """What stands in a backup, unpacked."""
    if not environment.on_postgresql():
        return file.read_bytes()
    program = str(postgresql.find_binaries() / "pg_restore")
    return subprocess.run([program, "--file=-", str(file)], capture_output=True, check=True).stdout


def everything_opens() -> bool:
    """Number, places and words: does each open?"""
    numbers = [open_number(one) for one in Identity.objects.order_by("pk")]
    words = [text.words for text in ConsentText.objects.all()]
    places = [open_whereabouts(one).address for one in Person.objects.filter(vault__isnull=False)]
    return (
        numbers == [number(one).value for one in range(3)]
        and all(WORDS in one for one in words)
        and all(one == HOME for one in places)
    )


def test_a_backup_of_the_data_holds_no_key_and_opens_only_with_that_of_the_keys(
    world: Around, tmp_path: Path, settings: Any
) -> None:
    settings.SAMSYN_MODE = "production"
    data, keys = tmp_path / "data", tmp_path / "keys"
    assert everything_opens()
    wrapped = [bytes(row.wrapped) for row in PersonKey.objects.all()]
    written = [one.hex().encode() if environment.on_postgresql() else one for one in wrapped]
    back_up_data(data)
    back_up_keys(keys)
    assert [one for one in written if one in in_the_clear(data)] == []
    assert [one for one in written if one not in in_the_clear(keys)] == []
    with put_back(data):
        assert PersonKey.objects.count() == 0
        assert [one.id for one in checks.keys_are_there(None)] == ["samsyn.E018"]
        put_keys_back(keys)
        assert checks.keys_are_there(None) == []
        assert everything_opens()
        put_keys_back(keys)  # twice is once
        assert PersonKey.objects.count() == len(wrapped)


@pytest.mark.parametrize("older_keys", [False, True])
def test_whichever_backup_is_older_nobody_who_was_weeded_comes_back_and_those_who_live_here_stay_whole(
    world: Around, outside: Path, tmp_path: Path, settings: Any, older_keys: bool
) -> None:
    settings.SAMSYN_MODE = "production"
    data, keys = tmp_path / "data", tmp_path / "keys"
    old = kept(world.signe, world.amal)
    (back_up_keys if older_keys else back_up_data)(keys if older_keys else data)
    weeded()
    (back_up_data if older_keys else back_up_keys)(data if older_keys else keys)
    with put_back(data):
        put_keys_back(keys)
        expected = {"samsyn.E019"} if older_keys else {"samsyn.E012", "samsyn.E018"}
        told = [*checks.nothing_has_come_back(None), *checks.keys_are_there(None)]
        assert {one.id for one in told} == expected
        with as_the_owner():
            weed_again(outside)
            assert destroy_again() == (4 if older_keys else 0)
        assert [*checks.nothing_has_come_back(None), *checks.keys_are_there(None)] == []
        assert not Person.objects.filter(ref__in=[world.signe.ref, world.amal.ref]).exists()
        old.put_back()
        assert does_not_open(old)
        assert open_whereabouts(bo()).address == HOME
        assert open_number(Identity.objects.get(person=bo())) == number(2).value
        assert set(PersonKey.objects.values_list("use", flat=True)) == {KeyUse.NUMBER, KeyUse.VAULT}
