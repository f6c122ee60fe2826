"""One open plan a team: around a child there may be a team of each authority (0009)."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """One constraint, wider than before: no row that was there can meet it."""

    dependencies = [("plans", "0002_append_only"), ("circle", "0002_one_open_team_an_authority")]

    operations = [
        migrations.RemoveConstraint(model_name="plan", name="one_open_plan_a_child"),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                fields=["team"], condition=~Q(state__in=["closed", "declined"]), name="one_open_plan_a_team"
            ),
        ),
    ]
