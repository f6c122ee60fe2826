"""Writing, sending and answering a sign at the desk: what opens at once, and what the pages promise."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import translation

from samsyn.common import clock, second_lock
from samsyn.desk.shown import as_received, things_about
from samsyn.duties.models import Duty, Escalation
from samsyn.early_signals import rules
from samsyn.early_signals.actions import acknowledge, merge_sign, save_draft, send_sign, start_draft
from samsyn.early_signals.models import Sign, SignState
from samsyn.organisations.models import LocalClock, LocalLabel, Partnership
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing, challenge, disclose
from samsyn.sharing.rules import View
from samsyn.trail.pressing import said
from tests.doors.desk.browsing import Desk, words
from tests.rooms.circle.test_two_teams import hands_over
from tests.rooms.sharing.world import TODAY

NOTED = rules.Noted(
    kind="worry",
    observed_on=TODAY,
    saw="Signe ville inte gå hem.",
    areas=("safe",),
    talked_with=("child",),
)
TO_SIV = Sharing(
    gate="under_18_from_social_services",
    purpose="Så att Siv kan hjälpa Nour.",
    needed_because="Siv är trygghetsperson.",
    not_less_because="Hon måste veta vad som märktes.",
    views=(View("child", not_asked_because="Två år."),),
    told="Familjen vet det.",
    rendering="<p>Nour sov inte.</p>",
)
FAR = "is in another authority"


def begun(desk: Desk, name: str = "Maja", child: Person | None = None) -> Sign:
    """Somebody has written a sign and not sent it."""
    viewer = desk.world.as_(name)
    with second_lock.acting():
        draft = start_draft(viewer, child or desk.world.signe)
        return save_draft(viewer, draft, NOTED, draft.version)


def as_written(sign: Sign, **other: Any) -> dict[str, Any]:
    """The form of a sign as it stands, with what is changed now."""
    now = Sign.objects.get(pk=sign.pk)
    return {
        "version": now.version,
        "kind": now.kind,
        "saw": now.saw,
        "areas": now.areas,
        "talked_with": now.talked_with,
        "observed_on": now.observed_on,
        **other,
    }


# --- a fear of harm -------------------------------------------------------------------------------------------------


def test_a_fear_of_harm_opens_the_page_about_reporting_and_the_sign_can_still_be_sent(desk: Desk) -> None:
    sign = begun(desk)
    opened = desk.send("Maja", "sign_edit", sign.ref, **as_written(sign, harm_feared="on"))
    assert opened.headers["Location"] == f"{reverse('public:harm')}?draft={sign.ref}"
    maja = desk.client("Maja")
    page = maja.get(opened.headers["Location"]).content.decode()
    for onwards in ("sign_review", "sign_edit"):
        assert reverse(f"desk:{onwards}", args=(sign.ref,)) in page
    assert "Nobody has got it yet." in page
    assert words(maja.get(reverse("desk:sign_review", args=(sign.ref,)))).count("Signe ville inte gå hem.")
    assert desk.send("Maja", "sign_review", sign.ref).status_code == 302
    sent = Sign.objects.get(pk=sign.pk)
    assert (sent.state, sent.harm_feared) == (SignState.RECEIVED, True)


def test_the_page_opens_at_once_while_writing_and_only_once(desk: Desk) -> None:
    sign, maja = begun(desk), desk.client("Maja")

    def saves(saw: str) -> Any:
        body = as_written(sign, harm_feared="on", saw=saw, stay="yes", key=uuid4())
        return maja.post(reverse("desk:sign_edit", args=(sign.ref,)), body, headers={"HX-Request": "true"})

    opened = saves("Hon hade blåmärken.")
    assert opened.headers["HX-Redirect"] == f"{reverse('public:harm')}?draft={sign.ref}"
    goes_on = saves("Hon hade blåmärken på armarna.")
    assert "HX-Redirect" not in goes_on.headers
    assert "Hon hade blåmärken på armarna." in goes_on.content.decode()
    kept = Sign.objects.get(pk=sign.pk)
    assert f'value="{kept.version}"' in goes_on.content.decode()


@pytest.mark.parametrize("draft", ["", "no", "%00"])
def test_the_page_about_reporting_leads_nowhere_without_a_draft(desk: Desk, draft: str) -> None:
    page = desk.client("Maja").get(f"{reverse('public:harm')}?draft={draft}")
    assert page.status_code == 200
    assert "/signs/" not in page.content.decode()


def feared(desk: Desk, name: str = "Maja", child: Person | None = None, sharing: Sharing | None = None) -> Sign:
    """A sign whose writer fears that the child is harmed, on its way to the named person."""
    viewer = desk.world.as_(name)
    with second_lock.acting():
        draft = start_draft(viewer, child or desk.world.signe)
        saved = save_draft(viewer, draft, replace(NOTED, harm_feared=True), draft.version)
        return send_sign(viewer, saved, sharing)


FEARS = "fears that the child is harmed at home or elsewhere"


def test_the_named_person_reads_that_harm_is_feared_and_where_to_report_it(desk: Desk) -> None:
    sign = feared(desk)
    response = desk.get("Bo", "sign", sign.ref)
    letter = response.content.decode().split('class="letter"')[1].split("</section>")[0]
    assert FEARS in letter
    assert f'href="{reverse("public:harm")}"' in letter
    assert "SoL 19:1" in letter
    assert "This sign is not a report." in letter


def test_the_preview_shows_the_fear_exactly_as_it_is_sent_and_nothing_of_it_when_there_is_none(desk: Desk) -> None:
    sign = begun(desk)
    for view in ("sign_edit", "sign_review"):
        assert FEARS not in desk.read("Maja", view, sign.ref)
    desk.send("Maja", "sign_edit", sign.ref, **as_written(sign, harm_feared="on"))
    for view in ("sign_edit", "sign_review"):
        assert FEARS in desk.read("Maja", view, sign.ref)


def test_the_page_promises_the_guardians_nothing_where_harm_is_feared(desk: Desk) -> None:
    sign = begun(desk)
    promised = "The guardians may read it when"
    kept = "The guardians are not shown it, as you fear harm"
    shown = desk.read("Maja", "sign_review", sign.ref)
    assert promised in shown
    assert kept not in shown
    desk.send("Maja", "sign_edit", sign.ref, **as_written(sign, harm_feared="on"))
    for view in ("sign_edit", "sign_review"):
        shown = desk.read("Maja", view, sign.ref)
        assert promised not in shown
        assert kept in shown


def test_the_row_of_the_day_says_it_in_words_until_the_sign_is_taken_on_and_after(desk: Desk) -> None:
    with second_lock.acting():
        send_sign(desk.world.as_("Maja"), begun(desk))
    assert "Harm feared" not in desk.read("Bo", "day")
    sign = feared(desk)
    assert desk.read("Bo", "day").count("Harm feared") == 1
    with second_lock.acting():
        acknowledge(desk.world.as_("Bo"), sign)
    assert desk.read("Bo", "day").count("Harm feared") == 1


def test_where_harm_is_feared_nobody_is_sent_to_the_family_before_social_services_have_been_asked(desk: Desk) -> None:
    with second_lock.acting():
        other = begun(desk)
        send_sign(desk.world.as_("Maja"), other)
    first = "ask social services"
    assert first not in desk.read("Bo", "sign", other.ref)
    sign = feared(desk)
    assert first in desk.read("Bo", "sign", sign.ref)
    with second_lock.acting():
        acknowledge(desk.world.as_("Bo"), sign)
    assert first in desk.read("Bo", "sign", sign.ref)


def test_whoever_gets_a_copy_of_what_is_late_is_not_told_what_is_feared(desk: Desk) -> None:
    sign = feared(desk)
    duty = Duty.objects.get(object_ref=sign.ref)
    Escalation.objects.create(duty=duty, to_post=desk.world.posts["Maja"], at=clock.now())
    copy = desk.read("Maja", "day")
    assert "A copy" in copy
    assert "Harm feared" not in copy


# --- in the partnership's words -------------------------------------------------------------------------------------


def test_the_areas_go_by_the_partnerships_own_names_where_a_sign_is_written_and_read(desk: Desk) -> None:
    own = {"partnership": Partnership.objects.get(), "key": "area.safe", "language": "en"}
    LocalLabel.objects.create(text="Calm and secure", **own)
    sign = begun(desk)
    written = desk.read("Maja", "sign_edit", sign.ref)
    assert written.count("Calm and secure") == 2  # to choose, and in the preview
    assert "Healthy" in written
    assert " Safe " not in written
    assert "Calm and secure" in desk.read("Maja", "sign_review", sign.ref)
    with second_lock.acting():
        send_sign(desk.world.as_("Maja"), sign)
    assert "Calm and secure" in desk.read("Bo", "sign", sign.ref)
    bo, signe = desk.world.as_("Bo"), desk.world.signe
    with second_lock.acting(), translation.override("en"):
        assert "Calm and secure" in as_received(bo, signe, things_about(bo, signe))


def test_the_one_who_answers_goes_by_the_partnerships_own_word_on_every_page_that_names_the_role(desk: Desk) -> None:
    world, signe = desk.world, desk.world.signe
    LocalLabel.objects.create(
        partnership=Partnership.objects.get(), key="named_person", language="en", text="lead in daily life"
    )
    sign = begun(desk)
    world.named()
    assert "Lead in daily life: Bo" in desk.read("Maja", "sign_edit", sign.ref)
    assert "when the child's lead in daily life has talked with them" in desk.read("Maja", "sign_review", sign.ref)
    theirs = desk.read("Bo", "child", signe.ref)
    assert "Why you may see this: you are the child's lead in daily life." in theirs
    assert "Bo is the child's lead in daily life." in unescape(desk.get("Bo", "child", signe.ref).content.decode())
    assert "Offer somebody to be the child's lead in daily life" in desk.read("Bo", "handover_new", signe.ref)
    assert "Only the child's lead in daily life proposes a team." in desk.read("Mats", "team_new", signe.ref)
    assert "gave the child a lead in daily life" in desk.read("Bo", "history", signe.ref)
    waits = "The sign has been sent and waits for the child's lead in daily life to take it on."
    with translation.override("en"):
        assert said(rules.WHERE_IT_STANDS["received"], world.authorities["school"].pk) == waits
    for page in ("child", "handover_new", "history"):
        assert "named person" not in desk.read("Bo", page, signe.ref).replace("Named person", "")


def test_a_partnership_that_has_no_word_in_the_language_that_is_read_is_read_in_the_words_of_the_house(
    desk: Desk,
) -> None:
    LocalLabel.objects.create(
        partnership=Partnership.objects.get(), key="named_person", language="sv", text="barnets samordnare"
    )
    desk.world.named()
    assert "you are the child's named person." in desk.read("Bo", "child", desk.world.signe.ref)


# --- to another authority --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stored", [True, False], ids=["who is the named person", "who would be by the child's age"])
def test_a_sign_to_another_authority_says_so_and_is_sent_on_a_ground(desk: Desk, stored: bool) -> None:
    """Ines reads nothing that BVC holds: that Siv is the one who gets the sign, she is told all the same."""
    world = desk.world
    if stored:
        world.named(world.nour, "Siv")
    sign = begun(desk, "Ines", world.nour)
    shown = desk.read("Ines", "sign_review", sign.ref)
    assert "The receiver is in another authority, so it needs a ground." in shown
    assert "Send to Siv" in shown
    ground = {"gate": TO_SIV.gate, "needed_because": TO_SIV.needed_because, "told": TO_SIV.told, "told_how": "talk"}
    refused = desk.send("Ines", "sign_review", sign.ref, **ground)
    assert (refused.status_code, Sign.objects.get(pk=sign.pk).state) == (422, SignState.DRAFT)
    desk.send("Ines", "sign_review", sign.ref, **ground, not_less_because=TO_SIV.not_less_because)
    assert Sign.objects.get(pk=sign.pk).state == SignState.RECEIVED
    assert Duty.objects.get(object_ref=sign.ref).post == world.posts["Siv"]


def test_all_that_is_missing_before_a_sign_goes_to_another_authority_is_said_at_once_and_what_was_typed_is_kept(
    desk: Desk,
) -> None:
    world = desk.world
    world.named(world.nour, "Siv")
    sign = begun(desk, "Ines", world.nour)
    nothing = desk.send("Ines", "sign_review", sign.ref, gate="", told="")
    assert (nothing.status_code, list(nothing.context["form"].errors)) == (422, ["gate", "told"])
    gate = desk.send("Ines", "sign_review", sign.ref, gate=TO_SIV.gate, told="", told_how="talk")
    assert list(gate.context["form"].errors) == ["needed_because", "not_less_because", "told"]
    some = desk.send("Ines", "sign_review", sign.ref, gate=TO_SIV.gate, told=TO_SIV.told, needed_because="Sömnen")
    assert list(some.context["form"].errors) == ["not_less_because"]
    assert "Sömnen" in some.content.decode()
    by_consent = desk.send("Ines", "sign_review", sign.ref, gate="consent", told="")
    assert not {"needed_because", "not_less_because"} & set(by_consent.context["form"].errors)


# --- what the noticer is told ---------------------------------------------------------------------------------------


def test_the_answer_says_little_when_one_of_two_who_noticed_is_in_another_authority(desk: Desk) -> None:
    world = desk.world
    world.named(world.nour, "Siv")
    first, second = begun(desk, "Siv", world.nour), begun(desk, "Ines", world.nour)
    with second_lock.acting():
        send_sign(world.as_("Siv"), first)
        send_sign(world.as_("Ines"), second, TO_SIV)
    assert FAR not in desk.read("Siv", "sign_close", first.ref)
    with second_lock.acting():
        merge_sign(world.as_("Siv"), second, first)
    assert FAR in desk.read("Siv", "sign_close", first.ref)


# --- what is promised -----------------------------------------------------------------------------------------------


def test_the_time_to_an_answer_is_the_one_that_the_partnership_has_promised(desk: Desk) -> None:
    sign = begun(desk)
    before = desk.read("Maja", "sign_review", sign.ref)
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="decision_after_signal", value=7)
    after = desk.read("Maja", "sign_review", sign.ref)
    assert "1 December" in before
    assert "24 November" in after
    with second_lock.acting():
        send_sign(desk.world.as_("Maja"), sign)
    assert "24 November" in desk.read("Maja", "sign", sign.ref)


def test_a_rule_is_read_with_the_time_of_the_own_partnership_beside_that_of_the_house(desk: Desk) -> None:
    def reads(who: str, rule: str) -> str:
        return words(desk.client(who).get(reverse("public:rule", args=[rule])))

    desk.world.named()
    assert "In your partnership" not in reads("Bo", "contact_after_handover")
    partnership = Partnership.objects.get()
    for rule, value in (("contact_after_handover", 7), ("answer_challenge", 1), ("guardian_reads_until", 10)):
        LocalClock.objects.create(partnership=partnership, rule=rule, value=value)
    assert "In your partnership 7 days" in reads("Bo", "contact_after_handover")
    assert "In your partnership 1 working day" in reads("Bo", "answer_challenge")
    assert "In your partnership 11 years old" in reads("Bo", "guardian_reads_until")
    assert "In your partnership" not in reads("Kurt", "contact_after_handover")
    assert "In your partnership" not in words(Client().get(reverse("public:rule", args=["contact_after_handover"])))
    assert "In your partnership: 7 days." in desk.read("Bo", "handover_new", desk.world.signe.ref)


def test_the_day_of_the_talk_with_the_family_is_the_one_that_the_partnership_has_promised(desk: Desk) -> None:
    desk.world.named()
    sign = begun(desk)
    assert "has talked with them: by 24 November, if you send it today" in desk.read("Maja", "sign_review", sign.ref)
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="talk_with_family", value=2)
    assert "has talked with them: by 19 November, if you send it today" in desk.read("Maja", "sign_review", sign.ref)


def test_whoever_tells_the_family_nothing_reads_the_day_on_which_the_partnership_asks_again(desk: Desk) -> None:
    world = desk.world
    world.named()
    world.named(world.nour, "Siv")
    crossing = begun(desk, "Ines", world.nour)
    shared = begun(desk)
    with second_lock.acting():
        send_sign(world.as_("Maja"), shared)
        world.consent("early team", kinds=("sign",))
    pages = (
        ("Ines", "sign_review", crossing.ref, ""),
        ("Bo", "request_new", world.signe.ref, f"?unit={world.units['early team'].ref}"),
        ("Bo", "share", world.signe.ref, f"?item={shared.ref}&unit={world.units['early team'].ref}"),
    )
    for who, page, ref, query in pages:
        assert "You will be asked again by 1 December." in desk.read(who, page, ref, query=query), page
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="recheck_withheld_notice", value=7)
    for who, page, ref, query in pages:
        assert "You will be asked again by 24 November." in desk.read(who, page, ref, query=query), page


def test_the_time_to_an_answer_about_a_hand_over_is_the_partnerships_too(desk: Desk) -> None:
    desk.world.named()
    assert "by 24 November" in desk.read("Bo", "handover_new", desk.world.signe.ref)
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="answer_handover", value=2)
    assert "by 19 November" in desk.read("Bo", "handover_new", desk.world.signe.ref)


def test_the_time_to_an_answer_about_something_wrong_is_the_partnerships_too(desk: Desk) -> None:
    world = desk.world
    world.named()
    LocalClock.objects.create(partnership=Partnership.objects.get(), rule="answer_challenge", value=2)
    ground = Sharing(gate="consent", purpose="Lugna måndagar", told="Ni vet.", consent=world.consent())
    sender, receiver = world.authorities["school"], world.units["early team"]
    with second_lock.acting():
        row = disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", uuid4())], ground)
        made = challenge(world.as_("Bo"), row, "Det är fel.", by=world.olof)
    assert "They get an answer by 19 November" in desk.read("Bo", "challenge", made.ref)


def test_duties_from_before_they_said_it_themselves_say_what_their_sign_says(desk: Desk) -> None:
    worst = feared(desk)
    with second_lock.acting():
        other = begun(desk)
        send_sign(desk.world.as_("Maja"), other)
        Duty.objects.update(harm_feared=False)
        import_module("samsyn.early_signals.migrations.0004_harm_on_duties").say_that_harm_is_feared(apps, None)
    said = dict(Duty.objects.filter(object_ref__in=[worst.ref, other.ref]).values_list("object_ref", "harm_feared"))
    assert said == {worst.ref: True, other.ref: False}


def test_a_sign_that_came_back_is_gone_on_with_by_bo_and_is_in_nobody_elses_list(desk: Desk) -> None:
    world = desk.world
    world.named()
    sign = acknowledge(world.as_("Bo"), send_sign(world.as_("Maja"), begun(desk)))
    consent = hands_over(world, "Bo", "Siv", "bvc")
    assert desk.get("Siv", "sign", sign.ref).status_code == 200
    assert desk.get("Bo", "sign_talk", sign.ref).status_code == 404
    world.answer(consent, world.amal, "withdrawn")
    assert desk.get("Siv", "sign", sign.ref).status_code == desk.get("Siv", "sign_talk", sign.ref).status_code == 404
    assert "Write down the talk" not in desk.read("Siv", "day")
    assert "Write down the talk" in desk.read("Bo", "day")
    ended = desk.read("Bo", "yes_ended", sign.ref)
    assert "something about the child came back to you when a yes ended" in ended
    assert "To the early sign" in ended
    assert "Write down the talk" in desk.read("Bo", "sign", sign.ref)
    talk: dict[str, Any] = {
        "held_on": TODAY,
        "not_with_child_because": "Hon sov.",
        "with_guardians": [world.amal.ref],
        "family_words": "Trött.",
    }
    told = desk.send("Bo", "sign_talk", sign.ref, **talk)
    assert told.status_code == 302, words(told)
    assert desk.get("Bo", "sign_questions", sign.ref).status_code == 200
