"""A sign from being sent to what is decided: the named person takes it on, talks and answers the five questions."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.db import transaction

from samsyn.circle.actions import ensure_named_person
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import (
    Answering,
    acting,
    answering_as,
    cleaned,
    locked_sign,
    require_newest,
)
from samsyn.early_signals.actions.drafts import noted_in
from samsyn.early_signals.actions.sign_steps import take_step, tell_of_step
from samsyn.early_signals.models import FiveQuestions, Sign, SignDecision, Talk
from samsyn.early_signals.words import SIGN
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.sharing.actions import About, Sharing, disclose, guardians_today, keep_told_alone, meet_family
from samsyn.sharing.models import Disclosure, Way
from samsyn.trail.rules import Subject


@transaction.atomic
def send_sign(viewer: Viewer, sign: Sign, ground: Sharing | None = None, *, version: int | None = None) -> Sign:
    """Send a draft to the child's named person, who is stored now if it was not.

    Inside one authority no gate is needed. To another one the text that was shown (``ground.rendering``) is delivered
    through ``ground``; the sign is that authority's from then on, and the noticer keeps the own reason to see it.
    Raises Refused for what is missing, ChangedMeanwhile when another one has written since ``version``.
    """
    sign = locked_sign(sign)
    is_noticer = sign.noticer_post_id == viewer.post
    born = sign.child.birth_date
    require(rules.may_send(noted_in(sign), state=sign.state, is_noticer=is_noticer, on=clock.today(), born=born))
    require_newest(sign, version)
    named = ensure_named_person(viewer, sign.child)
    same_authority = named.authority_id == sign.authority_id
    require(
        rules.may_cross(
            same_authority=same_authority,
            has_ground=ground is not None,
            rendering=ground.rendering if ground is not None else "",
        )
    )
    if not same_authority and ground is not None:
        sign.disclosure = _deliver(viewer, sign, named.post, ground)
        sign.authority_id = named.authority_id
    sign.sent_at = sign.saved_at = clock.now()
    gate = ground.gate if ground is not None and not same_authority else "own_authority"
    take_step(viewer, sign, "send", Answering(named.post), waiting=viewer.person_label, ground=gate)
    tell(named.post, "sign_received", room=SIGN, object_ref=sign.ref, child=sign.child)
    return sign


def _deliver(viewer: Viewer, sign: Sign, receiver: Post, ground: Sharing) -> Disclosure:
    delivered = replace(ground, way=Way.DELIVERED)
    return disclose(viewer, sign.child, sign.authority, receiver.unit, [("sign", sign.ref)], delivered)


@transaction.atomic
def acknowledge(viewer: Viewer, sign: Sign) -> Sign:
    """Take the sign on. Raises Refused when somebody has, or when the viewer is not the named person."""
    sign = locked_sign(sign)
    post = answering_as(viewer, sign)
    require(rules.may_acknowledge(state=sign.state, is_named_person=post is not None))
    sign.acknowledged_at = clock.now()
    take_step(viewer, sign, "acknowledge", post)
    tell_of_step(viewer, sign, "sign_taken_on")
    return sign


@transaction.atomic
def record_talk(viewer: Viewer, sign: Sign, talk: rules.TalkHeld) -> Talk:
    """Write a talk with the child and the family down; there may be several.

    Raises Refused when a reason is missing for whoever took no part, UnclearText for a text that is too long.
    """
    sign = locked_sign(sign)
    post = answering_as(viewer, sign)
    talk = cleaned(talk, "child_words", "family_words", "not_with_child_because", "not_with_guardians_because")
    talk = replace(talk, interpreter=clean_line(talk.interpreter, rules.LONGEST_LANGUAGE, field="interpreter"))
    require(
        rules.may_record_talk(
            talk,
            state=sign.state,
            is_named_person=post is not None,
            on=clock.today(),
            family=[str(row.guardian.ref) for row in guardians_today(sign.child)],
            born=sign.child.birth_date,
        )
    )
    held = Talk.objects.create(
        sign=sign,
        child=sign.child,
        authority_id=acting(viewer).authority,
        recorded_by_id=acting(viewer).post,
        recorded_by_person_id=viewer.person,
        at=clock.now(),
        **{**asdict(talk), "with_guardians": list(talk.with_guardians)},
    )
    _now_known_in_family(viewer, sign, held)
    take_step(viewer, sign, "talk", post, Subject("talk", held.ref, sign.child.ref, "recorded"))
    return held


def _now_known_in_family(viewer: Viewer, sign: Sign, held: Talk) -> None:
    """Who took part has been talked with about the sign. What the child told alone is kept from its guardians."""
    guardians = [row.guardian for row in guardians_today(sign.child) if str(row.guardian.ref) in held.with_guardians]
    met = [person.pk for person in guardians] + ([sign.child_id] if held.with_child else [])
    meet_family(sign.child, met, sign.ref)
    if held.with_child and not guardians:
        keep_told_alone(viewer, sign.child, About(held.authority, "talk", held.ref))


@transaction.atomic
def answer_five_questions(viewer: Viewer, sign: Sign, answers: rules.Answers) -> FiveQuestions:
    """Write the answers and the decision down. Raises Refused when one is missing, or before the talk."""
    sign = locked_sign(sign)
    post = answering_as(viewer, sign)
    answers = cleaned(answers, *rules.FIVE)
    require(
        rules.may_decide(answers, state=sign.state, is_named_person=post is not None, decisions=SignDecision.values)
    )
    sign.decision = answers.decision
    sign.decided_at = clock.now()
    written = FiveQuestions.objects.create(
        sign=sign,
        child=sign.child,
        authority_id=acting(viewer).authority,
        answered_by_id=acting(viewer).post,
        answered_by_person_id=viewer.person,
        at=clock.now(),
        **asdict(answers),
    )
    subject = Subject("five_questions", written.ref, sign.child.ref, answers.decision)
    take_step(viewer, sign, "decide", post, subject, waiting=sign.noticer.full_name)
    return written
