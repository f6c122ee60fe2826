"""A provider's token counts only as it was signed: by the published key, for us, from that provider, and for now."""

from __future__ import annotations

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from samsyn.people.providers import STAFF, Provider
from samsyn.public.id_tokens import WrongToken, read_token

PROVIDER = Provider("siths", "SITHS", "https://login.example.se", "samsyn", "secret", STAFF, ("loa3",))
OWN = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHERS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS: dict[str, Any] = {
    "keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OWN.public_key())) | {"kid": "now", "alg": "RS256"}]
}
IN_AN_HOUR = "in an hour"


def claims(**changed: Any) -> dict[str, Any]:
    """What the provider says of Bo, perhaps with something changed (None: left out)."""
    now = int(time.time())
    said = {"iss": PROVIDER.issuer, "aud": "samsyn", "sub": "bo", "iat": now, "exp": now + 60, "nonce": "n"} | changed
    told = {name: now + 3600 if value == IN_AN_HOUR else value for name, value in said.items()}
    return {name: value for name, value in told.items() if value is not None}


def signed(said: dict[str, Any], key: Any = OWN, algorithm: str = "RS256", kid: str = "now") -> str:
    """A token of these claims."""
    return jwt.encode(said, key, algorithm=algorithm, headers={"kid": kid})


def with_a_shared_secret() -> str:
    """A token whose mark is made with what everybody knows: the provider's public key, taken for a secret."""
    how = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps({"alg": "HS256", "kid": "now"}), json.dumps(claims())]
    said = b".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts)
    mark = hmac.digest(OWN.public_key().public_bytes(*how), said, "sha256")
    return b".".join((said, base64.urlsafe_b64encode(mark).rstrip(b"="))).decode()


def read(token: str) -> dict[str, Any]:
    """What the house reads out of it."""
    return read_token(token, PROVIDER, KEYS, ("sub", "exp", "nonce"))


def test_what_the_provider_has_signed_for_us_and_now_is_read() -> None:
    assert read(signed(claims()))["sub"] == "bo"
    assert read(signed(claims(aud=["samsyn", "another"], azp="samsyn")))["sub"] == "bo"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://login.example.org"},
        {"aud": "another"},
        {"aud": ["samsyn", "another"]},
        {"exp": 1},
        {"iat": IN_AN_HOUR},
        {"nbf": IN_AN_HOUR},
        *({name: None} for name in ("iss", "aud", "iat", "exp", "sub", "nonce")),
    ],
    ids=str,
)
def test_a_token_of_another_for_another_or_of_another_hour_is_not_read(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongToken):
        read(signed(claims(**wrong)))


def test_a_token_that_the_providers_key_has_not_signed_is_not_read() -> None:
    head, _, mark = signed(claims()).split(".")
    body = signed(claims(sub="kurt")).split(".")[1]
    for token in (
        signed(claims(), ANOTHERS),
        signed(claims(), kid="old"),
        with_a_shared_secret(),
        jwt.encode(claims(), "", algorithm="none", headers={"kid": "now"}),
        f"{head}.{body}.{mark}",
    ):
        with pytest.raises(WrongToken):
            read(token)
