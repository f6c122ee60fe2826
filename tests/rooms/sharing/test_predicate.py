"""Who sees what: a current reason in the own authority, one thing, or what has been opened. Nothing else, ever."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from samsyn.circle.models import NamedPerson, Team
from samsyn.circle.team_actions import propose_team
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.models import VisibleQuerySet
from samsyn.common.ports import Children
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import Absence, Cover, Post, Unit
from samsyn.organisations.presence import viewer_for
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, Person, Protection
from samsyn.sharing.actions import Sharing, disclose, end_disclosure, end_involvement, involve, possible_gates
from samsyn.sharing.models import ConsentLimit, Delivery, Disclosure, DisclosureItem, Involvement, Reason, Scope, Way
from samsyn.sharing.predicate import explain, reasons_of
from tests.rooms.sharing.world import TODAY, World

MINUTE = timedelta(minutes=1)


def sees(viewer: Viewer, row: Model) -> bool:
    """Is the row among those of its kind that the viewer may see: list and object give the same answer."""
    rows = type(row).objects.visible_to(viewer)  # type: ignore[attr-defined]  # every such model has this manager
    assert isinstance(rows, VisibleQuerySet)
    return rows.filter(pk=row.pk).exists()


def team(world: World) -> Team:
    """A team that Bo has proposed; the school's row about Signe."""
    world.named()
    return propose_team(
        world.as_("Bo"), world.signe, purpose="Lugna måndagar", members=[world.posts["Mats"]], consent=None
    )


def open_team_to(world: World, unit: str, days: int = 30) -> tuple[Team, Disclosure]:
    """The team, opened to a unit of social services."""
    row = team(world)
    ground = Sharing(
        gate="consent",
        purpose="x",
        told="Ni vet.",
        consent=world.consent(unit),
        expires_on=TODAY + timedelta(days=days),
    )
    opened = disclose(
        world.as_("Bo"), world.signe, world.authorities["school"], world.units[unit], [("circle", row.ref)], ground
    )
    return row, opened


# --- the own authority ------------------------------------------------------------------------------------------------


def test_with_a_reason_the_own_authoritys_rows_are_seen_and_without_one_nothing(world: World) -> None:
    row = team(world)
    assert sees(world.as_("Bo"), row)
    for name in ("Hanna", "Mats", "Maja", "Rakel", "Karin"):
        assert not sees(world.as_(name), row)


def test_another_authority_with_every_reason_sees_nothing_of_ours(world: World) -> None:
    row = team(world)
    involve(world.signe, world.units["early team"], Reason.TEAM, Scope.WHOLE, source="test")
    assert not sees(world.as_("Ines"), row)


def test_a_reason_around_one_child_opens_nothing_about_another(world: World) -> None:
    row = team(world)
    involve(world.nour, world.units["stoby"], Reason.TEAM, Scope.WHOLE, source="test")
    assert not sees(world.as_("Hanna"), row)


def test_a_posts_reason_is_not_its_units(world: World) -> None:
    row = team(world)
    involve(world.signe, world.units["stoby"], Reason.TEAM, Scope.WHOLE, post_id=world.posts["Mats"].pk, source="test")
    assert sees(world.as_("Mats"), row)
    assert not sees(world.as_("Hanna"), row)


def test_a_units_reason_is_every_posts_in_it_and_not_those_belows(world: World) -> None:
    row = team(world)
    involve(world.signe, world.units["stoby"], Reason.TEAM, Scope.WHOLE, source="test")
    assert sees(world.as_("Hanna"), row)
    assert not sees(world.as_("Maja"), row)


def test_a_reason_holds_from_its_first_moment_to_its_last(world: World) -> None:
    row = team(world)
    involve(world.signe, world.units["stoby"], Reason.TEAM, Scope.WHOLE, source="test", until=clock.now() + MINUTE)
    assert sees(world.as_("Hanna"), row)
    with clock.at(clock.now() + MINUTE):
        assert not sees(world.as_("Hanna"), row)
    with clock.at(clock.now() - MINUTE):
        assert not sees(world.as_("Hanna"), row)


def test_a_reason_that_is_ended_is_gone_at_once(world: World) -> None:
    row = team(world)
    unit = world.units["stoby"]
    involve(world.signe, unit, Reason.TEAM, Scope.WHOLE, source="test", until=clock.now() + timedelta(days=3))
    end_involvement(world.signe, Reason.TEAM, unit_id=unit.pk)
    assert not sees(world.as_("Hanna"), row)


def test_a_reason_can_be_ended_at_a_later_moment(world: World) -> None:
    row = team(world)
    end_involvement(world.signe, Reason.NAMED_PERSON, post_id=world.posts["Bo"].pk, at=clock.now() + MINUTE)
    assert sees(world.as_("Bo"), row)
    with clock.at(clock.now() + MINUTE):
        assert not sees(world.as_("Bo"), row)


def test_the_same_reason_is_not_doubled(world: World) -> None:
    facts: dict[str, Any] = {
        "child": world.signe,
        "unit": world.units["stoby"],
        "reason": Reason.TEAM,
        "scope": Scope.WHOLE,
    }
    assert involve(**facts, source="test") == involve(**facts, source="test")
    assert involve(**facts, post_id=world.posts["Mats"].pk, source="test").pk != involve(**facts, source="test").pk


def test_who_covers_sees_as_the_post_and_not_as_the_own(world: World) -> None:
    row = team(world)
    person = world.accounts["Bo"].person
    Absence.objects.create(person=person, since=TODAY, until=TODAY)
    Cover.objects.create(post=world.posts["Bo"], covered_by=world.posts["Hanna"], since=TODAY, until=TODAY)
    assert sees(world.as_("Hanna", "Bo"), row)
    assert not sees(world.as_("Hanna"), row)


# --- finding, and one thing -------------------------------------------------------------------------------------------


def test_a_reason_to_find_shows_the_child_and_its_guardians_and_nothing_held_about_it(world: World) -> None:
    row = team(world)
    for name in ("Hanna", "Maja"):  # at the school, and at the fritids below it
        viewer = world.as_(name)
        assert sees(viewer, world.signe)
        assert sees(viewer, world.amal)
        assert not sees(viewer, row)
    assert not sees(world.as_("Rakel"), world.signe)


def test_somebody_who_was_a_guardian_is_not_in_the_family_any_longer(world: World) -> None:
    Guardianship.objects.filter(guardian=world.olof).update(until=TODAY - timedelta(days=1))
    assert not sees(world.as_("Hanna"), world.olof)


def test_one_thing_opens_that_thing_and_the_child_alone(world: World) -> None:
    row = team(world)
    post = world.posts["Rakel"]
    involve(
        world.signe, world.units["norr"], Reason.OFFERED, Scope.ITEM, post_id=post.pk, item_ref=row.ref, source="test"
    )
    viewer = world.as_("Rakel")
    assert sees(viewer, row)
    assert sees(viewer, world.signe)
    assert not sees(viewer, NamedPerson.objects.get())
    assert not sees(viewer, Involvement.objects.get(reason=Reason.NAMED_PERSON))


def test_ending_one_thing_leaves_another(world: World) -> None:
    row = team(world)
    unit, post = world.units["norr"], world.posts["Rakel"].pk
    for ref in (row.ref, uuid4()):
        involve(world.signe, unit, Reason.OFFERED, Scope.ITEM, post_id=post, item_ref=ref, source="test")
    end_involvement(world.signe, Reason.OFFERED, post_id=post, item_ref=row.ref)
    assert not sees(world.as_("Rakel"), row)
    assert sees(world.as_("Rakel"), world.signe)


# --- what is opened ---------------------------------------------------------------------------------------------------


def test_what_is_opened_to_a_unit_is_read_by_that_unit_alone(world: World) -> None:
    row, _opened = open_team_to(world, "early team")
    for name in ("Ines", "Leyla"):
        assert sees(world.as_(name), row)
        assert sees(world.as_(name), world.signe)
        assert sees(world.as_(name), world.amal)
    for name in ("Edvin", "Siv", "Kurt"):
        assert not sees(world.as_(name), row)
        assert not sees(world.as_(name), world.signe)


def test_what_a_yes_leaves_out_is_closed_also_where_a_row_of_the_ledger_was_missed(world: World) -> None:
    row, opened = open_team_to(world, "early team")
    consent = opened.consent
    assert consent is not None
    unit, authority = world.units["early team"], world.authorities["social"]
    elsewhere: list[dict[str, Any]] = [{"unit": world.units["reception"]}, {"authority": world.authorities["region"]}]
    for left_out in (*elsewhere, {"unit": unit, "kind": "plan"}):
        ConsentLimit.objects.create(consent=consent, **left_out)
    assert sees(world.as_("Ines"), row)
    closing: list[dict[str, Any]] = [{"unit": unit}, {"authority": authority}]
    for left_out in (*closing, *({**one, "kind": "circle"} for one in closing), {"kind": "circle"}):
        with transaction.atomic():
            ConsentLimit.objects.create(consent=consent, **left_out)
            assert not sees(world.as_("Ines"), row)
            transaction.set_rollback(True)
    assert sees(world.as_("Ines"), row)


def test_only_the_things_that_were_opened_are_read(world: World) -> None:
    open_team_to(world, "early team")
    assert not sees(world.as_("Ines"), NamedPerson.objects.get())


def test_the_kind_must_be_the_one_that_was_opened(world: World) -> None:
    row = team(world)
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent(kinds=("plan",)))
    sender, receiver = world.authorities["school"], world.units["early team"]
    disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", row.ref)], ground)
    assert not sees(world.as_("Ines"), row)


def test_the_reader_sees_the_row_of_the_ledger_that_it_reads_through_and_no_other(world: World) -> None:
    _row, opened = open_team_to(world, "early team")
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent("reception"))
    sender, receiver = world.authorities["school"], world.units["reception"]
    other = disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", uuid4())], ground)
    assert sees(world.as_("Ines"), opened)
    assert not sees(world.as_("Ines"), other)
    assert sees(world.as_("Bo"), other)


def test_an_open_disclosure_that_is_ended_is_closed_at_once(world: World) -> None:
    row, opened = open_team_to(world, "early team")
    end_disclosure(world.as_("Bo"), opened, because="not_needed")
    for thing in (row, opened, world.signe, world.amal):
        assert not sees(world.as_("Ines"), thing)


def test_an_open_disclosure_closes_after_its_last_day(world: World) -> None:
    row, opened = open_team_to(world, "early team", days=3)
    ines = world.as_("Ines")
    with clock.at(clock.end_of(opened.expires_on)):
        assert sees(ines, row)
    with clock.at(clock.end_of(opened.expires_on) + timedelta(seconds=1)):
        assert not sees(ines, row)
        assert not sees(ines, world.signe)
    with clock.at(clock.now() - MINUTE):
        assert not sees(ines, row)


def test_ending_twice_changes_nothing(world: World) -> None:
    _row, opened = open_team_to(world, "early team")
    end_disclosure(world.as_("Bo"), opened, because="not_needed")
    end_disclosure(world.as_("Bo"), opened, because="again")
    opened.refresh_from_db()
    assert opened.ended_because == "not_needed"


def test_a_delivered_copy_is_the_receivers_own_and_stays(world: World) -> None:
    consent = world.consent()
    ground = Sharing(
        gate="consent", purpose="x", told="x", consent=consent, way=Way.DELIVERED, rendering="Signe går i 2B."
    )
    sender, receiver = world.authorities["school"], world.units["early team"]
    row = disclose(world.as_("Bo"), world.signe, sender, receiver, [("circle", uuid4())], ground)
    copy = Delivery.objects.get()
    assert bytes(copy.digest) == hashlib.sha256("Signe går i 2B.".encode()).digest()
    assert copy.authority == world.authorities["social"]
    involve(world.signe, receiver, Reason.ANSWERS_REQUEST, Scope.WHOLE, post_id=world.posts["Ines"].pk, source="test")
    world.answer(consent, world.amal, "withdrawn")
    end_disclosure(world.as_("Bo"), row, because="not_needed")
    assert sees(world.as_("Ines"), copy)
    assert not sees(world.as_("Leyla"), copy)  # delivered to the unit, read by who has a reason
    assert not sees(world.as_("Ines"), row)
    with clock.at(clock.now() + timedelta(days=800)):
        assert sees(world.as_("Ines"), copy)


def test_handing_a_copy_over_opens_nothing_of_the_senders(world: World) -> None:
    row = team(world)
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent(), way=Way.DELIVERED, rendering="x")
    sender, receiver = world.authorities["school"], world.units["early team"]
    given = disclose(world.as_("Bo"), world.signe, sender, receiver, [("circle", row.ref)], ground)
    for thing in (row, given, world.signe):
        assert not sees(world.as_("Ines"), thing)


@pytest.mark.parametrize("model", [DisclosureItem, Delivery])
def test_what_went_out_is_never_rewritten(world: World, model: type[Model]) -> None:
    ground = Sharing(
        gate="consent", purpose="x", told="x", consent=world.consent(), way=Way.DELIVERED, rendering="Signe går i 2B."
    )
    sender, receiver = world.authorities["school"], world.units["early team"]
    disclose(world.as_("Bo"), world.signe, sender, receiver, [("circle", uuid4())], ground)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("purpose", ["", "  \n"])
def test_nothing_goes_without_a_word_of_what_it_is_for(world: World, purpose: str) -> None:
    ground = Sharing(gate="consent", purpose=purpose, told="x", consent=world.consent())
    sender, receiver = world.authorities["school"], world.units["early team"]
    with pytest.raises(Refused) as refusal:
        disclose(world.as_("Bo"), world.signe, sender, receiver, [("circle", uuid4())], ground)
    assert (refusal.value.decision.field, refusal.value.decision.reason) == ("purpose", "Say what it is for.")
    assert not Disclosure.objects.exists()


def test_the_store_keeps_no_row_of_the_ledger_without_what_it_is_for(world: World) -> None:
    _row, given = open_team_to(world, "early team")
    with pytest.raises(IntegrityError, match="disclosure_says_what_for"), transaction.atomic():
        Disclosure.objects.filter(pk=given.pk).update(purpose="")


def test_the_same_thing_named_twice_goes_once(world: World) -> None:
    ref = uuid4()
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent())
    sender, receiver = world.authorities["school"], world.units["early team"]
    row = disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", ref), ("plan", ref)], ground)
    assert row.items.exclude(kind="claim").count() == 1


def test_what_the_family_is_not_told_is_looked_at_again(world: World) -> None:
    ground = Sharing(
        gate="under_18_from_health",
        purpose="x",
        needed_because="Nour äter inte",
        not_less_because="Kortare går inte",
        withheld_because="Hot hemma",
    )
    sender, receiver = world.authorities["region"], world.units["early team"]
    row = disclose(world.as_("Siv"), world.nour, sender, receiver, [("request", uuid4())], ground)
    assert row.look_again_on == TODAY + timedelta(days=14)


# --- the gates that can hold ------------------------------------------------------------------------------------------


def test_gates_follow_who_sends_to_whom_and_the_childs_age(world: World) -> None:
    health, social, school = (world.authorities[key] for key in ("region", "social", "school"))
    early_team, stoby = world.units["early team"], world.units["stoby"]
    assert "under_18_from_health" in possible_gates(world.nour, health, early_team)
    assert "under_18_from_social_services" in possible_gates(world.nour, social, world.units["bvc"])
    assert not any(gate.startswith("under_18") for gate in possible_gates(world.nour, health, stoby))
    assert not any(gate.startswith("under_18") for gate in possible_gates(world.signe, school, early_team))
    assert "consent" in possible_gates(world.signe, school, early_team)
    assert "own_authority" in possible_gates(world.signe, school, stoby)
    assert "own_authority" not in possible_gates(world.signe, school, early_team)


def test_the_gate_for_the_young_closes_on_the_18th_birthday(world: World) -> None:
    health, early_team = world.authorities["region"], world.units["early team"]
    with clock.at(clock.noon(TODAY + timedelta(days=2))):
        assert "under_18_from_health" in possible_gates(world.adam, health, early_team)
    with clock.at(clock.noon(TODAY + timedelta(days=3))):
        assert "under_18_from_health" not in possible_gates(world.adam, health, early_team)


# --- who has no post --------------------------------------------------------------------------------------------------


def test_without_a_post_nothing_about_a_child_is_seen(world: World) -> None:
    row, opened = open_team_to(world, "early team")
    nobody = viewer_for(world.accounts["Bo"], None, clock.now())
    for viewer in (nobody, SYSTEM, Viewer()):
        for thing in (row, opened, world.signe, world.amal):
            assert not sees(viewer, thing)
        assert not reasons_of(viewer, clock.now()).exists()
        assert not Person.objects.visible_to(viewer, Children.ALL).exists()
        assert explain(viewer, world.signe) is None


def test_an_operator_sees_no_child(world: World) -> None:
    row = team(world)
    account = world.accounts["Bo"]
    account.is_operator = True
    account.save()
    viewer = viewer_for(account, world.posts["Bo"].pk, clock.now())
    assert not sees(viewer, row)
    assert not sees(viewer, world.signe)


def test_posts_are_for_those_who_are_signed_in_and_units_for_everybody(world: World) -> None:
    assert not Post.objects.visible_to(SYSTEM).exists()
    assert Unit.objects.visible_to(SYSTEM).exists()
    assert Post.objects.visible_to(world.as_("Kurt")).exists()


# --- why --------------------------------------------------------------------------------------------------------------


def test_the_sentence_that_says_why(world: World) -> None:
    team(world)
    why = explain(world.as_("Bo"), world.signe)
    assert why is not None
    assert (why.sentence, why.until, why.rule) == ("you are the child's named person", None, "own_authority")
    assert why.ground == "named_person"
    found = explain(world.as_("Maja"), world.signe)
    assert found is not None
    assert found.sentence == "the child belongs to your unit"
    assert explain(world.as_("Kurt"), world.signe) is None


def test_the_sentence_for_who_reads_through_a_disclosure(world: World) -> None:
    _row, opened = open_team_to(world, "early team")
    why = explain(world.as_("Ines"), world.signe)
    assert why is not None
    assert why.sentence == "Barnnämnden has opened parts of this to your unit"
    assert why.ground == why.rule
    assert (why.until, why.rule) == (opened.expires_on, "consent")


def test_a_protected_childs_name_is_in_no_row_that_is_seen(world: World) -> None:
    world.named()
    set_protection(SYSTEM, world.signe, Protection.PROTECTED)
    seen = Person.objects.visible_to(world.as_("Bo"))
    assert not seen.filter(pk=world.signe.pk).exists()
    assert not seen.named("Signe").exists()
