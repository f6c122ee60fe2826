"""A child is opened in an emergency: inside the own authority, for reading, for an hour, and somebody looks at it."""

from __future__ import annotations

import contextlib
import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from samsyn.common import clock
from samsyn.common.viewer import NOBODY, SYSTEM
from samsyn.duties.actions import escalate_overdue, open_duty
from samsyn.duties.models import Duty, DutyState, Escalation
from samsyn.early_signals.models import Consultation, Sign
from samsyn.notices.models import Notice
from samsyn.organisations.actions_presence import set_absence, set_cover
from samsyn.organisations.models import Holding, Post, PostRole
from samsyn.organisations.presence import accountable, capacities
from samsyn.people.actions import set_protection
from samsyn.people.models import Guardianship, LookUp, Person, Protection
from samsyn.plans.models import PlanPaper
from samsyn.plans.tasks import make_paper
from samsyn.reviews.actions import give_to_another
from samsyn.reviews.models import Found, LogReview
from samsyn.sharing.actions import involve, open_in_emergency
from samsyn.sharing.models import EmergencyAccess, Reason, Scope
from samsyn.sharing.review_moves import give_reviews_to_others
from tests.doors.scenes import filled
from tests.doors.table import TABLE, Line
from tests.doors.test_growth import THIRTY, WORKLIST
from tests.doors.test_matrix import things_of_children
from tests.questions import opened
from tests.village import REGISTERED, Village, number_of

ABOUT_THREE_WEEKS = timedelta(days=20)
WHY = "Signe har ramlat och vi når ingen som känner henne."


def open_it(village: Village, who: str, child: Person, words: str = WHY) -> tuple[Client, int]:
    """Send the form; gives the browser and the answer."""
    client = village.client(who)
    body = filled({"number": number_of(child).value, "code": "life", "words": words})
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


def test_the_page_says_until_when_it_is_open_and_offers_nothing_that_would_be_refused(lived: Village) -> None:
    child = lived.child("Signe")
    acts = [f'href="/children/{child.ref}/{act}/' for act in ("team/new", "requests/new", "consents/new", "share")]
    as_every_day = lived.client("bo").get(f"/children/{child.ref}/").content.decode()
    assert "nödsituation" not in as_every_day
    assert [act for act in acts if act in as_every_day] == acts
    hanna, _status = open_it(lived, "hanna", child)
    page = hanna.get(f"/children/{child.ref}/").content.decode()
    until = clock.now().astimezone(clock.STOCKHOLM) + timedelta(hours=1)
    assert f"Du kan läsa till <bdi>{until.hour}.{until.minute:02}</bdi>" in page
    assert not [act for act in acts if act in page]


def test_nothing_is_opened_across_authorities(lived: Village) -> None:
    child = lived.child("Signe")
    kurt, status = open_it(lived, "kurt", child)
    assert status == 422
    assert kurt.get(f"/children/{child.ref}/").status_code == 404
    _siv, status = open_it(lived, "siv", child)
    assert status == 422
    assert not EmergencyAccess.objects.filter(child=child).exists()


def test_a_number_that_nobody_has_is_answered_like_one_that_is_elsewhere(lived: Village) -> None:
    nobody = {"number": REGISTERED, "code": "life", "words": WHY}
    elsewhere = {**nobody, "number": number_of(lived.child("Signe")).value}
    sentences = []
    for body in (nobody, elsewhere):
        page = lived.client("kurt").post("/emergency/", filled(body)).content.decode()
        sentences.append(page.count("nothing about a child with that number") + page.count("ingenting om ett barn"))
    assert sentences[0] == sentences[1] > 0


def test_without_a_sentence_nothing_is_opened_and_what_was_typed_is_kept(lived: Village) -> None:
    child = lived.child("Signe")
    _hanna, status = open_it(lived, "hanna", child, words="akut")
    assert status == 422
    assert not EmergencyAccess.objects.filter(child=child).exists()


def test_the_head_and_the_named_person_are_told_at_once_without_a_name(lived: Village) -> None:
    child = lived.child("Signe")
    open_it(lived, "hanna", child)
    access = EmergencyAccess.objects.get(child=child)
    told = Notice.objects.get(text_key="emergency_opened", child=child)
    assert (told.post, told.room, told.object_ref) == (lived.post("rektor"), "child", child.ref)
    duty = Duty.objects.get(object_ref=access.review.ref, state=DutyState.OPEN)
    assert duty.rule == "emergency_access_reviewed"
    assert duty.post_id == access.review.reviewer_id != access.post_id


def test_the_head_of_the_unit_is_told_at_once_without_a_child_wherever_the_post_stands(lived: Village) -> None:
    child, school = lived.child("Signe"), lived.unit("stoby")
    above, elsewhere = (
        Post.objects.create(unit=unit, title="skolchef", role=PostRole.HEAD, source_id=f"head-{unit.ref}")
        for unit in (school, lived.unit("norra"))
    )
    for times in (1, 2):
        open_it(lived, "hanna", child)
        told = Notice.objects.filter(text_key="emergency_at_unit")
        assert [(one.post, one.room, one.object_ref, one.child) for one in told] == [
            (above, "unit", school.ref, None)
        ] * times
    assert not Notice.objects.filter(post=elsewhere).exists()
    siv = lived.acting("siv")
    assert Notice.objects.visible_to(siv).filter(text_key="emergency_at_unit").count() == 0
    holder = lived.account("bo").person
    Holding.objects.create(post=above, person=holder, since=clock.today())
    bo = lived.client("bo")
    bo.post("/capacity/choose/", filled({"post": above.ref}))
    page = bo.get("/").content.decode()
    assert f'href="/units/{school.ref}/"' in page
    assert "Signe" not in page
    assert bo.get(f"/units/{school.ref}/").status_code == 200


def test_when_the_only_head_opens_an_emergency_herself_the_post_above_is_told_without_a_child(lived: Village) -> None:
    child, school = lived.child("Signe"), lived.unit("stoby")
    hanna = capacities(lived.account("hanna").person_id, clock.now())[0].post
    Post.objects.filter(unit__in=school.ids_upwards, role=PostRole.HEAD).update(role=PostRole.STAFF)
    Post.objects.filter(pk=hanna.pk).update(role=PostRole.HEAD)
    open_it(lived, "hanna", child)
    review = EmergencyAccess.objects.get(child=child).review
    assert not Notice.objects.filter(text_key="emergency_at_unit", object_ref=school.ref).exists()
    told = Notice.objects.get(text_key="emergency_above", object_ref=review.ref)
    assert (told.post, told.room, told.object_ref, told.child) == (review.reviewer, "reviews", review.ref, None)
    assert told.post is not None
    assert told.post != hanna
    assert accountable(told.post, clock.now()).person != lived.account("hanna").person
    above = Holding.objects.filter(post=told.post).select_related("person__account").first()
    assert above is not None
    client = lived.client(above.person.account.sign_in_name)
    client.post("/capacity/choose/", filled({"post": told.post.ref}))
    assert client.get(f"/reviews/{review.ref}/").status_code == 200


def test_a_second_post_as_head_that_she_holds_herself_does_not_hide_it_from_the_post_above(lived: Village) -> None:
    child, school = lived.child("Signe"), lived.unit("stoby")
    Post.objects.filter(unit__in=school.ids_upwards, role=PostRole.HEAD).update(role=PostRole.STAFF)
    own = Post.objects.create(unit=school, title="rektor två", role=PostRole.HEAD, source_id="head-two")
    Holding.objects.create(post=own, person=lived.account("hanna").person, since=clock.today())
    open_it(lived, "hanna", child)
    review = EmergencyAccess.objects.get(child=child).review
    assert not Notice.objects.filter(post=own).exists()
    assert [one.post for one in Notice.objects.filter(object_ref=review.ref)] == [review.reviewer]


def test_a_protected_child_does_not_exist_in_an_emergency_either_and_every_try_is_counted(lived: Village) -> None:
    child, before = lived.child("Signe"), LookUp.objects.count()
    set_protection(SYSTEM, child, Protection.MARKED)
    _hanna, status = open_it(lived, "hanna", child)
    assert status == 422
    assert not EmergencyAccess.objects.filter(child=child).exists()
    assert LookUp.objects.count() == before + 1


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
    answer = lived.client("hanna").post(address, filled(scene.body))
    assert answer.status_code != 302
    if answer.status_code == 404 and line.name.startswith("desk:"):
        assert "läsa detta men inte ändra" in answer.content.decode()


class TestReview:
    """Somebody else looks at it, among the other looks."""

    def opened(self, lived: Village) -> tuple[EmergencyAccess, Client]:
        """Hanna has opened Signe; Bo is to look at it."""
        child = lived.child("Signe")
        open_it(lived, "hanna", child)
        access = EmergencyAccess.objects.select_related("review", "child").get(child=child)
        assert access.review.reviewer == lived.post("rektor")
        return access, lived.client("bo")

    def test_the_reviewer_sees_why_and_what_was_read_and_answers_once(self, lived: Village) -> None:
        access, bo = self.opened(lived)
        lived.client("hanna").get(f"/children/{access.child.ref}/")
        page = f"/reviews/{access.review.ref}/"
        shown = bo.get(page).content.decode()
        assert WHY in shown
        assert shown.count("<time datetime=") >= 2
        assert shown.count(' name="found" value=') == len(Found)  # a verdict is a sentence and one press
        answer = {"found": "in_order", "words": "Det var rätt gjort."}
        assert bo.post(page, filled(answer)).status_code == 302
        assert bo.post(page, filled(answer)).status_code == 422
        assert not Duty.objects.filter(object_ref=access.review.ref, state=DutyState.OPEN).exists()

    def test_a_review_that_is_late_comes_before_all_else_on_min_dag(self, lived: Village) -> None:
        access, bo = self.opened(lived)
        with clock.at(clock.now() + timedelta(days=12)):
            page = bo.get("/").content.decode()
            assert page.count('<li class="duty') == 1
            assert f"/reviews/{access.review.ref}/" in page

    def test_who_has_become_of_the_childs_family_reads_of_no_look_at_it(self, lived: Village) -> None:
        access, bo = self.opened(lived)
        page = f"/reviews/{access.review.ref}/"
        assert WHY in bo.get(page).content.decode()
        assert page in bo.get("/reviews/").content.decode()
        person, since = lived.account("bo").person, clock.today()
        Guardianship.objects.create(child=access.child, guardian=person, custody="joint", since=since, source="test")
        assert bo.get(page).status_code == 404
        assert page not in bo.get("/reviews/").content.decode()

    def test_the_post_above_reads_where_a_review_is_late_and_is_led_to_no_page_that_is_not_there(
        self, lived: Village
    ) -> None:
        access, _bo = self.opened(lived)
        with clock.at(clock.now() + timedelta(days=12)):
            escalate_overdue()
            copy = Escalation.objects.select_related("to_post").get(duty__object_ref=access.review.ref)
            above = Client()
            above.force_login(accountable(copy.to_post, clock.now()).person.account)
            above.post("/capacity/choose/", filled({"post": copy.to_post.ref}))
            page = above.get("/").content.decode()
            assert "\u2068rektor, Stobyskolan\u2069" in page
            assert f"/reviews/{access.review.ref}/" not in page
            led_to = set(re.findall(r'<a class="(?:act|ds-button|duty__what)"[^>]*href="(/[^"]+)"', page))
            assert [address for address in led_to if above.get(unescape(address)).status_code != 200] == []

    def test_who_covers_for_the_reviewer_of_the_own_looks_keeps_the_rest_of_the_list(self, lived: Village) -> None:
        access, _bo = self.opened(lived)
        today = clock.today()
        until = today + timedelta(days=20)
        set_absence(SYSTEM, lived.account("bo").person, today, until=until)
        set_cover(SYSTEM, lived.post("rektor"), lived.post("assistant_rektor"), today, until=until)
        about = {"room": "sign", "child": access.child, "start": clock.now(), "due_on": clock.today()}
        one = {**about, "object_ref": uuid4(), "rule": "decision_after_signal"}
        open_duty(lived.post("rektor"), "five_questions", **one)  # type: ignore[arg-type]  # told by name
        hanna = lived.client("hanna")
        assert hanna.post("/capacity/choose/", filled({"post": lived.post("rektor").ref})).status_code == 302
        with clock.at(clock.now() + timedelta(days=12)):
            page = hanna.get("/").content.decode()
            assert str(one["object_ref"]) in page
            assert page.count('<li class="duty') > 1
            assert hanna.get("/?page=2").headers.get("Location") in (None, "/")
        answer = {"found": "in_order", "words": "Det var rätt gjort."}
        assert hanna.post(f"/reviews/{access.review.ref}/", filled(answer)).status_code == 422

    def test_a_review_that_has_come_to_the_one_who_looked_goes_to_somebody_else_by_the_same_day(
        self, lived: Village
    ) -> None:
        access, _bo = self.opened(lived)
        today, due = clock.today(), Duty.objects.get(object_ref=access.review.ref).due_at
        set_absence(SYSTEM, lived.account("bo").person, today, until=today + ABOUT_THREE_WEEKS)
        set_cover(SYSTEM, lived.post("rektor"), lived.post("assistant_rektor"), today, until=today + ABOUT_THREE_WEEKS)
        set_protection(SYSTEM, access.child, Protection.MARKED)
        assert give_reviews_to_others() >= 1  # the village has looks of hers as well
        assert give_reviews_to_others() == 0
        duty = Duty.objects.select_related("post").get(object_ref=access.review.ref, state=DutyState.OPEN)
        assert duty.due_at == due
        assert give_to_another(access.review.pk) is None  # as by another tick that had found it too
        other = accountable(duty.post, clock.now()).person
        assert other not in (lived.account("hanna").person, lived.account("bo").person)
        browser = Client()
        browser.force_login(other.account)
        browser.post("/capacity/choose/", filled({"post": duty.post.ref}))
        page = f"/reviews/{access.review.ref}/"
        assert page in browser.get("/").content.decode()
        assert WHY in browser.get(page).content.decode()
        hanna = lived.client("hanna")
        hanna.post("/capacity/choose/", filled({"post": lived.post("rektor").ref}))
        assert hanna.get(page).status_code == 404
        assert page not in hanna.get("/").content.decode()
        answer = {"found": "in_order", "words": "Det var rätt gjort."}
        assert browser.post(page, filled(answer)).status_code == 302
        assert not Duty.objects.filter(object_ref=access.review.ref, state=DutyState.OPEN).exists()

    def test_a_review_that_has_come_to_the_childs_own_family_goes_to_somebody_else(self, lived: Village) -> None:
        access, bo = self.opened(lived)
        about = {"child": access.child, "guardian": lived.account("bo").person, "custody": "joint", "source": "test"}
        Guardianship.objects.create(**about, since=clock.today())
        assert give_reviews_to_others() == 1
        review = LogReview.objects.get(pk=access.review.pk)
        assert accountable(review.reviewer, clock.now()).person != lived.account("bo").person
        assert bo.get(f"/reviews/{review.ref}/").status_code == 404

    def test_a_review_stays_where_somebody_else_answers_or_nobody_else_is_left_and_when_it_is_done(
        self, lived: Village
    ) -> None:
        access, bo = self.opened(lived)
        assert give_reviews_to_others() == 0
        page, answer = f"/reviews/{access.review.ref}/", {"found": "in_order", "words": "Det var rätt gjort."}
        assert bo.post(page, filled(answer)).status_code == 302
        Holding.objects.update(person=lived.account("hanna").person)
        assert give_reviews_to_others() == 0

    @pytest.mark.parametrize("column", [one.column for one in LogReview._meta.concrete_fields])
    def test_nothing_of_a_review_but_who_is_to_do_it_can_be_rewritten(self, lived: Village, column: str) -> None:
        self.opened(lived)
        statement = f"UPDATE reviews_logreview SET {column} = {column}"
        with contextlib.ExitStack() as refused, connection.cursor() as cursor:
            if column != "reviewer_id":
                refused.enter_context(pytest.raises(DatabaseError, match="append-only"))
            refused.enter_context(transaction.atomic())
            cursor.execute(statement)

    def test_a_late_review_comes_first_also_behind_more_than_a_page_of_duties(self, lived: Village) -> None:
        access, bo = self.opened(lived)
        earlier = {"room": "sign", "child": access.child, "start": clock.now(), "due_on": clock.today()}
        for _one in range(THIRTY + 1):
            about = {**earlier, "object_ref": uuid4(), "rule": "decision_after_signal"}
            open_duty(lived.post("rektor"), "five_questions", **about)  # type: ignore[arg-type]  # told by name
        with clock.at(clock.now() + timedelta(days=12)):
            page = bo.get("/").content.decode()
            assert page.count('<li class="duty') == 1
            assert f"/reviews/{access.review.ref}/" in page
            assert opened(bo, "/") <= WORKLIST
            assert 'rel="next"' not in page  # the rest of the list waits until it has been looked at
            assert bo.get("/?page=2").headers["Location"] == "/"
            earliest = {**about, "rule": "emergency_access_reviewed", "due_on": clock.today() - timedelta(days=9)}
            for _one in range(THIRTY):
                open_duty(lived.post("rektor"), "review_looks", **{**earliest, "object_ref": uuid4()})  # type: ignore[arg-type]  # told by name
            assert [bo.get(at).content.count(b'<li class="duty') for at in ("/", "/?page=2")] == [THIRTY, 1]
            assert bo.get("/?page=3").headers["Location"] == "/?page=2"


def read_by_hedda(village: Village, child: Person) -> Client:
    """Hedda, at another school of the authority, opens a child in an emergency; gives her browser."""
    open_in_emergency(village.acting("hedda"), number_of(child), "life", WHY)
    hedda = village.client("hedda")
    assert hedda.get(reverse("desk:child", args=[child.ref])).status_code == 200
    return hedda


def test_a_child_that_is_read_in_an_emergency_is_named_in_no_question_without_identity(lived: Village) -> None:
    child = lived.plan("active").child
    hedda, name = read_by_hedda(lived, child), child.full_name.casefold()
    body = {"to_unit": lived.unit("early").ref, "looked_through": "on", "warned": "x"}
    page = hedda.post("/consultations/new/", filled({**body, "question": f"Det gäller {name} i ettan."}))
    assert f"Ta bort det här: {name}" in page.content.decode()
    assert not Consultation.objects.filter(question__contains=name).exists()


def test_what_is_read_in_an_emergency_is_not_taken_away_as_a_paper(lived: Village) -> None:
    plan = lived.plan("active")
    lived.client("ines").post(reverse("desk:plan_paper", args=[plan.ref]), filled({"language": "sv"}))
    paper = PlanPaper.objects.filter(plan=plan).latest("pk")
    make_paper.func(str(paper.ref))
    hedda = read_by_hedda(lived, plan.child)
    page = hedda.get(reverse("desk:plan", args=[plan.ref]))
    assert page.status_code == 200
    assert reverse("desk:plan_paper", args=[plan.ref]) not in page.content.decode()
    assert hedda.get(reverse("desk:paper", args=[paper.ref])).status_code == 404


def test_who_reads_in_an_emergency_gets_back_what_was_written_on_a_page_that_is_gone(lived: Village) -> None:
    hedda, words = read_by_hedda(lived, lived.plan("active").child), "Jag vill att det är tyst."
    body = {"held_on": "2026-11-17", "with_child": "on", "child_words": words}
    page = hedda.post(reverse("desk:sign_talk", args=[uuid4()]), filled(body))
    assert page.status_code == 404
    assert "desk/emergencies/reads_only.html" in [one.name for one in page.templates]
    assert words in page.content.decode()
