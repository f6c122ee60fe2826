"""Migration operations for what may never be rewritten: triggers on SQLite and PostgreSQL both."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_SQLITE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END;
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION samsyn_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER {table}_no_rewrite BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION samsyn_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION samsyn_append_only();
"""


def _forwards(table: str) -> Any:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            for statement in _SQLITE.format(table=table).strip().split("END;"):
                if statement.strip():
                    schema_editor.execute(statement + "END;")
        else:
            schema_editor.execute(_POSTGRESQL.format(table=table), params=None)

    return run


def append_only(*tables: str) -> list[migrations.RunPython]:
    """Operations that make ``tables`` refuse UPDATE, DELETE and TRUNCATE. There is no way back but a new migration."""
    return [migrations.RunPython(_forwards(table), migrations.RunPython.noop) for table in tables]


def append_only_again(*tables: str) -> list[migrations.RunPython]:
    """As ``append_only``, after a column has been added: SQLite makes the table anew and loses its triggers."""

    def restore(table: str) -> Any:
        forwards = _forwards(table)

        def run(apps: Any, schema_editor: Any) -> None:
            if schema_editor.connection.vendor == "sqlite":
                for what in ("update", "delete"):
                    schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}")
                forwards(apps, schema_editor)

        return run

    return [migrations.RunPython(restore(table), migrations.RunPython.noop) for table in tables]
