"""Shows what is due to be weeded, and weeds it when it is told to. Prints numbers, never a name."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samsyn.common import outside
from samsyn.organisations.models import Authority
from samsyn.retention.actions import Found, destroy_again, revoke_again, survey, weed, weed_again
from samsyn.retention.rules import State


class Command(BaseCommand):
    """``samsyn weed``."""

    help = "Shows how many files stand, wait and are due, by authority and rule of law. Changes nothing without --do."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether to do it, how much at a time, or what to do after a restore."""
        parser.add_argument("--do", action="store_true", help="weed what is due; nothing brings it back")
        parser.add_argument("--at-most", type=int, metavar="N", help="stop after so many files")
        parser.add_argument("--replay", action="store_true", help="after a restore: weed and revoke again")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show, do, or do again."""
        try:
            if options["replay"]:
                self._replay()
            elif options["do"]:
                self._do(options["at_most"])
            else:
                self._show()
        except outside.OutsideUnreadable as wrong:
            raise CommandError(f"{wrong} What was not yet carried out stands.") from wrong

    def _show(self) -> None:
        found = survey()
        self.stdout.write("\n".join(_table(found)))
        due = sum(one.fate.state is State.DUE for one in found)
        self.stdout.write(f"{due} of {len(found)} files are due. Nothing was changed: weed them with --do.")

    def _do(self, at_most: int | None) -> None:
        gone = list(weed(at_most))
        self.stdout.write("\n".join(_table(gone)))
        self.stdout.write(f"{len(gone)} files were weeded. Each has a tombstone, and stands in the trail.")
        if outside.path() is None:
            self.stdout.write("SAMSYN_TOMBSTONES_PATH is not set: a restored backup would bring them back.")

    def _replay(self) -> None:
        file = outside.path()
        if file is None:
            raise CommandError("Set SAMSYN_TOMBSTONES_PATH to the file that tombstones are written to.")
        stones, rows = weed_again(file)
        keys = destroy_again()
        self.stdout.write(f"{stones} tombstones were set anew, and {rows} rows went again.")
        self.stdout.write(f"{keys} keys of what was weeded had come back, and were destroyed again.")
        lines, closed = revoke_again(file)
        self.stdout.write(
            f"{lines} revocations were carried out again; {closed} of them closed something here, and of the others "
            "what they closed is younger than the copy, or had ended."
        )


def _table(found: list[Found]) -> list[str]:
    """A line for each authority, state and rule, with how many files."""
    names = dict(Authority.objects.values_list("pk", "name"))
    counted = Counter((names[one.pair[1]], one.fate.state.value, one.fate.rule) for one in found)
    lines = [f"{number:6}  {name}  {state}  ({rule})" for (name, state, rule), number in sorted(counted.items())]
    finish = min((one.fate.finished_by for one in found if one.fate.finished_by is not None), default=None)
    return lines if finish is None else [*lines, f"The first of them must be gone by {finish.isoformat()}."]
