"""The technical log says which page broke or was not there, and not about whom it was or what somebody had typed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from samsyn.site.logs import NothingPersonal
from tests.doors.test_store_away import Away
from tests.village import Village


class Kept(logging.Handler):
    """Keeps the lines that the house would write."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(NothingPersonal())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One line more."""
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    """What is written while the test runs."""
    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield kept.lines
    logging.getLogger().removeHandler(kept)


def test_a_childs_page_that_breaks_is_logged_by_the_name_of_the_page(lived: Village, log: list[str]) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    bo.raise_request_exception = False
    with transaction.atomic():
        with connection.execute_wrapper(Away(8)):
            assert bo.get(f"/children/{signe.ref}/").status_code == 500
        transaction.set_rollback(True)
    (line,) = log
    assert line.startswith("Internal Server Error: desk:child\n")
    assert str(signe.ref) not in line


@pytest.mark.parametrize("typed", ["Signe Lind", "Åsa Öberg", "Signe\nLind"])
def test_what_somebody_typed_as_an_address_is_not_logged(lived: Village, log: list[str], typed: str) -> None:
    assert lived.client("bo").get(f"/children/{typed}/").status_code == 404
    assert log == ["Not Found: [address]"]


def test_a_child_whom_somebody_may_not_see_is_not_logged_either(lived: Village, log: list[str]) -> None:
    signe = lived.child("Signe")
    assert lived.client("kurt").get(f"/children/{signe.ref}/").status_code == 404
    assert lived.client("kurt").put(f"/children/{signe.ref}/").status_code == 405
    assert log
    assert str(signe.ref) not in " ".join(log)


def test_the_page_that_a_refused_form_came_from_is_not_logged(lived: Village, log: list[str]) -> None:
    signe, bo = lived.child("Signe"), lived.client("bo")
    bo.handler.enforce_csrf_checks = True
    came_from = f"https://another-name.example/children/{signe.ref}/?q=Signe"
    sent = bo.post("/away/", {"csrfmiddlewaretoken": "x"}, secure=True, headers={"referer": came_from})
    assert sent.status_code == 403
    (line,) = log
    assert "https://another-name.example/[address]" in line
    assert str(signe.ref) not in line
    assert "Signe" not in line
