"""Asking without identity on the page: what may point somebody out is seen before it is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from samsyn.common import clock
from samsyn.early_signals.models import Consultation
from samsyn.people.models import Person
from samsyn.protection.actions import Decided, protect
from samsyn.trail.models import TrailSubject
from tests.doors.desk.browsing import Desk, words
from tests.doors.scenes import filled

PLAIN = "Ett barn i lågstadiet har svårt att somna. Vad kan en skola göra?"
TELLING = "En pojke vars mamma är präst vid Stobyskolan sover inte."


def ask(desk: Desk, question: str, **more: Any) -> Any:
    unit = desk.world.units["early team"].ref
    return desk.send("Bo", "consultation_new", to_unit=unit, question=question, **{"looked_through": "on", **more})


def test_a_question_that_points_nobody_out_is_asked_at_once(desk: Desk) -> None:
    assert ask(desk, PLAIN).status_code == 302
    assert Consultation.objects.get().question == PLAIN


def test_a_warning_must_have_been_seen_before_the_tick_counts(desk: Desk) -> None:
    first = ask(desk, TELLING)
    assert first.status_code == 422
    assert "Somebody may be recognised by this" in words(first)
    for said in ("Stobyskolan", "präst", "To leave out the name may not be enough"):
        assert said in words(first)
    assert not Consultation.objects.exists()
    mark = re.search(r'name="warned" value="(\w+)"', first.content.decode())
    assert mark is not None
    assert ask(desk, TELLING + " Hans syster heter Eva.", warned=mark[1]).status_code == 422
    assert ask(desk, TELLING, warned=mark[1]).status_code == 302


def test_the_name_of_a_child_that_the_asker_can_see_never_goes(desk: Desk) -> None:
    desk.world.named()
    answer = ask(desk, "Signe Lind sover inte.", warned="x")
    assert answer.status_code == 422
    assert "Take this out: Signe Lind" in words(answer)
    assert not Consultation.objects.exists()


def test_the_check_while_writing_shows_the_same_and_asks_nothing(desk: Desk) -> None:
    unit = desk.world.units["early team"].ref
    fragment = desk.client("Bo").post(
        reverse("desk:consultation_new"),
        {"key": "6d7efb4e-11ab-4c2e-8d5e-2f0a7d3c9b11", "to_unit": unit, "question": TELLING},
        headers={"HX-Request": "true"},
    )
    assert "präst" in fragment.content.decode()
    assert "<main" not in fragment.content.decode()
    assert not Consultation.objects.exists()


def test_nothing_in_the_trail_ties_the_question_to_anybody(desk: Desk) -> None:
    desk.world.named()
    before = set(TrailSubject.objects.values_list("pk", flat=True))
    ask(desk, PLAIN)
    new = TrailSubject.objects.exclude(pk__in=before)
    assert {row.kind for row in new} == {"consultation"}
    assert not new.exclude(child_ref=None).exists()


def test_an_answer_that_may_point_somebody_out_is_sent_when_the_warning_has_been_seen(desk: Desk) -> None:
    ask(desk, PLAIN)
    asked = Consultation.objects.get()
    first = desk.send("Ines", "consultation", asked.ref, answer=TELLING)
    assert first.status_code == 422
    for said in ("Somebody may be recognised by this", "Stobyskolan", "präst", TELLING):
        assert said in words(first)
    asked.refresh_from_db()
    assert asked.answer == ""
    mark = re.search(r'name="warned" value="(\w+)"', first.content.decode())
    assert mark is not None
    assert desk.send("Ines", "consultation", asked.ref, answer=TELLING + " Eva vet.", warned=mark[1]).status_code == 422
    assert desk.send("Ines", "consultation", asked.ref, answer=TELLING, warned=mark[1]).status_code == 302
    asked.refresh_from_db()
    assert asked.answer == TELLING


def test_a_name_that_is_written_as_one_word_never_goes_either(desk: Desk) -> None:
    desk.world.named()
    answer = ask(desk, "Det gäller Signe-Lind i ettan.", warned="x")
    assert answer.status_code == 422
    assert "Take this out: Signe Lind" in words(answer)


@pytest.mark.parametrize("whom", ["signe", "amal"])
def test_the_name_of_somebody_hidden_whom_the_asker_knows_of_never_goes_either(desk: Desk, whom: str) -> None:
    world = desk.world
    world.named()
    name = getattr(world, whom).full_name
    protect(world.as_("Bo"), world.signe, Decided("protected", "OSL 21:3", clock.today()))
    assert name in {one.full_name for one in Person.objects.visible_to(world.as_("Bo"))}
    answer = ask(desk, f"Det gäller {name.casefold()} i ettan.", warned="x")
    assert answer.status_code == 422
    assert f"Take this out: {name.casefold()}" in words(answer)
    assert not Consultation.objects.exists()


def test_who_may_not_know_of_somebody_hidden_learns_nothing_by_writing_the_name(desk: Desk) -> None:
    world = desk.world
    world.named()
    protect(world.as_("Bo"), world.signe, Decided("protected", "OSL 21:3", clock.today()))
    unit, client = world.units["early team"].ref, desk.client("Hanna")
    answers = [
        client.post(reverse("desk:consultation_new"), filled({"to_unit": unit, "question": f"{name} sover inte."}))
        for name in ("Signe Lind", "Xerxa Zorn")
    ]
    told, other = (words(answer) for answer in answers)
    assert told.replace("Signe", "Xerxa").replace("Lind", "Zorn") == other


def test_a_child_whose_call_name_nobody_has_told_is_known_by_the_first_of_several_names(desk: Desk) -> None:
    world = desk.world
    world.named()
    Person.objects.filter(pk=world.signe.pk).update(given_name="Signe Maria", called="", family_name="Ek-Lind")
    answer = ask(desk, "Det gäller signe ek lind i ettan.", warned="x")
    assert answer.status_code == 422
    assert "Take this out: signe ek lind" in words(answer)
    assert not Consultation.objects.exists()
