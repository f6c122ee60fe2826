"""The own family: the child itself and each guardian sees by an own right, a thing at a time. Nothing else, ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from samsyn.circle.models import NamedPerson, Team
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.common import clock, reading
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.early_signals.actions import acknowledge, record_talk, save_draft, send_sign, start_draft
from samsyn.early_signals.models import Sign, Talk
from samsyn.early_signals.rules import Noted, TalkHeld
from samsyn.organisations.models import LocalClock, Partnership
from samsyn.organisations.presence import viewer_for
from samsyn.people.actions import end_custody, set_protection
from samsyn.people.models import Account, Guardianship, Person
from samsyn.sharing.actions import (
    About,
    Sharing,
    answer_challenge,
    challenge,
    claim_error,
    decide_in_family,
    disclose,
    end_family_decision,
    family_of,
    mark_for_family,
    meet_family,
    stop_sharing,
    tell_family,
)
from samsyn.sharing.models import (
    ClaimOfError,
    Consent,
    ConsentAnswer,
    Disclosure,
    FamilyDecision,
    Involvement,
    NoteClass,
    Way,
)
from tests.rooms.sharing.world import TODAY, World

ONE_DAY = timedelta(days=1)


def as_family(person: Person, *, operator: bool = False) -> Viewer:
    """Somebody signed in as nobody but themselves."""
    account, _new = Account.objects.get_or_create(
        person=person, defaults={"sign_in_name": f"family{person.pk}", "is_operator": operator}
    )
    return viewer_for(account, None, clock.now())


def sees(who: Person, row: Model) -> bool:
    """Does somebody see the row in the own family: the list and the count give the same answer."""
    found = type(row).objects.visible_to(as_family(who)).filter(pk=row.pk)  # type: ignore[attr-defined]
    assert found.count() == len(found)
    return bool(found)


def sign_about(world: World, child: Person | None = None, *, harm: bool = False) -> Sign:
    """Maja has noted something that Bo has taken on; the family does not know of it."""
    child = child or world.signe
    world.named(child)
    maja = world.as_("Maja")
    sign = start_draft(maja, child)
    noted = Noted(
        kind="worry",
        observed_on=TODAY,
        saw="Ont i magen.",
        child_words="",
        areas=("safe",),
        talked_with=("child",),
        did="Vilade.",
        harm_feared=harm,
    )
    return acknowledge(world.as_("Bo"), send_sign(maja, save_draft(maja, sign, noted, sign.version)))


def talk(world: World, sign: Sign, *guardians: Person, with_child: bool = True) -> Talk:
    """Bo talks with the child, and with these guardians."""
    held = TalkHeld(
        held_on=TODAY,
        with_child=with_child,
        with_guardians=tuple(str(one.ref) for one in guardians),
        child_words="Det är stökigt." if with_child else "",
        family_words="",
        not_with_child_because="" if with_child else "Sjuk.",
        not_with_guardians_because="" if guardians else "Barnet ville inte.",
    )
    return record_talk(world.as_("Bo"), sign, held)


def named(child: Person) -> NamedPerson:
    """The row of the child's named person now."""
    return NamedPerson.objects.get(child=child, until=None)


def school(world: World, kind: str = "", row: Model | None = None) -> About:
    """Something of the school's."""
    return About(world.authorities["school"], kind, getattr(row, "ref", None))


def claim(world: World, by: Person, sign: Sign) -> ClaimOfError:
    """Bo writes down beside the sign that somebody in the family says it is wrong."""
    return claim_error(world.as_("Bo"), sign.child, sign.authority_id, ("sign", sign.ref), "Hon var sjuk.", by=by)


# --- what one of them says is wrong in a text -------------------------------------------------------------------------


def test_what_amal_says_is_wrong_is_read_by_amal_and_by_nobody_else_in_the_family(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    said = claim(world, world.amal, sign)
    assert sees(world.amal, said)
    assert not sees(world.olof, said)
    assert not sees(world.signe, said)


def test_what_is_said_of_a_text_goes_when_the_text_is_kept_from_whoever_said_it(world: World) -> None:
    marked, closed = sign_about(world), sign_about(world)
    talk(world, marked, world.amal)
    of_marked, of_closed = claim(world, world.amal, marked), claim(world, world.amal, closed)
    assert (sees(world.amal, of_marked), sees(world.amal, of_closed)) == (True, True)
    mark_for_family(world.as_("Bo"), world.signe, school(world, "sign", marked), NoteClass.HARM)
    decide_in_family(
        world.as_("Bo"), world.signe, world.amal, school(world, "sign", closed), opens=False, reason="Hot i hemmet."
    )
    assert (sees(world.amal, of_marked), sees(world.amal, of_closed)) == (False, False)


def test_what_is_said_of_a_text_goes_when_every_text_of_its_kind_is_closed(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    said = claim(world, world.amal, sign)
    bo = world.as_("Bo")
    decide_in_family(bo, world.signe, world.amal, school(world, "plan"), opens=False, reason="Hot i hemmet.")
    assert sees(world.amal, said)
    decide_in_family(bo, world.signe, world.amal, school(world, "sign"), opens=False, reason="Hot i hemmet.")
    assert not sees(world.amal, said)


def test_what_adam_says_is_wrong_is_adams_alone(world: World) -> None:
    sign = sign_about(world, world.adam)
    talk(world, sign, world.amal)
    said = claim(world, world.adam, sign)
    assert sees(world.adam, said)
    assert not sees(world.amal, said)


# --- before and after the first talk ----------------------------------------------------------------------------------


def test_before_anybody_has_talked_with_them_the_family_sees_nothing_and_not_even_that_the_child_is_here(
    world: World,
) -> None:
    sign = sign_about(world)
    for guardian in (world.amal, world.olof):
        assert not sees(guardian, sign)
        assert not sees(guardian, named(world.signe))
        assert not sees(guardian, world.signe)
        assert sees(guardian, guardian)


def test_after_the_talk_the_guardians_who_took_part_see_the_sign_and_who_is_responsible(world: World) -> None:
    sign = sign_about(world)
    held = talk(world, sign, world.amal)
    assert sees(world.amal, sign)
    assert sees(world.amal, named(world.signe))
    assert sees(world.amal, world.signe)
    assert not sees(world.amal, held)  # what was written about the talk is opened by a decision
    assert not sees(world.olof, sign)
    assert not sees(world.olof, world.signe)


def test_a_second_sign_is_an_early_guess_again_and_changes_nothing_that_is_shown(world: World) -> None:
    talk(world, sign_about(world), world.amal, world.olof)
    before = {model: len(model.objects.visible_to(as_family(world.amal))) for model in (Sign, NamedPerson, Person)}
    second = sign_about(world)
    assert not sees(world.amal, second)
    assert {model: len(model.objects.visible_to(as_family(world.amal))) for model in before} == before


def test_a_fear_of_harm_is_not_shown_after_the_talk_either(world: World) -> None:
    sign = sign_about(world, harm=True)
    talk(world, sign, world.amal)
    assert not sees(world.amal, sign)


@pytest.mark.parametrize("note", [NoteClass.HARM, NoteClass.VIOLENCE, NoteClass.THIRD_PERSON, NoteClass.EARLY])
def test_a_marked_note_is_not_shown_until_somebody_decides_so(world: World, note: str) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    mark_for_family(world.as_("Bo"), world.signe, school(world, "sign", sign), note)
    assert not sees(world.amal, sign)
    decide_in_family(
        world.as_("Bo"), world.signe, world.amal, school(world, "sign", sign), opens=True, reason="Hon vet."
    )
    assert sees(world.amal, sign)


def test_machinery_and_what_is_being_written_are_never_shown(world: World) -> None:
    talk(world, sign_about(world), world.amal)
    draft = start_draft(world.as_("Maja"), world.signe)
    for kind in ("sign", "involvement"):
        decide_in_family(world.as_("Bo"), world.signe, world.amal, school(world, kind), opens=True, reason="x")
    assert not sees(world.amal, draft)
    assert not Involvement.objects.visible_to(as_family(world.amal)).exists()
    assert not FamilyDecision.objects.visible_to(as_family(world.amal)).exists()


def test_an_operator_has_no_family_here(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    Account.objects.create(person=world.amal, sign_in_name="drift", is_operator=True)
    assert not sees(world.amal, sign)
    assert not sees(world.amal, world.signe)


def test_another_family_sees_nothing(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    stranger = Person.objects.create(given_name="Nils", family_name="Ek", created_at=clock.now())
    assert not sees(stranger, sign)
    assert not sees(stranger, world.signe)


# --- ages -------------------------------------------------------------------------------------------------------------


def test_at_13_it_closes_for_the_guardians_and_at_16_it_opens_for_the_young_person(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    for age, guardian, itself in ((12, True, False), (13, False, False), (15, False, False), (16, False, True)):
        day = date(2018 + age, 3, 4)
        with clock.at(clock.end_of(day)):
            assert (sees(world.amal, sign), sees(world.signe, sign)) == (guardian, itself), age
        with clock.at(clock.end_of(day - ONE_DAY)):
            assert sees(world.amal, sign) is (age <= 13)


def test_a_partnership_may_have_its_own_age_inside_what_the_row_allows(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    with clock.at(clock.end_of(date(2029, 3, 4))):
        assert sees(world.amal, sign)
        LocalClock.objects.create(partnership=Partnership.objects.get(), rule="guardian_reads_until", value=10)
        assert not sees(world.amal, sign)


def test_between_the_ages_a_decision_opens_one_kind_for_one_of_them_until_its_day(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    with clock.at(clock.end_of(date(2032, 5, 5))):  # Signe is 14
        until = clock.today() + timedelta(days=30)
        for whom in (world.signe, world.olof):
            decide_in_family(
                world.as_("Bo"), world.signe, whom, school(world, "sign"), opens=True, reason="Mogen.", until=until
            )
        assert [sees(one, sign) for one in (world.signe, world.amal, world.olof)] == [True, False, True]
    with clock.at(clock.end_of(until + ONE_DAY)):
        assert [sees(one, sign) for one in (world.signe, world.amal, world.olof)] == [False, False, False]


# --- one guardian closed out ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("about", ["one thing", "the kind", "everything"])
def test_either_guardian_can_be_closed_out_alone_and_it_does_not_show(world: World, about: str) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    chosen = {"one thing": school(world, "sign", sign), "the kind": school(world, "sign"), "everything": school(world)}
    closed = decide_in_family(
        world.as_("Bo"), world.signe, world.olof, chosen[about], opens=False, reason="Fara för barnet."
    )
    assert closed.rule == "harm_from_guardian"
    assert not sees(world.olof, sign)
    assert sees(world.amal, sign)
    assert sees(world.olof, named(world.signe)) is (about != "everything")
    end_family_decision(world.as_("Bo"), closed, "Faran är över.")
    assert sees(world.olof, sign)
    with pytest.raises(Refused):
        end_family_decision(world.as_("Bo"), closed, "En gång till.")


def test_what_is_closed_stays_closed_whatever_is_opened(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.olof)
    bo = world.as_("Bo")
    decide_in_family(bo, world.signe, world.olof, school(world, "sign"), opens=False, reason="Fara.")
    decide_in_family(bo, world.signe, world.olof, school(world, "sign", sign), opens=True, reason="Ändå.")
    assert not sees(world.olof, sign)


def test_another_authority_decides_nothing_about_what_is_not_its_own(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    with pytest.raises(Refused):
        decide_in_family(world.as_("Ines"), world.signe, world.amal, school(world, "sign"), opens=False, reason="Oro.")
    social = About(world.authorities["social"])
    decide_in_family(world.as_("Ines"), world.signe, world.amal, social, opens=False, reason="Oro.")
    assert sees(world.amal, sign)


# --- what the child told alone ----------------------------------------------------------------------------------------


def test_what_the_child_told_alone_never_reaches_a_guardian_and_reaches_the_child(world: World) -> None:
    sign = sign_about(world)
    held = talk(world, sign)
    bo = world.as_("Bo")
    for whom in (world.amal, world.signe):
        decide_in_family(bo, world.signe, whom, school(world, "talk"), opens=True, reason="Mogen.")
    assert not sees(world.amal, held)
    assert sees(world.signe, held)
    with pytest.raises(Refused, match="alone"):
        decide_in_family(bo, world.signe, world.amal, school(world, "talk", held), opens=True, reason="x")
    decide_in_family(bo, world.signe, world.signe, school(world, "talk", held), opens=True, reason="x")


def test_a_talk_in_which_a_guardian_took_part_can_be_opened_to_that_guardian(world: World) -> None:
    held = talk(world, sign_about(world), world.amal)
    decide_in_family(world.as_("Bo"), world.signe, world.amal, school(world, "talk", held), opens=True, reason="x")
    assert sees(world.amal, held)


# --- custody ----------------------------------------------------------------------------------------------------------


def test_a_former_guardian_sees_nothing_that_is_newer_than_the_end(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.olof)
    older = world.ask()
    row = Guardianship.objects.get(child=world.signe, guardian=world.olof)
    end_custody(SYSTEM, row, TODAY)
    with clock.at(clock.now() + ONE_DAY):
        newer = world.ask()
        meet_family(world.signe, [world.olof.pk], newer.ref)
        assert sees(world.olof, older)
        assert not sees(world.olof, newer)
        assert not sees(world.olof, sign)  # it goes on changing
        assert not sees(world.olof, named(world.signe))
        assert sees(world.amal, newer)


def shared_about_nour(world: World, way: Way = Way.OPEN) -> Disclosure:
    """What Siv has shared with the early team, and told the family of."""
    ground = Sharing(
        gate="under_18_from_health",
        purpose="Stöd hemma",
        needed_because="De kan komma hem.",
        not_less_because="De behöver veta varför.",
        told="Vi har pratat.",
        way=way,
    )
    items, to = [("circle", uuid4())], world.units["early team"]
    return disclose(world.as_("Siv"), world.nour, world.authorities["region"], to, items, ground)


@pytest.mark.parametrize("way", ["open", "delivered"])
def test_a_former_guardian_is_not_told_when_what_was_open_is_closed_afterwards(world: World, way: str) -> None:
    siv, row = world.as_("Siv"), shared_about_nour(world, Way(way))
    assert sees(world.olof, row)
    end_custody(SYSTEM, Guardianship.objects.get(child=world.nour, guardian=world.olof), TODAY)
    with clock.at(clock.now() + ONE_DAY):
        before = sees(world.olof, row)
        assert before == (way == "delivered")
        if way == "open":
            stop_sharing(siv, row)
        assert sees(world.olof, row) == before
        assert sees(world.amal, row)


@pytest.mark.parametrize("way", ["open", "delivered"])
def test_what_somebody_has_said_of_a_row_is_read_at_home_as_long_as_the_row_is(world: World, way: str) -> None:
    siv, row = world.as_("Siv"), shared_about_nour(world, Way(way))
    said = challenge(as_family(world.olof), row, "Det stämmer inte.")
    answered = answer_challenge(siv, said, "Vi har sett på det igen.")
    assert (sees(world.olof, said), sees(world.olof, answered)) == (True, True)
    end_custody(SYSTEM, Guardianship.objects.get(child=world.nour, guardian=world.olof), TODAY)
    with clock.at(clock.now() + ONE_DAY):
        still = sees(world.olof, row)
        assert still == (way == "delivered")
        assert (sees(world.olof, said), sees(world.olof, answered)) == (still, still)


def test_what_somebody_has_said_of_a_row_is_closed_at_home_with_what_is_shared(world: World) -> None:
    siv, row = world.as_("Siv"), shared_about_nour(world)
    said = challenge(as_family(world.olof), row, "Det stämmer inte.")
    assert (sees(world.olof, row), sees(world.olof, said)) == (True, True)
    about = About(world.authorities["region"], "disclosure", None)
    decide_in_family(siv, world.nour, world.olof, about, opens=False, reason="Det är farligt.")
    assert (sees(world.olof, row), sees(world.olof, said)) == (False, False)


def test_a_page_asks_once_what_ties_its_reader_to_children(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.amal)
    viewer = as_family(world.amal)
    with reading.gather():
        with CaptureQueriesContext(connection) as first:
            assert Sign.objects.visible_to(viewer).count() == 1
        with CaptureQueriesContext(connection) as second:
            assert Sign.objects.visible_to(viewer).count() == 1
    assert (len(first), len(second)) == (4, 1)


def test_what_a_request_has_changed_of_custody_holds_for_the_rest_of_it(world: World) -> None:
    sign = sign_about(world)
    talk(world, sign, world.olof)
    viewer = replace(as_family(world.olof), acts=True)
    with reading.gather():
        assert Sign.objects.visible_to(viewer).filter(pk=sign.pk).exists()
        end_custody(SYSTEM, Guardianship.objects.get(child=world.signe, guardian=world.olof), TODAY - ONE_DAY)
        assert not Sign.objects.visible_to(viewer).filter(pk=sign.pk).exists()


def test_from_18_the_young_person_alone_sees(world: World) -> None:
    world.named(world.adam)
    meet_family(world.adam, [world.adam.pk, world.amal.pk], world.adam.ref)
    decide_in_family(world.as_("Bo"), world.adam, world.amal, school(world, "circle"), opens=True, reason="Vill båda.")
    assert sees(world.amal, named(world.adam))
    with clock.at(clock.end_of(date(2026, 11, 20))):
        assert not sees(world.amal, named(world.adam))
        assert not sees(world.amal, world.adam)
        assert sees(world.adam, named(world.adam))


# --- protected lives --------------------------------------------------------------------------------------------------


def test_no_guardian_of_a_protected_child_sees_anything_and_nothing_can_be_opened(world: World) -> None:
    talk(world, sign_about(world), world.amal)
    world.ask()
    decide_in_family(world.as_("Bo"), world.signe, world.amal, school(world, "circle"), opens=True, reason="x")
    set_protection(SYSTEM, world.signe, "protected")
    world.signe.refresh_from_db()
    assert not sees(world.amal, named(world.signe))
    assert not sees(world.amal, world.signe)
    assert not Consent.objects.visible_to(as_family(world.amal)).exists()
    with pytest.raises(Refused, match="protected"):
        decide_in_family(world.as_("Bo"), world.signe, world.amal, school(world, "plan"), opens=True, reason="x")


def test_beside_a_protected_guardian_the_other_sees_only_what_is_decided(world: World) -> None:
    talk(world, sign_about(world), world.amal, world.olof)
    set_protection(SYSTEM, world.amal, "marked")
    row = named(world.signe)
    assert not sees(world.olof, row)
    assert sees(world.amal, row)
    assert not sees(world.olof, world.amal)
    decide_in_family(world.as_("Bo"), world.signe, world.olof, school(world, "circle", row), opens=True, reason="x")
    assert sees(world.olof, row)


# --- questions and the ledger -----------------------------------------------------------------------------------------


def test_who_has_custody_sees_the_question_at_any_age_and_only_the_own_answer(world: World) -> None:
    consent = world.ask(child=world.adam)
    assert sees(world.amal, consent)
    signe = world.consent("early team")
    answers = ConsentAnswer.objects.filter(consent=signe)
    assert [[sees(who, one) for one in answers] for who in (world.amal, world.olof)] == [[True, False], [False, True]]


def test_what_the_family_has_not_been_told_of_is_not_there_for_it(world: World) -> None:
    world.named()
    consent = world.consent("early team")
    bo = world.as_("Bo")
    about = [("circle", named(world.signe).ref)]
    told, withheld = (
        disclose(
            bo,
            world.signe,
            world.authorities["school"],
            world.units["early team"],
            about,
            Sharing(gate="consent", purpose="x", told=told, withheld_because=because, consent=consent),
        )
        for told, because in (("Vi har pratat.", ""), ("", "Det vore farligt nu."))
    )
    decide_in_family(bo, world.signe, world.amal, school(world, "disclosure"), opens=True, reason="x")
    assert sees(world.amal, told)
    assert not sees(world.amal, withheld)
    assert Disclosure.objects.visible_to(as_family(world.amal)).count() == 1
    tell_family(bo, withheld, "Nu har vi sagt det.")
    assert sees(world.amal, withheld)


def test_a_team_is_shown_when_it_is_at_work(world: World) -> None:
    world.named()
    world.consent("early team")
    team: Team = propose_team(
        world.as_("Bo"), world.signe, purpose="Lugna måndagar", members=[world.posts["Mats"]], consent=None
    )
    assert not sees(world.amal, team)
    start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")
    assert sees(world.amal, team)
    assert sees(world.amal, team.memberships.all()[0])


def test_the_family_of_a_child_is_the_child_and_all_who_have_or_had_custody(world: World) -> None:
    end_custody(SYSTEM, Guardianship.objects.get(child=world.signe, guardian=world.olof), TODAY - ONE_DAY)
    assert set(family_of(world.signe)) == {world.signe, world.amal, world.olof}


def test_a_family_asks_the_same_number_of_questions_whatever_is_there(world: World) -> None:
    talk(world, sign_about(world), world.amal)
    viewer = as_family(world.amal)
    with CaptureQueriesContext(
        connection,
    ) as few:
        list(Sign.objects.visible_to(viewer))
    for _turn in range(3):
        talk(world, sign_about(world), world.amal)
    with CaptureQueriesContext(connection) as many:
        assert len(Sign.objects.visible_to(viewer)) == 4
    assert len(few) == len(many) <= 4
