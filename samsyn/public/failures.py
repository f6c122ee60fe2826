"""Pages for what went wrong: plain sentences, nothing about what was asked for."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from samsyn.common.typed import HIDDEN, typed_words


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What a stranger and a mistyped address both get: the same page, byte for byte.

    Who has written something, and lost the right to the page while writing, gets the own words back, as at any address.
    """
    viewer = getattr(request, "viewer", None)
    kept = _written(request) if request.method == "POST" and viewer is not None and viewer.account_ref else []
    return render(request, "public/not_found.html", {"kept": kept}, status=404)


def _written(request: HttpRequest) -> list[str]:
    """What was typed. Nothing of what is no form, or longer than any: of an unknown address it is read here first."""
    try:
        return typed_words(request.POST)
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []


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
    kept = [str(value) for name, value in request.POST.items() if name not in HIDDEN and str(value).strip()]
    return render(request, "public/form_not_ours.html", {"kept": kept}, status=403)
