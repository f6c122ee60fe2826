"""A data key of their own for each person, and what was sealed with the master keys sealed anew with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import samsyn.common.viewer
from samsyn.common import crypto
from samsyn.common.batches import in_batches
from samsyn.people.keys import vault_ring

Ring = Callable[[], crypto.KeyRing]


def _seal_with_own_keys(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """One form from now on: a value that a master key opens is no more. Keys are needed only where there are values."""
    _seal_anew(apps, "Identity", "people_identity", "number", crypto.ring_from_settings)
    _seal_anew(apps, "ProtectedDetails", "people_protecteddetails", "vault", vault_ring)


def _seal_anew(apps: Apps, name: str, table: str, use: str, master: Ring) -> None:
    model: Any = apps.get_model("people", name)
    keys: Any = apps.get_model("people", "PersonKey")
    made: dict[Any, crypto.KeyRing] = {}
    for some in in_batches(list(model.objects.order_by("person", "pk").values_list("pk", flat=True))):
        rows = list(model.objects.filter(pk__in=some).select_related("person"))
        new = []
        for row in rows:
            ref, ring = row.person.ref, master()
            if ref not in made:
                place = f"people_personkey|wrapped|{ref} {use} {samsyn.common.viewer.NOBODY}"
                new.append(keys(person_ref=ref, use=use, wrapped=crypto.wrapped_key(place=place, ring=ring)))
                made[ref] = crypto.unwrapped(new[-1].wrapped, place=place, name=use, ring=ring)
            place = f"{table}|sealed|{ref}"
            row.sealed = crypto.seal(crypto.unseal(row.sealed, place=place, ring=ring), place=place, ring=made[ref])
        keys.objects.bulk_create(new)
        model.objects.bulk_update(rows, ["sealed"])


class Migration(migrations.Migration):
    dependencies = [("people", "0004_levels_of_protection")]

    operations = [
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_ref", models.UUIDField()),
                (
                    "use",
                    models.CharField(
                        choices=[("number", "Number"), ("vault", "Vault"), ("text", "Text")], max_length=6
                    ),
                ),
                ("authority_ref", models.UUIDField(default=samsyn.common.viewer.NOBODY)),
                ("wrapped", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person_ref", "use", "authority_ref"), name="person_key_once")
                ],
            },
        ),
        migrations.RunPython(_seal_with_own_keys),
    ]
