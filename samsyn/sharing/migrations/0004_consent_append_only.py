"""What belongs to a consent stays as it was written."""

from __future__ import annotations

from django.db import migrations

from samsyn.common.triggers import append_only, append_only_again


class Migration(migrations.Migration):
    """Triggers on SQLite and PostgreSQL both."""

    dependencies = [("sharing", "0003_consent_as_a_mandate")]
    operations = [
        *append_only_again("sharing_consent", "sharing_consentanswer"),
        *append_only(
            "sharing_consentitem",
            "sharing_consentlimit",
            "sharing_consenttext",
            "sharing_consentwaiver",
            "sharing_consentend",
        ),
    ]
