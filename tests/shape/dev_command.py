"""./dev as tests meet it: as a module, and as a program in a tree of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
NEEDED_TO_SET_UP = ["dev", "assets.sha256", "package.json", "package-lock.json", ".npmrc", *LOCKS]


def load_dev() -> ModuleType:
    """./dev as a module, without running it."""
    loader = SourceFileLoader("samsyn_dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("samsyn_dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def run_dev(
    folder: Path, *arguments: str, env: dict[str, str] | None = None, start: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run ./dev of ``folder`` in a subprocess; ``start`` is Python that runs before it, in the same process."""
    script = folder / "dev"
    command = [sys.executable, str(script), *arguments]
    if start:
        program = f"import runpy, sys\n{start}\nsys.argv = {[str(script), *arguments]!r}\n"
        command = [sys.executable, "-c", program + f"runpy.run_path({str(script)!r}, run_name='__main__')"]
    return subprocess.run(command, env=env or dict(os.environ), capture_output=True, text=True, check=False)


def one_sentence(said: str) -> str:
    """What was said, after seeing that it is one line that ends as a sentence does, and no traceback."""
    lines = said.strip().splitlines()
    assert len(lines) == 1, said
    assert lines[0].endswith((".", ")")), said
    return lines[0]
