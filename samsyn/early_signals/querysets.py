"""How signs are fetched: a draft is the noticer's alone, even among those who see all else about the child."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Q

from samsyn.common.models import VisibleQuerySet
from samsyn.common.viewer import Viewer
from samsyn.early_signals.rules import OPEN_REQUEST, OPEN_SIGN


class SignQuerySet(VisibleQuerySet[Any]):
    """Early signs."""

    def visible_to(self, viewer: Viewer) -> Self:
        """As everywhere, less the drafts of other posts."""
        return super().visible_to(viewer).filter(~Q(state="draft") | Q(noticer_post_id=viewer.post))

    def not_ended(self) -> Self:
        """Sent, and neither closed nor joined with another."""
        return self.filter(state__in=OPEN_SIGN)


class RequestQuerySet(VisibleQuerySet[Any]):
    """Requests for help."""

    def not_ended(self) -> Self:
        """Waiting for somebody, or being carried out."""
        return self.filter(state__in=OPEN_REQUEST)
