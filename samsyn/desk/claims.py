"""What somebody says is wrong in a text, to be shown beside it wherever the text is read (SoL 14:6)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from samsyn.common.viewer import Viewer
from samsyn.sharing.models import ClaimOfError


def claims_beside(viewer: Viewer, refs: Sequence[UUID]) -> dict[UUID, list[ClaimOfError]]:
    """What somebody says is wrong in each of these texts, oldest first; nothing for a text that nobody calls wrong."""
    claims = ClaimOfError.objects.visible_to(viewer).filter(item_ref__in=refs).select_related("child", "by")
    beside: dict[UUID, list[ClaimOfError]] = {}
    for claim in claims.order_by("at", "pk"):
        beside.setdefault(claim.item_ref, []).append(claim)
    return beside
