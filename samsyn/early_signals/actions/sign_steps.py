"""What a step of a sign brings with it: the new state, the next duty, the trail, and word to the one who noticed."""

from __future__ import annotations

from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import Answering, counted_from
from samsyn.early_signals.models import Sign
from samsyn.early_signals.words import SIGN
from samsyn.notices.actions import tell
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def take_step(
    viewer: Viewer,
    sign: Sign,
    verb: str,
    answers: Answering | None,
    *also: Subject,
    waiting: str = "",
    ground: str = "named_person",
) -> Sign:
    """Take the table's step: the sign's new state, the next duty for whoever ``answers`` for it, and the trail."""
    line = rules.step(rules.SIGN_STEPS, sign.state, verb)
    assert line is not None  # the guard has said so
    sign.state = line.to
    sign.version += 1
    sign.save()
    if line.duty:
        assert answers is not None  # the guard has said so
        if line.state in rules.OPEN_SIGN:  # a draft has no duty to end
            end_duties(sign.ref)
        open_duty(
            answers.post,
            line.duty,
            child=sign.child,
            room=SIGN,
            object_ref=sign.ref,
            rule=line.rule,
            start=counted_from(line.rule, sign.sent_at),
            hangs_on=answers.hangs_on,
            waiting=waiting,
            harm_feared=sign.harm_feared or (line.state in rules.OPEN_SIGN and _feared_in_joined(sign)),
        )
    subject = Subject("sign", sign.ref, sign.child.ref, sign.state)
    act(viewer, f"sign.{rules.PAST[verb]}", [subject, *also], ground=ground)
    return sign


def _feared_in_joined(sign: Sign) -> bool:
    """Is harm feared in a sign that was joined with this one. The sign itself says what its own noticer wrote."""
    return Sign.objects.filter(merged_into=sign, harm_feared=True).exists()


def fear_goes_along(sign: Sign, into: Sign) -> None:
    """Let what is to be done about the earlier sign say that harm is feared, where the one joined with it says so."""
    if sign.harm_feared or _feared_in_joined(sign):
        Duty.objects.filter(object_ref=into.ref, state=DutyState.OPEN).update(harm_feared=True)


def tell_of_step(viewer: Viewer, sign: Sign, key: str, occasion: str = "") -> None:
    """Let the one who noticed know of a step; what it led to stands on the page, never in the notice."""
    if sign.noticer_post_id != viewer.post:
        tell(sign.noticer_post, key, room=SIGN, object_ref=sign.ref, child=sign.child, occasion=occasion)
