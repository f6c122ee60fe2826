"""Reading the organisation's file: principals, authorities, units and posts, each noted by its first row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO, TypeVar

from samsyn.common.decision import no
from samsyn.organisations.import_columns import ORGANISATION_COLUMNS, PRINCIPAL_KINDS, ROLES, SPHERES, UNIT_KINDS
from samsyn.organisations.importing.reading import Cells, Faults, Progress, rows_of

PrincipalKey = tuple[str, str]
AuthorityKey = tuple[str, str, str]
Key = TypeVar("Key")
Facts = TypeVar("Facts")


@dataclass(frozen=True)
class UnitFacts:
    """A unit as the file tells it. ``parent``: id of the unit above, "" for none."""

    authority: AuthorityKey
    name: str
    kind: str
    parent: str
    telephone: str
    telephone_hours: str


@dataclass(frozen=True)
class PostFacts:
    """A post as the file tells it. ``parent``: id of the post above, "" for none."""

    unit: str
    title: str
    role: str
    parent: str


@dataclass
class Structure:
    """Everything in the file, and the row that told it first. ``rows``: row → the things it tells of."""

    principals: dict[PrincipalKey, str] = field(default_factory=dict)
    authorities: dict[AuthorityKey, str] = field(default_factory=dict)
    boards: dict[AuthorityKey, str] = field(default_factory=dict)
    units: dict[str, UnitFacts] = field(default_factory=dict)
    posts: dict[str, PostFacts] = field(default_factory=dict)
    first_row: dict[tuple[str, object], int] = field(default_factory=dict)
    rows: dict[int, tuple[PrincipalKey, AuthorityKey, str, str]] = field(default_factory=dict)

    def row_of(self, kind: str, key: object) -> int:
        """The row that told of a thing first."""
        return self.first_row.get((kind, key), 1)


def read_structure(file: BinaryIO, faults: Faults, progress: Progress) -> Structure:
    """The whole file; every fault is reported with row and column."""
    found = Structure()
    for cells in rows_of(file, ORGANISATION_COLUMNS, faults, progress):
        _read_row(found, cells)
    return found


def _read_row(found: Structure, cells: Cells) -> None:
    principal = (cells.word("principal_kind", PRINCIPAL_KINDS), cells.text("principal_code", 4))
    authority = (*principal, cells.text("authority", 160))
    unit_id = cells.text("unit_id", 80)
    post_id = cells.text("post_id", 80)
    name = cells.text("principal_name", 120)
    if name or principal not in found.principals:
        _note(found, found.principals, "principal", principal, name, cells, "principal_name")
    _note(found, found.authorities, "authority", authority, cells.word("sphere", SPHERES), cells, "sphere")
    found.boards.setdefault(authority, cells.text("board", 160))
    unit = UnitFacts(
        authority=authority,
        name=cells.text("unit", 160),
        kind=cells.word("unit_kind", UNIT_KINDS),
        parent=cells.text("unit_parent", 80),
        telephone=cells.text("telephone", 40),
        telephone_hours=cells.text("telephone_hours", 120),
    )
    _note(found, found.units, "unit", unit_id, unit, cells, "unit_id")
    if post_id:
        post = PostFacts(
            unit_id, cells.text("post", 120), cells.word("post_role", ROLES), cells.text("post_parent", 80)
        )
        if not post.title:
            cells.fault("post", no("The post has an id and no title."))
        if post_id in found.posts:
            first = found.row_of("post", post_id)
            cells.fault("post_id", no("The same post stands in row %(row)s too.", row=first))
        else:
            _note(found, found.posts, "post", post_id, post, cells, "post_id")
    elif cells.text("post", 120):
        cells.fault("post_id", no("The post has a title and no id."))
    found.rows[cells.number] = (principal, authority, unit_id, post_id)


def _note(
    found: Structure, known: dict[Key, Facts], kind: str, key: Key, facts: Facts, cells: Cells, column: str
) -> None:
    """Note a thing that may stand in many rows; a later row has to say the same."""
    first = known.setdefault(key, facts)
    found.first_row.setdefault((kind, key), cells.number)
    if first != facts:
        cells.fault(column, no("Row %(row)s says something else about the same thing.", row=found.row_of(kind, key)))
