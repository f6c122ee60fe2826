"""Which libraries have a known fault, by a list that the operator has fetched, and by when each is to be replaced.

The list is one of the OSV format (osv.dev): a zip or a folder of JSON files, one advisory in each. Nothing is asked
over a net.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

DAYS = {"CRITICAL": 3, "HIGH": 3, "MODERATE": 14, "MEDIUM": 14, "LOW": 90}
"""Days from the day when a fault is known until the library is replaced, by severity; docs/running.md promises them."""
UNTOLD = 3
"""Days where an advisory tells no severity."""
OLDEST = 7
"""Days after which a list of advisories says nothing about today."""
PYTHON, JAVASCRIPT = "PyPI", "npm"
_PARTED = re.compile(r"[-_.]+")

Advisory = dict[str, Any]
Installed = Mapping[tuple[str, str], str]
"""The version of each library, by ecosystem and name."""


class NoAdvisories(ValueError):
    """There is nothing to look through; the sentence says why."""


@dataclass(frozen=True, order=True)
class Fault:
    """A known fault of an installed library, and the last day on which it may stay."""

    replace_by: date
    library: str
    version: str
    advisory: str


def read(path: Path) -> list[Advisory]:
    """Every advisory of a zip or a folder. Raises NoAdvisories when there is none that can be read."""
    try:
        found = list(_files(path))
    except (OSError, ValueError, zipfile.BadZipFile) as wrong:
        raise NoAdvisories(f"{path} cannot be read as advisories: {wrong}") from wrong
    if not found:
        raise NoAdvisories(f"{path} holds no advisory.")
    return found


def _files(path: Path) -> Iterator[Advisory]:
    if path.is_dir():
        for file in sorted(path.glob("**/*.json")):
            yield json.loads(file.read_bytes())
        return
    with zipfile.ZipFile(path) as packed:
        for name in sorted(packed.namelist()):
            if name.endswith(".json"):
                yield json.loads(packed.read(name))


def age(advisories: Iterable[Advisory], today: date) -> int:
    """Days since the newest change in the list."""
    newest = max((date.fromisoformat(one["modified"][:10]) for one in advisories), default=date.min)
    return (today - newest).days


def installed(package_lock: Path | None = None) -> dict[tuple[str, str], str]:
    """The Python libraries that this program runs on, and the style sheets and scripts of a package-lock.json."""
    found = {(PYTHON, _folded(one.name)): one.version for one in distributions()}
    if package_lock is not None:
        packages = json.loads(package_lock.read_bytes())["packages"]
        found |= {
            (JAVASCRIPT, place.rpartition("node_modules/")[2]): told["version"]
            for place, told in packages.items()
            if place
        }
    return found


def faults(advisories: Iterable[Advisory], there: Installed) -> list[Fault]:
    """The known faults of what is installed, the most pressing first."""
    found = {fault for one in advisories if not one.get("withdrawn") for fault in _faults_of(one, there)}
    return sorted(found)


def _faults_of(advisory: Advisory, there: Installed) -> Iterator[Fault]:
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        ecosystem, name = package.get("ecosystem", ""), package.get("name", "")
        name = _folded(name) if ecosystem == PYTHON else name
        version = there.get((ecosystem, name))
        if version is not None and _is_affected(affected, version):
            yield Fault(_replace_by(advisory), name, version, advisory["id"])


def _is_affected(affected: Advisory, version: str) -> bool:
    if version in affected.get("versions", ()):
        return True
    try:
        mine = Version(version)
        return any(
            _in_range(one["events"], mine)
            for one in affected.get("ranges", ())
            if one.get("type") in {"ECOSYSTEM", "SEMVER"}
        )
    except InvalidVersion:
        return True  # what cannot be compared is looked at by somebody


def _in_range(events: Iterable[Mapping[str, str]], mine: Version) -> bool:
    inside = False
    for at, kind in sorted((Version(at), kind) for event in events for kind, at in event.items()):
        if kind == "introduced" and mine >= at:
            inside = True
        if (kind == "fixed" and mine >= at) or (kind == "last_affected" and mine > at):
            inside = False
    return inside


def _replace_by(advisory: Advisory) -> date:
    severity = str(advisory.get("database_specific", {}).get("severity", "")).upper()
    known = date.fromisoformat(str(advisory.get("published") or advisory["modified"])[:10])
    return known + timedelta(days=DAYS.get(severity, UNTOLD))


def _folded(name: str) -> str:
    return _PARTED.sub("-", name).lower()
