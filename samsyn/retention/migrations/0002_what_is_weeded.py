"""What the room writes stays as it was written, and what goes with a file can go, by the passage alone."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import WEEDED, append_only, lets_through

OWN = append_only("retention_retentionplan", "retention_longkept", "retention_weeding", "retention_tombstone")


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both, of the tables that there are when the room comes."""

    dependencies = [
        ("retention", "0001_initial"),
        ("trail", "0005_passage"),
        ("protection", "0002_append_only"),
        ("reviews", "0001_initial"),
        ("sharing", "0009_emergency_append_only"),
        ("early_signals", "0002_never_rewritten"),
        ("plans", "0002_append_only"),
    ]
    operations = [*OWN, *lets_through(*sorted(WEEDED - {"retention_longkept"}))]
