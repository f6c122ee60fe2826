"""Which tables hold a child's data, and the condition under which the reading role sees a row of each.

Most conditions follow from how a model says that it is seen (``seen``). Tables that say nothing of the kind are
declared below, each with its condition; a model with a child's data that is in neither place fails a test and the
start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

from samsyn.common.models import SeenAsPerson, SeenByChild, SeenByPost
from samsyn.people.models import Person
from samsyn.site.second_lock import family

NEVER = "false"
"""No request reads the table; actions and the house do."""

CHILDREN = "(SELECT second_lock.children())::bigint[]"
GUARDIANS = "(SELECT second_lock.guardians())::bigint[]"
READABLE = "(SELECT second_lock.readable())::bigint[]"
CUSTODIANS = "(SELECT second_lock.custodians())::bigint[]"
MINE = "(SELECT second_lock.post())"
NOW = "since <= second_lock.moment() AND (until IS NULL OR until > second_lock.moment())"
REACHED = (
    "CASE WHEN post_id IS NOT NULL THEN 'post ' || post_id WHEN scope = 'find' THEN 'find ' || unit_id"
    " ELSE 'unit ' || unit_id END = ANY ((SELECT second_lock.reached())::text[])"
)

FACTS_FIRST = frozenset({"sharing.Involvement", "sharing.Disclosure"})

KNOWN = "(SELECT second_lock.known())::bigint[]"
KIN_PERSONS = "(SELECT second_lock.kin_persons())::bigint[]"
ME = "(SELECT second_lock.person())"
STAFF = "EXISTS (SELECT FROM organisations_holding held WHERE held.person_id = {})"
WHOLE_FILE = "(SELECT second_lock.whole())::bigint[]"
HIDDEN = "(SELECT second_lock.hidden())::bigint[]"
KIN = "(SELECT second_lock.kin_children())::bigint[]"
OF_CONSENT = "consent_id = ANY ((SELECT second_lock.seen_sharing_consent())::bigint[])"
WHOLE = ("circle.Team", "sharing.Consent", "sharing.Disclosure")
"""Models whose seen rows a function gives as one array, for their parts and for what rests on them. A condition that
named their tables instead would make PostgreSQL plan all of their policies inside each other's.
"""


def _among(person: str, *arrays: str) -> str:
    """Is the person in one of the arrays? The later ones are gathered when the first do not hold it."""
    return " OR ".join(f"{person} = ANY ({one})" for one in arrays)


def _around(person: str) -> str:
    """Is the person a child around the post, or has custody of one?"""
    return _among(person, CHILDREN, GUARDIANS)


def _vault_of(person: str) -> str:
    """Whose names may be opened: one's own, those of colleagues and of those around who exist for the asker.

    Most rows of the vault are of persons who do not exist for whoever asks: that is asked first.
    """
    return (
        f"{person} = {ME} OR ({person} <> ALL ({HIDDEN})"
        f" AND ({STAFF.format(person)} OR {_around(person)} OR {person} = ANY ({KIN_PERSONS})))"
    )


BY_HAND: dict[str, str] = {
    "people.Guardianship": f"{_around('child_id')} OR child_id = ANY ({KIN}) OR child_id = ANY ({KNOWN})",
    "people.ProtectedDetails": _vault_of("people_protecteddetails.person_id"),
    # With whatever it opens that a request reads; keys of numbers, which no page shows, never.
    "people.PersonKey": (
        f"(use = 'vault' AND ({_vault_of('second_lock.person_with(people_personkey.person_ref)')}))"
        " OR (use = 'text' AND second_lock.reads_texts(person_ref, authority_ref))"
    ),
    "protection.Insight": (
        f"post_id = {MINE} OR account_id = (SELECT second_lock.account()) OR person_id = ANY ({KNOWN})"
    ),
    "protection.Marking": f"person_id <> ALL ({HIDDEN}) AND ({_around('person_id')})",
    "people.Identity": NEVER,
    "retention.RegisterExtract": "account_id = (SELECT second_lock.account())",
    "people.LookUp": "account_id = (SELECT second_lock.account())",
    "sharing.ConsentEnd": OF_CONSENT,
    "sharing.ConsentItem": OF_CONSENT,
    "sharing.ConsentLimit": OF_CONSENT,
    "sharing.ConsentReceiver": OF_CONSENT,
    "sharing.ConsentText": OF_CONSENT,
    "sharing.DisclosureItem": "disclosure_id = ANY ((SELECT second_lock.seen_sharing_disclosure())::bigint[])",
    "sharing.FamilyMet": (f"person_id = (SELECT second_lock.kin()) OR child_id = ANY ({WHOLE_FILE})"),
}
"""Machinery without a way of its own to be seen: a part is seen with its whole."""

OPEN: dict[str, str] = {
    "organisations.Holding": "who holds a post is public",
    "organisations.Absence": "that a member of staff is away, without a reason, is known to those who ask that post",
    "people.Account": "signing in reads it before anybody is told; it names nobody",
}
"""Tables that point at a person, or at a table with a child's data, and hold no child's data themselves; and why."""

ALSO: dict[str, str] = {
    "sharing.Consent": "id = ANY ((SELECT second_lock.rested_on())::bigint[])",
    "sharing.ConsentAnswer": OF_CONSENT,
    "sharing.Involvement": (f"({NOW} AND {REACHED} AND child_id <> ALL ({HIDDEN})) OR child_id = ANY ({KNOWN})"),
    "sharing.FamilyDecision": "whom_id = (SELECT second_lock.kin())",
    "sharing.FamilyMark": f"child_id = ANY ({KIN})",
    "sharing.Disclosure": f"id = ANY ((SELECT second_lock.opened())::bigint[]) AND child_id <> ALL ({HIDDEN})",
}
"""What a request reads besides what ``visible_to`` gives: that a guardian is protected, who else may know of a
protected person one knows of, the yes that something readable rests on, and the facts that the predicate itself asks
for. Names of staff and of the child of an own open duty stand with the persons themselves (``_condition``).

Each was found by reading every page with and without the lock (tests/two_locks/test_pages.py).
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
        # Colleagues first: an index finds them, and the functions need not be asked.
        own = f"{STAFF.format('people_person.id')} OR {_among('id', READABLE, CUSTODIANS)}"
    elif isinstance(seen, SeenByPost):
        own = _by_post(model, seen)
    else:
        return BY_HAND.get(label)
    if label not in ALSO:
        return own
    # What PostgreSQL finds first it need not look further for: the predicate's own facts come before, the rest after.
    return f"({ALSO[label]}) OR {own}" if label in FACTS_FIRST else f"{own} OR {ALSO[label]}"


def _by_child(model: type[Model], seen: SeenByChild) -> str:
    first, _, rest = seen.item.partition("__")
    if rest:
        parts = "_".join(_tables(model, seen.item))
        item = f"{first}_id = ANY ((SELECT second_lock.rows_of_{parts}('{seen.kind}'))::bigint[])"
    else:
        item = f"{first} = ANY ((SELECT second_lock.things('{seen.kind}'))::uuid[])"
    # Asked in the order of how often it is the reason; who is hidden is left out of the first already.
    whole = f"{seen.authority}_id = (SELECT second_lock.authority()) AND {seen.child}_id = ANY ({WHOLE_FILE})"
    drafts = f" AND (state <> 'draft' OR {seen.draft_of}_id = {MINE})" if seen.draft_of else ""
    ways = [f"({item}{drafts})"]
    if seen.family is not None:
        ways.append(family.condition(model, seen, seen.family))
    return f"({whole}{drafts}) OR {_not_hidden(model, seen.child, ' OR '.join(ways))}"


def _not_hidden(model: type[Model], child: str, condition: str) -> str:
    """Whatever opens a row: not about somebody who does not exist for whoever asks."""
    if not child:
        return condition
    return f"(coalesce({family.column(model, f'{child}_id')} <> ALL ({HIDDEN}), true) AND ({condition}))"


def _tables(model: type[Model], path: str) -> list[str]:
    """The tables that a path to a column goes through."""
    found, here = [], model
    for step in path.split("__")[:-1]:
        field: Any = here._meta.get_field(step)
        here = field.related_model
        found.append(here._meta.db_table)
    return found


def _by_post(model: type[Model], seen: SeenByPost) -> str:
    ways = [f"{family.column(model, f'{seen.post}_id')} = {MINE}"]
    way, _, last = seen.copies.rpartition("__")
    if way:
        ways.append(f"id = ANY ((SELECT second_lock.copied_{model._meta.db_table}())::bigint[])")
    elif last:
        ways.append(f"{last}_id = {MINE}")
    if seen.account:
        ways.append(f"{seen.account}_id = (SELECT second_lock.account())")
    return _not_hidden(model, seen.child, " OR ".join(ways))


def copied_rows() -> dict[str, str]:
    """Table → its rows of which the post has a copy, as SQL, where the copies are rows of another table.

    Given as one array, for the sake of the planner: see ``WHOLE``.
    """
    found = {}
    for model in own_models():
        seen = getattr(model, "seen", None)
        if isinstance(seen, SeenByPost) and "__" in seen.copies:
            way, last = seen.copies.rsplit("__", 1)
            copy: Any = model._meta.get_field(way)
            table, back = copy.related_model._meta.db_table, copy.remote_field.column
            rows = f"SELECT {back} FROM {table} WHERE {last}_id = second_lock.post()"  # noqa: S608  # own names
            found[model._meta.db_table] = rows
    return found


def seen_rows() -> dict[str, str]:
    """Table → its rows that a request may read, as SQL, for the models whose parts are many."""
    found = {}
    for model in own_models():
        if model._meta.label in WHOLE:
            table = model._meta.db_table
            found[table] = f"SELECT id FROM {table} WHERE {_condition(model)}"  # noqa: S608  # own names
    return found


def wholes() -> dict[tuple[str, ...], str]:
    """Where parts are seen when the whole was opened as one thing (plans, teams, requests, consents): the tables
    between a part and its whole's reference, and the rows of the first of them, as SQL.
    """
    found: dict[tuple[str, ...], str] = {}
    for model in own_models():
        seen = getattr(model, "seen", None)
        if not isinstance(seen, SeenByChild) or "__" not in seen.item:
            continue
        tables = _tables(model, seen.item)
        join = ""
        for number, step in enumerate(seen.item.split("__")[1:-1], start=1):
            join += f" JOIN {tables[number]} t{number} ON t{number}.id = t{number - 1}.{step}_id"
        last = seen.item.rpartition("__")[2]
        opened = f"t{len(tables) - 1}.{last} = ANY (second_lock.things(of_kind))"
        found[tuple(tables)] = f"SELECT t0.id FROM {tables[0]} t0{join} WHERE {opened}"  # noqa: S608  # own names
    return found


def _points_at_a_child(model: type[Model]) -> bool:
    if getattr(model, "seen", None) is None and not model._meta.auto_created:
        return False
    for field in model._meta.get_fields():
        target = field.related_model if isinstance(field, ForeignKey) else None
        if target is Person or (isinstance(target, type) and _condition(target) is not None):
            return True
    return False
