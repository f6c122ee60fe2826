"""The partnership: an agreement between authorities, decided from the top, and what it changes for everybody in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line, clean_text
from samsyn.common.viewer import Viewer
from samsyn.organisations import rules
from samsyn.organisations.actions import may_manage
from samsyn.organisations.models import Authority, CommonGoal, LocalClock, LocalLabel, Partnership
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@dataclass(frozen=True)
class GoalText:
    """A common goal: ``key`` names its mark in the pictures, ``names`` its words by language."""

    key: str
    names: Mapping[str, str]


THREE_GOALS = (
    GoalText("health", {"sv": "God hälsa", "en": "Good health", "ar": "صحة جيدة"}),
    GoalText("school", {"sv": "Lyckas i skolan", "en": "Succeed at school", "ar": "النجاح في المدرسة"}),
    GoalText("home", {"sv": "Trygghet i hemmet", "en": "Safe at home", "ar": "الأمان في المنزل"}),
)


@dataclass(frozen=True)
class Agreement:
    """What the parties decided. ``clocks``: law row → shorter value. ``labels``: key → language → own word."""

    name: str
    decision_number: str
    decided_on: date
    vision: str = ""
    clocks: Mapping[str, int] | None = None
    labels: Mapping[str, Mapping[str, str]] | None = None
    goals: Sequence[GoalText] = THREE_GOALS


def found_partnership(viewer: Viewer, agreement: Agreement, parties: Sequence[Authority]) -> Partnership:
    """Write down a partnership that has been decided.

    Raises Refused for a clock that is longer than the model's or set by law, NoSuchRule for one that does not exist,
    UnclearText for a text that is too long or cannot be read.
    """
    with transaction.atomic():
        today = clock.today()
        require(may_manage(viewer))
        require(rules.may_make_partnership(len({one.pk for one in parties}), agreement.decided_on, today))
        clocks = agreement.clocks or {}
        for rule, value in clocks.items():
            require(law.may_set_locally(law.on(today).row(rule), value))
        partnership = Partnership.objects.create(
            name=clean_line(agreement.name, 160, field="name"),
            decision_number=clean_line(agreement.decision_number, 60, field="decision_number"),
            decided_on=agreement.decided_on,
            vision=clean_text(agreement.vision, 4000, field="vision"),
        )
        partnership.parties.set(parties)
        CommonGoal.objects.bulk_create(
            CommonGoal(partnership=partnership, key=goal.key, position=position, names=_clean(goal))
            for position, goal in enumerate(agreement.goals, start=1)
        )
        LocalClock.objects.bulk_create(
            LocalClock(partnership=partnership, rule=rule, value=value) for rule, value in clocks.items()
        )
        LocalLabel.objects.bulk_create(
            LocalLabel(partnership=partnership, key=key, language=language, text=clean_line(text, 80, field="labels"))
            for key, words in (agreement.labels or {}).items()
            for language, text in words.items()
        )
        act(viewer, "organisations.partnership_founded", [Subject("partnership", partnership.ref)])
    return partnership


def _clean(goal: GoalText) -> dict[str, str]:
    return {language: clean_line(text, 80, field="goals") for language, text in goal.names.items()}
