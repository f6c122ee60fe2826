"""Notes what an authority's own plan says of how long its files stand."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from samsyn.common.decision import Refused
from samsyn.organisations.models import Authority
from samsyn.retention.actions import set_plan


class Command(BaseCommand):
    """``samsyn retention-plan``."""

    help = "Notes after how many years an authority's own plan lets its files go, and by which decision."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose plan, how many years, and the decision."""
        parser.add_argument("authority")
        parser.add_argument("--years", type=int, required=True)
        parser.add_argument("--decision", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the authority, and note it."""
        wanted = options["authority"]
        found = [one for one in Authority.objects.select_related("principal") if wanted in {str(one.ref), one.name}]
        if len(found) != 1:
            raise CommandError(f"{len(found)} authorities have this name or reference.")
        try:
            plan = set_plan(found[0], options["years"], options["decision"])
        except Refused as refused:
            raise CommandError(refused.decision.reason % refused.decision.values) from refused
        self.stdout.write(f"{found[0].name}: {plan.years} years after the last note, by {plan.decision}.")
