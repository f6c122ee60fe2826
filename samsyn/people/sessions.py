"""The store behind sign-ins: Django's sessions, each with the account, the device and the hours that it belongs to.

A session's life is measured by the machine's own clock, never by one that a test or the village has set: what a cookie
opens does not become valid again because somebody writes of last year.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError, connection, transaction

from samsyn.common.ids import new_reference
from samsyn.people.models import SignIn

SIGNED_IN = "signed_in"
"""Name of the session's entry about the sign-in: see ``facts``."""
OPENED = "opened"
"""Name of the session's entry about the children opened in it: see ``people.opened``."""
TOUCHED_EVERY = 60
"""Seconds after which a page moves the end of the session onwards; sooner, the store is not asked to write."""


def facts(*, device: str = "", way: str = "", door: str = "", outside: str = "") -> dict[str, Any]:
    """What a session tells of a sign-in that happens now.

    ``way``: the provider's word, "passkey", "password" or "demo". ``door``: the one that it opens, "" for all.
    ``outside``: the provider's name for its own session. ``began``, ``seen`` and ``proved`` are seconds since 1970:
    when it began, when a page was last opened, and when the person last showed who they are.
    """
    now = time.time()
    return {
        "ref": str(new_reference()),
        "device": device,
        "way": way,
        "door": door,
        "outside": outside,
        "began": now,
        "seen": now,
        "proved": now,
    }


class SessionStore(DatabaseStore):
    """Rows of SignIn. A session without an account (somebody who is about to sign in) lives a quarter of an hour."""

    @classmethod
    def get_model_class(cls) -> type[SignIn]:
        """The table of the house."""
        return SignIn

    def get_session_cookie_age(self) -> int:
        """Seconds that the session lives from now: the idle limit, but never beyond the longest day."""
        found = self.get(SIGNED_IN)
        if not found:
            return settings.SAMSYN_BEFORE_SIGN_IN_SECONDS
        left = found["began"] + settings.SAMSYN_LONGEST_SECONDS - time.time()
        return max(0, int(min(settings.SAMSYN_IDLE_SECONDS, left)))

    def cycle_key(self) -> None:
        """As Django's; the row under the new key has a reference of its own, since both rows stand for a moment."""
        if told := self.get(SIGNED_IN):
            self[SIGNED_IN] = {**told, "ref": str(new_reference())}
        super().cycle_key()

    def save(self, must_create: bool = False) -> None:
        """As Django's; and what other requests of the session have opened since it was read stays counted."""
        # A request has a transaction already; a session is saved outside one too.
        with nullcontext() if connection.in_atomic_block else transaction.atomic():
            if not must_create and self.session_key is not None:
                row = SignIn.objects.select_for_update().filter(pk=self.session_key).first()
                others = row.get_decoded().get(OPENED, {}) if row is not None else {}
                if others.keys() - self.get(OPENED, {}).keys():
                    self[OPENED] = {**others, **self.get(OPENED, {})}
            try:
                super().save(must_create)
            except UpdateError as ended:
                # Django takes a store that is away for a session that has been ended, and says the reader did wrong.
                if isinstance(ended.__context__, OperationalError):
                    raise ended.__context__ from None
                raise

    def create_model_instance(self, data: dict[str, Any]) -> SignIn:
        """The row: a session that somebody has signed in to always tells when that was."""
        if SESSION_KEY in data and SIGNED_IN not in data:
            data[SIGNED_IN] = facts()
        row: Any = super().create_model_instance(data)
        told = data.get(SIGNED_IN)
        if told and SESSION_KEY in data:
            row.account_id = int(data[SESSION_KEY])
            row.ref, row.device, row.way, row.outside = told["ref"], told["device"], told["way"], told["outside"]
            row.began_at, row.seen_at = _moment(told["began"]), _moment(told["seen"])
        assert isinstance(row, SignIn)
        return row


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def touch(session: Any) -> None:
    """Note that a page was opened, when the last note is a minute old. The session's end moves onwards with it."""
    found = session.get(SIGNED_IN)
    now = time.time()
    if found and abs(now - found["seen"]) >= TOUCHED_EVERY:  # a clock that was ahead lengthens no session
        session[SIGNED_IN] = {**found, "seen": now}


def seconds_left(session: Any) -> int:
    """How long the session lives when no page is opened; 0 when nobody has signed in to it."""
    found = session.get(SIGNED_IN)
    if not found:
        return 0
    now = time.time()
    idle = found["seen"] + settings.SAMSYN_IDLE_SECONDS - now
    return max(0, int(min(idle, found["began"] + settings.SAMSYN_LONGEST_SECONDS - now)))


def may_stay(session: Any) -> bool:
    """Would opening a page move the session's end onwards; not when its longest day is what ends it."""
    found = session.get(SIGNED_IN)
    return bool(found) and found["began"] + settings.SAMSYN_LONGEST_SECONDS - time.time() > settings.SAMSYN_IDLE_SECONDS


def proved_recently(session: Any) -> bool:
    """Has the person shown who they are, in this session, within the last few minutes. Not in a time to come, which a
    clock that was ahead has written; the clocks of two machines may differ by less than that."""
    found = session.get(SIGNED_IN)
    return bool(found) and abs(time.time() - found["proved"]) < settings.SAMSYN_RECENT_SECONDS


def prove(session: Any, way: str = "", outside: str = "") -> None:
    """Note that the person has just shown who they are, once more. The session goes on under a new key.

    ``way``, ``outside``: by which provider, and in which session of its own, if it was the one that let them in.
    """
    told = {**session[SIGNED_IN], "proved": time.time()}
    if way and way == told["way"]:
        told["outside"] = outside  # the provider may have begun a new one, and tells of the end of that one
    session[SIGNED_IN] = told
    session.pop(OPENED, None)
    session.cycle_key()
