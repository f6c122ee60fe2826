"""The country's municipalities and regions, as its own list has them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from samsyn.organisations import places

FACTS = Path(__file__).parents[3].parent / "shared" / "data" / "sweden"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="The reference list of places is not beside the project.")


def reference(name: str) -> list[dict[str, str]]:
    """Rows of the reference list."""
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_290_municipalities_in_21_regions() -> None:
    assert len(places.municipalities()) == 290
    assert len(places.regions()) == 21
    assert {one.region_code for one in places.municipalities().values()} == set(places.regions())


@needs_facts
def test_municipalities_are_those_of_the_reference_list() -> None:
    assert {one.code: one.name for one in places.municipalities().values()} == {
        row["code"]: row["name"] for row in reference("municipalities.csv")
    }
    assert all(
        found is not None and found.county == row["county"]
        for row in reference("municipalities.csv")
        for found in [places.region_of(row["code"])]
    )


@needs_facts
def test_regions_are_those_of_the_reference_list() -> None:
    assert {one.code: (one.county, one.letter) for one in places.regions().values()} == {
        row["code"]: (row["name"], row["letter"]) for row in reference("counties.csv")
    }


def test_a_municipality_knows_its_region() -> None:
    hassleholm, skane = places.municipality("1293"), places.region_of("1293")
    assert hassleholm is not None
    assert skane is not None
    assert (hassleholm.name, skane.name, skane.county) == ("Hässleholms kommun", "Region Skåne", "Skåne län")


@pytest.mark.parametrize("code", ["", "12", "129", "1299", "9990", " 1293", "1293 ", "١٢٩٣"])
def test_no_other_code_is_a_municipality(code: str) -> None:
    assert places.municipality(code) is None
    assert places.region_of(code) is None


def test_lillkoping_is_there_for_the_demo_alone() -> None:
    lillkoping, region = places.municipality("9990", demo=True), places.region_of("9990", demo=True)
    assert lillkoping is not None
    assert region is not None
    assert (lillkoping.name, region.code) == ("Lillköpings kommun", "99")
    assert "9990" not in places.municipalities()
    assert places.region("99") is None
