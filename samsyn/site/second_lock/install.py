"""Makes the second lock: grants, functions and policies, all of them anew each time, in one transaction."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import InsufficientPrivilege

from samsyn.common.second_lock import ACTS, FACTS, HOUSE, READS
from samsyn.site.second_lock import declaration, family, roles

FUNCTIONS = Path(__file__).with_name("functions.sql")
FACT_TABLES = (
    "circle_namedperson",
    "people_account",
    "people_guardianship",
    "organisations_absence",
    "organisations_authority",
    "organisations_cover",
    "organisations_holding",
    "organisations_localclock",
    "organisations_partnership",
    "organisations_partnership_parties",
    "organisations_post",
    "organisations_unit",
    "duties_duty",
    "protection_insight",
    "duties_escalation",
    "sharing_consentitem",
    "sharing_consentlimit",
    "sharing_disclosure",
    "sharing_disclosureitem",
    "sharing_familydecision",
    "sharing_familymark",
    "sharing_familymet",
    "sharing_involvement",
)
"""What the functions read, and all that their role may read."""
COUNTED = {
    "people_personkey": "id, person_ref, use, authority_ref, wrapped",
    "people_identity": "id, person_id",
    "people_protecteddetails": "id, person_id",
    "sharing_consenttext": "id, consent_id, digest",
    "retention_tombstone": "kind, subject_ref, authority_ref",
}
"""What says whether the keys of what is sealed are here, and the columns that are read: of what is sealed nothing but
the wrapped keys, whose header names a master key.
"""
WRITTEN_WHILE_READING = ("trail_trailentry", "trail_trailsubject")
"""Tables of the house that a request adds to outside an action: the trail of who looked."""
KEPT_WHILE_READING = ("people_signin", "samsyn_cache")
"""Tables of the house that signing in keeps: sessions, and the counts of tries."""
OWNERS_ALONE = ("trail_passage",)
"""Tables of the house that only weeding writes, which only the owner does."""
NOT_FOR_REQUESTS = ("django_migrations", "django_tasks_database_dbtaskresult")
"""Tables of others that no page reads."""

_CLOCKS = {
    True: "coalesce(nullif(current_setting('samsyn.clock', true), '')::timestamptz, statement_timestamp())",
    False: "statement_timestamp()",
}
_ROWS_OF = """
CREATE OR REPLACE FUNCTION second_lock.rows_of_{name}(of_kind text) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN RETURN ARRAY({rows}); END $$;
"""
_ARRAY = """
CREATE OR REPLACE FUNCTION second_lock.{name}() RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN RETURN ARRAY({rows}); END $$;
"""


def secure() -> None:
    """Make or renew the second lock of this database. Does nothing on SQLite, which has none.

    Run as the owner of the tables. Raises CommandError with what an administrator must do first, when the owner may
    not make roles itself.
    """
    if connection.vendor != "postgresql":
        return
    _make_roles()
    owner = _one("SELECT current_user")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("".join(statement.rstrip(";\n ") + ";\n" for statement in statements(owner)))


def statements(owner: str) -> list[str]:
    """All that makes the lock, as SQL, in order."""
    found = [*_schema(), *_functions(), *_grants()]
    for one in declaration.locked():
        found += _policies(one, owner)
    return [*found, f"COMMENT ON SCHEMA second_lock IS '{_digest(found)}'"]


def expected_digest() -> str:
    """What the schema's comment says when the lock of this version has been made."""
    owner = _one("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'second_lock'").strip('"')
    return statements(owner)[-1].split("'")[1]


def _digest(found: list[str]) -> str:
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _one(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return "" if row is None else str(row[0])


def _make_roles() -> None:
    logins = {**settings.SAMSYN_LOGINS, "owner": _one("SELECT current_user")}
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)", [list(roles.GROUPS)])
        there = {row[0] for row in cursor.fetchall()}
    missing = [made for name, made in zip(roles.GROUPS, roles.groups(), strict=True) if name not in there]
    _as_administrator(missing)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT role.rolname, login.rolname FROM pg_auth_members link JOIN pg_roles role ON role.oid = link.roleid "
            "JOIN pg_roles login ON login.oid = link.member WHERE role.rolname = ANY (%s)",
            [list(roles.GROUPS)],
        )
        known = set(cursor.fetchall())
    wanted = [pair for pair in roles.memberships(**logins) if pair not in known and not _is_superuser(pair[1])]
    _as_administrator(roles.as_statements(wanted))


def _is_superuser(login: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [login])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def _as_administrator(wanted: list[str]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in wanted:
                cursor.execute(statement)
    except Exception as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        lines = "\n".join(f"  {statement};" for statement in wanted)
        raise CommandError(f"An administrator of the database server must first run:\n{lines}") from error


def _schema() -> list[str]:
    everyone = ", ".join((READS, ACTS, HOUSE, FACTS))
    return [
        "DROP SCHEMA IF EXISTS second_lock CASCADE",
        "CREATE SCHEMA second_lock",
        f"GRANT USAGE ON SCHEMA second_lock, public TO {everyone}",
        f"GRANT CREATE ON SCHEMA second_lock TO {FACTS}",
    ]


def _functions() -> list[str]:
    clock = _CLOCKS[settings.SAMSYN_MODE == "test"]
    moment = (
        "CREATE OR REPLACE FUNCTION second_lock.moment() RETURNS timestamptz LANGUAGE sql STABLE "
        f"AS $$ SELECT {clock} $$"
    )
    parts = [_ROWS_OF.format(name="_".join(tables), rows=rows) for tables, rows in declaration.wholes().items()]
    seen = [_ARRAY.format(name=f"seen_{table}", rows=rows) for table, rows in declaration.seen_rows().items()]
    copied = [_ARRAY.format(name=f"copied_{table}", rows=rows) for table, rows in declaration.copied_rows().items()]
    columns = family.reading_functions(declaration.own_models())
    return [
        f"GRANT SELECT ON {', '.join(dict.fromkeys([*FACT_TABLES, *declaration.seen_rows()]))} TO {FACTS}",
        f"GRANT SELECT (id, ref, birth_date, protection) ON people_person TO {FACTS}",
        *(f"GRANT SELECT ({columns}) ON {table} TO {FACTS}" for table, columns in COUNTED.items()),
        *(f"GRANT SELECT (id, ref) ON {table} TO {FACTS}" for tables in declaration.wholes() for table in tables),
        *(f"GRANT SELECT (id, {column}) ON {table} TO {FACTS}" for table, column in columns),
        f"SET LOCAL ROLE {FACTS}",
        moment,
        family.ages(),
        *columns.values(),
        FUNCTIONS.read_text(encoding="utf-8"),
        *parts,
        *copied,
        *seen,
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA second_lock FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA second_lock TO {READS}, {ACTS}, {HOUSE}",
        "RESET ROLE",
        f"REVOKE CREATE ON SCHEMA second_lock FROM {FACTS}",
    ]


def _grants() -> list[str]:
    own = [model._meta.db_table for model in declaration.own_models()]
    others = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if not model.__module__.startswith("samsyn.") and model._meta.db_table not in NOT_FOR_REQUESTS
    ]
    closed = {one.table for one in declaration.locked() if one.condition == declaration.NEVER}
    found = [
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ACTS}, {HOUSE}",
        f"REVOKE INSERT, UPDATE, DELETE ON {', '.join(OWNERS_ALONE)} FROM {ACTS}, {HOUSE}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {READS}",
        f"GRANT SELECT ON {', '.join(table for table in own if table not in closed)} TO {READS}",
        f"GRANT INSERT ON {', '.join(WRITTEN_WHILE_READING)} TO {READS}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(KEPT_WHILE_READING)} TO {READS}",
        f"GRANT UPDATE (password) ON people_account TO {READS}",
        f"GRANT SELECT ON {MigrationRecorder.Migration._meta.db_table} TO {READS}",  # a start asks for its version
    ]
    return [*found, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(others)} TO {READS}"] if others else found


def _read_by_functions() -> set[str]:
    tables = {table for tables in declaration.wholes() for table in tables}
    columns = {table for table, _column in family.reading_functions(declaration.own_models())}
    return {*FACT_TABLES, *COUNTED, *tables, *columns, *declaration.seen_rows(), "people_person"}


def _policies(one: declaration.Locked, owner: str) -> list[str]:
    table = one.table
    whole = ", ".join((ACTS, HOUSE, f'"{owner}"'))
    found = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS samsyn_whole ON {table}",
        f"DROP POLICY IF EXISTS samsyn_facts ON {table}",
        f"DROP POLICY IF EXISTS samsyn_reads ON {table}",
        f"CREATE POLICY samsyn_whole ON {table} TO {whole} USING (true) WITH CHECK (true)",
    ]
    if table in _read_by_functions():
        found.append(f"CREATE POLICY samsyn_facts ON {table} FOR SELECT TO {FACTS} USING (true)")
    if one.condition != declaration.NEVER:
        # As a choice the condition is the planner's to follow, not to take apart: no index is looked for in it.
        opaque = f"CASE WHEN {one.condition} THEN true ELSE false END"
        found.append(f"CREATE POLICY samsyn_reads ON {table} FOR SELECT TO {READS} USING ({opaque})")
    return found
