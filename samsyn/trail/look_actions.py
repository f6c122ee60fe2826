"""Deciding what the family is told of looks: withholding some, looking again at that, and telling a name."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.keeping import NO_WORDS
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.trail.actions import act
from samsyn.trail.models import NameDecision, Withholding, WithholdingStep
from samsyn.trail.revoking import Revocation, revoke
from samsyn.trail.rules import (
    LONGEST_TEXT,
    LOOK_AGAIN,
    Subject,
    may_look_again,
    may_tell_a_name,
    may_withhold,
    moment,
    read_moment,
)


def latest_day_to_look_again() -> date:
    """The last day on which a decision of today may be looked at again, by the law row."""
    return law.deadline(LOOK_AGAIN, clock.today()).latest_day


def withhold_unit(
    viewer: Viewer,
    child_ref: UUID,
    because: str,
    look_again_on: date,
    *,
    since: datetime,
    until: datetime | None = None,
) -> Withholding:
    """Tell the family of no look or act about the child by the viewer's own unit from ``since`` on.

    Raises Refused when there is no reason, or the day to look again is not within what the law row allows.
    """
    return _withhold(viewer, child_ref, because, look_again_on, unit_ref=viewer.unit_ref, since=since, until=until)


def withhold_thing(viewer: Viewer, child_ref: UUID, thing_ref: UUID, because: str, look_again_on: date) -> Withholding:
    """Tell the family of no look or act at one thing, whoever makes it. The caller holds the thing. Raises Refused."""
    return _withhold(viewer, child_ref, because, look_again_on, thing_ref=thing_ref, since=clock.now(), until=None)


def _withhold(
    viewer: Viewer, child_ref: UUID, because: str, look_again_on: date, **what: UUID | datetime | None
) -> Withholding:
    because = clean_text(because, LONGEST_TEXT, field="because")
    latest = latest_day_to_look_again()
    require(may_withhold(viewer.is_staff, because, look_again_on, clock.today(), latest))
    with transaction.atomic():
        row = Withholding.objects.create(
            child_ref=child_ref,
            because=because,
            decided_at=clock.now(),
            look_again_on=look_again_on,
            **what,
            **_decided_by(viewer),
        )
        _withheld(viewer, row)
    return row


def _withheld(viewer: Viewer, row: Withholding) -> None:
    """What is not told stays untold after a restore: the whole decision but its reason."""
    revoke(
        viewer,
        "looks.withheld",
        [_subject(row, "withheld")],
        ("untold_looks", row.ref),
        ground=LOOK_AGAIN,
        child=row.child_ref,
        unit=row.unit_ref,
        thing=row.thing_ref,
        since=moment(row.since),
        until=None if row.until is None else moment(row.until),
        look_again_on=row.look_again_on,
        account=viewer.account_ref,
        person=viewer.person_ref,
        post=viewer.post_ref,
        at_unit=viewer.unit_ref,
    )


def withheld_again(house: Viewer, decided: Viewer, line: Revocation) -> Withholding:
    """Write a decision of ``decided`` again after a restore. Raises ValueError for a line that lacks a part of it."""
    told, look_again_on = line.facts, line.day("look_again_on")
    if look_again_on is None:
        raise ValueError("a decision without a day to look at it again")
    with transaction.atomic():
        row = Withholding.objects.create(
            ref=line.subject,
            child_ref=UUID(told["child"]),
            unit_ref=UUID(told["unit"]) if "unit" in told else None,
            thing_ref=UUID(told["thing"]) if "thing" in told else None,
            since=read_moment(told["since"]),
            until=read_moment(told["until"]) if "until" in told else None,
            because=NO_WORDS,
            decided_at=line.at,
            look_again_on=look_again_on,
            **_decided_by(decided),
        )
        act(house, "looks.withheld", [_subject(row, "withheld")], ground=LOOK_AGAIN)
    return row


def _subject(row: Withholding, state: str) -> Subject:
    """Without the child: the child's own history must not tell that something is withheld."""
    return Subject("withholding", row.ref, None, state)


def look_again(viewer: Viewer, row: Withholding, words: str, keep_until: date | None) -> WithholdingStep:
    """Lift what is withheld, or keep it until another day. A second person does this.

    Raises Refused for who decided, without words, or for a day that is too far away.
    """
    words = clean_text(words, LONGEST_TEXT, field="words")
    latest = latest_day_to_look_again()
    require(may_look_again(viewer.person_ref == row.person_ref, words, keep_until, clock.today(), latest))
    with transaction.atomic():
        step = WithholdingStep.objects.create(
            withholding=row,
            at=clock.now(),
            lifted=keep_until is None,
            look_again_on=keep_until,
            words=words,
            **_decided_by(viewer),
        )
        state = "lifted" if step.lifted else "withheld"
        act(viewer, "looks.looked_again", [_subject(row, state)], ground=LOOK_AGAIN)
    return step


def tell_name(viewer: Viewer, child_ref: UUID, named_ref: UUID, because: str) -> NameDecision:
    """Let the family know the name of one who looked. Raises Refused without a reason."""
    because = clean_text(because, LONGEST_TEXT, field="because")
    require(may_tell_a_name(viewer.is_staff, because))
    with transaction.atomic():
        row, is_new = NameDecision.objects.get_or_create(
            child_ref=child_ref,
            named_ref=named_ref,
            defaults={"because": because, "decided_at": clock.now(), **_decided_by(viewer)},
        )
        if is_new:
            act(viewer, "looks.name_told", [Subject("person", named_ref, child_ref)])
    return row


def _decided_by(viewer: Viewer) -> dict[str, UUID | str]:
    return {
        "account_ref": viewer.account_ref,
        "person_ref": viewer.person_ref,
        "person_label": viewer.person_label,
        "post_ref": viewer.post_ref,
        "post_label": viewer.post_label,
        "unit_label": viewer.unit_label,
        "principal_ref": viewer.principal_ref,
    }
