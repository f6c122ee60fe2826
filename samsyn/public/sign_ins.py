"""My sign-ins: where somebody has signed in, ending that, and staying signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.people.actions import end_other_sign_ins, end_sign_in
from samsyn.people.models import SignIn
from samsyn.people.providers import FAMILY, named
from samsyn.people.sessions import SIGNED_IN, may_stay, seconds_left
from samsyn.public.opening import forget
from samsyn.public.password import has_password

WARN_BEFORE = 300
"""Seconds before the end of a session at which the page says so aloud."""


def _mine(request: HttpRequest) -> Any:
    return SignIn.objects.visible_to(request.viewer).filter(expire_date__gt=clock.now())  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD"])
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Every browser in which this account is signed in now, this one first."""
    rows = [
        {
            "one": one,
            "here": one.pk == request.session.session_key,
            "provider": named(settings.SAMSYN_PROVIDERS, one.way),
        }
        for one in _mine(request).order_by("-seen_at", "ref")
    ]
    rows.sort(key=lambda row: not row["here"])
    staff = request.session[SIGNED_IN]["door"] != FAMILY and not request.viewer.is_family  # type: ignore[attr-defined]
    facts = {"rows": rows, "others": len(rows) > 1, "staff": staff, "password": has_password(request)}
    return render(request, "public/sign_ins.html", facts)


@require_POST
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End one of them. Ending this one is signing out."""
    one = get_object_or_404(_mine(request), ref=ref)
    here = one.pk == request.session.session_key
    end_sign_in(request.viewer, one)  # type: ignore[attr-defined]  # the house's own attribute
    if here:
        logout(request)
        return forget(redirect("public:signed_out"))
    return redirect("public:sign_ins")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    viewer = request.viewer  # type: ignore[attr-defined]  # the house's own attribute
    end_other_sign_ins(viewer, request.user, keep=request.session.session_key or "")  # type: ignore[arg-type]
    return redirect("public:sign_ins")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def left(request: HttpRequest) -> HttpResponse:
    """How long the session of an open page lives. Asked by the page itself, so it moves nothing onwards.

    Says that it is over also when somebody else has signed in meanwhile: the page is not theirs to read.
    """
    whose = request.GET.get("whose", "")
    mine = request.user.is_authenticated and str(request.user.ref) == whose
    return render(
        request, "public/_idle_now.html", {"idle": idle_facts(request) if mine else None, "warn": WARN_BEFORE}
    )


@require_http_methods(["GET", "HEAD"])
def stay(request: HttpRequest) -> HttpResponse:
    """Says until when one is signed in now that this page was opened. For a window of its own beside the work."""
    return render(request, "public/stay.html", {})


def idle_facts(request: HttpRequest) -> dict[str, Any]:
    """What a page tells of the session's end: the moment, the seconds until then, and if staying moves it."""
    seconds = seconds_left(request.session)
    return {
        "part": "public/_idle.html",
        "until": clock.in_seconds(seconds),
        "seconds": seconds,
        "may_stay": may_stay(request.session),
        "whose": request.user.ref,  # type: ignore[union-attr]  # asked of who has signed in only
    }
