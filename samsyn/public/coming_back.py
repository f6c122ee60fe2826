"""Coming back from a provider: who is known is let in, who is not is told whom to ask."""

from __future__ import annotations

import logging
from typing import Any

from allauth.socialaccount.providers.base.constants import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from samsyn.people.models import Account
from samsyn.people.providers import Provider
from samsyn.people.sessions import prove
from samsyn.public.opening import go_on, open_session, own_address, unsealed

logger = logging.getLogger(__name__)


def failed(request: HttpRequest, error: Any = None, exception: Exception | None = None) -> HttpResponse:
    """The provider was left by Cancel: the sign-in page again. Else a page that says that nothing came of it."""
    if error == AuthError.CANCELLED:
        return redirect(reverse("public:sign_in"))
    logger.warning("Signing in with a provider failed: %s", type(exception).__name__ if exception else "no answer")
    return render(request, "public/provider_failed.html", status=401)


def come_in(
    request: HttpRequest, provider: Provider, account: Account | None, claims: dict[str, Any], state: dict[str, Any]
) -> HttpResponse:
    """Let in the account that the provider's subject is linked to. No other way leads to one, and none is made."""
    if account is None or not account.is_active:
        return render(request, "public/no_account.html", {"provider": provider}, status=403)
    where = own_address(state.get("next", ""))
    again = state.get("again")
    outside = str(claims.get("sid") or "")
    if again is None:
        open_session(request, account, provider.word, provider.opens, outside)
    elif request.user.pk == again == account.pk:
        prove(request.session, provider.word, outside)
    else:
        return render(request, "public/provider_failed.html", {"somebody_else": True}, status=401)
    return go_on(request, where, unsealed(state.get("kept", "")))
