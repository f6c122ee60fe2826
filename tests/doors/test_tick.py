"""What happens by itself goes on happening: one thing that fails stops neither the others nor the next round."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from django.db import OperationalError

from samsyn.common import clock
from samsyn.duties.models import Duty, Escalation
from samsyn.site import tick as ticking
from samsyn.site.command import _tick
from samsyn.site.tick import NotAllDone, tick
from samsyn.trail.models import Leaf, TrailEntry
from tests.village import Village

LATER = timedelta(days=90)


def away() -> int:
    """The store was away for a moment, just then."""
    raise OperationalError("the connection is lost: Signe Lind")


def first_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first step fails from now on."""
    monkeypatch.setattr(ticking, "STEPS", MappingProxyType({**ticking.STEPS, "closed": away}))


def waits(overdue_at: Any) -> int:
    """How many duties are late and have not been copied upwards."""
    return Duty.objects.filter(state="open", due_at__lt=overdue_at, escalation=None).count()


def test_what_siv_has_left_lying_reaches_her_head_though_something_else_fails(
    lived: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_fails(monkeypatch)
    with clock.at(clock.now() + LATER):
        late, before = waits(clock.now()), Escalation.objects.count()
        assert late > 0
        with pytest.raises(NotAllDone, match="closed") as said:
            tick()
        assert Escalation.objects.count() == before + late
        assert waits(clock.now()) == 0
    assert Leaf.objects.count() == TrailEntry.objects.count()
    assert "Signe" not in str(said.value)


def test_a_round_that_failed_is_followed_by_the_next(lived: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[bool] = []

    class Ended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            rounds.append(True)
            return len(rounds) == 3

    first_fails(monkeypatch)
    ticking.go_on(1, Ended())
    assert len(rounds) == 3


def test_who_asks_for_one_round_is_told_that_it_was_not_whole(
    lived: Village, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _tick(None) == 0
    first_fails(monkeypatch)
    assert _tick(None) == 1
    assert "Not done in this round: closed." in capsys.readouterr().err
