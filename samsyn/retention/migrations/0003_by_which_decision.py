"""By which decision a file is kept long."""

from __future__ import annotations

from django.db import migrations, models

from samsyn.common.triggers import append_only_again


class Migration(migrations.Migration):
    """A column; and SQLite, which made the table anew, gets its triggers back."""

    dependencies = [("retention", "0002_what_is_weeded")]

    operations = [
        migrations.AddField(
            model_name="longkept",
            name="decision",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        *append_only_again("retention_longkept"),
    ]
