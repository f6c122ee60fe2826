"""What the desk's pages share: who may come in, how a form is carried out once, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _

from samsyn.common.decision import Decision, Refused
from samsyn.common.viewer import Viewer
from samsyn.trail.actions import once


class StaffRequest(HttpRequest):
    """A request whose viewer acts as a post."""

    viewer: Viewer
    refused: Decision | None = None


View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """Only for somebody who acts as a post. Others get 404; the first page sends them on to their own."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_staff:
            if request.resolver_match is not None and request.resolver_match.view_name == "desk:day":
                return redirect("portal:start" if request.viewer.is_family else "desk:capacity")
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


class KeyedForm(forms.Form):
    """A form that is carried out once: a key is made with the page and sent back with it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    use_required_attribute = False


class VersionedForm(KeyedForm):
    """A form about a thing that others may change meanwhile: it carries the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def said(decision: Decision) -> str:
    """A decision's reason in the reader's language."""
    values = {
        name: formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else value
        for name, value in decision.values.items()
    }
    return _(decision.reason) % values if values else _(decision.reason)


def press(request: StaffRequest, form: KeyedForm, do: Callable[[], UUID]) -> UUID | None:
    """Carry a valid form out, once. Gives the result's reference, or None when the rule said no.

    The reason then stands beside its field, all that was typed is kept, and the trail gets the refusal.
    """
    try:
        return once(request.viewer, form.cleaned_data["key"], do)
    except Refused as refused:
        decision = refused.decision
        form.add_error(decision.field if decision.field in form.fields else None, said(decision))
        request.refused = decision
        return None


def page(request: HttpRequest, template: str, facts: dict[str, Any], form: forms.Form | None = None) -> HttpResponse:
    """Render a page; a form with errors answers 422, so that nothing takes it for done."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, facts if form is None else {"form": form, **facts}, status=status)
