"""What a first visit fetches, compressed, fonts apart (design: quality, Speed), and only the parts that pages use."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.shape.dev_command import ROOT, load_dev
from tests.village import Village

pytestmark = pytest.mark.one_database

AT_WORK, AT_HOME = 100_000, 45_000
FETCHED = re.compile(r'(?:<link rel="stylesheet" href|<script src)="([^"]+)"')
OWN = {"ds-sr-only": "base"}
"""Classes of the design system whose part has another name."""


def weight(page: bytes) -> int:
    """Bytes of a page and all the styles and scripts that it fetches, each compressed."""
    found = [page]
    for address in FETCHED.findall(page.decode()):
        place = finders.find(address.removeprefix(settings.STATIC_URL))
        assert isinstance(place, str), address
        found.append(Path(place).read_bytes())
    assert len(found) > 3
    return sum(len(gzip.compress(one)) for one in found)


@pytest.mark.parametrize("path", ["/", "/find/"])
def test_a_first_visit_at_work_is_light(lived: Village, path: str) -> None:
    assert weight(lived.client("bo").get(path).content) <= AT_WORK


def test_a_childs_page_is_light(lived: Village) -> None:
    page = lived.client("bo").get(f"/children/{lived.child('Signe').ref}/").content
    assert weight(page) <= AT_WORK


def test_a_first_visit_at_home_is_light(lived: Village) -> None:
    page = lived.client("amal").get("/my/").content
    assert weight(page) <= AT_HOME


def test_a_first_visit_of_anybody_is_light(db: None) -> None:
    assert weight(Client().get("/sign-in/").content) <= AT_HOME


def test_every_class_of_the_design_system_that_pages_use_comes_with_its_part() -> None:
    taken = {part for parts in load_dev().ASSET_PARTS.values() for _layer, part in parts}
    used: set[str] = set()
    for path in sorted((ROOT / "samsyn").rglob("*.html")) + sorted((ROOT / "samsyn").rglob("*.py")):
        used |= set(re.findall(r"(?<![\w-])ds-[a-z]+(?:-[a-z]+)*(?![\w-])", path.read_text(encoding="utf-8")))
    parts = {OWN.get(one, one.removeprefix("ds-")) for one in used}
    assert parts == taken
