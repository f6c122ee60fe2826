"""Every act, every look and every refusal leaves an entry that fits its commitment, in the transaction it tells of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from samsyn.common import clock
from samsyn.common.decision import Refused, no
from samsyn.common.ids import new_reference
from samsyn.common.reading import gather, note
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.early_signals.models import Sign
from samsyn.people.models import Person
from samsyn.trail.actions import act, once, read, refuse
from samsyn.trail.models import Command, Mode, TrailEntry, TrailSubject
from samsyn.trail.rules import COMMITTED, Subject
from tests import environment
from tests.postgresql import OWNER
from tests.rooms.trail.checking import holds, subjects_of
from tests.village import Village
from tests.worlds import CommittedWorld

BO = Viewer(
    account=1,
    account_ref=UUID(int=1),
    person_ref=UUID(int=2),
    post_ref=UUID(int=3),
    unit_ref=UUID(int=4),
    principal_ref=UUID(int=5),
    person_label="Bo Ekdahl",
    post_label="rektor",
    unit_label="Stobyskolan",
)
SIGN, CHILD, OTHER = UUID(int=10), UUID(int=11), UUID(int=12)
ABOUT = [Subject("sign", SIGN, CHILD, "sent"), Subject("child", CHILD, CHILD)]


# --- what is written -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_act_tells_who_where_what_on_which_ground_and_when() -> None:
    moment = clock.now() - timedelta(days=3)
    with clock.at(moment):
        entry = act(BO, "sign.sent", ABOUT, ground="own_authority")
    entry.refresh_from_db()
    assert (entry.mode, entry.act, entry.ground, entry.at) == (Mode.ACT, "sign.sent", "own_authority", moment)
    assert (entry.person_label, entry.post_label, entry.unit_label) == ("Bo Ekdahl", "rektor", "Stobyskolan")
    assert (entry.account_ref, entry.post_ref, entry.principal_ref) == (UUID(int=1), UUID(int=3), UUID(int=5))
    assert subjects_of(entry) == ABOUT
    assert holds(entry)


@pytest.mark.django_db
def test_a_look_is_one_entry_that_names_all_that_was_shown_and_each_thing_once() -> None:
    with gather() as reading:
        for _ in range(2):
            note("sign", SIGN, 7, None)
            note("person", CHILD, 7, CHILD)
            note("duty", OTHER, 8, OTHER)
    reading.ground = "you are the named person"
    entry = read(BO, "desk:child", reading)
    assert (entry.mode, entry.act, entry.ground) == (Mode.READ, "desk:child", "you are the named person")
    assert subjects_of(entry) == [
        Subject("sign", SIGN, CHILD),
        Subject("person", CHILD, CHILD),
        Subject("duty", OTHER, OTHER),
    ]
    assert holds(entry)
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_tells_what_was_refused_and_why() -> None:
    entry = refuse(BO, "desk:request_act", "The one who was asked answers this.")
    assert (entry.mode, entry.act) == (Mode.REFUSAL, "desk:request_act")
    assert entry.ground == "The one who was asked answers this."
    assert holds(entry)


def otherwise(entry: TrailEntry) -> Iterator[dict[str, Any]]:
    """Each field of an entry as it was not."""
    for name in COMMITTED:
        value = getattr(entry, name)
        yield {name: new_reference() if isinstance(value, UUID) else f"{value}x"}
    yield {"at": entry.at + timedelta(microseconds=1)}
    yield {"nonce": bytes(16)}


@pytest.mark.django_db
def test_no_field_can_be_another_without_it_being_seen() -> None:
    entry = act(BO, "sign.sent", ABOUT, ground="own_authority")
    entry.refresh_from_db()
    assert [change for change in otherwise(entry) if holds(entry, **change)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "subjects",
    [
        [],
        ABOUT[:1],
        [*ABOUT, Subject("plan", OTHER, CHILD)],
        [Subject("sign", OTHER, CHILD, "sent"), ABOUT[1]],
        [Subject("sign", SIGN, OTHER, "sent"), ABOUT[1]],
        [Subject("sign", SIGN, None, "sent"), ABOUT[1]],
        [Subject("sign", SIGN, CHILD, "closed"), ABOUT[1]],
        [Subject("talk", SIGN, CHILD, "sent"), ABOUT[1]],
        [ABOUT[0], ABOUT[1], ABOUT[1]],
    ],
)
def test_no_subject_can_be_added_taken_away_or_changed_without_it_being_seen(subjects: list[Subject]) -> None:
    entry = act(BO, "sign.sent", ABOUT)
    assert holds(entry, ABOUT[::-1])
    assert not holds(entry, subjects)


@pytest.mark.django_db
def test_the_same_step_at_the_same_moment_has_another_commitment() -> None:
    with clock.at(clock.now()):
        one, other = act(BO, "sign.sent", ABOUT), act(BO, "sign.sent", ABOUT)
    assert bytes(one.commitment) != bytes(other.commitment)


@pytest.mark.django_db
def test_a_commitment_holds_for_its_own_principal_alone() -> None:
    entry = act(BO, "sign.sent", ABOUT)
    entry.principal_ref = new_reference()
    assert not holds(entry)


def test_every_entry_of_a_lived_year_and_a_half_fits_its_commitment(lived: Village) -> None:
    entries = list(TrailEntry.objects.prefetch_related("subjects"))
    assert len(entries) > 500
    assert [entry.pk for entry in entries if not holds(entry)] == []


@pytest.mark.django_db
def test_what_an_entry_tells_of_is_undone_with_it() -> None:
    with transaction.atomic():
        act(BO, "sign.sent", ABOUT)
        transaction.set_rollback(True)
    assert not TrailEntry.objects.exists()
    assert not TrailSubject.objects.exists()


# --- once ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_second_press_gets_the_first_ones_result_and_does_nothing() -> None:
    key, done = new_reference(), []

    def do() -> UUID:
        done.append(new_reference())
        act(BO, "sign.sent", ABOUT)
        return done[-1]

    first = once(BO, key, do)
    assert (once(BO, key, do), once(BO, key, do)) == (first, first)
    assert TrailEntry.objects.count() == 1
    assert Command.objects.get().result_ref == first == done[0]


@pytest.mark.django_db
def test_back_and_send_again_gets_the_first_result_though_the_rule_now_says_no() -> None:
    key, result = new_reference(), new_reference()
    assert once(BO, key, lambda: result) == result

    def refused() -> UUID:
        raise Refused(no("The request has been accepted already."))

    assert once(BO, key, refused) == result
    with pytest.raises(Refused):
        once(BO, new_reference(), refused)


@pytest.mark.django_db
def test_a_refusal_is_told_again_and_leaves_the_key_free() -> None:
    key, result = new_reference(), new_reference()

    def refused() -> UUID:
        act(BO, "sign.sent", ABOUT)
        raise Refused(no("Write what you saw."))

    for _ in range(2):
        with pytest.raises(Refused, match="Write what you saw"):
            once(BO, key, refused)
    assert not TrailEntry.objects.exists()
    assert not Command.objects.exists()
    assert once(BO, key, lambda: result) == result


@pytest.mark.django_db
def test_the_same_key_from_somebody_else_is_another_press() -> None:
    key, mine, theirs = new_reference(), new_reference(), new_reference()
    assert once(BO, key, lambda: mine) == mine
    assert once(SYSTEM, key, lambda: theirs) == theirs


@pytest.mark.django_db
def test_what_the_store_refuses_for_another_reason_is_told() -> None:
    def twice() -> UUID:
        for _ in range(2):
            Command.objects.create(account_ref=OTHER, key=OTHER, result_ref=OTHER, at=clock.now())
        return OTHER

    with pytest.raises(IntegrityError):
        once(BO, new_reference(), twice)
    assert not Command.objects.exists()


def test_two_presses_at_the_same_moment_are_one(committed_world: CommittedWorld) -> None:
    key = new_reference()

    def press() -> UUID:
        def do() -> UUID:
            act(BO, "sign.sent", ABOUT)
            return new_reference()

        return once(BO, key, do)

    outcomes = committed_world.at_once(*[press] * 6)
    assert len(set(outcomes)) == 1, outcomes
    assert isinstance(outcomes[0], UUID)
    assert (TrailEntry.objects.count(), Command.objects.count()) == (1, 1)


# --- reading fails when the trail does -------------------------------------------------------------------------------


@pytest.fixture
def no_more_entries(lived: Village) -> Callable[[], None]:
    """Gives what lets the store refuse every further entry of the trail, until the test is over."""
    if connection.vendor == "sqlite":
        made = "CREATE TRIGGER full BEFORE INSERT ON trail_trailentry BEGIN SELECT RAISE(ABORT, 'no room'); END"
        return lambda: run(made)
    # Only the owner adds a trigger, and only while nobody writes: it waits until the test's transaction says so.
    with psycopg.connect(environment.database_url(lived.database, OWNER)) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN RAISE 'no room'; END $$;"
            "CREATE OR REPLACE TRIGGER full_up BEFORE INSERT ON trail_trailentry FOR EACH ROW "
            "WHEN (current_setting('samsyn.no_more', true) = 'yes') EXECUTE FUNCTION full_up()"
        )
    return lambda: run("SET LOCAL samsyn.no_more = 'yes'")


def run(statement: str) -> None:
    """Carry out one statement in the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_trail_cannot_keep_is_not_shown(lived: Village, no_more_entries: Callable[[], None]) -> None:
    child, bo = lived.child("Signe"), lived.client("bo")
    bo.raise_request_exception = False
    pages = ["/", "/children/", f"/children/{child.ref}/", f"/signs/{lived.sign('received').ref}/"]
    names = [row.called for row in Person.objects.exclude(called="")]
    assert [bo.get(page).status_code for page in pages] == [200] * len(pages)
    no_more_entries()
    for page in pages:
        response = bo.get(page)
        assert response.status_code == 500
        body = response.content.decode()
        assert [name for name in names if f">{name}" in body] == []
        assert str(child.ref) not in body.replace(f'value="{page}"', "")


def test_what_the_trail_cannot_keep_is_not_done(lived: Village, no_more_entries: Callable[[], None]) -> None:
    sign, bo = lived.sign("received"), lived.client("bo")
    bo.raise_request_exception = False
    no_more_entries()
    assert bo.post(f"/signs/{sign.ref}/take-on/", {"key": new_reference()}).status_code == 500
    assert Sign.objects.get(pk=sign.pk).state == "received"
    assert not Command.objects.exists()


# --- one row for a page ----------------------------------------------------------------------------------------------


def test_min_dag_leaves_one_row_that_names_every_child_on_it(lived: Village) -> None:
    before = TrailEntry.objects.count()
    page = lived.client("bo").get("/").content.decode()
    rows = list(TrailEntry.objects.order_by("pk")[before:])
    assert [(row.mode, row.act, row.person_label, row.post_label) for row in rows] == [
        (Mode.READ, "desk:day", "Bo Ekdahl", "rektor")
    ]
    linked = re.findall(r'href="/signs/([0-9a-f-]{36})/', page)
    signs = Sign.objects.filter(ref__in=linked).values_list("child__ref", flat=True)
    assert len(set(signs)) > 5
    assert set(signs) <= {one.child_ref for one in subjects_of(rows[0])}
    assert holds(rows[0])


def test_a_page_that_shows_nobody_leaves_no_row(lived: Village) -> None:
    before = TrailEntry.objects.count()
    for page in ("/find/", "/capacity/", "/harm/"):
        assert lived.client("bo").get(page).status_code == 200
    assert lived.client("kurt").get(f"/children/{lived.child('Signe').ref}/").status_code == 404
    assert TrailEntry.objects.count() == before
