"""Taking rows out: all of a file, or all of a person, through the one passage in what is append-only.

A row that somebody else's row still points at cannot go. It is emptied of its words and stands as a shell, until
nothing points at it any more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field, QuerySet

from samsyn.common.batches import in_batches
from samsyn.common.keeping import NO_WORDS, PartOf
from samsyn.common.triggers import WEEDED
from samsyn.common.viewer import NOBODY
from samsyn.law.days import swedish_day
from samsyn.organisations.models import Authority
from samsyn.people.models import KeyUse, Person, PersonKey
from samsyn.retention.declared import AnyModel, file_paths, in_files, kept, parts, pointing_at, times, unit_path
from samsyn.sharing.models import ConsentText
from samsyn.trail.weeding import let_through

Rows = dict[AnyModel, set[int]]


@dataclass(frozen=True)
class Went:
    """How many rows went or were emptied, and how many of them were keys; false when there was nothing to take."""

    rows: int = 0
    keys: int = 0

    def __bool__(self) -> bool:
        return self.rows > 0


Counted = Counter[tuple[UUID, str, int]]
"""Unit, kind and year → how many rows."""

_CODE_WORD = 60
"""A column of text that is no longer than this holds a word of the program's own, and names nobody."""


def rows_of_file(child_id: int, authority_id: int, until: datetime | None = None) -> Rows:
    """All rows of a file, with their parts and the key of its texts. ``until``: only those with nothing in them that
    is newer, and the key only when none of its texts is."""
    found: Rows = {}
    for model in in_files():
        paths = file_paths(model)
        assert paths is not None
        rows = model._base_manager.filter(**{paths[0]: child_id, paths[1]: authority_id})
        if until is not None:
            for name in times(model):
                rows = rows.exclude(**{f"{name}__gt": until})
        found[model] = set(rows.values_list("pk", flat=True))
    add_parts(found)
    texts = ConsentText.objects.filter(consent__child=child_id, consent__authority=authority_id)
    if set(texts.values_list("pk", flat=True)) <= found.get(ConsentText, set()):
        found[PersonKey] = set(keys_of_file(child_id, authority_id).values_list("pk", flat=True))
    return {model: ids for model, ids in found.items() if ids}


def keys_of_file(child_id: int, authority_id: int) -> QuerySet[PersonKey]:
    """The keys that an authority's texts on a child are sealed with."""
    child = Person.objects.filter(pk=child_id).values("ref")
    authority = Authority.objects.filter(pk=authority_id).values("ref")
    return PersonKey.objects.filter(use=KeyUse.TEXT, person_ref__in=child, authority_ref__in=authority)


def add_parts(found: Rows) -> None:
    """Add the rows that go with rows already there."""
    for _depth in parts():  # a part of a part is found in a later round
        before = sum(map(len, found.values()))
        for model in parts():
            said = kept(model)
            assert isinstance(said, PartOf)
            whole: Any = model._meta.get_field(said.whole)
            wholes = found.get(whole.related_model)
            if wholes:
                found.setdefault(model, set()).update(_pointing(model, said.whole, wholes))
        if sum(map(len, found.values())) == before:
            return


def _pointing(model: AnyModel, name: str, ids: set[int]) -> Iterator[int]:
    for some in in_batches(sorted(ids)):
        yield from model._base_manager.filter(**{f"{name}__in": some}).values_list("pk", flat=True)


def held_from_outside(rows: Rows, *, besides: frozenset[AnyModel] = frozenset()) -> Rows:
    """Those of the rows that must stand: a row outside points at them, or one of them that must stand does.

    ``besides``: models whose rows do not count.
    """
    held: Rows = defaultdict(set)
    fresh = {model: _pointed_at(model, ids, rows, besides) for model, ids in rows.items()}
    while any(fresh.values()):
        for model, ids in fresh.items():
            held[model] |= ids
        following: Rows = defaultdict(set)
        for model, ids in fresh.items():
            for field in model._meta.concrete_fields:
                other: Any = field.related_model
                if ids and other in rows:
                    named = set(model._base_manager.filter(pk__in=ids).values_list(field.attname, flat=True))
                    following[other] |= (named & rows[other]) - held[other]
        fresh = following
    return {model: ids for model, ids in held.items() if ids}


def _pointed_at(model: AnyModel, ids: set[int], rows: Rows, besides: frozenset[AnyModel]) -> set[int]:
    found: set[int] = set()
    for other, field in pointing_at(model):
        if other in besides:
            continue
        own = rows.get(other, set())
        for some in in_batches(sorted(ids)):
            pairs = other._base_manager.filter(**{f"{field.name}__in": some}).values_list("pk", field.attname)
            found |= {pointed for pk, pointed in pairs if pk not in own}
    return found


def take_out(rows: Rows, held: Rows) -> tuple[Went, Counted]:
    """Remove the rows, and empty those among them that are held and must stand.

    Gives what went or was emptied, and what there was. Nothing is done twice: a shell that stands already counts as
    nothing. With the keys, what was sealed opens in no copy any more. In the caller's transaction.
    """
    counted: Counted = Counter()
    changed = 0
    tables = {model._meta.db_table: ids for model, ids in rows.items()}
    with let_through((table, pk) for table, ids in tables.items() if table in WEEDED for pk in sorted(ids)):
        for model, ids in rows.items():
            must_stand = held.get(model, set())
            changed += _empty(model, ids & must_stand)
            counted += count(model, ids - must_stand)
            for some in in_batches(sorted(ids - must_stand)):
                query: Any = model._base_manager.filter(pk__in=some)
                # Past Django's own collector: the keys are checked by the database, when all are gone.
                changed += query._raw_delete(connection.alias)
    return Went(changed, len(rows.get(PersonKey, ()))), counted


def together(several: Iterable[Rows]) -> Rows:
    """The rows of several files that go at once: what one of them points at in another need not stand."""
    found: Rows = defaultdict(set)
    for rows in several:
        for model, ids in rows.items():
            found[model] |= ids
    return dict(found)


def would_change(rows: Rows, held: Rows) -> bool:
    """Is there anything to do: a row that can go, or one that must stand and still has its words."""
    if any(ids - held.get(model, set()) for model, ids in rows.items()):
        return True
    return any(_emptied(row) for model, ids in rows.items() for row in model._base_manager.filter(pk__in=ids))


def _empty(model: AnyModel, ids: set[int]) -> int:
    """Take the words out of rows that must stand. Gives how many had any."""
    changed = 0
    for row in model._base_manager.filter(pk__in=ids):
        values = _emptied(row)
        if values:
            changed += model._base_manager.filter(pk=row.pk).update(**values)
    return changed


def _emptied(row: Any) -> dict[str, Any]:
    """The columns of a row that hold words about somebody, and what is to stand there instead; {} for a shell."""
    found = {}
    for field in row._meta.concrete_fields:
        bare = _bare(field, getattr(row, field.attname))
        if bare is not None and bare != _plain(getattr(row, field.attname)):
            found[field.attname] = bare
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _bare(field: Field[Any, Any], value: Any) -> Any:
    """What a column holds in a shell; None for one that stays as it is."""
    kind = field.get_internal_type()
    if not value or field.unique or field.choices:
        return None
    if kind == "TextField" or (kind == "CharField" and (field.max_length or 0) > _CODE_WORD):
        return NO_WORDS
    if kind == "JSONField":
        return type(value)()
    return b"" if kind == "BinaryField" else None


def count(model: AnyModel, ids: set[int]) -> Counted:
    """How many rows there are of the model, by unit and year; nothing for a model whose rows tell no time."""
    counted: Counted = Counter()
    if not ids or not times(model) or file_paths(model) is None:
        return counted
    unit = unit_path(model)
    columns = [times(model)[0], *([unit] if unit else [])]
    for some in in_batches(sorted(ids)):
        for at, *units in model._base_manager.filter(pk__in=some).values_list(*columns):
            if at is not None:
                counted[units[0] if units and units[0] else NOBODY, model._meta.label, swedish_day(at).year] += 1
    return counted


def references(rows: Rows) -> set[UUID]:
    """The public references of the rows, as far as they have one: by them the trail knows what it tells of."""
    found: set[UUID] = set()
    for model, ids in rows.items():
        if any(field.name == "ref" for field in model._meta.concrete_fields):
            for some in in_batches(sorted(ids)):
                found |= set(model._base_manager.filter(pk__in=some).values_list("ref", flat=True))
    return found
