"""Whose yes is enough for what: one guardian's, or the child's own. Pure."""

from __future__ import annotations

from datetime import date

from samsyn.common.decision import Decision, no, yes
from samsyn.law.register import Law
from samsyn.law.rows import Label
from samsyn.law.vocabulary import Measure

HINDERED, OVERRIDDEN = "one_guardian_when_hindered", "board_may_override"


def one_yes_is_enough(law: Law, ground: str, measure: Measure | str) -> Decision:
    """May one guardian's yes be enough on this ground (FB 6:13, 6:13 a) for this measure."""
    if ground not in (HINDERED, OVERRIDDEN):
        return no("Choose why one yes is enough.", rule="both_guardians", field="ground")
    row = law.row(ground)
    if isinstance(row, Label) and Measure(measure) in row.enough_for:
        return yes("One guardian's yes is enough for this.", rule=ground)
    return no("The law does not let one guardian's yes be enough for this.", rule=ground, field="ground")


def child_may_decide(
    law: Law, measure: Measure | str, birth_date: date | None, *, suitable: bool, child_agrees: bool
) -> Decision:
    """May the child's own yes be enough, without a guardian's.

    ``suitable``: somebody has found it suitable and has written down why. ``child_agrees``: the child wants it.
    """
    measure = Measure(measure)
    if measure is Measure.PLACEMENT:
        return no("To live in another home a guardian's yes is always needed.", rule="placement_needs_guardian")
    age_row = _AGE_ROWS.get(measure)
    if age_row is None:
        return no("For this a guardian's yes is needed.", rule="guardian_decides", field="child_part")
    if birth_date is None or not law.age_applies(age_row, birth_date):
        return no(
            "The child is too young to decide this alone. A guardian's yes is needed.",
            rule="guardian_only_below" if age_row == "child_consents_from" else age_row,
            field="child_part",
        )
    if not suitable:
        return no("Write down why it suits this child to decide alone.", rule=age_row, field="child_reason")
    if not child_agrees:
        return no("The child has not said yes.", rule=age_row)
    return yes("The child's own yes is enough.", rule=age_row)


_AGE_ROWS = {
    Measure.SHARING: "child_alone_from",
    Measure.WITHOUT_ASSESSMENT: "without_guardian_unassessed",
    Measure.WITH_ASSESSMENT: "child_consents_from",
    Measure.OPEN_TREATMENT: "child_consents_from",
    Measure.CONTACT_PERSON: "child_consents_from",
}
