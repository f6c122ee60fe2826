"""Duties that were open before they said themselves that harm is feared."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def say_that_harm_is_feared(apps: Any, schema_editor: Any) -> None:
    """As the sign that each is about says it."""
    feared = apps.get_model("early_signals", "Sign").objects.filter(harm_feared=True)
    apps.get_model("duties", "Duty").objects.filter(object_ref__in=feared.values("ref")).update(harm_feared=True)


class Migration(migrations.Migration):
    """No table is changed."""

    dependencies = [("early_signals", "0003_consultation"), ("duties", "0003_duty_harm_feared")]

    operations = [migrations.RunPython(say_that_harm_is_feared, migrations.RunPython.noop)]
