"""What every model of the house shares: a public reference, and one declared way in which it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from samsyn.common import clock, ports, reading
from samsyn.common.ids import new_reference
from samsyn.common.viewer import Viewer


@dataclass(frozen=True)
class ToFamily:
    """What the child itself and its guardians may see of a kind; without this they see nothing of it.

    ``only``: the rows that they can ever see, whatever is decided. ``by_default``: the rows that need no decision of
    their own, None for none. ``after_talk``: by default only once this very thing has been talked through with whoever
    looks. ``guardian_asked``, ``child_asked``: the rows that who has custody, or the child, sees at any age, since they
    ask for an answer. ``childs_own``: the rows that no guardian ever sees. ``own``: field path to the person who alone
    sees the row. ``dated``: field paths to the times at which the row got its content; all must lie before the end of
    custody for a former guardian, who sees nothing of a kind without them. ``days``: the same for dates without time.
    ``settled``: the rows that change no more; a former guardian sees no others, since one that goes tells of today.
    ``decided_as``: the kind of thing that a decision to open or close must be about, where it is not the row's own.
    ``kind_at``: column with the kind of the thing that the row is about, where a row may be about any kind.
    ``tells_of``: field path to the row id of the disclosure whose things the row tells of: what is closed to somebody,
    or marked, is not told of by a row about it either (OSL 12:3). ``follows``: name of the foreign key to a thing that
    the row was written about: where that is closed to somebody, or told by the child alone, so is the row.
    ``asks_about``: the same for the single things that a question names, by field path to the row id of the question.
    """

    only: Q = field(default_factory=Q)
    by_default: Q | None = None
    after_talk: bool = False
    guardian_asked: Q | None = None
    child_asked: Q | None = None
    childs_own: Q | None = None
    own: str = ""
    dated: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    settled: Q = field(default_factory=Q)
    decided_as: str = ""
    kind_at: str = ""
    tells_of: str = ""
    follows: str = ""
    asks_about: str = ""


@dataclass(frozen=True)
class SeenByChild:
    """Seen by whoever has a current reason around the child.

    ``kind``: the kind of information, the word a disclosure uses. ``child``: field path to the Person.
    ``authority``: field path to the authority that owns the row. ``item``: field path to the reference that a
    disclosure names ("ref" for the row itself, "plan__ref" for a part of a plan). ``draft_of``: field path to the post
    that alone sees the row while its ``state`` is "draft", "" where there are no such drafts. ``family``: what the
    child itself and its guardians may see of it.
    """

    kind: str
    child: str = "child"
    authority: str = "authority"
    item: str = "ref"
    draft_of: str = ""
    family: ToFamily | None = None


@dataclass(frozen=True)
class SeenAsPerson:
    """A person: seen through involvement or disclosure as a child, or as somebody in such a child's family."""

    kind: str = "person"


@dataclass(frozen=True)
class SeenByPost:
    """Seen by whoever acts as the post.

    ``copies``: path to a post that was given a copy. ``account``: path to an account that sees it without a post.
    """

    post: str = "post"
    copies: str = ""
    account: str = ""
    kind: str = ""
    child: str = ""


@dataclass(frozen=True)
class SeenByAccount:
    """Seen by the own account only."""

    account: str = "account"


@dataclass(frozen=True)
class Public:
    """Holds nothing about a child: seen by everyone who is signed in, and without sign-in when ``to_everyone``."""

    to_everyone: bool = False


@dataclass(frozen=True)
class NeverShown:
    """Machinery that no door shows through a queryset (seals, keys, command keys)."""


Seen = SeenByChild | SeenAsPerson | SeenByPost | SeenByAccount | Public | NeverShown

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """A queryset that a door may use only through ``visible_to``; what it then fetches is noted for the trail."""

    _viewer: Viewer | None = None

    def visible_to(self, viewer: Viewer) -> Self:
        """Only the rows that this viewer may see now, by the one predicate of ``sharing``."""
        return self._noted_for(viewer, ports.may_see(self.model, viewer, clock.now()))

    def _noted_for(self, viewer: Viewer, seen: Q) -> Self:
        found = self.filter(seen)
        found._viewer = viewer
        return found

    def _clone(self) -> Self:
        copy: Self = super()._clone()  # type: ignore[misc]  # private in the stubs, and the one hook that chaining has
        copy._viewer = self._viewer
        return copy

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._viewer is not None:
            rows = self._result_cache or []
            for row in rows:
                _note(row)
            hidden = [one for row in rows for one in _people_of(row) if one.is_protected and not one.given_name]
            if hidden:
                ports.fill_in_names(hidden)

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """As Django's, and notes each row for the trail."""
        for row in super().iterator(chunk_size):
            if self._viewer is not None:
                _note(row)
            yield row


def _note(row: object) -> None:
    seen = getattr(type(row), "seen", None)
    if isinstance(seen, SeenAsPerson):
        reading.note(seen.kind, row.ref, row.pk, row.ref)  # type: ignore[attr-defined]  # every such model has a ref
    elif isinstance(seen, SeenByChild | SeenByPost) and seen.child:
        holder: Any = row
        *way, last = seen.child.split("__")
        for step in way:
            holder = getattr(holder, step)
        child_id = getattr(holder, f"{last}_id")
        if child_id is None:
            return
        cached = holder._state.fields_cache.get(last)
        reading.note(seen.kind, row.ref, child_id, cached.ref if cached is not None else None)  # type: ignore[attr-defined]


def _people_of(row: object) -> Iterator[Any]:
    """The child or person that a row is about, as far as it was fetched with the row. They may be seen: the row is."""
    seen = getattr(type(row), "seen", None)
    if isinstance(seen, SeenAsPerson):
        yield row
    elif isinstance(seen, SeenByChild | SeenByPost) and seen.child:
        here: Any = row
        for step in seen.child.split("__"):
            here = here._state.fields_cache.get(step) if here is not None else None
        if here is not None:
            yield here


class Referenced(models.Model):
    """A row with a random public reference."""

    ref = models.UUIDField(default=new_reference, unique=True, editable=False)

    seen: ClassVar[Seen]
    objects = VisibleQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.ref}"
