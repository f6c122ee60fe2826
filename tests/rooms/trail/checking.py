"""Checking the trail from its rows alone, as somebody would who does not trust the house."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from samsyn.common.crypto import commitment_holds
from samsyn.trail.models import Chain, Link, TrailEntry
from samsyn.trail.rules import FIRST_DIGEST, Subject, content, next_digest

COMMITTED = (
    "mode", "act", "account_ref", "person_ref", "person_label", "post_ref", "post_label", "unit_ref", "unit_label",
    "principal_ref", "ground",
)  # fmt: skip


def subjects_of(entry: TrailEntry) -> list[Subject]:
    """What an entry is about, as its rows say."""
    return [Subject(one.kind, one.ref, one.child_ref, one.state) for one in entry.subjects.order_by("pk")]


def holds(entry: TrailEntry, subjects: Sequence[Subject] | None = None, **instead: Any) -> bool:
    """Does the entry's commitment fit its row? ``instead``: fields as somebody else would have them."""
    fields = {name: instead.get(name, getattr(entry, name)) for name in COMMITTED}
    about = subjects_of(entry) if subjects is None else subjects
    at, nonce = instead.get("at", entry.at), bytes(instead.get("nonce", entry.nonce))
    committed = content(fields, about, at, nonce)
    return commitment_holds(committed, bytes(entry.commitment), purpose=f"trail|{entry.principal_ref}")


def broken_at(principal_ref: UUID, *, without: int = 0) -> int | None:
    """The first position of a principal's chain that does not follow from those before; None when all do.

    ``without``: a position that somebody has taken out.
    """
    digest = FIRST_DIGEST
    chain = Chain.objects.get(principal_ref=principal_ref)
    links = Link.objects.filter(principal_ref=principal_ref).exclude(position=without).order_by("position")
    expected = 0
    for link in links.select_related("entry"):
        expected += 1
        digest = next_digest(digest, bytes(link.entry.commitment))
        if link.position != expected or bytes(link.digest) != digest or link.entry.principal_ref != principal_ref:
            return expected
    return None if (chain.length, bytes(chain.digest)) == (expected, digest) else expected + 1
