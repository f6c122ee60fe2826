"""The three steps of a look-up, one after the other, as the page takes them."""

from __future__ import annotations

from samsyn.common.decision import Refused
from samsyn.common.viewer import Viewer
from samsyn.people.actions import ask_registers, begin_look_up, end_look_up
from samsyn.people.registers import RegisterPerson


def look_up(viewer: Viewer, number_text: str, reason: str, *, issuer: str = "") -> RegisterPerson | None:
    """The person whom a register knows by this number, or None. Raises Refused with the sentence that the page says."""
    begun = begin_look_up(viewer, number_text, reason, issuer=issuer)
    if begun.decision is not None:
        raise Refused(begun.decision)
    assert begun.number is not None
    told = ask_registers(begun.number)
    end_look_up(viewer, begun.row, told)
    if told.decision is not None:
        raise Refused(told.decision)
    return told.person
