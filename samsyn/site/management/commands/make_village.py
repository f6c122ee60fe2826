"""Makes the fictional village, or many more children for measuring."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from samsyn.common import clock
from samsyn.people.models import Person
from samsyn.site.village.bulk import add_children
from samsyn.site.village.make import make_village
from samsyn.site.village.register import write_register


class Command(BaseCommand):
    """``samsyn make-village``."""

    help = "Makes the fictional village of Lillköping. Demo and tests only."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How many more children."""
        parser.add_argument("--children", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, unless there is one already, and then so many more children as are asked for."""
        if settings.SAMSYN_MODE == "production":
            raise CommandError("The village is for the demo and for tests. This house is run as production.")
        if not Person.objects.exists():
            make_village()
            if settings.SAMSYN_REGISTER_FILE:
                write_register(Path(settings.SAMSYN_REGISTER_FILE), clock.today())
        elif not options["children"]:
            self.stdout.write("There is a village already.")
        if options["children"]:
            add_children(options["children"], progress=self._tell)

    def _tell(self, made: int) -> None:
        self.stdout.write(f"\r{made} children", ending="")
        self.stdout.flush()
