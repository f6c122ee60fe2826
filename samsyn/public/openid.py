"""OpenID Connect as the house speaks it: allauth carries the protocol, and the house decides who is let in.

The answer must come from the provider that was asked (issuer, audience, key), to this browser (state), for this
question (nonce, PKCE), and be sure enough (acr). An account is found by provider and subject, and by nothing else.
"""

from __future__ import annotations

import time
from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string

from samsyn.people.providers import Provider, named
from samsyn.public.coming_back import come_in, failed
from samsyn.public.id_tokens import WrongToken, check_answer, read_token

SECONDS_TO_ANSWER = 5
NEEDED = ("sub", "exp", "nonce")


class HouseOAuth2Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # the package has no types
    """Reads the provider's answer: its signed token, and nothing that anybody else may have written."""

    @property
    def openid_config(self) -> Any:
        """Where the provider answers; refused when it calls itself something else than we do."""
        found = super().openid_config
        if found.get("issuer") != self.house_provider.issuer:
            raise OAuth2Error("the provider calls itself something else")
        return found

    @property
    def house_provider(self) -> Provider:
        """The provider as the settings tell of it."""
        found = named(settings.SAMSYN_PROVIDERS, self.provider_id)
        if found is None:
            raise SocialApp.DoesNotExist
        return found

    def keys(self) -> dict[str, Any]:
        """The keys that the provider signs with."""
        return fetched(self.openid_config["jwks_uri"])

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Where the provider sends the browser back to."""
        return request.build_absolute_uri(reverse("public:provider_back", kwargs={"word": self.provider_id}))

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Who the provider says it is. What the provider tells besides is not asked for, and not kept."""
        try:
            claims = read_token(kwargs["response"].get("id_token") or "", self.house_provider, self.keys(), NEEDED)
        except WrongToken as wrong:
            raise OAuth2Error(str(wrong)) from wrong
        known = SocialAccount(provider=self.provider_id, uid=claims["sub"], extra_data={})
        found = SocialLogin(account=known, provider=self.get_provider())
        found.claims = claims
        return found


def fetched(address: str) -> dict[str, Any]:
    """What stands at an address of the provider, as JSON."""
    with HouseAdapter().get_requests_session() as session:
        answer = session.get(address)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
    return found


class HouseAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the package has no types
    """What allauth asks the house: which providers there are, and what becomes of somebody who comes back from one."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The providers of the settings; none is kept in the database."""
        return [
            SocialApp(
                provider="house",
                provider_id=one.word,
                name=one.name,
                client_id=one.client_id,
                secret=one.client_secret,
                settings={"server_url": one.issuer, "oauth_pkce_enabled": True, "scope": ["openid"]},
            )
            for one in settings.SAMSYN_PROVIDERS
            if provider in (None, one.word)
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """No account is made by somebody who comes by."""
        return False

    def get_requests_session(self) -> requests.Session:
        """How a provider is spoken to: it answers soon, and where it was asked."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        # The village's own provider is this machine, whatever proxy the machine uses towards others.
        session.trust_env = not settings.SAMSYN_LOCAL_PROVIDER
        return session

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """The provider said no, or said nothing that holds: our own page, without the reason."""
        raise ImmediateHttpResponse(failed(request, kwargs.get("error"), kwargs.get("exception")))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let in whoever is known, when the answer is the one that was asked for; nobody else."""
        state = sociallogin.state
        provider = named(settings.SAMSYN_PROVIDERS, sociallogin.account.provider)
        assert provider is not None
        try:
            check_answer(sociallogin.claims, provider, state.get("nonce", ""), state.get("proved_after"))
        except WrongToken as wrong:
            raise OAuth2Error(str(wrong)) from wrong
        raise ImmediateHttpResponse(come_in(request, provider, sociallogin.user, sociallogin.claims, state))


def send_to(
    request: HttpRequest, provider: Provider, after: str, kept: str = "", *, again: bool = False
) -> HttpResponse:
    """Send the browser to the provider. ``kept``: what was typed, sealed; ``again``: ask even who was asked already."""
    house = HouseAdapter(request).get_provider(request, provider.word)
    nonce = get_random_string(32)
    asked = {"nonce": nonce, "acr_values": " ".join(provider.levels)}
    if again:
        asked |= {"prompt": "login", "max_age": "0"}
    state: dict[str, Any] = {"nonce": nonce, "kept": kept}
    if again:
        state |= {"proved_after": int(time.time()), "again": request.user.pk}
    try:
        answer: HttpResponse = house.redirect(request, AuthProcess.LOGIN, next_url=after, auth_params=asked, **state)
    except requests.RequestException as silence:
        return failed(request, exception=silence)
    return answer
