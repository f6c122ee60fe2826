"""Careful questions over HTTP: bounded in tries, time and size, answered with JSON, silent about what was asked.

Nothing of a question or an answer reaches a log or an exception. ``httpx`` would log each address it calls, so its
loggers are kept at warnings; our own log says what kind of thing went wrong, and at which path.
"""

from __future__ import annotations

import json
import logging
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from samsyn.people.registers.http_answer import (
    BUSY,
    NO_ANSWER,
    NOT_THERE,
    HttpAnswer,
    not_understood,
    refusal,
    retry_after_seconds,
)

log = logging.getLogger(__name__)

ABSENT: Final = object()
"""The service has no such thing. Something else than the null of JSON, which is an answer."""

_LONGEST_ANSWER = 5_000_000  # bytes; one person, or a page of school units, is far below it
_FIRST_PAUSE = 0.5  # seconds; doubled each time, unless the service names its own
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})

Parameters = Sequence[tuple[str, str]]


class UnsafeAddress(ValueError):
    """The address would send numbers and token in clear, or carries something besides host and path."""


@dataclass(frozen=True)
class Limits:
    """How long and how often a service is asked, in seconds and tries.

    ``whole_look_up`` bounds all that one look-up does, pauses included. ``connect`` and ``read`` bound each wait for
    the network within it. ``tries``: how often one question is asked at most.
    """

    whole_look_up: float = 10.0
    connect: float = 3.0
    read: float = 5.0
    tries: int = 4


def _checked(base_url: str) -> str:
    try:
        address = httpx.URL(base_url)
    except httpx.InvalidURL:
        address = httpx.URL("")
    safe = address.scheme == "https" or (address.scheme == "http" and address.host in _THIS_MACHINE)
    if not (safe and address.host) or address.query or address.fragment or address.userinfo:
        raise UnsafeAddress("The address of a register begins with https:// and holds only a host and a path.")
    return base_url.rstrip("/")


def showing(certificate: str) -> ssl.SSLContext:
    """TLS that trusts whom the machine trusts, and shows this certificate: a file with it and its key.

    Read when a register is first asked: who exchanges it starts the house anew. Raises OSError when it cannot be read.
    """
    tls = ssl.create_default_context()
    tls.load_cert_chain(certificate)
    return tls


class Connection:
    """One service: its address, our token, and how patient we are with it.

    ``token``: "" where only the certificate says who we are. ``tls``: whom to trust, and an own certificate where the
    service asks for one. ``proxy``: the address of a proxy.
    ``sleep`` and ``seconds`` (a clock that only runs forwards) are given by tests. Nothing is taken from the
    environment and no redirect is followed: the token and the number go to this address and nowhere else.

    Raises UnsafeAddress for an address that is not https (http on this machine itself alone).
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        limits: Limits,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._base = _checked(base_url)
        self._limits, self._sleep, self._seconds = limits, sleep, seconds
        self._client = httpx.Client(
            # Uncompressed: what is unpacked here could be a thousand times what the limit below has counted.
            headers={
                **({"Authorization": f"Bearer {token}"} if token else {}),
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
            verify=tls or True,
            proxy=proxy,
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        """Let go of open connections."""
        self._client.close()

    def deadline(self) -> float:
        """By when (on ``seconds``) a look-up that begins now must be done."""
        return self._seconds() + self._limits.whole_look_up

    def ask(
        self,
        method: str,
        path: str,
        *,
        until: float,
        parameters: Parameters = (),
        body: object = None,
        may_be_absent: bool = False,
    ) -> object:
        """The JSON that the service answers with, or ABSENT where it has no such thing and that ``may_be_absent``.

        Busy (429, 502, 503, 504) and silence are tried again, after the pause that the service names or a growing one,
        as long as tries and time last. A question must therefore change nothing. Raises RegisterUnavailable.
        """
        pause = _FIRST_PAUSE
        for tried in range(1, self._limits.tries + 1):
            answer = self._attempt(method, path, parameters, body, until)
            if answer.status not in BUSY and answer.status != NO_ANSWER:
                break
            wait = pause if answer.retry_after is None else answer.retry_after
            if tried == self._limits.tries or self._seconds() + wait >= until:
                break
            self._sleep(wait)
            pause *= 2
        if may_be_absent and answer.status in NOT_THERE:
            return ABSENT
        if answer.status != 200:
            log.warning("Register: %s %s was answered with status %s.", method, path.partition("?")[0], answer.status)
            raise refusal(answer)
        return self._as_json(answer, path)

    def _as_json(self, answer: HttpAnswer, path: str) -> object:
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            pass
        log.warning("Register: the answer at %s is no JSON.", path)
        raise not_understood()

    def _attempt(self, method: str, path: str, parameters: Parameters, body: object, until: float) -> HttpAnswer:
        """Ask once. Raises nothing for what service or network do, so that no error of theirs travels on."""
        left = until - self._seconds()
        if left <= 0:
            return HttpAnswer(NO_ANSWER)
        timeout = httpx.Timeout(min(self._limits.read, left), connect=min(self._limits.connect, left))
        content = bytearray()
        try:
            with self._client.stream(
                method, self._base + path, params=list(parameters) or None, json=body, timeout=timeout
            ) as response:
                for piece in response.iter_raw():
                    content += piece
                    if len(content) > _LONGEST_ANSWER or self._seconds() > until:
                        return HttpAnswer(NO_ANSWER)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
            return HttpAnswer(NO_ANSWER)
        after = retry_after_seconds(response.headers.get("Retry-After"))
        return HttpAnswer(response.status_code, bytes(content), after)
