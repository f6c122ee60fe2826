"""The files that there are: what one authority holds about one child, with what the rules ask of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q

from samsyn.common import clock
from samsyn.common.keeping import InFile
from samsyn.law import Sphere
from samsyn.law.days import swedish_day
from samsyn.organisations.models import Authority
from samsyn.people.models import Person
from samsyn.retention.declared import AnyModel, file_paths, in_files, kept, own_models, times
from samsyn.retention.models import RetentionPlan
from samsyn.retention.rules import File

Pair = tuple[int, int]
"""Row ids of a child and of an authority: which file."""


@dataclass
class _Gathered:
    """What the rows of one file tell together."""

    newest: datetime | None = None
    classes: set[str] = field(default_factory=set)
    in_use: bool = False
    in_use_in_childhood: bool = False


def files(child_id: int | None = None) -> dict[Pair, File]:
    """Every file, or those on one child. As many questions as there are models, however many files there are."""
    found = _gathered(child_id)
    authorities = Authority.objects.select_related("principal").in_bulk({authority for _child, authority in found})
    births = _births({child for child, _authority in found})
    plans = _plans()
    return {
        (child, authority): File(
            sphere=Sphere(authorities[authority].sphere),
            last_note=_day(one.newest),
            birth_date=births[child],
            area=authorities[authority].principal.code,
            classes=frozenset(one.classes),
            in_use=one.in_use,
            in_use_in_childhood=one.in_use_in_childhood,
            plan_years=plans.get(authority),
        )
        for (child, authority), one in found.items()
    }


def _day(newest: datetime | None) -> date:
    """The day of the last note. A file whose rows tell no time at all counts as written today: it stays."""
    return clock.today() if newest is None else swedish_day(newest)


def _births(children: set[int]) -> dict[int, date | None]:
    return dict(Person.objects.filter(pk__in=children).values_list("pk", "birth_date"))


def _plans() -> dict[int, int]:
    return dict(RetentionPlan.objects.order_by("pk").values_list("authority_id", "years"))


def _gathered(child_id: int | None) -> dict[Pair, _Gathered]:
    found: dict[Pair, _Gathered] = defaultdict(_Gathered)
    now = clock.now()
    for model in own_models():
        paths = file_paths(model)
        if paths is None:
            continue
        for pair, newest in _newest(model, paths, child_id, now):
            one = found[pair]
            one.newest = max((at for at in (one.newest, newest) if at is not None), default=None)
    for model in in_files():
        _say(found, model, child_id)
    return dict(found)


def _rows(model: AnyModel, paths: tuple[str, str], child_id: int | None) -> Any:
    child, authority = paths
    about = {f"{child}__isnull": False} if child_id is None else {child: child_id}
    return model._base_manager.order_by().filter(**about, **{f"{authority}__isnull": False})


def _newest(
    model: AnyModel, paths: tuple[str, str], child_id: int | None, now: datetime
) -> Iterable[tuple[Pair, datetime | None]]:
    """The latest moment that has been, of all the columns that tell one. What lies ahead is no note."""
    rows = _rows(model, paths, child_id).values_list(*paths)
    names = times(model)
    if not names:
        return [((child, authority), None) for child, authority in rows.distinct()]
    moments = {f"last_{name}": Max(name, filter=Q(**{f"{name}__lte": now})) for name in names}
    return [
        ((child, authority), max((at for at in found if at is not None), default=None))
        for child, authority, *found in rows.annotate(**moments)
    ]


def _say(found: dict[Pair, _Gathered], model: AnyModel, child_id: int | None) -> None:
    said, paths = kept(model), file_paths(model)
    assert isinstance(said, InFile)
    assert paths is not None
    rows = _rows(model, paths, child_id)

    def those(condition: Q) -> Iterable[Pair]:
        pairs: Iterable[Pair] = rows.filter(condition).values_list(*paths).distinct()
        return pairs

    for rule, condition in said.shows.items():
        for pair in those(condition):
            found[pair].classes.add(rule)
    if said.open_while is not None:
        for pair in those(said.open_while):
            found[pair].in_use = True
    if said.open_in_childhood is not None:
        for pair in those(said.open_in_childhood):
            found[pair].in_use_in_childhood = True
