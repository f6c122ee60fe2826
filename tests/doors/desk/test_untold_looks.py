"""What the family is told of who has looked: decided on a page, with a reason, and somebody else looks at it again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.desk.duty_words import link
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.organisations.actions_presence import set_absence, set_cover
from samsyn.organisations.presence import accountable
from samsyn.people.models import Guardianship
from samsyn.sharing.actions import keep_looks_untold
from samsyn.sharing.review_moves import give_untold_looks_to_others
from samsyn.trail.models import Mode, TrailEntry, Withholding
from samsyn.trail.withheld import standing
from tests.doors.scenes import filled
from tests.village import Village

WHY = "En utredning om skydd har just börjat."
LATER = timedelta(days=60)


def told(village: Village, days: int = 8) -> str:
    """What Amal reads of who has looked at Signe, so many days from now."""
    with clock.at(clock.now() + timedelta(days=days)):
        answer = village.client("amal").get(f"/my/looks/{village.child('Signe').ref}/")
        assert answer.status_code == 200
        return answer.content.decode()


def withheld(village: Village, **change: Any) -> Withholding:
    """Bo, by the page, lets the family know of no look by the school from today on; then he looks at Signe's page."""
    signe = village.child("Signe")
    days = {"since": clock.today(), "until": "", "look_again_on": clock.today() + LATER}
    body = filled({"because": WHY, **days, **change})
    assert village.client("bo").post(f"/children/{signe.ref}/looks/", body).status_code == 302
    village.client("bo").get(f"/children/{signe.ref}/")
    return Withholding.objects.get()


def today_in(page: str) -> int:
    """How many lines of today the page has."""
    return page.count(f'<time datetime="{clock.today().isoformat()}')


def test_what_bo_decides_not_to_tell_is_not_told_and_what_he_reads_shows_why(lived: Village) -> None:
    signe = lived.child("Signe")
    before = today_in(told(lived))
    lived.client("bo").get(f"/children/{signe.ref}/")
    assert today_in(told(lived)) > before, "else nothing could be withheld"
    withheld(lived)
    assert today_in(told(lived)) == 0
    page = lived.client("bo").get(f"/children/{signe.ref}/looks/").content.decode()
    assert WHY in page


@pytest.mark.parametrize(
    ("field", "day", "sentence"),
    [
        ("since", "0001-01-01", "Välj ett år från och med 1900."),
        ("until", "9999-12-31", "Välj ett år till och med 2199."),
    ],
)
def test_a_day_that_no_calendar_reaches_is_told_beside_its_field(
    lived: Village, field: str, day: str, sentence: str
) -> None:
    signe = lived.child("Signe")
    days = {"since": clock.today(), "until": "", "look_again_on": clock.today() + LATER, field: day}
    answer = lived.client("bo").post(f"/children/{signe.ref}/looks/", filled({"because": WHY, **days}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert sentence in page
    assert WHY in page


def test_bo_is_told_that_the_last_day_comes_before_the_first_and_not_that_it_is_done(lived: Village) -> None:
    signe = lived.child("Signe")
    days = {"since": clock.today(), "until": clock.today() - timedelta(days=1), "look_again_on": clock.today() + LATER}
    answer = lived.client("bo").post(f"/children/{signe.ref}/looks/", filled({"because": WHY, **days}))
    assert answer.status_code == 422
    assert 'id="id_until_error"' in answer.content.decode()
    assert not Withholding.objects.exists()


def test_the_days_list_of_what_is_to_be_done_is_not_told_and_the_page_says_so(lived: Village) -> None:
    """It would tell what waits for whom, and with that what the child has told alone or an inquiry that is kept."""
    signe = lived.child("Signe")
    open_duty(
        lived.post("rektor"),
        "five_questions",
        child=signe,
        room="sign",
        object_ref=uuid4(),
        rule="decision_after_signal",
        due_on=clock.today(),
        start=clock.now(),
    )
    before, began = today_in(told(lived)), clock.now()
    assert signe.name in lived.client("bo").get("/").content.decode()
    listed = TrailEntry.objects.filter(mode=Mode.READ, ground="worklist", subjects__child_ref=signe.ref)
    assert listed.filter(at__gte=began).exists(), "the trail has it, and the reviewers"
    page = told(lived)
    assert today_in(page) == before
    assert "لا تظهر هنا قائمة اليوم لما يجب القيام به في العمل." in page


def test_a_second_person_has_it_to_do_and_tells_the_family_or_waits(lived: Village) -> None:
    signe, on = lived.child("Signe"), clock.today() + LATER
    row = keep_looks_untold(lived.acting("hanna"), signe, WHY, since=clock.today(), until=None, look_again_on=on)
    lived.client("bo").get(f"/children/{signe.ref}/")
    duty = Duty.objects.get(object_ref=row.ref, state=DutyState.OPEN)
    assert duty.post == lived.post("rektor")
    assert duty.child is None, "the list of the day would else be a look at the child"
    assert duty.due_at == clock.end_of(clock.today() + LATER)
    page = f"/looks/{row.ref}/"
    assert link(duty.what, duty.object_ref) == page
    assert lived.client("hanna").get(page).status_code == 404
    shown = lived.client("bo").get(page).content.decode()
    assert WHY in shown
    assert "Signe" not in shown
    wait = {"words": "Det behövs än.", "step": "", "look_again_on": clock.today() + LATER}
    assert lived.client("bo").post(page, filled(wait)).status_code == 302
    assert today_in(told(lived)) == 0
    assert Duty.objects.filter(object_ref=row.ref, state=DutyState.OPEN).count() == 1
    assert lived.client("bo").post(page, filled({"words": "Det är över.", "step": "told"})).status_code == 302
    assert today_in(told(lived)) > 0
    assert not Duty.objects.filter(object_ref=row.ref, state=DutyState.OPEN).exists()


@pytest.mark.parametrize("who", ["of the family", "who decided"])
def test_what_has_come_to_one_who_may_not_look_at_it_again_is_somebody_elses_by_the_same_day(
    lived: Village, who: str
) -> None:
    signe, on = lived.child("Signe"), clock.today() + LATER
    row = keep_looks_untold(lived.acting("hanna"), signe, WHY, since=clock.today(), until=None, look_again_on=on)
    assert give_untold_looks_to_others() == 0
    bo, page = lived.account("bo").person, f"/looks/{row.ref}/"
    if who == "of the family":
        Guardianship.objects.create(child=signe, guardian=bo, custody="joint", since=clock.today(), source="test")
        told = lived.client("bo").post(page, filled({"words": "Det är över.", "step": "told"}))
        assert (lived.client("bo").get(page).status_code, told.status_code) == (404, 404)
    else:
        set_absence(SYSTEM, bo, clock.today(), until=on)
        set_cover(SYSTEM, lived.post("rektor"), lived.post("assistant_rektor"), clock.today(), until=on)
    assert give_untold_looks_to_others() == 1
    assert give_untold_looks_to_others() == 0
    duty = Duty.objects.select_related("post__unit").get(object_ref=row.ref, state=DutyState.OPEN)
    other = accountable(duty.post, clock.now()).person
    assert other not in (bo, lived.account("hanna").person)
    assert duty.due_at == clock.end_of(on)
    browser = Client()
    browser.force_login(other.account, backend="django.contrib.auth.backends.ModelBackend")
    browser.post("/capacity/choose/", filled({"post": duty.post.ref}))
    assert browser.post(page, filled({"words": "Det är över.", "step": "told"})).status_code == 302
    assert standing().count() == 0


def test_without_a_reason_or_too_far_away_nothing_is_decided(lived: Village) -> None:
    address = f"/children/{lived.child('Signe').ref}/looks/"
    days = {"since": clock.today(), "until": "", "look_again_on": clock.today() + LATER}
    far = {**days, "look_again_on": clock.today() + timedelta(days=400)}
    for body in ({**days, "because": ""}, {**far, "because": WHY}):
        assert lived.client("bo").post(address, filled(body)).status_code == 422
    assert not Withholding.objects.exists()


def test_a_name_is_told_when_bo_has_decided_so(lived: Village) -> None:
    signe, bo = lived.child("Signe"), lived.account("bo").person
    lived.client("bo").get(f"/children/{signe.ref}/")
    assert bo.full_name not in told(lived).split("<main")[1].split("</main")[0]
    body = filled({"who": bo.ref, "because": "Amal vill veta vem hon ska tala med."})
    assert lived.client("bo").post(f"/children/{signe.ref}/looks/name/", body).status_code == 302
    assert bo.full_name in told(lived)
