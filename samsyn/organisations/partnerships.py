"""What a partnership says: its own words, its shorter clocks and its common goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import translation
from django.utils.translation import gettext as _

from samsyn import law
from samsyn.common import clock, reading
from samsyn.common.models import VisibleQuerySet
from samsyn.common.prepared import first_asked
from samsyn.common.viewer import Viewer
from samsyn.law.words import own_time
from samsyn.organisations.models import (
    CommonGoal,
    LocalClock,
    LocalLabel,
    Partnership,
    Principal,
    PrincipalKind,
    Unit,
    UnitKind,
)

NAMED_PERSON = "named_person"
WHEEL = "wheel"


def partnership_of(authority_id: int, *other_authorities: int) -> Partnership | None:
    """The newest partnership that the authority is in, together with all the others given; None when there is none.

    A region's authority may be in one partnership with each municipality: name the other one too.
    """
    return _newest_first(authority_id, *other_authorities).first()


def _newest_first(*authorities: int) -> QuerySet[Partnership]:
    """The partnerships that all of these are in: the first is the one that decides, whatever is asked of it."""
    found = Partnership.objects.all()
    for authority in authorities:
        found = found.filter(pk__in=Partnership.objects.filter(parties=authority).values("pk"))
    return found.order_by("-decided_on", "-pk")


def labels(partnership: Partnership | None, language: str) -> dict[str, str]:
    """Key → word for roles and tools in a language: the partnership's own, else the word of the house."""
    with translation.override(language):
        words = {NAMED_PERSON: _("named person"), WHEEL: _("wellbeing wheel")}
    if partnership is not None:
        own = LocalLabel.objects.filter(partnership=partnership, language=language)
        words.update(own.values_list("key", "text"))
    return words


def own_words(authority_id: int) -> Mapping[str, str]:
    """As ``labels``, for the newest partnership that the authority is in and the language that is read now.

    One question to the database, and one a page however often it is asked there.
    """
    read_in = language()
    return reading.once(("own words", authority_id, read_in), lambda: _own_words(authority_id, read_in))


def named_person_word(authority_id: int | None) -> str:
    """What a child's named person is called where this authority is: after "the child's", as after "barnets".

    None gives the word of the house.
    """
    return labels(None, language())[NAMED_PERSON] if authority_id is None else own_words(authority_id)[NAMED_PERSON]


def named_person_column(authority: str, read_in: str) -> Subquery:
    """The same as a column of rows that lead to an authority by this path: NULL where the word of the house holds."""
    parties = Partnership.objects.filter(parties=OuterRef(OuterRef(authority)))
    deciding = Subquery(parties.order_by("-decided_on", "-pk").values("pk")[:1])
    return Subquery(
        LocalLabel.objects.filter(partnership_id=deciding, key=NAMED_PERSON, language=read_in).values("text")[:1]
    )


def _own_words(authority_id: int, read_in: str) -> dict[str, str]:
    deciding = Subquery(_newest_first(authority_id).values("pk")[:1])
    own = LocalLabel.objects.filter(partnership_id=deciding, language=read_in)
    return {**labels(None, read_in), **dict(own.values_list("key", "text"))}


def language() -> str:
    """The language that is read now, as its two letters."""
    return (translation.get_language() or "sv").split("-")[0]


def clock_value(partnership: Partnership | None, rule: str) -> int | None:
    """The shorter time that the partnership has set for a row of law, in that row's unit; None when it has set none."""
    if partnership is None:
        return None
    return LocalClock.objects.filter(partnership=partnership, rule=rule).values_list("value", flat=True).first()


def deadline(partnership: Partnership | None, rule: str, start: date | datetime) -> law.Deadline:
    """When something is due by the law of the house, or sooner where the partnership says so."""
    return _counted(rule, start, clock_value(partnership, rule))


def deadline_for(authority_id: int, rule: str, start: date | datetime) -> law.Deadline:
    """As ``deadline``, for the newest partnership that the authority is in; one question to the database."""
    return _counted(rule, start, value_for(authority_id, rule))


def value_for(authority_id: int, rule: str) -> int | None:
    """As ``clock_value``, for the newest partnership that the authority is in; one question to the database."""
    return first_asked(_local_clock, authority_id, rule)


def own_time_for(authority_id: int | None, rule: str) -> str:
    """What the authority's partnership has set for a row of law, in words; "" for nothing, and for no authority."""
    value = value_for(authority_id, rule) if authority_id is not None else None
    return "" if value is None else own_time(law.on(clock.today()).row(rule), value)


def _local_clock(authority_id: int, rule: str) -> QuerySet[LocalClock, Any]:
    deciding = Subquery(_newest_first(authority_id).values("pk")[:1])
    return LocalClock.objects.filter(partnership_id=deciding, rule=rule).values_list("value", flat=True)


def deadlines_for(rule: str, asked: Sequence[tuple[int, date | datetime]]) -> list[law.Deadline]:
    """As ``deadline_for``, for many pairs of authority and start; two questions to the database, however many."""
    authorities = {authority for authority, _start in asked}
    parties = Partnership.parties.through.objects.filter(authority__in=authorities)
    oldest_first = parties.order_by("partnership__decided_on", "partnership_id")
    newest = dict(oldest_first.values_list("authority_id", "partnership_id"))
    clocks = LocalClock.objects.filter(partnership__in=newest.values(), rule=rule)
    values = dict(clocks.values_list("partnership_id", "value"))
    own = {authority: values.get(partnership) for authority, partnership in newest.items()}
    return [_counted(rule, start, own.get(authority)) for authority, start in asked]


def _counted(rule: str, start: date | datetime, value: int | None) -> law.Deadline:
    return law.deadline(rule, start) if value is None else law.local_deadline(rule, start, value)


def common_goals(partnership: Partnership) -> list[CommonGoal]:
    """The common goals in their order."""
    return list(CommonGoal.objects.filter(partnership=partnership).order_by("position"))


def goal_name(goal: CommonGoal, language: str) -> str:
    """The goal's words in a language, else in Swedish."""
    names: dict[str, str] = goal.names
    return names.get(language) or names.get("sv") or goal.key


def municipalities_here() -> list[tuple[str, str]]:
    """Code and name of the municipalities of this installation."""
    rows = Principal.objects.filter(kind=PrincipalKind.MUNICIPALITY).order_by("name")
    return list(rows.values_list("code", "name"))


def partner_units(viewer: Viewer) -> VisibleQuerySet[Unit]:
    """The units of the own authority and of those in a partnership with it, by authority and name. None that closes."""
    # Asked through the table between: values("parties") would give back the one party that was filtered on.
    mine = Partnership.objects.filter(parties=viewer.authority)
    together = Partnership.parties.through.objects.filter(partnership__in=mine).values("authority")
    return (
        Unit.objects.visible_to(viewer)
        .filter(Q(authority__in=together) | Q(authority=viewer.authority), closing_since=None)
        .exclude(kind=UnitKind.DUTY_DESK)
        .select_related("authority")
        .order_by("authority__name", "name")
    )
