"""Which posts a question can travel to, and from, by cover and upwards: one recursive query each way."""

from __future__ import annotations

from datetime import date

from django.db import connection

from samsyn.organisations.models import Absence, Cover, Holding, Post
from samsyn.people.models import Account

_UPWARDS = """
WITH RECURSIVE reached(id) AS (
    SELECT id FROM {post} WHERE id IN ({seeds})
  UNION
    SELECT way.onward FROM reached JOIN (
        SELECT post_id AS origin, covered_by_id AS onward FROM {cover}
          WHERE since <= %s AND (until IS NULL OR until >= %s)
      UNION ALL
        SELECT id AS origin, parent_id AS onward FROM {post} WHERE parent_id IS NOT NULL
    ) way ON way.origin = reached.id
)
SELECT id FROM reached"""

_DOWNWARDS = """
WITH RECURSIVE reached(id) AS (
    SELECT id FROM {post} WHERE id IN ({seeds})
  UNION
    SELECT way.onward FROM reached JOIN (
        SELECT covered_by_id AS origin, post_id AS onward FROM {cover}
          WHERE since <= %s AND (until IS NULL OR until >= %s)
      UNION ALL
        SELECT parent_id AS origin, id AS onward FROM {post} WHERE parent_id IS NOT NULL
    ) way ON way.origin = reached.id
    WHERE NOT EXISTS (
        SELECT 1 FROM {holding} held WHERE held.post_id = way.onward
          AND held.since <= %s AND (held.until IS NULL OR held.until >= %s)
          AND NOT EXISTS (SELECT 1 FROM {absence} away WHERE away.person_id = held.person_id
            AND away.since <= %s AND (away.until IS NULL OR away.until >= %s))
          AND NOT EXISTS (SELECT 1 FROM {account} shut WHERE shut.person_id = held.person_id AND NOT shut.is_active)
    )
)
SELECT id FROM reached"""


def reached_from(posts: list[int], day: date) -> list[int]:
    """The posts themselves and every post that their questions could come to, by cover or upwards."""
    return _walk(_UPWARDS, posts, day)


def unattended_below(posts: set[int], day: date) -> set[int]:
    """Posts whose holder is not present and whose questions could come to one of ``posts``."""
    return set(_walk(_DOWNWARDS, sorted(posts), day)) - posts if posts else set()


def _walk(query: str, posts: list[int], day: date) -> list[int]:
    # Django's ORM has no recursive query; table names come from the models and all values are parameters.
    tables = {
        name: connection.ops.quote_name(model._meta.db_table)
        for name, model in (
            ("post", Post),
            ("cover", Cover),
            ("holding", Holding),
            ("absence", Absence),
            ("account", Account),
        )
    }
    text = query.format(seeds=", ".join(["%s"] * len(posts)), **tables)
    days = [connection.ops.adapt_datefield_value(day)] * (text.count("%s") - len(posts))
    with connection.cursor() as cursor:
        cursor.execute(text, [*posts, *days])
        return [row[0] for row in cursor.fetchall()]
