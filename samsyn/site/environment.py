"""Typed readers of the environment, which remember what they read so that docs/settings.md can be checked."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE_SETUP = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA mmap_size=134217728;"
    "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;"
    "PRAGMA secure_delete=ON;"  # a name that was moved into the vault is not to lie on in a free page
)
_ENCRYPTION = {"sslmode", "sslrootcert", "sslcert", "sslkey"}


class SettingError(SystemExit):
    """A setting cannot be read; the sentence says which one and what it must be."""


@dataclass(frozen=True)
class Setting:
    """One name that was read: its default as text, what it is for, and whether it is a secret."""

    name: str
    default: str
    purpose: str
    secret: bool


class Environment:
    """Reads settings from the environment. Raises SettingError with a sentence for what cannot be read."""

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self.settings: list[Setting] = []

    def _raw(self, name: str, default: str, purpose: str, secret: bool = False) -> str:
        self.settings.append(Setting(name, default, purpose, secret))
        return self._values.get(name, default)

    def text(self, name: str, default: str, purpose: str, *, secret: bool = False) -> str:
        """A text as it stands."""
        return self._raw(name, default, purpose, secret)

    def flag(self, name: str, default: bool, purpose: str) -> bool:
        """yes or no."""
        raw = self._raw(name, "yes" if default else "no", purpose).strip().lower()
        if raw not in {"yes", "no"}:
            raise SettingError(f"{name} must be yes or no, not {raw!r}.")
        return raw == "yes"

    def whole_number(self, name: str, default: int, purpose: str) -> int:
        """A whole number above zero."""
        raw = self._raw(name, str(default), purpose).strip()
        if not raw.isascii() or not raw.isdigit() or int(raw) < 1:
            raise SettingError(f"{name} must be a whole number above zero, not {raw!r}.")
        return int(raw)

    def address(self, name: str, purpose: str) -> str:
        """host:port, or nothing."""
        raw = self._raw(name, "", purpose).strip()
        host, _, port = raw.rpartition(":")
        if raw and not (host and port.isascii() and port.isdigit()):
            raise SettingError(f"{name} must be host:port, not {raw!r}.")
        return raw

    def words(self, name: str, default: tuple[str, ...], purpose: str) -> list[str]:
        """Words separated by commas."""
        raw = self._raw(name, ",".join(default), purpose)
        return [word.strip() for word in raw.split(",") if word.strip()]

    def one_of(self, name: str, choices: tuple[str, ...], default: str, purpose: str) -> str:
        """One of a few words."""
        raw = self._raw(name, default, purpose).strip()
        if raw not in choices:
            raise SettingError(f"{name} must be one of {', '.join(choices)}, not {raw!r}.")
        return raw


def field_keys(text: str, setting: str = "SAMSYN_FIELD_KEYS") -> tuple[dict[str, bytes], str]:
    """Keys that seal fields, and the name of the current one (the first).

    ``text`` is "name:base64,name:base64" with 32 bytes each. Raises SettingError for anything else.
    """
    keys = _named_keys(text, f"{setting} must be name:base64 of 32 bytes, separated by commas.")
    return keys, next(iter(keys), "")


def public_keys(text: str) -> dict[str, bytes]:
    """Public keys of partners, by "principal/name". Raises SettingError for anything else."""
    return _named_keys(text, "SAMSYN_PARTNER_SEAL_KEYS must be principal/name:base64 of 32 bytes, separated by commas.")


def _named_keys(text: str, otherwise: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in (piece.strip() for piece in text.split(",") if piece.strip()):
        name, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not name or len(key) != 32:
            raise SettingError(otherwise)
        keys[name] = key
    return keys


def database_from_url(url: str, *, straight: bool = False) -> dict[str, Any]:
    """Django's database settings for a postgresql:// or sqlite:/// address.

    ``straight``: PostgreSQL itself answers there. Else a proxy may, which lends its connections by the transaction: it
    takes no options as one signs in, and a cursor or a prepared statement does not outlive the transaction.
    Raises SettingError for another scheme. SQLite is opened so that no acknowledged commit is lost.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_SETUP},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            # As ``second_lock.reading`` does for each request, which cannot say it here.
            "OPTIONS": {**_encryption(parts.query), **({"options": "-c jit=off"} if straight else {})},
            "DISABLE_SERVER_SIDE_CURSORS": not straight,
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise SettingError("SAMSYN_DATABASE_URL must begin with postgresql:// or sqlite:///.")


def _encryption(query: str) -> dict[str, str]:
    """What an address says after its question mark of how the connection is encrypted. Raises SettingError for more."""
    told = dict(parse_qsl(query, keep_blank_values=True))
    if not set(told) <= _ENCRYPTION:
        raise SettingError(
            f"After its ? a database's address takes {', '.join(sorted(_ENCRYPTION))}, and nothing else."
        )
    return told


def reached_in_the_open(database: Mapping[str, Any]) -> bool:
    """Could somebody between us and this PostgreSQL listen, or answer in its place? Not on the machine itself."""
    return _is_elsewhere(database) and database["OPTIONS"].get("sslmode") != "verify-full"


def knows_us_by_password(database: Mapping[str, Any]) -> bool:
    """Is a password all that a PostgreSQL on another machine knows us by?"""
    return _is_elsewhere(database) and "sslcert" not in database["OPTIONS"]


def _is_elsewhere(database: Mapping[str, Any]) -> bool:
    host = database["HOST"]
    return bool(host) and not host.startswith("/") and host not in {"localhost", "127.0.0.1", "::1"}
