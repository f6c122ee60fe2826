"""Passwords that have leaked somewhere, asked of a file on the own machine: nothing about a password leaves the house.

The file is one line for each leaked password, ordered: the SHA-1 of it in 40 hexadecimal signs, perhaps followed by a
colon and how often it was found. It is the form in which Pwned Passwords is fetched ("ordered by hash").
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_HASH = 40
_HEXADECIMAL = frozenset(b"0123456789ABCDEF")
_SAMPLES = 64


class NotSuchAFile(ValueError):
    """The file is not there, or not one ordered hash to a line; the sentence says which."""


def has_leaked(password: str, file: Path) -> bool:
    """Does the file hold this password? Asks it some thirty times, however long it is. Raises OSError."""
    # The hash only finds a line among what is public already; no password is kept by it.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode("ascii")
    with file.open("rb") as opened:
        low, high = 0, os.fstat(opened.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            found = _hash_at(opened, middle)
            if found == wanted:
                return True
            if found and found < wanted:
                low = opened.tell()
            else:
                high = middle
    return False


def _hash_at(opened: BinaryIO, place: int) -> bytes:
    """The hash of the first line that begins at ``place`` or after it; nothing at the end. Stays after that line."""
    opened.seek(max(0, place - 1))
    if place:
        opened.readline()
    return opened.readline(_HASH + 32)[:_HASH].upper()


def must_be_readable(file: Path) -> None:
    """Look at some lines, from the first to the last, if they are ordered hashes. Raises NotSuchAFile."""
    try:
        with file.open("rb") as opened:
            told = list(_samples(opened, os.fstat(opened.fileno()).st_size))
    except OSError as wrong:
        raise NotSuchAFile("it cannot be read.") from wrong
    if not told or any(len(one) != _HASH or not _HEXADECIMAL.issuperset(one) for one in told):
        raise NotSuchAFile("each line must begin with a SHA-1 in 40 hexadecimal signs.")
    if told != sorted(told):
        raise NotSuchAFile("its lines are not ordered by hash.")


def _samples(opened: BinaryIO, size: int) -> Iterator[bytes]:
    for step in range(_SAMPLES):
        if found := _hash_at(opened, size * step // _SAMPLES):
            yield found


class NotLeaked:
    """Refuses a password that the file of SAMSYN_LEAKED_PASSWORDS_FILE holds. Without a file it refuses none."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError for a leaked one, and OSError when the file has gone: then no password is set."""
        if settings.SAMSYN_LEAKED_PASSWORDS_FILE and has_leaked(password, Path(settings.SAMSYN_LEAKED_PASSWORDS_FILE)):
            raise ValidationError(
                _("This password has leaked from some other place, so whoever guesses tries it early. Choose another."),
                code="password_leaked",
            )

    def get_help_text(self) -> str:
        """What is asked, before a password is chosen."""
        return _("It must not have leaked from anywhere.")
