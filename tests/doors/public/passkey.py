"""A passkey of software: what a telephone does when it is asked to show whose it is."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from samsyn.people.models import Account

HOST, ORIGIN = "testserver", "https://testserver"
FLAG = AuthenticatorData.FLAG


def text(raw: bytes) -> str:
    """Bytes as a browser writes them in JSON."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Key:
    """A key pair that knows whose it is."""

    handle: bytes
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    secret: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @classmethod
    def of(cls, account: Account) -> Key:
        """A key that the account has added already."""
        key = cls(user_pk_to_url_str(account).encode())
        data = {"ref": str(uuid4()), "name": "Telefon", "credential": key.made(b"any")}
        Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data)
        return key

    def made(self, challenge: bytes, origin: str = ORIGIN) -> dict[str, Any]:
        """What the browser says when the key is made."""
        public = ES256.from_cryptography_key(self.secret.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(bytes(16), self.name, public)
        hashed = hashlib.sha256(HOST.encode()).digest()
        facts = AuthenticatorData.create(hashed, FLAG.UP | FLAG.UV | FLAG.AT, 0, credential)
        response = {
            "clientDataJSON": text(self._client("webauthn.create", challenge, origin)),
            "attestationObject": text(bytes(AttestationObject.create("none", facts, {}))),
        }
        return self._told(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def shown(self, challenge: bytes, origin: str = ORIGIN, flags: int = FLAG.UP | FLAG.UV) -> dict[str, Any]:
        """What the browser says when the key is used."""
        client = self._client("webauthn.get", challenge, origin)
        facts = AuthenticatorData.create(hashlib.sha256(HOST.encode()).digest(), FLAG(flags), 1)
        signature = self.secret.sign(bytes(facts) + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        response = {
            "clientDataJSON": text(client),
            "authenticatorData": text(bytes(facts)),
            "signature": text(signature),
            "userHandle": text(self.handle),
        }
        return self._told(response)

    def _told(self, response: dict[str, str]) -> dict[str, Any]:
        name = text(self.name)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _client(self, kind: str, challenge: bytes, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": text(challenge), "origin": origin}).encode()

    def signs_in(self, client: Client, **shown: Any) -> bool:
        """Does the house let the owner of the key in?"""
        sent = client.post("/passkeys/use/", {"credential": json.dumps(self.shown(asked(client), **shown))})
        return sent.status_code == 302


def asked(client: Client, address: str = "/passkeys/options/") -> bytes:
    """The house's question."""
    challenge = client.get(address).json()["publicKey"]["challenge"]
    return base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))
