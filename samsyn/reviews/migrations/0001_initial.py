"""Reviews of looks, verdicts and the weeks that have been gone through; all of it is append-only."""

import django.db.models.deletion
from django.db import migrations, models

import samsyn.common.ids
from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField(unique=True)),
                ("looks", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="LogReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("looks", "looks at a child"), ("emergency", "emergency access")], max_length=9
                    ),
                ),
                ("reader_account_ref", models.UUIDField()),
                ("reader_post_label", models.CharField(max_length=200)),
                ("reader_unit_label", models.CharField(max_length=200)),
                ("why", models.JSONField(default=list)),
                ("entries", models.JSONField(default=list)),
                ("key", models.CharField(max_length=200, unique=True)),
                ("made_at", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("in_order", "There was a reason to look"),
                            ("not_in_order", "There was no reason to look"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
                    ),
                ),
                (
                    "by_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="reviews.logreview"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="logreview",
            index=models.Index(fields=["reviewer", "-made_at"], name="reviews_log_reviewe_623abd_idx"),
        ),
        migrations.AddIndex(
            model_name="logreview",
            index=models.Index(fields=["reader_account_ref", "made_at"], name="reviews_log_reader__4bbf98_idx"),
        ),
        *append_only("reviews_logreview", "reviews_verdict", "reviews_round"),
    ]
