"""How many keys were destroyed; and SQLite, which makes the table anew, gets its triggers back."""

from __future__ import annotations

from django.db import migrations, models

from samsyn.common.triggers import append_only_again


class Migration(migrations.Migration):
    dependencies = [("retention", "0003_by_which_decision")]

    operations = [
        migrations.AddField(model_name="tombstone", name="keys", field=models.PositiveIntegerField(default=0)),
        *append_only_again("retention_tombstone"),
    ]
