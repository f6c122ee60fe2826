"""The second lock takes nothing away from a page that the first one shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.db import transaction

from samsyn.common import second_lock
from tests.doors.table import TABLE, Line
from tests.doors.test_matrix import WHOLE, ask
from tests.village import EVERYBODY, Village

PAGES = {200, 409, 422}
ANSWERED = {*PAGES, 302}
"""What somebody gets who may open the address; the rest shows nothing, with the lock or without."""

CHALLENGE = re.compile(rb"(challenge&quot;: &quot;|\"challenge\": \")[\w-]+")
"""What a passkey is to sign: another one each time that it is asked for."""


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside the block, the look in the trail included, has not been done after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(line: Line) -> list[tuple[str, str]]:
    """Who is answered, and by which method: in the proof everybody, every day the first and the last of each answer."""
    cells = [cell for cell in product(EVERYBODY, ("get", "post")) if line.expected(cell[1], cell[0]) in ANSWERED]
    if WHOLE:
        return cells
    alike: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for who, method in cells:
        alike.setdefault((method, line.expected(method, who)), []).append((who, method))
    return [cell for same in alike.values() for cell in dict.fromkeys((same[0], same[-1]))]


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.name} {line.note}".strip())
def test_every_page_is_the_same_with_and_without_it(
    lived: Village, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = line.scene(lived)
    wrong = []
    for who, method in asked(line):
        with undone():
            with_it = ask(lived.client(who), method, line, scene, scene.place)
        with undone(), monkeypatch.context() as without:
            without.setattr(second_lock, "holds", lambda: False)
            plain = ask(lived.client(who), method, line, scene, scene.place)
        same = CHALLENGE.sub(b"", with_it.body) == CHALLENGE.sub(b"", plain.body)
        if with_it.status != plain.status or (plain.status in PAGES and not same):
            wrong.append(f"{method} by {who or 'somebody without sign-in'}: {plain.status} and {with_it.status}")
    assert wrong == []
