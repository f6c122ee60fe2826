"""What was said, agreed, looked back on, marked or changed stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("plans", "0001_initial")]
    operations = append_only("plans_view", "plans_planversion", "plans_review", "plans_wheelmark", "plans_planchange")
