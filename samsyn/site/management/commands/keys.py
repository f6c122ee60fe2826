"""Tells how the keys of persons stand, wraps them with the current master keys, and notes what is lost."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samsyn.common.crypto import CannotUnseal
from samsyn.people.keys import not_current, wrap_anew
from samsyn.people.models import PersonKey
from samsyn.retention import keys
from samsyn.retention.actions import give_up


class Command(BaseCommand):
    """``samsyn keys``."""

    help = "Tells how many keys of persons there are, how many are missing, and which master keys wrap them."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whether to wrap anew, or to go on without what is lost."""
        parser.add_argument("--wrap-anew", action="store_true", help="wrap every key with the current master keys")
        parser.add_argument("--lost", action="store_true", help="go on without what no key opens; nothing undoes it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell, and do."""
        try:
            if options["wrap_anew"]:
                self.stdout.write(f"{wrap_anew()} keys were wrapped with the current master keys.")
            waiting = not_current()
        except CannotUnseal as wrong:
            raise CommandError(f"A key cannot be read: {wrong} What was not yet carried out stands.") from wrong
        if options["lost"]:
            self.stdout.write(
                "Written as lost: {} numbers, {} protected persons' details, {} texts.".format(*give_up())
            )
        found = keys.out_of_order()
        self.stdout.write(
            f"{PersonKey.objects.count()} keys, {waiting} of them wrapped by an older master key. "
            f"{found.missing} sealed values have no key here, and {found.back} keys of what was weeded have come back."
        )
