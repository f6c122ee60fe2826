"""Keeps the roots of partners in other installations, as their witness."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from samsyn.common.viewer import NOBODY
from samsyn.site.management.commands.verify_trail import names, read_file
from samsyn.trail.models import Tree
from samsyn.trail.rules import RootFacts
from samsyn.trail.seal_actions import newest_held, receive


class Command(BaseCommand):
    """``samsyn import-roots``."""

    help = "Reads what a partner's export-roots printed; takes what is signed and follows on what was received earlier."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """The file, and who keeps the roots."""
        parser.add_argument("file")
        parser.add_argument("--holder", help="the principal that keeps them: its reference or its name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them, principal by principal; ends with 1 when one of them is not to be believed."""
        holder = self._holder(options["holder"])
        own = set(Tree.objects.values_list("principal_ref", flat=True))
        found = sorted(read_file(options["file"]), key=lambda root: (str(root.principal_ref), root.size))
        wrong = []
        for principal_ref, roots in groupby(found, key=lambda root: root.principal_ref):
            if principal_ref not in own:
                wrong += self._take(holder, principal_ref, list(roots))
        if wrong:
            raise CommandError("\n".join(wrong), returncode=1)

    def _holder(self, asked: str | None) -> UUID:
        here = {ref: name for ref, name in names().items() if ref != NOBODY}
        chosen = [ref for ref, name in here.items() if asked in {None, str(ref), name}]
        if len(chosen) != 1:
            raise CommandError("Say with --holder which principal keeps the roots.")
        return chosen[0]

    def _take(self, holder: UUID, principal_ref: UUID, roots: list[RootFacts]) -> list[str]:
        """Take the new ones; give what is wrong, in words."""
        with transaction.atomic():
            held = newest_held(holder, principal_ref)
            problem = _contradicts(held, roots)
            if problem:
                return [f"{principal_ref}: {problem}"]
            new = [root for root in roots if held is None or root.size > held.size]
            kept = receive(holder, principal_ref, new)
        self.stdout.write(f"{principal_ref}: {len(kept)} new roots are kept.")
        if len(kept) < len(new):
            after = new[len(kept)]
            return [
                f"{principal_ref}: the root over {after.size} entries is not signed by a known key, or does not follow"
                " on what was received earlier. Nothing from there on is kept."
            ]
        return []


def _contradicts(held: RootFacts | None, roots: list[RootFacts]) -> str:
    """What cannot be true together with what was received earlier; "" when nothing does."""
    if held is None:
        return ""
    same = [root for root in roots if root.size == held.size]
    if any(root.digest != held.digest for root in same):
        return f"another root over {held.size} entries was received earlier: the trail was rewritten."
    if max(root.size for root in roots) < held.size:
        return f"a root over {held.size} entries was received earlier, and this ends before: the tail was cut."
    return ""
