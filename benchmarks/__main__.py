"""``./dev bench [--children N …] [--full] [--requests N] [--lock]``: what pages cost, as ratios to the yardstick.

CPU milliseconds per request are the steady figure (the application and, on SQLite, the database in it; on PostgreSQL
the database's own process is added). Times of the wall are given beside it, for one client.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)


@contextmanager
def _databases(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        else:
            from tests import postgresql

            with postgresql.running(durable=True) as address:
                yield address


def main() -> int:
    """Measure; print a table for each size and database; 1 when a ratio is above its limit."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--children", type=int, action="append", help="how many children (default 10000)")
    parser.add_argument("--full", action="store_true", help="10 000, 100 000 and 1 000 000 children, both databases")
    parser.add_argument("--requests", type=int, default=60, help="measured requests of each kind")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--lock", action="store_true", help="only what the second lock adds, on PostgreSQL")
    options = parser.parse_args()
    sizes = SIZES if options.full else tuple(options.children or (SIZES[0],))
    kinds = ("sqlite", "postgresql") if options.full else tuple(options.database or ("sqlite",))
    if options.lock:
        kinds = ("postgresql",)
    above = 0
    for kind in kinds:
        with _databases(kind) as address:
            above += _run(kind, address, sizes, options.requests, only_lock=options.lock)
    return 1 if above else 0


def _addresses(kind: str, address: str) -> dict[str, str]:
    """The database as the owner, and as who is the house and, in a request, the web."""
    if kind == "sqlite":
        return {"SAMSYN_DATABASE_URL": address}
    from tests import postgresql

    tester = postgresql.signed_in_as(address, postgresql.TESTER)
    return {
        "SAMSYN_DATABASE_URL": tester,
        "SAMSYN_HOUSE_DATABASE_URL": tester,
        "SAMSYN_OWNER_DATABASE_URL": address,
    }


def _run(kind: str, address: str, sizes: tuple[int, ...], requests: int, *, only_lock: bool) -> int:
    """Settings are read once a process, so each database is measured in a process of its own."""
    environment = {
        **os.environ,
        **_addresses(kind, address),
        "SAMSYN_MODE": "demo",
        "SAMSYN_REGISTER_FILE": "",
        "SAMSYN_SECRET_KEY": secrets.token_urlsafe(48),
        "SAMSYN_FIELD_KEYS": f"bench:{b64encode(secrets.token_bytes(32)).decode()}",
        "SAMSYN_VAULT_KEYS": f"bench:{b64encode(secrets.token_bytes(32)).decode()}",
        "SAMSYN_SEAL_KEYS": f"bench:{b64encode(secrets.token_bytes(32)).decode()}",
        "DJANGO_SETTINGS_MODULE": "samsyn.site.settings",
    }
    asked = f"measure({kind!r}, {sizes!r}, {requests}, only_lock={only_lock})"
    code = f"from benchmarks.measuring import measure; raise SystemExit({asked})"
    return subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
