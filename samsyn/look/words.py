"""The pictures' own words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from samsyn.look.circle_facts import CircleWords
from samsyn.look.wheel import WheelWords


def in_a_row(words: Iterable[str]) -> str:
    """Names or words after each other, with the reader's own comma between them."""
    return pgettext("between words in a row", ", ").join(words)


def circle_words() -> CircleWords:
    """What the circle itself says."""
    return CircleWords(
        answers_now=_("answers now"),
        covers=_("%(cover)s for %(name)s"),
        family=_("the family"),
        in_team=_("present"),
        away=_("away"),
        asked=_("asked, has not answered"),
        no_information=_("gets no information"),
        missing=_("nobody yet"),
        head=(_("Who"), _("Role"), _("Where"), _("Just now")),
    )


def wheel_words(child: str) -> WheelWords:
    """What the wheel itself says; ``child`` is the name that the child uses."""
    return WheelWords(
        differs=_("differs"),
        not_asked=_("not asked"),
        head=(_("Area"), _("%(name)s now") % {"name": child}, _("Last time"), _("Adults")),
    )


def mark_words(child: str, mark: int | None, adults: int | None) -> str:
    """The two marks of an area in words: "Signe 3, adults 4"."""
    if mark is None and adults is None:
        return _("not asked")
    if mark is None:
        return _("adults %(adults)s") % {"adults": adults}
    if adults is None:
        return _("%(name)s %(mark)s") % {"name": child, "mark": mark}
    return _("%(name)s %(mark)s, adults %(adults)s") % {"name": child, "mark": mark, "adults": adults}
