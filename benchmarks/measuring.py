"""Makes the rows, asks the product and the yardstick for the same things in turn, and prints what each cost."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

WARM_UP = 5
PLAIN = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
LIMITS = {"worklist, 30 rows": 1.6, "child's page, 50 entries": 1.6, "sign created": 2.0}


@dataclass(frozen=True)
class Cost:
    """What one kind of request cost: CPU and wall in milliseconds, and questions to the database."""

    cpu: float
    p50: float
    p95: float
    queries: int


def measure(kind: str, sizes: tuple[int, ...], requests: int) -> int:
    """Measure all sizes on the database of the environment; give how many ratios were above their limit."""
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from samsyn.site.village.bulk import add_children
    from samsyn.site.village.make import make_village

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    make_village()
    above = made = 0
    for size in sizes:
        began = time.perf_counter()
        add_children(size - made)
        made = size
        print(f"\n{kind}, {size:,} children (made in {time.perf_counter() - began:.0f} s)")
        print(
            f"{'work':<26}{'queries':>8}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms':>9}"
            f"{'yardstick':>11}{'ratio':>7}{'limit':>7}"
        )
        above += sum(_compare(name, requests, *pair) for name, pair in _works().items())
    return above


def _works() -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """Each work: one request of the product, and the same of the yardstick."""
    from django.test import Client
    from django.test.utils import override_settings

    from samsyn.common.viewer import CAPACITY
    from samsyn.duties.models import Duty
    from samsyn.organisations.models import Post
    from samsyn.people.models import Account, Person

    account = Account.objects.get(sign_in_name="bulk0")
    post = Post.objects.get(source_id="bulk-0")
    child = Person.objects.filter(pk=Duty.objects.filter(post=post).order_by("pk").values("child")[:1]).get()
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[CAPACITY] = post.pk
    session.save()

    def plain(path: str, data: dict[str, str] | None = None) -> Callable[[], Any]:
        def ask() -> Any:
            with override_settings(ROOT_URLCONF="benchmarks.yardstick", MIDDLEWARE=PLAIN):
                return client.post(path, data) if data is not None else client.get(path)

        return ask

    return {
        "worklist, 30 rows": (lambda: client.get("/"), plain("/worklist/")),
        "child's page, 50 entries": (lambda: client.get(f"/children/{child.ref}/"), plain(f"/child/{child.ref}/")),
        "sign created": (_sends(client, account, post, child), plain(f"/note/{child.ref}/", {})),
    }


def _sends(client: Any, account: Any, post: Any, child: Any) -> Callable[[], Any]:
    from samsyn.common import clock
    from samsyn.early_signals.actions import save_draft, start_draft
    from samsyn.early_signals.rules import Noted
    from samsyn.organisations.presence import viewer_for

    def ready() -> Callable[[], Any]:
        viewer = viewer_for(account, post.pk, clock.now())
        sign = start_draft(viewer, child)
        noted = Noted("worry", clock.today(), "x", "", ("safe",), ("child",))
        save_draft(viewer, sign, noted, sign.version)
        return lambda: client.post(f"/signs/{sign.ref}/review/", {"key": str(uuid4())})

    ready.prepares = True  # type: ignore[attr-defined]  # the draft is made outside what is measured
    return ready


def _compare(name: str, requests: int, product: Callable[[], Any], yardstick: Callable[[], Any]) -> int:
    ours, plain = _cost(product, requests), _cost(yardstick, requests)
    ratio = ours.cpu / plain.cpu
    limit = LIMITS[name]
    print(
        f"{name:<26}{ours.queries:>8}{ours.p50:>9.1f}{ours.p95:>9.1f}{ours.cpu:>9.1f}{plain.cpu:>11.1f}"
        f"{ratio:>7.2f}{limit:>7.1f}{'' if ratio <= limit else '  above'}",
        flush=True,
    )
    return int(ratio > limit)


def _cost(ask: Callable[[], Any], requests: int) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    prepares = getattr(ask, "prepares", False)
    walls, cpu = [], 0.0
    for turn in range(WARM_UP + requests):
        once = ask() if prepares else ask
        database = _database_cpu()
        spent, began = time.process_time(), time.perf_counter()
        answer = once()
        wall, used = time.perf_counter() - began, time.process_time() - spent + _database_cpu() - database
        assert answer.status_code < 400, answer.status_code
        if turn >= WARM_UP:
            walls.append(wall * 1000)
            cpu += used * 1000
    once = ask() if prepares else ask
    with CaptureQueriesContext(connection) as asked:
        once()
    queries = sum(not one["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE", "COMMIT")) for one in asked)
    walls.sort()
    return Cost(cpu / requests, statistics.median(walls), walls[int(len(walls) * 0.95)], queries)


def _database_cpu() -> float:
    """Seconds of CPU that PostgreSQL's process for this connection has used; 0 on SQLite, which runs inside ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
