"""No row of the ledger without what it is for."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import Q

NOT_WRITTEN = "–"


def say_that_nothing_was_written(apps: Any, schema_editor: Any) -> None:
    """Rows from before, if any page ever let one through."""
    apps.get_model("sharing", "Disclosure").objects.filter(purpose="").update(purpose=NOT_WRITTEN)


class Migration(migrations.Migration):
    """A constraint. The table has no trigger that SQLite could lose."""

    dependencies = [("sharing", "0009_emergency_append_only")]

    operations = [
        migrations.RunPython(say_that_nothing_was_written, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(condition=~Q(purpose=""), name="disclosure_says_what_for"),
        ),
    ]
