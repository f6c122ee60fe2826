"""A unit that ends: not before everything there has been received by somebody else, and no child without an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from samsyn.circle.actions import current_named_person
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.circle.unit_endings import EMPTY_POST, end_unit, keep_unit
from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.duties.actions import end_duties
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.organisations import rules
from samsyn.organisations.models import Holding, Post, Unit
from samsyn.organisations.partnerships import partner_units
from samsyn.organisations.presence import accountable
from samsyn.sharing.actions import Sharing, disclose, involve
from samsyn.sharing.models import Disclosure, Involvement, Reason, Scope
from samsyn.sharing.predicate import explain
from samsyn.trail.models import TrailEntry, TrailSubject
from tests.rooms.sharing.world import NOW, World, lillkoping
from tests.worlds import CommittedWorld

ASKED = {"state": DutyState.OPEN, "what": EMPTY_POST}


def now(unit: Unit) -> Unit:
    """The unit as it stands."""
    return Unit.objects.get(pk=unit.pk)


def operator(world: World) -> Viewer:
    """Somebody who looks after the organisation and holds no post."""
    return Viewer(account=world.accounts["Kurt"].pk, person=world.accounts["Kurt"].person_id, operator=True)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"manages": False}, ""),
        ({"is_head": False}, ""),
        ({"manages": False, "is_head": False}, "Only its head"),
        ({"ended": True}, "ended already"),
        ({"below": 2}, "lie under this one"),
    ],
)
def test_the_head_or_an_operator_ends_a_unit_once_and_those_below_first(facts: dict[str, bool], reason: str) -> None:
    asked = {"manages": True, "is_head": True, "ended": False, "below": 0, **facts}
    decision = rules.may_end_unit(**asked)  # type: ignore[arg-type]  # the test's own words
    assert bool(decision) is not bool(reason)
    assert reason in decision.reason


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, ""),
        ({"manages": False, "is_head": False}, "Only its head"),
        ({"ended": True}, "ended already"),
        ({"is_closing": False}, "Nobody has said"),
    ],
)
def test_what_was_said_of_a_unit_is_taken_back_until_it_has_ended(facts: dict[str, bool], reason: str) -> None:
    decision = rules.may_keep_unit(**{"manages": True, "is_head": True, "is_closing": True, "ended": False, **facts})
    assert bool(decision) is not bool(reason)
    assert reason in decision.reason


def test_a_unit_on_which_nothing_hangs_ends_at_once_with_its_posts_and_their_holders(world: World) -> None:
    end_unit(world.as_("Edvin"), world.units["reception"])
    ended = now(world.units["reception"])
    assert (ended.ended_on, ended.waits_for) == (clock.today(), [])
    assert Post.objects.get(pk=world.posts["Edvin"].pk).ended_on == clock.today()
    assert Holding.objects.get(post=world.posts["Edvin"]).until == clock.today()
    assert TrailSubject.objects.filter(kind="unit", ref=ended.ref, state="ended").count() == 1
    tomorrow = clock.noon(clock.today() + timedelta(days=1))
    assert accountable(world.posts["Edvin"], tomorrow).person == world.accounts["Karin"].person


def test_whoever_has_something_is_asked_once_to_hand_it_over_and_nothing_moves(world: World) -> None:
    world.named(post="Rakel")
    for _twice in range(2):
        end_unit(SYSTEM, world.units["norr"])
    closing = now(world.units["norr"])
    assert (closing.ended_on, closing.waits_for) == (None, [world.posts["Rakel"].pk])
    assert closing.closing_since == NOW
    duty = Duty.objects.get(**ASKED)
    assert (duty.post, duty.child, duty.object_ref) == (world.posts["Rakel"], None, world.posts["Rakel"].ref)
    assert Notice.objects.filter(text_key="unit_closes", post=world.posts["Rakel"]).count() == 1
    named = current_named_person(world.signe)
    assert named is not None
    assert named.post == world.posts["Rakel"]


def test_nothing_new_is_sent_to_a_unit_that_closes(world: World) -> None:
    assert world.units["norr"] in partner_units(world.as_("Ines"))
    world.named(post="Rakel")
    end_unit(SYSTEM, world.units["norr"])
    assert world.units["norr"] not in partner_units(world.as_("Ines"))
    keep_unit(SYSTEM, world.units["norr"])
    assert world.units["norr"] in partner_units(world.as_("Ines"))
    assert not Duty.objects.filter(**ASKED).exists()
    with pytest.raises(Refused, match="Nobody has said"):
        keep_unit(SYSTEM, world.units["norr"])


def test_when_the_last_child_has_been_received_the_unit_ends_and_everybody_is_answered_for(world: World) -> None:
    world.named(post="Rakel")
    end_unit(SYSTEM, world.units["norr"])
    offer = propose_handover(
        world.as_("Rakel"), world.signe, HandoverKind.NAMED_PERSON, world.posts["Bo"], note="Norrskolan läggs ner."
    )
    end_unit(SYSTEM, world.units["norr"])
    assert now(world.units["norr"]).ended_on is None, "an offer moves nothing"
    answer_handover(world.as_("Bo"), offer, accept=True)
    end_unit(SYSTEM, world.units["norr"])
    assert now(world.units["norr"]).ended_on == clock.today()
    named = current_named_person(world.signe)
    assert named is not None
    assert accountable(named.post, clock.now()).person == world.accounts["Bo"].person
    assert not Duty.objects.filter(**ASKED).exists()
    assert not Duty.objects.filter(state=DutyState.OPEN, post=world.posts["Rakel"]).exists()


def test_reasons_around_children_end_with_the_unit_and_the_trail_of_each_child_says_so(world: World) -> None:
    reception, edvin = world.units["reception"], world.as_("Edvin")
    involve(world.signe, reception, Reason.TEAM, Scope.WHOLE, post_id=world.posts["Edvin"].pk, source="test")
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent("reception"))
    school = world.authorities["school"]
    opened = disclose(world.as_("Bo"), world.signe, school, reception, [("circle", world.signe.ref)], ground)
    end_duties(opened.ref)
    assert explain(edvin, world.signe) is not None
    end_unit(SYSTEM, reception)
    assert not Involvement.objects.filter(unit=reception, until=None).exists()
    assert explain(edvin, world.signe) is None
    closed = Disclosure.objects.get(pk=opened.pk)
    assert (closed.ended_at, closed.ended_because) == (NOW, "unit_ended")
    entry = TrailEntry.objects.get(act="child.unit_ended")
    assert [(one.kind, one.child_ref) for one in entry.subjects.order_by("pk")] == [
        ("child", world.signe.ref),
        ("involvement", world.signe.ref),
    ]


@pytest.mark.parametrize("who", ["Bo", "Ines", "Kurt", "Karin"])
def test_nobody_else_ends_a_unit(world: World, who: str) -> None:
    with pytest.raises(Refused, match="Only its head"):
        end_unit(world.as_(who), world.units["reception"])
    assert now(world.units["reception"]).closing_since is None


def test_a_post_above_ends_the_unit_of_those_who_answer_to_it_and_the_duty_desk_does_not(world: World) -> None:
    Post.objects.filter(pk=world.posts["Maja"].pk).update(parent=world.posts["Bo"])
    Post.objects.filter(pk=world.posts["Siv"].pk).update(parent=world.posts["Karin"])
    with pytest.raises(Refused, match="Only its head"):
        end_unit(world.as_("Karin"), world.units["bvc"])
    assert end_unit(world.as_("Bo"), world.units["fritids"]).ended_on == clock.today()


def test_an_operator_ends_an_empty_unit_and_is_told_nothing_of_a_child_at_another(world: World) -> None:
    world.named(post="Rakel")
    assert end_unit(operator(world), world.units["reception"]).ended_on == clock.today()
    assert end_unit(operator(world), world.units["norr"]).ended_on is None
    asked = TrailEntry.objects.get(act="organisations.unit_closing")
    assert [one.child_ref for one in asked.subjects.all()] == [None]


def test_a_unit_with_units_below_or_the_last_duty_desk_stays(world: World) -> None:
    with pytest.raises(Refused, match="lie under this one"):
        end_unit(SYSTEM, world.units["stoby"])
    end_unit(SYSTEM, world.units["fritids"])
    with pytest.raises(Refused, match="duty desk"), transaction.atomic():
        end_unit(SYSTEM, world.units["stoby"])
    assert now(world.units["stoby"]).ended_on is None


def test_posts_end_from_below_and_a_post_elsewhere_that_answers_to_one_stops_it(world: World) -> None:
    Post.objects.filter(pk=world.posts["Leyla"].pk).update(parent=world.posts["Ines"])
    Post.objects.filter(pk=world.posts["Edvin"].pk).update(parent=world.posts["Ines"])
    with pytest.raises(Refused, match="lie below this one"):
        end_unit(SYSTEM, world.units["early team"])
    Post.objects.filter(pk=world.posts["Edvin"].pk).update(parent=None)
    end_unit(SYSTEM, world.units["early team"])
    left = Post.objects.filter(unit=world.units["early team"], ended_on=None)
    assert not left.exists()


def test_whoever_led_a_team_that_she_cannot_read_any_longer_holds_no_unit_back(world: World) -> None:
    world.named()
    consent = world.consent()
    members = [world.posts["Ines"]]
    team = propose_team(world.as_("Bo"), world.signe, purpose="x", members=members, consent=consent)
    start_team(world.as_("Bo"), team, child_view="Bra.", lead_wish="")
    offer = propose_handover(world.as_("Bo"), world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    answer_handover(world.as_("Ines"), offer, accept=True)
    world.answer(consent, world.amal, "withdrawn")
    Post.objects.filter(parent=world.posts["Ines"]).update(parent=None)
    assert end_unit(SYSTEM, world.units["early team"]).ended_on == clock.today()
    assert not team.memberships.filter(post=world.posts["Ines"], until=None).exists()


def at_once(committed_world: CommittedWorld, do: Callable[[], object]) -> list[object]:
    """Three do the same at the same moment, with the clock of this test."""

    def run() -> object:
        with clock.at(NOW):
            return do()

    return list(committed_world.at_once(*[run] * 3))


def test_three_who_press_at_once_end_it_once(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        outcomes = at_once(committed_world, lambda: end_unit(SYSTEM, world.units["reception"]))
    refused = [str(one) for one in outcomes if isinstance(one, Refused)]
    assert len(refused) == 2
    assert all("ended already" in one for one in refused)
    assert TrailEntry.objects.filter(act="organisations.unit_ended").count() == 1


def test_three_who_ask_at_once_ask_once(committed_world: CommittedWorld) -> None:
    with clock.at(NOW):
        world = lillkoping()
        world.named(post="Rakel")
        outcomes = at_once(committed_world, lambda: end_unit(SYSTEM, world.units["norr"]))
    assert not [one for one in outcomes if isinstance(one, BaseException)]
    assert Duty.objects.filter(**ASKED).count() == 1
