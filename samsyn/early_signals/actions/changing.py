"""What every verb here shares: the row is locked, an old screen is refused, and one step is written whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from samsyn import law
from samsyn.circle.actions import held_named_person
from samsyn.common import clock
from samsyn.common.decision import Decision, Refused
from samsyn.common.prepared import first_asked
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.models import HangsOn
from samsyn.early_signals import rules
from samsyn.early_signals.actions.coming_back import with_post
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations.models import Post
from samsyn.sharing.models import Disclosure

Words = TypeVar("Words", rules.Noted, rules.TalkHeld, rules.Answers)


class ChangedMeanwhile(Refused):
    """Somebody else has changed the thing since the page was made. ``newest`` is the row as it is now."""

    def __init__(self, decision: Decision, newest: Sign | Request) -> None:
        super().__init__(decision)
        self.newest = newest


@dataclass(frozen=True)
class Acting:
    """Row ids of the post that acts, its unit and its authority."""

    post: int
    unit: int
    authority: int


def acting(viewer: Viewer) -> Acting:
    """As what the viewer acts. Raises PermissionError without a post: no door lets such a viewer come this far."""
    if viewer.post is None or viewer.unit is None or viewer.authority is None:
        raise PermissionError("Only a post can act here.")
    return Acting(viewer.post, viewer.unit, viewer.authority)


def locked_sign(sign: Sign) -> Sign:
    """The sign as it is now, locked until the transaction ends.

    Raises Refused when it was a draft that has been thrown away.
    """
    found: Sign | None = first_asked(_held, sign.pk)
    if found is None:
        raise Refused(rules.WHERE_IT_STANDS["discarded"])
    return found


def _held(pk: int) -> QuerySet[Sign]:
    rows = Sign.objects.select_for_update(of=("self",)).filter(pk=pk)
    return rows.select_related("child", "authority", "noticer", "noticer_post")


def locked_request(request: Request) -> Request:
    """The request as it is now, locked until the transaction ends, with its sign and who answers for the child; and
    the row that opens it to the receiver: a yes that is taken back at the same moment comes before this or after it.

    Always in this order (request, sign, named person, row), so that two never wait for each other in a ring.
    """
    rows = Request.objects.select_for_update(of=("self",)).select_related(
        "child", "authority", "from_post__unit__authority", "to_post__unit", "disclosure__child", "sign"
    )
    found: Request = rows.get(pk=request.pk)
    if found.sign is not None:
        found.sign = locked_sign(found.sign)
    held_named_person(found.child)
    if found.disclosure_id is not None:
        list(Disclosure.objects.select_for_update().filter(pk=found.disclosure_id).values_list("pk"))
    return found


def require_newest(row: Sign | Request, seen: int | None) -> None:
    """Raises ChangedMeanwhile when the version that was on the screen is not the newest."""
    decision = rules.is_newest(seen, row.version)
    if not decision:
        raise ChangedMeanwhile(decision, row)


def cleaned(words: Words, *names: str) -> Words:
    """The same with its texts cleaned. Raises UnclearText, naming the field, for one that is too long."""
    texts: dict[str, Any] = {name: clean_text(getattr(words, name), rules.LONGEST_TEXT, field=name) for name in names}
    return replace(words, **texts)


def cleaned_text(text: str, field: str) -> str:
    """One text cleaned. Raises UnclearText, naming the field, when it is too long."""
    return clean_text(text, rules.LONGEST_TEXT, field=field)


@dataclass(frozen=True)
class Answering:
    """The post that answers for a sign, and what its duties about it follow."""

    post: Post
    hangs_on: HangsOn = HangsOn.NAMED_PERSON


def answering_as(viewer: Viewer, sign: Sign) -> Answering | None:
    """As what the viewer answers for the sign: as the child's named person, or as the post that it came back to.

    None for everybody else. Who is the named person is held until the transaction ends.
    """
    named = held_named_person(sign.child)
    if named is not None and named.post_id == viewer.post:
        return Answering(named.post)
    back = with_post(viewer, sign)
    return Answering(back, HangsOn.POST) if back is not None else None


def counted_from(rule: str, signal_received: datetime | None) -> datetime:
    """The moment that a clock runs from: when the sign was sent for the clocks that say so, else now."""
    from_signal = law.on(clock.today()).row(rule).counted_from == "signal_received"
    return signal_received if from_signal and signal_received is not None else clock.now()
