"""The baton: nothing moves before a yes, everything that hangs on it moves with the yes, and it is never held twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from samsyn.circle.actions import current_named_person, give_named_person
from samsyn.circle.answers import hangs_on_post
from samsyn.circle.handover_actions import propose_handover, withdraw_handover
from samsyn.circle.handover_answers import answer_handover, met_family
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, NamedPerson, Team
from samsyn.circle.team_actions import close_team, propose_team, start_team
from samsyn.circle.teams import lead_of, open_team
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState, HangsOn
from samsyn.early_signals.actions import acknowledge, record_talk, save_draft, send_sign, start_draft
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import Noted, TalkHeld
from samsyn.notices.models import Notice
from samsyn.organisations.models import Holding
from samsyn.people.models import Person
from samsyn.sharing.actions import answer_consent, ask_consent
from samsyn.sharing.models import Consent, Disclosure, Involvement, Reason
from samsyn.trail.models import TrailSubject
from tests.rooms.sharing.world import NOW, TODAY, World, lillkoping, sooner
from tests.worlds import CommittedWorld

NOTE = "Amal vill ha tolk. Signe vill träffa dig på fritids först."
NAMED, LEAD = HandoverKind.NAMED_PERSON, HandoverKind.LEAD


def offered(world: World, to: str = "Rakel", kind: HandoverKind = NAMED) -> Handover:
    """Bo has offered somebody to take over."""
    if current_named_person(world.signe) is None:
        world.named()
    return propose_handover(world.as_("Bo"), world.signe, kind, world.posts[to], note=NOTE, family_wish="Gärna Rakel.")


def team(world: World, *names: str) -> Team:
    """A team at work that Bo leads."""
    world.named()
    made = propose_team(
        world.as_("Bo"),
        world.signe,
        purpose="Lugna måndagar",
        members=[world.posts[name] for name in names or ("Mats", "Ines")],
        consent=world.consent(),
    )
    return start_team(world.as_("Bo"), made, child_view="Bra.", lead_wish="Ines.")


def duty_of(world: World, name: str, what: str, hangs_on: HangsOn, about: UUID | None = None) -> Duty:
    """Something that a post has to do about Signe."""
    return open_duty(
        world.posts[name],
        what,
        child=world.signe,
        room="sign",
        object_ref=about or world.posts[name].ref,
        rule="decision_after_signal",
        start=clock.now(),
        hangs_on=hangs_on,
    )


def open_duties(name: str, world: World) -> set[str]:
    """What a post has to do now."""
    return set(Duty.objects.filter(post=world.posts[name], state=DutyState.OPEN).values_list("what", flat=True))


def sees(world: World, name: str, handover: Handover) -> bool:
    """May this post read the offer now."""
    return Handover.objects.visible_to(world.as_(name)).filter(pk=handover.pk).exists()


def lead_title(world: World) -> str:
    """Who leads Signe's team."""
    made = open_team(world.signe, world.authorities["school"].pk)
    assert made is not None
    return lead_of(made).post.title


def named_title(world: World) -> str:
    """Who Signe's named person is."""
    row = current_named_person(world.signe)
    assert row is not None
    return row.post.title


# --- offered ----------------------------------------------------------------------------------------------------------


def test_an_offer_moves_nothing(world: World) -> None:
    world.named()
    duty_of(world, "Bo", "five_questions", HangsOn.NAMED_PERSON)
    offered(world)
    assert named_title(world) == "rektor"
    assert open_duties("Bo", world) == {"five_questions"}
    assert open_duties("Rakel", world) == {"answer_handover"}
    assert not Involvement.objects.filter(post=world.posts["Rakel"], reason=Reason.NAMED_PERSON).exists()


def test_the_receiver_reads_the_offer_and_nothing_else(world: World) -> None:
    handover = offered(world)
    assert sees(world, "Rakel", handover)
    assert sees(world, "Bo", handover)
    for name in ("Hanna", "Mats", "Ines", "Kurt"):
        assert not sees(world, name, handover)
    assert Person.objects.visible_to(world.as_("Rakel")).filter(pk=world.signe.pk).exists()
    assert not NamedPerson.objects.visible_to(world.as_("Rakel")).exists()
    assert Notice.objects.get(post=world.posts["Rakel"]).text_key == "handover_offered"
    assert (handover.from_person, handover.note) == (world.accounts["Bo"].person, NOTE)


def test_only_what_is_ones_own_is_offered(world: World) -> None:
    world.named()
    for kind in HandoverKind:
        with pytest.raises(Refused, match="only hand over what is yours"):
            propose_handover(world.as_("Hanna"), world.signe, kind, world.posts["Rakel"], note=NOTE)
    with pytest.raises(Refused, match="only hand over what is yours"):
        propose_handover(world.as_("Hanna"), world.signe, NAMED, world.posts["Siv"], note=NOTE)


@pytest.mark.parametrize("until", [TODAY - timedelta(days=1), None])
def test_a_post_that_nobody_holds_today_is_not_offered_anything(world: World, until: object) -> None:
    held = Holding.objects.filter(post=world.posts["Rakel"])
    held.update(until=until) if until else held.update(since=TODAY + timedelta(days=1))
    with pytest.raises(Refused, match="Nobody holds that post") as refusal:
        offered(world)
    assert refusal.value.decision.field == "to_post"


def test_somebody_who_holds_the_post_for_a_time_can_be_offered_it(world: World) -> None:
    Holding.objects.filter(post=world.posts["Rakel"]).update(until=TODAY)
    assert offered(world).state == HandoverState.PROPOSED


def test_nobody_offers_to_oneself_twice_or_without_a_word(world: World) -> None:
    world.named()
    with pytest.raises(Refused, match="another post than your own"):
        offered(world, "Bo")
    with pytest.raises(Refused, match="a few lines"):
        propose_handover(world.as_("Bo"), world.signe, NAMED, world.posts["Rakel"], note=" \u200b ")
    offered(world)
    with pytest.raises(Refused, match="already offered"):
        offered(world, "Hanna")


def test_the_store_holds_one_open_offer_a_thing(world: World) -> None:
    handover = offered(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            child=handover.child,
            authority=handover.authority,
            kind=NAMED,
            from_post=handover.from_post,
            from_person=handover.from_person,
            to_post=world.posts["Hanna"],
            note="x",
            proposed_at=NOW,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(state=HandoverState.REJECTED, answer="")


# --- accepted ---------------------------------------------------------------------------------------------------------


def test_with_the_yes_all_that_hangs_on_being_named_person_moves_and_nothing_else(world: World) -> None:
    world.named()
    for what, hangs_on in (
        ("five_questions", HangsOn.NAMED_PERSON),
        ("talk_with_family", HangsOn.NAMED_PERSON),
        ("carry_out_request", HangsOn.POST),
        ("review_plan", HangsOn.LEAD),
    ):
        duty_of(world, "Bo", what, hangs_on)
    handover = offered(world)
    answer_handover(world.as_("Rakel"), handover, accept=True)
    assert named_title(world) == "rektor på Norrskolan"
    assert open_duties("Rakel", world) == {"five_questions", "talk_with_family", "meet_family"}
    assert open_duties("Bo", world) == {"carry_out_request", "review_plan"}
    meeting = Duty.objects.get(what="meet_family")
    assert (meeting.rule, meeting.hangs_on) == ("contact_after_handover", HangsOn.NAMED_PERSON)
    assert [one.kind for one in hangs_on_post(world.posts["Bo"].pk)] == []
    assert [one.kind for one in hangs_on_post(world.posts["Rakel"].pk)] == ["named_person"]
    assert Notice.objects.get(post=world.posts["Bo"]).text_key == "handover_accepted"
    assert TrailSubject.objects.filter(ref=handover.ref).order_by("-pk")[0].state == "accepted"


def test_a_done_duty_stays_where_it_was_done(world: World) -> None:
    world.named()
    done = duty_of(world, "Bo", "talk_with_family", HangsOn.NAMED_PERSON)
    Duty.objects.filter(pk=done.pk).update(state=DutyState.DONE, ended_at=clock.now())
    answer_handover(world.as_("Rakel"), offered(world), accept=True)
    done.refresh_from_db()
    assert done.post == world.posts["Bo"]


def test_whoever_handed_over_reads_no_longer_than_the_receiver_has_to_meet_the_family(world: World) -> None:
    sooner("contact_after_handover", 5)
    handover = answer_handover(world.as_("Rakel"), offered(world), accept=True)
    meeting = Duty.objects.get(what="meet_family")
    with clock.at(meeting.due_at - timedelta(seconds=1)):
        assert sees(world, "Bo", handover)
    with clock.at(meeting.due_at + timedelta(seconds=1)):
        assert not sees(world, "Bo", handover)


def test_after_the_yes_the_offer_is_no_reason_of_its_own_and_the_old_one_reads_the_answer_for_a_while(
    world: World,
) -> None:
    handover = answer_handover(world.as_("Rakel"), offered(world), accept=True)
    assert not Involvement.objects.filter(reason=Reason.OFFERED, until=None).exists()
    assert sees(world, "Rakel", handover)
    assert sees(world, "Bo", handover)
    assert not NamedPerson.objects.visible_to(world.as_("Bo")).exists()
    with clock.at(clock.noon(TODAY + timedelta(days=15))):
        assert not sees(world, "Bo", handover)
        assert sees(world, "Rakel", handover)


def test_only_the_receiver_answers_and_once(world: World) -> None:
    handover = offered(world)
    for name in ("Bo", "Hanna"):
        with pytest.raises(Refused, match="Only the one it was offered to"):
            answer_handover(world.as_(name), handover, accept=True)
    answer_handover(world.as_("Rakel"), handover, accept=True)
    with pytest.raises(Refused, match="already been answered"):
        answer_handover(world.as_("Rakel"), handover, accept=False, words="Nej.")


def test_who_covers_the_receiver_answers(world: World) -> None:
    handover = offered(world)
    world.away("Rakel", covered_by="Hanna")
    answer_handover(world.as_("Hanna", "Rakel"), handover, accept=True)
    assert named_title(world) == "rektor på Norrskolan"


def test_the_new_named_person_comes_into_the_team(world: World) -> None:
    made = team(world)
    answer_handover(world.as_("Rakel"), offered(world), accept=True)
    assert made.memberships.filter(post=world.posts["Rakel"], until=None).exists()
    assert Team.objects.visible_to(world.as_("Rakel")).get() == made
    assert lead_title(world) == "rektor"  # leading is a baton of its own


def test_what_is_no_longer_the_offerers_does_not_move(world: World) -> None:
    handover = offered(world)
    give_named_person(SYSTEM, world.signe, world.posts["Hanna"])
    with pytest.raises(Refused, match="no longer with the one"):
        answer_handover(world.as_("Rakel"), handover, accept=True)
    assert named_title(world) == "biträdande rektor"
    answer_handover(world.as_("Rakel"), handover, accept=False, words="Den är inte din längre.")


# --- declined and taken back ------------------------------------------------------------------------------------------


def test_a_no_has_a_reason_and_moves_nothing(world: World) -> None:
    handover = offered(world)
    with pytest.raises(Refused, match="Say why") as refusal:
        answer_handover(world.as_("Rakel"), handover, accept=False)
    assert refusal.value.decision.field == "words"
    handover = answer_handover(world.as_("Rakel"), handover, accept=False, words="Signe går kvar hos er.")
    assert (handover.state, handover.answer) == (HandoverState.REJECTED, "Signe går kvar hos er.")
    assert named_title(world) == "rektor"
    assert open_duties("Rakel", world) == set()
    assert Notice.objects.get(post=world.posts["Bo"]).text_key == "handover_declined"


def test_who_declined_reads_nothing_more(world: World) -> None:
    handover = answer_handover(world.as_("Rakel"), offered(world), accept=False, words="Nej.")
    assert not sees(world, "Rakel", handover)
    assert not Person.objects.visible_to(world.as_("Rakel")).filter(pk=world.signe.pk).exists()
    assert sees(world, "Bo", handover)


def test_an_offer_is_taken_back_and_leaves_nothing_behind(world: World) -> None:
    handover = offered(world)
    with pytest.raises(Refused, match="Only the one who offered"):
        withdraw_handover(world.as_("Rakel"), handover)
    withdraw_handover(world.as_("Bo"), handover)
    assert not sees(world, "Rakel", handover)
    assert open_duties("Rakel", world) == set()
    with pytest.raises(Refused, match="taken back before you answered"):
        answer_handover(world.as_("Rakel"), handover, accept=True)
    with pytest.raises(Refused, match="already been answered"):
        withdraw_handover(world.as_("Bo"), handover)
    assert offered(world, "Hanna").state == HandoverState.PROPOSED


# --- the lead ---------------------------------------------------------------------------------------------------------


def test_the_lead_goes_to_another_authority_on_the_teams_yes(world: World) -> None:
    duty_of(world, "Bo", "review_plan", HangsOn.LEAD, team(world).ref)
    handover = offered(world, "Ines", LEAD)
    assert lead_title(world) == "rektor"
    assert sees(world, "Ines", handover)
    row = Disclosure.objects.get(items__ref=handover.ref)
    assert (row.purpose, row.decided_by) == ("Lugna måndagar", world.posts["Bo"])
    answer_handover(world.as_("Ines"), handover, accept=True)
    assert lead_title(world) == "socialsekreterare"
    assert open_duties("Ines", world) == {"begin_plan", "review_plan", "meet_family"}
    assert sees(world, "Ines", handover)
    assert named_title(world) == "rektor"
    assert Membership.objects.filter(is_lead=True, until=None).count() == 1


def test_the_lead_in_another_authority_hands_it_back_and_reads_its_own_offer(world: World) -> None:
    team(world)
    answer_handover(world.as_("Ines"), offered(world, "Ines", LEAD), accept=True)
    back = propose_handover(world.as_("Ines"), world.signe, LEAD, world.posts["Bo"], note="Nu är det lugnt hemma.")
    assert sees(world, "Ines", back)
    assert sees(world, "Bo", back)
    back = answer_handover(world.as_("Bo"), back, accept=False, words="Familjen vill ha dig kvar.")
    assert sees(world, "Ines", back)
    assert lead_title(world) == "socialsekreterare"


def test_the_lead_is_offered_to_a_member_only(world: World) -> None:
    team(world)
    with pytest.raises(Refused, match="must be in the team"):
        offered(world, "Hanna", LEAD)


def test_an_offer_of_the_lead_ends_with_the_team(world: World) -> None:
    made = team(world)
    handover = offered(world, "Ines", LEAD)
    close_team(world.as_("Bo"), made, open_plan=False)
    handover.refresh_from_db()
    assert handover.state == HandoverState.WITHDRAWN
    assert open_duties("Ines", world) == set()
    assert not sees(world, "Ines", handover)


def test_when_the_team_closes_nobody_has_to_meet_the_family_as_its_lead(world: World) -> None:
    made = team(world)
    answer_handover(world.as_("Ines"), offered(world, "Ines", LEAD), accept=True)
    close_team(world.as_("Ines"), made, open_plan=False)
    assert open_duties("Ines", world) == set()


def test_declining_the_lead_closes_what_the_offer_opened_and_leaves_the_team_open(world: World) -> None:
    made = team(world)
    handover = answer_handover(world.as_("Ines"), offered(world, "Ines", LEAD), accept=False, words="Jag hinner inte.")
    assert not sees(world, "Ines", handover)
    assert Team.objects.visible_to(world.as_("Ines")).get() == made
    assert Disclosure.objects.get(items__ref=handover.ref).ended_because == "handover_rejected"


# --- to another authority ---------------------------------------------------------------------------------------------


def to_the_school(world: World, kinds: tuple[str, ...] = ("circle", "sign")) -> Consent:
    """Nour begins förskoleklass: Amal's and Olof's yes that Siv tells the school."""
    consent = ask_consent(
        world.as_("Siv"),
        world.nour,
        purpose="Nour ska känna sig väntad i skolan",
        kinds=list(kinds),
        receivers=[world.units["stoby"]],
        until=TODAY + timedelta(days=100),
        form="oral",
        language="ar",
    )
    for guardian in (world.amal, world.olof):
        answer_consent(world.as_("Siv"), consent, guardian, "given", form="oral", language="ar")
    return consent


def sivs_sign(world: World) -> Sign:
    """Siv has noted something about Nour, and is her named person herself."""
    siv = world.as_("Siv")
    draft = start_draft(siv, world.nour)
    noted = Noted(kind="worry", observed_on=TODAY, saw="Nour äter lite.", areas=("healthy",), talked_with=("child",))
    return send_sign(siv, save_draft(siv, draft, noted, draft.version))


def test_to_another_authority_the_familys_yes_is_needed(world: World) -> None:
    world.named(world.nour, "Siv")
    with pytest.raises(Refused, match="guardians' yes") as refusal:
        propose_handover(world.as_("Siv"), world.nour, NAMED, world.posts["Bo"], note=NOTE)
    assert refusal.value.decision.field == "consent"


def test_before_the_yes_the_other_authority_reads_the_offer_alone_and_after_it_what_goes_along(world: World) -> None:
    sign = sivs_sign(world)
    consent = to_the_school(world)
    handover = propose_handover(world.as_("Siv"), world.nour, NAMED, world.posts["Bo"], note=NOTE, consent=consent)
    assert sees(world, "Bo", handover)
    assert not Sign.objects.visible_to(world.as_("Bo")).exists()
    answer_handover(world.as_("Bo"), handover, accept=True)
    assert Sign.objects.visible_to(world.as_("Bo")).get() == sign
    along = Disclosure.objects.get(items__kind="sign", items__ref=sign.ref)
    assert (along.decided_by, along.decided_by_person) == (world.posts["Siv"], world.accounts["Siv"].person)
    assert open_duties("Bo", world) >= {"acknowledge_sign", "meet_family"}
    assert open_duties("Siv", world) == set()


def test_what_goes_along_says_what_nour_said_in_the_talk_and_when_each_guardian_said_yes(world: World) -> None:
    siv, sign = world.as_("Siv"), sivs_sign(world)
    held = TalkHeld(held_on=TODAY, with_child=True, with_guardians=(str(world.amal.ref),), child_words="Inte ärtor.")
    consent = to_the_school(world)
    first = propose_handover(siv, world.nour, NAMED, world.posts["Bo"], note=NOTE, consent=consent)
    offer = Disclosure.objects.get(items__ref=first.ref)
    assert offer.views[0] == {"whose": "child", "said": "", "not_asked_because": "", "yes_on": ""}
    record_talk(siv, acknowledge(siv, sign), held)
    answer_handover(world.as_("Bo"), first, accept=True)
    along = Disclosure.objects.get(items__kind="sign", items__ref=sign.ref)
    assert along.views[0] == {"whose": "child", "said": "Inte ärtor.", "not_asked_because": "", "yes_on": ""}
    yes = {view["whose"]: view["yes_on"] for view in along.views[1:]}
    assert yes == dict.fromkeys((str(world.amal.ref), str(world.olof.ref)), TODAY.isoformat())


def test_only_what_the_family_said_yes_to_goes_along(world: World) -> None:
    sivs_sign(world)
    consent = to_the_school(world, ("circle",))
    handover = propose_handover(world.as_("Siv"), world.nour, NAMED, world.posts["Bo"], note=NOTE, consent=consent)
    answer_handover(world.as_("Bo"), handover, accept=True)
    assert not Sign.objects.visible_to(world.as_("Bo")).exists()


def test_a_yes_taken_back_before_the_answer_keeps_the_baton_where_it_is(world: World) -> None:
    sivs_sign(world)
    consent = to_the_school(world)
    handover = propose_handover(world.as_("Siv"), world.nour, NAMED, world.posts["Bo"], note=NOTE, consent=consent)
    answer_consent(world.as_("Siv"), consent, world.olof, "withdrawn", form="oral", language="sv")
    assert not sees(world, "Bo", handover)
    with pytest.raises(Refused, match="taken back before you answered"):
        answer_handover(world.as_("Bo"), handover, accept=True)
    row = current_named_person(world.nour)
    assert row is not None
    assert row.post == world.posts["Siv"]


# --- meeting the family -----------------------------------------------------------------------------------------------


def test_the_new_one_notes_the_first_meeting_once(world: World) -> None:
    handover = answer_handover(world.as_("Rakel"), offered(world), accept=True)
    with pytest.raises(Refused, match="Only the one who took over"):
        met_family(world.as_("Bo"), handover)
    met_family(world.as_("Rakel"), handover)
    assert open_duties("Rakel", world) == set()
    with pytest.raises(Refused, match="already written down"):
        met_family(world.as_("Rakel"), handover)


def test_a_meeting_not_yet_held_goes_along_with_the_next_hand_over(world: World) -> None:
    first = answer_handover(world.as_("Rakel"), offered(world), accept=True)
    second = propose_handover(world.as_("Rakel"), world.signe, NAMED, world.posts["Hanna"], note=NOTE)
    answer_handover(world.as_("Hanna"), second, accept=True)
    with pytest.raises(Refused, match="Only the one who took over"):
        met_family(world.as_("Rakel"), first)
    met_family(world.as_("Hanna"), first)
    assert Duty.objects.filter(what="meet_family", state=DutyState.OPEN).count() == 1


# --- at once ----------------------------------------------------------------------------------------------------------


def test_accepted_eight_times_at_once_it_moves_once(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        handover = offered(world)

    def accept() -> Handover:
        with clock.at(NOW):
            return answer_handover(world.as_("Rakel"), Handover.objects.get(pk=handover.pk), accept=True)

    outcomes = committed_world.at_once(*[accept] * 8)
    assert sum(isinstance(one, Handover) for one in outcomes) == 1, outcomes
    assert all(isinstance(one, Handover | Refused) for one in outcomes), outcomes
    assert NamedPerson.objects.filter(until=None).count() == 1
    assert Duty.objects.filter(what="meet_family").count() == 1


def test_accepted_and_taken_back_at_once_one_of_them_holds(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        handover = offered(world)

    def accept() -> str:
        with clock.at(NOW):
            answer_handover(world.as_("Rakel"), Handover.objects.get(pk=handover.pk), accept=True)
        return "accepted"

    def withdraw() -> str:
        with clock.at(NOW):
            withdraw_handover(world.as_("Bo"), Handover.objects.get(pk=handover.pk))
        return "withdrawn"

    outcomes = committed_world.at_once(accept, withdraw)
    done = [one for one in outcomes if isinstance(one, str)]
    assert len(done) == 1, outcomes
    with clock.at(NOW):
        handover.refresh_from_db()
        assert handover.state == done[0]
        assert named_title(world) == ("rektor på Norrskolan" if done == ["accepted"] else "rektor")


def test_offered_to_two_at_once_one_is_offered_it(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        world.named()

    def offer(name: str) -> Handover:
        with clock.at(NOW):
            return offered(world, name)

    outcomes = committed_world.at_once(*(lambda name=name: offer(name) for name in ("Rakel", "Hanna", "Mats")))
    assert sum(isinstance(one, Handover) for one in outcomes) == 1, outcomes
    assert all(isinstance(one, Handover | Refused) for one in outcomes), outcomes


@pytest.mark.parametrize("kind", [NAMED, LEAD])
def test_a_hand_over_is_quick(world: World, kind: HandoverKind) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if kind == LEAD:
        team(world)
    handover = offered(world, "Ines" if kind == LEAD else "Rakel", kind)
    viewer = world.as_("Ines" if kind == LEAD else "Rakel")
    with CaptureQueriesContext(connection) as asked:
        answer_handover(viewer, handover, accept=True)
    counted = [one["sql"] for one in asked if not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT"))]
    assert len(counted) <= 16, "\n".join(counted)
