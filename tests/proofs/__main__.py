"""``python -m tests.proofs [NAME …]``: a line each with name, figure, and holds or falls short."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.figures import FOLDER, read
from tests.proofs import PROOFS, ROOT, Proof


def main(names: Sequence[str]) -> int:
    """Check the named promises, or all; 1 when one falls short, 2 for a name that is none."""
    known = {proof.name: proof for proof in PROOFS}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no proof called {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        held = [_prove(known[name], Path(folder)) for name in names or known]
    return 0 if all(held) else 1


def _prove(proof: Proof, folder: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-x", *proof.tests()]
    chosen = {"SAMSYN_TEST_DATABASE": proof.database} if proof.database else {}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **chosen, FOLDER: str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    holds = done.returncode == 0
    print(
        f"{proof.name:<10} {proof.figure(read(folder, proof.name)):<70} {'holds' if holds else 'falls short'}",
        flush=True,
    )
    if not holds:
        print("\n".join(f"    {line}" for line in done.stdout.splitlines()[-12:]), flush=True)
    return holds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
