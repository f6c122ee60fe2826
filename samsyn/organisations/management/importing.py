"""What the two import commands share: the file, the report in words, and a bar that shows how far it has come."""

from __future__ import annotations

import os
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn.common.row_problems import Report
from samsyn.common.tabular import Column
from samsyn.organisations.import_columns import described
from samsyn.organisations.importing import Progress

BAR = 30
_LANGUAGE_IS_SAID_BY = ("LC_ALL", "LC_MESSAGES", "LANG")


class ImportCommand(BaseCommand):
    """Reads a file and says what it would change; with ``--apply`` it is done, all of it or nothing."""

    columns: ClassVar[Sequence[Column]]
    bring_in: ClassVar[Callable[..., Report]]

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """As Django's, with the columns printed as they stand."""
        return super().create_parser(
            prog_name,
            subcommand,
            formatter_class=RawDescriptionHelpFormatter,
            epilog=described(self.columns),
            **kwargs,
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether to write."""
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument("--apply", action="store_true", help="write; without it nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the file in, and say what it did in the terminal's language.

        Raises CommandError when the file cannot be opened or has problems.
        """
        with translation.override(language_of_terminal(os.environ)):
            try:
                with options["file"].open("rb") as file:
                    report = self._run(file, options["apply"])
            except OSError as unreadable:
                raise CommandError(_("The file cannot be read: %(why)s") % {"why": unreadable.strerror}) from unreadable
            self.stdout.write(report.text(_))
            if not report.may_be_applied:
                raise CommandError(_("Nothing was changed. Correct the rows above and run it again."))
            if not options["apply"]:
                self.stdout.write(_("Nothing was changed yet. Run it again with --apply to write this."))
            elif report.changed:
                self.stdout.write(_("Written."))

    def _run(self, file: BinaryIO, apply: bool) -> Report:
        bar = progress_bar() if sys.stderr.isatty() else None
        run = type(self).bring_in
        return run(file, apply=apply, progress=bar) if bar is not None else run(file, apply=apply)


def language_of_terminal(environment: Mapping[str, str]) -> str:
    """The language that a terminal says its reader wants, as POSIX orders the words; the house's where it says none."""
    said = next((environment[name] for name in _LANGUAGE_IS_SAID_BY if environment.get(name)), "")
    code = said.partition("_")[0].partition(".")[0]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def progress_bar() -> Progress:
    """A bar on the terminal, one line for each step."""

    def show(step: str, done: int, total: int) -> None:
        part = done / total if total else 1.0
        ending = "\n" if part >= 1 else ""
        sys.stderr.write(f"\r{step:<10} [{'#' * int(BAR * part):<{BAR}}] {part:>4.0%}{ending}")
        sys.stderr.flush()

    return show
