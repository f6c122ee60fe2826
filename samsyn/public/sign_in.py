"""Signing in and out. What somebody was writing when the session ended is kept through it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from samsyn.common import clock
from samsyn.common.viewer import CAPACITY
from samsyn.organisations.presence import capacities
from samsyn.people.models import Account

KEPT = "kept-"
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "username", "next"})

Kept = list[tuple[str, str]]


def own_address(wanted: str) -> str:
    """The address that was handed in, when it is a whole path of this house; else that of the first page."""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("desk:day")


def _next(request: HttpRequest) -> str:
    return own_address(request.POST.get("next") or request.GET.get("next") or "")


def session_ended(request: HttpRequest) -> HttpResponse:
    """Ask somebody to sign in again who was sending a form; everything typed goes along in the page."""
    kept = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_KEPT]
    return _page(request, AuthenticationForm(request), kept, request.get_full_path(), status=401)


def _page(request: HttpRequest, form: AuthenticationForm, kept: Kept, after: str, status: int = 200) -> HttpResponse:
    facts = {"form": form, "kept": kept, "next": after}
    return render(request, "public/sign_in.html", facts, status=status)


def choose_first(request: HttpRequest, account: Account) -> None:
    """Begin in the capacity that comes first: a post held, else one covered. None for an operator or a guardian."""
    own = [] if account.is_operator else capacities(account.person_id, clock.now())
    if own:
        request.session[CAPACITY] = own[0].post.pk


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    if request.method == "GET":
        return _page(request, AuthenticationForm(request), [], _next(request))
    kept = [
        (name[len(KEPT) :], v) for name in request.POST if name.startswith(KEPT) for v in request.POST.getlist(name)
    ]
    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        return _page(request, form, kept, _next(request), status=422)
    account: Any = form.get_user()
    login(request, account)
    choose_first(request, account)
    if kept:
        return render(request, "public/send_again.html", {"kept": kept, "next": _next(request)})
    return redirect(_next(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and ask the browser to forget what it holds of us."""
    logout(request)
    response = redirect("public:signed_out")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@login_not_required
@require_http_methods(["GET", "HEAD"])
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that the session has ended."""
    return render(request, "public/signed_out.html")
