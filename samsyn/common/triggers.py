"""Migration operations for what may never be rewritten: triggers on SQLite and PostgreSQL both.

A row of a file that is weeded (``WEEDED``) may go, or be emptied, while ``trail_passage`` names it, and never else; on
PostgreSQL only the owner of the table may pass.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

WEEDED = frozenset(
    {
        "early_signals_fivequestions",
        "early_signals_requeststep",
        "early_signals_talk",
        "plans_planchange",
        "plans_planversion",
        "plans_review",
        "plans_view",
        "plans_wheelmark",
        "protection_insight",
        "protection_marking",
        "retention_longkept",
        "reviews_logreview",
        "reviews_verdict",
        "sharing_challenge",
        "sharing_challengeanswer",
        "sharing_claimoferror",
        "sharing_consent",
        "sharing_consentanswer",
        "sharing_consentend",
        "sharing_consentitem",
        "sharing_consentlimit",
        "sharing_consentreceiver",
        "sharing_consenttext",
        "sharing_consentwaiver",
        "sharing_delivery",
        "sharing_disclosureitem",
        "sharing_emergencyaccess",
        "sharing_familydecision",
        "sharing_familymark",
        "sharing_familymet",
        "trail_namedecision",
        "trail_trailentry",
        "trail_withholding",
        "trail_withholdingstep",
    }
)
"""Append-only tables whose rows go with a child's file or with a person, and the trail's entries, which lose their
words then and stay. A test compares it with the models."""
PASSAGE = "trail_passage"

_SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE {of} ON {table} {when_new}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_SQLITE_WHEN = "WHEN NOT EXISTS (SELECT 1 FROM trail_passage WHERE table_name = '{table}' AND row_id = OLD.id) "
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION samsyn_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE OR REPLACE FUNCTION samsyn_append_only_but_weeded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN
    IF EXISTS (SELECT 1 FROM trail_passage WHERE table_name = TG_TABLE_NAME AND row_id = OLD.id) THEN
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      IF NEW.id = OLD.id THEN RETURN NEW; END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE {of} OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {function}();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION samsyn_append_only();
"""


class Triggers(migrations.RunPython):
    """An operation that makes triggers, and asks no model: Django would put all models together anew for each table,
    which is half of what a first migration takes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the triggers."""
        self.code(None, schema_editor)  # type: ignore[arg-type]  # the functions of this file look at no model


def _forwards(table: str, but: str = "") -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        lets_through = table in WEEDED and PASSAGE in connection.introspection.table_names()
        of = _all_but(but, table, connection) if but else ""
        if connection.vendor == "sqlite":
            when = _SQLITE_WHEN.format(table=table) if lets_through else ""
            when_new = when and f"{when}OR NEW.id <> OLD.id "
            for statement in _SQLITE.format(table=table, of=of, when=when, when_new=when_new).strip().split("END;"):
                if statement.strip():
                    schema_editor.execute(statement + "END;")
        else:
            function = "samsyn_append_only_but_weeded" if lets_through else "samsyn_append_only"
            schema_editor.execute(_POSTGRESQL.format(table=table, of=of, function=function), params=None)

    return run


def _all_but(column: str, table: str, connection: Any) -> str:
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
    return f"OF {', '.join(one for one in columns if one != column)}"


def append_only(*tables: str) -> list[Triggers]:
    """Operations that make ``tables`` refuse UPDATE, DELETE and TRUNCATE. There is no way back but a new migration.

    A table of ``WEEDED`` lets through what the passage names, once there is a passage.
    """
    return [Triggers(_forwards(table), migrations.RunPython.noop) for table in tables]


def append_only_again(*tables: str) -> list[Triggers]:
    """As ``append_only``, after a column has been added: SQLite makes the table anew and loses its triggers."""

    def restore(table: str) -> Any:
        forwards = _forwards(table)

        def run(apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "sqlite":
                _drop(schema_editor, table)
                forwards(apps, schema_editor)

        return run

    return [Triggers(restore(table), migrations.RunPython.noop) for table in tables]


def append_only_but(column: str, table: str) -> Triggers:
    """Let one column of an append-only table be written from now on: whose something is to do, and not what it is."""
    forwards = _forwards(table, column)

    def renew(apps: Any, schema_editor: Any) -> None:
        _drop(schema_editor, table)
        forwards(apps, schema_editor)

    return Triggers(renew, migrations.RunPython.noop)


def lets_through(*tables: str) -> list[Triggers]:
    """Operations that make append-only tables from before there was a passage let through what it names."""

    def renew(table: str) -> Any:
        forwards = _forwards(table)

        def run(apps: Any, schema_editor: Any) -> None:
            if table not in schema_editor.connection.introspection.table_names():
                return  # made by a later migration, which knows the passage
            _drop(schema_editor, table)
            forwards(apps, schema_editor)

        return run

    return [Triggers(renew(table), migrations.RunPython.noop) for table in tables]


def _drop(schema_editor: Any, table: str) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for what in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
    else:
        for what in ("rewrite", "truncate"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what} ON {table}")
