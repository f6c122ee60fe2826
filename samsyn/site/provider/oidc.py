"""What the village's provider says of a villager: the subject, the level, and when they last signed in to it."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.contrib.auth import get_user_model

from samsyn.site.village_clients import LEVELS, subject_of


class VillageAdapter(DefaultOIDCAdapter):  # type: ignore[misc]  # the package has no types
    """No name, no address: a subject and how sure it is."""

    def get_user_sub(self, client: Any, user: Any) -> str:
        """The villager's subject."""
        return subject_of(user.username)

    def get_user_by_sub(self, client: Any, sub: str) -> Any:
        """The villager whom a code was given to."""
        return next((one for one in get_user_model().objects.all() if self.get_user_sub(client, one) == sub), None)

    def get_claims(self, purpose: Any, user: Any, client: Any, scopes: Any, email: Any = None, **kwargs: Any) -> Any:
        """The level of assurance that the client is for, and when the villager was last asked who they are."""
        claims: dict[str, Any] = {"sub": self.get_user_sub(client, user)}
        if purpose == "id_token":
            claims |= {"acr": LEVELS[client.id], "auth_time": int(user.last_login.timestamp())}
        return claims
