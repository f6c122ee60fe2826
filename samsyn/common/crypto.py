"""Fields that the store must not be able to read, exact search in them, and commitments to content.

Three things, each with keys of their own, derived by HKDF-SHA256 from one master key of the ring:

- ``seal``/``unseal``: AES-256-GCM. A sealed value is bound to its place (table, column and row), so that a ciphertext
  moved to another row or column does not open there.
- ``blind_index``: HMAC-SHA256 of a value, so that equal values can be found without being readable.
- ``commitment``: HMAC-SHA256 of content, so that a trail row can be shown to be unchanged.

A sealed value is ``version (1 byte) | length of key id (1 byte) | key id | nonce (12 bytes) | ciphertext and tag``. The
nonce is random: a master key is good for 2**32 values, then a new one is made current.

**Changing the key.** Add the new key to the ring and make it current. Sealed values name their key, so old ones still
open; ``needs_resealing`` finds them. What is sealed about a person is sealed with a data key of the person's own, which
lies wrapped by the ring: only that is wrapped anew (``wrapped_anew``), and once it is destroyed nothing sealed with it
opens, whoever holds the ring. A blind index names no key: look for every one of ``blind_indexes`` (the current first)
until the rows have been indexed anew. A key that trail rows depend on stays in the ring as long as they do.

The pure functions take a ``ring``; without one they use the ring of Django's settings, ``SAMSYN_FIELD_KEYS`` (key id →
32 bytes) and ``SAMSYN_FIELD_KEY_CURRENT`` (a key id).
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


class CannotUnseal(Exception):
    """The value does not open: damaged, moved from its place, or sealed with a key that the ring lacks.

    Says why in words, never with a key, a value or a piece of one.
    """


class KeyIsGone(CannotUnseal):
    """The data key that the value was sealed with is not here: it was destroyed by weeding, or not put back yet."""


class UnusableKeys(ValueError):
    """The keys are not as ``KeyRing`` asks. Raised before anything is sealed with them."""


class KeyRing:
    """The master keys: ``keys`` (key id → 32 random bytes) and ``current``, the id that new values are sealed with.

    A key id is 1 to 64 letters, digits, ``-`` or ``_``. Raises UnusableKeys, with a sentence that tells which.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise UnusableKeys("A key id is 1 to 64 letters, digits, - or _.")
            if len(key) != KEY_BYTES:
                raise UnusableKeys(f"The key {key_id!r} must be exactly {KEY_BYTES} bytes.")
        if len(set(keys.values())) != len(keys):
            raise UnusableKeys("Two key ids hold the same key: changing from one to the other would change nothing.")
        if current not in keys:
            raise UnusableKeys("The current key is not among the keys.")
        self._keys = dict(keys)
        self._derived: dict[tuple[str, str], bytes] = {}
        self.current = current

    def __repr__(self) -> str:
        return f"<KeyRing of {len(self._keys)}, current {self.current!r}>"

    def __contains__(self, key_id: object) -> bool:
        return key_id in self._keys

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every key id, the current one first."""
        return (self.current, *(key_id for key_id in self._keys if key_id != self.current))

    def derived(self, key_id: str, use: str) -> bytes:
        """The 32-byte key for one use (HKDF-SHA256), so that no two uses share a key. KeyError for an unknown id."""
        known = self._derived.get((key_id, use))
        if known is None:
            information = f"samsyn|{VERSION}|{use}".encode()
            known = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=information).derive(self._keys[key_id])
            self._derived[key_id, use] = known
        return known


@lru_cache(maxsize=8)
def _ring_of(keys: tuple[tuple[str, bytes], ...], current: str) -> KeyRing:
    return KeyRing(dict(keys), current)


def ring_from_settings() -> KeyRing:
    """The ring of Django's settings, read when it is asked for. Raises UnusableKeys when they are missing or unfit."""
    from django.conf import settings

    keys: Mapping[str, bytes] | None = getattr(settings, "SAMSYN_FIELD_KEYS", None)
    current: str | None = getattr(settings, "SAMSYN_FIELD_KEY_CURRENT", None)
    if not keys or not current:
        raise UnusableKeys("SAMSYN_FIELD_KEYS and SAMSYN_FIELD_KEY_CURRENT must be set before anything can be sealed.")
    return _ring_of(tuple(keys.items()), current)


def _header(key_id: str) -> bytes:
    written = key_id.encode("ascii")
    return bytes((VERSION, len(written))) + written


def _bound_to(header: bytes, place: str) -> bytes:
    # The header is bound too: nobody can make a value point to another key or version.
    return b"samsyn field|" + header + b"|" + place.encode()


def seal(plaintext: str, *, place: str, ring: KeyRing | None = None) -> bytes:
    """Encrypt ``plaintext`` so that it opens at ``place`` only.

    ``place`` is written by the caller as ``"table|column|row reference"``; ValueError when it is empty. What comes
    out is 30 bytes and the key id longer than the text in UTF-8.
    """
    if not place:
        raise ValueError("A sealed value belongs to a place: table, column and row.")
    ring = ring or ring_from_settings()
    header = _header(ring.current)
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(ring.derived(ring.current, "seal"))
    return header + nonce + cipher.encrypt(nonce, plaintext.encode(), _bound_to(header, place))


def _key_id_of(token: bytes) -> tuple[str, int]:
    """Key id of a sealed value and where its header ends. Raises CannotUnseal when there is no whole header."""
    if len(token) < 2:
        raise CannotUnseal("The sealed value is cut off.")
    if token[0] != VERSION:
        raise CannotUnseal("The sealed value is of a version that this program does not know.")
    end = 2 + token[1]
    if len(token) < end + NONCE_BYTES + TAG_BYTES:
        raise CannotUnseal("The sealed value is cut off.")
    try:
        return token[2:end].decode("ascii"), end
    except UnicodeDecodeError:
        pass
    raise CannotUnseal("The sealed value is damaged.")


def unseal(token: bytes, *, place: str, ring: KeyRing | None = None) -> str:
    """The text that was sealed at ``place``. Raises CannotUnseal."""
    ring = ring or ring_from_settings()
    token = bytes(token)  # a database may hand over a memoryview
    key_id, end = _key_id_of(token)
    if key_id not in ring:
        raise CannotUnseal("The sealed value needs a key that is not among the keys any more.")
    nonce = token[end : end + NONCE_BYTES]
    try:
        content = AESGCM(ring.derived(key_id, "seal")).decrypt(
            nonce, token[end + NONCE_BYTES :], _bound_to(token[:end], place)
        )
    except InvalidTag:
        pass
    else:
        return content.decode()
    raise CannotUnseal("The sealed value is damaged, or it was sealed for another place.")


def sealed_with(token: bytes) -> str:
    """Id of the key that a value was sealed with. Raises CannotUnseal when it is no sealed value."""
    return _key_id_of(bytes(token))[0]


def needs_resealing(token: bytes, *, ring: KeyRing | None = None) -> bool:
    """Was it sealed with another key than the current one? Raises CannotUnseal when it is no sealed value."""
    ring = ring or ring_from_settings()
    return sealed_with(token) != ring.current


def wrapped_key(*, place: str, ring: KeyRing | None = None) -> bytes:
    """A new random data key of 32 bytes, sealed with the ring for ``place`` alone."""
    return seal(secrets.token_hex(KEY_BYTES), place=place, ring=ring)


def unwrapped(wrapped: bytes, *, place: str, name: str, ring: KeyRing | None = None) -> KeyRing:
    """The data key that lies in ``wrapped``, as a ring of that one key under the id ``name``. Raises CannotUnseal."""
    return KeyRing({name: bytes.fromhex(unseal(wrapped, place=place, ring=ring))}, name)


def wrapped_anew(wrapped: bytes, *, place: str, ring: KeyRing | None = None) -> bytes:
    """The same data key, sealed with the current key of the ring. Raises CannotUnseal."""
    return seal(unseal(wrapped, place=place, ring=ring), place=place, ring=ring)


def _keyed(ring: KeyRing, key_id: str, use: str, content: bytes) -> bytes:
    return hmac.new(ring.derived(key_id, use), content, sha256).digest()


def _use(kind: str, purpose: str) -> str:
    if not purpose:
        raise ValueError("Say what it is for: equal values must not be comparable across purposes.")
    return f"{kind}|{purpose}"


def blind_index(value: str, *, purpose: str, ring: KeyRing | None = None) -> bytes:
    """32 bytes that are the same for the same ``value``, ``purpose`` and current key, and tell nothing else."""
    ring = ring or ring_from_settings()
    return _keyed(ring, ring.current, _use("index", purpose), value.encode())


def blind_indexes(value: str, *, purpose: str, ring: KeyRing | None = None) -> tuple[bytes, ...]:
    """The index of ``value`` under every key of the ring, the current first: what a search looks for."""
    ring = ring or ring_from_settings()
    use = _use("index", purpose)
    return tuple(_keyed(ring, key_id, use, value.encode()) for key_id in ring.key_ids)


def commitment(content: bytes, *, purpose: str, ring: KeyRing | None = None) -> bytes:
    """32 bytes that only this ``content`` gives, for whoever holds the key."""
    ring = ring or ring_from_settings()
    return _keyed(ring, ring.current, _use("commitment", purpose), content)


def commitment_holds(content: bytes, committed: bytes, *, purpose: str, ring: KeyRing | None = None) -> bool:
    """Is ``committed`` the commitment to this ``content``, under any key of the ring?"""
    ring = ring or ring_from_settings()
    use = _use("commitment", purpose)
    answers = [hmac.compare_digest(_keyed(ring, key_id, use, content), bytes(committed)) for key_id in ring.key_ids]
    return any(answers)


def commitments_hold(*, purpose: str, ring: KeyRing | None = None) -> Callable[[bytes, bytes], bool]:
    """As ``commitment_holds``, for a million contents of one purpose.

    Both halves of the HMAC (RFC 2104) are prepared once for each key, which more than halves the time.
    """
    ring = ring or ring_from_settings()
    use = _use("commitment", purpose)
    blocks = [ring.derived(key_id, use).ljust(sha256().block_size, b"\0") for key_id in ring.key_ids]
    halves = [(sha256(bytes(one ^ 0x36 for one in key)), sha256(bytes(one ^ 0x5C for one in key))) for key in blocks]

    def holds(content: bytes, committed: bytes) -> bool:
        for prepared_inner, prepared_outer in halves:
            inner, outer = prepared_inner.copy(), prepared_outer.copy()
            inner.update(content)
            outer.update(inner.digest())
            if outer.digest() == committed:  # both are in the reader's hands: there is no time to spy on
                return True
        return False

    return holds
