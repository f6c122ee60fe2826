import json
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from samsyn.common import crypto
from samsyn.people.keys import vault_ring
from samsyn.people.vault import WHEREABOUTS


def _seal_with_the_vaults_own_keys(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Who was entered with an assumed identity and hidden stays hidden; names get keys of their own."""
    apps.get_model("people", "Person")._default_manager.filter(protection="assumed").update(protection="protected")
    details: Any = apps.get_model("people", "ProtectedDetails")
    for row in details.objects.select_related("person").iterator():
        place = f"people_protecteddetails|sealed|{row.person.ref}"
        held = dict.fromkeys(WHEREABOUTS, "") | json.loads(crypto.unseal(row.sealed, place=place))
        row.sealed = crypto.seal(json.dumps(held, ensure_ascii=False, sort_keys=True), place=place, ring=vault_ring())
        row.save(update_fields=["sealed"])


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_sign_ins"),
    ]

    operations = [
        migrations.AlterField(
            model_name="person",
            name="protection",
            field=models.CharField(
                choices=[
                    ("none", "None"),
                    ("family", "Hidden for a child's sake"),
                    ("marked", "Confidentiality marking"),
                    ("protected", "Protected registration"),
                ],
                default="none",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["protection"], name="person_by_protection"),
        ),
        migrations.RunPython(_seal_with_the_vaults_own_keys, migrations.RunPython.noop),
    ]
