"""Lines that must lie on the disk before anything else happens."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

_A_LINE = 1 << 16


def append(path: Path, text: str) -> None:
    """Add whole lines to the end of a file, made when it is missing, and wait until they lie on the disk.

    A last line that was cut off in the middle of an earlier writing goes: nothing that it told of was done. Several
    processes may write at once. Raises OSError, also for a disk that has no room for all of it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        end = _end_of_whole_lines(handle)
        data = text.encode()
        if os.write(handle, data) != len(data):
            os.ftruncate(handle, end)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def _end_of_whole_lines(handle: int) -> int:
    """How long the file is, once a last line that was cut off is gone."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, _A_LINE, max(0, size - _A_LINE))
    cut_off = len(tail) - (tail.rfind(b"\n") + 1)
    if cut_off:
        os.ftruncate(handle, size - cut_off)
    return size - cut_off
