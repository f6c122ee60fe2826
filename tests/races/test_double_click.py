"""A button pressed many times at once, through the whole house: middleware, form, key, transaction and redirect."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.urls import reverse

from samsyn.early_signals.models import Request, Sign
from samsyn.plans.models import Need, Plan
from samsyn.trail.models import Mode, TrailEntry
from tests.bad_input.browser import Browser, text
from tests.races.counting import judged, race
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.town import Town
from tests.worlds import CommittedWorld

CLICKS = 4


def _browsers(town: Town, name: str) -> list[Browser]:
    """As many windows of one browser: the same session in each."""
    first = Browser(town.world, name)
    others = [Browser(town.world, name) for _ in range(CLICKS - 1)]
    for other in others:
        other.client.cookies = first.client.cookies
    return [first, *others]


def test_a_double_click_asks_for_help_once(committed_world: CommittedWorld, town: Town) -> None:
    town.world.named()
    key, query = uuid4(), f"?unit={town.world.units['norr'].ref}"
    body: dict[str, Any] = {"wanted": "Någon på kvällarna.", "background": "Hon är trött."}
    signe = town.world.signe.ref
    clicks = [
        lambda one=one: one.send("request_new", signe, key=key, query=query, **body) for one in _browsers(town, "Bo")
    ]
    pages: list[Any] = race(committed_world, NOW, *clicks)
    request = Request.objects.get()
    assert [(page.status_code, page["Location"]) for page in pages] == [
        (302, reverse("desk:request", args=[request.ref]))
    ] * CLICKS
    judged(CLICKS, expected=1, found=TrailEntry.objects.filter(act="request.sent").count())


def test_a_double_click_sends_a_sign_once(committed_world: CommittedWorld, town: Town) -> None:
    sign = deeds.note(town.acting(town.world.posts["Maja"]), town.world.signe)
    key = uuid4()
    clicks = [lambda one=one: one.send("sign_review", sign.ref, key=key) for one in _browsers(town, "Maja")]
    pages: list[Any] = race(committed_world, NOW, *clicks)
    # Who comes after the sign has left finds no draft, or is sent to the sign: never an error, never a second sign.
    assert {page.status_code for page in pages} <= {302, 404}
    assert any(page.status_code == 302 for page in pages)
    assert Sign.objects.get().state == "received"
    judged(CLICKS, expected=1, found=TrailEntry.objects.filter(act="sign.sent").count())


def test_two_who_save_one_need_at_once_see_each_other(committed_world: CommittedWorld, town: Town) -> None:
    deeds.live_until(town, town.children[2], "plan written")
    plan, need = Plan.objects.get(), Need.objects.get()
    words = {"Bo": "Söndagarna är svåra.", "Maja": "Kvällarna är svåra."}

    def save(name: str) -> Any:
        return Browser(town.world, name).send(
            "plan_change", plan.ref, "change_need", need.ref, version=plan.version, words=words[name]
        )

    pages: list[Any] = race(committed_world, NOW, lambda: save("Bo"), lambda: save("Maja"))
    kept = Need.objects.get().words
    assert kept in words.values()
    second = next(page for page in pages if page.status_code == 409)
    assert all(one in text(second) for one in words.values())
    assert sorted(page.status_code for page in pages) == [302, 409]
    assert TrailEntry.objects.filter(mode=Mode.REFUSAL).count() == 1
    judged(2, expected=1, found=TrailEntry.objects.filter(act="plan.need_changed").count())
