"""Writing the trail: acts, reads and refusals. Each is part of the transaction it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction

from samsyn.common import clock, crypto, outside, second_lock
from samsyn.common.batches import in_batches
from samsyn.common.decision import Refused, no
from samsyn.common.reading import Reading
from samsyn.common.viewer import Viewer
from samsyn.trail.models import Command, Mode, TrailEntry, TrailSubject
from samsyn.trail.rules import Subject, content, purpose

PRESSED = "what a press sent"
TRIES = 3
DEADLOCK = "40P01"
"""What PostgreSQL calls it when two transactions wait for each other and one of them is broken off."""
_INTO_SUBJECTS = "INSERT INTO trail_trailsubject (entry_id, kind, ref, child_ref, state) VALUES"


def act(viewer: Viewer, verb: str, subjects: Sequence[Subject], *, ground: str = "") -> TrailEntry:
    """Write that the viewer did ``verb`` ("sign.acknowledged") to the subjects, on this ground."""
    return _write(viewer, Mode.ACT, verb, subjects, ground)


def read(viewer: Viewer, page: str, reading: Reading) -> TrailEntry:
    """Write that the viewer was shown ``page``: one entry, naming every child's row that was on it."""
    subjects = [Subject(kind, ref, reading.children.get(child)) for (kind, ref), child in reading.subjects.items()]
    return _write(viewer, Mode.READ, page, subjects, reading.ground)


def refuse(viewer: Viewer, page: str, reason: str) -> TrailEntry:
    """Write that the viewer was refused."""
    return _write(viewer, Mode.REFUSAL, page, (), reason)


def _write(viewer: Viewer, mode: Mode, verb: str, subjects: Sequence[Subject], ground: str) -> TrailEntry:
    at = clock.now()
    nonce = secrets.token_bytes(16)
    fields: dict[str, object] = {
        "mode": mode.value,
        "act": verb,
        "account_ref": viewer.account_ref,
        "person_ref": viewer.person_ref,
        # What is written is never rewritten, and somebody in a family may be protected one day.
        "person_label": "" if viewer.is_family else viewer.person_label,
        "post_ref": viewer.post_ref,
        "post_label": viewer.post_label,
        "unit_ref": viewer.unit_ref,
        "unit_label": viewer.unit_label,
        "principal_ref": viewer.principal_ref,
        "ground": ground,
    }
    commitment = crypto.commitment(content(fields, subjects, at, nonce), purpose=purpose(viewer.principal_ref))
    with transaction.atomic(savepoint=False):
        entry = TrailEntry.objects.create(at=at, nonce=nonce, commitment=commitment, **fields)
        for some in in_batches(subjects):
            _write_subjects(entry.pk, some)
    return entry


def _write_subjects(entry: int, subjects: Sequence[Subject]) -> None:
    """Plain text to the database: each page that is read names all that stood on it, and waits for this."""
    to_database = TrailSubject._meta.get_field("ref").get_db_prep_save
    values: list[Any] = []
    for one in subjects:
        child = None if one.child_ref is None else to_database(one.child_ref, connection)
        values += (entry, one.kind, to_database(one.ref, connection), child, one.state)
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(f"{_INTO_SUBJECTS} {rows}", values)  # only our own text, with its places for values


class SentAlready(Refused):
    """The page was sent before, and what was sent now is something else."""


def once(viewer: Viewer, key: UUID, do: Callable[[], UUID], pressed: bytes = b"") -> UUID:
    """Carry out ``do`` once for this key, whatever is pressed twice; give the reference of the result.

    ``pressed``: what was sent, and where. The same once more (a double click, Back and send again) gets the first
    one's result; something else with a key that has been used is never told as done. Raises Refused as ``do`` does,
    and SentAlready.
    """
    told = crypto.commitment(pressed, purpose=PRESSED) if pressed else b""
    try:
        return _tried(viewer, key, do, told)
    except (IntegrityError, Refused) as stopped:
        earlier = Command.objects.filter(account_ref=viewer.account_ref, key=key).first()
        if earlier is None:
            raise
        if not _is_the_same(earlier, pressed):
            if isinstance(stopped, Refused):
                raise
            raise SentAlready(
                no(
                    "This page has been sent once already, and what you send now is something else. "
                    "See how it stands now, and send again if you still want it."
                )
            ) from None
        return earlier.result_ref


def done_before(viewer: Viewer, key: UUID, pressed: bytes) -> UUID | None:
    """The reference of what came of this very press before, None when it was not carried out, or was another one."""
    earlier = Command.objects.filter(account_ref=viewer.account_ref, key=key).first()
    return earlier.result_ref if earlier is not None and _is_the_same(earlier, pressed) else None


def _tried(viewer: Viewer, key: UUID, do: Callable[[], UUID], told: bytes) -> UUID:
    """Carry out ``do`` and keep the key. Where PostgreSQL has broken off two that wait for each other, once more."""
    left = TRIES
    while True:
        left -= 1
        try:
            # Pressed twice, the second is undone: it must leave no line outside either.
            with second_lock.acting(), outside.written_last():
                result = do()
                Command.objects.create(
                    account_ref=viewer.account_ref, key=key, result_ref=result, pressed=told, at=clock.now()
                )
        except OperationalError as broken:
            if not left or getattr(broken.__cause__, "sqlstate", None) != DEADLOCK:
                raise
        else:
            return result


def _is_the_same(earlier: Command, pressed: bytes) -> bool:
    """Was this what was sent with the key before. A key from before that was kept tells nothing else."""
    before = bytes(earlier.pressed)
    return not before or not pressed or crypto.commitment_holds(pressed, before, purpose=PRESSED)
