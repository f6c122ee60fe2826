"""The plan on paper: facts in, a tagged PDF out. The template knows no language and no person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from samsyn.plans.paper.letters import FOLDERS

TEMPLATE = Path(__file__).parent / "plan.typ"


class PaperNotMade(Exception):
    """The paper could not be made. Says so and nothing else: what failed stood in somebody's words."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts that come with the house; those of the machine would make each place's paper another one."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(FOLDERS))


def typeset(template: Path, facts: Mapping[str, Any], made_at: int) -> tuple[bytes, list[str]]:
    """The PDF (PDF/UA-1) and what the compiler warned of. ``made_at``: seconds since 1970, for the document's date.

    Raises PaperNotMade.
    """
    try:
        content, warnings = typst.compile_with_warnings(
            template,
            root=template.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=made_at,
        )
    except typst.TypstError:
        raise PaperNotMade("The paper could not be made.") from None
    return content, [warning.message for warning in warnings]


def print_plan(facts: Mapping[str, Any], made_at: int) -> tuple[bytes, list[str]]:
    """The plan on paper, as ``typeset`` makes it. Raises PaperNotMade."""
    return typeset(TEMPLATE, facts, made_at)
