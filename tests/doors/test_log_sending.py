"""The technical log on another machine: over TLS, to nobody who is not who it is taken for, and holding nobody up."""

from __future__ import annotations

import logging
import queue
import re
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from samsyn.site import log_sending
from samsyn.site.log_sending import SentElsewhere
from tests import environment, servers
from tests.proxying import NAME, write_certificate

LINE = re.compile(r"<(\d+)>1 \S+T\S+ \S+ samsyn \d+ - - (.*)", re.DOTALL)
SAY = """
import logging, django
django.setup()
try:
    {}["called 20130101-2384"]
except KeyError:
    logging.getLogger("samsyn").exception("Broken for %s", "20130101-2384", extra={"request": object()})
logging.getLogger("samsyn").info("of no interest")
"""


def length_of(read: BinaryIO) -> int:
    """How long the next line is, as it says before a space; 0 at the end."""
    told = b""
    while (sign := read.read(1)) not in {b" ", b""}:
        told += sign
    return int(told or b"0")


class Machine:
    """Another machine that takes syslog over TLS: how bad and what, of each line, and who was not let in."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        how = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        how.load_cert_chain(folder / "chain.pem", folder / "key.pem")
        self._how, self._ear = how, socket.create_server(("127.0.0.1", port))
        self.address = f"{NAME}:{self._ear.getsockname()[1]}"
        self.said: queue.Queue[tuple[int, str]] = queue.Queue()
        self.broken_off: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                plain, _ = self._ear.accept()
            except OSError:
                return
            try:
                with plain, self._how.wrap_socket(plain, server_side=True) as near, near.makefile("rb") as read:
                    self._take(read)
            except OSError as wrong:
                self.broken_off.put(str(wrong))

    def _take(self, read: BinaryIO) -> None:
        while length := length_of(read):
            found = LINE.fullmatch(read.read(length).decode())
            assert found is not None
            self.said.put((int(found[1]) % 8, found[2]))

    def close(self) -> None:
        """Answer no more."""
        with suppress(OSError):
            self._ear.shutdown(socket.SHUT_RDWR)
        self._ear.close()
        self._thread.join(timeout=30)


@contextmanager
def sending(address: str) -> Iterator[logging.Logger]:
    """A log that is sent there, while the block runs."""
    log, handler = logging.Logger("of this test"), SentElsewhere(address)
    log.addHandler(handler)
    try:
        yield log
    finally:
        handler.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a certificate of this machine's, which is trusted."""
    chain, _key = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    return tmp_path


@pytest.fixture
def machine(folder: Path) -> Iterator[Machine]:
    found = Machine(folder)
    yield found
    found.close()


def test_the_house_sends_its_log_cleaned_of_whom_it_is_about(machine: Machine, folder: Path) -> None:
    env = servers.demo_environment(environment.database_name("unused"))
    env |= {"SAMSYN_LOG_SERVER": machine.address, "SSL_CERT_FILE": str(folder / "chain.pem")}
    env["DJANGO_SETTINGS_MODULE"] = "samsyn.site.settings"
    subprocess.run([sys.executable, "-c", SAY], env=env, check=True, capture_output=True, timeout=60)
    severity, words = machine.said.get(timeout=30)
    assert severity == 3
    assert "Broken for [number]" in words
    assert "KeyError" in words
    assert "2384" not in words
    assert machine.said.empty()


def test_nothing_is_said_to_a_machine_that_nobody_vouches_for(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nobody.pem"))
    with sending(machine.address) as log:
        log.warning("One")
        assert machine.broken_off.get(timeout=30)
    assert machine.said.empty()


def test_what_is_logged_while_nobody_answers_waits_and_comes_in_order(folder: Path) -> None:
    port = servers.free_port()
    with sending(f"{NAME}:{port}") as log:
        for word in ("One", "Two", "Three"):
            log.warning(word)
        machine = Machine(folder, port)
        try:
            assert [machine.said.get(timeout=30) for _ in range(3)] == [(4, "One"), (4, "Two"), (4, "Three")]
        finally:
            log.handlers[0].close()
            machine.close()


def test_what_does_not_fit_is_lost_and_the_loss_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_sending, "MOST_WAITING", 2)
    port = servers.free_port()
    with sending(f"{NAME}:{port}") as log:
        for word in ("One", "Two", "Three", "Four"):
            log.error(word)
        machine = Machine(folder, port)
        try:
            told = [machine.said.get(timeout=30)[1] for _ in range(3)]
        finally:
            log.handlers[0].close()
            machine.close()
    assert told == ["2 lines before this were lost.", "Three", "Four"]
