"""The wheel of a plan, as the picture asks for it: on the page and on paper the same facts and the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.early_signals.area_words import area_labels
from samsyn.look.wheel import Area, WheelFacts
from samsyn.look.words import mark_words, wheel_words
from samsyn.organisations.partnerships import own_words
from samsyn.plans.wheel import AreaNow


def wheel_picture(areas: Sequence[AreaNow], child: str, authority_id: int, uid: str) -> WheelFacts:
    """What to draw, in the language that is read now.

    ``areas``: from ``wheel_facts``; ``child``: the name to show; ``authority_id``: whose words the areas go by.
    """
    own = own_words(authority_id)
    labels, name = area_labels(own), own["wheel"]
    return WheelFacts(
        uid=uid,
        title=_("%(wheel)s for %(child)s") % {"wheel": name[:1].upper() + name[1:], "child": child},
        desc=_described(areas, child, labels),
        child=child,
        areas=tuple(
            Area(labels[one.area], one.child, one.adults, one.before, mark_words(child, one.child, one.adults))
            for one in areas
        ),
        words=wheel_words(child),
        rtl=translation.get_language_bidi(),
    )


def _described(areas: Sequence[AreaNow], child: str, labels: Mapping[str, str]) -> str:
    scale = _("Eight areas on a scale from 1 to 5, where 5 is best.")
    each = [
        _("%(area)s: %(marks)s.")
        % {"area": labels[one.area], "marks": mark_words(child, one.child, one.adults, one.before)}
        for one in areas
    ]
    return " ".join((scale, *each))


def marked_when(areas: Sequence[AreaNow], child: str) -> str:
    """A sentence that tells when the child marked the wheel, and when last time was; "" while the child has not."""
    days = [one.child_on for one in areas if one.child_on]
    before = [one.before_on for one in areas if one.before_on]
    if not days:
        return ""
    values = {"child": child, "day": date_format(max(days), "j F Y")}
    if not before:
        return _("%(child)s marked it on %(day)s.") % values
    return _("%(child)s marked it on %(day)s. Last time was %(before)s.") % {
        **values,
        "before": date_format(max(before), "j F Y"),
    }
