"""A sign from being sent to being closed: the named person takes it on, talks, decides, tells and closes."""

from __future__ import annotations

from dataclasses import asdict, replace

from django.db import transaction
from django.db.models import F

from samsyn.circle.actions import ensure_named_person
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import HangsOn
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import (
    acting,
    cleaned,
    cleaned_text,
    counted_from,
    locked_sign,
    named_person_as,
    require_newest,
)
from samsyn.early_signals.actions.drafts import noted_in
from samsyn.early_signals.actions.stuck import call_when_stuck, no_longer_stuck
from samsyn.early_signals.models import FiveQuestions, Sign, SignDecision, SignState, Talk
from samsyn.early_signals.words import SIGN
from samsyn.notices.actions import tell
from samsyn.organisations.models import Post
from samsyn.sharing.actions import About, Sharing, disclose, guardians_today, mark_for_family, meet_family
from samsyn.sharing.models import Disclosure, NoteClass, Way
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def _step(
    viewer: Viewer,
    sign: Sign,
    verb: str,
    post: Post | None,
    *also: Subject,
    waiting: str = "",
    ground: str = "named_person",
) -> Sign:
    """Take the table's step: the sign's new state, the next duty for ``post``, and the trail."""
    line = rules.step(rules.SIGN_STEPS, sign.state, verb)
    assert line is not None  # the guard has said so
    sign.state = line.to
    sign.version += 1
    sign.save()
    if line.duty:
        assert post is not None  # the guard has said so
        if line.state in rules.OPEN_SIGN:  # a draft has no duty to end
            end_duties(sign.ref)
        open_duty(
            post,
            line.duty,
            child=sign.child,
            room=SIGN,
            object_ref=sign.ref,
            rule=line.rule,
            start=counted_from(line.rule, sign.sent_at),
            hangs_on=HangsOn.NAMED_PERSON,
            waiting=waiting,
        )
    subject = Subject("sign", sign.ref, sign.child.ref, sign.state)
    act(viewer, f"sign.{rules.PAST[verb]}", [subject, *also], ground=ground)
    return sign


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
    _step(viewer, sign, "send", named.post, waiting=viewer.person_label, ground=gate)
    tell(named.post, "sign_received", room=SIGN, object_ref=sign.ref, child=sign.child)
    return sign


def _deliver(viewer: Viewer, sign: Sign, receiver: Post, ground: Sharing) -> Disclosure:
    delivered = replace(ground, way=Way.DELIVERED)
    return disclose(viewer, sign.child, sign.authority, receiver.unit, [("sign", sign.ref)], delivered)


@transaction.atomic
def acknowledge(viewer: Viewer, sign: Sign) -> Sign:
    """Take the sign on. Raises Refused when somebody has, or when the viewer is not the named person."""
    sign = locked_sign(sign)
    post = named_person_as(viewer, sign.child)
    require(rules.may_acknowledge(state=sign.state, is_named_person=post is not None))
    sign.acknowledged_at = clock.now()
    _step(viewer, sign, "acknowledge", post)
    _tell_noticer(viewer, sign, "sign_taken_on")
    return sign


@transaction.atomic
def record_talk(viewer: Viewer, sign: Sign, talk: rules.TalkHeld) -> Talk:
    """Write a talk with the child and the family down; there may be several.

    Raises Refused when a reason is missing for whoever took no part, UnclearText for a text that is too long.
    """
    sign = locked_sign(sign)
    post = named_person_as(viewer, sign.child)
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
    _step(viewer, sign, "talk", post, Subject("talk", held.ref, sign.child.ref, "recorded"))
    return held


def _now_known_in_family(viewer: Viewer, sign: Sign, held: Talk) -> None:
    """Who took part has been talked with about the sign. What the child told alone is kept from its guardians."""
    guardians = [row.guardian for row in guardians_today(sign.child) if str(row.guardian.ref) in held.with_guardians]
    met = [person.pk for person in guardians] + ([sign.child_id] if held.with_child else [])
    meet_family(sign.child, met, sign.ref)
    if held.with_child and not guardians:
        mark_for_family(viewer, sign.child, About(held.authority, "talk", held.ref), NoteClass.TOLD_ALONE)


@transaction.atomic
def answer_five_questions(viewer: Viewer, sign: Sign, answers: rules.Answers) -> FiveQuestions:
    """Write the answers and the decision down. Raises Refused when one is missing, or before the talk."""
    sign = locked_sign(sign)
    post = named_person_as(viewer, sign.child)
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
    _step(viewer, sign, "decide", post, subject, waiting=sign.noticer.full_name)
    return written


@transaction.atomic
def tell_noticer(viewer: Viewer, sign: Sign, feedback: str) -> Sign:
    """Answer those who noticed while the sign stays open, because help is still under way. May be done again."""
    sign = locked_sign(sign)
    post = named_person_as(viewer, sign.child)
    feedback = cleaned_text(feedback, "feedback")
    require(rules.may_tell(state=sign.state, is_named_person=post is not None, feedback=feedback))
    sign.told_noticer = feedback
    _step(viewer, sign, "tell", post)
    _tell_everyone(viewer, sign, "feedback_given")
    return sign


@transaction.atomic
def close_sign(viewer: Viewer, sign: Sign, feedback: str = "") -> Sign:
    """Close the sign and tell those who noticed. Without new ``feedback`` what they have been told already stands.

    Raises Refused before the decision, while a request for help is open, and without any answer to the noticer.
    """
    sign = locked_sign(sign)
    post = named_person_as(viewer, sign.child)
    feedback = cleaned_text(feedback, "feedback") or sign.told_noticer
    require(
        rules.may_close(
            state=sign.state,
            is_named_person=post is not None,
            decision=sign.decision,
            open_requests=sign.requests.filter(state__in=rules.OPEN_REQUEST).count(),
            feedback=feedback,
        )
    )
    sign.told_noticer = feedback
    sign.closed_at = clock.now()
    _step(viewer, sign, "close", post)
    end_duties(sign.ref)
    no_longer_stuck(sign.child, sign)
    _tell_everyone(viewer, sign, "sign_closed")
    return sign


@transaction.atomic
def merge_sign(viewer: Viewer, sign: Sign, into: Sign) -> Sign:
    """Join a sign with an earlier one about the same child. Both noticers are told when the earlier one ends.

    The earlier one's times go on, and its count of bounces takes the other's in. Raises Refused when they do not fit.
    """
    first, second = sorted(
        (sign, into), key=lambda one: one.pk
    )  # always in this order, so that two never wait in a ring
    locked = {row.pk: row for row in (locked_sign(first), locked_sign(second))}
    sign, into = locked[sign.pk], locked[into.pk]
    post = named_person_as(viewer, sign.child)
    require(
        rules.may_merge(
            state=sign.state,
            into_state=into.state,
            is_named_person=post is not None,
            same_sign=sign.pk == into.pk,
            same_child=sign.child_id == into.child_id,
            into_is_earlier=into.sent_at is not None and sign.sent_at is not None and into.sent_at <= sign.sent_at,
            open_requests=sign.requests.filter(state__in=rules.OPEN_REQUEST).count(),
        )
    )
    Sign.objects.filter(merged_into=sign).update(merged_into=into, version=F("version") + 1)
    sign.merged_into = into
    into.bounces += sign.bounces
    into.version += 1
    into.save(update_fields=["bounces", "version"])
    _step(viewer, sign, "merge", post, Subject("sign", into.ref, into.child.ref, into.state))
    end_duties(sign.ref, dropped=True)
    _tell_noticer(viewer, sign, "sign_joined")
    call_when_stuck(viewer, into.child, into)
    return sign


def _tell_noticer(viewer: Viewer, sign: Sign, key: str, occasion: str = "") -> None:
    if sign.noticer_post_id != viewer.post:
        tell(sign.noticer_post, key, room=SIGN, object_ref=sign.ref, child=sign.child, occasion=occasion)


def _tell_everyone(viewer: Viewer, sign: Sign, key: str) -> None:
    """Let the sign's noticer and those of the signs that were joined with it read the answer, and tell them so."""
    joined = Sign.objects.select_related("noticer_post", "child").filter(merged_into=sign, state=SignState.MERGED)
    occasion = str(sign.version)
    _tell_noticer(viewer, sign, key, occasion)
    for other in joined:
        _tell_noticer(viewer, other, key, occasion)
    joined.update(told_noticer=sign.told_noticer, version=F("version") + 1)
