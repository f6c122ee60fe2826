"""What every page is given: who is signed in as what, and whether nobody here is real."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy

from samsyn.organisations.partnerships import named_person_word
from samsyn.public.sign_ins import idle_facts

_named_person = lazy(named_person_word, str)


def every_page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, its partnership's word for a named person, the languages to choose from, the demo banner, and the
    name of the view (for the navigation).
    """
    viewer = getattr(request, "viewer", None)
    match = request.resolver_match
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "viewer": viewer,
        # Asked of the database where it stands on the page, and nowhere else.
        "named_person": _named_person(viewer.authority if viewer else None),
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "idle": idle_facts(request) if signed_in else None,
        "here": match.view_name if match else "",
    }
