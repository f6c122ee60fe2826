"""Bringing in a partnership: what the parties have decided, from a TOML file. All of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from samsyn import law
from samsyn.common.decision import Decision, Refused, no
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.actions_partnership import found_partnership
from samsyn.organisations.importing.agreement_file import PartyTold, read_agreement
from samsyn.organisations.models import Authority, CommonGoal, LocalClock, LocalLabel, Partnership


@dataclass
class AgreementReport:
    """What bringing in the file did, or would do. ``problems``: each with the part of the file that it is about."""

    changed: bool = False
    problems: list[Decision] = field(default_factory=list)


def import_partnership(content: bytes, *, apply: bool = False, viewer: Viewer = SYSTEM) -> AgreementReport:
    """Bring in the file, or without ``apply`` only say what that would do, having tried it and taken it back.

    The same file again changes nothing. A decision that is here and says something else is a problem: what has been
    decided anew is a partnership of its own, and the newest one holds.
    """
    report = AgreementReport()
    agreement, told = read_agreement(content, report.problems)
    parties = [found for one in told if (found := _authority(one, report.problems)) is not None]
    if report.problems or agreement is None:
        return report
    try:
        with transaction.atomic():
            made = found_partnership(viewer, agreement, parties)
            earlier = Partnership.objects.filter(name=made.name, decision_number=made.decision_number)
            known = earlier.exclude(pk=made.pk).order_by("-pk").first()
            report.changed = known is None
            if known is not None and _said(known) != _said(made):
                again = no("This decision is here already, and says something else. A new one has a number of its own.")
                raise Refused(again)
            if not (apply and report.changed):
                transaction.set_rollback(True)
    except law.NoSuchRule as unknown:
        report.problems.append(no("There is no such rule of law: %(why)s", field="clocks", why=str(unknown)))
    except Refused as refused:
        report.problems.append(refused.decision)
    return report


def _authority(told: PartyTold, problems: list[Decision]) -> Authority | None:
    rows = Authority.objects.filter(principal__kind=told.kind, principal__code=told.code, name=told.authority)
    found = rows.first()
    if found is None:
        problems.append(
            no(
                "%(authority)s is no authority of that principal here. Bring it in with import-organisations first.",
                field="parties",
                authority=told.authority,
            )
        )
    return found


def _said(partnership: Partnership) -> dict[str, Any]:
    """All that a decision says, to be held beside another."""
    of = {"partnership": partnership}
    return {
        "decided_on": partnership.decided_on,
        "vision": partnership.vision,
        "parties": set(partnership.parties.values_list("pk", flat=True)),
        "clocks": set(LocalClock.objects.filter(**of).values_list("rule", "value")),
        "labels": set(LocalLabel.objects.filter(**of).values_list("key", "language", "text")),
        "goals": list(CommonGoal.objects.filter(**of).order_by("position").values_list("key", "names")),
    }
