"""Commands that look at what the house stands on: the proxy before it, and the libraries that it is made of."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def add_looks(verbs: Any) -> None:
    """Add the commands to those of ``samsyn``."""
    proxy = verbs.add_parser("check-proxy", help="ask a proxy from outside how it encrypts and what it lets through")
    proxy.add_argument("name", help="the name that browsers ask for")
    proxy.add_argument("--port", type=int, default=443, help="where it answers over TLS (usually 443)")
    proxy.add_argument("--plain-port", type=int, default=80, help="where it answers without (usually 80)")
    libraries = verbs.add_parser("check-libraries", help="look the libraries up in a list of known faults (OSV)")
    libraries.add_argument("advisories", type=Path, help="a zip or folder of advisories, at most a week old")
    libraries.add_argument("--package-lock", type=Path, help="also what a package-lock.json names")


def _check_proxy(options: argparse.Namespace) -> int:
    from samsyn.site.proxy_check import Proxy, look_at

    wrong = 0
    for words, what in look_at(Proxy(options.name, options.port, options.plain_port)):
        print(f"{'FAILS' if what else 'holds'}  {words}{': ' if what else ''}{what}")
        wrong += bool(what)
    return 1 if wrong else 0


def _check_libraries(options: argparse.Namespace) -> int:
    from samsyn.common import clock
    from samsyn.site import advisories

    today = clock.today()
    try:
        known = advisories.read(options.advisories)
    except advisories.NoAdvisories as wrong:
        print(wrong, file=sys.stderr)
        return 1
    there = advisories.installed(options.package_lock)
    found = advisories.faults(known, there)
    for fault in found:
        late = "  TOO LATE" if fault.replace_by < today else ""
        print(f"{fault.library} {fault.version}: {fault.advisory}, replace by {fault.replace_by}{late}")
    days = advisories.age(known, today)
    print(f"{len(there)} libraries, {len(known)} advisories, the newest {days} days old; {len(found)} known faults.")
    if days > advisories.OLDEST:
        print(f"The list is older than {advisories.OLDEST} days: fetch it anew.", file=sys.stderr)
    return 1 if days > advisories.OLDEST or any(one.replace_by < today for one in found) else 0


LOOKS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "check-proxy": _check_proxy,
    "check-libraries": _check_libraries,
}
"""What carries each of them out; gives the exit code."""
