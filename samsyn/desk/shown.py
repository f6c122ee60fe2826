"""What a receiver sees of the things that are shared: one code for who decides, for who reads, and for the copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.desk.claims import claims_beside
from samsyn.desk.copies import safe_copy
from samsyn.desk.letters import letter
from samsyn.desk.plan_page import plan_body
from samsyn.desk.sharing_words import KIND_WORDS
from samsyn.early_signals.area_words import areas_of
from samsyn.early_signals.models import FiveQuestions, Request, Sign, SignState, Talk
from samsyn.organisations.partnerships import named_person_word
from samsyn.people.models import Guardianship, Person
from samsyn.plans.models import Plan, PlanState
from samsyn.sharing.actions import guardians_today

A_LIST = 40


@dataclass(frozen=True)
class Thing:
    """One thing that can be shared. ``words``: how it begins, for choosing among several."""

    kind: str
    row: Any
    on: date | datetime | None
    words: str

    @property
    def ref(self) -> UUID:
        """The reference that a disclosure names."""
        found: UUID = self.row.ref
        return found

    @property
    def item(self) -> tuple[str, UUID]:
        """Kind and reference, as the ledger keeps them."""
        return (self.kind, self.ref)

    @property
    def kind_words(self) -> str:
        """What kind of thing it is."""
        return str(KIND_WORDS[self.kind])


@dataclass(frozen=True)
class _Kind:
    """How things of one kind are found and shown. ``rows``: what of it can be shared at all."""

    model: Any
    template: str
    rows: Callable[[Any], Any]
    on: str
    words: str


KINDS = {
    "sign": _Kind(
        Sign,
        "desk/signs/_letter.html",
        lambda rows: rows.exclude(state=SignState.DRAFT).select_related("noticer", "noticer_post"),
        "observed_on",
        "saw",
    ),
    "talk": _Kind(Talk, "desk/signs/_talk.html", lambda rows: rows, "held_on", "family_words"),
    "five_questions": _Kind(FiveQuestions, "desk/signs/_five.html", lambda rows: rows, "at", "in_the_way"),
    "request": _Kind(
        Request,
        "desk/requests/_asked.html",
        lambda rows: rows.select_related("from_post__unit", "from_person", "to_unit"),
        "sent_at",
        "wanted",
    ),
    "plan": _Kind(
        Plan,
        "desk/plans/_body.html",
        lambda rows: rows.exclude(state=PlanState.DRAFT).select_related("authority"),
        "agreed_at",
        "heading",
    ),
}


def things_about(viewer: Viewer, child: Person, **only: Any) -> list[Thing]:
    """The things about the child that the viewer may see and that can be shown to others, the newest of a kind first.

    ``only``: fields and what they must be, as a query takes them.
    """
    found = []
    for kind, how in KINDS.items():
        rows = how.model.objects.visible_to(viewer).filter(child=child, **only).select_related("child")
        found += [
            Thing(kind, row, getattr(row, how.on), getattr(row, how.words))
            for row in how.rows(rows).order_by("-pk")[:A_LIST]
        ]
    return found


def as_received(viewer: Viewer, child: Person, things: Sequence[Thing]) -> SafeString:
    """What the receiver sees of these things: who the child and the guardians are, and each thing whole.

    Beside each stands what somebody says is wrong in it (SoL 14:6).
    """
    family = guardians_today(child)
    beside = claims_beside(viewer, [thing.ref for thing in things])
    areas = {one: areas_of(one) for one in {thing.row.authority_id for thing in things if thing.kind == "sign"}}
    parts = [
        {"thing": thing, "body": _body(viewer, thing, family, areas), "claims": beside.get(thing.ref, [])}
        for thing in things
    ]
    facts = {"child": child, "age": child.age_on(clock.today()), "family": family, "parts": parts}
    return safe_copy(render_to_string("desk/sharing/_seen.html", facts))


def _body(viewer: Viewer, thing: Thing, family: Sequence[Guardianship], areas: Mapping[int, Mapping[str, str]]) -> str:
    template, row = KINDS[thing.kind].template, thing.row
    if thing.kind == "sign":
        return render_to_string(template, letter(row, family, areas[row.authority_id]))
    if thing.kind == "plan":
        return render_to_string(template, plan_body(viewer, row))
    # The word of those who sent it: whoever reads it reads what was shown to who decided.
    word = named_person_word(row.authority_id)
    facts = {"child": row.child, "asked": row, "talk": row, "questions": row, "named_person": word}
    return render_to_string(template, facts)
