"""The technical log to another machine as well: syslog (RFC 5424) over TLS (RFC 5425), without holding anybody up."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
import time
from collections import deque
from datetime import UTC, datetime

MOST_WAITING = 10_000
"""Lines that wait while the other machine does not answer; beyond them the oldest is lost, and the loss is told."""
SECONDS = 10
LONGEST_PAUSE = 60
_LOCAL0 = 16 * 8
_SEVERITIES = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


def framed(message: str, level: int, seconds: float) -> bytes:
    """One line as it is sent: its length, then who says what, how bad it is and when, in seconds since 1970."""
    at = datetime.fromtimestamp(seconds, UTC)
    severity = next((number for least, number in _SEVERITIES if level >= least), 7)
    head = (
        f"<{_LOCAL0 + severity}>1 {at.isoformat(timespec='milliseconds')} {socket.gethostname()} samsyn {os.getpid()}"
    )
    line = f"{head} - - {message}".encode()
    return b"%d %b" % (len(line), line)


class SentElsewhere(logging.Handler):
    """Sends what is logged to ``host:port``, whose certificate the machine's own authorities must vouch for.

    A thread of its own sends: a page never waits for it. While nobody answers there, lines wait in memory; what the
    process has not sent when it ends stands in its error output all the same.
    """

    def __init__(self, server: str) -> None:
        super().__init__()
        self._host, _, port = server.rpartition(":")
        self._port = int(port)
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self._news, self._ended = threading.Condition(), threading.Event()
        self._sender: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Put the line in the queue. The thread begins with the first one, in the process that logs."""
        line = framed(self.format(record), record.levelno, record.created)
        with self._news:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self._lost += 1
            self._waiting.append(line)
            if self._sender is None:
                self._sender = threading.Thread(target=self._send_all, name="samsyn-log", daemon=True)
                self._sender.start()
            self._news.notify()

    def close(self) -> None:
        """Send no more."""
        self._ended.set()
        with self._news:
            self._news.notify()
        if self._sender is not None:
            self._sender.join(timeout=SECONDS)
        super().close()

    def _send_all(self) -> None:
        pause = 1
        while True:
            try:
                with self._connected() as there:
                    pause = 1
                    self._send_to(there)
            except OSError:
                self._ended.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            if self._ended.is_set():
                return

    def _connected(self) -> ssl.SSLSocket:
        """Raises OSError, ssl.SSLError among them, when nobody answers or nobody vouches for who does."""
        plain = socket.create_connection((self._host, self._port), timeout=SECONDS)
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self._host)
        except OSError:
            plain.close()
            raise

    def _send_to(self, there: ssl.SSLSocket) -> None:
        """Send what waits, and what comes, until the end. Raises OSError when the other side is gone."""
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._ended.is_set())
                if not self._waiting:
                    return
                line, lost = self._waiting[0], self._lost
            if lost:
                there.sendall(framed(f"{lost} lines before this were lost.", logging.ERROR, time.time()))
            there.sendall(line)
            with self._news:
                self._lost -= lost
                # It is no longer the first when the queue overflowed meanwhile.
                if self._waiting and self._waiting[0] is line:
                    self._waiting.popleft()
