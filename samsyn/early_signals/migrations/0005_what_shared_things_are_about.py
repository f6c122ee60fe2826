"""Rows that shared a talk, five questions or a request before, and questions that named one, learn of which sign."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

WRITTEN = ("Talk", "FiveQuestions", "Request")
NAMED_IN = (("DisclosureItem", "sharing_disclosureitem"), ("ConsentItem", "sharing_consentitem"))
AT_A_TIME = 500


def learn(apps: Any, schema_editor: Any) -> None:
    """Write it where it is missing; rows that are never rewritten are let through by name, as when they are weeded."""
    passage = apps.get_model("trail", "Passage")
    for name, table in NAMED_IN:
        items = apps.get_model("sharing", name).objects.filter(about_ref=None)
        for written in WRITTEN:
            signs = apps.get_model("early_signals", written).objects.filter(sign__isnull=False)
            refs = dict(signs.values_list("ref", "sign__ref").iterator())
            known = list(refs)
            for start in range(0, len(known), AT_A_TIME):
                found = list(items.filter(ref__in=known[start : start + AT_A_TIME]).values_list("pk", "ref"))
                passage.objects.bulk_create(passage(table_name=table, row_id=pk) for pk, _ref in found)
                for pk, ref in found:
                    items.filter(pk=pk).update(about_kind="sign", about_ref=refs[ref])
                passage.objects.filter(table_name=table).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("early_signals", "0004_harm_on_duties"),
        ("sharing", "0014_what_a_shared_thing_is_about"),
        ("trail", "0007_what_was_pressed"),
    ]

    operations: ClassVar = [migrations.RunPython(learn, migrations.RunPython.noop)]
