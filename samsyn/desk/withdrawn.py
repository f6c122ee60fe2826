"""What was taken back before it was answered: who had asked, and that nothing is expected now; not what it said."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse

from samsyn.circle.models import Handover
from samsyn.common.decision import Decision
from samsyn.desk.doors import StaffRequest, page
from samsyn.duties.models import Duty
from samsyn.early_signals.models import Request
from samsyn.notices.models import Notice
from samsyn.trail.pressing import KeyedForm, said


@dataclass(frozen=True)
class Kind:
    """What can be taken back. ``told``: the notice that says so. ``duty``: what the one who was asked had to do."""

    model: type[Request] | type[Handover]
    told: str
    duty: str
    template: str


REQUEST = Kind(Request, "request_revoked", "answer_request", "desk/requests/withdrawn.html")
OFFER = Kind(Handover, "handover_withdrawn", "answer_handover", "desk/circle/withdrawn.html")


def notice_of(request: StaffRequest, kind: Kind, ref: UUID) -> Notice:
    """The notice to the viewer's post that the thing, which it may not read, was taken back; 404 if it never had it.

    What was opened for the sake of the answer has closed, so nothing of the thing is read here: the notice and the
    ended duty are the post's own.
    """
    notices = Notice.objects.visible_to(request.viewer).filter(object_ref=ref, text_key=kind.told)
    notice: Notice | None = notices.filter(post_id=request.viewer.post or 0).first()
    if notice is None:
        raise Http404
    return notice


def show(request: StaffRequest, kind: Kind, notice: Notice, late: KeyedForm | None = None) -> HttpResponse:
    """The page; with the answer that came ``late``, so that nothing of it is lost."""
    duties = Duty.objects.visible_to(request.viewer).filter(object_ref=notice.object_ref, what=kind.duty)
    facts = {"notice": notice, "asked": duties.order_by("started_at", "pk").first()}
    return page(request, kind.template, facts, late)


def refuse(request: StaffRequest, kind: Kind, notice: Notice, late: KeyedForm, because: Decision) -> HttpResponse:
    """An answer that was sent after the thing had been taken back: the refusal, beside what was written."""
    late.is_valid()
    late.add_error(None, said(because, request.viewer.authority))
    request.refused = because
    return show(request, kind, notice, late)
