"""Who has custody is noted, ended and taken back by hand by who follows the child; and then the family can be asked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from samsyn import law
from samsyn.circle.custody_actions import custody_seen, shown
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.notices.models import Notice
from samsyn.people.actions import Facts, give_identity, new_person, note_custody, set_protection
from samsyn.people.models import Account, Guardianship, Identity, LookUp, Person
from samsyn.people.numbers import IdentitySystem, ReadNumber
from samsyn.people.numbers import test_number as kept_number
from samsyn.protection.actions import Decided, protect
from samsyn.sharing.actions import everybody_is_known, guardians_today
from samsyn.trail.models import TrailEntry
from tests.doors.desk.browsing import words
from tests.doors.scenes import filled, newly_arrived, rolf
from tests.village import Village

ONE_DAY = timedelta(days=1)
NUMBER = kept_number(date(1988, 4, 5), 9)

RANDOM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|nonce-[^']+|value=\"[^\"]*\"")


@pytest.fixture
def child(lived: Village) -> Person:
    """Zebiba, of whom nobody has told who has custody; Bo follows her."""
    return newly_arrived(lived)


def stands(village: Village, child: Person, who: str = "bo") -> str:
    return shown(custody_seen(village.acting(who), child))


def note(village: Village, child: Person, browser: Client | None = None, **body: Any) -> Any:
    told = rolf() | {"shown": stands(village, child), **body}
    return (browser or village.client("bo")).post(f"/children/{child.ref}/custody/", filled(told))


def guardians(child: Person) -> list[str]:
    return [row.guardian.full_name for row in guardians_today(child)]


def somebody(number: str, **names: str) -> Person:
    person = new_person(SYSTEM, Facts(**names))  # type: ignore[arg-type]  # told by name
    give_identity(SYSTEM, person, ReadNumber(IdentitySystem.PERSONNUMMER, number))
    return person


def test_a_guardian_is_noted_and_the_page_says_who_is_to_be_asked(lived: Village, child: Person) -> None:
    bo = lived.client("bo")
    assert "Nobody can be asked" in english(bo, child)
    assert "nobody can say yes yet" in bo.get(f"/children/{child.ref}/").content.decode()
    assert note(lived, child, custody="sole").status_code == 302
    row = Guardianship.objects.get(child=child)
    assert (row.guardian.full_name, row.relation, row.custody) == ("Rolf Ahmadi", "pappa", "sole")
    assert (row.source, row.noted_by) == ("Pappan, med pass", lived.post("rektor").ref)
    page = english(bo, child)
    assert "Ask Rolf Ahmadi. One yes is enough." in page
    entry = TrailEntry.objects.get(act="people.custody_noted", subjects__ref=child.ref)
    assert (entry.ground, entry.post_ref) == ("Pappan, med pass", lived.post("rektor").ref)
    for address in ("", "consents/new/"):
        assert "nobody can say yes yet" not in bo.get(f"/children/{child.ref}/{address}").content.decode()


def english(browser: Client, child: Person) -> str:
    Account.objects.update(language="en")
    return words(browser.get(f"/children/{child.ref}/custody/"))


def test_two_who_share_it_must_both_be_asked_and_one_of_unknown_custody_is_not_enough(
    lived: Village, child: Person
) -> None:
    bo = lived.client("bo")
    assert note(lived, child, custody="unknown").status_code == 302
    assert "whether somebody else has custody too" in english(bo, child)
    assert not everybody_is_known(guardians_today(child))
    assert note(lived, child, given_name="Siri", custody="joint").status_code == 302
    page = english(bo, child)
    assert "Ask both of them: Rolf Ahmadi, Siri Ahmadi." in page
    assert "both must say yes" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": "han"}, "source"),
        ({"source": "Pass 19880405-9806"}, "source"),
        ({"given_name": "", "family_name": ""}, "given_name"),
        ({"given_name": "19880405-9806"}, "given_name"),
        ({"given_name": "Ro\u202elf"}, "given_name"),
        ({"custody": "both"}, "custody"),
        ({"since": "2024-02-30"}, "since"),
        ({"number": f"{NUMBER[:-1]}x"}, "number"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_all_that_was_typed_is_kept(
    lived: Village, child: Person, wrong: dict[str, Any], field: str
) -> None:
    is_refused(lived, child, wrong, field)


def test_custody_that_begins_tomorrow_is_refused_beside_its_day(lived: Village, child: Person) -> None:
    is_refused(lived, child, {"since": clock.today() + ONE_DAY}, "since")


def is_refused(village: Village, child: Person, wrong: dict[str, Any], field: str) -> None:
    answer = note(village, child, **wrong)
    assert answer.status_code == 422
    form = answer.context["note"]
    assert list(form.errors) == [field]
    assert form["relation"].value() == "pappa"
    assert not Guardianship.objects.filter(child=child).exists()


def test_sole_custody_beside_another_one_is_refused_and_ends_nobodys(lived: Village, child: Person) -> None:
    assert note(lived, child, custody="joint").status_code == 302
    alone = note(lived, child, given_name="Siri", custody="sole")
    assert alone.status_code == 422
    assert list(alone.context["note"].errors) == ["custody"]
    assert "Rolf Ahmadi" in alone.content.decode()
    assert guardians(child) == ["Rolf Ahmadi"]


def test_nobody_is_noted_beside_who_has_it_alone_and_no_third(lived: Village, child: Person) -> None:
    assert note(lived, child, custody="sole").status_code == 302
    assert note(lived, child, given_name="Siri", custody="joint").status_code == 422
    Guardianship.objects.filter(child=child).update(custody="joint")
    assert note(lived, child, given_name="Siri", custody="joint").status_code == 302
    assert note(lived, child, given_name="Nils", custody="joint").status_code == 422
    assert guardians(child) == ["Rolf Ahmadi", "Siri Ahmadi"]


def test_the_same_name_again_without_a_number_is_not_two_persons(lived: Village, child: Person) -> None:
    assert note(lived, child, custody="joint").status_code == 302
    again = note(lived, child, custody="joint", given_name="rolf")
    assert list(again.context["note"].errors) == ["given_name"]
    assert not everybody_is_known(guardians_today(child))
    assert note(lived, child, custody="joint", number=NUMBER).status_code == 302
    assert guardians(child) == ["Rolf Ahmadi", "Rolf Ahmadi"]


def test_a_number_finds_who_is_here_and_counts_as_a_look_up(lived: Village, child: Person) -> None:
    here = somebody(NUMBER, given_name="Rolf", family_name="Ahmadi")
    before = LookUp.objects.count()
    assert note(lived, child, number=NUMBER).status_code == 302
    assert Guardianship.objects.get(child=child).guardian == here
    assert LookUp.objects.count() == before + 1
    limit = law.on(clock.today()).amount("look_up_limit") or 0
    for _ in range(limit - 1):
        note(lived, child, number=NUMBER)
    assert list(note(lived, child, number=NUMBER).context["note"].errors) == ["number"]


def test_a_number_of_somebody_whom_bo_knows_by_another_name_is_said_so(lived: Village, child: Person) -> None:
    amal = next(row.guardian for row in guardians_today(lived.child("Signe")) if row.guardian.given_name == "Amal")
    give_identity(SYSTEM, amal, ReadNumber(IdentitySystem.PERSONNUMMER, NUMBER))
    told = note(lived, child, number=NUMBER)
    assert list(told.context["note"].errors) == ["number"]
    assert "Amal" in told.content.decode()
    assert note(lived, child, number=NUMBER, given_name="Amal", family_name=amal.family_name).status_code == 302
    assert Guardianship.objects.get(child=child).guardian == amal


def test_somebody_whom_bo_knows_by_that_name_is_offered_first(lived: Village, child: Person) -> None:
    amal = next(row.guardian for row in guardians_today(lived.child("Signe")) if row.guardian.given_name == "Amal")
    name: dict[str, Any] = {"given_name": amal.given_name, "family_name": amal.family_name}
    offered = note(lived, child, **name)
    assert offered.status_code == 200
    assert not Guardianship.objects.filter(child=child).exists()
    assert str(amal.ref) in offered.content.decode()
    assert "vårdnadshavare för" in offered.content.decode()
    assert note(lived, child, **name, guardian=amal.ref).status_code == 302
    assert Guardianship.objects.get(child=child).guardian == amal
    stranger = note(lived, child, **name, is_none_of_these="True", custody="joint")
    assert stranger.status_code == 422


def test_nobody_is_chosen_whom_the_page_did_not_offer(lived: Village, child: Person) -> None:
    moa = lived.account("moa").person
    assert note(lived, child, guardian=moa.ref).status_code == 302
    assert Guardianship.objects.get(child=child).guardian != moa


def test_the_last_day_is_noted_and_what_needed_that_yes_is_asked_anew(lived: Village, child: Person) -> None:
    note(lived, child, custody="sole", since=clock.today() - 9 * ONE_DAY)
    rolfs = Guardianship.objects.get(child=child)
    body = {"person": rolfs.guardian.ref, "until": clock.today() - ONE_DAY, "source": "Tingsrätten, dom"}
    address, bo = f"/children/{child.ref}/custody/end/", lived.client("bo")
    for wrong in ({"until": clock.today() + ONE_DAY}, {"until": clock.today() - 10 * ONE_DAY}, {"source": "x"}):
        assert bo.post(address, filled(body | {"shown": stands(lived, child)} | wrong)).status_code == 422
    assert bo.post(address, filled(body | {"shown": stands(lived, child)})).status_code == 302
    rolfs.refresh_from_db()
    assert rolfs.until == clock.today() - ONE_DAY
    assert guardians(child) == []
    assert TrailEntry.objects.get(act="people.custody_ended", subjects__ref=child.ref).ground == body["source"]
    assert bo.post(address, filled(body | {"shown": stands(lived, child)})).status_code in {404, 422}


def test_a_mistake_is_taken_back_by_the_post_that_made_it_and_the_trail_keeps_both(
    lived: Village, child: Person
) -> None:
    note(lived, child)
    row = Guardianship.objects.get(child=child)
    address, body = f"/children/{child.ref}/custody/take-back/", {"person": row.guardian.ref}
    Guardianship.objects.filter(pk=row.pk).update(noted_by=lived.post("early").ref)
    assert lived.client("bo").post(address, filled(body | {"shown": stands(lived, child)})).status_code == 422
    Guardianship.objects.filter(pk=row.pk).update(noted_by=row.noted_by)
    assert lived.client("bo").post(address, filled(body | {"shown": stands(lived, child)})).status_code == 302
    assert not Guardianship.objects.filter(child=child).exists()
    told = TrailEntry.objects.filter(subjects__ref=child.ref, act__startswith="people.custody").order_by("pk")
    assert [one.act for one in told] == ["people.custody_noted", "people.custody_taken_back"]
    assert note(lived, child).status_code == 302


def test_what_the_register_told_is_nobodys_mistake_to_take_back(lived: Village) -> None:
    signe = lived.child("Signe")
    page = lived.client("bo").get(f"/children/{signe.ref}/custody/")
    assert page.status_code == 200
    assert "take-back" not in page.content.decode()
    row = guardians_today(signe)[0]
    body = filled({"person": row.guardian.ref, "shown": stands(lived, signe)})
    assert lived.client("bo").post(f"/children/{signe.ref}/custody/take-back/", body).status_code == 422


def test_what_another_one_noted_meanwhile_is_shown_before_more_is_noted(lived: Village, child: Person) -> None:
    before = stands(lived, child)
    note(lived, child, custody="joint")
    late = note(lived, child, given_name="Siri", custody="joint", shown=before)
    assert late.status_code == 422
    assert "Rolf Ahmadi" in late.content.decode()
    assert guardians(child) == ["Rolf Ahmadi"]
    assert late.context["note"]["shown"].value() == stands(lived, child)


def test_pressed_twice_it_is_noted_once(lived: Village, child: Person) -> None:
    body = filled(rolf() | {"shown": ""})
    bo = lived.client("bo")
    assert [bo.post(f"/children/{child.ref}/custody/", body).status_code for _ in range(2)] == [302, 302]
    assert Guardianship.objects.filter(child=child).count() == 1


def test_a_grown_up_has_no_guardian_and_the_page_says_so(lived: Village, child: Person) -> None:
    today = clock.today()
    Person.objects.filter(pk=child.pk).update(birth_date=today.replace(year=today.year - 19, day=1))
    bo = lived.client("bo")
    assert "turned 18" in english(bo, child)
    assert 'name="given_name"' not in bo.get(f"/children/{child.ref}/custody/").content.decode()
    assert note(lived, child).status_code == 422


def test_who_only_finds_the_child_opens_no_such_page(lived: Village, child: Person) -> None:
    for who in ("maja", "hanna", "ines", "moa", "ulla", ""):
        browser = lived.client(who)
        assert browser.get(f"/children/{child.ref}/custody/").status_code in {404, 302}
        assert note(lived, child, browser).status_code in {404, 302, 401}
    assert not Guardianship.objects.filter(child=child).exists()


def test_nobody_notes_themselves_nor_writes_about_the_own_family(lived: Village, child: Person) -> None:
    bo = lived.account("bo").person
    give_identity(SYSTEM, bo, ReadNumber(IdentitySystem.PERSONNUMMER, NUMBER))
    own = note(lived, child, number=NUMBER, given_name=bo.given_name, family_name=bo.family_name)
    assert own.status_code == 422
    note_custody(SYSTEM, child, bo, "joint", since=clock.today(), source="register")
    assert note(lived, child, custody="joint").status_code == 422


def test_the_named_person_is_told_when_another_post_has_written(lived: Village) -> None:
    child, ines = lived.request("accepted").child, lived.client("ines")
    told = Notice.objects.filter(text_key="custody_changed", child=child, post=lived.post("rektor"))
    who = guardians_today(child)[0].guardian
    body = {"person": who.ref, "until": clock.today(), "source": "Mamman, i dag"}
    for acting, browser, notices in (("ines", ines, 1), ("bo", lived.client("bo"), 1)):
        sent = filled(body | {"shown": stands(lived, child, acting)})
        assert browser.post(f"/children/{child.ref}/custody/end/", sent).status_code == 302
        assert told.count() == notices


def test_a_guardian_of_a_hidden_child_is_hidden_too_and_seen_again_when_it_was_a_mistake(
    lived: Village, child: Person
) -> None:
    protect(lived.acting("bo"), child, Decided("protected", "OSL 22:2", clock.today()))
    assert note(lived, child).status_code == 302
    row = Guardianship.objects.get(child=child)
    assert (row.guardian.given_name, row.guardian.protection) == ("", "family")
    assert "Rolf Ahmadi" in english(lived.client("bo"), child)
    body = filled({"person": row.guardian.ref, "shown": stands(lived, child)})
    assert lived.client("bo").post(f"/children/{child.ref}/custody/take-back/", body).status_code == 302
    assert Person.objects.get(pk=row.guardian_id).given_name == "Rolf"


def answer_of(village: Village, child: Person, response: Any) -> tuple[int, str]:
    """What Bo is told, and what stands there afterwards, without what is random."""
    page = village.client("bo").get(f"/children/{child.ref}/custody/").content.decode()
    both = response.content.decode() + page
    return response.status_code, re.sub(
        r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|nonce-[^']+|value=\"[^\"]*\"", "x", both
    )


@pytest.mark.parametrize("who", ["a hidden stranger", "a stranger", "a stranger of that name"])
def test_a_number_of_somebody_whom_bo_may_not_know_is_answered_like_nobodys(
    lived: Village, child: Person, who: str
) -> None:
    answers, at_once = [], clock.now()  # a page that is opened in the next minute says so
    for known in (False, True):
        with transaction.atomic(), clock.at(at_once):
            if known:
                names = ("Rolf", "Ahmadi") if who.endswith("name") else ("Maryam", "Karimi")
                there = somebody(NUMBER, given_name=names[0], family_name=names[1])
                if "hidden" in who:
                    set_protection(SYSTEM, there, "protected")
            answers.append(answer_of(lived, child, note(lived, child, number=NUMBER)))
            row = Guardianship.objects.get(child=child)
            if known:
                assert (row.guardian == there) == who.endswith("name")
                assert Identity.objects.get(person=row.guardian).beside == (not who.endswith("name"))
                if not who.endswith("name"):
                    tried = TrailEntry.objects.filter(subjects__child_ref=there.ref, act="people.look_up_answered")
                    assert tried.exists()
            transaction.set_rollback(True)
    assert answers[0] == answers[1]
    assert answers[0][0] == 302


def test_a_hidden_guardian_who_is_there_already_is_met_like_a_stranger(lived: Village, child: Person) -> None:
    there = somebody(NUMBER, given_name="Rolf", family_name="Ahmadi")
    note_custody(SYSTEM, child, there, "joint", since=clock.today() - ONE_DAY, source="register")
    set_protection(SYSTEM, there, "protected")
    bo = lived.client("bo")
    page = bo.get(f"/children/{child.ref}/custody/").content.decode()
    assert str(there.ref) not in page
    assert "Rolf" not in page
    typed: tuple[dict[str, Any], ...] = ({"number": NUMBER}, {})
    for body in typed:
        answer = note(lived, child, custody="joint", **body)
        assert answer.status_code == 302
        added = Guardianship.objects.filter(child=child).latest("pk")
        assert added.guardian != there
        Guardianship.objects.filter(pk=added.pk).delete()
    for verb in ("end", "take-back"):
        sent = {"person": there.ref, "until": clock.today(), "source": "Någon sade", "shown": stands(lived, child)}
        assert bo.post(f"/children/{child.ref}/custody/{verb}/", filled(sent)).status_code == 404
