"""What is written here is never rewritten: triggers refuse it on both databases."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Make the tables append-only."""

    dependencies: ClassVar = [("trail", "0001_initial")]
    operations: ClassVar = append_only(
        "trail_trailentry",
        "trail_trailsubject",
        "trail_link",
        "trail_command",
    )
