"""Pages ask the database as much for thirty rows as for one, and what is done often is done in few statements.

What counts as a question: everything but BEGIN, COMMIT, SAVEPOINT, RELEASE, the viewer that PostgreSQL is told, and
the note of the minute that a sign-in was last used (one more, at most once a minute).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from samsyn.circle.actions import ensure_named_person
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.desk import children as children_page
from samsyn.desk.duty_words import LEADS
from samsyn.duties.actions import open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals.actions import acknowledge, record_talk, send_sign, start_draft
from samsyn.early_signals.rules import TalkHeld
from samsyn.look.due import due_words
from samsyn.notices.actions import tell
from samsyn.organisations.actions_presence import set_absence, set_cover
from samsyn.organisations.models import Post
from samsyn.people.models import Person
from samsyn.plans.models import Plan
from samsyn.plans.who_does_what import ActionText, add_action
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.sharing.actions import guardians_today
from samsyn.sharing.models import Involvement, Reason
from tests import figures
from tests.doors.scenes import LATER, WORDS, filled, sent, written
from tests.questions import asked, opened
from tests.village import Village

WORKLIST, WORKLIST_BYTES, CHILDS_PAGE, WRITTEN_IN = 8, 25_000, 14, 16
THIRTY, FIFTY = 30, 50


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def children(number: int) -> list[Person]:
    """So many children of Stobyskolan, over again when there are fewer."""
    there = Involvement.objects.filter(reason=Reason.ATTENDS, unit__source_id="stoby").values("child")
    return list(islice(cycle(Person.objects.filter(pk__in=there).order_by("pk")), number))


def fill(post: Post, number: int) -> None:
    """Give a post so many things to do, of every kind and with every time, and news about eight of them."""
    Duty.objects.filter(post=post, state=DutyState.OPEN).update(state=DutyState.DONE, ended_at=clock.now())
    kinds = islice(cycle(sorted(set(LEADS) - {"answer_handover"})), number)
    for days, (what, child) in enumerate(zip(kinds, children(number), strict=True)):
        about = {"room": "sign", "object_ref": uuid4(), "child": child}
        since = clock.now() - timedelta(days=days)
        open_duty(post, what, rule="answer_request", start=since, waiting="Maja Sjöö", **about)  # type: ignore[arg-type]
        if days < 8:
            tell(post, "request_declined", **about)  # type: ignore[arg-type]


# --- Min dag ---------------------------------------------------------------------------------------------------------


def test_min_dag_asks_the_same_for_one_row_and_for_thirty(lived: Village) -> None:
    hedda, post = lived.client("hedda"), lived.post("gymnasium_rektor")
    found = {}
    for rows in (1, 3, THIRTY):
        with undone():
            fill(post, rows)
            found[rows] = opened(hedda, "/")
            assert hedda.get("/").content.count(b'<li class="duty') == rows
    assert len(set(found.values())) == 1, found
    assert found[THIRTY] <= WORKLIST
    figures.tell("growth", worklist=found[THIRTY])


def duties_on(page: str) -> list[str]:
    """What the rows and the offers of a page lead to, each once, in their order."""
    return list(dict.fromkeys(re.findall(r'href="(/(?:signs|handovers|plans|requests)/[0-9a-f-]{36}/[^"]*)"', page)))


def walked(client: Client, most: int = 9) -> list[list[str]]:
    """What stands on each page, following the links to the next one from the first."""
    pages: list[list[str]] = []
    address = "/"
    while len(pages) < most:
        page = client.get(address).content.decode()
        pages.append(duties_on(page))
        onward = re.search(r'href="([^"]*)" rel="next"', page)
        if onward is None:
            return pages
        address = f"/{onward[1]}"
    raise AssertionError("The pages have no end.")


def seventy_duties(post: Post) -> list[str]:
    """Give a post seventy things to do and no news; gives where they lead, the most urgent first."""
    Duty.objects.filter(post=post, state=DutyState.OPEN).update(state=DutyState.DONE, ended_at=clock.now())
    refs = []
    for days, child in enumerate(children(70)):
        what = "answer_handover" if days in {3, THIRTY, 65} else "five_questions"
        ref, due = uuid4(), clock.today() + timedelta(days=days)
        about: dict[str, Any] = {"room": "sign", "object_ref": ref, "child": child, "due_on": due}
        open_duty(post, what, rule="decision_after_signal", start=clock.now(), **about)
        refs.append(str(ref))
    return refs


def test_hedda_reaches_her_seventieth_duty_and_none_is_lost_or_shown_twice(lived: Village) -> None:
    hedda, refs = lived.client("hedda"), seventy_duties(lived.post("gymnasium_rektor"))
    pages = walked(hedda)
    assert [len(page) for page in pages] == [THIRTY, THIRTY, 10]
    for page, expected in zip(pages, (refs[:30], refs[30:60], refs[60:]), strict=True):
        assert sorted(page) == sorted(link for ref in expected for link in page if ref in link)
        assert len({ref for ref in expected for link in page if ref in link}) == len(expected)
    second, third = (hedda.get(f"/?page={number}").content.decode() for number in (2, 3))
    assert '<a href="/" rel="prev">' in second
    assert '<a href="/?page=2" rel="prev">' in third
    assert 'rel="next"' not in third


def test_every_page_of_min_dag_asks_the_same_for_one_row_and_for_thirty(lived: Village) -> None:
    hedda, post = lived.client("hedda"), lived.post("gymnasium_rektor")
    found = {}
    for rows in (1, 3, THIRTY, 2 * THIRTY):
        with undone():
            fill(post, THIRTY + rows)
            found[rows] = opened(hedda, "/?page=2")
            assert hedda.get("/?page=2").content.count(b'<li class="duty') == min(rows, THIRTY)
            assert opened(hedda, "/") <= WORKLIST
    assert len(set(found.values())) == 1, found
    assert found[THIRTY] <= WORKLIST


def test_a_page_that_is_no_longer_there_leads_to_the_last_one(lived: Village) -> None:
    hedda, post = lived.client("hedda"), lived.post("gymnasium_rektor")
    fill(post, 2 * THIRTY)
    for gone in ("3", "9", "999999999999999999"):
        assert hedda.get(f"/?page={gone}").headers["Location"] == "/?page=2"
    fill(post, THIRTY)
    assert hedda.get("/?page=2").headers["Location"] == "/"
    fill(post, 0)
    assert hedda.get("/?page=2").headers["Location"] == "/"
    for nothing in ("0", "-1", "x", "", "2.5", "²"):
        assert hedda.get("/", {"page": nothing}).status_code == 200


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_min_dag_is_light_in_every_language(lived: Village, language: str) -> None:
    fill(lived.post("gymnasium_rektor"), THIRTY)
    hedda = lived.client("hedda")
    hedda.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = hedda.get("/").content
    assert page.count(b'<li class="duty') == THIRTY
    assert f'<html lang="{language}"'.encode() in page
    assert len(page) <= WORKLIST_BYTES
    figures.tell("growth", **{f"worklist_bytes_{language}": len(page)})


def test_what_is_far_ahead_is_folded_under_its_nearest_day_unless_it_is_all_there_is(lived: Village) -> None:
    hedda, post, child = lived.client("hedda"), lived.post("gymnasium_rektor"), lived.child("Adam")
    fill(post, 0)

    def in_days(days: int, what: str = "five_questions") -> Duty:
        about = {"room": "sign", "object_ref": uuid4(), "child": child, "due_on": clock.today() + timedelta(days=days)}
        return open_duty(post, what, rule="decision_after_signal", start=clock.now(), **about)  # type: ignore[arg-type]

    far = in_days(14)
    assert '<details class="fold" id="later" open>' in hedda.get("/").content.decode()
    in_days(6)
    in_days(13, "answer_request")  # whatever nobody has read yet is never hidden
    before_the_fold, _, folded = hedda.get("/").content.decode().partition('<details class="fold" id="later">')
    assert before_the_fold.count('<li class="duty') == 2
    assert folded.count('<li class="duty') == 1
    assert due_words(far.due_at, clock.now()).words in folded.partition("</summary>")[0]


# --- a child's page --------------------------------------------------------------------------------------------------


def fifty_entries(village: Village, child: Person) -> None:
    """Signs, and talks about them."""
    bo, day = village.acting("bo"), clock.today()
    for _ in range(FIFTY // 2):
        sign = sent(village, child)
        acknowledge(bo, sign)
        family = tuple(str(row.guardian.ref) for row in guardians_today(child))
        record_talk(bo, sign, TalkHeld(held_on=day, with_child=True, with_guardians=family, child_words=WORDS))


def test_a_childs_page_asks_the_same_for_no_entry_and_for_fifty(lived: Village) -> None:
    vera, clients = lived.child("Vera"), {who: lived.client(who) for who in ("bo", "hanna")}
    address = f"/children/{vera.ref}/"
    empty = {who: opened(client, address) for who, client in clients.items()}
    fifty_entries(lived, vera)
    assert {who: opened(client, address) for who, client in clients.items()} == empty
    assert max(empty.values()) <= CHILDS_PAGE
    figures.tell("growth", childs_page=max(empty.values()))
    told = {who: client.get(address).content.count(b"<time datetime=") for who, client in clients.items()}
    assert told == {"bo": FIFTY, "hanna": 0}


def thirty_actions(village: Village, plan: Plan) -> None:
    """Many actions for one goal."""
    ines, goal = village.acting("ines"), plan.goals.order_by("pk")[0]
    for number in range(THIRTY):
        plan.refresh_from_db(fields=["version"])
        text = ActionText(f"{WORDS} {number}", clock.today() + LATER, by_post=village.post("early"))
        add_action(ines, goal, plan.version, text)


def test_pages_with_a_plan_ask_no_more_when_it_grows(lived: Village) -> None:
    plan, clients = lived.plan("draft"), {who: lived.client(who) for who in ("bo", "ines", "hanna")}
    address = f"/children/{plan.child.ref}/"
    pages = [f"/plans/{plan.ref}/", f"/plans/{plan.ref}/write/"]
    before = {who: opened(client, address) for who, client in clients.items()}
    of_plan = [opened(clients["ines"], page) for page in pages]
    thirty_actions(lived, plan)
    fifty_entries(lived, plan.child)
    assert {who: opened(client, address) for who, client in clients.items()} == before
    assert max(before.values()) <= CHILDS_PAGE
    assert [opened(clients["ines"], page) for page in pages] == of_plan


def test_a_childs_page_asks_no_more_when_the_named_person_is_away(lived: Village) -> None:
    child, today = lived.plan("active").child, clock.today()
    address, ines = f"/children/{child.ref}/", lived.client("ines")
    before = opened(ines, address)
    set_absence(SYSTEM, lived.account("bo").person, today, until=today + LATER)
    set_cover(SYSTEM, lived.post("rektor"), lived.post("assistant_rektor"), today, until=today + LATER)
    assert opened(ines, address) == before <= CHILDS_PAGE


def test_what_is_to_be_done_stands_on_the_page_however_much_was_written_since(
    lived: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children_page, "SHOWN", 6)
    sign, bo = lived.sign("received"), lived.acting("bo")
    acknowledge(bo, sign)
    for _ in range(4):
        later = sent(lived, sign.child)
        acknowledge(bo, later)
        held = TalkHeld(held_on=clock.today(), with_child=True, child_words=WORDS, not_with_guardians_because=WORDS)
        record_talk(bo, later, held)
    page = lived.client("bo").get(f"/children/{sign.child.ref}/").content.decode()
    assert f'href="/signs/{sign.ref}/talk/"' in page
    assert page.count("/questions/") == 4


def test_the_history_asks_the_same_whatever_there_is(lived: Village) -> None:
    signe, bo = lived.disclosure().child, lived.client("bo")
    address = f"/children/{signe.ref}/history/"
    before = opened(bo, address)
    fifty_entries(lived, signe)
    assert opened(bo, address) == before
    assert opened(bo, f"{address}?page=2") == before
    figures.tell("growth", history=before)


# --- other pages that hold lists -------------------------------------------------------------------------------------


def test_the_list_of_children_asks_the_same_however_long_it_is(lived: Village) -> None:
    hedda, post = lived.client("hedda"), lived.post("gymnasium_rektor")
    found = []
    for number in (3, THIRTY):
        for child in children(number):
            ensure_named_person(SYSTEM, child)
        Involvement.objects.filter(reason=Reason.NAMED_PERSON, child__in=children(number)).update(
            post=post, unit=post.unit
        )
        found.append(opened(hedda, "/children/"))
    assert len(set(found)) == 1


def test_a_list_of_children_tells_their_age_and_says_when_it_is_cut(
    lived: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    hedda = lived.client("hedda")
    page = hedda.get("/children/").content.decode()
    assert "Adam Haddad, 16 år" in page
    assert "Det finns fler" not in page
    monkeypatch.setattr(children_page, "SHOWN", 1)
    assert "Det finns fler" in hedda.get("/children/").content.decode()


def test_searching_asks_the_same_however_many_are_found(lived: Village) -> None:
    bo = lived.client("bo")

    def search(words: str) -> int:
        def look() -> None:
            assert bo.post("/find/", {"name": words}).status_code == 200

        look()
        return asked(look)

    Person.objects.filter(pk__in=[child.pk for child in children(5)]).update(
        family_name="Åstorp", family_folded="åstorp"
    )
    assert bo.post("/find/", {"name": "åst"}).content.count(b"/begin/") == 5
    assert search("åst") == search("Signe")


def test_a_search_says_that_there_may_be_more_than_it_shows(lived: Village) -> None:
    bo, more = lived.client("bo"), "Bara några visas".encode()
    found = [child.pk for child in children(12)]
    for many, told in ((5, False), (12, True)):
        Person.objects.filter(pk__in=found[:many]).update(family_name="Åstorp", family_folded="åstorp")
        page = bo.post("/find/", {"name": "åst"}).content
        assert (page.count(b"/begin/"), more in page) == (min(many, 8), told)


def test_a_sign_with_many_talks_asks_the_same(lived: Village) -> None:
    sign, bo = lived.sign("dialogue"), lived.client("bo")
    pages = [f"/signs/{sign.ref}/{page}" for page in ("", "talk/", "questions/", "close/")]
    before = [opened(bo, page) for page in pages]
    held = TalkHeld(held_on=clock.today(), with_child=True, child_words=WORDS, not_with_guardians_because=WORDS)
    for _ in range(THIRTY):
        record_talk(lived.acting("bo"), sign, held)
    assert [opened(bo, page) for page in pages] == before


def test_the_queue_of_looks_to_review_asks_the_same_however_long_it_is(lived: Village) -> None:
    bo, maja = lived.client("bo"), lived.account("maja")

    def put_in(number: int) -> None:
        for child in children(number):
            looked = Looked(maja.person, maja.ref, lived.post("fritids"), child)
            put_in_queue(looked, ["sample", "night"], key=str(uuid4()))

    put_in(2)
    before = opened(bo, "/reviews/")
    put_in(THIRTY - 2)
    assert opened(bo, "/reviews/") == before


# --- what is done often ----------------------------------------------------------------------------------------------


def test_a_sign_is_sent_in_few_statements(lived: Village) -> None:
    maja, child = lived.acting("maja"), lived.sign("received").child
    known = written(lived, start_draft(maja, child))
    assert asked(lambda: send_sign(maja, known)) <= WRITTEN_IN


def test_the_first_sign_about_a_child_is_sent_in_few_statements_too(lived: Village) -> None:
    maja, sign = lived.acting("maja"), written(lived, lived.sign("draft"))
    assert not Involvement.objects.filter(reason=Reason.NAMED_PERSON, child=sign.child).exists()
    assert asked(lambda: send_sign(maja, sign)) <= WRITTEN_IN


def test_sending_a_sign_at_the_desk_is_few_statements_with_everything_around_it(lived: Village) -> None:
    maja, child = lived.acting("maja"), lived.sign("received").child
    sign, client = written(lived, start_draft(maja, child)), lived.client("maja")

    def press() -> None:
        assert client.post(f"/signs/{sign.ref}/review/", filled({})).status_code == 302

    client.get("/find/")
    statements = asked(press)
    figures.tell("growth", sign_sent=statements)
    assert statements <= WRITTEN_IN


def test_being_the_named_person_is_handed_over_in_few_statements(lived: Village) -> None:
    handover, hanna = lived.handover("proposed"), lived.acting("hanna")
    assert asked(lambda: answer_handover(hanna, handover, accept=True)) <= WRITTEN_IN


def test_being_the_named_person_with_a_team_and_a_plan_is_handed_over_in_few_statements(lived: Village) -> None:
    child, post = lived.plan("active").child, lived.post("assistant_rektor")
    handover = propose_handover(lived.acting("bo"), child, HandoverKind.NAMED_PERSON, post, note=WORDS)
    hanna = lived.acting("hanna")
    statements = asked(lambda: answer_handover(hanna, handover, accept=True))
    figures.tell("growth", handed_over=statements)
    assert statements <= WRITTEN_IN


def test_the_lead_is_handed_over_in_few_statements(lived: Village) -> None:
    child, post = lived.plan("active").child, lived.post("rektor")
    handover = propose_handover(lived.acting("ines"), child, HandoverKind.LEAD, post, note=WORDS)
    bo = lived.acting("bo")
    assert asked(lambda: answer_handover(bo, handover, accept=True)) <= WRITTEN_IN


def test_my_sign_ins_ask_the_same_however_many_there_are(lived: Village) -> None:
    client = lived.client("bo")
    few = opened(client, "/sign-ins/")
    for _ in range(THIRTY):
        assert Client().post("/demo/bo/").status_code == 302
    assert opened(client, "/sign-ins/") == few
