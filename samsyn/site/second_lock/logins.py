"""As whom a process of ours signs in to the database: the web, the house, or the owner."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

WHO = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "DISABLE_SERVER_SIDE_CURSORS")


def sign_in_as(part: str) -> None:
    """Let this process, in every thread, sign in as "web", "house" or "owner" from now on."""
    chosen = settings.SAMSYN_SIGN_INS[part]
    connection.close()
    connection.settings_dict.update({name: chosen[name] for name in WHO if name in chosen})
