"""What a row of the ledger says of need, views and telling; what the family says against it, beside it for good."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

import samsyn.common.ids
from samsyn.common.triggers import append_only


def say_what_older_rows_know(apps: Any, schema_editor: Any) -> None:
    """Rows from before kept one text for all of it, written the day they were made."""
    rows = apps.get_model("sharing", "Disclosure").objects
    rows.exclude(told="").update(told_on=F("since"), told_how="talk")
    rows.exclude(gate__in=("consent", "own_authority")).update(
        needed_because=F("purpose"), not_less_because=F("purpose")
    )


class Migration(migrations.Migration):
    """Columns, three tables and their triggers."""

    dependencies = [
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
        ("sharing", "0004_consent_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Challenge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ChallengeAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("kept", "It stays as it was."), ("closed", "What was open has been closed.")],
                        max_length=6,
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClaimOfError",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                ("kind", models.CharField(max_length=20)),
                ("item_ref", models.UUIDField()),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="disclosure",
            name="digest",
            field=models.BinaryField(default=b"", max_length=32),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="needed_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="not_less_because",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="recorded",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[("talk", "in a talk"), ("telephone", "by telephone"), ("writing", "in writing")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="told_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="views",
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name="involvement",
            name="reason",
            field=models.CharField(
                choices=[
                    ("attends", "the child belongs to your unit"),
                    ("noticed", "you noted an early sign"),
                    ("named_person", "you are the named person"),
                    ("answers_request", "you help on a request that your unit has accepted"),
                    ("offered", "something about the child has been offered to you"),
                    ("team", "you are in the team around the child"),
                    ("asked", "you asked for consent about the child"),
                    ("handed_over", "you offered somebody to take over a responsibility for the child"),
                    ("passed_on", "you passed something about the child on"),
                    ("challenged", "somebody in the family waits for your answer"),
                ],
                max_length=20,
            ),
        ),
        migrations.RunPython(say_what_older_rows_know, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told", ""), ("told_how", ""), ("told_on", None)),
                    models.Q(
                        models.Q(("told", ""), _negated=True),
                        ("told_on__isnull", False),
                        models.Q(("told_how", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="disclosure_told_when_and_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gate__in", ("consent", "own_authority")),
                    models.Q(
                        models.Q(("needed_because", ""), _negated=True),
                        models.Q(("not_less_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="disclosure_says_why_and_why_not_less",
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="challenge",
            name="child",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="challenge",
            name="disclosure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="challenges", to="sharing.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="recorded_by_person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddField(
            model_name="challengeanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
            ),
        ),
        migrations.AddField(
            model_name="challengeanswer",
            name="answered_by_person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="challengeanswer",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
            ),
        ),
        migrations.AddField(
            model_name="challengeanswer",
            name="challenge",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="sharing.challenge"
            ),
        ),
        migrations.AddField(
            model_name="challengeanswer",
            name="child",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="claimoferror",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
            ),
        ),
        migrations.AddField(
            model_name="claimoferror",
            name="by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="claimoferror",
            name="child",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="claimoferror",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
            ),
        ),
        migrations.AddField(
            model_name="claimoferror",
            name="recorded_by_person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="claimoferror",
            index=models.Index(fields=["item_ref"], name="sharing_cla_item_re_48249d_idx"),
        ),
        *append_only("sharing_challenge", "sharing_challengeanswer", "sharing_claimoferror"),
    ]
