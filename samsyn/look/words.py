"""The pictures' own words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from samsyn.look.circle_facts import CircleWords
from samsyn.look.wheel import WheelWords

# What the list of names does not have, or calls by a name that those who speak it do not use.
NAMED_HERE = {
    "swl": gettext_lazy("Swedish sign language"),
    "ps": gettext_lazy("Pashto"),
    "rom": gettext_lazy("Romani"),
    "ckb": gettext_lazy("Kurdish, Sorani"),
}


def in_a_row(words: Iterable[str]) -> str:
    """Names or words after each other, with the reader's own comma between them."""
    return pgettext("between words in a row", ", ").join(words)


def language_name(code: str) -> str:
    """A language's name in the reader's language, the code when it is not known."""
    if code in NAMED_HERE:
        return str(NAMED_HERE[code])
    locale = Locale.parse(get_language() or "sv")
    return str(locale.languages.get(code, code))


def circle_words() -> CircleWords:
    """What the circle itself says."""
    return CircleWords(
        answers_now=_("answers now"),
        covers=_("%(cover)s for %(name)s"),
        family=_("family"),
        in_team=_("in the team"),
        away=_("away"),
        asked=_("asked, has not answered"),
        no_information=_("gets no information"),
        missing=_("nobody yet"),
        head=(_("Who"), _("Role"), _("Where"), _("Just now")),
    )


def wheel_words(child: str) -> WheelWords:
    """What the wheel itself says; ``child`` is the name that the child uses."""
    return WheelWords(
        differs=_("different"),
        not_asked=_("not asked"),
        head=(_("Area"), _("%(child)s now") % {"child": child}, _("Last time"), _("Adults")),
    )


def mark_words(child: str, now: int | None, adults: int | None, before: int | None = None) -> str:
    """The marks of an area in words: "Signe 3, last time 2, adults 4". ``before``: None leaves last time out."""
    values = {"child": child, "now": now, "before": before, "adults": adults}
    if now is None and adults is None:
        return _("not asked")
    if now is None:
        return _("adults %(adults)s") % values
    if before is not None:
        if adults is None:
            return _("%(child)s %(now)s, last time %(before)s") % values
        return _("%(child)s %(now)s, last time %(before)s, adults %(adults)s") % values
    if adults is None:
        return _("%(child)s %(now)s") % values
    return _("%(child)s %(now)s, adults %(adults)s") % values
