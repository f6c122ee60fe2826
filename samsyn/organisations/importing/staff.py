"""Bringing in who holds which post from a file: all of it or nothing."""

from __future__ import annotations

from typing import BinaryIO

from django.db import IntegrityError, transaction

from samsyn.common.decision import Refused, no
from samsyn.common.row_problems import Report
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.actions import may_manage
from samsyn.organisations.desks import desk_stays_attended
from samsyn.organisations.importing.reading import COMPARING, Faults, Progress, quiet
from samsyn.organisations.importing.staff_comparing import compare_holdings, compare_rows
from samsyn.organisations.importing.staff_file import read_staff
from samsyn.organisations.importing.staff_notes import StaffNotes
from samsyn.organisations.importing.staff_writing import write_staff
from samsyn.organisations.models import Principal
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

WHOLE_FILE = 1


def import_staff(file: BinaryIO, *, apply: bool = False, progress: Progress = quiet, viewer: Viewer = SYSTEM) -> Report:
    """Bring in the file, or without ``apply`` only say what that would do, having tried it and taken it back.

    ``file`` is open for reading bytes and can seek; its columns are ``STAFF_COLUMNS``. Nothing is written while there
    is any problem. Who is not in the file stays as before: a holding ends by its last day. The same file again changes
    nothing. The report holds no number and no sign-in name. The file is read twice, some rows at a time: memory grows
    by a few bytes a row.
    """
    report = Report()
    faults = Faults(report)
    manages = may_manage(viewer)
    if not manages:
        faults(WHOLE_FILE, "", manages)
        return report
    try:
        with transaction.atomic():
            with desk_stays_attended():
                _bring_in(viewer, file, faults, progress)
            if not (apply and report.may_be_applied):
                transaction.set_rollback(True)
    except Refused as refused:
        faults(WHOLE_FILE, "", refused.decision)
    except IntegrityError:
        faults(WHOLE_FILE, "", no("Somebody changed the staff meanwhile. Nothing was written. Run it again."))
    return report


def _bring_in(viewer: Viewer, file: BinaryIO, faults: Faults, progress: Progress) -> None:
    notes, report = StaffNotes(), faults.report
    for rows in read_staff(file, faults, progress):
        compare_rows(rows, notes, faults)
    progress(COMPARING, 0, 1)
    compare_holdings(notes, faults)
    progress(COMPARING, 1, 1)
    report.good = sum(1 for row in notes.rows if row not in faults.rows)
    report.changed = len(notes.changed - faults.rows)
    report.unchanged = report.good - report.changed
    if not report.may_be_applied or not notes.changed:
        return
    write_staff(file, notes, progress)
    principals = Principal.objects.filter(pk__in=notes.employers).order_by("pk")
    act(viewer, "organisations.staff_imported", [Subject("principal", principal.ref) for principal in principals])
