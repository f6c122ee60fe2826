"""A Merkle tree with signed roots and witnesses in place of the linear chain; the next tick seals every entry anew."""

import django.db.models.deletion
from django.db import migrations, models

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0002_never_rewritten"),
    ]

    operations = [
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal_ref", models.UUIDField()),
                ("position", models.PositiveBigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leaf", to="trail.trailentry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Root",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal_ref", models.UUIDField()),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("key_id", models.CharField(max_length=64)),
                ("signature", models.BinaryField(max_length=64)),
                ("growth", models.BinaryField(default=b"")),
            ],
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal_ref", models.UUIDField(unique=True)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("peaks", models.BinaryField(default=b"")),
                ("all_sealed_before", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Witness",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal_ref", models.UUIDField()),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("key_id", models.CharField(max_length=64)),
                ("signature", models.BinaryField(max_length=64)),
                ("holder_ref", models.UUIDField()),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.DeleteModel(
            name="Chain",
        ),
        migrations.AddConstraint(
            model_name="root",
            constraint=models.UniqueConstraint(fields=("principal_ref", "size"), name="root_once_per_size"),
        ),
        migrations.AddConstraint(
            model_name="witness",
            constraint=models.UniqueConstraint(
                fields=("holder_ref", "principal_ref", "size"), name="witness_once_per_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="witness",
            constraint=models.CheckConstraint(
                condition=models.Q(("holder_ref", models.F("principal_ref")), _negated=True), name="witness_of_another"
            ),
        ),
        migrations.DeleteModel(
            name="Link",
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(fields=("principal_ref", "position"), name="leaf_once_per_position"),
        ),
        *append_only("trail_leaf", "trail_root", "trail_witness"),
    ]
