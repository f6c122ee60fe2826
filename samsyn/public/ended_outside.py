"""Back-channel logout: a provider tells that somebody's session with it has ended, and ours ends with it."""

from __future__ import annotations

import logging
import time

import requests
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import end_from_outside
from samsyn.people.providers import named
from samsyn.public.id_tokens import WrongToken, check_logout, read_token
from samsyn.public.openid import HouseOAuth2Adapter

NEEDED = ("exp", "jti")
logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_POST
def ended(request: HttpRequest, word: str) -> HttpResponse:
    """What the provider's signed token says has ended is ended here. A token is taken once, and nothing else counts."""
    provider = named(settings.SAMSYN_PROVIDERS, word)
    if provider is None:
        raise Http404
    try:
        keys = HouseOAuth2Adapter(request, word).keys()
        claims = read_token(request.POST.get("logout_token", ""), provider, keys, NEEDED)
        subject, outside = check_logout(claims)
        if not cache.add(f"logout:{word}:{claims['jti']}", 1, timeout=max(1, int(claims["exp"] - time.time()) + 60)):
            raise WrongToken("told before")
    except (WrongToken, requests.RequestException) as wrong:
        logger.warning("A provider's sign-out was not believed: %s", type(wrong).__name__)
        return HttpResponse(status=400)
    end_from_outside(SYSTEM, word, subject, outside)
    return HttpResponse(status=200)
