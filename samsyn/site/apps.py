"""The site, as Django knows it: checks that stop a start that would not be safe."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Settings, addresses, middleware, commands and the village."""

    name = "samsyn.site"
    label = "samsyn_site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of start-up."""
        from samsyn.site import checks  # noqa: F401  # registering is what the import is for
        from samsyn.site.second_lock import checks as second_lock_checks  # noqa: F401  # as above
