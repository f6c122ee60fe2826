"""``samsyn import-organisations FILE.csv``."""

from __future__ import annotations

from typing import ClassVar

from samsyn.organisations.importing import ORGANISATION_COLUMNS, import_organisations
from samsyn.organisations.management.importing import ImportCommand


class Command(ImportCommand):
    """Brings in principals, authorities, units and posts."""

    help = (
        "Brings in principals, authorities, units and posts from a CSV file. "
        "Says first what would change; with --apply it is written, all of it or nothing. "
        "What is not in the file stays as it is."
    )
    columns: ClassVar = ORGANISATION_COLUMNS
    bring_in: ClassVar = staticmethod(import_organisations)
