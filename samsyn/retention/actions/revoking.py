"""After a restore: what had been revoked is revoked again, before anybody may sign in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from django.db import transaction

from samsyn.common.outside import OutsideUnreadable
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people.actions import end_every_sign_in
from samsyn.people.actions.revoked import (
    account_again,
    custody_again,
    passkey_again,
    protection_again,
    sign_in_again,
)
from samsyn.protection.revoked import insight_again, marking_again
from samsyn.sharing.actions.revoked import (
    answer_again,
    disclosure_again,
    family_decision_again,
    family_mark_again,
    left_out_again,
)
from samsyn.sharing.actions.untold_looks import untold_looks_again
from samsyn.trail.actions import act
from samsyn.trail.revoking import REVOCATION, Revocation, carried_out_again, missing_here
from samsyn.trail.rules import Subject

AGAIN: Mapping[str, Callable[[Viewer, Revocation], bool]] = {
    "account": account_again,
    "answer": answer_again,
    "custody": custody_again,
    "disclosure": disclosure_again,
    "family_decision": family_decision_again,
    "family_mark": family_mark_again,
    "insight": insight_again,
    "left_out": left_out_again,
    "marking": marking_again,
    "passkey": passkey_again,
    "protection": protection_again,
    "sign_in": sign_in_again,
    "untold_looks": untold_looks_again,
}
"""Kind of line → the room's own way to carry it out; each says whether there was anything here to close."""


def revoke_again(file: Path) -> tuple[int, int]:
    """Carry out each revocation of the file that the trail here does not know, the oldest first.

    Gives how many lines were carried out, and how many of them closed something here: what was written after the copy
    is not here to be closed. Safe to stop and to run twice. Raises OutsideUnreadable.
    """
    lines = missing_here(file)
    closed = sum(_again(file, one) for one in lines)
    if lines:
        end_every_sign_in(SYSTEM)
    return len(lines), closed


@transaction.atomic
def _again(file: Path, line: Revocation) -> bool:
    with carried_out_again():
        try:
            closed = AGAIN[line.kind](SYSTEM, line)
        except (KeyError, ValueError) as wrong:
            raise OutsideUnreadable(f"{file}: the revocation {line.ref} cannot be carried out.") from wrong
        state = "closed" if closed else "nothing here"
        act(SYSTEM, "revocation.replayed", [Subject(REVOCATION, line.ref, None, state)], ground=line.kind)
    return closed
