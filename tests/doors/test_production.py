"""A place of installation from nothing: migrated, filled from files, style sheets gathered, answering behind TLS."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.message import Message
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError

import pytest

from tests import environment, servers

ORGANISATION = """\
principal_kind;principal_code;authority;sphere;unit_id;unit;unit_parent;unit_kind;post_id;post;post_role;post_parent
kommun;1293;Barn- och utbildningsnämnden;skola;S1;Stobyskolan;;skola;P2;Rektor;trygghetsperson;P1
kommun;1293;Socialnämnden;socialtjänst;J1;Jouren;;jour;P1;Samordnare;jour;
"""
PROVIDERS = """\
[[provider]]
word = "siths"
name = "SITHS e-id"
issuer = "https://login.example.se"
client_id = "samsyn"
client_secret = "only for tests"
opens = "staff"
levels = ["http://id.sambi.se/loa/loa3"]
"""
STAFF = """\
number;staff_id;given_name;family_name;called;sign_in_name;language;post_id;since;until
;k16;Bo;Ek;;bo;sv;P2;2025-08-18;
;k17;Karin;Alm;;karin;sv;P1;2025-01-01;
"""

AGREEMENT = """\
name = "Samsyn i Hässleholm"
decision_number = "KS 2026:14"
decided_on = 2026-05-23
[[parties]]
principal_kind = "kommun"
principal_code = "1293"
authority = "Barn- och utbildningsnämnden"
[[parties]]
principal_kind = "kommun"
principal_code = "1293"
authority = "Socialnämnden"
"""


@pytest.fixture
def house(tmp_path: Path, empty_database: str) -> dict[str, str]:
    """The environment of an installation of its own on an empty database; its style sheets too have a folder.

    On PostgreSQL the owner, the web and the house sign in apart, as docs/running.md tells.
    """
    providers = tmp_path / "providers.toml"
    providers.write_text(PROVIDERS, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(servers.ROOT),
        "PYTHONUNBUFFERED": "1",
        **environment.settings_environment("production", empty_database),
        "SAMSYN_SECRET_KEY": "a long text that only this installation has, and that nobody guesses",
        "SAMSYN_FIELD_KEYS": "first:" + base64.b64encode(bytes(range(32))).decode(),
        "SAMSYN_SEAL_KEYS": "first:" + base64.b64encode(bytes(range(1, 33))).decode(),
        "SAMSYN_VAULT_KEYS": "first:" + base64.b64encode(bytes(range(2, 34))).decode(),
        "SAMSYN_HOSTS": "localhost",
        "SAMSYN_TLS": "yes",
        "SAMSYN_PROVIDERS_FILE": str(providers),
        "SAMSYN_STATIC_ROOT": str(tmp_path / "static"),
        "SAMSYN_ROOTS_PATH": str(tmp_path / "roots"),
        "SAMSYN_TOMBSTONES_PATH": str(tmp_path / "tombstones"),
    }


def told(house: dict[str, str], *arguments: str, works: bool = True) -> str:
    """What a console command prints."""
    done = subprocess.run(
        servers.samsyn(*arguments), cwd=servers.ROOT, env=house, capture_output=True, text=True, check=False
    )
    assert (done.returncode == 0) is works, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextmanager
def serving(house: dict[str, str], log: Path) -> Iterator[int]:
    """The web server, until the block ends. Gives its port."""
    port = servers.free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            servers.samsyn("serve", "--port", str(port)),
            cwd=servers.ROOT,
            env=house,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        servers.wait_until_it_answers(process, port, log)
        yield port
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Message
    text: str


def get(port: int, path: str, **headers: str) -> Answer:
    """An answer as the proxy that ends TLS gets it."""
    answer: HTTPResponse | HTTPError
    try:
        answer = servers.get(port, path, **{"X_Forwarded_Proto": "https", **headers})
    except HTTPError as refused:
        answer = refused
    with answer:
        return Answer(answer.status or 0, answer.headers, answer.read().decode("utf-8", "replace"))


def status_of(method: str, port: int, path: str) -> int:
    """What a method other than GET is answered."""
    with closing(HTTPConnection("localhost", port)) as asked:
        asked.request(method, path, headers={"X-Forwarded-Proto": "https"})
        return asked.getresponse().status


@pytest.mark.walk
@pytest.mark.long
def test_an_installation_is_made_and_served_in_production(house: dict[str, str], tmp_path: Path) -> None:
    organisation, staff = tmp_path / "organisation.csv", tmp_path / "staff.csv"
    agreement = tmp_path / "partnership.toml"
    agreement.write_text(AGREEMENT, encoding="utf-8")
    organisation.write_text(ORGANISATION, encoding="utf-8")
    staff.write_text(STAFF, encoding="utf-8")
    told(house, "migrate")
    assert "No principal has been added yet" in told(house, "serve", works=False)
    told(house, "import-organisations", str(organisation), "--apply")
    told(house, "import-staff", str(staff), "--apply")
    assert "--apply" in told(house, "import-partnership", str(agreement))
    told(house, "import-partnership", str(agreement), "--apply")
    assert "--apply" not in told(house, "import-partnership", str(agreement))
    assert "samsyn collect-static" in told(house, "serve", works=False)
    told(house, "collect-static")
    told(house, "link-sign-in", "karin", "siths", "karin-at-siths")
    without = {name: value for name, value in house.items() if name != "SAMSYN_PROVIDERS_FILE"}
    assert "Name an OpenID provider for staff" in told(without, "check", works=False)
    elsewhere = {**house, "SAMSYN_DATABASE_URL": "postgresql://web@database.invalid/samsyn"}
    assert "?sslmode=verify-full" in told(elsewhere, "check", works=False)
    told(house, "check")
    assert "behind a proxy that ends TLS" in told(house, "serve", "--host", "0.0.0.0", works=False)

    log = tmp_path / "serve.log"
    with serving(house, log) as port:
        assert get(port, "/", X_Forwarded_Proto="http").status == 301
        first = get(port, "/")
        assert (first.status, first.headers["Location"].split("?")[0]) == (302, "/sign-in/")
        page = get(port, "/sign-in/")
        assert page.status == 200
        assert "SITHS e-id" in page.text
        assert "https://login.example.se" in page.headers["Content-Security-Policy"]
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        cookies = page.headers.get_all("Set-Cookie") or []
        assert cookies
        assert all(re.match(r"__Host-.*; HttpOnly;.*; SameSite=Lax; Secure", one) for one in cookies), cookies
        for method in ("OPTIONS", "TRACE", "DELETE"):
            assert status_of(method, port, "/sign-in/") == 405
        sheets = re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text)
        assert len(sheets) >= 5
        for address in sheets:
            answer = get(port, address, Accept_Encoding="gzip")
            assert answer.status == 200, address
            assert re.search(r"\.[0-9a-f]{12}\.", address), f"{address} says nothing of what is in it"
            assert "immutable" in answer.headers["Cache-Control"]
        assert get(port, "/demo/").status == 404
        assert get(port, "/static/samsyn/samsyn.scss").status == 404
    told_by_server = log.read_text()
    assert told_by_server.startswith("System check identified no issues")
    assert "[WARNING]" not in told_by_server  # granian's own
    assert "ERROR" not in told_by_server
    _keeps_house(house)


def _keeps_house(house: dict[str, str]) -> None:
    """What the place's timer and its operators run, with the logins that they have."""
    for line in ("tick", "worker --batch", "verify-trail", "keys --wrap-anew", "weed --do", "close-account bo"):
        told(house, *line.split())
    told(house, "retention-plan", "Barn- och utbildningsnämnden", "--years", "10", "--decision", "BUN 2026:7")
