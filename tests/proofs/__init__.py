"""Promises, and the tests that check each against the real thing. ``./dev prove`` is a thin reader over them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FACTS = "tests/rooms/law/facts.toml"

Figures = dict[str, float | int | str]


@dataclass(frozen=True)
class Proof:
    """A promise: its name, what it says, the tests that check it, and how its figures read.

    ``database``: the one that the tests run on, where it is not SQLite.
    """

    name: str
    says: str
    tests: Callable[[], list[str]]
    figure: Callable[[Figures], str]
    database: str = ""


def _of(figures: Figures, name: str) -> float | int | str:
    return figures.get(name, "?")


def _these(*tests: str) -> Callable[[], list[str]]:
    return lambda: list(tests)


def _facts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((ROOT / FACTS).read_text(encoding="utf-8"))["fact"]
    return found


def _law_tests() -> list[str]:
    return [str(one["test"]) for one in _facts()]


def _law_figure(figures: Figures) -> str:
    numbers = sorted({int(str(one["number"])) for one in _facts()})
    return f"{len(numbers)} facts, numbers {', '.join(map(str, numbers))}"


def _growth_figure(figures: Figures) -> str:
    light = max((int(value) for name, value in figures.items() if name.startswith("worklist_bytes")), default=0)
    return (
        f"worklist {_of(figures, 'worklist')} questions and {light / 1000:.1f} kB for 30 rows, "
        f"a child's page {_of(figures, 'childs_page')} for 50 entries, "
        f"a sign {_of(figures, 'sign_sent')}, a hand-over {_of(figures, 'handed_over')}"
    )


PROOFS = (
    Proof(
        "main-job",
        "An early sign becomes the right help, in ten steps, in a browser",
        _these("tests/journeys/test_main_job.py", "tests/journeys/test_sign.py"),
        lambda f: f"{_of(f, 'seconds')} s, {_of(f, 'clicks')} clicks; a sign in {_of(f, 'sign_clicks')} clicks",
        database="postgresql",
    ),
    Proof(
        "cover",
        "The named person falls ill and nothing is lost",
        _these("tests/journeys/test_cover.py"),
        lambda f: f"{_of(f, 'seconds')} s, {_of(f, 'lost')} lost",
        database="postgresql",
    ),
    Proof(
        "one-way",
        "Rooms import downwards only, and stay small",
        _these("tests/shape/test_import_contracts.py", "tests/shape/test_sizes.py"),
        lambda f: (
            f"{_of(f, 'rooms')} rooms, {_of(f, 'modules')} modules, {_of(f, 'cycles')} cycles; "
            f"the largest has {_of(f, 'largest')} lines"
        ),
    ),
    Proof(
        "growth",
        "A page asks the database the same number of questions for one row and for many",
        _these("tests/doors/test_growth.py"),
        _growth_figure,
    ),
    Proof(
        "matrix",
        "Every address answers every villager as the table says",
        _these("tests/doors/test_matrix.py"),
        lambda f: f"{_of(f, 'cells')} cells, {_of(f, 'wrong')} wrong",
    ),
    Proof(
        "canaries",
        "A protected person leaves no word in anything that reaches somebody without a reason",
        _these("tests/doors/test_canaries.py"),
        lambda f: f"{_of(f, 'strings')} strings × {_of(f, 'outlets')} outlets, {_of(f, 'leaks')} leaks",
    ),
    Proof(
        "two-locks",
        "The predicate and the database's own policies agree in random worlds, and mistakes in the policies are found",
        _these("tests/two_locks/test_worlds.py", "tests/two_locks/test_cost.py"),
        lambda f: (
            f"{_of(f, 'worlds')} worlds, {_of(f, 'decisions')} decisions, {_of(f, 'differences')} differences; "
            f"{_of(f, 'found')} of {_of(f, 'mistakes')} mistakes found; "
            f"adds {_of(f, 'cheapest')} to {_of(f, 'cost')} % at p95"
        ),
        database="postgresql",
    ),
    Proof("law-facts", "Facts of law that are due are true", _law_tests, _law_figure),
    Proof(
        "family",
        "No order of events shows a guardian what the child told alone, or a former one what is newer",
        _these("tests/rooms/sharing/test_family_walk.py"),
        lambda f: (
            f"{_of(f, 'orders')} orders, {_of(f, 'events')} events; {_of(f, 'seen')} private items seen by a guardian, "
            f"{_of(f, 'newer')} newer ones by a former one"
        ),
    ),
    Proof(
        "races",
        "Two at once lose nothing and make nothing twice",
        _these("tests/races"),
        lambda f: f"{_of(f, 'tries')} tries, {_of(f, 'lost')} lost, {_of(f, 'double')} double",
    ),
    Proof(
        "revocation",
        "Who may no longer, may not from the next request on, in any way",
        _these("tests/doors/public/test_revocation.py"),
        lambda f: f"{_of(f, 'events')} events, {_of(f, 'channels')} channels, {_of(f, 'uses_after')} uses after",
    ),
    Proof(
        "access",
        "Every address answers everybody as it should, and a mistake in the rules does not go unseen",
        _these("tests/doors/test_matrix.py", "tests/doors/test_planted_mistakes.py"),
        lambda f: (
            f"{_of(f, 'cells')} cells, {_of(f, 'wrong')} wrong; "
            f"{_of(f, 'planted')} planted mistakes, {_of(f, 'caught')} caught"
        ),
    ),
    Proof(
        "tampering",
        "Whoever changes the trail behind its back is found, and a long trail is checked soon",
        _these("tests/rooms/trail/test_tampering.py"),
        lambda f: (
            f"{_of(f, 'kinds')} kinds, {sum(1 for name in f if name.startswith('found '))} found; "
            f"{_of(f, 'rows')} rows in {_of(f, 'seconds')} s"
        ),
    ),
)
