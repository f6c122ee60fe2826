"""What was asked, answered, named and handed over stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("sharing", "0001_initial")]
    operations = append_only(
        "sharing_consent",
        "sharing_consentreceiver",
        "sharing_consentanswer",
        "sharing_disclosureitem",
        "sharing_delivery",
    )
