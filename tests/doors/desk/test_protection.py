"""Who is offered on the page of a hidden child: nobody is told what another authority does around the child."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from samsyn.circle.protecting import protect_child
from samsyn.early_signals.actions import send_request
from samsyn.protection.actions import Decided
from samsyn.protection.insight_actions import give_insight
from samsyn.protection.models import Insight
from samsyn.sharing.actions import Sharing, involve
from samsyn.sharing.models import Reason, Scope
from tests.doors.desk.browsing import Desk
from tests.rooms.sharing.world import TODAY

DECIDED = Decided("protected", "OSL 21:3", TODAY)


def test_bo_is_not_told_that_social_services_works_with_a_hidden_child(desk: Desk) -> None:
    world = desk.world
    world.named()
    edvin = world.posts["Edvin"]
    involve(world.signe, edvin.unit, Reason.ANSWERS_REQUEST, Scope.WHOLE, post_id=edvin.pk, source="test")
    protect_child(world.as_("Bo"), world.signe, DECIDED)
    page = desk.read("Bo", "protection", world.signe.ref)
    assert "biträdande rektor" in page
    assert "utredare" not in page
    given: dict[str, Any] = {"post": edvin.ref, "why": "Hon behöver veta.", "until": "2026-12-24"}
    said = desk.send("Bo", "protection_act", world.signe.ref, "give", **given)
    assert said.status_code == 422


def test_bo_reads_who_has_something_left_to_do_and_no_longer_sees_the_child(desk: Desk) -> None:
    world = desk.world
    world.named()
    send_request(
        world.as_("Bo"),
        world.signe,
        None,
        world.units["early team"],
        wanted="Någon som kan hjälpa på kvällarna.",
        background="Hon är trött på morgnarna.",
        ground=Sharing(gate="consent", purpose="Hjälp", told="Ni vet.", consent=world.consent(kinds=("request",))),
    )
    protect_child(world.as_("Bo"), world.signe, DECIDED)
    waits = "They have something left to do and no longer see the child socialsekreterare, Tidiga stödet"
    assert waits in desk.read("Bo", "protection", world.signe.ref)
    given: dict[str, Any] = {"post": world.posts["Ines"].ref, "why": "Hon är tillfrågad.", "until": "2026-12-24"}
    assert desk.send("Bo", "protection_act", world.signe.ref, "give", **given).status_code == 302
    assert "something left to do" not in desk.read("Bo", "protection", world.signe.ref)


def test_a_reason_that_another_authority_gave_by_its_work_is_its_own(desk: Desk) -> None:
    world = desk.world
    world.named()
    protect_child(world.as_("Bo"), world.signe, DECIDED)
    edvin, siv = world.posts["Edvin"], world.posts["Siv"]
    world.signe.refresh_from_db()
    involve(world.signe, edvin.unit, Reason.ANSWERS_REQUEST, Scope.WHOLE, post_id=edvin.pk, source="test")
    give_insight(world.as_("Bo"), world.signe, siv, "Hon vaccinerar.", TODAY + timedelta(days=30))
    page = desk.read("Bo", "protection", world.signe.ref)
    assert "bvc-sköterska, BVC Stoby" in page
    assert "utredare" not in page
    foreign = Insight.objects.get(post=edvin)
    said = desk.send("Bo", "protection_act", world.signe.ref, "end", insight=foreign.ref)
    assert said.status_code == 422
    assert "utredare, Mottagningen" in desk.read("Edvin", "protection", world.signe.ref)


def test_no_button_is_shown_that_would_be_refused_the_named_person_is_said_to_have_to_know(desk: Desk) -> None:
    world = desk.world
    world.named()
    protect_child(world.as_("Bo"), world.signe, DECIDED)
    mats = world.posts["Mats"]
    give_insight(world.as_("Bo"), world.signe, mats, "Han vikarierar ibland.", TODAY + timedelta(days=30))
    shown = desk.read("Bo", "protection", world.signe.ref)
    assert shown.count("This post answers for the child and has to know of it. Somebody else has to take over") == 1
    assert shown.count("Take the reason back") == 1, "Mats's alone"
    own = Insight.objects.get(post=world.posts["Bo"], ends=None)
    assert desk.send("Bo", "protection_act", world.signe.ref, "end", insight=own.ref).status_code == 422
