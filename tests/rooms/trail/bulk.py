"""A long trail, made at once: every row as ``act``, ``seal`` and ``sign`` would have written it."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from samsyn.common.crypto import ring_from_settings
from samsyn.trail.merkle import Peaks, growth_proof
from samsyn.trail.models import Leaf, Root, TrailEntry, TrailSubject, Tree, Witness
from samsyn.trail.rules import COMMITTED, RootFacts, Subject, content, leaf, purpose, root_text
from samsyn.trail.signing import sign
from samsyn.trail.stored import for_store
from tests.rooms.trail.tampering import POLICE

EACH_ROOT = 100
"""Entries in a root: a principal whose staff open a hundred pages a minute."""
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
AT_ONCE = 20_000
FIELDS: dict[str, Any] = {
    "mode": "read",
    "act": "",
    "account_ref": UUID(int=1),
    "person_ref": UUID(int=2),
    "person_label": "Farid Karimi",
    "post_ref": UUID(int=3),
    "post_label": "polis i ungdomsgruppen",
    "unit_ref": UUID(int=4),
    "unit_label": "Ungdomsgruppen i Lillköping",
    "principal_ref": POLICE,
    "ground": "answers_request",
}


def fill(number: int) -> None:
    """Give the police a trail of so many entries with two subjects each, and a root for every hundred of them."""
    of_police = TrailEntry.objects.filter(principal_ref=POLICE)
    TrailSubject.objects.filter(entry__in=list(of_police)).delete()
    Leaf.objects.filter(principal_ref=POLICE).delete()
    of_police.delete()
    Root.objects.filter(principal_ref=POLICE).delete()
    Witness.objects.filter(principal_ref=POLICE).delete()
    Tree.objects.filter(principal_ref=POLICE).delete()
    key = ring_from_settings()
    keyed = hmac.new(key.derived(key.current, f"commitment|{purpose(POLICE)}"), digestmod=sha256)
    first = (TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    peaks, added, before = Peaks(), list[bytes](), Peaks()
    rows = _entries(number, first, keyed)
    with transaction.atomic(), connection.cursor() as cursor:
        while batch := list(islice(rows, AT_ONCE)):
            for place, row in enumerate(batch, start=peaks.size + 1):
                peaks.add(row[-1])
                added.append(row[-1])
                if place % EACH_ROOT == 0 or place == number:
                    _root(peaks, before, added)
                    before, added = Peaks(peaks.size, [*peaks.hashes]), []
            _insert(cursor, batch, peaks.size - len(batch))
    Tree.objects.create(principal_ref=POLICE, size=peaks.size, peaks=peaks.packed())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entries(number: int, first: int, keyed: Any) -> Iterator[tuple[int, datetime, str, bytes, bytes, UUID, bytes]]:
    """Id, time, page, nonce, commitment, child and leaf of each."""
    for count in range(number):
        child, at, page = UUID(int=1000 + count % 5000), BEGAN + timedelta(seconds=count * 0.6), f"page {count + 1}"
        nonce = count.to_bytes(16, "big")
        subjects = [Subject("person", child, child), Subject("plan", UUID(int=count), child)]
        written = keyed.copy()
        written.update(content({**FIELDS, "act": page}, subjects, at, nonce))
        yield first + count, at, page, nonce, written.digest(), child, leaf(written.digest())


def _root(peaks: Peaks, before: Peaks, added: list[bytes]) -> None:
    at = BEGAN + timedelta(seconds=peaks.size * 0.6)
    key_id, signature = sign(POLICE, root_text(POLICE, peaks.size, peaks.root(), at))
    growth = b"".join(growth_proof(before, added))
    Root.objects.create(**vars(RootFacts(POLICE, peaks.size, peaks.root(), at, key_id, signature, growth)))


def _insert(cursor: Any, batch: list[Any], before: int) -> None:
    fixed = {name: for_store(value) if isinstance(value, UUID) else value for name, value in FIELDS.items()}
    names = [name for name in COMMITTED if name != "act"]
    values = [fixed[name] for name in names]
    field = TrailEntry._meta.get_field("at")
    columns = f"id, at, act, nonce, commitment, {', '.join(names)}"
    places = ", ".join(["%s"] * (5 + len(names)))
    cursor.executemany(
        f"INSERT INTO trail_trailentry ({columns}) VALUES ({places})",
        [
            (pk, field.get_db_prep_value(at, connection), page, nonce, made, *values)
            for pk, at, page, nonce, made, _, _ in batch
        ],
    )
    subjects = [
        (row[0], kind, for_store(ref), for_store(row[5]), "")
        for row in batch
        for kind, ref in (("person", row[5]), ("plan", UUID(int=int.from_bytes(row[3], "big"))))
    ]
    cursor.executemany(
        "INSERT INTO trail_trailsubject (entry_id, kind, ref, child_ref, state) VALUES (%s, %s, %s, %s, %s)", subjects
    )
    cursor.executemany(
        "INSERT INTO trail_leaf (entry_id, principal_ref, position, digest) VALUES (%s, %s, %s, %s)",
        [(row[0], for_store(POLICE), before + place, row[6]) for place, row in enumerate(batch, start=1)],
    )
