"""What was decided about somebody's protection, and who was let know, stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("protection", "0001_initial")]
    operations = append_only("protection_marking", "protection_insight")
