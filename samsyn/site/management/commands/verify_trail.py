"""Says in plain words whether the trail is whole, and if not, which entry is the first that is broken."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from samsyn.common.viewer import NOBODY
from samsyn.organisations.models import Principal
from samsyn.trail.findings import Report
from samsyn.trail.roots import UnreadableRoot, read_lines
from samsyn.trail.rules import RootFacts
from samsyn.trail.verifying import principals, verify

THE_HOUSE = "The house itself"


def names() -> dict[UUID, str]:
    """Each principal by its reference, and the house."""
    return {NOBODY: THE_HOUSE, **dict(Principal.objects.values_list("ref", "name"))}


def read_file(path: str) -> list[RootFacts]:
    """The roots in a file. Raises CommandError, saying why, when there are none to read."""
    try:
        return list(read_lines(Path(path).read_text(encoding="utf-8").splitlines()))
    except (OSError, UnicodeDecodeError, UnreadableRoot) as wrong:
        raise CommandError(f"{path} cannot be read: {wrong}") from wrong


class Command(BaseCommand):
    """``samsyn verify-trail``."""

    help = (
        "Checks every entry of the trail against its commitment, the commitments against the seal, and the seal against"
        " every signed root that is known. Ends with 1 when something is broken."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose trail, and what it is held against."""
        parser.add_argument("--principal", help="only this one: its reference or its name")
        parser.add_argument("--against", metavar="FILE", help="roots that were written out, or kept by a partner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and tell."""
        against = read_file(options["against"]) if options["against"] else []
        known = names()
        chosen = [one for one in principals() if options["principal"] in {None, str(one), known.get(one)}]
        if not chosen:
            raise CommandError("There is no trail of that principal here.")
        broken = 0
        for principal_ref in chosen:
            report = verify(principal_ref, against)
            broken += bool(report.number)
            self.stdout.write("\n".join(said(report, known)))
        if broken:
            raise CommandError(f"Broken: {broken} of {len(chosen)}.", returncode=1)
        self.stdout.write(f"Whole: {len(chosen)} of {len(chosen)}.")


def said(report: Report, known: dict[UUID, str]) -> list[str]:
    """A report in plain words, the first break first."""
    whose = known.get(report.principal_ref, str(report.principal_ref))
    counted = f"{report.entries} entries, {report.roots} roots, {report.outside} roots kept by others"
    if not report.number:
        return [f"{whose}: whole. {counted}."]
    lines = [f"{whose}: BROKEN, first at place {report.findings[0].place}. {counted}; {report.number} things found:"]
    for finding in report.findings:
        entry = f", entry {finding.entry}" if finding.entry else ""
        lines.append(f"  place {finding.place}{entry}: {_named(finding.words, known)}")
    return lines


def _named(words: str, known: dict[UUID, str]) -> str:
    for ref, name in known.items():
        words = words.replace(str(ref), name)
    return words
