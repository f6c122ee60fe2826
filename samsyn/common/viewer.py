"""Who is asking, in which capacity. Plain ids and labels, so that every room below the doors can use it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Viewer:
    """One account in one capacity at a time.

    ``post`` is the post that the account holds or covers in this request, None for the own family and for the system.
    ``units`` is the post's unit and those above it in the same authority, nearest first.
    ``vouched_for`` is the door that the sign-in opens ("staff", "family"), "" for both: who has shown who they are at
    work has not done so as anybody's guardian, and the other way round.
    ``acts``: the request is to change something, so that what may only be read (an emergency) does not count.
    ``knows_nobody_hidden``: asked as the request began, the viewer has no reason to know of anybody protected. False
    wherever that has not been asked, and not to be believed of one that ``acts``: what it does may give it a reason.
    The labels are what the trail keeps, so that an entry reads the same after the people have moved on.
    """

    account: int = 0
    person: int = 0
    post: int | None = None
    unit: int | None = None
    units: tuple[int, ...] = ()
    authority: int | None = None
    principal: int | None = None
    account_ref: UUID = NOBODY
    person_ref: UUID = NOBODY
    post_ref: UUID = NOBODY
    unit_ref: UUID = NOBODY
    principal_ref: UUID = NOBODY
    person_label: str = ""
    post_label: str = ""
    unit_label: str = ""
    sphere: str = ""
    covering: bool = False
    operator: bool = False
    vouched_for: str = ""
    acts: bool = False
    knows_nobody_hidden: bool = False

    @property
    def is_staff(self) -> bool:
        """True when the account acts as a post."""
        return self.post is not None

    @property
    def is_family(self) -> bool:
        """True when the account acts as itself: as a child, or as a guardian, of the own family. Never an operator."""
        return self.person != 0 and self.post is None and not self.operator and self.vouched_for != "staff"


SYSTEM = Viewer(person_label="Samsyn", post_label="system")
"""The house itself: the tick, the worker and the commands. It sees nothing through ``visible_to``."""

CAPACITY = "capacity"
"""Name of the session's entry that holds the row id of the chosen post."""
