"""Requests that are passed around: counted, circles found, and somebody above called in once. Nothing is moved."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from samsyn import law
from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals import rules
from samsyn.early_signals.models import Request, RequestState, Sign
from samsyn.early_signals.words import REQUEST
from samsyn.notices.actions import tell
from samsyn.organisations.models import Unit
from samsyn.organisations.presence import duty_desk_for
from samsyn.people.models import Person
from samsyn.sharing.actions import end_involvement, involve
from samsyn.sharing.models import Reason, Scope
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

UNSTICK = "unstick"


def same_matter(child: Person, sign: Sign | None) -> QuerySet[Request]:
    """The requests about the same matter: the sign's and those of signs joined with it; without a sign, the child's
    others without one, since somebody last accepted."""
    if sign is not None:
        return Request.objects.filter(Q(sign=sign) | Q(sign__merged_into=sign))
    rows = Request.objects.filter(child=child, sign=None)
    accepted = rows.filter(state__in=(RequestState.ACCEPTED, RequestState.DONE))
    since = accepted.aggregate(last=Max("answered_at"))["last"]
    return rows if since is None else rows.filter(sent_at__gt=since)


def declined_by(child: Person, sign: Sign | None) -> dict[int, Request]:
    """The units that have declined this matter, each with its newest no. For the page where help is asked for."""
    rows = (
        same_matter(child, sign)
        .filter(state=RequestState.DECLINED)
        .select_related("to_unit")
        .order_by("answered_at", "pk")
    )
    return {row.to_unit_id: row for row in rows}


def count_bounce(viewer: Viewer, request: Request) -> None:
    """One more has declined: the sign's count goes up, and somebody above is called in when it is too many.

    The request is locked with its sign and the child's named person, so two that decline at once call for help once.
    """
    if request.sign is not None:
        request.sign.bounces += 1
        request.sign.save(update_fields=["bounces"])
    call_when_stuck(viewer, request.child, request.sign)


def call_when_stuck(viewer: Viewer, child: Person, sign: Sign | None, *, asked: Unit | None = None) -> None:
    """Call the duty desk in, once for the matter, when too many have declined or a unit is ``asked`` that already did.

    It gets a copy: a duty of its own that points at the newest request. Who was responsible stays so.
    """
    declined = declined_by(child, sign)
    matter = same_matter(child, sign)
    bounces = sign.bounces if sign is not None else matter.filter(state=RequestState.DECLINED).count()
    if not rules.is_stuck(
        bounces=bounces,
        alarm_at=law.on(clock.today()).amount("bounces_before_alarm"),
        goes_in_circle=asked is not None and rules.goes_in_circle(asked.pk, declined),
    ):
        return
    if Duty.objects.filter(what=UNSTICK, object_ref__in=matter.values("ref")).exists():
        return
    newest = matter.select_related("from_post__unit").order_by("-sent_at", "-pk").first()
    if newest is None:
        return
    desk = duty_desk_for(newest.from_post)
    if desk.unit.authority_id == newest.authority_id:
        involve(
            child, desk.unit, Reason.OFFERED, Scope.ITEM, post_id=desk.pk, item_ref=newest.ref, source="early_signals"
        )
    open_duty(
        desk,
        UNSTICK,
        child=child,
        room=REQUEST,
        object_ref=newest.ref,
        rule="unstick_request",
        start=clock.now(),
        waiting=newest.from_post.unit.name,
    )
    tell(desk, "request_stuck", room=REQUEST, object_ref=newest.ref, child=child)
    act(viewer, "request.stuck", [Subject("request", newest.ref, child.ref, newest.state)], ground="unstick_request")


def no_longer_stuck(child: Person, sign: Sign | None) -> None:
    """Somebody has accepted, or the sign is closed: what was called for is done."""
    matter = same_matter(child, sign).values("ref")
    for duty in Duty.objects.filter(what=UNSTICK, state=DutyState.OPEN, object_ref__in=matter):
        _end(child, duty)


def _end(child: Person, duty: Duty) -> None:
    end_duties(duty.object_ref, UNSTICK)
    end_involvement(child, Reason.OFFERED, post_id=duty.post_id, item_ref=duty.object_ref)


@transaction.atomic
def settle(viewer: Viewer, duty: Duty) -> None:
    """The post that was called in says that it has helped the matter on. Raises Refused when it is not its duty."""
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty.pk, what=UNSTICK)
    require(rules.may_settle(is_holder=duty.post_id == viewer.post, open_=duty.state == DutyState.OPEN))
    request = Request.objects.select_related("child").get(ref=duty.object_ref)
    _end(request.child, duty)
    act(viewer, "request.helped_on", [Subject("request", request.ref, request.child.ref, request.state)])
