"""What a press sent is kept with its key, as a keyed commitment: another press with the same key is not told as done.

SQLite makes the table anew and gets its triggers back.
"""

from __future__ import annotations

from django.db import migrations, models

from samsyn.common.triggers import append_only_again


class Migration(migrations.Migration):
    """One column. What was sent before is not known."""

    dependencies = [("trail", "0006_counted_reads")]

    operations = [
        migrations.AddField(model_name="command", name="pressed", field=models.BinaryField(default=b"", max_length=64)),
        *append_only_again("trail_command"),
    ]
