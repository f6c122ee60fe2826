"""Bringing in principals, authorities, units and posts from a file: all of it or nothing."""

from __future__ import annotations

from typing import BinaryIO

from django.db import IntegrityError, transaction

from samsyn.common import ports
from samsyn.common.decision import Refused, no
from samsyn.common.row_problems import Report
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.actions import may_manage
from samsyn.organisations.desks import desk_stays_attended
from samsyn.organisations.importing.comparing import compare
from samsyn.organisations.importing.existing import load_existing
from samsyn.organisations.importing.reading import COMPARING, Faults, Progress, count_rows, quiet
from samsyn.organisations.importing.structure import Structure, read_structure
from samsyn.organisations.importing.writing import write
from samsyn.organisations.models import Principal
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

WHOLE_FILE = 1


def import_organisations(
    file: BinaryIO, *, apply: bool = False, progress: Progress = quiet, viewer: Viewer = SYSTEM
) -> Report:
    """Bring in the file, or without ``apply`` only say what that would do, having tried it and taken it back.

    ``file`` is open for reading bytes and can seek; its columns are ``ORGANISATION_COLUMNS``. Nothing is written while
    there is any problem. What is not in the file stays as it is. The same file again changes nothing.
    """
    report = Report()
    faults = Faults(report)
    manages = may_manage(viewer)
    if not manages:
        faults(WHOLE_FILE, "", manages)
        return report
    told = read_structure(file, faults, progress)
    try:
        with transaction.atomic():
            with desk_stays_attended():
                _bring_in(viewer, told, faults, progress)
            if not (apply and report.may_be_applied):
                transaction.set_rollback(True)
    except Refused as refused:
        faults(WHOLE_FILE, "", refused.decision)
    except IntegrityError:
        faults(WHOLE_FILE, "", no("Somebody changed the organisation meanwhile. Nothing was written. Run it again."))
    return report


def _bring_in(viewer: Viewer, told: Structure, faults: Faults, progress: Progress) -> None:
    progress(COMPARING, 0, 1)
    there = load_existing()
    changes = compare(told, there, faults)
    progress(COMPARING, 1, 1)
    changed = changes.rows(told)
    count_rows(faults.report, set(told.rows) - faults.rows, changed)
    if not faults.report.may_be_applied or not changed:
        return
    write(told, changes, there, progress)
    moved = [key for key, post in changes.changed_posts.items() if there.posts[key].unit != post.unit]
    if moved:
        ports.posts_moved(viewer, [there.post_pk[key] for key in moved])
    principals = Principal.objects.filter(pk__in=[there.principal_pk[key] for key in told.principals]).order_by("pk")
    act(viewer, "organisations.imported", [Subject("principal", principal.ref) for principal in principals])
