"""What somebody with the database, and perhaps the keys, could do to the trail behind the triggers' back.

Each deed is done in a copy of the database in which the triggers and the keys between tables have been taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import F

from samsyn.common import clock
from samsyn.common.crypto import commitment
from samsyn.common.viewer import Viewer
from samsyn.site.second_lock.logins import sign_in_as
from samsyn.trail.actions import act
from samsyn.trail.merkle import Peaks, growth_proof
from samsyn.trail.models import Leaf, Root, TrailEntry, TrailSubject, Tree, Witness
from samsyn.trail.rules import COMMITTED, Subject, content, leaf, purpose, root_text
from samsyn.trail.seal_actions import exchange, seal
from samsyn.trail.signing import sign
from tests.rooms.trail.checking import subjects_of

LILLKOPING, REGION, POLICE = UUID(int=5), UUID(int=6), UUID(int=7)
CHILD = UUID(int=11)
EACH, ROOTS = 10, 6
SIZE = EACH * ROOTS


def wrote(principal: UUID, number: int) -> None:
    """So many entries of Bo's."""
    viewer = Viewer(account_ref=UUID(int=1), person_ref=UUID(int=2), principal_ref=principal, person_label="Bo Ekdahl")
    for count in range(number):
        act(viewer, "sign.sent", [Subject("sign", UUID(int=100 + count), CHILD, "sent")], ground="own_authority")


def some_days() -> None:
    """Sixty entries of a municipality on six days, sealed and given to two witnesses each day."""
    start = clock.now() - timedelta(days=ROOTS + 1)
    for day in range(ROOTS):
        with clock.at(start + timedelta(days=day)):
            wrote(LILLKOPING, EACH)
            wrote(REGION, 1)
            wrote(POLICE, 1)
            seal()
            exchange()


_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname) FROM pg_constraint
WHERE contype = 'f' AND (conrelid::regclass::text = ANY (%s) OR confrelid::regclass::text = ANY (%s))
"""


@contextmanager
def behind_the_triggers() -> Iterator[None]:
    """Let rows be changed, as whoever owns the database can. Only for a copy that is thrown away."""
    if connection.vendor == "postgresql":
        sign_in_as("owner")
        tables = [model._meta.db_table for model in apps.get_app_config("trail").get_models()]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(_FOREIGN_KEYS, [tables, tables])
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'trail_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            sign_in_as("house")


def at(place: int) -> TrailEntry:
    """The entry at a place of the municipality's tree."""
    return Leaf.objects.select_related("entry").get(principal_ref=LILLKOPING, position=place).entry


def change(place: int, **fields: Any) -> None:
    """Other words in an entry, and nothing else."""
    TrailEntry.objects.filter(pk=at(place).pk).update(**fields)


def recommit(place: int) -> None:
    """A commitment that fits what the entry says now: for whoever has the key of the fields."""
    entry = at(place)
    fields = {name: getattr(entry, name) for name in COMMITTED}
    written = content(fields, subjects_of(entry), entry.at, bytes(entry.nonce))
    made = commitment(written, purpose=purpose(entry.principal_ref))
    TrailEntry.objects.filter(pk=entry.pk).update(commitment=made)


def reseal(place: int) -> None:
    """A leaf that fits the commitment."""
    Leaf.objects.filter(principal_ref=LILLKOPING, position=place).update(digest=leaf(bytes(at(place).commitment)))


def regrow() -> None:
    """The tree, and every root with its proof and its signature, as the leaves give them now."""
    rows = Leaf.objects.filter(principal_ref=LILLKOPING).order_by("position")
    leaves = [bytes(one) for one in rows.values_list("digest", flat=True)]
    peaks = Peaks()
    for root in Root.objects.filter(principal_ref=LILLKOPING).order_by("size"):
        before, added = Peaks(peaks.size, [*peaks.hashes]), leaves[peaks.size : root.size]
        for one in added:
            peaks.add(one)
        digest = peaks.root()
        if bytes(root.digest) != digest:
            key_id, signature = sign(LILLKOPING, root_text(LILLKOPING, root.size, digest, root.at))
            growth = b"".join(growth_proof(before, added))
            Root.objects.filter(pk=root.pk).update(digest=digest, key_id=key_id, signature=signature, growth=growth)
    for one in leaves[peaks.size :]:
        peaks.add(one)
    Tree.objects.filter(principal_ref=LILLKOPING).update(size=peaks.size, peaks=peaks.packed())


def take_away(*places: int, leaves: bool = True) -> None:
    """Entries with what they are about, and their places."""
    entries = [at(place).pk for place in places]
    TrailSubject.objects.filter(entry__in=entries)._raw_delete("default")
    if leaves:
        Leaf.objects.filter(principal_ref=LILLKOPING, position__in=places)._raw_delete("default")
    TrailEntry.objects.filter(pk__in=entries)._raw_delete("default")


def move_up(after: int, by: int) -> None:
    """Give the places after one lower or higher numbers."""
    moved = Leaf.objects.filter(principal_ref=LILLKOPING, position__gt=after)
    moved.update(position=F("position") + 1_000_000)
    Leaf.objects.filter(principal_ref=LILLKOPING, position__gt=1_000_000).update(
        position=F("position") - 1_000_000 + by
    )


def put_in(**fields: Any) -> TrailEntry:
    """A new entry, with a commitment that fits it, dated as its maker likes."""
    with clock.at(fields.pop("at", clock.now())):
        wrote(LILLKOPING, 1)
    entry = TrailEntry.objects.filter(principal_ref=LILLKOPING).order_by("-pk")[0]
    TrailEntry.objects.filter(pk=entry.pk).update(**fields)
    return entry


# --- the deeds -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """A way to tamper: what it does, at which place the first break is told (0: any), and as what kind.

    ``outside``: whether only what was kept outside the house can find it.
    """

    does: Callable[[], object]
    place: int
    kind: str
    outside: bool = False


def swapped() -> None:
    first, second = (Leaf.objects.get(principal_ref=LILLKOPING, position=place) for place in (17, 23))
    Leaf.objects.filter(pk=first.pk).update(entry=-1)
    Leaf.objects.filter(pk=second.pk).update(entry=first.entry_id)
    Leaf.objects.filter(pk=first.pk).update(entry=second.entry_id)


def swapped_with_their_leaves() -> None:
    swapped()
    reseal(17)
    reseal(23)


def edited_with_the_key() -> None:
    change(17, ground="x")
    recommit(17)


def edited_with_key_and_leaf() -> None:
    edited_with_the_key()
    reseal(17)


def closed_up() -> None:
    take_away(17)
    move_up(17, -1)


def cut(to: int = 40) -> None:
    take_away(*range(to + 1, SIZE + 1))
    Root.objects.filter(principal_ref=LILLKOPING, size__gt=to)._raw_delete("default")
    regrow()


def rewritten_tail(place: int = 42) -> None:
    for one in range(place, SIZE + 1):
        change(one, person_label="Somebody Else")
        recommit(one)
        reseal(one)
    regrow()


def rewritten_tail_with_another_key() -> None:
    own = settings.SAMSYN_SEAL_KEYS
    settings.SAMSYN_SEAL_KEYS = {settings.SAMSYN_SEAL_KEY_CURRENT: b"x" * 32}
    try:
        rewritten_tail()
    finally:
        settings.SAMSYN_SEAL_KEYS = own


def rewritten_with_its_witnesses() -> None:
    rewritten_tail()
    for root in Root.objects.filter(principal_ref=LILLKOPING):
        same = {"digest": root.digest, "key_id": root.key_id, "signature": root.signature}
        Witness.objects.filter(principal_ref=LILLKOPING, size=root.size).update(**same)


def cut_with_its_witnesses() -> None:
    cut()
    Witness.objects.filter(principal_ref=LILLKOPING, size__gt=40)._raw_delete("default")


def replayed() -> None:
    old = Root.objects.get(principal_ref=LILLKOPING, size=20)
    Root.objects.filter(pk=old.pk)._raw_delete("default")
    old.pk = None
    old.save(force_insert=True)


def without_root(size: int) -> Callable[[], object]:
    return lambda: Root.objects.filter(principal_ref=LILLKOPING, size=size)._raw_delete("default")


def put_in_and_left() -> None:
    put_in(at=clock.now() - timedelta(days=5))


def put_in_and_sealed() -> None:
    put_in_and_left()
    seal()
    exchange()


def put_in_between() -> None:
    entry = put_in(at=at(17).at)
    move_up(17, 1)
    digest = leaf(bytes(entry.commitment))
    Leaf.objects.create(entry=entry, principal_ref=LILLKOPING, position=18, digest=digest)
    last = Root.objects.get(principal_ref=LILLKOPING, size=SIZE)
    Root.objects.filter(pk=last.pk).update(size=SIZE + 1)
    regrow()


def place_added() -> None:
    entry = put_in()
    Leaf.objects.create(entry=entry, principal_ref=LILLKOPING, position=SIZE + 1, digest=leaf(bytes(entry.commitment)))


def all_gone() -> None:
    take_away(*range(1, SIZE + 1))
    Root.objects.filter(principal_ref=LILLKOPING)._raw_delete("default")
    Tree.objects.filter(principal_ref=LILLKOPING)._raw_delete("default")


def subjects_at(place: int) -> Any:
    return TrailSubject.objects.filter(entry=at(place))


DEEDS = {
    "edited text": Deed(lambda: change(17, ground="x"), 17, "entry changed"),
    "edited name": Deed(lambda: change(17, person_label="Maja"), 17, "entry changed"),
    "edited time": Deed(lambda: change(17, at=at(17).at + timedelta(minutes=1)), 17, "entry changed"),
    "edited subject": Deed(lambda: subjects_at(17).update(child_ref=UUID(int=12)), 17, "entry changed"),
    "edited state": Deed(lambda: subjects_at(17).update(state="closed"), 17, "entry changed"),
    "added subject": Deed(
        lambda: TrailSubject.objects.create(entry=at(17), kind="plan", ref=UUID(int=1)), 17, "entry changed"
    ),
    "removed subject": Deed(lambda: subjects_at(17)._raw_delete("default"), 17, "entry changed"),
    "text moved between fields": Deed(
        lambda: change(17, person_label="Bo Ekdahlx", person_ref=UUID(int=3)), 17, "entry changed"
    ),
    "given to another principal": Deed(lambda: change(17, principal_ref=REGION), 17, "entry moved"),
    "edited with the key": Deed(edited_with_the_key, 17, "commitment changed"),
    "edited with key and leaf": Deed(edited_with_key_and_leaf, 11, "rewritten"),
    "swapped rows": Deed(swapped, 17, "commitment changed"),
    "swapped rows with leaves": Deed(swapped_with_their_leaves, 11, "rewritten"),
    "deleted row": Deed(lambda: take_away(17, leaves=False), 17, "entry gone"),
    "deleted leaf": Deed(
        lambda: Leaf.objects.filter(principal_ref=LILLKOPING, position=17)._raw_delete("default"), 17, "place missing"
    ),
    "deleted row and leaf": Deed(lambda: take_away(17), 17, "place missing"),
    "deleted and closed up": Deed(closed_up, 11, "rewritten"),
    "inserted row": Deed(put_in_and_left, SIZE + 1, "never sealed"),
    "inserted row, sealed later": Deed(put_in_and_sealed, SIZE + 1, "dated back"),
    "inserted between": Deed(put_in_between, 11, "rewritten"),
    "place added at the end": Deed(place_added, SIZE + 1, "place added"),
    "cut tail": Deed(cut, 41, "cut tail"),
    "cut tail without roots": Deed(lambda: take_away(59, 60), 59, "cut tail"),
    "rewritten tail": Deed(rewritten_tail, 41, "rewritten"),
    "rewritten tail, another key": Deed(rewritten_tail_with_another_key, 41, "unsigned root"),
    "all deleted": Deed(all_gone, 1, "cut tail"),
    "removed first root": Deed(without_root(10), 1, "root does not follow"),
    "removed root": Deed(without_root(30), 21, "root does not follow"),
    "removed newest root": Deed(without_root(SIZE), 51, "root and tree differ"),
    "replayed old root": Deed(replayed, 11, "replayed root"),
    "forged witness": Deed(
        lambda: Witness.objects.filter(holder_ref=REGION, size=30).update(digest=bytes(32)), 30, "forged witness"
    ),
    "changed tree": Deed(
        lambda: Tree.objects.filter(principal_ref=LILLKOPING).update(peaks=bytes(32 * 4)), 61, "tree changed"
    ),
    "rewritten with its witnesses": Deed(rewritten_with_its_witnesses, 41, "rewritten", outside=True),
    "cut with its witnesses": Deed(cut_with_its_witnesses, 41, "cut tail", outside=True),
}
