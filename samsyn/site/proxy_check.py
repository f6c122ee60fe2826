"""What an installation's proxy answers from outside: how it encrypts, who vouches for it, what it lets through."""

from __future__ import annotations

import socket
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

SECONDS = 10
DAYS_LEFT = 14
"""Days that a certificate must still be valid: a new one is not made in an hour, and certificates live 90 days."""
OLD = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
NEW = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
WEAK = "ALL:COMPLEMENTOFALL:!ECDHE+AESGCM:!ECDHE+CHACHA20:@SECLEVEL=0"
"""Every suite of TLS 1.2 but those with both a fresh key for each connection and authenticated encryption."""
SMUGGLED = (
    b"POST / HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n"
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
)


class Proxy(NamedTuple):
    """Where the proxy is asked: its name, and the ports of TLS and of plain text."""

    name: str
    port: int
    plain_port: int


class Unsafe(Exception):
    """What is asked of a proxy does not hold; the sentence says what was found."""


@contextmanager
def _connected(proxy: Proxy, how: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection((proxy.name, proxy.port), timeout=SECONDS) as plain,
        how.wrap_socket(plain, server_hostname=proxy.name) as secured,
    ):
        yield secured


def _unjudged() -> ssl.SSLContext:
    """How to ask what is spoken at all, whoever vouches for the other side. Nothing is sent over it."""
    how = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    how.check_hostname = False
    how.verify_mode = ssl.CERT_NONE
    return how


def _speaks(proxy: Proxy, version: ssl.TLSVersion, suites: str = "ALL:@SECLEVEL=0") -> bool:
    how = _unjudged()
    how.set_ciphers(suites)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that they are old is why they are asked for
        how.minimum_version = how.maximum_version = version
    try:
        with _connected(proxy, how):
            return True
    except (ssl.SSLError, ConnectionError):
        return False


def certificate(proxy: Proxy) -> None:
    """Somebody whom this machine trusts vouches for the name, and for a while yet. Raises Unsafe."""
    try:
        with _connected(proxy, ssl.create_default_context()) as secured:
            told = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as wrong:
        raise Unsafe(f"Nobody whom this machine trusts vouches for it: {wrong.verify_message}") from wrong
    days = int((ssl.cert_time_to_seconds(str(told["notAfter"])) - time.time()) / 86400)
    if days < DAYS_LEFT:
        raise Unsafe(f"The certificate ends in {days} days; have a new one {DAYS_LEFT} days before.")


def versions(proxy: Proxy) -> None:
    """TLS 1.2 or 1.3 and nothing older. Raises Unsafe."""
    if old := [version.name for version in OLD if _speaks(proxy, version)]:
        raise Unsafe(f"It still speaks {' and '.join(old)}.")
    if not any(_speaks(proxy, version) for version in NEW):
        raise Unsafe("It speaks neither TLS 1.2 nor 1.3.")


def suites(proxy: Proxy) -> None:
    """No suite without a fresh key and authenticated encryption. Raises Unsafe."""
    if _speaks(proxy, ssl.TLSVersion.TLSv1_2, WEAK):
        raise Unsafe("It lets a browser choose a weak suite.")


def plain(proxy: Proxy) -> None:
    """Nothing is answered in plain text but where the encrypted page is. Raises Unsafe."""
    asked = HTTPConnection(proxy.name, proxy.plain_port, timeout=SECONDS)
    try:
        asked.request("GET", "/sign-in/")
        answer = asked.getresponse()
        status, leads = answer.status, answer.headers.get("Location", "")
    except (OSError, HTTPException):
        return  # nobody answers there, which is as good
    finally:
        asked.close()
    if status not in {301, 308} or not leads.startswith(f"https://{proxy.name}/"):
        raise Unsafe(f"What is asked in plain text is answered with {status}, and not led to https://{proxy.name}/.")


def two_lengths(proxy: Proxy) -> None:
    """A message that tells two lengths is refused. Raises Unsafe."""
    with _connected(proxy, _unjudged()) as secured:
        secured.sendall(SMUGGLED % proxy.name.encode("idna"))
        answer = secured.recv(64)
    if answer.split(b" ")[1:2] != [b"400"]:
        raise Unsafe(f"A message with two lengths is answered with {answer[9:12].decode('ascii', 'replace')}, not 400.")


LOOKS: tuple[tuple[str, Callable[[Proxy], None]], ...] = (
    ("a certificate that others trust", certificate),
    ("TLS 1.2 and 1.3, and nothing older", versions),
    ("no weak suite", suites),
    ("nothing in plain text", plain),
    ("no message with two lengths", two_lengths),
)


def look_at(proxy: Proxy) -> Iterator[tuple[str, str]]:
    """Each thing that is asked of a proxy, with what is wrong with it: "" when nothing is."""
    for words, look in LOOKS:
        try:
            look(proxy)
        except (Unsafe, OSError) as wrong:
            yield words, str(wrong)
        else:
            yield words, ""
