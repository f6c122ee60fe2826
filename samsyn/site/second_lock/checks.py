"""What start-up refuses about the second lock: a login that could pass it, or a lock of another version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError, connection

from samsyn.common.second_lock import ACTS, HOUSE
from samsyn.site.second_lock import declaration
from samsyn.site.second_lock.install import expected_digest

_LOGIN = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relname = ANY (%s)),
       EXISTS (SELECT FROM pg_roles one WHERE one.rolname = ANY (%s) AND pg_has_role(current_user, one.oid, 'USAGE'))
FROM pg_roles WHERE rolname = current_user
"""
_WITHOUT = """
SELECT one.name FROM unnest(%s) AS one(name) LEFT JOIN pg_class ON pg_class.oid = to_regclass(one.name)
WHERE pg_class.oid IS NULL OR NOT (pg_class.relrowsecurity AND pg_class.relforcerowsecurity)
"""
_COMMENT = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'second_lock'"


@register()
def every_table_is_declared(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every table with a child's data says who may read it."""
    try:
        declaration.locked()
    except declaration.NotDeclared as missing:
        return [Error(str(missing), id="samsyn.E020")]
    return []


@register()
def second_lock_holds(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """In production on PostgreSQL, the login cannot pass the lock, and the lock is the one of this version."""
    if settings.SAMSYN_MODE != "production" or connection.vendor != "postgresql":
        return []
    try:
        return [*login_is_bound(), *lock_is_made()]
    except DatabaseError:  # a server that is away is told of by whoever needs it first
        return []


def login_is_bound() -> list[CheckMessage]:
    """The login is no superuser, may not bypass, owns nothing, and has no right that it has not taken on."""
    tables = [one.table for one in declaration.locked()]
    # The house is a login of its own; only a process of the web is held to having no right by itself.
    by_itself = [ACTS] if _is_house() else [ACTS, HOUSE]
    with connection.cursor() as cursor:
        cursor.execute(_LOGIN, [tables, by_itself])
        superuser, bypasses, owns, unbound = cursor.fetchone()
    told = {
        "is a superuser": superuser,
        "may bypass row-level security": bypasses,
        "owns tables": owns,
        "has the acting role's rights without taking it on (make it NOINHERIT)": unbound,
    }
    return [
        Error(f"The database login {words}: nothing would hold it back. See docs/decisions/0009.", id="samsyn.E021")
        for words, is_so in told.items()
        if is_so
    ]


def lock_is_made() -> list[CheckMessage]:
    """Every table with a child's data is locked, by the functions and policies of this version."""
    tables = [one.table for one in declaration.locked()]
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT, [tables])
        without = [row[0] for row in cursor.fetchall()]
        cursor.execute(_COMMENT)
        row = cursor.fetchone()
    if without:
        names = ", ".join(without)
        return [Error(f"No policy holds on {names}: run samsyn secure-database as the owner.", id="samsyn.E022")]
    if row is None or row[0] != expected_digest():
        return [Error("The second lock is another version's: run samsyn migrate as the owner.", id="samsyn.E023")]
    return []


def _is_house() -> bool:
    return bool(connection.settings_dict["USER"] != settings.SAMSYN_LOGINS["web"])
