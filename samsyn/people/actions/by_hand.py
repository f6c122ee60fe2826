"""Who is written down by somebody that has met them, since no register answers: a child, or one who has custody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.actions.look_ups import Begun
from samsyn.people.actions.persons import Facts, make
from samsyn.people.identities import find_by_number, new_identity, new_identity_beside
from samsyn.people.models import Identity, LookUp, LookUpOutcome, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def enter_by_hand(
    viewer: Viewer, begun: Begun, facts: Facts, *, hidden: Sequence[Person], apart: bool, known: Person | None = None
) -> Person:
    """The one row of the child with the number that was looked up, made now if there is none.

    Nothing of a row that is here already is changed: what somebody was told is no better than what is known. ``apart``:
    the number is of somebody who does not exist for the viewer (``hidden``: the rows, where there are any). The child
    is then kept beside that one, and whoever presses is answered as about a number that nobody has; those who know of
    the hidden one read in its trail that it was tried. ``known``: the row that the number leads the viewer to, when
    there is one.

    Raises Refused for no name, a birth date that cannot be, and a grown-up.
    """
    number = begun.number
    assert number is not None  # who enters a child has written a number, or chosen that there is none
    names = facts.names()
    require(
        rules.may_enter_by_hand(
            names=tuple(names.values()),
            birth_date=facts.birth_date,
            told_by_number=number.birth_date,
            today=clock.today(),
        )
    )
    require(rules.may_be_named(names["given_name"], names["family_name"]))
    with transaction.atomic():
        child = known or _find_or_make(viewer, number, facts, apart=apart)
        row = begun.row
        LookUp.objects.filter(pk=row.pk).update(outcome=LookUpOutcome.ENTERED)
        subjects = [Subject("look_up", row.ref, one.ref, LookUpOutcome.ENTERED) for one in (child, *hidden)]
        act(viewer, "people.entered_by_hand", subjects, ground=row.reason)
    return child


def _find_or_make(viewer: Viewer, number: ReadNumber, facts: Facts, *, apart: bool) -> Person:
    """Two who enter the same number at once make one; two without a number are two.

    Is whoever was kept apart hidden too by now, the next one is kept beside.
    """
    if number.system == IdentitySystem.NONE:
        return make(facts)
    told_birth = facts.birth_date is None and number.birth_date is not None
    facts = replace(facts, birth_date=facts.birth_date or number.birth_date)
    known = find_by_number(number.system, number.value, apart=apart)
    beside = apart and known is not None and known.is_protected
    if known is not None and not beside:
        return known
    try:
        with transaction.atomic():
            made = make(facts)
            if beside:
                identity = new_identity_beside(made, number.system, number.value)
            else:
                identity = new_identity(made, number.system, number.value, apart=apart)
            identity.told_birth = told_birth
            _by_hand(viewer, identity)
            return made
    except IntegrityError:
        known = find_by_number(number.system, number.value, apart=apart)
        if known is None:
            raise
        return known


def _by_hand(viewer: Viewer, identity: Identity) -> None:
    identity.noted_by = viewer.post_ref
    identity.save()


def enter_guardian(viewer: Viewer, facts: Facts, number: ReadNumber | None, *, beside: bool) -> Person | None:
    """A new row of somebody who has custody, with the number that was written, if one was.

    ``beside``: the number is of somebody of whom those who write it may not know. None where somebody else has got the
    number meanwhile: then whoever asks looks anew. Raises Refused for no name, and for a number in place of one.
    """
    names = facts.names()
    require(rules.may_be_named(names["given_name"], names["family_name"]))
    require(rules.may_be_a_name(*names.values()))
    identity = new_identity_beside if beside else new_identity
    try:
        with transaction.atomic():
            made = make(facts)
            if number is not None:
                _by_hand(viewer, identity(made, number.system, number.value))
            return made
    except IntegrityError:
        return None
