"""After a yes has ended: what it closed, and what the one who answers for the work has decided with the family."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.common.reading import ground
from samsyn.desk.consents import next_question
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.duty_words import ROOM_VIEWS
from samsyn.desk.sign_forms import long_text
from samsyn.duties.models import Duty, DutyState
from samsyn.sharing.actions import looked_at_with_family
from samsyn.sharing.models import Consent
from samsyn.sharing.predicate import explain
from samsyn.sharing.words import LOOK_AT_YES
from samsyn.trail.pressing import KeyedForm

TO_THE_THING = {
    "sign": _lazy("To the early sign"),
    "team": _lazy("To the team"),
    "request": _lazy("To the request for help"),
    "plan": _lazy("To the plan"),
}


class LookedForm(KeyedForm):
    """What was decided."""

    words = long_text(_lazy("What did you and the family decide?"), _lazy("A few words are enough."), 2)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def look(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Talk with the family now that a yes has ended: ask anew, go on without, or end the work."""
    duties = Duty.objects.visible_to(request.viewer).filter(
        what=LOOK_AT_YES, state=DutyState.OPEN, post_id=request.viewer.post or 0
    )
    duty: Duty = get_object_or_404(duties.select_related("child"), object_ref=ref)
    child = duty.child
    assert child is not None  # what rests on a yes is about somebody
    why = explain(request.viewer, child)
    if why is not None:
        ground(why.ground)
    form = LookedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def do() -> UUID:
            looked_at_with_family(request.viewer, duty, form.cleaned_data["words"])
            return duty.ref

        if press(request, form, do):
            return redirect("desk:day")
    consents = Consent.objects.visible_to(request.viewer).filter(child=child, ends__at=duty.started_at)
    facts = {
        "child": child,
        "why": why,
        "duty": duty,
        "ended": consents.select_related("child").first(),
        "thing_url": reverse(ROOM_VIEWS[duty.room], args=[duty.object_ref]),
        "thing_words": TO_THE_THING[duty.room],
        "ask_url": next_question(child, duty.room, duty.object_ref),
        "now": clock.now(),
    }
    return page(request, "desk/consents/ended.html", facts, form)
