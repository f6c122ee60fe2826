"""Read by pytest before Django is: which database the tests run on, and where their files lie.

SAMSYN_TEST_DATABASE is "sqlite" (when nothing is said) or "postgresql"; for the latter the server is the one that
DATABASE_URL names, else a private one. The process that the reader started owns the folder and the server; the
worker processes of pytest-xdist inherit both through the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests import postgresql, scratch

_FOLDER = "SAMSYN_TEST_FOLDER"
_SERVER = "SAMSYN_TEST_SERVER"
_TEST_KEYS = "test:" + "c2Ftc3luLXRlc3Qta2V5LW5vdC1mb3ItcmVhbC11c2U="
_TEST_VAULT_KEYS = "test:" + "c2Ftc3luLXRlc3QtdmF1bHQtbm90LWZvci1yZWFsLXU="
_TEST_SEAL_KEYS = "test:" + "c2Ftc3luLXRlc3Qtc2VhbC1ub3QtZm9yLXJlYWwtdXM="
_TEST_SECRET = "only for tests; a place of installation makes its own and tells nobody"
NOBODY_ANSWERS = "http://localhost:9"
"""Where the provider is until a test starts one (``provider``): the discard port."""
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is Chromium without a window to draw: it shows the same and takes a fifth less of the processor."""


def on_postgresql() -> bool:
    """Do the tests run on PostgreSQL?

    Raises pytest.UsageError for a database that is neither of the two.
    """
    chosen = os.environ.get("SAMSYN_TEST_DATABASE", "sqlite")
    if chosen not in {"sqlite", "postgresql"}:
        raise pytest.UsageError(f"SAMSYN_TEST_DATABASE must be sqlite or postgresql, not {chosen!r}.")
    return chosen == "postgresql"


def folder() -> Path:
    """This run's own folder, shared by all its processes and removed with the last of them."""
    return Path(os.environ[_FOLDER])


def run_name() -> str:
    """A word that no other run uses, for databases on a server that others use too."""
    return folder().name.replace("-", "_")


def database_name(name: str) -> str:
    """What Django calls this run's database ``name``: a path on SQLite, a name of its own on PostgreSQL."""
    return f"{run_name()}_{name}" if on_postgresql() else str(folder() / f"{name}.sqlite3")


def database_url(name: str, login: str = postgresql.OWNER) -> str:
    """The address of a database by what Django calls it, as the settings read it, signed in to as ``login``."""
    if not on_postgresql():
        return f"sqlite:///{quote(name)}"
    address = urlsplit(os.environ[_SERVER])._replace(path=f"/{name}").geturl()
    return postgresql.signed_in_as(address, login)


def settings_environment(mode: str, name: str) -> dict[str, str]:
    """What a process of ours is started with: the mode, the database and secrets that hold for tests alone.

    ``name``: what Django calls the database. In test mode a process is the house and, in a request, the web.
    """
    tester = postgresql.TESTER
    web, house = (tester, tester) if mode == "test" else (postgresql.WEB, postgresql.HOUSE)
    return {
        "SAMSYN_MODE": mode,
        "SAMSYN_DATABASE_URL": database_url(name, web),
        "SAMSYN_HOUSE_DATABASE_URL": database_url(name, house),
        "SAMSYN_OWNER_DATABASE_URL": database_url(name),
        "SAMSYN_SECRET_KEY": _TEST_SECRET,
        "SAMSYN_FIELD_KEYS": _TEST_KEYS,
        "SAMSYN_VAULT_KEYS": _TEST_VAULT_KEYS,
        "SAMSYN_SEAL_KEYS": _TEST_SEAL_KEYS,
    }


def find_chromium() -> str:
    """The browser that the journeys walk in, "" when there is none."""
    named = os.environ.get("SAMSYN_CHROMIUM", "")
    return named or next((path for path in map(shutil.which, CHROMIUM_NAMES) if path), "")


def _prepare() -> None:
    """Make the run's folder and server, and set what the settings will read. Only the first process does."""
    if _FOLDER not in os.environ:
        stack = ExitStack()
        atexit.register(stack.close)
        made = scratch.make_folder("samsyn-test-")
        stack.callback(shutil.rmtree, made, ignore_errors=True)
        os.environ[_FOLDER] = str(made)
        if on_postgresql():
            try:
                own = os.environ.get("DATABASE_URL")
                os.environ[_SERVER] = postgresql.prepared(own) if own else stack.enter_context(postgresql.running())
            except postgresql.NoServer as error:
                raise pytest.UsageError(str(error)) from error
    os.environ.update(settings_environment("test", database_name("unused")))
    os.environ.update({"SAMSYN_PASSWORDS": "yes", "SAMSYN_LOCAL_PROVIDER": NOBODY_ANSWERS})
    # Playwright keeps an event loop in the test's own thread; the tests are synchronous all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


_prepare()
