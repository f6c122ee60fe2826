"""What belongs to a consent as a living mandate. Nothing had been released when this was written: no answer is older."""

from __future__ import annotations

import datetime

import django.db.models.deletion
from django.db import migrations, models

import samsyn.common.ids


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
        ("sharing", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ConsentItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("ref", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="ConsentLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("words", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=12)),
                ("sealed", models.BinaryField()),
                ("digest", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="ConsentWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ref", models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True)),
                ("ground", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                ("decision_number", models.CharField(blank=True, max_length=60)),
                ("decided_on", models.DateField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="consent",
            name="child_part",
            field=models.CharField(
                choices=[
                    ("heard", "The guardians answer. The child is listened to."),
                    ("together", "The guardians and the child answer together."),
                    ("alone", "The young person answers alone."),
                ],
                default="heard",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="child_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="errand",
            field=models.CharField(
                choices=[
                    ("team", "to work together in a team"),
                    ("help", "to ask somebody for help"),
                    ("plan", "to have a plan"),
                    ("handover", "to let somebody new take over"),
                    ("other", "something else"),
                ],
                default="other",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="measure",
            field=models.CharField(
                choices=[
                    ("sharing", "sharing"),
                    ("advice", "advice"),
                    ("without_assessment", "without_assessment"),
                    ("with_assessment", "with_assessment"),
                    ("open_treatment", "open_treatment"),
                    ("contact_person", "contact_person"),
                    ("psychiatric_care", "psychiatric_care"),
                    ("placement", "placement"),
                ],
                default="sharing",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="renews",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="renewals", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="since",
            field=models.DateField(default=datetime.date(2025, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consent",
            name="template",
            field=models.CharField(default="share", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consent",
            name="template_version",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consentanswer",
            name="evidence",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="involvement",
            name="consent",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.consent"
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="form",
            field=models.CharField(
                choices=[("oral", "said"), ("written", "written"), ("e_signed", "signed electronically")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="consentanswer",
            name="form",
            field=models.CharField(
                choices=[("oral", "said"), ("written", "written"), ("e_signed", "signed electronically")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="consentanswer",
            name="recorded_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["child", "until"], name="sharing_con_child_i_221e7c_idx"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["until"], name="sharing_con_until_080d05_idx"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gte", models.F("since"))), name="consent_interval"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("child_part", "heard"), models.Q(("child_reason", ""), _negated=True), _connector="OR"
                ),
                name="consent_by_a_child_has_a_reason",
            ),
        ),
        migrations.AddField(
            model_name="consentend",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="ends", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentend",
            name="last_yes",
            field=models.ForeignKey(
                default=1,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.consentanswer",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="consentitem",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="items", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentlimit",
            name="answer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="limits",
                to="sharing.consentanswer",
            ),
        ),
        migrations.AddField(
            model_name="consentlimit",
            name="authority",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
            ),
        ),
        migrations.AddField(
            model_name="consentlimit",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentlimit",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
            ),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentanswer",
            name="text",
            field=models.ForeignKey(
                default=1, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.consenttext"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recorded_by__isnull", False),
                    models.Q(("form", "e_signed"), ("recorded_by_person", models.F("giver"))),
                    _connector="OR",
                ),
                name="own_answer_is_signed_by_the_giver",
            ),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="authority",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.authority"
            ),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="child",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="waivers", to="sharing.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="guardian",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.post"
            ),
        ),
        migrations.AddField(
            model_name="consentwaiver",
            name="recorded_by_person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddConstraint(
            model_name="consentitem",
            constraint=models.UniqueConstraint(fields=("consent", "kind", "ref"), name="consent_item_once"),
        ),
        migrations.AddConstraint(
            model_name="consentlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("authority", None), ("unit", None), _connector="OR"), name="consent_limit_names_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("authority__isnull", False),
                    ("unit__isnull", False),
                    models.Q(("kind", ""), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="consent_limit_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(fields=("consent", "language"), name="consent_text_once_a_language"),
        ),
        migrations.AddConstraint(
            model_name="consentwaiver",
            constraint=models.UniqueConstraint(fields=("consent", "guardian"), name="consent_waiver_once"),
        ),
        migrations.AddConstraint(
            model_name="consentwaiver",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="consent_waiver_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentwaiver",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ground", "board_may_override"), _negated=True),
                    models.Q(("decision_number", ""), _negated=True),
                    _connector="OR",
                ),
                name="consent_overridden_by_a_numbered_decision",
            ),
        ),
    ]
