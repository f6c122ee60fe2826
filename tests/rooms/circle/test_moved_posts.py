"""A file brings a post into another unit of its authority: what was open to the unit before is nobody's to do there."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils.translation import gettext

from samsyn.circle.models import Team
from samsyn.circle.team_actions import rest_team_on
from samsyn.circle.teams import lead_of
from samsyn.circle.unit_endings import end_unit
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import (
    accept_request,
    agree_counter,
    counter_request,
    revoke_request,
    save_draft,
    send_request,
    send_sign,
    start_draft,
)
from samsyn.early_signals.models import Request, Sign
from samsyn.early_signals.rules import Noted
from samsyn.organisations.importing import import_organisations
from samsyn.organisations.models import Post, PostRole, Unit
from samsyn.people.models import Person
from samsyn.plans.actions import start_plan
from samsyn.sharing.actions import Sharing
from tests.rooms.circle.test_ended_yes import led_by_ines
from tests.rooms.circle.test_two_teams import hands_over, yes
from tests.rooms.sharing.world import TODAY, World

COLUMNS = "principal_kind;principal_code;authority;sphere;unit_id;unit;unit_kind;post_id;post;post_role"


def moves(world: World, name: str, unit: str) -> None:
    """The personnel system says that a post is in another unit now."""
    post, to = world.posts[name], world.units[unit]
    place = f"{to.authority.name};{to.authority.sphere};{to.source_id};{to.name};{to.kind}"
    role = "duty_desk" if post.role == PostRole.DUTY_DESK else "staff"
    file = f"{COLUMNS}\nmunicipality;9990;{place};{post.source_id};{post.title};{role}\n"
    report = import_organisations(io.BytesIO(file.encode()), apply=True)
    assert report.may_be_applied, report.text(gettext)
    assert Post.objects.get(pk=post.pk).unit_id == to.pk


def to_do(world: World) -> set[tuple[str, str]]:
    """What is to be done, and by whom."""
    names = {post.pk: name for name, post in world.posts.items()}
    rows = Duty.objects.filter(state=DutyState.OPEN).exclude(what="meet_family").values_list("what", "post")
    return {(what, names[post]) for what, post in rows}


def sent(world: World) -> Sign:
    """Maja has sent a sign about Signe."""
    draft = start_draft(world.as_("Maja"), world.signe)
    noted = Noted(
        kind="worry",
        observed_on=TODAY,
        saw="Hon ville inte gå hem.",
        child_words="Det är så stökigt.",
        areas=("safe",),
        talked_with=("child",),
        did="Vi satt en stund.",
    )
    return send_sign(world.as_("Maja"), save_draft(world.as_("Maja"), draft, noted, draft.version))


def test_a_named_person_who_has_moved_keeps_the_children_when_the_old_school_ends(world: World) -> None:
    world.named()
    for name in ("Bo", "Karin", "Hanna", "Mats"):
        moves(world, name, "norr")
    Unit.objects.filter(parent=world.units["stoby"]).update(parent=None)
    operator = Viewer(account=world.accounts["Kurt"].pk, person=world.accounts["Kurt"].person_id, operator=True)
    end_unit(operator, Unit.objects.get(pk=world.units["stoby"].pk))
    assert Unit.objects.get(pk=world.units["stoby"].pk).ended_on is not None
    assert Person.objects.visible_to(world.as_("Bo")).filter(pk=world.signe.pk).exists()
    sign = sent(world)
    assert Sign.objects.visible_to(world.as_("Bo")).get() == sign


def test_a_lead_who_has_moved_gives_the_team_and_the_plan_back_until_the_family_says_yes_to_the_new_unit(
    world: World,
) -> None:
    team = led_by_ines(world, world.consent())
    start_plan(world.as_("Ines"), team, "Lugna måndagar")
    moves(world, "Ines", "reception")
    assert lead_of(team).post == world.posts["Bo"]
    assert to_do(world) == {("finish_plan", "Bo")}
    assert not Team.objects.visible_to(world.as_("Ines")).exists()
    rest_team_on(world.as_("Bo"), team, yes(world, "Bo", "reception"))
    assert Team.objects.visible_to(world.as_("Ines")).get() == team


def test_what_a_named_person_in_another_authority_took_over_comes_back_when_it_moves_to_a_unit_that_reads_nothing(
    world: World,
) -> None:
    world.named()
    sign = sent(world)
    hands_over(world, "Bo", "Ines", "early team")
    moves(world, "Ines", "reception")
    assert to_do(world) == {("acknowledge_sign", "Bo")}
    assert Sign.objects.visible_to(world.as_("Bo")).get() == sign


def asked(world: World) -> Request:
    """Bo asks Ines's unit for help around Signe, on Amal's and Olof's yes."""
    world.named()
    consent = yes(world, "Bo", "early team", kinds=("request", "sign"))
    return send_request(
        world.as_("Bo"),
        world.signe,
        None,
        world.units["early team"],
        wanted="Någon som kan hjälpa på kvällarna.",
        background="Hon är trött på morgnarna.",
        includes_sign=False,
        ground=Sharing(gate="consent", purpose="Hjälp", told="Ni vet vad vi frågar.", consent=consent),
    )


def moved_by_mistake(world: World, name: str, back: str) -> None:
    """A file brings a post into the reception, and the next one back."""
    moves(world, name, "reception")
    world.posts[name].refresh_from_db()
    moves(world, name, back)


@pytest.mark.parametrize("answer", ["", "accept", "counter", "agree"])
def test_what_somebody_was_asked_is_theirs_to_do_again_when_a_file_that_moved_them_was_wrong(
    world: World, answer: str
) -> None:
    request = asked(world)
    if answer == "accept":
        accept_request(world.as_("Ines"), request)
    elif answer:
        counter_request(world.as_("Ines"), request, "På torsdagar.")
    if answer == "agree":
        agree_counter(world.as_("Bo"), request)
    before, due = to_do(world), Duty.objects.get(object_ref=request.ref, state=DutyState.OPEN).due_at
    for _twice in range(2):
        moved_by_mistake(world, "Ines", "early team")
    assert Request.objects.visible_to(world.as_("Ines")).get() == request
    assert to_do(world) == before
    assert Duty.objects.get(object_ref=request.ref, state=DutyState.OPEN).due_at == due, "the time did not begin anew"


def test_what_was_taken_back_while_a_file_was_wrong_is_nobodys_to_do(world: World) -> None:
    request = asked(world)
    moves(world, "Ines", "reception")
    revoke_request(world.as_("Bo"), request)
    world.posts["Ines"].refresh_from_db()
    moves(world, "Ines", "early team")
    assert to_do(world) == set()


def test_a_question_that_cannot_be_read_any_longer_need_not_be_answered(world: World) -> None:
    request = asked(world)
    assert to_do(world) == {("answer_request", "Ines")}
    moves(world, "Ines", "reception")
    assert not Request.objects.visible_to(world.as_("Ines")).exists()
    assert to_do(world) == set()
    assert request in Request.objects.visible_to(world.as_("Bo"))


def test_whoever_moves_inside_the_own_authority_keeps_what_is_its_own(world: World) -> None:
    world.named()
    sign = sent(world)
    moves(world, "Bo", "norr")
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert Sign.objects.visible_to(world.as_("Bo")).get() == sign
    assert to_do(world) == {("acknowledge_sign", "Bo")}
