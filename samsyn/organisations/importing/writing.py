"""Writing what an organisation's file changes, in batches: those above before those below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

from samsyn.organisations.importing.comparing import Changes, name_of
from samsyn.organisations.importing.existing import Existing
from samsyn.organisations.importing.reading import BATCH, WRITING, Progress
from samsyn.organisations.importing.structure import PostFacts, Structure, UnitFacts
from samsyn.organisations.models import Authority, Post, PostRole, Principal, Unit

Facts = TypeVar("Facts", UnitFacts, PostFacts)
UNIT_FIELDS = ("name", "kind", "parent", "telephone", "telephone_hours")
POST_FIELDS = ("unit", "title", "role", "parent")


def write(told: Structure, changes: Changes, there: Existing, progress: Progress) -> None:
    """Write everything. ``there`` learns the row ids on the way."""
    for key in changes.principals:
        principal = Principal.objects.create(kind=key[0], code=key[1], name=name_of(told, key))
        there.principal_pk[key] = principal.pk
    for kind, code, name in changes.authorities:
        authority = Authority.objects.create(
            principal_id=there.principal_pk[kind, code],
            name=name,
            sphere=told.authorities[kind, code, name],
            board=told.boards[kind, code, name],
        )
        there.authority_pk[kind, code, name] = authority.pk
    tell = _teller(changes, progress)
    _write_units(changes, there, tell)
    _write_posts(changes, there, tell)


def _teller(changes: Changes, progress: Progress) -> Callable[[int], None]:
    parts = (changes.new_units, changes.changed_units, changes.new_posts, changes.changed_posts)
    total, done = sum(len(part) for part in parts), 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress(WRITING, done, total)

    return tell


def _write_units(changes: Changes, there: Existing, tell: Callable[[int], None]) -> None:
    for level in _levels(changes.new_units):
        for batch in _batches(level):
            for unit in Unit.objects.bulk_create(_unit(key, facts, there) for key, facts in batch.items()):
                there.unit_pk[unit.source_id] = unit.pk
            tell(len(batch))
    for batch in _batches(changes.changed_units):
        Unit.objects.bulk_create(
            (_unit(key, facts, there) for key, facts in batch.items()),
            update_conflicts=True,
            unique_fields=["source_id"],
            update_fields=UNIT_FIELDS,
        )
        tell(len(batch))
    touched = {facts.authority for part in (changes.new_units, changes.changed_units) for facts in part.values()}
    _write_paths([there.authority_pk[key] for key in touched])


def _unit(key: str, facts: UnitFacts, there: Existing) -> Unit:
    return Unit(
        source_id=key,
        authority_id=there.authority_pk[facts.authority],
        parent_id=there.unit_pk[facts.parent] if facts.parent else None,
        name=facts.name,
        kind=facts.kind,
        telephone=facts.telephone,
        telephone_hours=facts.telephone_hours,
    )


def _write_paths(authorities: list[int]) -> None:
    """Give every unit of the authorities its way from the top."""
    units = {unit.pk: unit for unit in Unit.objects.filter(authority__in=authorities).only("pk", "parent_id", "path")}
    ways: dict[int, str] = {}

    def way(pk: int) -> str:
        if pk not in ways:
            above = units[pk].parent_id
            ways[pk] = f"{way(above) if above is not None else '/'}{pk}/"
        return ways[pk]

    moved = [unit for unit in units.values() if unit.path != way(unit.pk)]
    for unit in moved:
        unit.path = ways[unit.pk]
    Unit.objects.bulk_update(moved, ["path"], batch_size=BATCH // 4)


def _write_posts(changes: Changes, there: Existing, tell: Callable[[int], None]) -> None:
    # First let go of the role that a unit has only once, so that two posts may change places in it.
    let_go = [key for key, facts in changes.changed_posts.items() if facts.role != PostRole.NAMED_PERSON]
    for batch in _batches(dict.fromkeys(let_go)):
        Post.objects.filter(role=PostRole.NAMED_PERSON, source_id__in=list(batch)).update(role=PostRole.STAFF)
    for level in _levels(changes.new_posts):
        for some in _batches(level):
            for post in Post.objects.bulk_create(_post(key, facts, there) for key, facts in some.items()):
                there.post_pk[post.source_id] = post.pk
            tell(len(some))
    for some in _batches(changes.changed_posts):
        Post.objects.bulk_create(
            (_post(key, facts, there) for key, facts in some.items()),
            update_conflicts=True,
            unique_fields=["source_id"],
            update_fields=POST_FIELDS,
        )
        tell(len(some))


def _post(key: str, facts: PostFacts, there: Existing) -> Post:
    return Post(
        source_id=key,
        unit_id=there.unit_pk[facts.unit],
        parent_id=there.post_pk[facts.parent] if facts.parent else None,
        title=facts.title,
        role=facts.role,
    )


def _levels(new: Mapping[str, Facts]) -> Iterator[dict[str, Facts]]:
    """The new ones in the order in which they can be written: nobody before the one above."""
    waiting = dict(new)
    while waiting:
        level = {key: facts for key, facts in waiting.items() if facts.parent not in waiting}
        yield level
        waiting = {key: facts for key, facts in waiting.items() if key not in level}


Value = TypeVar("Value")


def _batches(everything: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    items = iter(everything.items())
    while batch := dict(islice(items, BATCH)):
        yield batch
