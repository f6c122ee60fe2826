"""The house's kind of provider, where allauth looks for kinds: OpenID Connect with PKCE, and nothing but a subject."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from samsyn.public.openid import HouseOAuth2Adapter

KIND = "house"


class HouseProvider(OpenIDConnectProvider):  # type: ignore[misc]  # the package has no types
    """Asks for a subject only: no name, no address. What a browser adds to the address changes nothing of it."""

    id = KIND
    oauth2_adapter_class = HouseOAuth2Adapter
    pkce_enabled_default = True

    def get_default_scope(self) -> list[str]:
        """Who somebody is, and nothing about them."""
        return ["openid"]


provider_classes = [HouseProvider]
