"""Bringing in an organisation and its staff from files: documented columns, a dry run first, all or nothing."""

from samsyn.organisations.import_columns import ORGANISATION_COLUMNS, STAFF_COLUMNS
from samsyn.organisations.importing.organisations import import_organisations
from samsyn.organisations.importing.reading import Progress
from samsyn.organisations.importing.staff import import_staff

__all__ = ["ORGANISATION_COLUMNS", "STAFF_COLUMNS", "Progress", "import_organisations", "import_staff"]
