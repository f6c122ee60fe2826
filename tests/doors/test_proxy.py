"""The proxy that the house is delivered with, before a house that runs: who gets through, and with what."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from samsyn.site.proxy_check import LOOKS, Proxy, look_at
from tests import environment, proxying, servers, worlds
from tests.doors.public.oidc import TOKEN
from tests.proxying import NAME, Front, Passed, Tap

BEHIND = {"SAMSYN_TLS": "yes", "SAMSYN_PROXY_TELLS_ADDRESS": "yes"}
SECOND = b"GET /harm/?second HTTP/1.1\r\nHost: localhost\r\n\r\n"
CHUNKED = b"%x\r\n%b\r\n0\r\n\r\n" % (len(SECOND), SECOND)
AMBIGUOUS = {
    "the length first, a chunk in it": (b"Content-Length: %d\r\nTransfer-Encoding: chunked" % (len(SECOND) + 5), 0),
    "chunks first, a short length": (b"Transfer-Encoding: chunked\r\nContent-Length: 4", 1),
    "two lengths": (b"Content-Length: 0\r\nContent-Length: %d" % len(SECOND), 2),
    "two lengths in one line": (b"Content-Length: 0, %d" % len(SECOND), 2),
    "a length with a sign": (b"Content-Length: +%d" % len(SECOND), 2),
    "a folded line": (b"Content-Length: 5\r\nTransfer-Encoding:\r\n chunked", 0),
    "a space before the colon": (b"Content-Length: 5\r\nTransfer-Encoding : chunked", 0),
    "a low line for a hyphen": (b"Content-Length: 5\r\nTransfer_Encoding: chunked", 0),
    "another coding": (b"Content-Length: 5\r\nTransfer-Encoding: xchunked", 0),
    "two codings": (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity", 0),
    "a control sign in the coding": (b"Content-Length: 5\r\nTransfer-Encoding: \x0bchunked", 0),
    "only a line feed": (b"Content-Length: 5\nTransfer-Encoding: chunked", 0),
    "a length that is to be taken out": (b"Content-Length: 5\r\nConnection: close, Content-Length", 0),
    "another protocol": (b"Content-Length: 5\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c", 0),
}
BODIES = (b"0\r\n\r\n" + SECOND, CHUNKED, SECOND)


class Behind(NamedTuple):
    """A house behind its proxy, and what goes between the two."""

    front: Front
    tap: Tap


@pytest.fixture(scope="module")
def house() -> Iterator[int]:
    """The port of a house in the village that is reached over TLS and takes names and passwords."""
    proxying.needed()
    copy = worlds.copy_database(servers.village())
    try:
        with servers.serving(copy, passwords=True, settings=BEHIND) as address:
            yield urlsplit(address).port or 0
    finally:
        worlds.drop_database(copy)


@pytest.fixture(scope="module")
def behind(house: int) -> Iterator[Behind]:
    with proxying.tapped(house) as tap, proxying.fronting(tap.port) as front:
        yield Behind(front, tap)


def browser(front: Front, *, at: str = "127.0.0.1") -> httpx.Client:
    """A browser on this address of the machine, which trusts the proxy's certificate."""
    trust = ssl.create_default_context(cafile=str(front.trusted))
    way = httpx.HTTPTransport(verify=trust, local_address=at)
    # The port is this test's own; a browser of an installation has none in what it says.
    says = {"Host": NAME, "Origin": f"https://{NAME}"}
    return httpx.Client(transport=way, base_url=f"https://{NAME}:{front.port}", headers=says, timeout=60)


def sent(front: Front, message: bytes) -> bytes:
    """Everything that comes back on a connection over which this was sent, until it ends."""
    trust = ssl.create_default_context(cafile=str(front.trusted))
    with (
        socket.create_connection(("127.0.0.1", front.port), timeout=60) as plain,
        trust.wrap_socket(plain, server_hostname=NAME) as secured,
    ):
        secured.sendall(message)
        read = b""
        while piece := secured.recv(65536):
            read += piece
    return read


def heads(passed: Passed) -> list[tuple[str, str]]:
    """The headers of what was asked, in small letters."""
    lines = passed.asked.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]


# --- how it is encrypted ----------------------------------------------------------------------------------------------


def wrongs(front: Front) -> set[str]:
    """What the house's own check of a proxy finds wrong."""
    return {words for words, what in look_at(Proxy(NAME, front.port, front.plain_port)) if what}


@pytest.fixture
def trusting(behind: Behind, monkeypatch: pytest.MonkeyPatch) -> Behind:
    """This machine trusts the proxy's certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(behind.front.trusted))
    return behind


def test_an_operator_who_asks_from_outside_is_told_that_all_holds(trusting: Behind) -> None:
    front = trusting.front
    ports = ("--port", str(front.port), "--plain-port", str(front.plain_port))
    env = {**servers.demo_environment(environment.database_name("unused")), "SSL_CERT_FILE": str(front.trusted)}
    asked = subprocess.run(servers.samsyn("check-proxy", NAME, *ports), env=env, capture_output=True, text=True)
    assert (asked.returncode, asked.stdout.count("holds"), asked.stderr) == (0, len(LOOKS), ""), asked.stdout


def test_a_certificate_that_nobody_vouches_for_is_told(behind: Behind) -> None:
    assert wrongs(behind.front) == {"a certificate that others trust"}


# What the machine's own library forbids besides is let, so that only the file is asked.
LET = "ssl_conf_command CipherString ALL:@SECLEVEL=0; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;"
PLANTED = [
    ("ssl_protocols TLSv1.2 TLSv1.3;", LET, {"TLS 1.2 and 1.3, and nothing older", "no weak suite"}),
    ("ssl_ciphers ", "ssl_ciphers ALL:", {"no weak suite"}),
    ("return 301 https://samsyn.example.se$request_uri;", "return 200 here;", {"nothing in plain text"}),
]


@pytest.mark.parametrize(("old", "new", "found"), PLANTED)
def test_each_thing_that_the_file_says_is_missed_when_it_is_gone(
    old: str, new: str, found: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxying.needed()
    with proxying.fronting(1, planted={old: new}) as front:
        monkeypatch.setenv("SSL_CERT_FILE", str(front.trusted))
        assert wrongs(front) == found


def test_a_certificate_that_soon_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    proxying.needed()
    with proxying.fronting(1, days=5) as front:
        monkeypatch.setenv("SSL_CERT_FILE", str(front.trusted))
        assert wrongs(front) == {"a certificate that others trust"}


class Lenient(BaseHTTPRequestHandler):
    """Takes a message whatever lengths it tells."""

    def do_POST(self) -> None:
        """Say that it went well."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing is to be said."""


def test_a_proxy_that_takes_two_lengths_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chain, private = proxying.write_certificate(tmp_path)
    how = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    how.load_cert_chain(chain, private)
    how.minimum_version = ssl.TLSVersion.TLSv1_3
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    server = HTTPServer(("127.0.0.1", 0), Lenient)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hangs up after the handshake is expected
    server.socket = how.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        found = dict(look_at(Proxy(NAME, server.server_port, servers.free_port())))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert found["no message with two lengths"] == "A message with two lengths is answered with 200, not 400."
    assert {words for words, what in found.items() if what} == {"no message with two lengths"}


def test_what_is_asked_in_plain_text_is_led_to_tls_and_another_name_is_answered_nothing(behind: Behind) -> None:
    with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{behind.front.plain_port}") as plain:
        led = plain.get("/children/?q=Al", headers={"Host": NAME})
        assert (led.status_code, led.headers["Location"]) == (301, f"https://{NAME}/children/?q=Al")
        assert plain.post("/sign-in/", headers={"Host": NAME}, data={"username": "moa"}).status_code == 301
        with pytest.raises(httpx.TransportError):
            plain.get("/", headers={"Host": "elsewhere.example.se"})
    how = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    how.check_hostname, how.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", behind.front.port)) as open_end, pytest.raises(ssl.SSLError):
        how.wrap_socket(open_end, server_hostname="elsewhere.example.se")
    assert behind.tap.passed() == []


# --- what gets through ------------------------------------------------------------------------------------------------


def test_these_tests_would_see_a_second_request(behind: Behind) -> None:
    """Past the proxy, the house reads on after a message that it has answered."""
    with socket.create_connection(("127.0.0.1", behind.tap.port), timeout=60) as straight:
        straight.sendall(SECOND + b"GET /harm/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while straight.recv(65536):
            pass
    (passed,) = behind.tap.passed()
    assert passed.answered.count(b"HTTP/1.1 ") == 2


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_no_second_request_reaches_the_house_in_one_message(behind: Behind, kind: str) -> None:
    """Either the proxy refuses it, or both read the same: one request over each connection, with one length."""
    lines, body = AMBIGUOUS[kind]
    message = b"POST /language/ HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n%b" % (lines, BODIES[body])
    last = b"GET /harm/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    told = sent(behind.front, message + last)
    assert told.startswith(b"HTTP/1.1 ")
    for passed in behind.tap.passed():
        assert passed.answered.count(b"HTTP/1.1 ") == 1
        told_length = [value for name, value in heads(passed) if name == "content-length"]
        assert "transfer-encoding" not in dict(heads(passed))
        assert [len(passed.asked.partition(b"\r\n\r\n")[2])] == [int(value) for value in told_length or ["0"]]
    with browser(behind.front) as honest:
        assert honest.get("/harm/").status_code == 200
    assert [one.asked.split(b"\r\n")[0] for one in behind.tap.passed()] == [b"GET /harm/ HTTP/1.1"]


@pytest.mark.parametrize("kind", ["the length first, a chunk in it", "chunks first, a short length", "two lengths"])
def test_a_message_with_two_lengths_is_refused_by_the_proxy_itself(behind: Behind, kind: str) -> None:
    lines, body = AMBIGUOUS[kind]
    told = sent(behind.front, b"POST /language/ HTTP/1.1\r\nHost: localhost\r\n%b\r\n\r\n%b" % (lines, BODIES[body]))
    assert told.startswith(b"HTTP/1.1 400 ")
    assert told.count(b"HTTP/1.1 ") == 1
    assert behind.tap.passed() == []


def test_what_the_house_believes_is_written_by_the_proxy_alone(behind: Behind) -> None:
    forged = [
        ("X-Forwarded-For", "192.0.2.66"),
        ("x_forwarded_for", "192.0.2.66"),
        ("X-Forwarded-Proto", "http"),
        ("X_Forwarded_Proto", "http"),
        ("X-Forwarded-Host", "elsewhere.example.se"),
        ("X-Forwarded-Port", "8443"),
        ("X-Forwarded-Prefix", "/there"),
        ("X-Forwarded-Server", "elsewhere"),
        ("X-Real-IP", "192.0.2.66"),
        ("Forwarded", "for=192.0.2.66;proto=http"),
        ("Proxy", "http://192.0.2.66"),
        ("Proxy-Connection", "keep-alive"),
        ("Proxy-Authorization", "Basic eDp5"),
        ("Keep-Alive", "timeout=600"),
        ("TE", "trailers"),
        ("Trailer", "X-Forwarded-For"),
        ("Upgrade", "h2c"),
    ]
    with browser(behind.front) as asking:
        assert asking.get("/harm/", headers=forged).status_code == 200
    (passed,) = behind.tap.passed()
    told = heads(passed)
    ours = {"host": NAME, "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https", "connection": "close"}
    assert {name: [value for one, value in told if one == name] for name in ours} == {n: [v] for n, v in ours.items()}
    theirs = {name.lower() for name, _ in forged} - set(ours)
    assert theirs & {name for name, _ in told} == set()


def test_a_form_is_taken_and_one_over_a_megabyte_is_not(behind: Behind) -> None:
    with browser(behind.front) as asking:
        assert asking.post("/language/", data={"words": "x" * 900_000}).status_code == 403  # the house: no form of ours
        assert asking.post("/language/", data={"words": "x" * 1_100_000}).status_code == 413
    assert len(behind.tap.passed()) == 1


def test_neither_an_address_of_the_house_nor_of_who_asked_stands_in_the_proxys_logs(behind: Behind) -> None:
    with browser(behind.front, at="127.0.0.9") as asking:
        assert asking.get("/find/?q=Hassan").status_code == 302
        asking.get("/find/%ff%00?q=Hassan")
    written = [path for path in behind.front.folder.glob("*.log") if path.stat().st_size]
    assert written
    for path in written:
        said = path.read_text()
        assert not [word for word in ("Hassan", "find", "127.0.0.9") if word in said], path
    behind.tap.passed()


# --- who asks ---------------------------------------------------------------------------------------------------------


def test_guesses_are_counted_by_the_address_that_the_proxy_sees_whatever_a_browser_says(behind: Behind) -> None:
    def guess(asking: httpx.Client, turn: int) -> int:
        token = TOKEN.search(asking.get("/sign-in/").text)
        assert token is not None
        body = {"csrfmiddlewaretoken": token[1], "username": "moa", "password": f"guess {turn}"}
        return asking.post("/sign-in/", data=body, headers={"X-Forwarded-For": f"192.0.2.{turn}"}).status_code

    with browser(behind.front, at="127.0.0.2") as one, browser(behind.front, at="127.0.0.3") as other:
        assert [guess(one, turn) for turn in range(6)] == [422] * 4 + [429] * 2
        assert guess(other, 0) == 422
    behind.tap.passed()
