"""A rule's answer: yes or no, and why, in words that the reader of a screen understands."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

# gettext is bound by the doors; rules stay free of Django, so reasons travel as marked English source text.


def marked(text: str) -> str:
    """Mark a source text for translation without translating it (found by the extraction, keyword ``marked``)."""
    return text


@dataclass(frozen=True)
class Decision:
    """What a rule answered.

    ``allowed``: may it be done. ``reason``: English source text with ``%(name)s`` places, translated where it is shown.
    ``values``: fills the places. ``rule``: id of the row in ``samsyn/law`` that the answer rests on, "" for none.
    ``field``: name of the form field that the sentence belongs beside, "" for the whole form.
    """

    allowed: bool
    reason: str
    rule: str = ""
    field: str = ""
    values: dict[str, Any] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


def yes(reason: str = "", *, rule: str = "", **values: Any) -> Decision:
    """It may be done."""
    return Decision(True, reason, rule=rule, values=values)


def no(reason: str, *, rule: str = "", field: str = "", **values: Any) -> Decision:
    """It may not be done; ``reason`` says why and what to do instead."""
    return Decision(False, reason, rule=rule, field=field, values=values)


class Refused(Exception):
    """Raised by an action whose rule said no. Carries the Decision; a door shows its reason beside the form."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.reason)
        self.decision = decision


def require(decision: Decision) -> None:
    """Go on only when the rule said yes.

    Raises Refused with the rule's own answer when it said no.
    """
    if not decision:
        raise Refused(decision)
