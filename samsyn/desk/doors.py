"""What the desk's pages share: who may come in, how a form is carried out once, and how a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.prepared import Row, first_asked
from samsyn.common.typed import typed_words
from samsyn.common.viewer import Viewer
from samsyn.sharing.predicate import reads_in_emergency
from samsyn.trail.pressing import KeyedForm, came_twice, carry_out


class StaffRequest(HttpRequest):
    """A request whose viewer acts as a post."""

    viewer: Viewer
    refused: Decision | None = None


View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """Only for somebody who acts as a post. Others get 404; the first page sends them on to their own.

    Who has opened something in an emergency is told in plain words that it can be read and not changed.
    """

    @wraps(view)
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_staff:
            if request.resolver_match is not None and request.resolver_match.view_name == "desk:day":
                return redirect("portal:start" if request.viewer.is_family else "desk:capacity")
            raise Http404
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            if (done := _came_twice(request)) is not None:
                return done
            if request.viewer.acts and reads_in_emergency(request.viewer, clock.now()):
                kept = typed_words(request.POST) if request.method == "POST" else []
                return render(request, "desk/emergencies/reads_only.html", {"kept": kept}, status=404)
            raise
        return response if response.status_code not in (200, 422) else _came_twice(request) or response

    return guarded


_THEN = {"desk:sign_review": "desk:sign", "desk:by_hand": "desk:sign_edit"}
"""Where a form leads whose result is a page of its own. The others lead to the first page when they come twice."""


def _came_twice(request: Any) -> HttpResponse | None:
    """Lead on whoever has sent a form twice, by a double click or by Back: what it was about may be gone by that.

    The second answer is the one that is seen, and it must not say that there is nothing.
    """
    if request.method != "POST":
        return None
    done = came_twice(request.viewer, request.POST, request.path)
    if done is None:
        return None
    request.refused = None
    then = _THEN.get(request.resolver_match.view_name)
    return redirect(then, done) if then else redirect("desk:day")


def asked_or_404(build: Callable[..., QuerySet[Any, Row]], *given: Any) -> Row:
    """The first row of a question that is put together once (``common.prepared``), else 404."""
    found = first_asked(build, *given)
    if found is None:
        raise Http404
    return found


class VersionedForm(KeyedForm):
    """A form about a thing that others may change meanwhile: it carries the version that was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def press(request: StaffRequest, form: KeyedForm, do: Callable[[], UUID]) -> UUID | None:
    """Carry a valid form out, once. Gives the result's reference, or None when the rule said no.

    The reason then stands beside its field, all that was typed is kept, and the trail gets the refusal.
    """
    done = carry_out(request.viewer, form, do, request.path)
    if isinstance(done, Decision):
        request.refused = done
        return None
    return done


def page(request: HttpRequest, template: str, facts: dict[str, Any], form: forms.Form | None = None) -> HttpResponse:
    """Render a page; a form with errors answers 422, so that nothing takes it for done."""
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, template, facts if form is None else {"form": form, **facts}, status=status)
