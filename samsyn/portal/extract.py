"""What is held: order it, see when it is ready and when it goes, and fetch it as a paper or as a file."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.guards import recently_signed_in
from samsyn.common.reading import ground
from samsyn.people.models import Person
from samsyn.portal.doors import FamilyRequest, family, own_child, page, press
from samsyn.retention.models import RegisterExtract
from samsyn.retention.tasks import can_be_fetched, kept_for, order_extract
from samsyn.trail.pressing import KeyedForm

TYPES = {"paper": ("application/pdf", "held.pdf"), "file": ("application/json", "held.json")}


class OrderForm(KeyedForm):
    """In which language the paper is to be."""

    language = forms.ChoiceField(label=_lazy("Language"), choices=settings.LANGUAGES)


@require_http_methods(["GET", "HEAD"])
@family
def extract(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """Where the extract about oneself or one child stands."""
    return _show(request, ref)


@recently_signed_in()
@require_POST
@family
def order(request: FamilyRequest, ref: UUID) -> HttpResponse:
    """Order it. Ordering twice is ordering once."""
    child = own_child(request, ref)
    form = OrderForm(request.POST)
    if form.is_valid() and press(
        request, form, lambda: order_extract(request.viewer, child, form.cleaned_data["language"]).ref
    ):
        return redirect("portal:extract", child.ref)
    return _show(request, ref, form)


@recently_signed_in(methods=("GET", "HEAD"))
@require_http_methods(["GET", "HEAD"])
@family
def fetch(request: FamilyRequest, ref: UUID, what: str) -> HttpResponse:
    """The paper or the file, for whoever ordered it and nobody else, as long as all in it may still be read."""
    found: RegisterExtract = get_object_or_404(RegisterExtract.objects.visible_to(request.viewer), ref=ref)
    # By its key: where the second lock hides the child, its row cannot even be read.
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), pk=found.child_id)
    ground("own_family")
    if not can_be_fetched(request.viewer, found, child):
        raise Http404
    kind, name = TYPES[what]
    content = found.paper if what == "paper" else found.data
    response = HttpResponse(bytes(content or b""), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _show(request: FamilyRequest, ref: UUID, form: OrderForm | None = None) -> HttpResponse:
    child = own_child(request, ref)
    ground("own_family")
    now = clock.now()
    mine = RegisterExtract.objects.visible_to(request.viewer).filter(child=child)
    there = mine.filter(Q(goes_at__gt=now) | Q(made_at=None, asked_at__gt=now - kept_for()))
    facts = {
        "child": child,
        "itself": child.pk == request.viewer.person,
        "extract": there.defer("paper", "data").first(),
        "hours": int(kept_for().total_seconds()) // 3600,
        "order_form": form or OrderForm(initial={"language": get_language()}),
    }
    return page(request, "portal/extract.html", facts, form)
