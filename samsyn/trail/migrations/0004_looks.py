"""What the family is not told of looks, and whose name it is told."""

import django.db.models.deletion
from django.db import migrations, models

import samsyn.common.ids
from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0003_merkle"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_ref", models.UUIDField()),
                ("person_ref", models.UUIDField()),
                ("person_label", models.CharField(max_length=200)),
                ("post_ref", models.UUIDField()),
                ("post_label", models.CharField(max_length=200)),
                ("unit_label", models.CharField(max_length=200)),
                ("principal_ref", models.UUIDField()),
                ("child_ref", models.UUIDField()),
                ("named_ref", models.UUIDField()),
                ("because", models.TextField()),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("child_ref", "named_ref"), name="named_once_a_child")],
            },
        ),
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_ref", models.UUIDField()),
                ("person_ref", models.UUIDField()),
                ("person_label", models.CharField(max_length=200)),
                ("post_ref", models.UUIDField()),
                ("post_label", models.CharField(max_length=200)),
                ("unit_label", models.CharField(max_length=200)),
                ("principal_ref", models.UUIDField()),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                ("child_ref", models.UUIDField()),
                ("unit_ref", models.UUIDField(null=True)),
                ("thing_ref", models.UUIDField(null=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("because", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("look_again_on", models.DateField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["child_ref"], name="trail_withh_child_r_ecd27d_idx"),
                    models.Index(fields=["look_again_on"], name="trail_withh_look_ag_748831_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("thing_ref__isnull", False), ("unit_ref", None)),
                            models.Q(("thing_ref", None), ("unit_ref__isnull", False)),
                            _connector="OR",
                        ),
                        name="withheld_is_a_unit_or_a_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("because", ""), _negated=True), name="withheld_for_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WithholdingStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_ref", models.UUIDField()),
                ("person_ref", models.UUIDField()),
                ("person_label", models.CharField(max_length=200)),
                ("post_ref", models.UUIDField()),
                ("post_label", models.CharField(max_length=200)),
                ("unit_label", models.CharField(max_length=200)),
                ("principal_ref", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("lifted", models.BooleanField()),
                ("look_again_on", models.DateField(null=True)),
                ("words", models.TextField()),
                (
                    "withholding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="trail.withholding"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted", True), ("look_again_on", None)),
                            models.Q(("lifted", False), ("look_again_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="withheld_further_until_a_day",
                    )
                ],
            },
        ),
        *append_only("trail_withholding", "trail_withholdingstep", "trail_namedecision"),
    ]
