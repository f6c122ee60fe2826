"""Reviews, as Django knows them."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Reviews of who has looked."""

    name = "samsyn.reviews"
    default_auto_field = "django.db.models.BigAutoField"
