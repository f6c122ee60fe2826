"""Choosing the own family as capacity, and leaving in a hurry."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common.viewer import CAPACITY
from samsyn.people.providers import STAFF
from samsyn.portal.doors import FamilyRequest


@require_POST
def enter(request: FamilyRequest) -> HttpResponse:
    """Act in the own family from now on: no post goes along. An operator has no family here.

    Who has shown who they are at work only is asked to do so as a citizen.
    """
    if request.viewer.operator:
        raise Http404
    if request.viewer.vouched_for == STAFF:
        return redirect(f"{reverse('public:sign_in')}?{urlencode({'next': reverse('portal:start')})}")
    request.session.pop(CAPACITY, None)
    return redirect("portal:start")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def leave(request: FamilyRequest) -> HttpResponse:
    """Sign out and go to a page that says nothing, by a plain link that needs no script and no question."""
    logout(request)
    response = redirect(settings.SAMSYN_LEAVE_FOR)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
