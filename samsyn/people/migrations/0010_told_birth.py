"""Which number told somebody's birth date: it goes with the number when that was a mistake."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column. Of numbers from before nobody can tell, so the date stays when they are taken back."""

    dependencies = [("people", "0009_custody_of_child")]

    operations = [
        migrations.AddField(model_name="identity", name="told_birth", field=models.BooleanField(default=False)),
    ]
