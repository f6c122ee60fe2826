"""Pages of the village's provider: choose who you are, and a front page that says what this is."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.views import authorization
from django.contrib.auth import get_user_model, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

NEEDED = {"response_type": "code", "code_challenge_method": "S256"}
"""A client that does not ask in this way is not answered: no code without PKCE, state and nonce."""


@csrf_exempt
def strict_authorization(request: HttpRequest) -> HttpResponse:
    """allauth's own page, for requests that bring state, nonce and a hashed challenge."""
    if request.method == "GET":
        wrong = any(request.GET.get(name) != value for name, value in NEEDED.items())
        if wrong or not all(request.GET.get(name) for name in ("state", "nonce", "code_challenge")):
            needed = "state, nonce, code_challenge and S256 are needed"
            return HttpResponseBadRequest(needed, content_type="text/plain; charset=utf-8")
    answer: HttpResponse = authorization(request)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The villagers, a button each. Asks again whenever a client wants a fresh answer."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    after = wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
    people: Any = get_user_model().objects
    if request.method == "POST":
        login(request, get_object_or_404(people, username=request.POST.get("villager", "")))
        return redirect(after)
    return render(request, "provider/choose.html", {"people": people.order_by("pk"), "next": after})


@require_http_methods(["GET", "HEAD"])
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and who has signed in here."""
    return render(request, "provider/front.html")


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """End the session here."""
    logout(request)
    return redirect("front")
