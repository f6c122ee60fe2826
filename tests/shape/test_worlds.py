"""The databases that tests stand on: threads share a committed world, and nothing of it stays behind."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from samsyn.common import clock
from samsyn.people.models import SignIn
from tests import environment
from tests.worlds import CommittedWorld


def opened(key: str) -> None:
    """A row that really is committed."""
    with transaction.atomic():
        SignIn.objects.create(session_key=key, session_data="", expire_date=clock.now())


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_committed_world_begins_empty_each_time(committed_world: CommittedWorld, time: str) -> None:
    assert not SignIn.objects.exists()
    opened("the same key both times")


def test_threads_see_what_others_committed(committed_world: CommittedWorld) -> None:
    seen = threading.Event()

    def write() -> bool:
        opened("from a thread")
        seen.set()
        return True

    def read() -> bool:
        assert seen.wait(10)
        return SignIn.objects.filter(session_key="from a thread").exists()

    assert committed_world.at_once(write, read) == [True, True]
    assert SignIn.objects.count() == 1


def test_of_two_that_do_the_same_at_once_one_is_refused(committed_world: CommittedWorld) -> None:
    outcomes = committed_world.at_once(*[lambda: opened("contested")] * 2)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [IntegrityError]
    assert SignIn.objects.count() == 1


@pytest.mark.django_db
def test_the_chosen_database_is_the_one_that_is_used() -> None:
    assert connection.vendor == ("postgresql" if environment.on_postgresql() else "sqlite")
    assert str(connection.settings_dict["NAME"]).startswith(environment.database_name("")[:12])


@pytest.mark.django_db
def test_on_postgresql_the_tests_are_no_superuser() -> None:
    if connection.vendor != "postgresql":
        assert connection.vendor == "sqlite"
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)


def test_without_asking_for_a_database_there_is_none() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        SignIn.objects.count()
