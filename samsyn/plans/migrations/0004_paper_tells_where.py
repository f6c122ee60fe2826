"""A paper that names the child and places is not fetched once somebody in the family is protected."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column. What was made before is taken to tell them: it is made anew when it is asked for."""

    dependencies = [("plans", "0003_one_open_plan_a_team")]

    operations = [
        migrations.AddField(model_name="planpaper", name="tells_where", field=models.BooleanField(default=True)),
    ]
