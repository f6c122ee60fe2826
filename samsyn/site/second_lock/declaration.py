"""Which tables hold a child's data, and the condition under which the reading role sees a row of each.

Most conditions follow from how a model says that it is seen (``seen``). Tables that say nothing of the kind are
declared below, each with its condition; a model with a child's data that is in neither place fails a test and the
start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import ForeignKey, Model

from samsyn.common.models import SeenAsPerson, SeenByChild, SeenByPost
from samsyn.people.models import Person

NEVER = "false"
"""No request reads the table; actions and the house do."""

AROUND = "(SELECT second_lock.persons())::bigint[]"
MINE = "(SELECT second_lock.post())"
NOW = "since <= (SELECT second_lock.moment()) AND (until IS NULL OR until > (SELECT second_lock.moment()))"
HERE = "((SELECT second_lock.units())::bigint[])"

FACTS_FIRST = frozenset({"sharing.Involvement", "sharing.Disclosure"})

BY_HAND: dict[str, str] = {
    "people.Guardianship": f"child_id = ANY ({AROUND})",
    "people.ProtectedDetails": f"person_id = ANY ({AROUND})",
    "people.Identity": NEVER,
    "people.LookUp": "account_id = (SELECT second_lock.account())",
    "sharing.ConsentReceiver": "EXISTS (SELECT FROM sharing_consent held WHERE held.id = consent_id)",
    "sharing.DisclosureItem": "EXISTS (SELECT FROM sharing_disclosure held WHERE held.id = disclosure_id)",
}
"""Machinery without a way of its own to be seen: a part is seen with its whole."""

OPEN: dict[str, str] = {
    "organisations.Holding": "who holds a post is public",
    "organisations.Absence": "that a member of staff is away, without a reason, is known to those who ask that post",
    "people.Account": "signing in reads it before anybody is told; it names nobody",
}
"""Tables that point at a person, or at a table with a child's data, and hold no child's data themselves; and why."""

ALSO: dict[str, str] = {
    "people.Person": (
        "id = (SELECT second_lock.person())"
        " OR EXISTS (SELECT FROM organisations_holding held WHERE held.person_id = people_person.id)"
        " OR EXISTS (SELECT FROM duties_duty held WHERE held.child_id = people_person.id AND held.state = 'open')"
    ),
    "sharing.Consent": (
        "EXISTS (SELECT FROM sharing_disclosure held WHERE held.consent_id = sharing_consent.id)"
        " OR EXISTS (SELECT FROM circle_team held WHERE held.consent_id = sharing_consent.id)"
    ),
    "sharing.ConsentAnswer": "EXISTS (SELECT FROM sharing_consent held WHERE held.id = consent_id)",
    "sharing.Involvement": (
        f"{NOW} AND {MINE} IS NOT NULL AND (post_id = {MINE} OR (post_id IS NULL AND unit_id = ANY {HERE}"
        f" AND (unit_id = {HERE}[1] OR scope = 'find')))"
    ),
    "sharing.Disclosure": "id = ANY ((SELECT second_lock.opened())::bigint[])",
}
"""What a request reads besides what ``visible_to`` gives: names of staff and of the child of an own open duty, the yes
that something readable rests on, and the facts that the predicate itself asks for.

Each was found by reading every page with and without the lock (tests/two_locks/test_pages.py). A table that is named
inside a condition is itself behind its policy there.
"""


@dataclass(frozen=True)
class Locked:
    """A table with a child's data. ``condition``: SQL that holds for the rows a request may read."""

    table: str
    condition: str


class NotDeclared(LookupError):
    """A model holds a child's data, and nothing says who may read it."""


def own_models() -> list[type[Model]]:
    """Every model of the house, those without a class of their own included."""
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("samsyn.")]


def locked() -> list[Locked]:
    """Every table with a child's data, and its condition.

    Raises NotDeclared for a model that has none.
    """
    return list(_locked())


def _locked() -> Iterator[Locked]:
    for model in own_models():
        condition = _condition(model)
        if condition is not None:
            yield Locked(model._meta.db_table, condition)
        elif model._meta.label not in OPEN and _points_at_a_child(model):
            raise NotDeclared(
                f"{model._meta.label} holds a child's data, and samsyn/site/second_lock/declaration.py does not say "
                "who reads it: declare how it is seen, or add it there."
            )


def _condition(model: type[Model]) -> str | None:
    seen = getattr(model, "seen", None)
    label = model._meta.label
    if isinstance(seen, SeenByChild):
        own = _by_child(model, seen)
    elif isinstance(seen, SeenAsPerson):
        own = f"id = ANY ({AROUND})"
    elif isinstance(seen, SeenByPost):
        own = _by_post(model, seen)
    else:
        return BY_HAND.get(label)
    if label not in ALSO:
        return own
    # What PostgreSQL finds first it need not look further for: the predicate's own facts come before, the rest after.
    return f"({ALSO[label]}) OR {own}" if label in FACTS_FIRST else f"{own} OR {ALSO[label]}"


def _by_child(model: type[Model], seen: SeenByChild) -> str:
    things = f"(SELECT second_lock.things('{seen.kind}'))::uuid[]"
    parent, _, last = seen.item.rpartition("__")
    if parent:
        table = model._meta.get_field(parent).related_model._meta.db_table  # type: ignore[union-attr]
        item = f"{parent}_id = ANY ((SELECT second_lock.rows_of_{table}('{seen.kind}'))::bigint[])"
    else:
        item = f"{last} = ANY ({things})"
    whole = "(SELECT second_lock.whole())::bigint[]"
    condition = (
        f"({seen.authority}_id = (SELECT second_lock.authority()) AND {seen.child}_id = ANY ({whole})) OR {item}"
    )
    if seen.draft_of:
        condition = f"({condition}) AND (state <> 'draft' OR {seen.draft_of}_id = {MINE})"
    return condition


def _by_post(model: type[Model], seen: SeenByPost) -> str:
    ways = [f"{seen.post}_id = {MINE}"]
    way, _, last = seen.copies.rpartition("__")
    if way:
        copy = model._meta.get_field(way)
        table, back = copy.related_model._meta.db_table, copy.remote_field.column  # type: ignore[union-attr]
        own = f"copy.{back} = {model._meta.db_table}.id"
        ways.append(f"EXISTS (SELECT FROM {table} copy WHERE {own} AND copy.{last}_id = {MINE})")
    elif last:
        ways.append(f"{last}_id = {MINE}")
    if seen.account:
        ways.append(f"{seen.account}_id = (SELECT second_lock.account())")
    return " OR ".join(ways)


def parents() -> list[str]:
    """Tables whose parts are seen when the whole was opened as one thing: plans, teams, requests, consents."""
    found = set()
    for model in own_models():
        seen = getattr(model, "seen", None)
        parent = seen.item.rpartition("__")[0] if isinstance(seen, SeenByChild) else ""
        if parent:
            found.add(model._meta.get_field(parent).related_model._meta.db_table)  # type: ignore[union-attr]
    return sorted(found)


def _points_at_a_child(model: type[Model]) -> bool:
    if getattr(model, "seen", None) is None and not model._meta.auto_created:
        return False
    for field in model._meta.get_fields():
        target = field.related_model if isinstance(field, ForeignKey) else None
        if target is Person or (isinstance(target, type) and _condition(target) is not None):
            return True
    return False
