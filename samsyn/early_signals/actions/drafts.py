"""A sign being written: begun, saved as often as wanted, thrown away. Only the noticer's post sees it."""

from __future__ import annotations

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.early_signals import rules
from samsyn.early_signals.actions.changing import acting, cleaned, locked_sign, require_newest
from samsyn.early_signals.models import Area, Sign, SignKind, SignState
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.sharing.actions import end_involvement, guardians_today, involve
from samsyn.sharing.models import Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


@transaction.atomic
def start_draft(viewer: Viewer, child: Person) -> Sign:
    """Begin a sign about the child, or go on with the one that the same person has begun and not sent.

    Nobody but the viewer's post sees it. ``child`` was found by the viewer, which is why it may be written about.
    """
    here = acting(viewer)
    begun: Sign | None = (
        Sign.objects.filter(child=child, state=SignState.DRAFT, noticer_post_id=here.post, noticer_id=viewer.person)
        .order_by("-saved_at", "-pk")
        .first()
    )
    if begun is not None:
        return begun
    now = clock.now()
    sign = Sign.objects.create(
        child=child,
        authority_id=here.authority,
        noticer_id=viewer.person,
        noticer_post_id=here.post,
        noticer_authority_id=here.authority,
        created_at=now,
        saved_at=now,
    )
    involve(
        child,
        Unit.objects.get(pk=here.unit),
        Reason.NOTICED,
        Scope.ITEM,
        post_id=here.post,
        item_ref=sign.ref,
        source="early_signals",
    )
    act(viewer, "sign.started", [Subject("sign", sign.ref, child.ref, SignState.DRAFT)])
    return sign


def noted_in(sign: Sign) -> rules.Noted:
    """What the sign says, as the rules read it and ``save_draft`` takes it."""
    return rules.Noted(
        kind=sign.kind,
        observed_on=sign.observed_on,
        saw=sign.saw,
        child_words=sign.child_words,
        areas=tuple(sign.areas),
        talked_with=tuple(sign.talked_with),
        not_talked_because=sign.not_talked_because,
        did=sign.did,
        harm_feared=sign.harm_feared,
    )


@transaction.atomic
def save_draft(viewer: Viewer, sign: Sign, noted: rules.Noted, version: int) -> Sign:
    """Keep what is written so far. ``version`` is the one that the page showed. The same words again change nothing.

    Raises ChangedMeanwhile when another one has written since, Refused when it has been sent or is not the viewer's,
    UnclearText for a text that is too long.
    """
    sign = locked_sign(sign)
    require(rules.may_write(state=sign.state, is_noticer=sign.noticer_post_id == viewer.post))
    noted = cleaned(noted, "saw", "child_words", "not_talked_because", "did")
    kept = noted_in(sign)
    if noted == kept:
        return sign
    require_newest(sign, version)
    family = set(kept.talked_with) - {"child"}
    if not set(noted.talked_with) <= {"child", *family}:
        family |= {str(row.guardian.ref) for row in guardians_today(sign.child)}
    require(rules.may_note(noted, kinds=SignKind.values, areas=Area.values, family=family))
    sign.kind, sign.observed_on, sign.harm_feared = noted.kind, noted.observed_on, noted.harm_feared
    sign.saw, sign.child_words, sign.did = noted.saw, noted.child_words, noted.did
    sign.areas, sign.talked_with = list(noted.areas), list(noted.talked_with)
    sign.not_talked_because = noted.not_talked_because
    sign.saved_at = clock.now()
    sign.version += 1
    sign.save()
    act(viewer, "sign.saved", [Subject("sign", sign.ref, sign.child.ref, sign.state)])
    return sign


@transaction.atomic
def discard_draft(viewer: Viewer, sign: Sign) -> None:
    """Throw a draft away, with the reason that it gave to see the child.

    Raises Refused when it has been sent or is not the viewer's.
    """
    sign = locked_sign(sign)
    require(rules.may_write(state=sign.state, is_noticer=sign.noticer_post_id == viewer.post, verb="discard"))
    end_involvement(sign.child, Reason.NOTICED, post_id=sign.noticer_post_id, item_ref=sign.ref)
    act(viewer, "sign.discarded", [Subject("sign", sign.ref, sign.child.ref, "discarded")])
    sign.delete()
