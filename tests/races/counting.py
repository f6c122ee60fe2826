"""Running the same thing many times at once, and counting what was lost or made twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from samsyn.common import clock
from samsyn.common.decision import Refused
from tests.figures import tell
from tests.worlds import CommittedWorld

T = TypeVar("T")
AT_ONCE = 8
_TOTAL: Counter[str] = Counter()


def race(world: CommittedWorld, moment: datetime, *calls: Callable[[], T]) -> list[T | BaseException]:
    """Do all at the same moment, with the clock of the test. A call may end in a rule's no, and in nothing worse."""

    def with_the_clock(call: Callable[[], T]) -> Callable[[], T]:
        def run() -> T:
            with clock.at(moment):
                return call()

        return run

    outcomes = world.at_once(*(with_the_clock(call) for call in calls))
    worse = [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, Refused)]
    assert not worse, worse
    return outcomes


def judged(tries: int, *, expected: int, found: int) -> None:
    """Count a race: what should be there and is not is lost, what is there and should not be is double."""
    lost, double = max(expected - found, 0), max(found - expected, 0)
    _TOTAL.update(tries=tries, lost=lost, double=double)
    tell("races", **{name: _TOTAL[name] for name in ("tries", "lost", "double")})
    assert (lost, double) == (0, 0), f"{tries} tries: {lost} lost, {double} double"


def refusals(outcomes: list[T | BaseException]) -> list[str]:
    """The sentences that those got who came second."""
    return [str(one) for one in outcomes if isinstance(one, Refused)]
