"""Makes the rows, asks the product and the yardstick for the same things in turn, and prints what each cost."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

from tests import figures

if TYPE_CHECKING:
    from benchmarks.works import Ask, Ready, Work

WARM_UP = 5
FOR_THE_LOCK = 6
"""How many times as many requests are measured with and without the lock: a 95th percentile of few says little."""
LOCK_LIMIT = 25
"""Per cent that the second lock may add to a request at the 95th percentile (design: quality, Speed)."""


@dataclass(frozen=True)
class Cost:
    """What one kind of request cost: CPU and wall in milliseconds, and questions to the database."""

    cpu: float
    p50: float
    p95: float
    queries: int


def measure(kind: str, sizes: tuple[int, ...], requests: int, *, only_lock: bool = False) -> int:
    """Measure all sizes on the database of the environment; give how many ratios were above their limit."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from benchmarks.works import works
    from samsyn.site.second_lock.install import secure
    from samsyn.site.second_lock.logins import sign_in_as
    from samsyn.site.village.bulk import add_children
    from samsyn.site.village.make import make_village

    settings.ALLOWED_HOSTS = ["*"]
    sign_in_as("owner")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    secure()
    sign_in_as("house")
    make_village()
    above = made = 0
    for size in sizes:
        began = time.perf_counter()
        add_children(size - made)
        made = size
        _settle()
        print(f"\n{kind}, {size:,} children (made in {time.perf_counter() - began:.0f} s)")
        if not only_lock:
            above += _against_yardstick(works(), requests)
        if kind == "postgresql":
            above += _what_the_lock_adds(works(), requests)
    return above


def _settle() -> None:
    """Let the database know what has been written, as one that has run for a day does: no autovacuum comes between."""
    from django.db import connection

    from samsyn.site.second_lock.logins import sign_in_as

    sign_in_as("owner")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    sign_in_as("house")


def _against_yardstick(kinds: list[Work], requests: int) -> int:
    print(f"{'work':<26}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}{'yardstick':>11}{'ratio':>7}{'limit':>7}")
    return sum(_compare(work, requests) for work in kinds)


def _what_the_lock_adds(kinds: list[Work], requests: int) -> int:
    print(f"{'the second lock':<26}{'without':>17}{'with':>9}{'added %':>9}{'limit':>7}   (p95 ms)")
    added = [_lock(work, requests) for work in kinds]
    figures.tell("two-locks", cost=round(max(added)), cheapest=round(min(added)))
    return sum(one > LOCK_LIMIT for one in added)


def _lock(work: Work, requests: int) -> float:
    """Per cent that the second lock adds. Asked with and without it, in turn: neither has the quieter machine."""
    kinds = [_asked(work.product, held=True), _asked(work.product, held=False)]
    with_it, without = (cost.p95 for cost in _costs(kinds, FOR_THE_LOCK * requests))
    added = 100 * (with_it / without - 1)
    print(
        f"{work.name:<26}{without:>17.1f}{with_it:>9.1f}{added:>9.0f}{LOCK_LIMIT:>7}"
        f"{'' if added <= LOCK_LIMIT else '  above'}",
        flush=True,
    )
    return added


def _asked(ready: Ready, *, held: bool) -> Ready:
    """The same request, with or without the second lock."""
    from unittest.mock import patch

    from samsyn.common import second_lock

    def made() -> Ask:
        ask = ready()

        def do() -> Any:
            with patch.object(second_lock, "holds", lambda: held):
                return ask()

        return do

    return made


def _compare(work: Work, requests: int) -> int:
    ours, plain = _costs([work.product, work.yardstick], requests)
    ratio = ours.cpu / plain.cpu
    print(
        f"{work.name:<26}{ours.queries:>8}{ours.p50:>9.1f}{ours.p95:>9.1f}{ours.cpu:>9.1f}{plain.cpu:>11.1f}"
        f"{ratio:>7.2f}{work.limit:>7.1f}{'' if ratio <= work.limit else '  above'}",
        flush=True,
    )
    return int(ratio > work.limit)


def _costs(kinds: list[Ready], requests: int) -> list[Cost]:
    """What each kind of request costs. They are asked in turn, so that none has the quieter machine."""
    walls: list[list[float]] = [[] for _ in kinds]
    cpu = [0.0 for _ in kinds]
    for turn in range(WARM_UP + requests):
        for which, ready in enumerate(kinds):
            wall, used = _once(ready)
            if turn >= WARM_UP:
                walls[which].append(wall)
                cpu[which] += used
    found = []
    for which, ready in enumerate(kinds):
        times = sorted(walls[which])
        p95 = times[int(len(times) * 0.95)]
        found.append(Cost(cpu[which] / requests, statistics.median(times), p95, _queries(ready)))
    return found


def _once(ready: Ready) -> tuple[float, float]:
    """Milliseconds of the wall and of CPU that one request takes."""
    ask = ready()
    database = _database_cpu()
    spent, began = time.process_time(), time.perf_counter()
    answer = ask()
    wall, used = time.perf_counter() - began, time.process_time() - spent + _database_cpu() - database
    assert answer.status_code < 400, answer.status_code
    return 1000 * wall, 1000 * used


def _queries(ready: Ready) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask = ready()
    with CaptureQueriesContext(connection) as asked:
        ask()
    return sum(not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")) for one in asked)


def _database_cpu() -> float:
    """Seconds of CPU that PostgreSQL's process for this connection has used; 0 on SQLite, which runs inside ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
