"""What the village's provider and the house agree on: two clients, their secrets, and the villagers' subjects."""

from __future__ import annotations

import hmac
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from samsyn.people.providers import FAMILY, STAFF, Provider

STAFF_WORD, FAMILY_WORD = "village-staff", "village-family"
LEVELS = {STAFF_WORD: "http://id.sambi.se/loa/loa3", FAMILY_WORD: "http://id.elegnamnden.se/loa/1.0/loa3"}
"""Client → the level of assurance that the provider answers with."""


def secret_of(client_id: str, house_secret: str) -> str:
    """The secret that a client shares with the provider; both derive it from the secret of the house."""
    return hmac.new(house_secret.encode(), f"village provider|{client_id}".encode(), sha256).hexdigest()


def subject_of(villager: str) -> str:
    """The subject that the provider knows a villager by. Tells nothing of the name."""
    return str(uuid5(NAMESPACE_URL, f"village:{villager}"))


def local_providers(issuer: str, house_secret: str) -> tuple[Provider, ...]:
    """The village's provider as the house reads any other: once for staff, once for families."""
    clients = ((STAFF_WORD, "Lillköpings tjänstekort", STAFF), (FAMILY_WORD, "Lillköpings e-legitimation", FAMILY))
    return tuple(
        Provider(word, name, issuer.rstrip("/"), word, secret_of(word, house_secret), opens, (LEVELS[word],))
        for word, name, opens in clients
    )
