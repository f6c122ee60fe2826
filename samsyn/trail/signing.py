"""The keys that roots are signed with (Ed25519): one for each principal and key id, derived from ``SAMSYN_SEAL_KEYS``.

The newest key signs. An older one stays among the keys as long as roots that it signed are to be checked. The public
keys of partners in other installations stand in ``SAMSYN_PARTNER_SEAL_KEYS``.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from samsyn.common.crypto import KeyRing, UnusableKeys
from samsyn.trail.rules import RootFacts, root_text


def seal_ring() -> KeyRing:
    """The keys of this installation. Raises UnusableKeys when there are none."""
    if not settings.SAMSYN_SEAL_KEYS:
        raise UnusableKeys("SAMSYN_SEAL_KEYS must be set before the trail can be sealed.")
    return _ring_of(tuple(settings.SAMSYN_SEAL_KEYS.items()), settings.SAMSYN_SEAL_KEY_CURRENT)


@lru_cache(maxsize=8)
def _ring_of(keys: tuple[tuple[str, bytes], ...], current: str) -> KeyRing:
    return KeyRing(dict(keys), current)


@lru_cache(maxsize=256)
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=256)
def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(key)


def _signing_key(ring: KeyRing, key_id: str, principal_ref: UUID) -> Ed25519PrivateKey:
    return _private(ring.derived(key_id, f"root|{principal_ref}"))


def sign(principal_ref: UUID, text: bytes) -> tuple[str, bytes]:
    """The id of the newest key, and the signature of ``text`` by it."""
    ring = seal_ring()
    return ring.current, _signing_key(ring, ring.current, principal_ref).sign(text)


def public_key(principal_ref: UUID, key_id: str) -> bytes | None:
    """The 32 bytes that a principal's root is checked with: a partner's, else our own; None for an unknown key."""
    partner: bytes | None = settings.SAMSYN_PARTNER_SEAL_KEYS.get(f"{principal_ref}/{key_id}")
    if partner is not None:
        return partner
    ring = seal_ring()
    return _signing_key(ring, key_id, principal_ref).public_key().public_bytes_raw() if key_id in ring else None


def is_signed(root: RootFacts) -> bool:
    """Is the root signed by a key that is known to be its principal's?"""
    key = public_key(root.principal_ref, root.key_id)
    if key is None:
        return False
    try:
        _public(key).verify(root.signature, root_text(root.principal_ref, root.size, root.digest, root.at))
    except InvalidSignature:
        return False
    return True
