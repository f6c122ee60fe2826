"""docs/settings.md tells of every setting, and of no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samsyn.site import settings
from samsyn.site.environment import Environment, SettingError, database_from_url, field_keys, reached_in_the_open

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_stands_on_the_page_with_what_it_is_for() -> None:
    page = PAGE.read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| (.*) \|$", page, re.MULTILINE))
    read = {one.name: one.purpose + (" Secret." if one.secret else "") for one in settings.env.settings}
    assert told == read


@pytest.mark.parametrize(
    ("name", "value", "reader"),
    [
        ("SAMSYN_TLS", "true", lambda env: env.flag("SAMSYN_TLS", False, "")),
        ("SAMSYN_SESSION_MINUTES", "0", lambda env: env.whole_number("SAMSYN_SESSION_MINUTES", 60, "")),
        ("SAMSYN_LOG_SERVER", "log.example.se", lambda env: env.address("SAMSYN_LOG_SERVER", "")),
        ("SAMSYN_SESSION_MINUTES", "½", lambda env: env.whole_number("SAMSYN_SESSION_MINUTES", 60, "")),
        ("SAMSYN_MODE", "staging", lambda env: env.one_of("SAMSYN_MODE", ("production", "demo"), "production", "")),
    ],
)
def test_a_value_that_cannot_be_read_stops_with_the_name_of_the_setting(name, value, reader) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SettingError, match=name):
        reader(Environment({name: value}))


@pytest.mark.parametrize("text", ["key", "key:abc", "a:" + "A" * 43 + "=,b", ":" + "A" * 43 + "="])
def test_a_field_key_that_is_not_32_bytes_with_a_name_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="SAMSYN_FIELD_KEYS"):
        field_keys(text)


def test_the_first_field_key_is_the_current_one() -> None:
    keys, current = field_keys("new:" + "A" * 43 + "=,old:" + "B" * 42 + "A=")
    assert list(keys) == ["new", "old"]
    assert current == "new"


def test_sqlite_is_opened_so_that_no_acknowledged_commit_is_lost() -> None:
    database = database_from_url("sqlite:////somewhere/samsyn.sqlite3")
    assert database["NAME"] == "/somewhere/samsyn.sqlite3"
    assert "synchronous=FULL" in database["OPTIONS"]["init_command"]
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_another_database_is_refused() -> None:
    with pytest.raises(SettingError, match="postgresql"):
        database_from_url("mysql://somewhere")


@pytest.mark.parametrize(
    ("address", "in_the_open"),
    [
        ("postgresql://web@db.example.se/samsyn", True),
        ("postgresql://web@db.example.se/samsyn?sslmode=require", True),
        ("postgresql://web@db.example.se/samsyn?sslmode=verify-full&sslrootcert=/etc/ssl/house.pem", False),
        ("postgresql://web@localhost:5432/samsyn", False),
        ("postgresql://web@%2Frun%2Fpostgresql/samsyn", False),
        ("postgresql:///samsyn", False),
    ],
)
def test_a_database_on_another_machine_is_reached_encrypted_and_shows_who_it_is(
    address: str, in_the_open: bool
) -> None:
    assert reached_in_the_open(database_from_url(address)) is in_the_open
    assert reached_in_the_open(database_from_url(address, straight=True)) is in_the_open


def test_an_address_says_how_it_is_encrypted_and_nothing_else() -> None:
    chosen = database_from_url("postgresql://web@db.example.se/samsyn?sslmode=verify-full&sslcert=/etc/ssl/web.pem")
    assert chosen["OPTIONS"] == {"sslmode": "verify-full", "sslcert": "/etc/ssl/web.pem"}
    with pytest.raises(SettingError, match="sslmode"):
        database_from_url("postgresql://web@db.example.se/samsyn?options=-c%20role%3Dsamsyn_acts")
