"""OpenID providers that vouch for who somebody is: which door each opens, and how sure it must be. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

STAFF, FAMILY = "staff", "family"
"""The doors that a provider may open: the desk, and the pages of a child, a young person or a guardian."""
_WORD = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TEXTS = ("word", "name", "issuer", "client_id", "client_secret", "opens")


class WrongProvider(ValueError):
    """The file of providers cannot be used; the sentence says what to change."""


@dataclass(frozen=True)
class Provider:
    """One provider. ``word`` stands in the address and beside every link to an account, and so is never changed.

    ``opens``: the door, STAFF or FAMILY. ``levels``: the levels of assurance (``acr``) that are enough; an answer with
    another one, or with none, opens nothing.
    """

    word: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    opens: str
    levels: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Scheme, host and port of the issuer, as a content policy names it."""
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"


def read_providers(path: str) -> tuple[Provider, ...]:
    """The providers of a TOML file, a ``[[provider]]`` each; none without a path. Raises WrongProvider."""
    if not path:
        return ()
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8")).get("provider", [])
    except (OSError, ValueError) as wrong:
        raise WrongProvider(f"SAMSYN_PROVIDERS_FILE cannot be read as TOML: {wrong}") from wrong
    providers = tuple(_provider(one) for one in found)
    words = [one.word for one in providers]
    if len(set(words)) != len(words):
        raise WrongProvider("Each provider in SAMSYN_PROVIDERS_FILE needs a word of its own.")
    return providers


def _provider(given: dict[str, Any]) -> Provider:
    levels = given.get("levels", [])
    if unknown := sorted(set(given) - {*_TEXTS, "levels"}):
        raise WrongProvider(f"A provider in SAMSYN_PROVIDERS_FILE has {unknown[0]!r}, which means nothing.")
    for name in _TEXTS:
        if not isinstance(given.get(name), str) or not given[name]:
            raise WrongProvider(f"A provider in SAMSYN_PROVIDERS_FILE lacks {name!r}.")
    if not isinstance(levels, list) or not levels or not all(isinstance(one, str) and one for one in levels):
        raise WrongProvider("A provider in SAMSYN_PROVIDERS_FILE needs 'levels': the acr values that are enough.")
    if not _WORD.fullmatch(given["word"]):
        raise WrongProvider("A provider's word in SAMSYN_PROVIDERS_FILE is small letters, figures and hyphens.")
    if given["opens"] not in {STAFF, FAMILY}:
        raise WrongProvider("A provider in SAMSYN_PROVIDERS_FILE opens 'staff' or 'family'.")
    return Provider(**{name: given[name] for name in _TEXTS}, levels=tuple(levels))


def named(providers: Sequence[Provider], word: str) -> Provider | None:
    """The provider with this word."""
    return next((one for one in providers if one.word == word), None)
