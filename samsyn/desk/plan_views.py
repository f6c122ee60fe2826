"""What the child and each guardian say of the plan, and the marks on the wheel, as they are written down in a talk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from samsyn.desk.doors import StaffRequest, staff
from samsyn.desk.plan_forms import (
    ViewForm,
    WheelForm,
)
from samsyn.desk.plan_page import plan_of
from samsyn.desk.plans import work_on
from samsyn.early_signals.area_words import areas_of
from samsyn.people.models import Person
from samsyn.plans.view_actions import ViewText, mark_wheel, record_view
from samsyn.sharing.actions import guardians_today


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def views(request: StaffRequest, ref: UUID, whose: UUID) -> HttpResponse:
    """Write down what the child or a guardian says of the plan."""
    found = plan_of(request, ref)
    family = [found.child_id, *(row.guardian_id for row in guardians_today(found.child))]
    person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=whose, pk__in=family)
    form = ViewForm(request.POST if request.method == "POST" else None)

    def do() -> UUID:
        told = {name: value for name, value in form.cleaned_data.items() if name != "key"}
        return record_view(request.viewer, found, person, ViewText(**told)).ref

    return work_on(request, found, form, "desk/plans/view.html", do, person=person)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def wheel(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Mark the wheel, by the child or by the adults."""
    found = plan_of(request, ref)
    form = WheelForm(
        request.POST if request.method == "POST" else None,
        labels=areas_of(found.authority_id),
        child_name=found.child.name,
        initial={"by_child": "yes"},
    )

    def do() -> UUID:
        mark_wheel(request.viewer, found, form.cleaned_data["by_child"] == "yes", form.values())
        return found.ref

    return work_on(request, found, form, "desk/plans/wheel.html", do)
