"""The 290 municipalities and 21 regions of Sweden with their official codes, as plain facts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent
DEMO_MUNICIPALITY = "9990"
DEMO_REGION = "99"


@dataclass(frozen=True)
class Region:
    """A region. ``code``: two digits, its county's. ``county`` and ``letter``: the county's name and letters."""

    code: str
    name: str
    county: str
    letter: str


@dataclass(frozen=True)
class Municipality:
    """A municipality. ``code``: four digits, of which the first two are the region's."""

    code: str
    name: str

    @property
    def region_code(self) -> str:
        """The code of the region that it lies in."""
        return self.code[:2]


_LILLKOPING = Municipality(DEMO_MUNICIPALITY, "Lillköpings kommun")
_THE_DEMO_REGION = Region(DEMO_REGION, "Region Lillköping", "Lillköpings län", "ÖÖ")


@lru_cache(maxsize=1)
def municipalities() -> Mapping[str, Municipality]:
    """Code → municipality, all 290."""
    rows = _rows("municipalities.csv")
    return MappingProxyType({row["code"]: Municipality(row["code"], row["name"]) for row in rows})


@lru_cache(maxsize=1)
def regions() -> Mapping[str, Region]:
    """Code → region, all 21."""
    rows = _rows("regions.csv")
    return MappingProxyType(
        {row["code"]: Region(row["code"], row["name"], row["county"], row["letter"]) for row in rows}
    )


def municipality(code: str, *, demo: bool = False) -> Municipality | None:
    """The municipality with this code; with ``demo`` also the fictional Lillköping, 9990."""
    return _LILLKOPING if demo and code == DEMO_MUNICIPALITY else municipalities().get(code)


def region(code: str, *, demo: bool = False) -> Region | None:
    """The region with this code; with ``demo`` also the fictional one, 99."""
    return _THE_DEMO_REGION if demo and code == DEMO_REGION else regions().get(code)


def region_of(municipality_code: str, *, demo: bool = False) -> Region | None:
    """The region that a municipality lies in; None when there is no such municipality."""
    found = municipality(municipality_code, demo=demo)
    return None if found is None else region(found.region_code, demo=demo)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
