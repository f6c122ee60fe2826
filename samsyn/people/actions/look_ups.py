"""Looking an exact number up in a register: with a reason, in the trail, and not too often.

Three steps, since a register may take long to answer and nothing may be locked meanwhile: ``begin_look_up`` in a
transaction, ``ask_registers`` in none, ``end_look_up`` in the next. Every try is kept, also one that came to nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import Decision, no, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.identities import everybody_with, given_by_hand
from samsyn.people.models import HIDDEN, Account, LookUp, LookUpOutcome, Person
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem, ReadNumber, UnreadableNumber, read_number
from samsyn.people.registers import (
    FileRegister,
    Register,
    RegisterAmbiguous,
    RegisterPerson,
    RegisterUnavailable,
    SS12000Register,
)
from samsyn.people.registers.connection import showing
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, repr=False)
class Begun:
    """A look-up that has been noted. ``number`` is None where what was typed is none, and ``decision`` says why."""

    row: LookUp
    number: ReadNumber | None
    decision: Decision | None = None


@dataclass(frozen=True, repr=False)
class Told:
    """What the registers said: the person, None for nobody; ``decision`` says why where it is not known."""

    outcome: LookUpOutcome
    person: RegisterPerson | None = None
    decision: Decision | None = None


def begin_look_up(
    viewer: Viewer,
    number_text: str,
    reason: str,
    *,
    issuer: str = "",
    systems: Collection[IdentitySystem] = ORDINARY_SYSTEMS,
) -> Begun:
    """Note that a number is to be looked up, and read it. ``issuer``: who gave a reserve number (``people.numbers``).

    ``systems``: the kinds of number that may be meant.

    Raises Refused, and notes nothing: no post, no reason, too many in an hour.
    """
    reason = clean_line(reason, 300, field="reason")
    with transaction.atomic():
        # One at a time for an account, so that many at once cannot slip under the limit.
        list(Account.objects.select_for_update().filter(pk=viewer.account).values_list("pk"))
        now = clock.now()
        recent = LookUp.objects.filter(account_id=viewer.account, at__gt=now - ONE_HOUR).count()
        limit = law.on(now).amount(rules.LOOK_UP_LIMIT)
        require(rules.may_look_up(acts_as_post=viewer.is_staff, reason=reason, recent=recent, limit=limit))
        number, decision, outcome = _read(number_text, issuer, systems)
        row = LookUp.objects.create(account_id=viewer.account, reason=reason, outcome=outcome, at=now)
        act(viewer, "people.look_up", [Subject("look_up", row.ref, state=outcome)], ground=reason)
    return Begun(row, number, decision)


def ask_registers(number: ReadNumber) -> Told:
    """The first register's answer that knows the number. One that does not answer is passed over if another knows.

    Touches no database. Meant to be called while no transaction is open.
    """
    asked = registers()
    if not asked:
        silent = no("No register is connected here. Ask those who look after the system.")
        return Told(LookUpOutcome.UNAVAILABLE, decision=silent)
    unsure: Told | None = None
    for register in asked:
        try:
            person = register.look_up(number.system, number.value)
        except RegisterUnavailable as unavailable:
            unsure = Told(LookUpOutcome.UNAVAILABLE, decision=unavailable.decision)
            continue
        except RegisterAmbiguous as ambiguous:
            return Told(LookUpOutcome.AMBIGUOUS, decision=ambiguous.decision)
        if person is not None:
            return Told(LookUpOutcome.FOUND, person)
    return unsure or Told(LookUpOutcome.NOBODY)


def end_look_up(viewer: Viewer, begun: LookUp, told: Told) -> None:
    """Note what the registers said, and in the trail whom it is about if somebody of that number is here."""
    person = told.person
    with transaction.atomic():
        LookUp.objects.filter(pk=begun.pk).update(outcome=told.outcome)
        here = _it_is_about(person) if person is not None else []
        children: list[UUID | None] = [one.ref for one in here] or [None]
        subjects = [Subject("look_up", begun.ref, child, state=told.outcome) for child in children]
        act(viewer, "people.look_up_answered", subjects, ground=begun.reason)


def note_tried(viewer: Viewer, begun: Begun, persons: Iterable[Person]) -> None:
    """Let those who know of somebody read in the trail that somebody has written their number for another one."""
    subjects = [Subject("look_up", begun.row.ref, one.ref, LookUpOutcome.ENTERED) for one in persons]
    if subjects:
        act(viewer, "people.look_up_answered", subjects, ground=begun.row.reason)


def _it_is_about(person: RegisterPerson) -> list[Person]:
    """Who is here by the numbers of whom a register told.

    Where that one is hidden, a child whom somebody at work has given such a number is left out: its trail would tell
    that the number is somebody's.
    """
    numbers = [(one.system, one.value) for one in person.identities]
    here = sorted(everybody_with(numbers), key=lambda one: one.pk)
    if person.protection not in HIDDEN and not any(one.is_protected for one in here):
        return here
    by_hand = [one for system, value in numbers for one in given_by_hand(system, value)]
    return [one for one in here if one.is_protected or one not in by_hand]


def _read(
    text: str, issuer: str, systems: Collection[IdentitySystem]
) -> tuple[ReadNumber | None, Decision | None, LookUpOutcome]:
    try:
        number = read_number(text, on=clock.today(), systems=systems, issuer=issuer)
    except UnreadableNumber as unread:
        return None, unread.decision, LookUpOutcome.MISTYPED
    return number, None, LookUpOutcome.ASKED


def registers() -> tuple[Register, ...]:
    """The registers of this installation, in the order in which they are asked: the file first, then the service."""
    return _registers(
        settings.SAMSYN_REGISTER_FILE,
        settings.SAMSYN_REGISTER_URL,
        settings.SAMSYN_REGISTER_TOKEN,
        settings.SAMSYN_REGISTER_ISSUER,
        settings.SAMSYN_REGISTER_CERTIFICATE,
    )


@lru_cache(maxsize=4)
def _registers(path: str, url: str, token: str, issuer: str, certificate: str) -> tuple[Register, ...]:
    # Kept, since a file register remembers where each row begins and a service keeps its connection.
    found: list[Register] = []
    if path:
        found.append(FileRegister(path, issuer=issuer))
    if url:
        tls = showing(certificate) if certificate else None
        found.append(SS12000Register(url, token, issuer=issuer, tls=tls))
    return tuple(found)
