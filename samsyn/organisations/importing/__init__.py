"""Bringing in an organisation, its staff and its partnership from files: a dry run first, all or nothing."""

from samsyn.organisations.import_columns import ORGANISATION_COLUMNS, STAFF_COLUMNS
from samsyn.organisations.importing.organisations import import_organisations
from samsyn.organisations.importing.partnership import import_partnership
from samsyn.organisations.importing.reading import Progress
from samsyn.organisations.importing.staff import import_staff

__all__ = [
    "ORGANISATION_COLUMNS",
    "STAFF_COLUMNS",
    "Progress",
    "import_organisations",
    "import_partnership",
    "import_staff",
]
