"""What the second lock adds to the slowest of a page's answers, as ``./dev bench`` measures it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.deep
def test_the_second_lock_adds_at_most_a_quarter_at_the_95th_percentile() -> None:
    command = [sys.executable, "-m", "benchmarks", "--lock", "--children", "2000", "--requests", "90"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
