"""What was opened in an emergency stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("sharing", "0008_emergency")]
    operations = append_only("sharing_emergencyaccess")
