"""Fixtures for all tests: databases, the running product, and a browser.

``db`` (pytest-django) for most tests: one transaction, rolled back. ``committed_world`` for races and whatever must
truly commit. ``server`` for journeys. ``transactional_db`` and ``live_server`` are refused: they flush, and what is
append-only is never flushed.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests import environment, servers, worlds

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Response
    from pytest_django import DjangoDbBlocker, Settings

    from tests.village import Village

T = TypeVar("T")
_DATABASE_FIXTURES = {"db", "committed_world", "empty_database", "village", "server", "django_db_setup"}
_FLUSHING_FIXTURES = {"transactional_db", "live_server", "django_db_reset_sequences"}
_BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_READER = {"viewport": {"width": 1280, "height": 900}, "locale": "sv-SE", "timezone_id": "Europe/Stockholm"}
_DEEP = os.environ.get("SAMSYN_DEEP") == "1"
_PROVING = "SAMSYN_FIGURES" in os.environ

hypothesis_settings.register_profile(
    "everyday", max_examples=40, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
hypothesis_settings.register_profile(
    "deep",
    max_examples=1000,
    stateful_step_count=80,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# On the second database it is the store that is tried once more, and no rule: fewer examples will do.
hypothesis_settings.register_profile(
    "second", hypothesis_settings.get_profile("everyday"), max_examples=15, stateful_step_count=20
)
hypothesis_settings.load_profile(
    "deep" if _DEEP else "second" if environment.on_postgresql() and not _PROVING else "everyday"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="leave out what the first database has answered for both"
    )


def _reaches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & _DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None


def _asked_of_each_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database") is not None and not _DEEP:
        return False
    return _reaches_database(item)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark journeys, refuse what flushes, and leave out what this run is not about."""
    left_out = []
    for item in items:
        if "journeys" in item.path.relative_to(Path(__file__).parent).parts:
            item.add_marker("journey")
            if item.get_closest_marker("one_database") is None:
                item.add_marker("walk")
        flushing = _FLUSHING_FIXTURES & set(getattr(item, "fixturenames", ()))
        marker = item.get_closest_marker("django_db")
        if flushing or (marker is not None and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid} would flush append-only tables; use committed_world instead.")
        too_deep = item.get_closest_marker("deep") is not None and not (_DEEP or _PROVING)
        if too_deep or (config.getoption("--database-only") and not _asked_of_each_database(item)):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]

    items[:] = _the_long_ones_first(items)


def _the_long_ones_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """Each process of several begins with its share of what takes longest, and so none of them waits for it at the end.

    The processes take the list in equal parts, one after another, and then from each other.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long") is not None]
    if processes == 1 or not long:
        return items
    others = iter([item for item in items if item.get_closest_marker("long") is None])
    ordered: list[pytest.Item] = []
    for one in range(processes):
        ordered += long[one::processes]
        ordered += islice(others, len(items) * (one + 1) // processes - len(ordered))
    return [*ordered, *others]


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stays in memory is set aside. In a whole run the village is made while the long tests run, which need none:
    later ones need not wait for it."""
    gc.freeze()  # what has been read stays to the end: looking through it again and again takes a tenth of the run
    gc.set_threshold(100_000, 50, 100)
    first_process = os.environ.get("PYTEST_XDIST_WORKER") == "gw0"
    if first_process and any(item.get_closest_marker("long") is not None for item in session.items):
        session.config.add_cleanup(servers.make_village_meanwhile())


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A journey without a browser fails in CI and is told as not walked elsewhere."""
    if item.get_closest_marker("journey") is None or environment.find_chromium():
        return
    sentence = "No Chromium was found (chromium on the PATH, or SAMSYN_CHROMIUM), so this journey was not walked."
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that began the run tidies a server that is not its own."""
    if not hasattr(session.config, "workerinput"):
        worlds.drop_all_of_this_run()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's copy of the empty house; it goes with the run's folder or server."""
    from django.conf import settings as django_settings
    from django.db import connections

    from samsyn.site.second_lock.install import secure
    from samsyn.site.second_lock.logins import sign_in_as

    copy = worlds.copy_database(servers.migrated())
    with django_db_blocker.unblock():
        connections.close_all()
        django_settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = copy
        sign_in_as("owner")
        secure()
        sign_in_as("house")
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def committed_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[worlds.CommittedWorld]:
    """A copy of the migrated database, dropped afterwards: commits are real and threads see them."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("Ask for db or for committed_world, not for both.")
    with django_db_blocker.unblock(), worlds.moved_to_a_copy() as world:
        yield world


@pytest.fixture
def made_once(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[worlds.MadeOnce]:
    """Gives what a function makes, by a call that only the first test of a process waits for. What a test does to it is
    undone."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db") is not None:
        raise pytest.UsageError("Ask for db or for what is made once, not for both.")
    with django_db_blocker.unblock(), ExitStack() as stack:

        def made(make: Callable[[], T]) -> T:
            return stack.enter_context(worlds.standing_in_made(make))

        yield made


@pytest.fixture
def empty_database() -> Iterator[str]:
    """A database without a table, by the name that Django calls it."""
    name = worlds.create_database()
    yield name
    worlds.drop_database(name)


@pytest.fixture(scope="session")
def village() -> str:
    """The database that holds the village, by the name that Django calls it. Copy it; never write in it."""
    return servers.village()


@pytest.fixture(scope="session")
def settled(village: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Village]:
    """The village with everybody signed in, one for each process. Ask for ``lived``, which undoes what is done."""
    from tests.village import settle

    with django_db_blocker.unblock():
        found = settle(village)
    yield found
    worlds.drop_database(found.database)


@pytest.fixture
def lived(
    settled: Village, django_db_blocker: DjangoDbBlocker, settings: Settings, tmp_path: Path
) -> Iterator[Village]:
    """The village, with a register beside it; what the test does in it is undone."""
    from tests.village import EXTRACT

    extract = tmp_path / "extract.csv"
    extract.write_text(EXTRACT, encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE = str(extract)
    with django_db_blocker.unblock(), settled.open():
        yield settled


@pytest.fixture
def server(village: str) -> Iterator[str]:
    """The address of a web server in demo mode, on its own copy of the village."""
    copy = worlds.copy_database(village)
    try:
        with servers.serving(copy) as address:
            yield address
    finally:
        worlds.drop_database(copy)


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """The address of the village's OpenID provider, a program of its own, for clients of the house in this process."""
    with servers.provider("http://testserver") as address:
        yield address


@pytest.fixture
def server_with_provider(village: str) -> Iterator[str]:
    """As ``server``, with the village's OpenID provider beside it."""
    copy, port = worlds.copy_database(village), servers.free_port()
    try:
        with (
            servers.provider(f"http://localhost:{port}") as provider,
            servers.serving(copy, provider=provider, port=port) as address,
        ):
            yield address
    finally:
        worlds.drop_database(copy)


@pytest.fixture(scope="session")
def base_url() -> None:
    """None for all: each journey has a server of its own. (The plug-in's fixture warns under this pytest.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium, quiet towards the outside."""
    return {
        **browser_type_launch_args,
        "executable_path": environment.find_chromium(),
        "args": [*browser_type_launch_args.get("args", []), *_BROWSER_ARGUMENTS],
    }


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts (``page`` comes from one) in which no script fails, nothing breaks the content policy
    and no asset is missing. A Swedish reader at a desk, unless the journey says otherwise (``locale="ar"``).
    """
    troubles: list[str] = []

    def console(message: ConsoleMessage) -> None:
        # A refused page is told in the console as well, and is often what the journey wants to see.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            troubles.append(message.text)

    def response(answer: Response) -> None:
        if "/static/" in answer.url and answer.status >= 400:
            troubles.append(f"{answer.url} answered {answer.status}")

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**{**_READER, **options})
        context.on("weberror", lambda error: troubles.append(str(error.error)))
        context.on("console", console)
        context.on("response", response)
        return context

    yield watched
    assert not troubles
