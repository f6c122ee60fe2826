"""The proxy that the house is delivered with (deploy/nginx.conf), run before a house that listens on this machine."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import postgresql, scratch, servers

CONFIGURATION = servers.ROOT / "deploy" / "nginx.conf"
NAME = "localhost"
_OFTEN = 200


class NoProxy(RuntimeError):
    """nginx does not start; the text carries what it printed."""


class Front(NamedTuple):
    """A proxy that runs: its two ports, and the file with the certificate by which it shows who it is."""

    port: int
    plain_port: int
    trusted: Path
    folder: Path


def find_nginx() -> str:
    """The program, "" when there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin") or ""


def needed() -> None:
    """Without nginx a test fails in CI, and says elsewhere that nothing was tried."""
    if find_nginx():
        return
    sentence = "There is no nginx on this machine (on Debian `apt-get install nginx-light`): its proxy was not tried."
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def write_certificate(folder: Path, *, days: int = 90, name: str = NAME) -> tuple[Path, Path]:
    """A certificate for this machine's name (or another's) that vouches for itself, and its key, as files."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=days, hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, private


def _written(folder: Path, house: int, ports: tuple[int, int], days: int, planted: dict[str, str]) -> Path:
    """The delivered file, with this machine's name, ports and paths, and with what a test has planted in it."""
    chain, private = write_certificate(folder, days=days)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    changes = {
        **planted,
        "samsyn.example.se": NAME,
        "/etc/ssl/samsyn/chain.pem": str(chain),
        "/etc/ssl/private/samsyn.pem": str(private),
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{house};",
        "listen 443": f"listen 127.0.0.1:{ports[0]}",
        "listen 80": f"listen 127.0.0.1:{ports[1]}",
        "/run/nginx.pid": f"{folder}/pid",
        "/var/log/nginx": str(folder),
        "worker_processes auto;": "worker_processes 1;",
        "http {": f"http {{ {temporary}",
    }
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old!r} no longer stands in {CONFIGURATION.name}"
        text = text.replace(old, new)
    if os.getuid() != 0:
        text = text.replace("user www-data;", "")
    written = folder / "nginx.conf"
    written.write_text(text, encoding="utf-8")
    return written


@contextmanager
def fronting(house: int, *, days: int = 90, planted: dict[str, str] | None = None) -> Iterator[Front]:
    """The delivered proxy before a house on this port, for as long as the block runs.

    ``days``: how long its certificate is valid. ``planted``: texts of the file, and what stands there instead.
    Raises NoProxy when it does not start.
    """
    folder = scratch.make_folder("samsyn-front-")
    ports = servers.free_port(), servers.free_port()
    try:
        written = _written(folder, house, ports, days, planted or {})
        with (folder / "said").open("wb") as said:
            proxy = subprocess.Popen(
                [find_nginx(), "-c", str(written), "-e", str(folder / "error.log"), "-g", "daemon off;"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=postgresql.die_with_parent,
            )
        try:
            _wait_until_it_listens(proxy, ports[0], folder)
            yield Front(*ports, folder / "chain.pem", folder)
        finally:
            proxy.terminate()
            proxy.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_listens(proxy: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(_OFTEN):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        with suppress(subprocess.TimeoutExpired):
            proxy.wait(timeout=0.05)
            break
    raise NoProxy(f"nginx did not start: {(folder / 'said').read_text()}{(folder / 'error.log').read_text()}")


class Passed:
    """What went over one connection from the proxy to the house (``asked``) and back (``answered``)."""

    def __init__(self) -> None:
        self.asked, self.answered = b"", b""


class Tap:
    """Stands between the proxy and the house, passes everything on, and keeps it, connection by connection."""

    def __init__(self, house: int) -> None:
        self._house = house
        self._ear = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._ear.getsockname()[1])
        self._passed: list[Passed] = []
        self._under_way: list[threading.Thread] = []
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._ear.accept()
            except OSError:
                return
            passed = Passed()
            self._passed.append(passed)
            thread = threading.Thread(target=self._join, args=(passed, near))
            self._under_way.append(thread)
            thread.start()

    def _join(self, passed: Passed, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self._house)) as far:
            back = threading.Thread(target=self._pass_on, args=(passed, "answered", far, near))
            back.start()
            self._pass_on(passed, "asked", near, far)
            back.join()

    @staticmethod
    def _pass_on(passed: Passed, name: str, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while read := source.recv(65536):
                setattr(passed, name, getattr(passed, name) + read)
                target.sendall(read)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def passed(self) -> list[Passed]:
        """All that has gone over connections that have ended, in order; waits for those that are about to end."""
        for thread in self._under_way:
            thread.join(timeout=30)
        found, self._passed, self._under_way = self._passed, [], []
        return found

    def close(self) -> None:
        """Listen no more."""
        self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        self._listening.join()


@contextmanager
def tapped(house: int) -> Iterator[Tap]:
    """A tap before a house on this port, for as long as the block runs."""
    tap = Tap(house)
    try:
        yield tap
    finally:
        tap.close()
