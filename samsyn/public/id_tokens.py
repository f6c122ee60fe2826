"""Tokens that an OpenID provider signs: is this one from it, for us, of now, and about what we asked. Strict.

Time is the machine's own here: a token's hours are those of the provider.
"""

from __future__ import annotations

from typing import Any

import jwt

from samsyn.people.providers import Provider

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has; never a shared secret, and never none."""
LEEWAY = 30
"""Seconds that two clocks may differ."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class WrongToken(Exception):
    """The token is not what was asked for. The sentence is for the log of the operator; it holds nothing of anybody."""


def read_token(token: str, provider: Provider, keys: dict[str, Any], needed: tuple[str, ...]) -> dict[str, Any]:
    """The claims of a token that the provider signed for us and that holds now. Raises WrongToken.

    ``keys``: the provider's published keys (JWKS). ``needed``: claims that must be there besides issuer and audience.
    """
    try:
        header = jwt.get_unverified_header(token)
        published = {key.key_id: key for key in jwt.PyJWKSet.from_dict(keys).keys if key.key_id}
        key = published.get(str(header.get("kid")))
        if key is None or header.get("alg") not in ALGORITHMS:
            raise WrongToken("signed with a key or in a way that the provider does not publish")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[header["alg"]],
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "aud", "iat", *needed]},
        )
    except (jwt.PyJWTError, TypeError, ValueError) as wrong:
        raise WrongToken(type(wrong).__name__) from wrong
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if len(others) > 1 and claims.get("azp") != provider.client_id:
        raise WrongToken("meant for somebody else")
    return claims


def check_answer(claims: dict[str, Any], provider: Provider, nonce: str, proved_after: float | None) -> None:
    """Is this the answer to what was asked: our nonce, a level that is enough, and a fresh proof. Raises WrongToken.

    ``proved_after``: the moment (seconds since 1970) after which the person must have shown who they are; None: any.
    """
    if not nonce or claims.get("nonce") != nonce:
        raise WrongToken("an answer to another question (nonce)")
    if claims.get("acr") not in provider.levels:
        raise WrongToken("not sure enough of who it is (acr)")
    at = claims.get("auth_time")
    if proved_after is not None and (not isinstance(at, int) or at < proved_after - LEEWAY):
        raise WrongToken("not asked again just now (auth_time)")


def check_logout(claims: dict[str, Any]) -> tuple[str, str]:
    """Whose sign-in has ended: subject and the provider's own session, one of them perhaps "". Raises WrongToken."""
    events = claims.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in claims:
        raise WrongToken("not about a sign-out")
    subject, outside = str(claims.get("sub") or ""), str(claims.get("sid") or "")
    if not subject and not outside:
        raise WrongToken("about nobody")
    return subject, outside
