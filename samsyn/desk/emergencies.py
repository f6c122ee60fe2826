"""Opening a child in an emergency. Who reviews it does so among the other looks (``reviews``)."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.common.viewer import Viewer
from samsyn.desk import looking_up
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.desk.sign_forms import long_text
from samsyn.people.models import Person
from samsyn.reviews.actions import DUE_BY
from samsyn.reviews.models import ReviewKind
from samsyn.sharing.actions import open_in_emergency
from samsyn.sharing.emergency_rules import EMERGENCY
from samsyn.sharing.models import EmergencyAccess, EmergencyCode
from samsyn.trail.pressing import KeyedForm

REASON_KEPT = 300
"""Characters of the sentence that the note of the look-up keeps; the emergency keeps all of it."""


class OpenForm(KeyedForm):
    """Which child, and what has happened."""

    number = forms.CharField(label=_lazy("Personal identity number"), max_length=60)
    code = forms.ChoiceField(label=_lazy("What is it about?"), choices=EmergencyCode.choices, widget=forms.RadioSelect)
    words = long_text(_lazy("What has happened?"), _lazy("One sentence. Your manager reads it."), 3)


def open_until(viewer: Viewer, child: Person) -> datetime | None:
    """Until when the viewer's post may read what it has opened about the child in an emergency; None for not at all."""
    if viewer.post is None:
        return None
    rows = EmergencyAccess.objects.visible_to(viewer).filter(child=child, post_id=viewer.post, until__gt=clock.now())
    newest = rows.select_related("child").order_by("-until", "-pk").first()
    return newest.until if newest is not None else None


@recently_signed_in()
@require_http_methods(["GET", "HEAD", "POST"])
@staff
def emergency(request: StaffRequest) -> HttpResponse:
    """Open, for reading and for a short while, what the own authority holds about a child."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        begun = looking_up.begin(request, form, told["number"], told["words"][:REASON_KEPT])
        if begun is not None and begun.number is not None:
            number = begun.number
            done = press(
                request, form, lambda: open_in_emergency(request.viewer, number, told["code"], told["words"]).ref
            )
            looking_up.keep(request, "desk:emergency")
            if done:
                mine = EmergencyAccess.objects.visible_to(request.viewer).select_related("child")
                return redirect("desk:child", get_object_or_404(mine, ref=done).child.ref)
    return page(request, "desk/emergencies/new.html", {"rules": [EMERGENCY, DUE_BY[ReviewKind.EMERGENCY]]}, form)
