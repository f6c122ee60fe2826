"""When somebody's names became others: whoever had custody before does not read the name that is newer than its end."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column. Of changes from before nobody can tell, so those names stay."""

    dependencies = [("people", "0010_told_birth")]

    operations = [
        migrations.AddField(model_name="person", name="named_at", field=models.DateTimeField(null=True)),
    ]
