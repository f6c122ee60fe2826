"""``samsyn import-staff FILE.csv``."""

from __future__ import annotations

from typing import ClassVar

from samsyn.organisations.importing import STAFF_COLUMNS, import_staff
from samsyn.organisations.management.importing import ImportCommand


class Command(ImportCommand):
    """Brings in who holds which post."""

    help = (
        "Brings in from a CSV file who holds which post, and opens accounts for those who are new. "
        "Says first what would change; with --apply it is written, all of it or nothing. "
        "Somebody who leaves is given a last day; who is not in the file stays as before."
    )
    columns: ClassVar = STAFF_COLUMNS
    bring_in: ClassVar = staticmethod(import_staff)
