"""What every page is given: who is signed in as what, and whether nobody here is real."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def every_page(request: HttpRequest) -> dict[str, Any]:
    """The viewer, the languages to choose from, the demo banner, and the name of the view (for the navigation)."""
    match = request.resolver_match
    return {
        "viewer": getattr(request, "viewer", None),
        "languages": settings.LANGUAGES,
        "demo": settings.DEMO,
        "here": match.view_name if match else "",
    }
