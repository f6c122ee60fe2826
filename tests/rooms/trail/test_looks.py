"""What a family is told of looks, and that what is withheld leaves no gap."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.reading import gather, note
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.trail.actions import act, read, refuse
from samsyn.trail.look_actions import look_again, tell_name, withhold_thing, withhold_unit
from samsyn.trail.looks import Look, looked_at
from samsyn.trail.models import TrailEntry, WithholdingStep
from samsyn.trail.rules import Subject, may_look_again, may_tell_a_name, may_withhold

pytestmark = pytest.mark.django_db
SIGNE, ADAM, PLAN, CONCERN, SIGN = (UUID(int=number) for number in range(11, 16))
DAY = date(2026, 3, 2)
A_MONTH_LATER = DAY + timedelta(days=30)


def at_work(number: int, name: str, role: str, unit: str) -> Viewer:
    """Somebody at work."""
    return Viewer(
        account=number,
        post=number,
        account_ref=UUID(int=number),
        person_ref=UUID(int=100 + number),
        post_ref=UUID(int=200 + number),
        unit_ref=UUID(int=300 + number),
        principal_ref=UUID(int=1),
        person_label=name,
        post_label=role,
        unit_label=unit,
    )


BO = at_work(1, "Bo Ekdahl", "rektor", "Stobyskolan")
EDVIN = at_work(2, "Edvin Lund", "socialsekreterare", "Utredning barn och unga")
INES = at_work(3, "Ines Sandh", "gruppledare", "Utredning barn och unga")


def looks(viewer: Viewer, *shown: tuple[str, UUID], child: UUID = SIGNE, ground: str = "named_person") -> None:
    """The viewer opens a page that shows this about the child."""
    with gather() as reading:
        for kind, ref in shown:
            note(kind, ref, 7, child)
    reading.ground = ground
    read(viewer, "desk:page", reading)


def told(**more: object) -> list[Look]:
    return looked_at(SIGNE, A_MONTH_LATER, **more)  # type: ignore[arg-type]  # the test's own names


# --- what is told ----------------------------------------------------------------------------------------------------


def test_the_family_is_told_unit_role_time_and_purpose_and_no_name() -> None:
    with clock.at(clock.noon(DAY)):
        looks(BO, ("person", SIGNE), ("plan", PLAN), ("plan", UUID(int=99)))
    (look,) = told()
    assert (look.unit, look.role, look.at) == ("Stobyskolan", "rektor", clock.noon(DAY))
    assert (look.mode, look.act, look.kinds, look.ground) == ("read", "", ("person", "plan"), "named_person")
    assert look.person == ""


def test_an_act_is_told_by_its_verb_and_not_by_what_somebody_wrote() -> None:
    with clock.at(clock.noon(DAY)):
        act(BO, "sign.sent", [Subject("sign", SIGN, SIGNE, "sent")], ground="She is often alone.")
        act(BO, "sign.closed", [Subject("sign", SIGN, SIGNE, "closed")], ground="consent")
    assert [(look.act, look.ground) for look in told()] == [("sign.closed", "consent"), ("sign.sent", "")]


def test_the_house_the_family_other_children_and_what_was_refused_are_not_among_looks() -> None:
    with clock.at(clock.noon(DAY)):
        act(SYSTEM, "people.custody_noted", [Subject("person", SIGNE, SIGNE)])
        looks(Viewer(account=9, account_ref=UUID(int=9), person_label="Amal"), ("plan", PLAN))
        looks(BO, ("plan", PLAN), child=ADAM)
        refuse(BO, "desk:child", "No reason.")
    assert told() == []


def test_a_page_with_several_children_tells_each_family_of_its_own() -> None:
    with clock.at(clock.noon(DAY)):
        with gather() as reading:
            note("sign", SIGN, 8, ADAM)
            note("person", SIGNE, 7, SIGNE)
        read(BO, "desk:children", reading)
    assert [look.kinds for look in told()] == [("person",)]


def test_the_newest_stands_first_and_a_page_at_a_time_is_given() -> None:
    for hours in range(5):
        with clock.at(clock.noon(DAY) + timedelta(hours=hours)):
            looks(BO, ("person", SIGNE))
    assert [look.at.hour for look in told()] == [15, 14, 13, 12, 11]
    assert [look.at.hour for look in told(limit=2, skipped=1)] == [14, 13]


def test_more_entries_than_are_fetched_at_a_time_are_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samsyn.trail.looks.AT_A_TIME", 3)
    with clock.at(clock.noon(DAY)):
        for _ in range(9):
            looks(BO, ("person", SIGNE))
    assert len(told()) == 9


def test_nobody_can_follow_a_matter_hour_by_hour() -> None:
    with clock.at(clock.end_of(DAY)):
        looks(BO, ("person", SIGNE))
    assert looked_at(SIGNE, DAY) == []
    assert looked_at(SIGNE, DAY + timedelta(days=7)) == []
    assert len(looked_at(SIGNE, DAY + timedelta(days=8))) == 1


def test_a_name_is_told_when_somebody_has_decided_so() -> None:
    with clock.at(clock.noon(DAY)):
        looks(BO, ("person", SIGNE))
        looks(EDVIN, ("person", SIGNE))
        tell_name(INES, SIGNE, BO.person_ref, "Familjen kan inte ta till vara sin rätt utan namnet.")
        tell_name(INES, SIGNE, BO.person_ref, "En gång räcker.")
    assert [look.person for look in told() if look.mode == "read"] == ["", "Bo Ekdahl"]
    assert [look.act for look in told() if look.mode == "act"] == ["looks.name_told"]
    assert looked_at(SIGNE, DAY - timedelta(days=1)) == []


# --- what is withheld ------------------------------------------------------------------------------------------------


def an_ordinary_month() -> None:
    """What happens around Signe whether or not there is an inquiry."""
    looks(BO, ("person", SIGNE), ("plan", PLAN))
    act(BO, "plan.saved", [Subject("plan", PLAN, SIGNE, "draft")])
    looks(EDVIN, ("person", SIGNE))


def test_a_family_sees_the_same_with_and_without_a_withheld_thing() -> None:
    with clock.at(clock.noon(DAY)):
        an_ordinary_month()
    without = told()
    with clock.at(clock.noon(DAY)):
        act(BO, "concern.sent", [Subject("concern", CONCERN, SIGNE, "sent"), Subject("person", SIGNE, SIGNE)])
        looks(BO, ("concern", CONCERN), ("person", SIGNE))
        withhold_thing(INES, SIGNE, CONCERN, "En utredning får inte anas.", DAY + timedelta(days=60))
        looks(INES, ("concern", CONCERN))
    assert told() == without


def test_a_page_about_the_child_that_also_showed_the_withheld_thing_is_told_without_it() -> None:
    with clock.at(clock.noon(DAY)):
        looks(BO, ("person", SIGNE), ("plan", PLAN))
    (without,) = told()
    with clock.at(clock.noon(DAY)):
        withhold_thing(INES, SIGNE, CONCERN, "En utredning får inte anas.", DAY + timedelta(days=60))
        looks(BO, ("person", SIGNE), ("concern", CONCERN), ("plan", PLAN))
    assert told() == [without, without]


def test_a_units_looks_are_withheld_from_a_moment_to_a_moment_and_others_stay() -> None:
    for days in range(4):
        with clock.at(clock.noon(DAY + timedelta(days=days))):
            looks(EDVIN, ("person", SIGNE))
            looks(BO, ("person", SIGNE))
    with clock.at(clock.noon(DAY + timedelta(days=4))):
        withhold_unit(
            EDVIN,
            SIGNE,
            "Skyddsbedömning pågår.",
            DAY + timedelta(days=60),
            since=clock.noon(DAY + timedelta(days=1)),
            until=clock.noon(DAY + timedelta(days=3)),
        )
    by_unit = [look.at.day for look in told() if look.unit != "Stobyskolan"]
    assert by_unit == [5, 2]
    assert len([look for look in told() if look.unit == "Stobyskolan"]) == 4


def test_what_the_reader_may_not_know_of_is_as_if_withheld() -> None:
    with clock.at(clock.noon(DAY)):
        looks(BO, ("talk", SIGN), ("person", SIGNE))
        looks(BO, ("person", SIGNE), ("talk", SIGN))
    assert [look.kinds for look in told()] == [("person", "talk"), ("talk", "person")]
    assert [look.kinds for look in told(without=[SIGN])] == [("person",)]


def test_deciding_leaves_nothing_in_the_childs_own_history() -> None:
    with clock.at(clock.noon(DAY)):
        row = withhold_thing(INES, SIGNE, CONCERN, "En utredning får inte anas.", DAY + timedelta(days=60))
        look_again(EDVIN, row, "Fortfarande.", DAY + timedelta(days=70))
    acts = TrailEntry.objects.filter(act__startswith="looks.")
    assert sorted(acts.values_list("act", flat=True)) == ["looks.looked_again", "looks.withheld"]
    assert not acts.filter(subjects__child_ref=SIGNE).exists()


def test_it_stays_withheld_after_its_day_until_a_second_person_lifts_it() -> None:
    with clock.at(clock.noon(DAY)):
        looks(EDVIN, ("concern", CONCERN))
        row = withhold_thing(INES, SIGNE, CONCERN, "En utredning får inte anas.", DAY + timedelta(days=60))
    long_after = DAY + timedelta(days=200)
    assert looked_at(SIGNE, long_after) == []
    with clock.at(clock.noon(long_after)):
        with pytest.raises(Refused, match="Somebody else"):
            look_again(INES, row, "Familjen vet nu.", None)
        look_again(EDVIN, row, "Familjen vet nu.", None)
    assert len(looked_at(SIGNE, long_after)) == 1
    assert looked_at(SIGNE, long_after - timedelta(days=1)) == []
    assert WithholdingStep.objects.get().lifted


@pytest.mark.parametrize(
    ("staff", "because", "days", "allowed"),
    [(True, "x", 1, True), (True, "x", 90, True), (True, "x", 91, False), (True, "x", 0, False), (True, "", 1, False),
     (False, "x", 1, False)],
)  # fmt: skip
def test_withholding_needs_a_reason_and_a_day_that_is_near(staff: bool, because: str, days: int, allowed: bool) -> None:
    decision = may_withhold(staff, because, DAY + timedelta(days=days), DAY, DAY + timedelta(days=90))
    assert bool(decision) == allowed


def test_looking_again_needs_another_person_words_and_a_day_that_is_near() -> None:
    latest = DAY + timedelta(days=90)
    assert may_look_again(False, "x", None, DAY, latest)
    assert may_look_again(False, "x", latest, DAY, latest)
    assert not may_look_again(True, "x", None, DAY, latest)
    assert not may_look_again(False, "", None, DAY, latest)
    assert not may_look_again(False, "x", DAY, DAY, latest)
    assert not may_look_again(False, "x", latest + timedelta(days=1), DAY, latest)


def test_a_name_is_told_by_staff_with_a_reason() -> None:
    assert may_tell_a_name(True, "x")
    assert not may_tell_a_name(True, "")
    assert not may_tell_a_name(False, "x")
