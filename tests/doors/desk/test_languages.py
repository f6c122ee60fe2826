"""What a child and its guardians speak is noted by who follows the child, and nobody's word is written over unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from samsyn.circle.language_actions import note_languages, spoken
from samsyn.circle.rules import may_note_languages
from samsyn.common.decision import Refused
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, Person
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import filled
from tests.village import Village


def note(browser: Client, child: Person, who: Person, shown: str, **body: Any) -> Any:
    return browser.post(f"/children/{child.ref}/languages/", filled({"person": who.ref, "shown": shown, **body}))


def guardian_of(child: Person) -> Person:
    return Guardianship.objects.filter(child=child, until=None).select_related("guardian").order_by("pk")[0].guardian


@pytest.mark.parametrize("of", ["the child", "a guardian"])
def test_who_follows_the_child_notes_it_and_the_pages_say_so(lived: Village, of: str) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    who = signe if of == "the child" else guardian_of(signe)
    done = note(bo, signe, who, spoken(who), languages=["ar", "swl"], interpreter="ar")
    assert done.status_code == 302
    who.refresh_from_db()
    assert (who.languages, who.interpreter) == (["ar", "swl"], "ar")
    words = bo.get(f"/children/{signe.ref}/languages/").content.decode()
    assert "svenskt teckenspråk" in words
    assert TrailEntry.objects.filter(act="people.languages_noted").count() == 1
    if of == "the child":
        assert "arabiska" in bo.get(f"/children/{signe.ref}/").content.decode()
    assert Person.objects.get(pk=who.pk).given_folded == who.given_name.casefold()


def test_what_another_one_noted_meanwhile_is_shown_before_it_is_changed(lived: Village) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    shown = spoken(signe)
    assert note(bo, signe, signe, shown, languages=["so"]).status_code == 302
    late = note(bo, signe, signe, shown, languages=["ar"])
    assert late.status_code == 422
    assert "somaliska" in late.content.decode()
    signe.refresh_from_db()
    assert signe.languages == ["so"]
    now = next(one for one in late.context["forms"] if one.who == signe)["shown"].value()
    assert note(bo, signe, signe, now, languages=["ar"]).status_code == 302


def test_a_hidden_guardian_is_neither_shown_nor_noted(lived: Village) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    hidden = guardian_of(signe)
    set_protection(SYSTEM, hidden, "protected")
    assert str(hidden.ref) not in bo.get(f"/children/{signe.ref}/languages/").content.decode()
    assert note(bo, signe, hidden, spoken(hidden), languages=["ar"]).status_code == 404
    with pytest.raises(Refused):
        note_languages(lived.acting("bo"), signe, hidden, languages=["ar"], interpreter="", shown=spoken(hidden))


def test_who_only_finds_the_child_opens_no_such_page(lived: Village) -> None:
    signe = lived.child("Signe")
    for who in ("maja", "hanna", "ines", "moa", ""):
        assert lived.client(who).get(f"/children/{signe.ref}/languages/").status_code in {404, 302}
    with pytest.raises(Refused):
        note_languages(lived.acting("maja"), signe, signe, languages=["ar"], interpreter="", shown=spoken(signe))


def test_nobody_outside_the_family_is_noted_there(lived: Village) -> None:
    signe, other = lived.child("Signe"), lived.child("Vera")
    assert note(lived.client("bo"), signe, other, spoken(other), languages=["ar"]).status_code == 404
    assert note(lived.client("bo"), signe, signe, spoken(signe), languages=["xx"]).status_code == 422


def test_the_rule_tells_why() -> None:
    assert may_note_languages(follows_child=True, in_family=True, as_shown=True)
    assert not may_note_languages(follows_child=False, in_family=True, as_shown=True)
    assert not may_note_languages(follows_child=True, in_family=False, as_shown=True)
    assert "changed" in may_note_languages(follows_child=True, in_family=True, as_shown=False).reason
