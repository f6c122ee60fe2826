"""``samsyn import-partnership FILE.toml``."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from samsyn.common.decision import Decision
from samsyn.organisations.import_columns import AGREEMENT
from samsyn.organisations.importing import import_partnership


class Command(BaseCommand):
    """Brings in a partnership that has been decided."""

    help = (
        "Brings in from a TOML file what the parties of a partnership have decided: vision, common goals, shorter "
        "times and own words. Says first whether it could; with --apply it is written."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """As Django's, with the file printed as it stands."""
        kwargs = {"formatter_class": RawDescriptionHelpFormatter, "epilog": AGREEMENT, **kwargs}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether to write."""
        parser.add_argument("file", type=Path, help="the TOML file")
        parser.add_argument("--apply", action="store_true", help="write; without it nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the file in. Raises CommandError when it cannot be opened or has problems."""
        try:
            content = options["file"].read_bytes()
        except OSError as unreadable:
            raise CommandError(_("The file cannot be read: %(why)s") % {"why": unreadable.strerror}) from unreadable
        report = import_partnership(content, apply=options["apply"])
        for problem in report.problems:
            self.stdout.write(_sentence(problem))
        if report.problems:
            raise CommandError(_("Nothing was changed. Correct the rows above and run it again."))
        if not report.changed:
            self.stdout.write(_("The partnership is here already, just as the file says."))
        elif options["apply"]:
            self.stdout.write(_("Written."))
        else:
            self.stdout.write(_("Nothing was changed yet. Run it again with --apply to write this."))


def _sentence(problem: Decision) -> str:
    """What is wrong, after the part of the file, or the rule of law, that it is about."""
    where = problem.field or problem.rule
    said = _(problem.reason) % problem.values
    return f"{where}: {said}" if where else said
