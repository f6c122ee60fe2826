"""Signe's file, finished in the autumn of 2026, and the years after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db.models import Model

from samsyn.circle.models import NamedPerson, Team
from samsyn.common import clock
from samsyn.duties.models import Duty
from samsyn.plans.models import Plan
from samsyn.sharing.actions import Sharing, disclose
from samsyn.sharing.models import Consent, Involvement, Way
from samsyn.site.second_lock.logins import sign_in_as
from tests.rooms.plans.world import NOW, Around, around_signe

WORDS = "Lugna måndagar"
"""Stands in the question for consent, and so in several rows of the school's file."""
COPY = "Signe går i 2B."
LATER = NOW.replace(year=2033)


@contextmanager
def as_the_owner() -> Iterator[None]:
    """Weeding is done by the owner of the tables."""
    sign_in_as("owner")
    try:
        yield
    finally:
        sign_in_as("house")


def finished(*, delivered: bool = False) -> Around:
    """A plan with everything around it, all of it closed. ``delivered``: social services got a copy of the plan."""
    world = around_signe()
    plan = world.in_force()
    if delivered:
        ground = Sharing(
            gate="consent",
            purpose=WORDS,
            told="Vi läste den tillsammans.",
            consent=Consent.objects.get(child=world.signe),
            way=Way.DELIVERED,
            rendering=COPY,
        )
        disclose(world.bo, world.signe, world.school, world.early_team, [("plan", plan.ref)], ground)
    finish(world)
    return world


def finish(world: Around) -> Around:
    """Close everything that is open, by plain rows."""
    now = clock.now()
    Plan.objects.update(state="closed", closed_at=now, how_to_reach_us="Ring Bo.")
    Team.objects.update(state="closed", closed_at=now)
    Duty.objects.filter(state="open").update(state="done", ended_at=now)
    NamedPerson.objects.filter(until=None).update(until=now)
    Involvement.objects.update(until=now)
    return world


def values(*but: type[Model]) -> Iterator[tuple[str, Any]]:
    """Every value that stands in the database, with where it stands."""
    for model in apps.get_models(include_auto_created=True):
        if model not in but:
            for row in model._base_manager.values():
                for name, value in row.items():
                    yield f"{model._meta.label}.{name}", value


def where(*words: str) -> list[str]:
    """Where any of the words, or of the references, stands in the database."""
    return sorted(
        {
            place
            for place, value in values()
            if any(
                word in (bytes(value).decode("utf-8", "ignore") if _is_bytes(value) else str(value)) for word in words
            )
        }
    )


def _is_bytes(value: Any) -> bool:
    return isinstance(value, bytes | memoryview)
