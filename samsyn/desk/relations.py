"""Those around the child who get no information: seen in the circle, noted and taken away here."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.circle.models import Relation
from samsyn.circle.relation_actions import add_relation, end_relation
from samsyn.common.reading import ground
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.people.models import Person
from samsyn.sharing.predicate import explain
from samsyn.trail.pressing import KeyedForm


class RelationForm(KeyedForm):
    """Who it is, to the child, and where they meet."""

    name = forms.CharField(
        label=_lazy("Name"),
        help_text=_lazy("The name that the child uses. A first name is enough."),
        required=False,
        max_length=Relation.LONGEST_NAME,
    )
    relation = forms.CharField(
        label=_lazy("Who is it to the child?"),
        help_text=_lazy("For example grandmother, big brother, coach."),
        required=False,
        max_length=Relation.LONGEST_WORD,
    )
    place = forms.CharField(
        label=_lazy("Where do they meet?"),
        help_text=_lazy("For example a club. Empty for somebody in the family."),
        required=False,
        max_length=Relation.LONGEST_WORD,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def relations(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Who is noted around the child, and a form for one more."""
    child = child_of(request, ref)
    form = RelationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "relation", "place")}
        if press(request, form, lambda: add_relation(request.viewer, child, **told).ref):
            return redirect("desk:relations", child.ref)
    return _show(request, child, form)


def _show(request: StaffRequest, child: Person, form: KeyedForm, late: KeyedForm | None = None) -> HttpResponse:
    why = explain(request.viewer, child)
    if why is not None:
        ground(why.ground)
    around = Relation.objects.visible_to(request.viewer).filter(child=child, until=None).order_by("since", "pk")
    facts = {"child": child, "why": why, "around": around, "late": late, "form": form}
    return page(request, "desk/relations/relations.html", facts, late or form)


@require_POST
@staff
def end(request: StaffRequest, ref: UUID) -> HttpResponse:
    """Somebody is no longer around the child."""
    rows = Relation.objects.visible_to(request.viewer).select_related("child")
    relation = get_object_or_404(rows, ref=ref)
    form = KeyedForm(request.POST)
    if form.is_valid() and press(request, form, lambda: end_relation(request.viewer, relation).ref):
        return redirect("desk:relations", relation.child.ref)
    return _show(request, relation.child, RelationForm(), form)
