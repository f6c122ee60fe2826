"""What decides who in the family reads stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("sharing", "0006_family")]
    operations = append_only("sharing_familydecision", "sharing_familymark", "sharing_familymet")
