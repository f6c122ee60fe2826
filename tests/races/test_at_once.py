"""Many at the same moment: one is first, the others get a kind sentence, and nothing is lost or there twice."""

from __future__ import annotations

from uuid import uuid4

from samsyn.circle.actions import ensure_named_person, give_named_person
from samsyn.circle.handover_actions import withdraw_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import Handover, HandoverKind, HandoverState, Membership, NamedPerson, Team, TeamState
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.common.viewer import SYSTEM
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import accept_request, start_draft
from samsyn.early_signals.models import Request, RequestStep, Sign
from samsyn.plans.actions import open_plan, start_plan
from samsyn.plans.models import Plan
from samsyn.sharing.models import Involvement, Reason
from samsyn.trail.actions import once
from samsyn.trail.models import Command, TrailEntry
from tests.races.counting import AT_ONCE, judged, race, refusals
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.invariants import Watch
from tests.walks.town import Town, team_of
from tests.worlds import CommittedWorld


def test_a_request_accepted_by_many_at_once_is_accepted_once(committed_world: CommittedWorld, town: Town) -> None:
    deeds.live_until(town, town.world.signe, "asked")
    request = Request.objects.get()
    ines = town.acting(town.world.posts["Ines"])
    said = refusals(race(committed_world, NOW, *[lambda: accept_request(ines, request)] * AT_ONCE))
    assert said == ["The request has been accepted already."] * (AT_ONCE - 1)
    helps = Involvement.objects.filter(reason=Reason.ANSWERS_REQUEST, until=None)
    assert (RequestStep.objects.filter(state="accepted").count(), helps.count()) == (1, 1)
    open_ = Duty.objects.filter(object_ref=request.ref, state=DutyState.OPEN)
    judged(AT_ONCE, expected=1, found=open_.count())
    Watch().look()


def test_a_hand_over_accepted_by_many_at_once_moves_once(committed_world: CommittedWorld, town: Town) -> None:
    signe, hanna = town.world.signe, town.world.posts["Hanna"]
    town.world.named()
    offer = deeds.offer_baton(town, town.named(signe), signe, HandoverKind.NAMED_PERSON, hanna)
    receiver = town.acting(hanna)
    said = refusals(race(committed_world, NOW, *[lambda: answer_handover(receiver, offer, accept=True)] * AT_ONCE))
    assert said == ["This has already been answered."] * (AT_ONCE - 1)
    holders = NamedPerson.objects.filter(child=signe, until=None)
    assert [row.post_id for row in holders] == [hanna.pk]
    judged(AT_ONCE, expected=2, found=NamedPerson.objects.filter(child=signe).count())
    Watch().look()


def test_a_lead_accepted_by_many_at_once_moves_once(committed_world: CommittedWorld, town: Town) -> None:
    signe, ines = town.world.signe, town.world.posts["Ines"]
    deeds.live_until(town, signe, "plan in force")
    offer = deeds.offer_baton(town, town.named(signe), signe, HandoverKind.LEAD, ines)
    receiver = town.acting(ines)
    race(committed_world, NOW, *[lambda: answer_handover(receiver, offer, accept=True)] * AT_ONCE)
    leads = Membership.objects.filter(child=signe, is_lead=True, until=None)
    assert [row.post_id for row in leads] == [ines.pk]
    judged(AT_ONCE, expected=1, found=leads.count())
    Watch().look()


def test_an_offer_taken_back_while_it_is_accepted_is_one_of_the_two(
    committed_world: CommittedWorld, town: Town
) -> None:
    signe, hanna = town.world.signe, town.world.posts["Hanna"]
    town.world.named()
    bo = town.named(signe)
    offer = deeds.offer_baton(town, bo, signe, HandoverKind.NAMED_PERSON, hanna)
    receiver = town.acting(hanna)
    said = refusals(
        race(
            committed_world,
            NOW,
            lambda: answer_handover(receiver, offer, accept=True),
            lambda: withdraw_handover(bo, offer),
        )
    )
    moved = Handover.objects.get().state == HandoverState.ACCEPTED
    late = "This has already been answered."
    assert said == [late if moved else "The offer was taken back before you answered. Nothing has moved."]
    holders = NamedPerson.objects.filter(child=signe, until=None)
    assert [row.post_id for row in holders] == [hanna.pk if moved else town.world.posts["Bo"].pk]
    judged(2, expected=1, found=holders.count())
    Watch().look()


def test_one_offered_to_many_at_once_is_offered_once(committed_world: CommittedWorld, town: Town) -> None:
    signe = town.world.signe
    town.world.named()
    bo = town.named(signe)
    to = [town.world.posts[name] for name in ("Hanna", "Mats", "Maja", "Rakel")]
    kind = HandoverKind.NAMED_PERSON
    said = refusals(
        race(committed_world, NOW, *[lambda one=one: deeds.offer_baton(town, bo, signe, kind, one) for one in to])
    )
    assert said == ["It is already offered to somebody. Take that back first."] * 3
    judged(len(to), expected=1, found=Handover.objects.filter(state=HandoverState.PROPOSED).count())


def test_many_who_need_a_named_person_at_once_store_one(committed_world: CommittedWorld, town: Town) -> None:
    signe = town.world.signe
    maja = town.acting(town.world.posts["Maja"])
    made = race(committed_world, NOW, *[lambda: ensure_named_person(maja, signe).pk] * AT_ONCE)
    assert len(set(made)) == 1
    judged(AT_ONCE, expected=1, found=NamedPerson.objects.filter(child=signe).count())


def test_many_who_are_given_the_child_at_once_follow_each_other(committed_world: CommittedWorld, town: Town) -> None:
    signe = town.world.signe
    posts = [town.world.posts[name] for name in ("Bo", "Rakel", "Hanna", "Mats")]
    race(committed_world, NOW, *[lambda one=one: give_named_person(SYSTEM, signe, one) for one in posts])
    judged(len(posts), expected=1, found=NamedPerson.objects.filter(child=signe, until=None).count())
    assert NamedPerson.objects.filter(child=signe).count() == len(posts)
    reasons = Involvement.objects.filter(child=signe, reason=Reason.NAMED_PERSON, until=None)
    assert reasons.count() == 1


def test_a_team_proposed_by_many_at_once_is_one(committed_world: CommittedWorld, town: Town) -> None:
    signe, maja = town.world.signe, town.world.posts["Maja"]
    town.world.named()
    bo = town.named(signe)
    said = refusals(
        race(
            committed_world,
            NOW,
            *[lambda: propose_team(bo, signe, purpose="Lugn", members=[maja], consent=None)] * AT_ONCE,
        )
    )
    assert set(said) == {"There is already a team around the child. Add people to it instead."}
    judged(AT_ONCE, expected=1, found=Team.objects.exclude(state=TeamState.CLOSED).count())
    Watch().look()


def test_two_teams_that_begin_at_once_know_of_each_other(committed_world: CommittedWorld, town: Town) -> None:
    world, signe = town.world, town.world.signe
    world.named()
    of_bo = deeds.propose(town, town.named(signe), signe, [world.posts["Ines"], world.posts["Siv"]])
    world.named(post="Siv")
    of_siv = deeds.propose(town, town.named(signe), signe, [world.posts["Ines"], world.posts["Bo"]])
    begins = [(town.acting(world.posts["Bo"]), of_bo), (town.acting(world.posts["Siv"]), of_siv)]
    race(committed_world, NOW, *[lambda one=one: start_team(*one, child_view="Bra.", lead_wish="") for one in begins])
    told = Duty.objects.filter(what="make_one_team", state=DutyState.OPEN)
    assert {row.object_ref for row in told} == {of_bo.ref, of_siv.ref}
    judged(2, expected=2, found=Team.objects.filter(state=TeamState.ACTIVE).count())


def test_a_plan_begun_by_many_at_once_is_one(committed_world: CommittedWorld, town: Town) -> None:
    signe = town.world.signe
    town.world.named()
    bo = town.named(signe)
    deeds.propose(town, bo, signe, [town.world.posts["Maja"]])
    team = team_of(signe)
    assert team is not None
    deeds.team_step(town, bo, team, "start", town.world.posts["Maja"])
    said = refusals(race(committed_world, NOW, *[lambda: start_plan(bo, team, "Lugna måndagar")] * AT_ONCE))
    assert set(said) == {"There is already a plan for the child. Write in it instead."}
    assert open_plan(team) is not None
    judged(AT_ONCE, expected=1, found=Plan.objects.count())
    Watch().look()


def test_the_same_press_many_times_at_once_is_carried_out_once(committed_world: CommittedWorld, town: Town) -> None:
    signe = town.world.signe
    town.world.named()
    bo, norr = town.named(signe), town.world.units["norr"]
    key = uuid4()
    ask = [lambda: once(bo, key, lambda: deeds.ask(town, bo, signe, None, norr, False).ref)] * AT_ONCE
    results = race(committed_world, NOW, *ask)
    assert results == [Request.objects.get().ref] * AT_ONCE
    assert Command.objects.count() == 1
    judged(AT_ONCE, expected=1, found=TrailEntry.objects.filter(act="request.sent").count())


def test_a_draft_begun_twice_at_once_loses_nothing(committed_world: CommittedWorld, town: Town) -> None:
    maja = town.acting(town.world.posts["Maja"])
    key = uuid4()
    begin = [lambda: once(maja, key, lambda: start_draft(maja, town.world.signe).ref)] * AT_ONCE
    results = race(committed_world, NOW, *begin)
    assert results == [Sign.objects.get().ref] * AT_ONCE
    judged(AT_ONCE, expected=1, found=Sign.objects.count())
