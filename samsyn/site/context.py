"""What every page is given: who is signed in as what, and whether nobody here is real."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from samsyn.public.sign_ins import idle_facts


def every_page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the languages to choose from, the demo banner, and the name of the view (for the navigation)."""
    match = request.resolver_match
    signed_in = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "viewer": getattr(request, "viewer", None),
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "idle": idle_facts(request) if signed_in else None,
        "here": match.view_name if match else "",
    }
