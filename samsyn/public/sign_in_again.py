"""Showing who one is once more, before something that must not be done by whoever sits down at an open page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from samsyn.people import opened
from samsyn.people.actions import passkeys_of
from samsyn.people.providers import FAMILY, named
from samsyn.people.sessions import SIGNED_IN
from samsyn.public.openid import send_to
from samsyn.public.opening import Kept, after, sealed, still_kept, typed
from samsyn.public.sign_in import allow_forms_to_providers


def ask_again(request: HttpRequest) -> HttpResponse:
    """Ask who it is: at once after a form, with all that was typed kept; else on a page of its own."""
    if request.method == "POST":
        return _page(request, typed(request), request.get_full_path(), status=401)
    wanted = urlencode({"next": request.get_full_path()}, safe="/")
    return redirect(f"{reverse('public:sign_in_again')}?{wanted}")


def _page(request: HttpRequest, kept: Kept, where: str, status: int = 200) -> HttpResponse:
    door = request.session[SIGNED_IN]["door"]
    providers = [one for one in settings.SAMSYN_PROVIDERS if door in ("", one.opens)]
    passkeys = door != FAMILY and bool(passkeys_of(request.user))  # type: ignore[arg-type]  # who has signed in
    facts: dict[str, Any] = {
        "providers": providers,
        "kept": kept,
        "next": where,
        "minutes": settings.SAMSYN_RECENT_SECONDS // 60,
    }
    facts |= {"passkeys": passkeys, "opened": opened.many(request.session)}
    return allow_forms_to_providers(render(request, "public/sign_in_again.html", facts, status=status))


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """The page that asks, and the way to the provider, which asks even somebody whom it knows already."""
    if request.method != "POST":
        return _page(request, [], after(request))
    kept = still_kept(request)
    provider = named(settings.SAMSYN_PROVIDERS, request.POST.get("provider", ""))
    if provider is None:
        return _page(request, kept, after(request), status=422)
    return send_to(request, provider, after(request), sealed(kept), again=True)
