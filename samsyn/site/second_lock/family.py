"""The family's part of a policy, from what a model says of it (``ToFamily``): its conditions, put into SQL.

What ties somebody to a child, ages, custody, marks and decisions are read by functions written by hand
(functions.sql); here only the row's own columns are named.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q

from samsyn import law
from samsyn.common.models import SeenByChild, SeenByPost, ToFamily

AGES = ("guardian_reads_until", "young_person_reads_from", "custody_until")
_LOOKUPS = {"lte": "<=", "gte": ">=", "lt": "<", "gt": ">"}


class NotInSql(LookupError):
    """A condition on what the family sees uses a look-up that has no SQL here yet."""


def condition(model: type[Model], seen: SeenByChild, shown: ToFamily) -> str:
    """The rows of a model that somebody sees in the own family."""
    who = "(SELECT second_lock.kin_children())::bigint[]"
    dated = [column(model, path) for path in shown.dated]
    days = [column(model, path) for path in shown.days]
    asked = [_sql(model, one) for one in (shown.guardian_asked, shown.child_asked, shown.childs_own)]
    own = f"{column(model, f'{shown.own}_id')} = (SELECT second_lock.kin())" if shown.own else "true"
    arguments = [
        column(model, shown.kind_at) if shown.kind_at else f"'{shown.decided_as or seen.kind}'",
        f"{seen.child}_id",
        f"{seen.authority}_id",
        column(model, seen.item),
        _sql(model, shown.by_default),
        str(shown.after_talk).lower(),
        *asked,
        # Read for a former guardian alone: without it the row is none that they see.
        f"CASE WHEN {_sql(model, shown.settled)} THEN {dated[0]} END" if dated else "NULL::timestamptz",
        f"GREATEST({', '.join(dated)})" if dated else "NULL::timestamptz",
        f"GREATEST({', '.join(days)})" if days else "NULL::date",
        column(model, shown.tells_of) if shown.tells_of else "NULL::bigint",
        column(model, f"{shown.follows}__ref") if shown.follows else "NULL::uuid",
        f"'{_followed(model, shown).seen.kind}'" if shown.follows else "NULL",
        column(model, shown.asks_about) if shown.asks_about else "NULL::bigint",
    ]
    return (
        f"({seen.child}_id = ANY ({who}) AND {_sql(model, shown.only)} AND {own}"
        f" AND second_lock.family_sees({', '.join(arguments)}))"
    )


def _followed(model: type[Model], shown: ToFamily) -> Any:
    return model._meta.get_field(shown.follows).related_model


def column(model: type[Model], path: str) -> str:
    """A column of the row, or of a row that it points at: those are read whoever may see them."""
    return f"{model._meta.db_table}.{_steps(model, path)[0]}" if "__" not in path else _through(model, path)


def _through(model: type[Model], path: str) -> str:
    *way, last = path.split("__")
    here, expression = model, ""
    for step in way:
        field: Any = here._meta.get_field(step)
        own = f"{here._meta.db_table}.{field.column}"
        expression = _read(here, field.column, expression) if expression else own
        here = field.related_model
    return _read(here, _steps(here, last)[0], expression)


def _steps(model: type[Model], name: str) -> tuple[str, str]:
    """Name and type of a column, by the field's name or the column's own."""
    field: Any = model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    from django.db import connection

    return field.column, field.rel_db_type(connection) if field.is_relation else field.db_type(connection)


def _read(model: type[Model], name: str, row: str) -> str:
    return f"second_lock.read_{model._meta.db_table}_{name}({row})"


def reading_functions(models: list[type[Model]]) -> dict[tuple[str, str], str]:
    """Functions that read one column of a row that another points at: (table, column) → SQL."""
    found: dict[tuple[str, str], str] = {}
    for model in models:
        for path in _paths_of(getattr(model, "seen", None)):
            here = model
            *way, last = path.split("__")
            for number, step in enumerate(way):
                field: Any = here._meta.get_field(step)
                if number:
                    _add(found, here, field.name)
                here = field.related_model
            if way:
                _add(found, here, last)
    return found


def _paths_of(seen: object) -> list[str]:
    if isinstance(seen, SeenByPost):
        return [f"{path}_id" for path in (seen.post, seen.child) if path]
    if not isinstance(seen, SeenByChild):
        return []
    return [f"{seen.child}_id", *(_paths(seen, seen.family) if seen.family is not None else [])]


def _add(found: dict[tuple[str, str], str], model: type[Model], name: str) -> None:
    table = model._meta.db_table
    own, kind = _steps(model, name)
    # Names of our own models and columns; nothing that anybody has typed.
    body = f"BEGIN RETURN (SELECT {own} FROM {table} WHERE id = asked); END"  # noqa: S608
    found[(table, own)] = (
        f"CREATE FUNCTION {_read(model, own, 'asked bigint')} RETURNS {kind} LANGUAGE plpgsql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, public AS $$ {body} $$"
    )


def _paths(seen: SeenByChild, shown: ToFamily) -> list[str]:
    asked = (shown.guardian_asked, shown.child_asked, shown.childs_own)
    conditions = (shown.only, shown.settled, shown.by_default, *asked)
    own = [f"{shown.own}_id"] if shown.own else []
    inside = [path for one in conditions if one is not None for path in _named(one)]
    tells_of = [shown.tells_of] if shown.tells_of else []
    follows = [f"{shown.follows}__ref"] if shown.follows else []
    asks_about = [shown.asks_about] if shown.asks_about else []
    return [seen.item, *own, *shown.dated, *shown.days, *tells_of, *follows, *asks_about, *inside]


def _named(condition: Q) -> list[str]:
    found: list[str] = []
    children: Any = condition.children
    for child in children:
        found += _named(child) if isinstance(child, Q) else [_split(child[0])[0]]
    return found


def _split(path: str) -> tuple[str, str]:
    way, _, last = path.rpartition("__")
    return (way, last) if way and last in {*_LOOKUPS, "in", "isnull"} else (path, "exact")


def _sql(model: type[Model], condition: Q | None) -> str:
    if condition is None:
        return "false"
    children: Any = condition.children
    parts = [_sql(model, one) if isinstance(one, Q) else _leaf(model, *one) for one in children]
    joined = f"({f' {condition.connector} '.join(parts)})" if parts else "true"
    return f"(NOT {joined})" if condition.negated else joined


def _leaf(model: type[Model], path: str, value: Any) -> str:
    way, look_up = _split(path)
    named = column(model, way)
    if value is None or look_up == "isnull":
        return f"({named} IS {'' if value in (None, True) else 'NOT '}NULL)"
    if look_up == "in":
        return f"coalesce({named} IN ({', '.join(_literal(one) for one in value)}), false)"
    if look_up == "exact" or look_up in _LOOKUPS:
        return f"coalesce({named} {_LOOKUPS.get(look_up, '=')} {_literal(value)}, false)"
    raise NotInSql(f"{model._meta.label}: {path}")


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def ages() -> str:
    """The function that gives the age of a row of law on a day: the rows themselves, as dated facts."""
    versions = law.load()
    cases, more = [], []
    for rule in AGES:
        for row in versions[rule]:
            law_then = law.on(row.valid_from)
            until = f" AND day <= '{row.valid_until.isoformat()}'" if row.valid_until else ""
            when = f"WHEN rule = '{rule}' AND day >= '{row.valid_from.isoformat()}'{until} THEN"
            cases.append(f"{when} {law_then.turning_age(rule)}")
            more.append(f"{when} {law_then.turning_age(rule, 0)}")
    start = "RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT CASE"
    return (
        f"CREATE FUNCTION second_lock.age_of_law(rule text, day date) {start} {' '.join(cases)} END $$;"
        # What a partnership's own age is raised by: one year where the row holds through that age.
        f"CREATE FUNCTION second_lock.age_beyond(rule text, day date) {start} {' '.join(more)} END $$"
    )
