"""Protection: from that moment a person exists for whoever has a dated reason, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from samsyn.circle.actions import give_named_person, named_persons_go_on_knowing
from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.presence import viewer_for
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, Person
from samsyn.people.registers import RegisterPerson, RegisterPlace
from samsyn.people.vault import Whereabouts, open_whereabouts
from samsyn.protection.actions import Decided, may_arrive, newest_marking, note_whereabouts, protect
from samsyn.protection.insight_actions import end_insight, give_insight, insights_into
from samsyn.protection.models import Insight, Marking
from samsyn.sharing.actions import involve
from samsyn.sharing.models import Involvement, Reason, Scope
from samsyn.trail.models import TrailEntry
from tests.rooms.sharing.world import TODAY, World, sooner

DECIDED = Decided("protected", "OSL 21:3", TODAY)
WHY = "Leads the swimming group"


def sees(viewer: Viewer, person: Person) -> bool:
    """Does the person exist for the viewer."""
    return Person.objects.visible_to(viewer).filter(pk=person.pk).exists()


def test_set_protection_takes_back_at_once_what_lists_showed(world: World) -> None:
    world.named()
    bo, hanna = world.as_("Bo"), world.as_("Hanna")
    assert sees(bo, world.signe)
    assert sees(hanna, world.signe)
    protect(bo, world.signe, DECIDED)
    assert sees(bo, world.signe)
    for person in (world.signe, world.amal, world.olof):
        assert not sees(hanna, person)
    assert not Involvement.objects.visible_to(hanna).exists()
    assert Involvement.objects.visible_to(bo).exists()


def test_no_other_reason_shows_what_is_held_about_somebody_hidden(world: World) -> None:
    world.named()
    for name in ("Bo", "Hanna"):
        post = world.posts[name].pk
        involve(world.signe, world.units["stoby"], Reason.TEAM, Scope.WHOLE, post_id=post, source="test")
    assert NamedPerson.objects.visible_to(world.as_("Hanna")).exists()
    protect(world.as_("Bo"), world.signe, DECIDED)
    assert not NamedPerson.objects.visible_to(world.as_("Hanna")).exists()
    assert NamedPerson.objects.visible_to(world.as_("Bo")).exists()


def test_who_has_a_reason_reads_the_name_and_the_others_have_no_name_to_read(world: World) -> None:
    world.named()
    bo = world.as_("Bo")
    protect(bo, world.signe, DECIDED)
    assert Person.objects.visible_to(bo).get(pk=world.signe.pk).full_name == "Signe Lind"
    assert Person.objects.get(pk=world.signe.pk).full_name == "Protected person"
    rows = Involvement.objects.visible_to(bo).select_related("child")
    assert {row.child.name for row in rows} == {"Signe"}


def test_the_named_person_goes_on_when_somebody_else_sets_the_protection(world: World) -> None:
    world.named()
    protect(world.as_("Hanna"), world.signe, DECIDED, keep=[world.posts["Bo"].pk])
    assert sees(world.as_("Bo"), world.signe)
    assert sees(world.as_("Hanna"), world.signe)
    assert not sees(world.as_("Mats"), world.signe)


def test_a_reason_is_dated_told_in_the_trail_and_ends_by_itself(world: World) -> None:
    world.named()
    bo, hanna = world.as_("Bo"), world.as_("Hanna")
    protect(bo, world.signe, DECIDED)
    row = give_insight(bo, world.signe, world.posts["Hanna"], WHY, TODAY + timedelta(days=10))
    assert sees(hanna, world.signe)
    entry = TrailEntry.objects.get(act="protection.insight_given")
    assert (entry.ground, entry.post_ref) == (WHY, bo.post_ref)
    with clock.at(clock.noon(TODAY + timedelta(days=10))):
        assert sees(hanna, world.signe)
    with clock.at(clock.noon(TODAY + timedelta(days=11))):
        assert not sees(hanna, world.signe)
    assert row in insights_into(world.signe)


def test_a_request_that_only_looks_may_be_told_whom_the_post_knows_and_one_that_acts_finds_out(world: World) -> None:
    world.named()
    account, post = world.accounts["Bo"], world.posts["Bo"].pk
    before = viewer_for(account, post, clock.now(), in_request=True)
    assert before.knows_nobody_hidden
    assert not viewer_for(account, post, clock.now()).knows_nobody_hidden
    protect(world.as_("Bo"), world.signe, DECIDED)
    assert not sees(before, world.signe)
    assert sees(replace(before, acts=True), world.signe)
    now = viewer_for(account, post, clock.now(), in_request=True)
    assert not now.knows_nobody_hidden
    assert sees(now, world.signe)


def test_a_reason_can_be_taken_back_and_both_rows_stay(world: World) -> None:
    world.named()
    bo, hanna = world.as_("Bo"), world.as_("Hanna")
    protect(bo, world.signe, DECIDED)
    row = give_insight(bo, world.signe, world.posts["Hanna"], WHY, TODAY + timedelta(days=10))
    end_insight(bo, row)
    assert not sees(hanna, world.signe)
    with pytest.raises(Refused, match="ended already"):
        end_insight(bo, row)
    for rows in (Insight.objects.all(), Marking.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(person=world.nour)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)  # past Django's own protection, to meet the trigger


@pytest.mark.parametrize(
    ("to", "why", "until", "field"),
    [
        ("Bo", WHY, TODAY + timedelta(days=5), "post"),
        ("Hanna", "  x", TODAY + timedelta(days=5), "why"),
        ("Hanna", "number 20170304-2391", TODAY + timedelta(days=5), "why"),
        ("Hanna", WHY, None, "until"),
        ("Hanna", WHY, TODAY, "until"),
        ("Hanna", WHY, TODAY + timedelta(days=500), "until"),
    ],
)
def test_a_reason_that_is_none_is_refused_beside_its_field(
    world: World, to: str, why: str, until: date | None, field: str
) -> None:
    world.named()
    bo = world.as_("Bo")
    protect(bo, world.signe, DECIDED)
    with pytest.raises(Refused) as refused:
        give_insight(bo, world.signe, world.posts[to], why, until)
    assert refused.value.decision.field == field


def test_nobody_without_a_reason_gives_one_takes_one_back_or_notes_a_place(world: World) -> None:
    world.named()
    bo, mats = world.as_("Bo"), world.as_("Mats")
    protect(bo, world.signe, DECIDED)
    row = give_insight(bo, world.signe, world.posts["Hanna"], WHY, TODAY + timedelta(days=10))
    with pytest.raises(Refused, match="reason of its own"):
        give_insight(mats, world.signe, world.posts["Ines"], WHY, TODAY + timedelta(days=10))
    with pytest.raises(Refused, match="reason of its own"):
        end_insight(mats, row)
    with pytest.raises(Refused, match="reason of its own"):
        note_whereabouts(mats, world.signe, Whereabouts(address="Storgatan 3"))
    note_whereabouts(bo, world.signe, Whereabouts(address="Storgatan 3"))
    assert open_whereabouts(Person.objects.get(pk=world.signe.pk)).address == "Storgatan 3"


@pytest.mark.parametrize(
    ("decided", "field"),
    [
        (Decided("assumed", "OSL 21:3", TODAY), "level"),
        (Decided("family", "OSL 21:3", TODAY), "level"),
        (Decided("marked", " ", TODAY), "provision"),
        (Decided("marked", "OSL 21:3", None), "decided_on"),
        (Decided("marked", "OSL 21:3", TODAY + timedelta(days=1)), "decided_on"),
    ],
)
def test_a_marking_holds_provision_date_and_authority(world: World, decided: Decided, field: str) -> None:
    world.named()
    with pytest.raises(Refused) as refused:
        protect(world.as_("Bo"), world.signe, decided)
    assert refused.value.decision.field == field
    assert not Marking.objects.exists()
    protect(world.as_("Bo"), world.signe, DECIDED)
    marking = newest_marking(world.signe)
    assert marking is not None
    assert (marking.provision, marking.decided_on, marking.authority.name) == ("OSL 21:3", TODAY, "Barnnämnden")


def test_lifted_protection_shows_the_person_again_as_before(world: World) -> None:
    world.named()
    bo = world.as_("Bo")
    protect(bo, world.signe, DECIDED)
    protect(bo, world.signe, Decided("none", "OSL 21:3", TODAY))
    assert sees(world.as_("Hanna"), world.signe)
    assert Person.objects.get(pk=world.signe.pk).full_name == "Signe Lind"


def test_who_gets_a_responsibility_by_the_work_gets_a_reason_with_it(world: World) -> None:
    world.named()
    protect(world.as_("Bo"), world.signe, DECIDED)
    assert not sees(world.as_("Rakel"), world.signe)
    give_named_person(SYSTEM, Person.objects.get(pk=world.signe.pk), world.posts["Rakel"])
    assert sees(world.as_("Rakel"), world.signe)


def test_a_hidden_guardian_of_a_child_who_is_not_hidden_does_not_exist_for_others(world: World) -> None:
    set_protection(SYSTEM, world.olof, "protected")
    world.named()
    bo = world.as_("Bo")
    assert sees(bo, world.signe)
    assert sees(bo, world.amal)
    assert not sees(bo, world.olof)
    assert Guardianship.objects.filter(guardian=world.olof).exists()


def answer(protection: str, code: str = "") -> RegisterPerson:
    """What a register tells of a child at a place."""
    place = RegisterPlace("school", code, "", "") if code else None
    return RegisterPerson((), "Tove", "Ek", "", date(2011, 1, 2), (), protection, (), place)  # type: ignore[arg-type]


NOBODY = "nobody with that number"


def test_a_number_of_a_hidden_child_is_nobodys_except_where_the_child_goes(world: World) -> None:
    maja, rakel = world.as_("Maja"), world.as_("Rakel")
    here = world.units["stoby"].source_id
    assert may_arrive(maja, answer("protected", here), None)
    assert may_arrive(rakel, answer("none", here), None)
    assert may_arrive(rakel, answer("assumed", here), None)
    for hidden in (answer("protected", here), answer("marked", here), answer("marked")):
        assert NOBODY in may_arrive(rakel, hidden, None).reason
    set_protection(SYSTEM, world.signe, "marked")
    assert NOBODY in may_arrive(rakel, answer("none", here), Person.objects.get(pk=world.signe.pk)).reason


def test_a_partnership_may_let_reasons_end_sooner(world: World) -> None:
    for rule, value in (
        ("protected_reason_longest", 1),
        ("protected_reason_by_work", 2),
        ("protected_reason_renewed", 3),
    ):
        sooner(rule, value)
    bo = world.as_("Bo")
    world.named()
    protect(bo, world.signe, DECIDED)
    by_work = Insight.objects.get(post=world.posts["Bo"])
    assert by_work.until.date() == date(2027, 1, 17)
    with pytest.raises(Refused, match="at most"):
        give_insight(bo, world.signe, world.posts["Hanna"], WHY, date(2026, 12, 18))
    give_insight(bo, world.signe, world.posts["Hanna"], WHY, date(2026, 12, 17))
    for days_left, given in ((4, 0), (3, 1)):
        with clock.at(by_work.until - timedelta(days=days_left)):
            assert named_persons_go_on_knowing() == given
