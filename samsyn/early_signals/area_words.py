"""What the areas of wellbeing are called where the child is: in the partnership's words, else in those of the house."""

from __future__ import annotations

from collections.abc import Mapping

from samsyn.early_signals.models import Area
from samsyn.organisations.partnerships import own_words


def areas_of(authority_id: int) -> dict[str, str]:
    """Area → name, as the partnership of the authority calls it now; one question to the database."""
    return area_labels(own_words(authority_id))


def area_labels(own: Mapping[str, str]) -> dict[str, str]:
    """What each area is called: the partnership's own word (key "area.safe", …), else the word of the house.

    ``own``: from ``own_words``.
    """
    return {area.value: own.get(f"area.{area.value}", str(area.label)) for area in Area}
