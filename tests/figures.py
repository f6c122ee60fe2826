"""Figures that a test measures on its way, for ``./dev prove`` to read. Without a reader nothing is written."""

from __future__ import annotations

import json
import os
from pathlib import Path

FOLDER = "SAMSYN_FIGURES"


def tell(proof: str, **values: float | int | str) -> None:
    """Write down figures of a proof, when somebody reads them."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    path = Path(folder) / f"{proof}.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps({**known, **values}), encoding="utf-8")


def add(proof: str, **values: int) -> None:
    """Add to what earlier tests of the same run counted, when somebody reads it."""
    folder = os.environ.get(FOLDER)
    if folder:
        before = read(Path(folder), proof)
        tell(proof, **{name: int(before.get(name, 0)) + value for name, value in values.items()})


def read(folder: Path, proof: str) -> dict[str, float | int | str]:
    """What the tests of a proof wrote down."""
    path = folder / f"{proof}.json"
    found: dict[str, float | int | str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found
