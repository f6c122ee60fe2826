"""The words of questions that were sealed with the master keys are sealed anew with a key of child and file."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from samsyn.common import crypto
from samsyn.common.batches import in_batches

TABLE = "sharing_consenttext"


def _seal_with_own_keys(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Through the passage, since the table is append-only: the words and their digest stay what they were."""
    texts: Any = apps.get_model("sharing", "ConsentText")
    keys: Any = apps.get_model("people", "PersonKey")
    passage: Any = apps.get_model("trail", "Passage")
    made: dict[tuple[Any, Any], crypto.KeyRing] = {}
    for some in in_batches(list(texts.objects.exclude(sealed=b"").order_by("pk").values_list("pk", flat=True))):
        rows = list(texts.objects.filter(pk__in=some).select_related("consent__child", "consent__authority"))
        passage.objects.bulk_create(passage(table_name=TABLE, row_id=row.pk) for row in rows)
        for row in rows:
            file = row.consent.child.ref, row.consent.authority.ref
            if file not in made:
                place = f"people_personkey|wrapped|{file[0]} text {file[1]}"
                wrapped = crypto.wrapped_key(place=place)
                keys.objects.create(person_ref=file[0], use="text", authority_ref=file[1], wrapped=wrapped)
                made[file] = crypto.unwrapped(wrapped, place=place, name="text")
            place = f"{TABLE}|sealed|{row.consent.ref} {row.language}"
            row.sealed = crypto.seal(crypto.unseal(row.sealed, place=place), place=place, ring=made[file])
            row.save(update_fields=["sealed"])
        passage.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0010_what_for"),
        ("people", "0005_personkey"),
        ("trail", "0005_passage"),
        ("retention", "0002_what_is_weeded"),
    ]

    operations = [migrations.RunPython(_seal_with_own_keys)]
