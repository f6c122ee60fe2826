"""Looking an exact number up in a register: with a reason, in the trail, and not too often."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import no, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.identities import find_by_numbers
from samsyn.people.models import Account, LookUp
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem, read_number
from samsyn.people.registers import FileRegister, Register, RegisterPerson, RegisterUnavailable, SS12000Register
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ONE_HOUR = timedelta(hours=1)


def look_up(viewer: Viewer, number_text: str, reason: str) -> RegisterPerson | None:
    """The person whom a register knows by exactly this number, or None.

    Raises Refused: no post, no reason, too many in an hour, no number, or no register that answers.
    """
    reason = clean_line(reason, 300, field="reason")
    with transaction.atomic():
        # One at a time for an account, so that many at once cannot slip under the limit.
        list(Account.objects.select_for_update().filter(pk=viewer.account).values_list("pk"))
        now = clock.now()
        recent = LookUp.objects.filter(account_id=viewer.account, at__gt=now - ONE_HOUR).count()
        limit = law.on(now).amount(rules.LOOK_UP_LIMIT)
        require(rules.may_look_up(acts_as_post=viewer.is_staff, reason=reason, recent=recent, limit=limit))
        number = read_number(number_text, on=clock.today(), systems=ORDINARY_SYSTEMS)
        found = _ask(number.system, number.value)
        LookUp.objects.create(account_id=viewer.account, reason=reason, found=found is not None, at=now)
        here = find_by_numbers((one.system, one.value) for one in found.identities) if found is not None else ()
        act(viewer, "people.look_up", [Subject("look_up", one.ref, one.ref) for one in here], ground=reason)
    return found


def registers() -> tuple[Register, ...]:
    """The registers of this installation, in the order in which they are asked: the file first, then the service."""
    return _registers(settings.SAMSYN_REGISTER_FILE, settings.SAMSYN_REGISTER_URL, settings.SAMSYN_REGISTER_TOKEN)


@lru_cache(maxsize=4)
def _registers(path: str, url: str, token: str) -> tuple[Register, ...]:
    # Kept, since a file register remembers where each row begins and a service keeps its connection.
    found: list[Register] = []
    if path:
        found.append(FileRegister(path))
    if url:
        found.append(SS12000Register(url, token))
    return tuple(found)


def _ask(system: IdentitySystem, value: str) -> RegisterPerson | None:
    """The first register's answer that knows the number. One that does not answer is passed over if another knows."""
    asked = registers()
    if not asked:
        raise RegisterUnavailable(no("No register is connected here. Ask those who look after the system."))
    silent: RegisterUnavailable | None = None
    for register in asked:
        try:
            person = register.look_up(system, value)
        except RegisterUnavailable as unavailable:
            silent = unavailable
            continue
        if person is not None:
            return person
    if silent is not None:
        raise silent
    return None
