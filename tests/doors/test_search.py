"""Searching by name and by number is answered from an index, asked as the pages ask it, among very many."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.duties.models import Duty
from samsyn.people.actions import look_ups
from samsyn.people.identities import find_by_number
from samsyn.people.models import Identity, LookUp, Person
from samsyn.people.numbers import IdentitySystem
from samsyn.sharing.models import Involvement, Reason, Scope
from samsyn.site.village.names import FAMILY_NAMES, GIVEN_NAMES
from tests.doors.scenes import filled
from tests.village import EXTRACT, REGISTERED, Village

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

MANY, AT_THE_SCHOOL = 8_000, 800


@pytest.fixture(scope="module")
def crowded(
    settled: Village, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Village]:
    """The village among many others, for all the tests of this file: they only look."""
    extract = tmp_path_factory.mktemp("register") / "extract.csv"
    extract.write_text(EXTRACT, encoding="utf-8")
    with django_db_blocker.unblock(), settled.open(), override_settings(SAMSYN_REGISTER_FILE=str(extract)):
        crowd(settled)
        yield settled


def crowd(village: Village) -> None:
    """Names as common as they are, numbers of all, and a large school; and let the database take note of how many."""
    now = clock.now()
    people = Person.objects.bulk_create(
        Person(
            given_name=GIVEN_NAMES[number % len(GIVEN_NAMES)],
            family_name=f"{FAMILY_NAMES[number % len(FAMILY_NAMES)]}{number % 50}",
            called=GIVEN_NAMES[number % len(GIVEN_NAMES)],
            created_at=now,
        )
        for number in range(MANY)
    )
    system = IdentitySystem.PERSONNUMMER.value
    Identity.objects.bulk_create(
        Identity(person=one, system=system, sealed=b"sealed", blind=secrets.token_bytes(32)) for one in people
    )
    school, other = village.unit("stoby"), village.unit("norra")
    Involvement.objects.bulk_create(
        Involvement(
            child=one,
            authority_id=school.authority_id,
            unit=school if number < AT_THE_SCHOOL else other,
            reason=Reason.ATTENDS,
            scope=Scope.FIND,
            since=now,
            source="test",
        )
        for number, one in enumerate(people)
    )
    Duty.objects.bulk_create(
        Duty(
            child=one,
            post=village.post("norra_rektor"),
            what="acknowledge_sign",
            room="sign",
            object_ref=new_reference(),
            rule="acknowledge_signal",
            started_at=now,
            due_at=now,
        )
        for one in people[AT_THE_SCHOOL:]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def plans(do: Callable[[], object], table: str) -> list[str]:
    """How the database answers each question about a table that something asks, as the database itself says."""
    with CaptureQueriesContext(connection) as asked:
        do()
    statements = [
        one["sql"] for one in asked if re.match(r"\s*SELECT\b", one["sql"]) and f'FROM "{table}"' in one["sql"]
    ]
    found = []
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + statement)
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
    return found


def scans(plan: str, *tables: str) -> list[str]:
    """The lines of a plan that read a whole table."""
    whole = (
        r"^SCAN (?:{0})\b(?!.*USING (?:COVERING )?INDEX)" if connection.vendor == "sqlite" else r"Seq Scan on (?:{0})\b"
    )
    return [line for line in plan.splitlines() if re.search(whole.format("|".join(tables)), line)]


def test_a_plan_that_reads_everything_is_seen(crowded: Village) -> None:
    everything = plans(lambda: list(Person.objects.filter(birth_date=None, interpreter="xx")), "people_person")
    assert len(everything) == 1
    assert scans(everything[0], "people_person")


@pytest.mark.parametrize("words", ["sig", "Signe", "signe lindqvist", "lind", "al"])
def test_a_name_is_found_by_index_at_the_own_place(crowded: Village, words: str) -> None:
    bo = crowded.client("bo")

    def search() -> None:
        assert bo.post("/find/", {"name": words}).status_code == 200

    found = plans(search, "people_person")
    assert found
    assert [line for plan in found for line in scans(plan, "people_person", "people_identity")] == []


@pytest.mark.parametrize("words", ["sig", "signe lindqvist"])
def test_a_name_is_found_by_the_index_of_names(crowded: Village, words: str) -> None:
    (plan,) = plans(lambda: list(Person.objects.named(words)), "people_person")
    assert "person_by_given" in plan
    assert scans(plan, "people_person") == []


def test_a_worklist_begins_with_the_posts_own_and_not_with_everybodys(crowded: Village) -> None:
    bo = crowded.client("bo")

    def morning() -> None:
        assert bo.get("/").status_code == 200

    (plan,) = plans(morning, "duties_duty")
    assert scans(plan, "duties_duty") == []
    assert "duty_overdue" not in plan


def test_a_number_is_found_by_index(crowded: Village) -> None:
    system = IdentitySystem.PERSONNUMMER.value
    (plan,) = plans(lambda: find_by_number(system, REGISTERED), "people_person")
    assert re.search(r"SEARCH people_identity USING INDEX|using identity_once", plan)
    assert scans(plan, "people_person", "people_identity") == []


class OnlyListens:
    """A register that notes how many transactions are open while it is asked, and knows nobody."""

    source = "test"

    def __init__(self) -> None:
        self.open: list[int] = []

    def look_up(self, _system: str, _value: str) -> None:
        """Nobody."""
        self.open.append(len(connection.atomic_blocks))


def test_a_register_is_asked_while_the_request_holds_no_transaction(
    crowded: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = OnlyListens()
    monkeypatch.setattr(look_ups, "registers", lambda: (register,))
    outside = len(connection.atomic_blocks)
    answer = crowded.client("maja").post(
        "/find/number/", filled({"number": REGISTERED, "reason": "Hon väntade länge vid grinden."})
    )
    assert answer.status_code == 422
    assert register.open == [outside]
    assert LookUp.objects.latest("pk").outcome == "nobody"


def test_who_gave_a_reserve_number_is_asked_where_it_does_not_tell(crowded: Village) -> None:
    maja, asked = crowded.client("maja"), {"number": "20130101TF01", "reason": "Hon väntade länge vid grinden."}
    assert b"id_issuer" not in maja.get("/find/").content
    page = maja.post("/find/number/", filled(asked))
    assert page.status_code == 422
    assert b'id="id_issuer_error"' in page.content
    page = maja.post("/find/number/", filled({**asked, "issuer": "9990"}))
    assert b'id="id_number_error"' in page.content
    assert LookUp.objects.latest("pk").outcome == "nobody"


def test_looking_a_number_up_reads_no_table_from_end_to_end(crowded: Village) -> None:
    maja = crowded.client("maja")
    body = filled({"number": REGISTERED, "reason": "Hon väntade länge vid grinden."})

    def look_up() -> None:
        assert maja.post("/find/number/", body).status_code == 302

    found = plans(look_up, "people_person")
    assert any("people_identity" in plan for plan in found)
    assert [line for plan in found for line in scans(plan, "people_person", "people_identity")] == []
