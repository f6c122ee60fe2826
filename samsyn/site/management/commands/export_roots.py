"""Prints the signed roots of the trail, for partners in other installations who keep them as witnesses."""

from __future__ import annotations

import argparse
from base64 import b64encode
from typing import Any

from django.core.management.base import BaseCommand

from samsyn.trail.models import Root
from samsyn.trail.roots import facts_of, line
from samsyn.trail.signing import public_key


class Command(BaseCommand):
    """``samsyn export-roots``."""

    help = (
        "Prints one line for each signed root, smallest first; with --keys the public keys that they are checked with."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Roots or keys."""
        parser.add_argument("--keys", action="store_true", help="print the public keys, to be told in another way")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        roots = Root.objects.order_by("principal_ref", "size")
        if not options["keys"]:
            for root in roots.iterator(chunk_size=2000):
                self.stdout.write(line(facts_of(root)))
            return
        used = Root.objects.order_by("principal_ref", "key_id").values_list("principal_ref", "key_id").distinct()
        for principal_ref, key_id in used:
            key = public_key(principal_ref, key_id)
            if key is not None:
                self.stdout.write(f"{principal_ref}/{key_id}:{b64encode(key).decode()}")
