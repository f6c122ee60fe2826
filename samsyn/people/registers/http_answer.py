"""What a service answers over HTTP, and what an answer that is no answer means to the one who asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from samsyn.common import clock
from samsyn.common.decision import no
from samsyn.people.registers.interface import RegisterUnavailable

NOT_THERE = frozenset({404, 405, 410, 501})
BUSY = frozenset({429, 502, 503, 504})
_NOT_LET_IN = frozenset({401, 403})
NO_ANSWER = 0
_WORTH_ANOTHER_TRY_AFTER = 60  # seconds


@dataclass(frozen=True, repr=False)
class HttpAnswer:
    """What came back: status, content, and the seconds after which the service wants to be asked again."""

    status: int
    content: bytes = b""
    retry_after: float | None = None


def retry_after_seconds(header: str | None) -> float | None:
    """Seconds that a Retry-After header asks for: a number or a date (RFC 9110, 10.2.3). None when it asks nothing."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - clock.now()).total_seconds())


def not_understood() -> RegisterUnavailable:
    """The service answered something that cannot be relied on."""
    return RegisterUnavailable(
        no("The register's answer cannot be understood. Please tell those who run Samsyn, and go on without it.")
    )


def refusal(answer: HttpAnswer) -> RegisterUnavailable:
    """What an answer that is no answer means to the one who asked."""
    if answer.status in BUSY:
        after = math.ceil(answer.retry_after or _WORTH_ANOTHER_TRY_AFTER)
        return RegisterUnavailable(no("The register is busy. Please try again in a while, or go on without it."), after)
    if answer.status == NO_ANSWER:
        return RegisterUnavailable(
            no("The register does not answer. Please try again in a while, or go on without it."),
            _WORTH_ANOTHER_TRY_AFTER,
        )
    if answer.status in _NOT_LET_IN:
        return RegisterUnavailable(
            no("The register does not let us in. Please tell those who run Samsyn, and go on without it.")
        )
    if answer.status in NOT_THERE or 300 <= answer.status < 400:
        return RegisterUnavailable(
            no("The register is not at its address. Please tell those who run Samsyn, and go on without it.")
        )
    return not_understood()
