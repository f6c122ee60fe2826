"""How many children somebody has opened since they last showed who they are, within an hour.

It is counted in the session: a new session has just been proved, so more sessions give nobody more children for each
time that they show who they are. A child stands there as a keyed word, which ends with the session.
"""

from __future__ import annotations

import time
from typing import Any

from django.utils.crypto import salted_hmac

from samsyn import law
from samsyn.common import clock
from samsyn.people.models import SignIn
from samsyn.people.sessions import OPENED

CEILING = "children_opened_limit"
HOUR = 3600
_SIGNS = 16


def ceiling() -> int | None:
    """The most children in an hour before somebody is asked who they are; None where no row of law says it."""
    return law.on(clock.now()).amount(CEILING)


def _lately(session: Any) -> dict[str, float]:
    since = time.time() - HOUR
    found: dict[str, float] = session.get(OPENED, {})
    return {word: at for word, at in found.items() if at > since}


def many(session: Any) -> int:
    """How many have been opened within the hour, when that is as many as may be; else 0."""
    number, most = len(_lately(session)), ceiling()
    return number if most is not None and number >= most else 0


def wait_for_others(session: Any) -> None:
    """Learn what the same session's other requests have opened meanwhile, one request after another.

    The row of the session is held until the request ends: else many at once would each count as the first.
    """
    row = SignIn.objects.select_for_update().filter(pk=session.session_key).first()
    if row is not None:
        session[OPENED] = row.get_decoded().get(OPENED, {})


def is_open(session: Any, child: int) -> bool:
    """Has this child (a row id) been opened within the hour?"""
    return _word(child) in _lately(session)


def note(session: Any, child: int) -> None:
    """Note that this child has been opened now."""
    session[OPENED] = {**_lately(session), _word(child): time.time()}


def _word(child: int) -> str:
    return salted_hmac(OPENED, str(child), algorithm="sha256").hexdigest()[:_SIGNS]
