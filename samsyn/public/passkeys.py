"""Passkeys: a second way in for staff, added while signed in by a provider. The browser's part is in passkeys.js."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from samsyn.common.guards import recently_signed_in
from samsyn.people.actions import add_passkey, passkeys_of, remove_passkey, use_passkey
from samsyn.people.models import Account
from samsyn.people.providers import FAMILY, STAFF
from samsyn.people.sessions import SIGNED_IN, prove
from samsyn.public.opening import after, device_of, go_on, open_session, still_kept

BOTH = ("GET", "POST")


class CredentialForm(forms.Form):
    """What the browser says of a passkey."""

    credential = forms.JSONField()


def _staff_only(request: HttpRequest) -> Account:
    if request.session[SIGNED_IN]["door"] == FAMILY or not isinstance(request.user, Account):
        raise Http404
    return request.user


@recently_signed_in(methods=BOTH)
@require_http_methods(["GET", "HEAD", "POST"])
def passkeys(request: HttpRequest) -> HttpResponse:
    """The passkeys of this account, and a new one."""
    account = _staff_only(request)
    form = CredentialForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            credential = form.cleaned_data["credential"]
            auth.parse_registration_response(credential)
            auth.complete_registration(credential)
        except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
            form.add_error(None, _("The passkey could not be read. Try again."))
        else:
            add_passkey(request.viewer, account, device_of(request), credential)  # type: ignore[attr-defined]
            return redirect("public:passkeys")
    status = 422 if form.is_bound else 200
    return render(request, "public/passkeys.html", {"rows": passkeys_of(account), "form": form}, status=status)


@recently_signed_in(methods=BOTH)
@require_GET
def new_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey: it must be able to say by itself whose it is, and to ask its owner."""
    return JsonResponse(auth.begin_registration(_staff_only(request), passwordless=True))


@recently_signed_in()
@require_POST
def remove(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Remove one of one's own passkeys."""
    if not remove_passkey(request.viewer, _staff_only(request), ref):  # type: ignore[attr-defined]
        raise Http404
    return redirect("public:passkeys")


@login_not_required
@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to use a passkey. The same for everybody: it names nobody."""
    return JsonResponse(auth.begin_authentication(None))


@login_not_required
@require_POST
def use(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey, or show once more who one is. Says the same whatever was wrong with it."""
    if ratelimit.consume(request, app="allauth.mfa", action="webauthn_login") is None:
        return render(request, "public/too_many_tries.html", status=429)
    found = _owner(request.POST.get("credential", ""))
    if found is None:
        return render(request, "public/provider_failed.html", status=401)
    account = found.user
    if request.user.is_authenticated:
        if request.user.pk != account.pk:
            return render(request, "public/provider_failed.html", {"somebody_else": True}, status=401)
        prove(request.session)
    else:
        open_session(request, account, "passkey", STAFF)
    use_passkey(found)
    return go_on(request, after(request), still_kept(request))


def _owner(sent: str) -> Authenticator | None:
    """The passkey that answered this browser's question, when its account may come in."""
    try:
        credential: Any = json.loads(sent)
        auth.parse_authentication_response(credential)
        account = auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(account, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if found.user.is_active else None
