"""Entering a child by hand: from the look-up that finds nobody to the sign, never past who is at the own place."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from samsyn import law
from samsyn.common import clock
from samsyn.people.models import LookUp, Person
from samsyn.people.numbers import test_number as kept_number
from samsyn.sharing.models import Involvement, Reason
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import filled
from tests.village import REGISTERED, Village

WHY = "Kom hit i morse och kan inte sova."
LMA = "12-345678"


def enter(browser: Client, **body: Any) -> Any:
    return browser.post("/find/by-hand/", filled({"kind": "none", "reason": WHY, **body}))


def newest() -> Person:
    return Person.objects.latest("pk")


def test_a_look_up_that_finds_nobody_leads_on_with_what_was_typed(lived: Village) -> None:
    bo = lived.client("bo")
    typed = {"number": LMA, "reason": WHY}
    nobody = bo.post("/find/number/", filled(typed))
    assert nobody.status_code == 422
    assert 'action="/find/by-hand/"' in nobody.content.decode()
    page = bo.post("/find/by-hand/", typed)
    assert page.status_code == 200
    words = page.content.decode()
    assert f'value="{LMA}"' in words
    assert WHY in words
    assert page.context["form"].initial["kind"] == "lma"
    assert not Person.objects.filter(identities__system="lma").exists()


@pytest.mark.parametrize("kind", ["lma", "none"])
def test_a_child_is_entered_and_a_sign_begun_also_where_no_register_is(
    lived: Village, settings: Settings, kind: str
) -> None:
    settings.SAMSYN_REGISTER_FILE = ""
    bo = lived.client("bo")
    done = enter(bo, kind=kind, number=LMA if kind == "lma" else "", given_name="Zebiba", ours="on")
    assert done.status_code == 302
    draft = bo.get(done.headers["Location"])
    assert "Zebiba" in draft.content.decode()
    child = newest()
    assert Involvement.objects.get(child=child, reason=Reason.ATTENDS).unit == lived.unit("stoby")
    assert "Zebiba" in lived.client("hanna").post("/find/", filled({"name": "zeb"})).content.decode()
    assert bo.get(f"/children/{child.ref}/").status_code == 200
    entry = TrailEntry.objects.get(act="people.entered_by_hand")
    assert entry.ground == WHY


def test_a_child_of_the_police_belongs_nowhere_and_is_theirs_to_write_about(lived: Village) -> None:
    kurt = lived.client("kurt")
    assert 'name="ours"' not in kurt.get("/find/by-hand/").content.decode()
    assert enter(kurt, given_name="Zebiba", ours="on").status_code == 302
    assert not Involvement.objects.filter(child=newest(), reason=Reason.ATTENDS).exists()


def test_who_is_known_at_the_own_place_by_that_name_or_day_is_shown_first(lived: Village) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    before = Person.objects.count()
    for typed in ({"given_name": "signe"}, {"given_name": "Zebiba", "birth_date": str(signe.birth_date)}):
        shown = enter(bo, **typed)
        assert shown.status_code == 200
        assert f"/find/{signe.ref}/begin/" in shown.content.decode()
    assert (Person.objects.count(), LookUp.objects.count()) == (before, 0)
    assert enter(bo, given_name="Signe", is_none_of_these="True").status_code == 302
    assert newest().given_name == "Signe"
    assert newest().pk != signe.pk


def test_a_child_of_another_place_is_not_shown(lived: Village) -> None:
    done = enter(lived.client("kurt"), given_name="Signe", birth_date=str(lived.child("Signe").birth_date))
    assert done.status_code == 302


def test_who_the_register_knows_after_all_comes_from_there(lived: Village) -> None:
    bo = lived.client("bo")
    done = enter(bo, kind="personnummer", number=REGISTERED, given_name="Tova")
    assert done.status_code == 302
    assert "Tuva" in bo.get(done.headers["Location"]).content.decode()
    assert not Person.objects.filter(given_name="Tova").exists()


def test_entering_counts_as_a_look_up(lived: Village) -> None:
    limit, bo = law.on(clock.today()).amount("look_up_limit"), lived.client("bo")
    assert limit is not None
    for at in range(limit):
        assert enter(bo, given_name=f"Zebiba{at}").status_code == 302
    assert enter(bo, given_name="Zebibas").status_code == 422
    assert not Person.objects.filter(given_name="Zebibas").exists()


def test_nothing_is_entered_without_a_name_a_reason_and_a_right_number(lived: Village) -> None:
    bo, before = lived.client("bo"), Person.objects.count()
    wrong = kept_number(date(2018, 4, 5), 3)[:-1] + "x"
    for body in (
        {},
        {"given_name": "Zebiba", "reason": " "},
        {"kind": "personnummer", "number": wrong},
        {"number": LMA},
    ):
        assert enter(bo, **{"given_name": "", **body}).status_code == 422
    assert Person.objects.count() == before
