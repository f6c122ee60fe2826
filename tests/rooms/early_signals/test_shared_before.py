"""What was shared before a row said what it was about: the migration writes it, and nobody else rewrites it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from samsyn.common import clock
from samsyn.sharing.actions import Sharing, disclose
from samsyn.sharing.models import Consent, ConsentItem, Disclosure, DisclosureItem
from tests.rooms.retention.world import as_the_owner
from tests.rooms.sharing.test_family import sign_about, talk
from tests.rooms.sharing.world import NOW, lillkoping
from tests.worlds import CommittedWorld

MIGRATION = "samsyn.early_signals.migrations.0005_what_shared_things_are_about"


def test_what_was_shared_or_asked_about_before_learns_of_which_sign_it_was(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        sign = sign_about(world)
        ref = talk(world, sign, world.amal).ref
        ground = Sharing(
            gate="consent",
            consent=world.consent("early team", kinds=("sign",)),
            purpose="Lugna måndagar",
            told="Vi har pratat.",
        )
        items, to = [("sign", sign.ref)], world.units["early team"]
        disclose(world.as_("Bo"), world.signe, world.authorities["school"], to, items, ground)
        shared = DisclosureItem.objects.create(disclosure=Disclosure.objects.get(), kind="talk", ref=ref)
        asked = ConsentItem.objects.create(consent=Consent.objects.get(), kind="talk", ref=ref)
        with as_the_owner(), transaction.atomic():
            import_module(MIGRATION).learn(apps, None)
        for row in (shared, asked):
            row.refresh_from_db()
            assert (row.about_kind, row.about_ref) == ("sign", sign.ref)
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(about_kind="")
        about_itself = DisclosureItem.objects.get(kind="sign")
        assert (about_itself.about_kind, about_itself.about_ref) == ("", None)
