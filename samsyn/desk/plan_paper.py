"""The plan on paper: asked for, and fetched when it is made, by whoever has a part in the plan.

It tells more than what is shared of a plan: who holds it together, and how to reach them.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common.guards import recently_signed_in
from samsyn.desk.doors import StaffRequest, press, staff
from samsyn.desk.plan_forms import (
    PaperForm,
)
from samsyn.desk.plan_page import plan_of
from samsyn.plans.changing import has_part
from samsyn.plans.models import PlanPaper
from samsyn.plans.tasks import ask_for_paper, still_true


@recently_signed_in()
@require_POST
@staff
def paper(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Ask for the plan on paper; it is made beside the request, and a notice tells when it is there."""
    found = plan_of(request, ref)
    if not has_part(request.viewer, found):
        raise Http404
    form = PaperForm(request.POST, languages=settings.LANGUAGES)
    if form.is_valid():
        press(request, form, lambda: ask_for_paper(request.viewer, found, form.cleaned_data["language"]).ref)
    return redirect("desk:plan", found.ref)


@recently_signed_in(methods=("GET", "HEAD"))
@require_http_methods(["GET", "HEAD"])
@staff
def printed(request: StaffRequest, ref: UUID) -> HttpResponse:
    """The paper itself, when it is made."""
    made = PlanPaper.objects.visible_to(request.viewer).filter(made_at__isnull=False)
    one: PlanPaper = get_object_or_404(made.select_related("child", "plan"), ref=ref)
    if not has_part(request.viewer, one.plan) or not still_true([one], one.child):
        raise Http404
    response = HttpResponse(bytes(one.content or b""), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="plan.pdf"'
    return response
