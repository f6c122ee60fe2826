"""One question to the database for lines of many kinds about a child: a union of what the viewer may see of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from samsyn.common import reading
from samsyn.common.models import VisibleQuerySet


@dataclass(frozen=True)
class Line:
    """One line: its kind, the thing it is about, when it was, and the texts that its kind gives."""

    kind: str
    ref: UUID
    child: int
    at: datetime
    state: str
    words: str
    extra: str
    until: datetime | None

    columns: ClassVar[tuple[str, ...]] = (
        "l_kind",
        "l_ref",
        "l_child",
        "l_at",
        "l_state",
        "l_words",
        "l_extra",
        "l_until",
    )


def lines_of(
    rows: VisibleQuerySet[Any],
    kind: str,
    *,
    at: str,
    state: str | Combinable = "",
    words: str | Combinable = "",
    extra: str | Combinable = "",
    until: str | Combinable | None = None,
    child: str = "child_id",
) -> Any:
    """The rows of one model as lines. ``at``, ``words`` … name fields or are expressions; "" leaves a column empty.

    ``rows`` must come from ``visible_to``; raises ValueError otherwise.
    """
    if rows._viewer is None:
        raise ValueError("Lines are made of what somebody may see: call visible_to first.")
    return (
        rows.order_by()
        .annotate(
            l_kind=Value(kind, output_field=CharField()),
            l_ref=F("ref"),
            l_child=F(child),
            l_at=F(at),
            l_state=_text(state),
            l_words=_text(words),
            l_extra=_text(extra),
            l_until=Cast(Value(None) if until is None else _expression(until), DateTimeField()),
        )
        .values_list(*Line.columns)
    )


def _expression(source: str | Combinable) -> Any:
    return F(source) if isinstance(source, str) else source


def _text(source: str | Combinable) -> Any:
    if source == "":
        return Value("", output_field=TextField())
    return Cast(_expression(source), TextField())


def newest(parts: Iterable[Any], limit: int) -> Any:
    """The question for the newest lines of all kinds together.

    Lines that hold until some time come before all others, so that nothing that is still to do falls below the limit.
    """
    first, *rest = parts
    lasting = F("l_until").desc(nulls_last=True)
    return first.union(*rest, all=True).order_by(lasting, "-l_at", "l_ref")[:limit]


def newest_first(rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    """What ``newest`` gave, as lines; each is noted for the trail."""
    found = sorted((Line(*row) for row in rows), key=lambda line: line.at, reverse=True)
    for line in found:
        reading.note(line.kind, line.ref, line.child, None)
    return found
