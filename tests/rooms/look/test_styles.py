"""The style sheets: each class of a picture is dressed, nothing has a left or a right, colours stand in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import samsyn.look
from samsyn.look.circle import draw_circle
from samsyn.look.circle_facts import Member, Pill
from samsyn.look.ink import LITERAL
from samsyn.look.wheel import draw_wheel
from tests.rooms.look.test_circle import SIGNE as CIRCLE
from tests.rooms.look.test_wheel import SIGNE as WHEEL

STATIC = Path(samsyn.look.__file__).parent / "static"
TOKENS = (STATIC / "samsyn" / "tokens.css").read_text(encoding="utf-8")
SHEET = (STATIC / "samsyn" / "samsyn.css").read_text(encoding="utf-8")
ASSETS = {"inter-latin.woff2", "noto-sans-arabic.woff2"}


def _light() -> dict[str, str]:
    scheme = TOKENS[TOKENS.index(':root, [data-color-scheme="light"]') : TOKENS.index('[data-color-scheme="dark"]')]
    return dict(re.findall(r"--(sam-[\w-]+):\s*(#[0-9a-f]{6})", scheme))


@pytest.mark.parametrize("state", ["answers_now", "in_team", "away", "asked", "missing"])
def test_every_class_of_a_picture_is_dressed(state: str) -> None:
    person = Member("AB", "Namn", "roll", state, "", "Ha", "Hanna")  # type: ignore[arg-type]
    sectors = tuple(
        type(CIRCLE.sectors[0])(sphere, sphere, (person,))
        for sphere in ("school", "health", "social", "lss", "hospital", "police", "other")
    )
    facts = type(CIRCLE)("c", "t", "d", CIRCLE.centre, CIRCLE.words, CIRCLE.family, sectors, Pill(person, "school", 0))
    drawn = [*draw_circle(facts)[:2], *draw_circle(CIRCLE)[:2], *draw_wheel(WHEEL)[:2]]
    used = {name for svg in drawn for classes in re.findall(r'class="([^"]*)"', svg) for name in classes.split()}
    dressed = set(re.findall(r"\.([a-z][\w-]*)", SHEET))
    assert used - dressed == set()


def test_the_written_out_colours_are_those_of_the_light_scheme() -> None:
    light = _light()
    assert len(light) > 40
    for name, attributes in LITERAL.items():
        rule = re.search(rf"\.{name} \{{([^}}]*)\}}", SHEET)
        assert rule, name
        for what in ("fill", "stroke"):
            token = re.search(rf"(?:^|[ ;]){what}: var\(--([\w-]+)\)", rule[1])
            written = re.search(rf'\b{what}="(#\w+)"', attributes)
            assert (light[token[1]] if token else None) == (written[1] if written else None), (name, what)


def test_nothing_has_a_left_or_a_right() -> None:
    bare = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
    sided = r"(?<![\w-])(?:(?:margin|padding|border|inset)-)?(?:left|right)\s*:|text-align:\s*(?:left|right)"
    assert re.findall(sided, bare) == []
    assert re.findall(r"(?<![\w(-])(?:width|height|min-width|max-width)\s*:", bare) == []


def test_colours_stand_in_the_tokens_alone() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", SHEET)


def test_every_token_that_is_used_is_defined_in_both_schemes() -> None:
    used = set(re.findall(r"var\(--(sam-[\w-]+)\)", SHEET))
    defined = set(re.findall(r"--(sam-[\w-]+):", TOKENS))
    assert used - defined == set()
    dark = TOKENS[TOKENS.index('[data-color-scheme="dark"]') : TOKENS.index("@media screen")]
    automatic = TOKENS[TOKENS.index("@media screen") :]
    for scheme in (dark, automatic):
        assert set(_light()) <= set(re.findall(r"--(sam-[\w-]+):", scheme))
    assert (
        re.findall(r"--[\w-]+:[^;]+", dark)
        == re.findall(r"--[\w-]+:[^;]+", automatic)[: len(re.findall(r"--[\w-]+:[^;]+", dark))]
    )


def test_every_file_that_the_sheets_point_at_is_one_of_ours() -> None:
    for sheet in (TOKENS, SHEET):
        for target in re.findall(r'url\("([^"]+)"\)', sheet):
            assert target.startswith("../ds/")
            assert Path(target).name in ASSETS


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


SPHERES = ("family", "school", "health", "social", "lss", "hospital", "police", "other")
PAIRS = [
    *((ink, on) for ink in ("ink", "ink-soft", "pine", "care", "moss") for on in ("paper", "surface", "sunken")),
    *(("voice-ink", "paper"), ("voice-ink", "voice-soft"), ("pine-ink", "pine-soft"), ("on-glow", "glow")),
    *(("glow-ink", "glow-soft"), ("glow-ink", "paper"), ("ink-soft", "glow-soft")),
    *(("care", "care-soft"), ("ink-soft", "care-soft")),
    *((f"org-{one}-ink", f"org-{one}") for one in SPHERES),
    *(("ink-soft", f"org-{one}") for one in SPHERES),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_is_readable_on_its_ground(scheme: str, ink: str, ground: str) -> None:
    dark = TOKENS[TOKENS.index('[data-color-scheme="dark"]') : TOKENS.index("@media screen")]
    colours = _light() if scheme == "light" else dict(re.findall(r"--(sam-[\w-]+):\s*(#[0-9a-f]{6})", dark))
    one, other = sorted((_luminance(colours[f"sam-{ink}"]), _luminance(colours[f"sam-{ground}"])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5
