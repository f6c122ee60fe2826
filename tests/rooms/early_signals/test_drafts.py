"""A sign being written: it is the noticer's alone, nothing that was typed is lost, and throwing away leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.text import UnclearText
from samsyn.early_signals import rules
from samsyn.early_signals.actions import ChangedMeanwhile, discard_draft, noted_in, save_draft, start_draft
from samsyn.early_signals.models import Sign
from samsyn.people.models import Guardianship
from samsyn.sharing.models import Involvement, Reason
from samsyn.trail.models import TrailEntry
from tests.rooms.early_signals.world import NOTED, World, now


def test_maja_begins_a_sign_and_finds_it_again(world: World) -> None:
    sign = start_draft(world.as_("Maja"), world.signe)
    assert list(Sign.objects.visible_to(world.as_("Maja"))) == [sign]
    assert start_draft(world.as_("Maja"), world.signe) == sign


def test_a_draft_about_another_child_is_another_draft(world: World) -> None:
    assert start_draft(world.as_("Maja"), world.signe) != start_draft(world.as_("Maja"), world.nour)


def test_nobody_but_the_noticers_post_sees_the_draft(world: World) -> None:
    world.sent()  # from now on Bo sees all that the school holds about Signe
    draft = start_draft(world.as_("Mats"), world.signe)
    assert draft not in Sign.objects.visible_to(world.as_("Bo"))
    assert draft not in Sign.objects.visible_to(world.as_("Maja"))
    assert draft in Sign.objects.visible_to(world.as_("Mats"))


def test_a_draft_never_comes_along_with_the_child_or_hangs_on_a_post(world: World) -> None:
    from samsyn.early_signals.answers import goes_with_the_child, hangs_on_post

    world.draft()
    unit = world.posts["Bo"].unit
    assert goes_with_the_child(world.signe.pk, unit.authority_id, unit.pk) == []
    assert hangs_on_post(world.posts["Maja"].pk) == []


def test_what_is_written_is_kept_as_it_was_written(world: World) -> None:
    sign = world.draft()
    assert noted_in(now(sign)) == NOTED
    assert now(sign).version == 2


def test_half_a_sign_is_kept_too(world: World) -> None:
    sign = start_draft(world.as_("Maja"), world.signe)
    half = rules.Noted(saw="Signe", observed_on=clock.today() + timedelta(days=3))
    assert noted_in(save_draft(world.as_("Maja"), sign, half, 1)) == half


def test_saving_the_same_again_changes_nothing_even_from_an_old_page(world: World) -> None:
    sign = world.draft()
    acts = TrailEntry.objects.count()
    assert save_draft(world.as_("Maja"), sign, NOTED, 1).version == 2
    assert TrailEntry.objects.count() == acts


def test_two_at_one_post_see_each_others_change_and_lose_nothing(world: World) -> None:
    sign = world.draft()
    save_draft(world.as_("Maja"), sign, replace(NOTED, did="Vi målade."), 2)
    with pytest.raises(ChangedMeanwhile) as refusal:
        save_draft(world.as_("Maja"), sign, replace(NOTED, did="Jag ringde."), 2)
    assert refusal.value.decision.field == "version"
    assert refusal.value.newest.did == "Vi målade."  # type: ignore[union-attr]  # a sign, as the door knows
    assert now(sign).did == "Vi målade."


def test_hidden_characters_are_taken_out_and_a_text_that_is_too_long_is_told_beside_its_field(world: World) -> None:
    sign = world.draft(noted=replace(NOTED, saw="Hon\u200b grät."))
    assert sign.saw == "Hon grät."
    with pytest.raises(UnclearText) as refusal:
        save_draft(world.as_("Maja"), sign, replace(NOTED, saw="å" * (rules.LONGEST_TEXT + 1)), sign.version)
    assert refusal.value.decision.field == "saw"
    assert now(sign).saw == "Hon grät."


def test_those_with_custody_can_be_named_and_nobody_else(world: World) -> None:
    sign = world.draft(noted=replace(NOTED, talked_with=("child", str(world.amal.ref))))
    henrik = str(world.accounts["Mats"].person.ref)
    with pytest.raises(Refused) as refusal:
        save_draft(world.as_("Maja"), sign, replace(NOTED, talked_with=(henrik,)), sign.version)
    assert refusal.value.decision.field == "talked_with"


def test_a_guardian_who_loses_custody_meanwhile_stays_in_what_was_written(world: World) -> None:
    noted = replace(NOTED, talked_with=(str(world.amal.ref),))
    sign = world.draft(noted=noted)
    Guardianship.objects.filter(guardian=world.amal).update(until=clock.today() - timedelta(days=1))
    assert save_draft(world.as_("Maja"), sign, replace(noted, did="Vi målade."), sign.version).did == "Vi målade."


def test_mats_cannot_write_in_majas_draft(world: World) -> None:
    with pytest.raises(Refused, match="began this draft"):
        save_draft(world.as_("Mats"), world.draft(), replace(NOTED, did="x"), 2)


def test_a_draft_that_is_thrown_away_is_gone_with_the_reason_that_it_gave(world: World) -> None:
    sign = world.draft()
    discard_draft(world.as_("Maja"), sign)
    assert not Sign.objects.filter(ref=sign.ref).exists()
    assert not Involvement.objects.filter(reason=Reason.NOTICED, until=None).exists()
    with pytest.raises(Refused, match="thrown away"):
        save_draft(world.as_("Maja"), sign, NOTED, 2)


def test_throwing_one_draft_away_leaves_the_reason_for_another_sign(world: World) -> None:
    sent = world.sent()
    discard_draft(world.as_("Maja"), start_draft(world.as_("Maja"), world.signe))
    assert sent in Sign.objects.visible_to(world.as_("Maja"))


def test_what_was_sent_cannot_be_thrown_away(world: World) -> None:
    with pytest.raises(Refused, match="has been sent"):
        discard_draft(world.as_("Maja"), world.sent())


def test_somebody_without_a_post_begins_nothing(world: World) -> None:
    with pytest.raises(PermissionError):
        start_draft(replace(world.as_("Maja"), post=None), world.signe)
