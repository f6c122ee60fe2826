"""A request's way through the house: one transaction, one capacity, one language, one row in the trail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from samsyn.common import clock, reading, second_lock
from samsyn.common.guards import must_be_recent
from samsyn.common.viewer import CAPACITY, Viewer
from samsyn.desk import outside
from samsyn.organisations.presence import viewer_for
from samsyn.people import sessions
from samsyn.people.models import Person
from samsyn.people.providers import FAMILY
from samsyn.public.sign_in import session_ended
from samsyn.public.sign_in_again import ask_again
from samsyn.trail import actions as trail

Next = Callable[[HttpRequest], HttpResponse]

# PostgreSQL has each part of a union in parentheses.
ONLY_READS = re.compile(r"[\s(]*(?:SELECT|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA)\b", re.IGNORECASE)
READS_WITH_NAMES = re.compile(r"\s*WITH\b(?!.*\b(?:INSERT|UPDATE|DELETE|MERGE)\b)", re.IGNORECASE | re.DOTALL)
WRITES_TO = re.compile(r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+[`"]?(\w+)', re.IGNORECASE)
WRITABLE_WHILE_READING = ("people_signin", "socialaccount_", "samsyn_cache", "axes_", "trail_")
NOBODY_YET = Viewer()  # never the house itself, which may change the organisation
ASKS_BY_ITSELF = "/sign-ins/left/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

SHOWN_WITH_A_SENTENCE = (409, 422)


class ReadingWrote(RuntimeError):
    """A GET tried to write. Acting is a POST."""


def _reading_guard(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not ONLY_READS.match(sql) and not READS_WITH_NAMES.match(sql):
        found = WRITES_TO.match(sql)
        if found is None or not found.group(1).startswith(WRITABLE_WHILE_READING):
            raise ReadingWrote(f"A GET wrote to {found.group(1)}." if found else "A GET did more than read.")
    return execute(sql, params, many, context)


class OneTransaction:
    """Runs and renders the view, writes the trail, and commits before the response leaves.

    A GET cannot write, except sessions and the trail. What a view refuses is rolled back, and the refusal gets a row
    of its own. When the trail cannot be written, nothing is shown.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading.gather() as gathered:
            if request.method not in SAFE:
                response = self._act(request, gathered)
                if outside.was_asked(request):
                    response = self._act(request, gathered)
            elif connection.vendor == "sqlite":
                response = self._look(request)
                with transaction.atomic():
                    self._write_trail(request, response, gathered)
            else:
                with second_lock.reading():
                    response = self._look(request)
                    self._write_trail(request, response, gathered)
        return response

    def _look(self, request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(_reading_guard):
            return self.get_response(request)

    def _act(self, request: HttpRequest, gathered: reading.Reading) -> HttpResponse:
        with second_lock.reading():
            response = self.get_response(request)
            refused = getattr(request, "refused", None)
            if refused is not None or response.status_code >= 500:
                transaction.set_rollback(True)
            else:
                self._write_trail(request, response, gathered)
        if refused is not None:
            with second_lock.reading():
                _tell_database(_viewer(request))
                trail.refuse(_viewer(request), _page(request), refused.reason)
                self._write_trail(request, response, gathered)
        return response

    def _write_trail(self, request: HttpRequest, response: HttpResponse, gathered: reading.Reading) -> None:
        if gathered.subjects and (response.status_code < 300 or response.status_code in SHOWN_WITH_A_SENTENCE):
            _name_children(gathered)
            trail.read(_viewer(request), _page(request), gathered)


def _name_children(gathered: reading.Reading) -> None:
    """Give every child whose rows were shown its reference, also where the page fetched the rows without the child."""
    unnamed = set(gathered.subjects.values()) - set(gathered.children)
    if unnamed and second_lock.holds():
        gathered.children.update(second_lock.references(unnamed))
    elif unnamed:
        gathered.children.update(Person.objects.filter(pk__in=unnamed).values_list("pk", "ref"))


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = getattr(request, "viewer", NOBODY_YET)
    return viewer


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else "unknown"


class StillHere:
    """A page that somebody opens moves the end of their session onwards; a page that asks by itself does not."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.path != ASKS_BY_ITSELF:
            sessions.touch(request.session)
        return self.get_response(request)


class OneCapacity:
    """Gives each request its viewer: the account in the capacity that it chose and still has. Read anew every time.

    Who has signed in as a citizen acts for the own family, whatever posts they hold; who did so at work does not.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        if account.is_authenticated:
            door = request.session[sessions.SIGNED_IN]["door"]
            acts = request.method not in SAFE
            _account, chosen = _claimed(request)
            viewer = viewer_for(account, chosen, clock.now(), in_request=True)
            viewer = replace(viewer, vouched_for=door, acts=acts)
            if viewer.post is not None and request.session.get(CAPACITY) != viewer.post:
                request.session[CAPACITY] = viewer.post
        else:
            viewer = NOBODY_YET
        request.viewer = viewer  # type: ignore[attr-defined]  # the house's own attribute
        if (viewer.account, viewer.post) != _claimed(request):
            _tell_database(viewer)
        return self.get_response(request)


class WhoseSession:
    """Tells the database whose session it is, before the account itself is read: even that is behind the lock.

    And in which post: whether it is that account's is for the database itself to judge.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if second_lock.holds():
            second_lock.tell(*_claimed(request))
        return self.get_response(request)


def _claimed(request: HttpRequest) -> tuple[int, int | None]:
    """The account and the post that the session says. Nothing is believed of it that is not found out anew."""
    door = request.session.get(sessions.SIGNED_IN, {}).get("door")
    return int(request.session.get(SESSION_KEY, 0)), None if door == FAMILY else request.session.get(CAPACITY)


def _tell_database(viewer: Viewer) -> None:
    second_lock.tell(viewer.account, viewer.post)


class SignInFirst(LoginRequiredMiddleware):
    """Every address is for those who are signed in, unless its view says otherwise (``login_not_required``).

    A GET is sent to the sign-in page. A POST gets that page at once, with everything that was typed kept in it.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> Any:
        if request.method == "POST":
            return session_ended(request)
        return super().handle_no_permission(request, view_func)


class ProvedRecently:
    """Asks who somebody is once more, where a view says so (``recently_signed_in``) and the last time is long ago."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The page that asks, instead of the view."""
        if not request.user.is_authenticated or not must_be_recent(view, request.method or ""):
            return None
        return None if sessions.proved_recently(request.session) else ask_again(request)


class OwnLanguage:
    """The reader's language: the one chosen here, else the account's, else Swedish."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen not in self.known:
            chosen = getattr(request.user, "language", "") or settings.LANGUAGE_CODE
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers["Content-Language"] = language
        return response


class NothingStays:
    """No page is kept by a browser or a proxy, and no other site is told where somebody came from."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
