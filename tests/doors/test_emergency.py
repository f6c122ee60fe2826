"""A child is opened in an emergency: inside the own authority, for reading, for an hour, and somebody looks at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.common import clock
from samsyn.common.viewer import NOBODY
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.models import Sign
from samsyn.notices.models import Notice
from samsyn.people.identities import open_number
from samsyn.people.models import Identity, Person
from samsyn.plans.models import PlanPaper
from samsyn.sharing.actions import involve
from samsyn.sharing.models import EmergencyAccess, EmergencyReview, Reason, Scope
from tests.doors.scenes import filled
from tests.doors.table import TABLE, Line
from tests.doors.test_matrix import things_of_children
from tests.village import REGISTERED, Village

WHY = "Signe har ramlat och vi når ingen som känner henne."


def number_of(child: Person) -> str:
    """The child's number, as somebody at the place would read it from a list."""
    return open_number(Identity.objects.filter(person=child).order_by("pk")[0])


def open_it(village: Village, who: str, child: Person, words: str = WHY) -> tuple[Client, int]:
    """Send the form; gives the browser and the answer."""
    client = village.client(who)
    body = filled({"number": number_of(child), "code": "life", "words": words})
    return client, client.post("/emergency/", body).status_code


def test_hanna_reads_what_the_school_holds_for_an_hour_and_no_longer(lived: Village) -> None:
    child = lived.child("Signe")
    sign = Sign.objects.filter(child=child).exclude(state="draft").order_by("pk")[0]
    assert lived.client("hanna").get(f"/signs/{sign.ref}/").status_code == 404
    hanna, status = open_it(lived, "hanna", child)
    assert status == 302
    assert hanna.get(f"/signs/{sign.ref}/").status_code == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert hanna.get(f"/signs/{sign.ref}/").status_code == 404


def test_nothing_is_opened_across_authorities(lived: Village) -> None:
    child = lived.child("Signe")
    kurt, status = open_it(lived, "kurt", child)
    assert status == 422
    assert kurt.get(f"/children/{child.ref}/").status_code == 404
    _siv, status = open_it(lived, "siv", child)
    assert status == 422
    assert not EmergencyAccess.objects.exists()


def test_a_number_that_nobody_has_is_answered_like_one_that_is_elsewhere(lived: Village) -> None:
    nobody = {"number": REGISTERED, "code": "life", "words": WHY}
    elsewhere = {**nobody, "number": number_of(lived.child("Signe"))}
    sentences = []
    for body in (nobody, elsewhere):
        page = lived.client("kurt").post("/emergency/", filled(body)).content.decode()
        sentences.append(page.count("nothing about a child with that number") + page.count("ingenting om ett barn"))
    assert sentences[0] == sentences[1] > 0


def test_without_a_sentence_nothing_is_opened_and_what_was_typed_is_kept(lived: Village) -> None:
    child = lived.child("Signe")
    _hanna, status = open_it(lived, "hanna", child, words="akut")
    assert status == 422
    assert not EmergencyAccess.objects.exists()


def test_the_head_and_the_named_person_are_told_at_once_without_a_name(lived: Village) -> None:
    child = lived.child("Signe")
    open_it(lived, "hanna", child)
    access = EmergencyAccess.objects.get()
    told = set(Notice.objects.filter(text_key="emergency_opened").values_list("post_id", flat=True))
    assert {access.reviewer_id, lived.post("rektor").pk} <= told
    duty = Duty.objects.get(what="review_emergency", state=DutyState.OPEN)
    assert duty.post_id == access.reviewer_id != access.post_id


@pytest.mark.parametrize(
    "line",
    [one for one in TABLE if 302 in one.post and not one.open],
    ids=lambda line: f"{line.name} {line.note}".strip(),
)
def test_what_is_opened_in_an_emergency_can_be_read_and_not_changed(lived: Village, line: Line) -> None:
    scene = line.scene(lived)
    child_ref = things_of_children().get(scene.place.get("ref", NOBODY))
    if child_ref is None or line.expected("post", "hanna") == 302 or line.name == "desk:begin":
        return  # not about a child; or hers to do without any emergency, as writing down what she saw is everybody's
    post, until = lived.post("assistant_rektor"), clock.now() + timedelta(hours=1)
    child = Person.objects.get(ref=child_ref)
    involve(child, post.unit, Reason.EMERGENCY, Scope.WHOLE, post_id=post.pk, until=until, source="test")
    address = reverse(line.name, kwargs=scene.place, query=scene.query)
    papers = PlanPaper.objects.count()
    answer = lived.client("hanna").post(address, filled(scene.body))
    if line.name == "desk:plan_paper":  # goes back to the plan, whatever came of it
        assert PlanPaper.objects.count() == papers
    else:
        assert answer.status_code != 302


class TestReview:
    """Somebody else looks at it."""

    def reviewer(self, lived: Village) -> tuple[EmergencyAccess, str]:
        open_it(lived, "hanna", lived.child("Signe"))
        access = EmergencyAccess.objects.select_related("reviewer").get()
        return access, next(who for who in ("bo", "karin") if lived.acting(who).post == access.reviewer_id)

    def test_the_reviewer_sees_what_was_read_and_answers_once(self, lived: Village) -> None:
        access, who = self.reviewer(lived)
        lived.client("hanna").get(f"/children/{access.child.ref}/")
        page = f"/emergencies/{access.ref}/"
        reviewer = lived.client(who)
        assert WHY in reviewer.get(page).content.decode()
        answer = {"justified": "yes", "words": "Det var rätt gjort."}
        assert reviewer.post(page, filled(answer)).status_code == 302
        assert reviewer.post(page, filled(answer)).status_code == 422
        assert EmergencyReview.objects.get().justified
        assert not Duty.objects.filter(what="review_emergency", state=DutyState.OPEN).exists()

    def test_the_one_who_opened_may_read_the_row_and_not_review_it(self, lived: Village) -> None:
        access, _who = self.reviewer(lived)
        page, hanna = f"/emergencies/{access.ref}/", lived.client("hanna")
        assert hanna.get(page).status_code == 200
        assert hanna.post(page, filled({"justified": "yes", "words": "Bra."})).status_code == 422
        assert not EmergencyReview.objects.exists()

    def test_a_review_that_is_late_comes_before_all_else_on_min_dag(self, lived: Village) -> None:
        access, who = self.reviewer(lived)
        reviewer = lived.client(who)
        with clock.at(clock.now() + timedelta(days=12)):
            page = reviewer.get("/").content.decode()
            assert page.count('<li class="duty') == 1
            assert f"/emergencies/{access.ref}/" in page
