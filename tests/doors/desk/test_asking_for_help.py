"""What a request for help writes in the ledger: what each says of it, and how the family was told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from samsyn.desk import asking_for_help
from samsyn.desk.asking_for_help import _rests_on
from samsyn.early_signals.actions import acknowledge, record_talk
from samsyn.early_signals.models import Request
from samsyn.early_signals.rules import TalkHeld
from samsyn.sharing.actions import Sharing
from samsyn.sharing.models import Disclosure
from tests.doors.desk.browsing import Desk, words
from tests.doors.desk.test_sharing import noted
from tests.rooms.sharing.world import TODAY

ASKED: dict[str, Any] = {
    "wanted": "Hembesök två kvällar i veckan.",
    "background": "Familjen vill ha lugnare kvällar.",
    "needed_because": "De ska kunna hjälpa.",
    "not_less_because": "Utan det vet de inte vem det är.",
    "told": "Vi har pratat om att be er om hjälp.",
}


@pytest.mark.parametrize(("how", "said"), [("telephone", "by telephone"), ("talk", "in a talk")])
def test_siv_asks_ines_about_nour_and_the_row_says_what_each_says_and_how_they_were_told(
    desk: Desk, how: str, said: str
) -> None:
    world = desk.world
    sign = noted(desk, "Siv", world.nour, "Siv")
    acknowledge(world.as_("Siv"), sign)
    talk = TalkHeld(
        held_on=TODAY, with_child=True, with_guardians=(str(world.amal.ref),), family_words="Gärna hjälp med sömnen."
    )
    record_talk(world.as_("Siv"), sign, talk)
    query = f"?sign={sign.ref}&unit={world.units['early team'].ref}"
    assert "How were they told?" in desk.read("Siv", "request_new", world.nour.ref, query=query)
    body = {**ASKED, "gate": "under_18_from_health", "told_how": how}
    sent = desk.send("Siv", "request_new", world.nour.ref, query=query, **body)
    assert sent.status_code == 302, words(sent)
    row = Request.objects.select_related("disclosure").get().disclosure
    assert row is not None
    assert [view["whose"] for view in row.views] == ["child", str(world.amal.ref), str(world.olof.ref)]
    assert row.views[0]["said"] == sign.child_words
    assert row.views[1]["said"] == "Gärna hjälp med sömnen."
    page = desk.read("Siv", "disclosure", row.ref)
    assert said in page
    assert "Not asked: Not asked before help was asked for." in page


def test_the_sign_stands_on_the_page_as_it_will_be_read_before_it_is_sent_and_so_it_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, kept = desk.world, list[str]()
    sign = noted(desk, "Siv", world.nour, "Siv")
    acknowledge(world.as_("Siv"), sign)
    record_talk(
        world.as_("Siv"),
        sign,
        TalkHeld(held_on=TODAY, with_child=True, with_guardians=(str(world.amal.ref),), family_words="Gärna."),
    )

    def resting(*given: Any) -> Sharing:
        kept.append(given[2])
        return _rests_on(*given)

    monkeypatch.setattr(asking_for_help, "_rests_on", resting)
    query = f"?sign={sign.ref}&unit={world.units['early team'].ref}"
    shown = desk.get("Siv", "request_new", world.nour.ref, query=query).content.decode()
    letter = shown[shown.index('<div class="letter">') : shown.index("</div>", shown.index('<div class="letter">'))]
    assert sign.saw in letter
    body = {**ASKED, "gate": "under_18_from_health", "told_how": "talk"}
    for ticked in ({}, {"includes_sign": "on"}):
        sent = desk.send("Siv", "request_new", world.nour.ref, query=query, **body, **ticked)
        assert sent.status_code == 302, words(sent)
    assert [letter in one for one in kept] == [False, True]
    without = f"?unit={world.units['early team'].ref}"
    assert '<div class="letter">' not in desk.get("Siv", "request_new", world.nour.ref, query=without).content.decode()


def test_the_two_texts_stand_on_the_page_as_they_will_be_read_and_looking_at_them_sends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, kept = desk.world, list[str]()
    world.named(world.nour, "Siv")

    def resting(*given: Any) -> Sharing:
        kept.append(given[2])
        return _rests_on(*given)

    monkeypatch.setattr(asking_for_help, "_rests_on", resting)
    query = f"?unit={world.units['early team'].ref}"
    body = {**ASKED, "background": "Rad ett.\r\n<b>Rad två.</b>", "gate": "under_18_from_health", "told_how": "talk"}
    assert "They read exactly this" not in desk.read("Siv", "request_new", world.nour.ref, query=query)
    looked = desk.send("Siv", "request_new", world.nour.ref, query=query, look="yes", **body)
    assert looked.status_code == 200
    assert not Request.objects.exists()
    assert "They read exactly this Help that is asked for Hembesök två kvällar i veckan." in words(looked)
    assert words(looked).count("Familjen") == 0
    assert desk.send("Siv", "request_new", world.nour.ref, query=query, **body).status_code == 302
    assert kept[0] in looked.content.decode()


def test_the_preview_alone_is_sent_while_one_writes(desk: Desk) -> None:
    world = desk.world
    world.named(world.nour, "Siv")
    address = reverse("desk:request_new", args=[world.nour.ref]) + f"?unit={world.units['early team'].ref}"
    body = {"key": uuid4(), "look": "yes", **ASKED}
    part = desk.client("Siv").post(address, body, HTTP_HX_REQUEST="true").content.decode()
    assert part.lstrip().startswith('<section class="sheet sheet--flat" id="preview"')
    assert ASKED["background"] in part
    assert "<form" not in part
    assert not Request.objects.exists()


def test_with_a_yes_the_row_says_that_each_guardian_said_yes(desk: Desk) -> None:
    world = desk.world
    world.named()
    world.consent("early team", kinds=("request",))
    query = f"?unit={world.units['early team'].ref}"
    body = {**ASKED, "gate": "consent", "needed_because": "", "not_less_because": ""}
    sent = desk.send("Bo", "request_new", world.signe.ref, query=query, **body)
    assert sent.status_code == 302, words(sent)
    child, *guardians = Disclosure.objects.get().views
    assert [view["said"].startswith("Said yes when asked on") for view in guardians] == [True, True]
    assert child["not_asked_because"]


def test_who_only_noticed_is_told_who_asks_for_help_before_writing_and_not_what_the_family_answered(
    desk: Desk,
) -> None:
    world = desk.world
    sign = noted(desk, "Maja", world.signe, "Bo")
    query = f"?sign={sign.ref}&unit={world.units['early team'].ref}"
    page = desk.read("Maja", "request_new", world.signe.ref, query=query)
    assert "asks for help, or somebody who already helps the child" in page
    assert "What you have seen helps" in page
    assert "Which help do you ask for?" not in page
    refused = desk.send("Maja", "request_new", world.signe.ref, query=query, **ASKED, gate="consent", told_how="talk")
    assert refused.status_code == 422
    told = words(refused)
    assert ASKED["wanted"] in told
    assert "consent to this receiver" not in told
    assert not Request.objects.exists()
