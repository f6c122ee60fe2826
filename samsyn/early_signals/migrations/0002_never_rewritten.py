"""What is written here is never rewritten: triggers refuse it on both databases."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from samsyn.common.triggers import append_only


class Migration(migrations.Migration):
    """Make the tables append-only."""

    dependencies: ClassVar = [("early_signals", "0001_initial")]
    operations: ClassVar = append_only(
        "early_signals_talk",
        "early_signals_fivequestions",
        "early_signals_requeststep",
    )
