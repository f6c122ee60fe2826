"""Noting that a number is looked up: before anything is found, and whatever comes of it."""

from __future__ import annotations

from collections.abc import Collection

from django import forms

from samsyn.common import second_lock
from samsyn.common.decision import Refused
from samsyn.desk.doors import StaffRequest
from samsyn.people.actions import begin_look_up
from samsyn.people.actions.look_ups import Begun
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem
from samsyn.trail.actions import refuse
from samsyn.trail.pressing import say


def begin(
    request: StaffRequest,
    form: forms.Form,
    number: str,
    reason: str,
    *,
    issuer: str = "",
    systems: Collection[IdentitySystem] = ORDINARY_SYSTEMS,
) -> Begun | None:
    """Note the look-up, and read the number. None where it may not be made; the form says why, also of no number."""
    try:
        with second_lock.acting():
            begun = begin_look_up(request.viewer, number, reason, issuer=issuer, systems=systems)
    except Refused as refused:
        say(form, refused.decision)
        request.refused = refused.decision
        return None
    if begun.decision is not None:
        say(form, begun.decision)
    return begun


def keep(request: StaffRequest, page_name: str) -> None:
    """Let the look-up stay counted and in the trail when what came after it was refused; so does the refusal."""
    refused = getattr(request, "refused", None)
    if refused is not None:
        refuse(request.viewer, page_name, refused.reason)
        request.refused = None
