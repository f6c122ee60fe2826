"""Signing in and out. What somebody was writing when the session ended is kept through it."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.people.actions import note_sign_out
from samsyn.people.providers import FAMILY, STAFF, named
from samsyn.public.coming_back import failed
from samsyn.public.openid import HouseOAuth2Adapter, send_to
from samsyn.public.opening import Kept, after, forget, go_on, open_session, sealed, still_kept, typed


class SignInForm(AuthenticationForm):
    """Name and password. A name that is longer than any can be is answered like one that nobody has."""

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError when nobody has this name and password."""
        longest = self.username_field.max_length or 0
        if len(self.cleaned_data.get("username") or "") > longest:
            raise self.get_invalid_login_error()
        told: dict[str, Any] = super().clean()
        return told


def session_ended(request: HttpRequest) -> HttpResponse:
    """Ask somebody to sign in again who was sending a form; everything typed goes along in the page."""
    return _page(request, None, typed(request), request.get_full_path(), status=401)


def allow_forms_to_providers(response: HttpResponse) -> HttpResponse:
    """Let this page's form lead to a provider: browsers hold a form to the policy even where its answer leads on."""
    origins = sorted({one.origin for one in settings.SAMSYN_PROVIDERS})
    response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]  # what django-csp's decorator sets
    return response


def _page(
    request: HttpRequest, form: AuthenticationForm | None, kept: Kept, where: str, status: int = 200
) -> HttpResponse:
    doors = [[one for one in settings.SAMSYN_PROVIDERS if one.opens == door] for door in (STAFF, FAMILY)]
    own = (form or SignInForm(request)) if settings.SAMSYN_PASSWORDS else None
    facts = {"form": own, "kept": kept, "next": where, "staff": doors[0], "family": doors[1], "passkeys": True}
    return allow_forms_to_providers(render(request, "public/sign_in.html", facts, status=status))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page: the providers, and by name and password where the settings allow it."""
    if request.method != "POST":
        return _page(request, None, [], after(request))
    kept = still_kept(request)
    provider = named(settings.SAMSYN_PROVIDERS, request.POST.get("provider", ""))
    if provider is not None:
        return send_to(request, provider, after(request), sealed(kept))
    if not settings.SAMSYN_PASSWORDS:
        return _page(request, None, kept, after(request), status=422)
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return _page(request, form, kept, after(request), status=422)
    account: Any = form.get_user()
    open_session(request, account, "password")
    return go_on(request, after(request), kept)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def provider_back(request: HttpRequest, word: str) -> HttpResponse:
    """Where a provider sends the browser back to."""
    if named(settings.SAMSYN_PROVIDERS, word) is None:
        raise Http404
    try:
        view = OAuth2CallbackView.adapter_view(HouseOAuth2Adapter(request, word))
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        answer: HttpResponse = view(request)
    except (requests.RequestException, OAuth2Error) as silence:
        return failed(request, exception=silence)
    return answer


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and ask the browser to forget what it holds of us."""
    if request.user.is_authenticated:
        note_sign_out(request.viewer, request.user)  # type: ignore[attr-defined]  # the house's own attribute
    logout(request)
    return forget(redirect("public:signed_out"))


@login_not_required
@require_http_methods(["GET", "HEAD"])
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that the session has ended."""
    return render(request, "public/signed_out.html")
