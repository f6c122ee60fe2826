"""What a partnership may change: it may be quicker than the model, never slower, and never touches the law."""

from __future__ import annotations

from samsyn.common.decision import Decision, no, yes
from samsyn.law.rows import Age, Clock, Row


def may_set_locally(row: Row, value: int) -> Decision:
    """May a partnership agreement set ``value`` (in the row's own unit) for this row.

    A local clock may be shortened. A statutory one stays as it is, unless the law itself lets an agreement set it.
    An age of the model may be moved inside the years that its row gives.
    """
    if isinstance(row, Age) and row.lowest is not None and row.highest is not None:
        return _may_set_age(value, row.id, row.lowest, row.highest)
    if not isinstance(row, Clock) or row.value is None:
        return no("There is no time here that an agreement could set.", rule=row.id)
    if value < 1:
        return no("The time must be at least 1.", rule=row.id)
    if row.agreement:
        return yes("The law lets an agreement set this time.", rule=row.id)
    if row.same_everywhere:
        return no("Everybody who uses Samsyn has the same time here. No agreement can change it.", rule=row.id)
    if row.statutory and value != row.value:
        return no("The law sets this time. No agreement can change it.", rule=row.id)
    if value > row.value:
        return no(
            "An agreement may shorten this time, not lengthen it. The longest is %(longest)s.",
            rule=row.id,
            longest=row.value,
        )
    return yes("An agreement may set this time.", rule=row.id)


def _may_set_age(value: int, row_id: str, lowest: int, highest: int) -> Decision:
    if lowest <= value <= highest:
        return yes("An agreement may set this age.", rule=row_id)
    return no(
        "An agreement may set this age between %(lowest)s and %(highest)s years.",
        rule=row_id,
        lowest=lowest,
        highest=highest,
    )
