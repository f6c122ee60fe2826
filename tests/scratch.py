"""Where files lie that only this run needs: in memory where there is room, since a disk makes each commit wait."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3


def make_folder(prefix: str, *, on_disk: bool = False) -> Path:
    """A new folder that only this user can read. ``on_disk`` for measurements, where a commit must cost what it costs.

    The path is short: that of a PostgreSQL socket in it may be no longer than about a hundred characters.
    """
    short = "/tmp" if Path("/tmp").is_dir() else None
    if not on_disk and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM:
        try:
            return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY))
        except OSError:
            pass  # a machine may keep its memory to itself
    return Path(tempfile.mkdtemp(prefix=prefix, dir=short))
