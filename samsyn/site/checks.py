"""What start-up refuses, with one sentence each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from samsyn.common import outside, ports, second_lock
from samsyn.common.crypto import CannotUnseal
from samsyn.people.leaked import NotSuchAFile, must_be_readable
from samsyn.people.providers import STAFF
from samsyn.site.environment import knows_us_by_password, reached_in_the_open


@register()
def ports_are_answered(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every port of the house has somebody who answers."""
    unanswered = [
        port.name for port in ports.ALL if not (getattr(port, "answer", None) or getattr(port, "answers", None))
    ]
    return [Error(f"Nobody answers the port {name}.", id="samsyn.E001") for name in unanswered]


@register()
def secrets_are_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The keys that sign and seal are set, whatever the house is run as."""
    found: list[CheckMessage] = []
    if len(_secret_key()) < 40:
        found.append(Error("Set SAMSYN_SECRET_KEY to a long random text (40 signs or more).", id="samsyn.E002"))
    if not settings.SAMSYN_FIELD_KEYS:
        found.append(Error("Set SAMSYN_FIELD_KEYS: without it no identity number can be sealed.", id="samsyn.E003"))
    if not settings.SAMSYN_VAULT_KEYS:
        found.append(Error("Set SAMSYN_VAULT_KEYS: without it no protected person can be kept.", id="samsyn.E009"))
    if not settings.SAMSYN_SEAL_KEYS:
        found.append(Error("Set SAMSYN_SEAL_KEYS: without it the trail cannot be sealed.", id="samsyn.E008"))
    return found


def _secret_key() -> str:
    try:
        return settings.SECRET_KEY
    except ImproperlyConfigured:  # what Django answers for an empty one, with a traceback and no word of ours
        return ""


@register()
def production_is_safe(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Production has no debug pages, answers named hosts only, and runs behind TLS."""
    if settings.SAMSYN_MODE != "production":
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("SAMSYN_DEBUG must be no in production: debug pages show data.", id="samsyn.E004"))
    if not settings.ALLOWED_HOSTS:
        found.append(Error("Set SAMSYN_HOSTS to the host names that the house answers to.", id="samsyn.E005"))
    elif "*" in settings.ALLOWED_HOSTS:
        sentence = "Name the hosts in SAMSYN_HOSTS: * answers to any name, also one that somebody else made up."
        found.append(Error(sentence, id="samsyn.E028"))
    if not settings.TLS:
        found.append(Error("Set SAMSYN_TLS to yes: production is reached over TLS only.", id="samsyn.E006"))
    return found + _providers_are_there()


def _providers_are_there() -> list[CheckMessage]:
    """Staff come in by a provider that vouches for them, over TLS; names and passwords alone are not enough."""
    providers = settings.SAMSYN_PROVIDERS
    found: list[CheckMessage] = []
    if not any(one.opens == STAFF for one in providers):
        sentence = "Name an OpenID provider for staff in SAMSYN_PROVIDERS_FILE: without one nobody can sign in."
        found.append(Error(sentence, id="samsyn.E010"))
    if any(not one.issuer.startswith("https://") for one in providers):
        found.append(Error("Every provider's issuer must begin with https:// in production.", id="samsyn.E011"))
    return found


@register()
def leaked_passwords_are_known(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where production takes passwords, there is a list of leaked ones to refuse; and a list that is named is one."""
    named = settings.SAMSYN_LEAKED_PASSWORDS_FILE
    if named:
        try:
            must_be_readable(Path(named))
        except NotSuchAFile as wrong:
            return [Error(f"SAMSYN_LEAKED_PASSWORDS_FILE: {wrong}", id="samsyn.E026")]
    elif settings.SAMSYN_MODE == "production" and settings.SAMSYN_PASSWORDS:
        sentence = "Name a file of leaked passwords in SAMSYN_LEAKED_PASSWORDS_FILE, or set SAMSYN_PASSWORDS to no."
        return [Error(sentence, id="samsyn.E027")]
    return []


@register()
def sqlite_has_one_principal(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """SQLite has no second lock, so it may serve one principal; the demo alone may hold more."""
    if settings.SAMSYN_MODE != "production" or connection.vendor != "sqlite":
        return []
    from samsyn.organisations.models import Principal

    try:
        several = Principal.objects.count() > 1
    except DatabaseError:  # before the first migration there is no table, and so no principal
        return []
    if several:
        return [Error("SQLite may hold one principal only. Several principals need PostgreSQL.", id="samsyn.E007")]
    return []


@register()
def database_is_reached_in_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production, what goes to a PostgreSQL on another machine is encrypted, and that machine shows who it is."""
    in_production = settings.SAMSYN_MODE == "production" and connection.vendor == "postgresql"
    if not in_production or not reached_in_the_open(connection.settings_dict):
        return []
    sentence = "End the database's address with ?sslmode=verify-full (and &sslrootcert=…): it is on another machine."
    return [Error(sentence, id="samsyn.E014")]


@register()
def others_know_us_by_a_certificate(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production, a warning where a password or a token that never changes is all that others know us by."""
    if settings.SAMSYN_MODE != "production":
        return []
    found: list[CheckMessage] = []
    if connection.vendor == "postgresql" and knows_us_by_password(connection.settings_dict):
        sentence = "The database knows us by a password alone: let it ask for a certificate (&sslcert=…&sslkey=…)."
        found.append(Warning(sentence, id="samsyn.W001"))
    if settings.SAMSYN_REGISTER_URL and not settings.SAMSYN_REGISTER_CERTIFICATE:
        sentence = "The register knows us by a token alone: show it a certificate (SAMSYN_REGISTER_CERTIFICATE)."
        found.append(Warning(sentence, id="samsyn.W002"))
    return found


@register()
def database_is_of_this_version(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production, the tables are those that this version of the house writes in, neither older nor newer ones."""
    return another_version() if settings.SAMSYN_MODE == "production" else []


def another_version() -> list[CheckMessage]:
    """What to do where the database's tables are older or newer than this version's; nothing where they are its own."""
    try:
        with _as_who_asks():
            executor = MigrationExecutor(connection)
    except DatabaseError:  # a server that is away is told of by whoever needs it first
        return []
    loader = executor.loader
    if executor.migration_plan(loader.graph.leaf_nodes()):
        sentence = "The database lacks tables of this version: run samsyn migrate as the owner."
        return [Error(sentence, id="samsyn.E030")]
    own = {one.label for one in apps.get_app_configs() if one.name.startswith("samsyn.")}
    if any(label in own for label, _name in loader.applied_migrations.keys() - loader.disk_migrations.keys()):
        return [Error("The database is of a newer version: start that version of Samsyn.", id="samsyn.E029")]
    return []


@register()
def nothing_has_come_back(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No tombstone and no revocation that was written outside is missing here: else a restored backup has brought
    somebody back, or opened what was closed. And there is room for the next one."""
    file = outside.path()
    if settings.SAMSYN_MODE != "production" or file is None:
        return []
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        sentence = "SAMSYN_TOMBSTONES_PATH cannot be written to: without it nothing could be closed or weeded."
        return [Error(sentence, id="samsyn.E015")]
    if not file.exists():
        return []
    try:
        stones, revocations = _missing_here(file)
    except outside.OutsideUnreadable as wrong:
        return [Error(str(wrong), id="samsyn.E013")]
    except DatabaseError:
        # Who may not ask has not been told that all is well.
        return [Error("The database cannot be asked whether a backup was restored.", id="samsyn.E016")]
    if stones or revocations:
        sentence = (
            f"{stones} tombstones and {revocations} revocations are missing here, so a backup was restored: "
            "run samsyn weed --replay."
        )
        return [Error(sentence, id="samsyn.E012")]
    return []


@register()
def keys_are_there(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is sealed has its key, and no key has come back of somebody who has been weeded."""
    if settings.SAMSYN_MODE != "production":
        return []
    try:
        from samsyn.retention import keys

        with _as_who_asks():
            there = set(connection.introspection.table_names())
            tables = {"people_personkey", "retention_tombstone", "sharing_consenttext"}
            wrong = keys.out_of_order() if tables <= there else keys.OutOfOrder()
    except CannotUnseal:
        return [Error("A key of a person is damaged: put the newest backup of the keys back.", id="samsyn.E024")]
    except DatabaseError:
        sentence = "The database cannot be asked whether the keys of persons are here: run samsyn migrate as the owner."
        return [Error(sentence, id="samsyn.E017")]
    found: list[CheckMessage] = []
    if wrong.masters:
        sentence = (
            f"Keys of persons are wrapped by {', '.join(wrong.masters)}, which SAMSYN_FIELD_KEYS or SAMSYN_VAULT_KEYS "
            "lack: set it again, run samsyn keys --wrap-anew, and only then leave it out."
        )
        found.append(Error(sentence, id="samsyn.E025"))
    if wrong.missing:
        sentence = (
            f"The keys of {wrong.missing} sealed values are missing, so nobody could open them: after "
            "samsyn weed --replay, put the newest backup of the keys back (docs/running.md); if there is none, "
            "run samsyn keys --lost."
        )
        found.append(Error(sentence, id="samsyn.E018"))
    if wrong.back:
        sentence = f"{wrong.back} keys of persons who have been weeded have come back: run samsyn weed --replay."
        found.append(Error(sentence, id="samsyn.E019"))
    return found


def _as_who_asks() -> AbstractContextManager[None]:
    """The web's login may do nothing by itself, and asks as a request does."""
    is_web = second_lock.holds() and connection.settings_dict["USER"] == settings.SAMSYN_LOGINS["web"]
    return second_lock.reading() if is_web else nullcontext()


def _missing_here(file: Path) -> tuple[int, int]:
    """How many of the file's tombstones and revocations the database lacks; none before the first migration."""
    from samsyn.retention import tombstones
    from samsyn.trail import revoking

    with _as_who_asks():
        there = set(connection.introspection.table_names())
        if not {"retention_tombstone", "trail_trailsubject"} <= there:
            return 0, 0
        return len(tombstones.unknown_here(file)), len(revoking.missing_here(file))
