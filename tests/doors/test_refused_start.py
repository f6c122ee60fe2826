"""What start-up refuses in production: a sentence each, whatever part of the house is started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from samsyn.common.viewer import SYSTEM
from samsyn.organisations.actions_founding import found_principal
from samsyn.organisations.models import PrincipalKind
from samsyn.site.checks import (
    database_is_of_this_version,
    production_is_safe,
    secrets_are_there,
    sqlite_has_one_principal,
)
from samsyn.site.environment import database_from_url
from samsyn.site.second_lock.logins import sign_in_as
from tests import environment, postgresql, servers

REFUSED = {
    "SECRET_KEY": ("", "Set SAMSYN_SECRET_KEY"),
    "SAMSYN_FIELD_KEYS": ({}, "Set SAMSYN_FIELD_KEYS"),
    "SAMSYN_VAULT_KEYS": ({}, "Set SAMSYN_VAULT_KEYS"),
    "SAMSYN_SEAL_KEYS": ({}, "Set SAMSYN_SEAL_KEYS"),
    "DEBUG": (True, "SAMSYN_DEBUG must be no"),
    "ALLOWED_HOSTS": ([], "Set SAMSYN_HOSTS"),
    "TLS": (False, "Set SAMSYN_TLS to yes"),
}


def sentences(found: list[CheckMessage]) -> list[str]:
    """What is said."""
    return [one.msg for one in found]


def refused() -> list[str]:
    """What production lacks; providers apart, which have tests of their own."""
    found = sentences([*secrets_are_there(None), *production_is_safe(None)])
    return [one for one in found if "provider" not in one]


@pytest.fixture
def production(settings: Settings) -> Settings:
    """An installation with all that it needs."""
    settings.SAMSYN_MODE = "production"
    settings.DEBUG, settings.TLS, settings.ALLOWED_HOSTS = False, True, ["samsyn.example.se"]
    return settings


def test_production_with_all_that_it_needs_starts(production: Settings) -> None:
    assert refused() == []


@pytest.mark.parametrize("name", REFUSED)
def test_production_without_it_gets_one_sentence(production: Settings, name: str) -> None:
    value, sentence = REFUSED[name]
    setattr(production, name, value)
    (said,) = refused()
    assert said.startswith(sentence)


@pytest.mark.parametrize("hosts", [["*"], ["samsyn.example.se", "*"]])
def test_a_star_is_no_host_name(production: Settings, hosts: list[str]) -> None:
    production.ALLOWED_HOSTS = hosts
    (said,) = refused()
    assert said.startswith("Name the hosts in SAMSYN_HOSTS")


@pytest.mark.parametrize(("mode", "refuses"), [("production", True), ("demo", False)])
def test_sqlite_with_two_principals_is_for_the_demo_alone(
    db: None, settings: Settings, mode: str, *, refuses: bool
) -> None:
    for kind, code in ((PrincipalKind.MUNICIPALITY, "1293"), (PrincipalKind.REGION, "12")):
        found_principal(SYSTEM, kind, code)
    settings.SAMSYN_MODE = mode
    said = sentences(sqlite_has_one_principal(None))
    wanted = ["SQLite may hold one principal only. Several principals need PostgreSQL."]
    assert said == (wanted if refuses and connection.vendor == "sqlite" else [])


def test_a_database_of_another_version_is_refused(db: None, production: Settings) -> None:
    assert database_is_of_this_version(None) == []
    recorder = MigrationRecorder(connection)
    recorder.record_applied("trail", "9999_of_a_version_to_come")
    assert sentences(database_is_of_this_version(None)) == [
        "The database is of a newer version: start that version of Samsyn."
    ]
    recorder.record_unapplied("trail", "9999_of_a_version_to_come")
    newest = recorder.migration_qs.filter(app="trail").order_by("name").last()
    assert newest is not None
    recorder.record_unapplied("trail", newest.name)
    assert sentences(database_is_of_this_version(None)) == [
        "The database lacks tables of this version: run samsyn migrate as the owner."
    ]


@pytest.mark.usefixtures("committed_world")
def test_the_web_that_may_do_nothing_by_itself_is_told_the_version_all_the_same(production: Settings) -> None:
    MigrationRecorder(connection).record_applied("trail", "9999_of_a_version_to_come")
    web = database_from_url(environment.database_url(connection.settings_dict["NAME"], postgresql.WEB))
    production.SAMSYN_SIGN_INS = {**production.SAMSYN_SIGN_INS, "web": web}
    production.SAMSYN_LOGINS = {**production.SAMSYN_LOGINS, "web": web.get("USER", "")}
    sign_in_as("web")
    try:
        found = database_is_of_this_version(None)
    finally:
        sign_in_as("house")
    assert [one.id for one in found] == ["samsyn.E029"]


@pytest.mark.parametrize("part", ["serve", "worker", "tick"])
def test_each_part_says_all_that_is_missing_and_does_not_start(part: str, tmp_path: Path) -> None:
    nothing: dict[str, Any] = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(servers.ROOT),
        "SAMSYN_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
    }
    done = subprocess.run(
        servers.samsyn(part), cwd=servers.ROOT, env=nothing, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for sentence in ("Samsyn does not start", "SAMSYN_SECRET_KEY", "SAMSYN_HOSTS", "SAMSYN_TLS", "SAMSYN_SEAL_KEYS"):
        assert sentence in done.stderr
