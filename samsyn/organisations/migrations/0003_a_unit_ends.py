"""A unit ends, when nothing hangs on it any more."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Three columns and a constraint."""

    dependencies = [("organisations", "0002_board")]

    operations = [
        migrations.AddField(model_name="unit", name="closing_since", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="unit", name="waits_for", field=models.JSONField(default=list)),
        migrations.AddField(model_name="unit", name="ended_on", field=models.DateField(null=True)),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=Q(ended_on=None) | Q(closing_since__isnull=False), name="unit_closes_before_it_ends"
            ),
        ),
    ]
