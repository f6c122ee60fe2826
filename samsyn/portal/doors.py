"""What the portal's pages share: who may come in, how a form is carried out once, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.viewer import Viewer
from samsyn.people.models import Account, Person
from samsyn.sharing.family import as_known_to
from samsyn.trail.pressing import KeyedForm, carry_out


class FamilyRequest(HttpRequest):
    """A request whose viewer acts in the own family."""

    viewer: Viewer
    user: Account
    refused: Decision | None = None


View = Callable[..., HttpResponse]


def family(view: View) -> View:
    """Only for somebody in the capacity of the own family. Others get 404."""

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_family:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def press(request: FamilyRequest, form: KeyedForm, do: Callable[[], UUID]) -> UUID | None:
    """Carry a valid form out, once. Gives the result's reference, or None when the rule said no."""
    done = carry_out(request.viewer, form, do, request.path)
    if isinstance(done, Decision):
        request.refused = done
        return None
    return done


def own_child(request: FamilyRequest, ref: UUID) -> Person:
    """The child that the page is about: oneself, or one whose guardian one is. Others are not there."""
    child: Person = get_object_or_404(Person.objects.visible_to(request.viewer), ref=ref)
    as_known_to(request.viewer, child)
    return child


def page(request: FamilyRequest, template: str, facts: dict[str, Any], form: forms.Form | None = None) -> HttpResponse:
    """Render a page; a form with errors answers 422, so that nothing takes it for done."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    shown = {"now": clock.now(), **({} if form is None else {"form": form}), **facts}
    return render(request, template, shown, status=status)
