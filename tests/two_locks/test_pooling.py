"""Through a proxy that lends one connection to many, transaction by transaction, each sees their own and no more."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections
from django.db.models import Model

from samsyn.common import clock, second_lock
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations.presence import capacities, viewer_for
from samsyn.people.models import Account
from samsyn.plans.models import Plan
from samsyn.sharing.models import Consent, Disclosure, Involvement
from samsyn.site.environment import database_from_url
from samsyn.site.second_lock.logins import WHO
from tests import pooling, servers, worlds
from tests.doors.public.oidc import TOKEN
from tests.village import masked
from tests.worlds import CommittedWorld

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

MODELS: tuple[type[Model], ...] = (Sign, Request, Plan, Involvement, Consent, Disclosure)
AT_WORK = ("bo", "ines", "kurt")
IN_TURN = 12
CHILD = r'href="(/children/[0-9a-f-]{36}/)"'
LEFT = """
SELECT current_user, pg_backend_pid(), current_setting('role'), current_setting('jit'),
       coalesce(current_setting('samsyn.account', true), ''), coalesce(current_setting('samsyn.post', true), '')
"""

Rows = frozenset[tuple[str, int]]


class Glimpse(NamedTuple):
    """What somebody saw in one transaction, and over which of the database's connections."""

    rows: Rows
    over: int


def _asked(statement: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def rows_seen() -> Rows:
    """Every row that this transaction may read, of what is kept about children."""
    return frozenset(
        (model._meta.label, pk) for model in MODELS for pk in model._default_manager.values_list("pk", flat=True)
    )


def glimpse(account: int, post: int | None) -> Glimpse:
    """One transaction of somebody's, as a request makes it."""
    with second_lock.reading():
        second_lock.tell(account, post)
        return Glimpse(rows_seen(), _asked("SELECT pg_backend_pid()")[0])


class Shared:
    """A copy of the village, and those in it who share a connection. ``told``: of each, account and post."""

    def __init__(self, world: CommittedWorld) -> None:
        self.world = world
        self.told = {word: self._told(word) for word in AT_WORK}

    def _told(self, word: str) -> tuple[int, int | None]:
        account = Account.objects.get(sign_in_name=word)
        post = capacities(account.person_id, clock.now())[0].post.pk
        viewer = viewer_for(account, post, clock.now())
        return viewer.account, viewer.post

    @contextmanager
    def as_the_web(self, address: str) -> Iterator[None]:
        """Every thread signs in at this address as the web does, just as the product reads it from its settings."""
        before = {name: connection.settings_dict.get(name) for name in WHO}
        connections.close_all()
        connection.settings_dict.update({name: database_from_url(address)[name] for name in WHO})
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(before)

    @contextmanager
    def lent(self, number: int) -> Iterator[None]:
        """Every thread reaches the database through a proxy with so many connections."""
        with pooling.lending(str(connection.settings_dict["NAME"]), number) as address, self.as_the_web(address):
            yield


@pytest.fixture
def shared(village: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shared]:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(village) as world:
        yield Shared(world)


def in_turn(*whose: tuple[int, int | None]) -> list[Glimpse]:
    """Looks in turn of several, each on a connection of their own as far as they know, all in this thread's order."""
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
        rooms = [one, other]
        found = [rooms[place % 2].submit(glimpse, *told).result() for place, told in enumerate(whose)]
        for room in rooms:
            room.submit(connections.close_all).result()
    return found


def test_who_share_one_connection_in_turn_each_see_what_they_see_without_it(shared: Shared) -> None:
    alone = {word: glimpse(*told).rows for word, told in shared.told.items()}
    assert alone["bo"] - alone["ines"]
    assert alone["ines"] - alone["bo"]
    order = ["bo", "ines", "bo", "kurt", "ines", "ines", "kurt", "bo"]
    with shared.lent(1):
        found = in_turn(*(shared.told[word] for word in order))
    assert len({one.over for one in found}) == 1, "they did not share a connection"
    assert [one.rows for one in found] == [alone[word] for word in order]


@pytest.mark.parametrize("number", [1, 2])
def test_who_share_connections_at_once_each_see_what_they_see_without_them(shared: Shared, number: int) -> None:
    alone = {word: glimpse(*told).rows for word, told in shared.told.items()}

    def looks(told: tuple[int, int | None]) -> list[Glimpse]:
        return [glimpse(*told) for _ in range(IN_TURN)]

    with shared.lent(number):
        outcomes = shared.world.at_once(*(partial(looks, shared.told[word]) for word in AT_WORK))
    seen = dict(zip(AT_WORK, outcomes, strict=True))
    for word, found in seen.items():
        assert not isinstance(found, BaseException), found
        assert {one.rows for one in found} == {alone[word]}
    over = {one.over for found in seen.values() if not isinstance(found, BaseException) for one in found}
    assert len(over) == number


def _tell_and(do: Callable[[], object]) -> None:
    with second_lock.reading():
        second_lock.tell(1, 1)
        do()


def _act(fails: bool = False) -> None:
    with second_lock.acting():
        assert _asked("SELECT current_user") == (second_lock.ACTS,)
        if fails:
            raise ZeroDivisionError


def _acts() -> None:
    _tell_and(_act)


def _fails_in_the_database() -> None:
    with pytest.raises(DatabaseError):
        _tell_and(partial(_asked, "SELECT 1 / 0"))


def _fails_while_acting() -> None:
    with pytest.raises(ZeroDivisionError):
        _tell_and(partial(_act, fails=True))


@pytest.mark.parametrize("deed", [_acts, _fails_in_the_database, _fails_while_acting])
def test_however_a_transaction_ends_the_next_on_the_connection_finds_nothing_of_it(
    shared: Shared, deed: Callable[[], None]
) -> None:
    with shared.lent(1):
        before = _asked(LEFT)
        assert (before[2], *before[4:]) == ("none", "", "")
        deed()
        glimpse(*shared.told["bo"])
        assert _asked(LEFT) == before


def test_who_tells_nothing_reads_nothing_after_somebody_who_did(shared: Shared) -> None:
    with shared.lent(1):
        assert glimpse(*shared.told["bo"]).rows
        with second_lock.reading():
            assert rows_seen() == frozenset()
        with pytest.raises(ProgrammingError, match="permission denied"):
            _asked(f"SELECT count(*) FROM {Sign._meta.db_table}")


def test_not_even_what_somebody_left_in_the_session_is_believed(shared: Shared) -> None:
    """A setting of the session does reach the next through this proxy: so these tests would see it if ours did."""
    account, post = shared.told["bo"]
    leave = f"SELECT set_config('samsyn.account', '{account}', false), set_config('samsyn.post', '{post}', false)"
    find = "SELECT current_setting('samsyn.account', true)"
    with shared.lent(1):
        _asked(leave)
        assert shared.world.at_once(partial(_asked, find)) == [(str(account),)]
        with second_lock.reading():
            assert rows_seen() == frozenset()


@contextmanager
def _signed_in(house: str, word: str) -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=60) as browser:
        token = TOKEN.search(browser.get(f"{house}/demo/{word}/").text)
        assert token is not None
        assert browser.post(f"{house}/demo/{word}/", data={"csrfmiddlewaretoken": token[1]}).status_code == 302
        yield browser


def _read(browser: httpx.Client, house: str, pages: list[str]) -> list[tuple[int, bytes]]:
    answers = [browser.get(house + page) for page in pages]
    return [(answer.status_code, masked(answer.content)) for answer in answers]


def test_the_houses_pages_are_the_same_through_it_for_several_at_once(village: str) -> None:
    """A whole web server signs in past the proxy and through it; Bo and Ines read in both at the same time."""
    copy = worlds.copy_database(village)
    try:
        with (
            pooling.lending(copy, 1) as lent,
            servers.serving(copy) as straight,
            servers.serving(copy, reached_at=lent) as through,
            _signed_in(through, "bo") as bo,
            _signed_in(through, "ines") as ines,
            ThreadPoolExecutor(2) as both,
        ):
            children = [re.findall(CHILD, one.get(f"{straight}/children/").text) for one in (bo, ines)]
            only_one = set(children[0]) ^ set(children[1])
            assert only_one
            pages = ["/", "/children/", "/handovers/", *sorted({*children[0][:2], *children[1][:2], only_one.pop()})]
            alone = [_read(one, straight, pages) for one in (bo, ines)]
            assert {status for read in alone for status, _body in read} == {200, 404}
            for _ in range(3):
                assert list(both.map(lambda one: _read(one, through, pages), (bo, ines))) == alone
    finally:
        worlds.drop_database(copy)
