"""What somebody outside has promised in the plan waits while the plan may not be read there; the review never does."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.circle.team_actions import add_member, remove_member, rest_team_on
from samsyn.circle.teams import lead_of
from samsyn.common import ports
from samsyn.common.decision import Refused
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.organisations.importing import import_organisations
from samsyn.organisations.models import Post, Unit
from samsyn.plans.actions import close
from samsyn.plans.agreement import open_to_team
from samsyn.plans.models import Plan
from samsyn.plans.review_actions import start_review
from samsyn.plans.step_actions import action_left_out
from samsyn.plans.who_does_what import ActionText, add_action, change_action, remove_action
from samsyn.sharing.actions import answer_consent, stop_sharing
from samsyn.sharing.models import Disclosure
from tests.rooms.plans.world import TODAY, Around, now


def to_do(world: Around) -> set[tuple[str, str]]:
    """What is to be done, and by whom."""
    names = {post.pk: name for name, post in world.posts.items()}
    rows = Duty.objects.filter(state=DutyState.OPEN).values_list("what", "post")
    return {(what, names[post]) for what, post in rows}


def take_back(world: Around, plan: Plan) -> None:
    """Amal takes back the yes that the team rests on."""
    consent = plan.team.consent
    assert consent is not None
    answer_consent(world.bo, consent, world.amal, "withdrawn", form="oral", language="ar")


def led_by_ines(world: Around) -> Plan:
    """A plan in force whose team Ines has taken over to lead."""
    plan = world.in_force()
    offer = propose_handover(world.bo, world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    answer_handover(world.ines, offer, accept=True)
    return now(plan)


def test_what_ines_promised_waits_when_the_yes_is_taken_back_and_she_is_told(world: Around) -> None:
    plan = world.in_force()
    assert to_do(world) == {("carry_out_action", "Ines"), ("review_plan", "Bo")}
    take_back(world, plan)
    assert to_do(world) == {("look_at_yes", "Bo"), ("review_plan", "Bo")}
    told = Notice.objects.get(post=world.posts["Ines"], text_key="closed_to_you")
    assert (told.room, told.object_ref) == ("", world.signe.ref), "it leads to nothing that she cannot open"
    assert not Notice.objects.filter(post=world.posts["Bo"], text_key="yes_ended", object_ref=plan.ref).exists()
    assert plan.actions.get().by_post == world.posts["Ines"], "the plan still says who had promised it"


def test_it_holds_no_post_back_while_it_waits(world: Around) -> None:
    plan = world.in_force()
    take_back(world, plan)
    assert not [one for one in ports.hangs_on_post(world.posts["Ines"].pk) if one.room == "plans"]


def test_on_a_new_yes_it_is_to_be_done_again_once(world: Around) -> None:
    plan = world.in_force()
    take_back(world, plan)
    rest_team_on(world.bo, plan.team, world.consent())
    for _twice in range(2):
        open_to_team(world.bo, now(plan))
    assert to_do(world) == {("carry_out_action", "Ines"), ("review_plan", "Bo")}
    duty = Duty.objects.get(what="carry_out_action", state=DutyState.OPEN)
    assert duty.due_at.date() == plan.actions.get().due_on


def test_the_review_comes_back_to_bo_with_the_lead_and_he_closes_the_plan(world: Around) -> None:
    plan = led_by_ines(world)
    assert ("review_plan", "Ines") in to_do(world)
    take_back(world, plan)
    assert to_do(world) == {("look_at_yes", "Bo"), ("review_plan", "Bo")}
    assert lead_of(plan.team).post == world.posts["Bo"]
    action_left_out(world.bo, plan.actions.get(), "Familjen vill vänta.")
    closed = close(world.bo, now(plan), now(plan).version, how_to_reach_us="Ring Bo.")
    assert closed.state == "closed"


def test_when_only_the_plan_is_closed_to_her_ines_gives_the_lead_back_and_bo_is_told_that_something_waits(
    world: Around,
) -> None:
    plan = led_by_ines(world)
    stop_sharing(world.bo, Disclosure.objects.get(items__kind="plan", items__ref=plan.ref, ended_at=None))
    assert to_do(world) == {("review_plan", "Bo")}
    told = Notice.objects.filter(text_key__in=("yes_ended", "closed_to_you")).values_list("post", "room")
    ines, bo = world.posts["Ines"].pk, world.posts["Bo"].pk
    assert sorted(told) == sorted([(ines, ""), (bo, "plan"), (bo, "team")])


def test_what_maja_promised_inside_the_school_goes_on(world: Around) -> None:
    plan = world.in_force()
    plan.actions.update(by_post=world.posts["Maja"])
    Duty.objects.filter(what="carry_out_action").update(post=world.posts["Maja"])
    take_back(world, plan)
    assert ("carry_out_action", "Maja") in to_do(world)


def test_what_is_written_in_a_review_is_to_be_done_when_it_is_agreed_and_not_because_somebody_joins(
    world: Around,
) -> None:
    plan = world.in_force()
    plan = start_review(world.bo, plan, plan.version)
    ines = plan.actions.get()
    maja = ActionText("Frukost på fritids", TODAY + timedelta(days=5), by_post=world.posts["Maja"])
    added = add_action(world.bo, ines.goal, now(plan).version, maja)
    change_action(world.bo, ines, now(plan).version, maja)
    add_member(world.bo, plan.team, world.posts["Mats"])
    open_to_team(world.bo, now(plan))
    remove_action(world.bo, added, now(plan).version)
    assert to_do(world) == {("carry_out_action", "Ines"), ("review_plan", "Bo")}, "as the family has agreed"


def test_what_waited_for_somebody_who_left_the_team_is_not_theirs_again_because_a_colleague_reads_the_plan(
    world: Around,
) -> None:
    plan = world.in_force()
    leyla = Post.objects.create(unit=world.early_team, title="familjestödjare", source_id="plans-post-leyla")
    add_member(world.bo, plan.team, leyla)
    take_back(world, plan)
    remove_member(world.bo, plan.team, world.posts["Ines"])
    rest_team_on(world.bo, plan.team, world.consent())
    open_to_team(world.bo, now(plan))
    assert to_do(world) == {("review_plan", "Bo")}
    add_member(world.bo, plan.team, world.posts["Ines"])
    open_to_team(world.bo, now(plan))
    assert to_do(world) == {("carry_out_action", "Ines"), ("review_plan", "Bo")}


def test_the_lead_is_not_offered_to_ines_while_the_plan_is_closed_to_her(world: Around) -> None:
    plan = world.in_force()
    stop_sharing(world.bo, Disclosure.objects.get(items__kind="plan", items__ref=plan.ref, ended_at=None))
    with pytest.raises(Refused, match="closed to that post"):
        propose_handover(world.bo, world.signe, HandoverKind.LEAD, world.posts["Ines"], note="Ta du vid.")
    assert to_do(world) == {("review_plan", "Bo")}


def moves(post: Post, unit: Unit) -> None:
    """A file says that a post is in another unit of its authority."""
    columns = "principal_kind;principal_code;authority;sphere;unit_id;unit;unit_kind;post_id;post;post_role"
    place = f"{unit.authority.name};{unit.authority.sphere};{unit.source_id};{unit.name};{unit.kind}"
    file = f"{columns}\nmunicipality;9990;{place};{post.source_id};{post.title};staff\n"
    assert import_organisations(io.BytesIO(file.encode()), apply=True).may_be_applied


def test_what_ines_promised_is_hers_to_do_again_when_a_file_that_moved_her_was_wrong(world: Around) -> None:
    world.in_force()
    ines, team = world.posts["Ines"], world.early_team
    reception = Unit.objects.create(authority=world.social, name="Mottagningen", kind=team.kind, source_id="reception")
    reception.path = f"/{reception.pk}/"
    reception.save()
    moves(ines, reception)
    assert to_do(world) == {("review_plan", "Bo")}
    moves(ines, team)
    assert to_do(world) == {("carry_out_action", "Ines"), ("review_plan", "Bo")}
