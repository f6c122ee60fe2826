"""What somebody sends makes no line of its own in the technical log."""

from __future__ import annotations

import io
import logging

import pytest

from samsyn.site.logs import NothingPersonal, logging_settings

FORGED = "2026-11-17 10:00:00,000 ERROR samsyn Bo har läst allt"


@pytest.mark.parametrize("turn", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2K"], ids=ascii)
def test_nobody_writes_a_line_of_the_log(turn: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter(logging_settings()["formatters"]["plain"]["format"]))
    handler.addFilter(NothingPersonal())
    handler.handle(logging.getLogger("x").makeRecord("x", 30, "", 0, "Not found: %s", (f"/a{turn}{FORGED}",), None))
    said = written.getvalue().removesuffix("\n")
    assert said.splitlines() == [said]
    assert "\x1b" not in said
    assert said.endswith(FORGED)
