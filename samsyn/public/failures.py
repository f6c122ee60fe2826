"""Pages for what went wrong: plain sentences, nothing about what was asked for."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from samsyn.public.opening import PASSWORDS


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What a stranger and a mistyped address both get: the same page, byte for byte."""
    return render(request, "public/not_found.html", status=404)


def not_taken(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is too long, or no form at all."""
    return render(request, "public/not_taken.html", status=400)


def too_many_tries(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Signing in with this name, from there, rests for a while. Says the same whether the name exists or not."""
    return render(request, "public/too_many_tries.html", status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong on our side. Asks no store, since that may be what is away: whom to call is read anyway."""
    if not hasattr(request, "viewer"):
        request.user = AnonymousUser()  # whose session it is has not been read, and cannot be
    return render(request, "public/broken.html", status=500)


def form_not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or old: nothing was saved, and the text typed is shown so that it is not lost."""
    kept = [(name, str(value)) for name, value in request.POST.items() if name not in HIDDEN and str(value).strip()]
    return render(request, "public/form_not_ours.html", {"kept": kept}, status=403)


HIDDEN = frozenset({"csrfmiddlewaretoken", "key", "version", "username", "next", "provider"}) | PASSWORDS
