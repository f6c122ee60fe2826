"""May I share this? One page when the family has said yes, three short steps at most, and a kind no."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from samsyn.early_signals.actions import save_draft, send_sign, start_draft
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import Noted
from samsyn.notices.models import Notice
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.protection.actions import Decided, protect
from samsyn.sharing.actions import claim_error, stop_sharing
from samsyn.sharing.models import Delivery, Disclosure
from samsyn.sharing.rules import digest_of
from tests.doors.desk.browsing import Desk, words
from tests.rooms.sharing.world import NOW, TODAY, sooner
from tests.village import Village

SAW = "Signe äter frukost i skolan och somnar på rasten."
PEOPLE = ("child", "amal", "olof")


def noted(desk: Desk, who: str, child: Person, named: str) -> Sign:
    """Somebody has noted a strength, and the named person of the own authority has it."""
    world = desk.world
    world.named(child, named)
    noted = Noted(
        kind="strength",
        observed_on=TODAY,
        saw=SAW,
        child_words="Jag gillar gröt.",
        areas=("healthy",),
        not_talked_because="Inte än.",
    )
    draft = start_draft(world.as_(who), child)
    return send_sign(world.as_(who), save_draft(world.as_(who), draft, noted, draft.version))


def chosen(sign: Sign, unit: Unit | None = None, gate: str = "") -> str:
    """What follows the address when this has been chosen."""
    return f"?item={sign.ref}" + (f"&unit={unit.ref}" if unit else "") + (f"&gate={gate}" if gate else "")


def filled(desk: Desk, response: Any, **change: Any) -> dict[str, Any]:
    """The form as the page shows it, with every field that a browser would send."""
    page = response.content.decode()
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found[name] = unescape(value)
    form = response.context["form"]
    for name in form.fields:
        value = form[name].value()
        found.setdefault(name, "" if value is None else value)
    world = desk.world
    for name, person in (("amal", world.amal), ("olof", world.olof)):
        for what in ("said", "unasked"):
            if f"{what}_{name}" in change:
                change[f"{what}_{person.ref}"] = change.pop(f"{what}_{name}")
    return {**found, **change}


@pytest.fixture
def sign(desk: Desk) -> Sign:
    """Maja has noted a strength in Signe, and Bo has it."""
    return noted(desk, "Maja", desk.world.signe, "Bo")


@pytest.fixture
def nours(desk: Desk) -> Sign:
    """Siv has noted a strength in Nour, and has it herself."""
    return noted(desk, "Siv", desk.world.nour, "Siv")


# --- the family has said yes ------------------------------------------------------------------------------------------


def test_with_a_yes_that_covers_it_there_is_one_page_and_one_press(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    said = words(shown)
    assert "This is what Tidiga stödet will see" in said
    assert SAW in said
    assert "The family has said yes to this, until" in said
    sent = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    row = Disclosure.objects.get()
    assert sent.status_code == 302
    assert (row.gate, row.purpose, row.receiver) == ("consent", "Lugna måndagar", world.units["early team"])
    assert [view["whose"] for view in row.views] == ["child", str(world.amal.ref), str(world.olof.ref)]
    assert row.views[0]["said"] == "Jag gillar gröt."
    assert row.told
    assert row.told_on == TODAY


def test_what_was_shown_is_what_the_receiver_sees_and_its_digest_is_kept(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    row = Disclosure.objects.get()
    seen = str(shown.context["seen"])
    assert bytes(row.digest) == digest_of(seen, [])
    received = desk.get("Ines", "disclosure", row.ref)
    assert seen in received.content.decode()
    assert str(received.context["seen"]) == seen


def test_the_receiver_is_told_in_a_neutral_notice_that_leads_to_it(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    notice = Notice.objects.get(text_key="disclosure_received")
    assert (notice.post, notice.object_ref) == (world.posts["Ines"], Disclosure.objects.get().ref)


def withdrawn(desk: Desk, row: Disclosure) -> None:
    """Amal takes her yes back."""
    assert row.consent is not None
    desk.world.answer(row.consent, desk.world.amal, "withdrawn")


@pytest.mark.parametrize(
    "ends",
    [withdrawn, lambda desk, row: stop_sharing(desk.world.as_("Bo"), row)],
    ids=["the yes is taken back", "Bo closes it"],
)
def test_news_of_what_was_shared_that_nobody_has_read_goes_when_it_is_closed(
    desk: Desk, sign: Sign, ends: Callable[[Desk, Disclosure], object]
) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    row = Disclosure.objects.get()
    assert f"/disclosures/{row.ref}/" in desk.get("Ines", "day").content.decode()
    ends(desk, row)
    assert not Notice.objects.filter(object_ref=row.ref).exists()
    assert f"/disclosures/{row.ref}/" not in desk.get("Ines", "day").content.decode()


def test_a_yes_to_two_places_lets_the_sender_choose_and_a_yes_to_less_opens_no_page(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", "reception", kinds=("sign",))
    page = desk.read("Bo", "share", world.signe.ref, query=chosen(sign))
    assert "The family has said yes to" in page
    assert page.count("until") >= 2
    other = desk.read("Bo", "share", world.signe.ref, query=chosen(sign, world.units["bvc"]))
    assert "Not yet. BVC Stoby may not know this today" in other


def test_a_yes_to_less_is_said_to_be_that_where_somebody_leans_on_it(desk: Desk, sign: Sign) -> None:
    world = desk.world
    unit = world.units["early team"]
    query = f"?item={sign.ref}&unit=&yes={unit.ref}"
    assert "does not cover all that you have chosen" in desk.read("Bo", "share", world.signe.ref, query=query)
    assert "does not cover" not in desk.read("Bo", "share", world.signe.ref, query=chosen(sign, unit))


def test_the_text_that_changed_while_somebody_looked_is_shown_once_more(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    claim_error(world.as_("Bo"), world.signe, sign.authority_id, ("sign", sign.ref), "Hon var sjuk.", by=world.amal)
    again = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    assert again.status_code == 422
    assert "The text has changed since you looked at it" in words(again)
    assert "Hon var sjuk." in words(again)
    assert not Disclosure.objects.exists()
    sent = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, again))
    assert sent.status_code == 302


def test_who_gets_it_is_whom_the_page_said_though_another_yes_has_come_meanwhile(desk: Desk, sign: Sign) -> None:
    world = desk.world
    first = world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    assert "This is what Tidiga stödet will see" in words(shown)
    world.answer(first, world.olof, "withdrawn")
    world.consent("reception", kinds=("sign",))
    again = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    assert again.status_code == 422
    assert "Who gets it, or the ground, has changed since you looked." in words(again)
    assert not Disclosure.objects.exists()
    sent = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, again))
    assert sent.status_code == 302
    assert Disclosure.objects.get().receiver == world.units["reception"]


def test_the_ground_is_the_one_that_the_page_said_though_a_yes_has_come_meanwhile(desk: Desk, nours: Sign) -> None:
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    shown = desk.get("Siv", "share", world.nour.ref, query=query)
    needed = {"purpose": "Stöd hemma", "needed_because": "De kan komma hem.", "not_less_because": "Varför."}
    spoken = {"said_amal": "Det är bra.", "unasked_olof": "Svarar inte.", "told": "Amal vet att vi gör det ändå."}
    asked = world.ask("early team", by="Siv", child=world.nour, kinds=("sign",))
    for guardian in (world.amal, world.olof):
        world.answer(asked, guardian, "given", by="Siv")
    again = desk.send("Siv", "share", world.nour.ref, query=query, **filled(desk, shown, **needed, **spoken))
    assert again.status_code == 422
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("meanwhile", ["the yes is taken back", "the place is no more", "the text is no more"])
def test_what_is_there_no_longer_when_it_is_sent_is_shared_with_nobody_and_what_was_written_is_given_back(
    desk: Desk, sign: Sign, meanwhile: str
) -> None:
    world = desk.world
    early, query = world.units["early team"], chosen(sign, world.units["early team"])
    consent = world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=query)
    body = filled(desk, shown, said_amal="Hon vill att de får veta det.")
    if meanwhile == "the yes is taken back":
        world.answer(consent, world.olof, "withdrawn")
    elif meanwhile == "the place is no more":
        Unit.objects.filter(pk=early.pk).update(closing_since=NOW, ended_on=TODAY)
    else:
        query = f"?item={uuid4()}&unit={early.ref}"
    again = desk.send("Bo", "share", world.signe.ref, query=query, **body)
    assert again.status_code == 422
    assert "Who gets it, or the ground, has changed since you looked." in words(again)
    assert "Hon vill att de får veta det." in words(again)
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize(("days", "shared"), [(-1, False), (0, True)], ids=["yesterday", "today"])
def test_nothing_is_said_to_be_shared_until_a_day_that_has_passed(
    desk: Desk, sign: Sign, days: int, shared: bool
) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    last_day = (TODAY + timedelta(days=days)).isoformat()
    sent = desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown, expires_on=last_day))
    assert (sent.status_code, Disclosure.objects.exists()) == (302 if shared else 422, shared)
    assert shared or "Choose today or a later day." in words(sent)
    assert Notice.objects.filter(text_key="disclosure_received").exists() == shared


# --- on other grounds -------------------------------------------------------------------------------------------------


def test_siv_may_share_with_ines_about_nour_on_the_gate_for_the_young_in_three_steps(desk: Desk, nours: Sign) -> None:
    world = desk.world
    first = desk.read("Siv", "share", world.nour.ref, query=chosen(nours))
    assert "What do you want to share, and with whom?" in first
    second = desk.read("Siv", "share", world.nour.ref, query=chosen(nours, world.units["early team"]))
    assert "OSL 25:12" in second
    assert "OSL 10:27" not in second
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    third = desk.get("Siv", "share", world.nour.ref, query=query)
    assert SAW in words(third)
    body = filled(
        desk,
        third,
        purpose="Stöd hemma",
        needed_because="De kan komma hem.",
        not_less_because="Utan texten vet de inte varför.",
        said_amal="Det är bra.",
        unasked_olof="Svarar inte i telefon.",
        told="Amal vet.",
    )
    assert desk.send("Siv", "share", world.nour.ref, query=query, **body).status_code == 302
    row = Disclosure.objects.get()
    assert (row.gate, row.needed_because) == ("under_18_from_health", "De kan komma hem.")
    not_reached = {"said": "", "not_asked_because": "Svarar inte i telefon.", "yes_on": ""}
    assert row.views[2] == {"whose": str(world.olof.ref), **not_reached}
    assert row.expires_on == date(2027, 2, 17)


def test_what_is_open_without_a_yes_closes_as_soon_as_the_partnership_has_agreed(desk: Desk, nours: Sign) -> None:
    sooner("open_without_a_yes", 1)
    sooner("consent_longest", 2)
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    third = desk.get("Siv", "share", world.nour.ref, query=query)
    assert 'value="2026-12-17"' in third.content.decode()
    needed = {"purpose": "Stöd hemma", "needed_because": "De kan komma hem.", "not_less_because": "Varför."}
    spoken = {"said_amal": "Det är bra.", "unasked_olof": "Svarar inte.", "told": "Amal vet."}
    body = filled(desk, third, expires_on="2027-06-01", **needed, **spoken)
    assert desk.send("Siv", "share", world.nour.ref, query=query, **body).status_code == 302
    assert Disclosure.objects.get().expires_on == date(2027, 1, 17)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("purpose", "Say what it is for."),
        ("needed_because", "Say why the receiver needs this."),
        ("not_less_because", "Say why less would not do."),
        ("said_amal", "Write what this person says about it, or why you have not asked."),
        ("told", "Say what the family was told, or why not."),
    ],
)
def test_what_the_ground_wants_is_asked_for_beside_its_field_and_what_was_typed_stays(
    desk: Desk, nours: Sign, missing: str, sentence: str
) -> None:
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    third = desk.get("Siv", "share", world.nour.ref, query=query)
    body = {
        "purpose": "Stöd hemma",
        "needed_because": "De kan komma hem.",
        "not_less_because": "Utan texten vet de inte.",
        "said_amal": "Bra.",
        "said_olof": "Bra.",
        "told": "Amal vet.",
    }
    answer = desk.send("Siv", "share", world.nour.ref, query=query, **filled(desk, third, **{**body, missing: ""}))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "De kan komma hem." in answer.content.decode() or missing == "needed_because"
    assert not Disclosure.objects.exists()


def fold_of(page: Any, field: str) -> str:
    """The opening of the fold that stands around a field, "" where the field stands open on the page."""
    before = page.content.decode().split(f'name="{field}"')[0]
    return (
        before[before.rindex("<details") :].split(">")[0]
        if before.count("<details") > before.count("</details")
        else ""
    )


def test_what_is_known_is_folded_what_is_left_to_write_stands_open_and_no_error_hides(desk: Desk, nours: Sign) -> None:
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    third = desk.get("Siv", "share", world.nour.ref, query=query)
    folded, opened = '<details class="fold"', '<details class="fold" open'
    assert fold_of(third, "said_child") == folded
    assert fold_of(third, f"said_{world.amal.ref}") == ""
    assert fold_of(third, f"unasked_{world.amal.ref}") == folded
    assert fold_of(third, "expires_on") == folded
    body = filled(desk, third, said_child="", withheld="Hot hemma", told="", expires_on="2027-02-30")
    again = desk.send("Siv", "share", world.nour.ref, query=query, **body)
    assert again.status_code == 422
    assert fold_of(again, "said_child") == ""
    assert fold_of(again, "withheld") == opened
    assert fold_of(again, "expires_on") == ""


def test_all_that_is_missing_is_said_at_once(desk: Desk, nours: Sign) -> None:
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    third = desk.get("Siv", "share", world.nour.ref, query=query)
    body = filled(desk, third, said_amal="", unasked_amal="", said_olof="", unasked_olof="")
    told = words(desk.send("Siv", "share", world.nour.ref, query=query, **body))
    for sentence in ("Say what it is for.", "Say why the receiver needs this.", "Say why less would not do."):
        assert told.count(sentence) == 2  # in the summary, and beside the field
    assert told.count("Write what this person says about it, or why you have not asked.") == 4


def test_what_the_family_is_not_told_is_written_with_its_reason_and_a_day_to_look_again(
    desk: Desk, nours: Sign
) -> None:
    world = desk.world
    query = chosen(nours, world.units["early team"], "under_18_from_health")
    body = filled(
        desk,
        desk.get("Siv", "share", world.nour.ref, query=query),
        purpose="Stöd",
        needed_because="x",
        not_less_because="y",
        said_amal="Bra.",
        said_olof="Bra.",
        withheld="Hot hemma",
    )
    desk.send("Siv", "share", world.nour.ref, query=query, **body)
    row = Disclosure.objects.get()
    assert (row.told, row.withheld_because, row.told_on) == ("", "Hot hemma", None)
    assert row.look_again_on is not None


def test_a_copy_is_the_receivers_own_and_can_be_read_by_the_post_that_received_it(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown, way="delivered"))
    row = Disclosure.objects.get()
    assert Delivery.objects.get().rendering == str(shown.context["seen"])
    assert SAW in desk.read("Ines", "disclosure", row.ref)
    assert desk.get("Leyla", "disclosure", row.ref).status_code == 404


def test_a_copy_is_read_in_the_direction_it_was_written_in_and_has_no_last_day(lived: Village) -> None:
    copy = Disclosure.objects.get(child=lived.child("Nour"), way="delivered")
    opened = Disclosure.objects.get(child=lived.child("Nour"), way="open")
    pages = {}
    for who, row in (("siv", copy), ("siv", opened), ("ines", opened)):
        client = lived.client(who)
        client.cookies["django_language"] = "ar"
        pages[who, row.way] = client.get(f"/disclosures/{row.ref}/").content.decode()
    assert '<div class="seen" lang="ar" dir="rtl">' in pages["ines", "open"]
    assert "اليوم الأخير" in pages["siv", "open"]
    assert "اليوم الأخير" not in pages["siv", "delivered"]
    assert Delivery.objects.get(disclosure=copy).rendering.startswith('<div class="seen" lang="sv" dir="ltr">')


# --- the school, where a yes is nearly always needed ------------------------------------------------------------------


def test_the_school_is_told_kindly_that_no_ground_can_hold_and_which_ways_remain(desk: Desk, sign: Sign) -> None:
    page = desk.get("Bo", "share", desk.world.signe.ref, query=chosen(sign, desk.world.units["bvc"]))
    said = words(page)
    assert "Not yet. BVC Stoby may not know this today" in said
    assert "Ask the family for a yes" in said
    assert "Ask for advice without saying who it is about" in said
    assert f"consents/new/?unit={desk.world.units['bvc'].ref}" in page.content.decode()


def test_from_the_school_to_social_services_the_inquiry_is_the_only_ground_and_needs_its_day(
    desk: Desk, sign: Sign
) -> None:
    world = desk.world
    page = desk.read("Bo", "share", world.signe.ref, query=chosen(sign, world.units["reception"]))
    assert "SoL 20:6" in page
    assert "OSL 10:2 " not in page
    query = chosen(sign, world.units["reception"], "duty_in_investigation")
    body = filled(
        desk,
        desk.get("Bo", "share", world.signe.ref, query=query),
        purpose="Utredningen",
        needed_because="De har bett om det.",
        not_less_because="De har bett om allt.",
        request="Edvin, i dag",
        said_amal="Bra.",
        said_olof="Bra.",
        told="De vet.",
    )
    refused = desk.send("Bo", "share", world.signe.ref, query=query, **body)
    assert "Say which day the inquiry was decided." in words(refused)
    late = desk.send("Bo", "share", world.signe.ref, query=query, **{**body, "inquiry": "2026-11-18"})
    assert "Say which day the inquiry was decided." in words(late)
    sent = desk.send("Bo", "share", world.signe.ref, query=query, **{**body, "inquiry": "2026-11-16"})
    assert sent.status_code == 302
    assert Disclosure.objects.get().recorded == {"request": "Edvin, i dag", "inquiry": "2026-11-16"}


def test_a_gate_that_cannot_hold_is_no_choice_even_when_it_is_written_in_the_address(desk: Desk, sign: Sign) -> None:
    query = chosen(sign, desk.world.units["bvc"], "general_clause")
    assert "Not yet." in desk.read("Bo", "share", desk.world.signe.ref, query=query)


# --- who may ----------------------------------------------------------------------------------------------------------


def test_nothing_chosen_is_said_beside_what_is_missing(desk: Desk, sign: Sign) -> None:
    page = desk.read("Bo", "share", desk.world.signe.ref, query="?unit=")
    assert "Choose what you want to share." in page
    assert "Choose who you want to share it with." in page


@pytest.mark.parametrize("who", ["Hanna", "Ines", "Kurt", "Siv"])
def test_others_cannot_share_what_bo_holds(desk: Desk, sign: Sign, who: str) -> None:
    assert desk.get(who, "share", desk.world.signe.ref, query=chosen(sign)).status_code == 404


def test_what_another_authority_has_opened_is_not_ours_to_share(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    assert desk.get("Ines", "share", world.signe.ref, query=chosen(sign)).status_code == 404


# --- and nothing more than was shown ----------------------------------------------------------------------------------


def test_the_page_of_a_shared_sign_tells_the_receiver_nothing_of_what_was_said_to_maja(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    Sign.objects.filter(pk=sign.pk).update(told_noticer="Tack, vi har pratat med pappan.", decision="own_help")
    page = desk.read("Ines", "sign", sign.ref)
    assert SAW in page
    for word in (
        "Tack, vi har pratat",
        "Now and next",
        "An answer comes by",
        str(sign.get_state_display()).capitalize(),
    ):
        assert word not in page
    for who in ("Bo", "Maja"):
        assert "Tack, vi har pratat" in desk.read(who, "sign", sign.ref)


def test_what_the_childs_page_tells_a_receiver_of_child_and_guardians_was_shown_too(desk: Desk, sign: Sign) -> None:
    world = desk.world
    Person.objects.filter(pk=world.signe.pk).update(languages=["ar"], interpreter="ar")
    world.consent("early team", kinds=("sign",))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    page = desk.read("Ines", "child", world.signe.ref)
    for told in ("Speaks Arabic.", "Needs an interpreter in Arabic.", "mamma", "pappa"):
        assert told in page
        assert told in words(shown)


def test_a_hidden_childs_sign_is_read_by_the_post_that_it_was_shared_with(desk: Desk, sign: Sign) -> None:
    world = desk.world
    world.consent("early team", kinds=("sign",))
    protect(world.as_("Bo"), world.signe, Decided("marked", "OSL 22:1", TODAY))
    shown = desk.get("Bo", "share", world.signe.ref, query=chosen(sign))
    desk.send("Bo", "share", world.signe.ref, query=chosen(sign), **filled(desk, shown))
    row = Disclosure.objects.get()
    assert str(shown.context["seen"]) == str(desk.get("Ines", "disclosure", row.ref).context["seen"])
    assert "Something about a child has been shared" in desk.read("Ines", "day")
    assert desk.get("Leyla", "disclosure", row.ref).status_code == 404
