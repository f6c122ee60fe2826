"""Open pages: what the law demands when a child may be harmed, what a rule says, how the steps go, language."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.law.words import paragraph, sentence
from samsyn.organisations.models import Unit, UnitKind
from samsyn.organisations.partnerships import own_time_for
from samsyn.public.opening import own_address


@login_not_required
@require_http_methods(["GET", "HEAD"])
def harm(request: HttpRequest) -> HttpResponse:
    """What the law demands of who fears that a child is harmed, and how to reach social services. Sends nothing."""
    units = Unit.objects.visible_to(request.viewer)  # type: ignore[attr-defined]  # the house's own attribute
    receptions = (
        units.filter(kind=UnitKind.SOCIAL_RECEPTION, ended_on=None)
        .select_related("authority__principal")
        .order_by("name")
    )
    rule = law.on(clock.today()).row("report_of_concern")
    return render(request, "public/harm.html", {"receptions": receptions, "rule": rule, "draft": _draft(request)})


def _draft(request: HttpRequest) -> UUID | None:
    """The reference of the sign that somebody was writing, to lead back to; whose it is, its own page asks."""
    try:
        return UUID(request.GET.get("draft", ""))
    except ValueError:
        return None


@login_not_required
@require_http_methods(["GET", "HEAD"])
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One row of law in plain words: its paragraph, from when, and whether somebody has checked it.

    Somebody at work also reads the time that the own partnership has agreed on.
    """
    try:
        row = law.on(clock.today()).row(rule_id)
    except law.NoSuchRule:
        raise Http404 from None
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # the house's own attribute
    here = own_time_for(viewer.authority, row.id)
    said = {"row": row, "paragraph": paragraph(row), "sentence": sentence(row), "here_it_is": here}
    return render(request, "public/rule.html", said)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages; kept in a cookie of this browser."""
    wanted = request.POST.get("language", "")
    response = redirect(own_address(request.POST.get("next", "")))
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, httponly=True, secure=settings.TLS, samesite="Lax", max_age=31536000
        )
    return response
