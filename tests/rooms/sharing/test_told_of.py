"""What is closed to somebody in the family, or kept from them, is not told of by the row that shared it either."""

from __future__ import annotations

import pytest

from samsyn.early_signals.models import Sign
from samsyn.sharing.actions import (
    About,
    Sharing,
    answer_challenge,
    challenge,
    decide_in_family,
    disclose,
    end_family_decision,
    mark_for_family,
)
from samsyn.sharing.models import Disclosure, NoteClass
from tests.rooms.sharing.test_family import as_family, school, sees, sign_about, talk
from tests.rooms.sharing.world import World

CLASSES = [note for note in NoteClass.values if note != NoteClass.TOLD_ALONE]


@pytest.fixture
def sign(world: World) -> Sign:
    """A sign that both guardians and Signe have talked about with Bo."""
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    return sign


@pytest.fixture
def row(world: World, sign: Sign) -> Disclosure:
    """What Bo has shared with the early team, and told the family of: the sign, and who is named person."""
    ground = Sharing(
        gate="consent",
        consent=world.consent("early team", kinds=("sign", "circle")),
        purpose="Lugna måndagar",
        told="Vi har pratat.",
    )
    items, to = [("sign", sign.ref)], world.units["early team"]
    return disclose(world.as_("Bo"), world.signe, world.authorities["school"], to, items, ground)


@pytest.mark.parametrize("what", ["the sign", "every sign", "everything"])
def test_a_sign_that_is_closed_to_amal_is_not_told_of_by_the_row_that_shared_it(
    world: World, sign: Sign, row: Disclosure, what: str
) -> None:
    bo = world.as_("Bo")
    said = challenge(as_family(world.amal), row, "Det stämmer inte.")
    answered = answer_challenge(bo, said, "Vi har sett på det igen.")
    assert all(sees(world.amal, one) for one in (sign, row, said, answered))
    about = {"the sign": school(world, "sign", sign), "every sign": school(world, "sign"), "everything": school(world)}
    closed = decide_in_family(bo, world.signe, world.amal, about[what], opens=False, reason="Det är farligt.")
    assert not any(sees(world.amal, one) for one in (sign, row, said, answered))
    assert sees(world.olof, row)
    end_family_decision(bo, closed, "Det behövs inte längre.")
    assert sees(world.amal, row)


def test_what_another_authority_closes_is_not_about_the_schools_sign(world: World, sign: Sign, row: Disclosure) -> None:
    about = About(world.authorities["social"], "sign", sign.ref)
    decide_in_family(world.as_("Ines"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, row)


@pytest.mark.parametrize("note", CLASSES)
def test_a_marked_sign_is_not_told_of_until_it_is_opened(
    world: World, sign: Sign, row: Disclosure, note: NoteClass
) -> None:
    bo = world.as_("Bo")
    mark_for_family(bo, world.signe, school(world, "sign", sign), note)
    assert not sees(world.amal, row)
    decide_in_family(bo, world.signe, world.amal, school(world, "sign", sign), opens=True, reason="De vet redan.")
    assert sees(world.amal, sign)
    assert sees(world.amal, row)
    assert not sees(world.olof, row)


def test_what_the_child_told_alone_is_told_of_to_no_guardian_whatever_is_opened(
    world: World, sign: Sign, row: Disclosure
) -> None:
    bo = world.as_("Bo")
    mark_for_family(bo, world.signe, school(world, "sign", sign), NoteClass.TOLD_ALONE)
    decide_in_family(bo, world.signe, world.amal, school(world, "disclosure", row), opens=True, reason="Hon vet redan.")
    assert not sees(world.amal, row)


def test_another_sign_that_is_closed_takes_no_row_away(world: World, row: Disclosure) -> None:
    about = school(world, "sign", sign_about(world))
    decide_in_family(world.as_("Bo"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, row)
