"""Who the house is, others know by its certificate: a database and a register that ask for nothing else."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from samsyn.people.actions.look_ups import registers
from samsyn.people.registers import RegisterUnavailable
from samsyn.site.checks import others_know_us_by_a_certificate
from samsyn.site.environment import database_from_url, knows_us_by_password
from tests import postgresql, proxying, servers
from tests.village import REGISTERED


class Papers(NamedTuple):
    """A certificate, and its key."""

    certificate: Path
    key: Path


def papers(folder: Path, name: str) -> Papers:
    """Made for this name, in a folder of their own."""
    (folder / name).mkdir()
    made = Papers(*proxying.write_certificate(folder / name, name=name))
    made.key.chmod(0o600)
    return made


def signed_in(port: int, server: Papers, shown: Papers | None) -> str:
    """Whom the database takes us for, reached as the settings read it. Raises OperationalError else."""
    how = f"sslmode=verify-full&sslrootcert={server.certificate}"
    if shown is not None:
        how += f"&sslcert={shown.certificate}&sslkey={shown.key}"
    address = f"postgresql://{postgresql.WEB}@localhost:{port}/{postgresql.OWNER}?{how}"
    database = ConnectionHandler({"default": database_from_url(address)})["default"]
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT current_user || ' over ' || version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            return str(cursor.fetchone()[0])
    finally:
        database.close()


def test_a_database_lets_the_web_in_by_its_certificate_and_by_nothing_else(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    server, web, other = (papers(tmp_path, name) for name in (proxying.NAME, postgresql.WEB, "somebody"))
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(web.certificate.read_bytes() + other.certificate.read_bytes())
    port = servers.free_port()
    with postgresql.running(encrypted=postgresql.Encrypted(port, *server, trusted)), django_db_blocker.unblock():
        assert signed_in(port, server, web) == f"{postgresql.WEB} over TLSv1.3"
        for wrong in (None, other):
            with pytest.raises(OperationalError, match="certificate"):
                signed_in(port, server, wrong)
        with pytest.raises(OperationalError, match="certificate verify failed"):
            signed_in(port, other, web)


class Register(BaseHTTPRequestHandler):
    """Knows nobody, and keeps who asked: the name of the certificate, and the token."""

    asked: list[tuple[str, str | None]]

    def do_POST(self) -> None:
        """Answer that there is nobody of that number."""
        self.rfile.read(int(self.headers["Content-Length"]))
        shown: Any = self.connection.getpeercert()
        self.asked.append((shown["subject"][0][0][1], self.headers["Authorization"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"data": [], "pageToken": null}')

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is to be said."""


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[Papers]:
    """A register that lets in who shows the certificate that is given."""
    server, house = papers(tmp_path, proxying.NAME), papers(tmp_path, "samsyn")
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    Register.asked = []
    how = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    how.load_cert_chain(*server)
    how.load_verify_locations(house.certificate)
    how.verify_mode = ssl.CERT_REQUIRED
    listening = HTTPServer(("127.0.0.1", 0), Register)
    listening.handle_error = lambda *_: None  # type: ignore[method-assign]  # who shows none is hung up on
    listening.socket = how.wrap_socket(listening.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    settings.SAMSYN_REGISTER_FILE = settings.SAMSYN_REGISTER_TOKEN = ""
    settings.SAMSYN_REGISTER_URL = f"https://{proxying.NAME}:{listening.server_port}"
    yield house
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_a_register_lets_the_house_in_by_its_certificate_and_needs_no_token(
    register: Papers, settings: Settings, tmp_path: Path
) -> None:
    both = tmp_path / "house.pem"
    both.write_bytes(register.certificate.read_bytes() + register.key.read_bytes())
    settings.SAMSYN_REGISTER_CERTIFICATE = str(both)
    (one,) = registers()
    assert one.look_up("personnummer", REGISTERED) is None
    assert Register.asked == [("samsyn", None)]


def test_a_register_does_not_let_in_who_shows_none(register: Papers, settings: Settings) -> None:
    settings.SAMSYN_REGISTER_CERTIFICATE = ""
    (one,) = registers()
    with pytest.raises(RegisterUnavailable):
        one.look_up("personnummer", REGISTERED)
    assert Register.asked == []


def test_the_start_warns_where_a_token_or_a_password_is_all(settings: Settings) -> None:
    settings.SAMSYN_MODE, settings.SAMSYN_REGISTER_CERTIFICATE = "production", ""
    settings.SAMSYN_REGISTER_URL = "https://register.example.se"
    assert [one.id for one in others_know_us_by_a_certificate(None)] == ["samsyn.W002"]
    settings.SAMSYN_REGISTER_CERTIFICATE = "/etc/ssl/house.pem"
    assert others_know_us_by_a_certificate(None) == []
    elsewhere = "postgresql://web@db.example.se/samsyn?sslmode=verify-full"
    assert knows_us_by_password(database_from_url(elsewhere))
    assert not knows_us_by_password(database_from_url(f"{elsewhere}&sslcert=/etc/ssl/web.pem&sslkey=/etc/ssl/web.key"))
    assert not knows_us_by_password(database_from_url("postgresql:///samsyn"))
