"""Checking the trail from its rows alone, as somebody would who does not trust the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from samsyn.common import clock
from samsyn.common.crypto import commitment_holds
from samsyn.trail.merkle import Peaks
from samsyn.trail.models import Leaf, Root, TrailEntry, Tree
from samsyn.trail.rules import COMMITTED, Subject, content, leaf, purpose
from samsyn.trail.seal_actions import BETWEEN_ROOTS, seal


def subjects_of(entry: TrailEntry) -> list[Subject]:
    """What an entry is about, as its rows say."""
    return [Subject(one.kind, one.ref, one.child_ref, one.state) for one in entry.subjects.order_by("pk")]


def holds(entry: TrailEntry, subjects: Sequence[Subject] | None = None, **instead: Any) -> bool:
    """Does the entry's commitment fit its row? ``instead``: fields as somebody else would have them."""
    fields = {name: instead.get(name, getattr(entry, name)) for name in COMMITTED}
    about = subjects_of(entry) if subjects is None else subjects
    at, nonce = instead.get("at", entry.at), bytes(instead.get("nonce", entry.nonce))
    committed = content(fields, about, at, nonce)
    return commitment_holds(committed, bytes(entry.commitment), purpose=purpose(entry.principal_ref))


def seal_a_minute_later() -> int:
    """Seal, at a moment when every principal is due again; give how many entries were sealed."""
    newest = Root.objects.aggregate(at=Max("at"))["at"] or clock.now()
    with clock.at(max(clock.now(), newest + BETWEEN_ROOTS)):
        return seal()


def broken_at(principal_ref: UUID, *, without: int = 0) -> int | None:
    """The first position of a principal's tree that does not follow from those before; None when all do.

    ``without``: a position that somebody has taken out.
    """
    peaks, expected = Peaks(), 0
    tree = Tree.objects.get(principal_ref=principal_ref)
    leaves = Leaf.objects.filter(principal_ref=principal_ref).exclude(position=without).order_by("position")
    for one in leaves.select_related("entry"):
        expected += 1
        peaks.add(leaf(bytes(one.entry.commitment)))
        if one.position != expected or bytes(one.digest) != leaf(bytes(one.entry.commitment)):
            return expected
        root = Root.objects.filter(principal_ref=principal_ref, size=expected).first()
        if root is not None and bytes(root.digest) != peaks.root():
            return expected
    return None if (tree.size, bytes(tree.peaks)) == (expected, peaks.packed()) else expected + 1
