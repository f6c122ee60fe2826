"""What was opened in an emergency, and what was found afterwards, stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("sharing", "0008_emergency")]
    operations = append_only("sharing_emergencyaccess", "sharing_emergencyreview")
