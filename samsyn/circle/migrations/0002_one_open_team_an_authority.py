"""One open team a child and authority, and one offer of a kind: another authority's may be hidden (0009)."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Two constraints, each wider than before: no row that was there can meet it."""

    dependencies = [("circle", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="handover", name="one_open_handover_a_thing"),
        migrations.RemoveConstraint(model_name="team", name="one_open_team_a_child"),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                fields=["child", "authority", "kind"], condition=Q(state="proposed"), name="one_open_handover_a_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(
                fields=["child", "authority"], condition=~Q(state="closed"), name="one_open_team_an_authority"
            ),
        ),
    ]
