"""What follows from a request is written by its own transaction, or not at all."""

from __future__ import annotations

from pathlib import Path

import samsyn

ROOT = Path(samsyn.__file__).parent
BY_THE_HOUSE = {"trail/seal_actions.py"}
"""Modules that only the house's own commands run. It signs in with rights of its own; the web, which takes on a role
for each transaction, may write nothing after one."""


def test_nothing_waits_for_a_requests_commit() -> None:
    waiting = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "on_commit" in path.read_text("utf-8")}
    assert waiting == BY_THE_HOUSE
