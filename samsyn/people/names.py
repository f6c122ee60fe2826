"""Names as they are searched for: the same for the same name however it is typed, found by index on both databases."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from samsyn.common.text import LAST_CHARACTER

if TYPE_CHECKING:
    _Text = models.CharField[str, str]
    _TextLookup = models.Lookup[str]
else:
    _Text, _TextLookup = models.CharField, models.Lookup


def fold(name: str) -> str:
    """The name without the difference between capital and small letters: "Åsa" and "åsa" are one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


class FoldedName(_Text):
    """The folded form of another field of the row, written whenever the row is. ``of``: that field's name."""

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "blank": True, "max_length": 600, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As Django's, with the other field's name."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The folded name as the row is written."""
        folded = fold(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded


@FoldedName.register_lookup
class Begins(_TextLookup):
    """``given_folded__begins=fold(words)``: a search that both databases answer from an ordinary index."""

    lookup_name = "begins"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A range in the order of code points, which an index with pattern operators serves.

        LIKE would say the same, but PostgreSQL does not trust it to keep what it sees to itself, as it does these two:
        behind row-level security it asks LIKE last, and would find out of every child around whether it may be read.
        """
        return self._between(compiler, connection, "~>=~", "~<~")

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any) -> tuple[str, list[Any]]:
        """The same range: SQLite compares code points as it is, and takes no index for LIKE with an escape."""
        return self._between(compiler, connection, ">=", "<")

    def _between(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, from_here: str, below: str
    ) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        last = f"{self.rhs}{LAST_CHARACTER}"
        return f"({column} {from_here} %s AND {column} {below} %s)", [*parameters, self.rhs, *parameters, last]
