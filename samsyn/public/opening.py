"""Opening a session for somebody who has shown who they are, and what they were writing when the last one ended."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from samsyn.common import clock, crypto
from samsyn.common.typed import PASSWORDS
from samsyn.common.viewer import CAPACITY
from samsyn.organisations.presence import capacities, viewer_for
from samsyn.people.actions import note_sign_in
from samsyn.people.devices import device_words
from samsyn.people.models import Account
from samsyn.people.providers import FAMILY
from samsyn.people.sessions import SIGNED_IN, facts

BACKEND = "django.contrib.auth.backends.ModelBackend"
KEPT = "kept-"
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "username", "next", "provider", "credential"}) | PASSWORDS
_PLACE = "people_signin|session_data|kept"

Kept = list[tuple[str, str]]


def own_address(wanted: str) -> str:
    """The address that was handed in, when it is a whole path of this house; else that of the first page."""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("desk:day")


def after(request: HttpRequest) -> str:
    """Where somebody wanted to go."""
    return own_address(request.POST.get("next") or request.GET.get("next") or "")


def typed(request: HttpRequest) -> Kept:
    """What was typed into a form that could not be taken."""
    return [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in NOT_KEPT]


def still_kept(request: HttpRequest) -> Kept:
    """What was typed earlier, and comes along in the form of the sign-in page."""
    names = [name for name in request.POST if name.startswith(KEPT)]
    return [(name[len(KEPT) :], value) for name in names for value in request.POST.getlist(name)]


def sealed(kept: Kept) -> str:
    """What was typed, sealed, for the minutes in which somebody is away at a provider."""
    return base64.b64encode(crypto.seal(json.dumps(kept), place=_PLACE)).decode("ascii") if kept else ""


def unsealed(text: str) -> Kept:
    """What ``sealed`` has sealed."""
    found: Kept = json.loads(crypto.unseal(base64.b64decode(text), place=_PLACE)) if text else []
    return found


def choose_first(request: HttpRequest, account: Account) -> None:
    """Begin in the capacity that comes first: a post held, else one covered. None for an operator or a guardian."""
    own = [] if account.is_operator else capacities(account.person_id, clock.now())
    if own:
        request.session[CAPACITY] = own[0].post.pk


def device_of(request: HttpRequest) -> str:
    """The kind of device and browser, in words."""
    return device_words(request.headers.get("User-Agent", ""))


def open_session(request: HttpRequest, account: Account, way: str, door: str = "", outside: str = "") -> None:
    """Sign the account in. ``way``, ``door`` and ``outside`` as in ``people.sessions.facts``."""
    if request.user.is_authenticated:
        request.session.flush()  # else the same account would go on under the old key
    login(request, account, backend=BACKEND)
    told: dict[str, Any] = facts(device=device_of(request), way=way, door=door, outside=outside)
    request.session[SIGNED_IN] = told
    request.session.pop(CAPACITY, None)
    if door != FAMILY:
        choose_first(request, account)
    note_sign_in(viewer_for(account, None, clock.now()), account, way)


def forget(response: HttpResponse) -> HttpResponse:
    """Let the browser forget what it holds of us: pages, and cookies."""
    response.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return response


def go_on(request: HttpRequest, where: str, kept: Kept) -> HttpResponse:
    """Where somebody wanted to go; with what they had typed, if they had."""
    if kept:
        return render(request, "public/send_again.html", {"kept": kept, "next": where})
    return redirect(where)
