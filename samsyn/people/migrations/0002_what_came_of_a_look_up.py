from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import samsyn.common.ids


def _fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    look_ups: Any = apps.get_model("people", "LookUp")
    look_ups.objects.filter(found=True).update(outcome="found")
    for row in look_ups.objects.filter(ref=None).only("pk").iterator():
        look_ups.objects.filter(pk=row.pk).update(ref=samsyn.common.ids.new_reference())


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="lookup",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("found", "Found"),
                    ("nobody", "Nobody"),
                    ("unavailable", "Unavailable"),
                    ("ambiguous", "Ambiguous"),
                    ("mistyped", "Mistyped"),
                ],
                default="nobody",
                max_length=11,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="lookup",
            name="ref",
            field=models.UUIDField(default=None, editable=False, null=True),
        ),
        migrations.RunPython(_fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="lookup",
            name="ref",
            field=models.UUIDField(default=samsyn.common.ids.new_reference, editable=False, unique=True),
        ),
        migrations.RemoveField(model_name="lookup", name="found"),
    ]
