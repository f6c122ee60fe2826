"""The wheel of a plan, as the picture asks for it: on the page and on paper the same facts and the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.look.wheel import Area, WheelFacts, WheelWords
from samsyn.plans.partnership import area_labels, wheel_name
from samsyn.plans.wheel import AreaNow


def wheel_picture(areas: Sequence[AreaNow], child: str, authority_id: int, uid: str) -> WheelFacts:
    """What to draw, in the language that is read now.

    ``areas``: from ``wheel_facts``; ``child``: the name to show; ``authority_id``: whose words the areas go by.
    """
    labels = area_labels(authority_id)
    name = wheel_name(authority_id)
    return WheelFacts(
        uid=uid,
        title=_("%(wheel)s for %(child)s") % {"wheel": name[:1].upper() + name[1:], "child": child},
        desc=_described(areas, child, labels),
        child=child,
        areas=tuple(
            Area(labels[one.area], one.child, one.adults, one.before, _marks(one, child, change=False)) for one in areas
        ),
        words=WheelWords(
            differs=_("different"),
            not_asked=_("not asked"),
            head=(_("Area"), _("%(child)s now") % {"child": child}, _("Last time"), _("Adults")),
        ),
        rtl=translation.get_language_bidi(),
    )


def _described(areas: Sequence[AreaNow], child: str, labels: Mapping[str, str]) -> str:
    scale = _("Eight areas on a scale from 1 to 5, where 5 is best.")
    each = [
        _("%(area)s: %(marks)s.") % {"area": labels[one.area], "marks": _marks(one, child, change=True)}
        for one in areas
    ]
    return " ".join((scale, *each))


def _marks(one: AreaNow, child: str, *, change: bool) -> str:
    """The marks of one area in words; with ``change`` also where the child was last time."""
    values = {"child": child, "now": one.child, "before": one.before, "adults": one.adults}
    if one.child is None and one.adults is None:
        return _("not asked")
    if one.child is None:
        return _("adults %(adults)s") % values
    if change and one.before is not None:
        if one.adults is None:
            return _("%(child)s %(now)s, last time %(before)s") % values
        return _("%(child)s %(now)s, last time %(before)s, adults %(adults)s") % values
    if one.adults is None:
        return _("%(child)s %(now)s") % values
    return _("%(child)s %(now)s, adults %(adults)s") % values


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
