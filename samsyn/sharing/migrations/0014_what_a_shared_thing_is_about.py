"""What is shared, or named in a question, keeps what it was written about. Rows from before: in ``early_signals``."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from samsyn.common.triggers import append_only_again


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0013_came_back")]

    operations: ClassVar = [
        migrations.AddField("consentitem", "about_kind", models.CharField(blank=True, max_length=20)),
        migrations.AddField("consentitem", "about_ref", models.UUIDField(null=True)),
        migrations.AddField("disclosureitem", "about_kind", models.CharField(blank=True, max_length=20)),
        migrations.AddField("disclosureitem", "about_ref", models.UUIDField(null=True)),
        *append_only_again("sharing_consentitem", "sharing_disclosureitem"),
    ]
