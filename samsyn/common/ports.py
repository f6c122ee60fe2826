"""How a lower room asks upwards without knowing who answers.

Every port of the house is listed in this file; a room above registers its answer in ``AppConfig.ready``.
Start-up refuses while one is unanswered (``site/checks.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from django.db.models import Exists, Model, OuterRef, Q, QuerySet

    from samsyn.common.viewer import Viewer

P = ParamSpec("P")
R = TypeVar("R")


class PortError(RuntimeError):
    """A port was asked before anybody answered it, or answered by two."""


@dataclass
class Port(Generic[P, R]):
    """A question with exactly one answerer."""

    name: str
    answer: Callable[P, R] | None = None

    def answered_by(self, answer: Callable[P, R]) -> None:
        """Register the room that answers.

        Raises PortError when another one already does.
        """
        if self.answer is not None and self.answer is not answer:
            raise PortError(f"The port {self.name} is already answered.")
        self.answer = answer

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self.answer is None:
            raise PortError(f"Nobody answers the port {self.name}.")
        return self.answer(*args, **kwargs)


@dataclass
class ManyPort(Generic[P, R]):
    """A question that several rooms answer, each with its own list."""

    name: str
    answers: list[Callable[P, Iterable[R]]] = field(default_factory=list)

    def answered_by(self, answer: Callable[P, Iterable[R]]) -> None:
        """Add a room that answers."""
        if answer not in self.answers:
            self.answers.append(answer)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        if not self.answers:
            raise PortError(f"Nobody answers the port {self.name}.")
        return [item for answer in self.answers for item in answer(*args, **kwargs)]


@dataclass(frozen=True)
class Hanging:
    """Something that hangs on a post and must be moved before the post can end."""

    room: str
    kind: str
    ref: UUID
    words: str


@dataclass(frozen=True)
class Resting:
    """Work that rested on a yes which has ended, and the post that is to look at it with the family.

    ``what``: the duty's word, "" when the post is only to know. ``hangs_on``: which responsibility the duty follows.
    ``closed``: the post cannot read what it is about any longer, and is only told that something has closed.
    """

    room: str
    ref: UUID
    post_id: int
    what: str = ""
    hangs_on: str = "post"
    closed: bool = False


class Children(StrEnum):
    """Which of the children around a post: all; those that it meets for more than to find them; those that it has a
    reason around, and not those of whom something was opened to its unit."""

    ALL = "all"
    BEYOND_FINDING = "beyond_finding"
    BY_REASON = "by_reason"


may_see: Port[[type[Model], Viewer, datetime], Q] = Port("may_see")
"""Which rows of a model this viewer may see at this moment. Asked by VisibleQuerySet, answered by sharing."""

children_seen: Port[[Viewer, datetime, Children], Q] = Port("children_seen")
"""Which persons this viewer may see now as such children: fewer than by ``may_see``, which lets their families be seen
too. Asked by the persons' queryset, answered by sharing."""

fill_in_names: Port[[list[Any]], None] = Port("fill_in_names")
"""Give protected persons, whom the viewer may see, the names that lie in the vault. Asked by VisibleQuerySet, answered
by protection."""

knows_of_hidden: Port[[OuterRef, datetime], Exists] = Port("knows_of_hidden")
"""The condition that the post in this column has a reason now to know of somebody protected. Asked by organisations as
a request begins, answered by protection."""

named_person_word: Port[[int | None], str] = Port("named_person_word")
"""What a child's named person is called where this authority is. Asked by trail for the sentence of a refusal, answered
by organisations."""

child_said: Port[[int, int], tuple[str, str]] = Port("child_said")
"""What a child (row id) said in the newest talk that an authority (row id) has written down, or why it took no part;
both empty for no talk. Asked by sharing for what is opened on a yes without a page of its own, answered by
early_signals."""

hangs_on_post: ManyPort[[int], Hanging] = ManyPort("hangs_on_post")
"""What hangs on this post. Asked by organisations before a holding, post or unit ends; answered by duties, circle, …"""

goes_with_the_child: ManyPort[[int, int, int], tuple[str, UUID]] = ManyPort("goes_with_the_child")
"""Kind and reference of what is open around a child (row id), which a new named person in another authority must be
able to read: of what the authority that hands over (row id) holds, or what is open to its unit (row id), and nothing
else. Asked by circle at a hand-over, answered by early_signals and plans."""

work_of_team: ManyPort[[int], QuerySet[Any, Any]] = ManyPort("work_of_team")
"""References of what a team (row id) makes, its plans and what is promised in them, as queries. Asked by circle, for
what follows the team and not another one around the same child: what is open for its sake, and what its lead and its
members have to do. Answered by plans."""

family_changed: Port[[Viewer, int], None] = Port("family_changed")
"""Custody of a child, or its age, has changed. Told by people in the same transaction, answered by sharing: what rests
on a yes of those who decided follows."""

named_person_changed: Port[[Viewer, int], None] = Port("named_person_changed")
"""Another post has become a child's (row id) named person, and what goes along has been opened. Told by circle in the
same transaction, answered by early_signals: what the new one may not read stays with the authority that holds it."""

less_is_open: ManyPort[[Viewer, int], Resting] = ManyPort("less_is_open")
"""Something that was open around a child (row id) has been closed while the yes stands: each room does what follows for
its own work, and says who is to know. Told by sharing in the same transaction, answered by early_signals, circle
and plans."""

read_again: ManyPort[[list[int]], UUID] = ManyPort("read_again")
"""Posts (row ids) may read something again that they could not: each room lets them do again what had been set aside,
and gives what it is about. Told by circle in the transaction in which posts moved, answered by early_signals and
plans."""

rests_on_a_yes: ManyPort[[], QuerySet[Any, Any]] = ManyPort("rests_on_a_yes")
"""Row ids of the consents that work rests on now, as queries. Asked by sharing, answered by circle, plans and
early_signals."""

yes_ended: ManyPort[[Viewer, int], Resting] = ManyPort("yes_ended")
"""A yes that stood has ended: each room does what follows for its own work, and says who is to look at it. Told by
sharing in the same transaction."""

unit_ended: Port[[Viewer, int], None] = Port("unit_ended")
"""A unit ends today. Told by organisations in the same transaction, answered by sharing: its reasons around children
end, and what was open to it closes."""

posts_moved: Port[[Viewer, list[int]], None] = Port("posts_moved")
"""Posts (row ids) are in another unit of their authority from now on. Told by organisations in the same transaction,
answered by circle: what another authority has open to the unit before is not open to them any longer."""

ALL: tuple[Port[Any, Any] | ManyPort[Any, Any], ...] = (
    may_see,
    children_seen,
    fill_in_names,
    knows_of_hidden,
    named_person_word,
    child_said,
    hangs_on_post,
    goes_with_the_child,
    work_of_team,
    family_changed,
    named_person_changed,
    less_is_open,
    read_again,
    rests_on_a_yes,
    yes_ended,
    unit_ended,
    posts_moved,
)
