"""A Merkle tree after RFC 6962, section 2.1, with SHA-256. Pure: bytes in, bytes out.

A leaf is a hash of its own, told apart from an inner node by its first byte. The tree of *n* leaves splits at the
largest power of two below *n*; ``Peaks`` keeps only the roots of its whole subtrees, which is enough to grow on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

DIGEST_BYTES = 32
EMPTY = sha256(b"").digest()
Subtree = Callable[[int, int], bytes]
"""Gives the root over the leaves from the first index up to, not with, the second."""


def leaf_hash(content: bytes) -> bytes:
    """The leaf that holds ``content``."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Peaks:
    """A tree that grows: how many leaves it has, and the roots of its whole subtrees, largest first."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Grow by one leaf."""
        self.size = size = self.size + 1
        here, hashes = leaf, self.hashes
        while not size & 1:
            here = sha256(
                b"\x01" + hashes.pop() + here
            ).digest()  # node_hash, without a call: a million leaves pass here
            size >>= 1
        hashes.append(here)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self.hashes:
            return EMPTY
        *others, above = self.hashes
        for left in reversed(others):
            above = node_hash(left, above)
        return above

    def packed(self) -> bytes:
        """The hashes in one row of bytes, for the store."""
        return b"".join(self.hashes)

    def spans(self) -> dict[tuple[int, int], bytes]:
        """Each whole subtree by the leaves that it is over."""
        found, start = {}, 0
        for one in self.hashes:
            width = 1 << ((self.size - start).bit_length() - 1)
            found[start, start + width] = one
            start += width
        return found


def unpacked(size: int, packed: bytes) -> Peaks:
    """What ``Peaks.packed`` gave. Raises ValueError when a tree of ``size`` has not so many whole subtrees."""
    hashes = in_digests(packed)
    if len(hashes) != size.bit_count():
        raise ValueError("The tree's size and its hashes do not belong together.")
    return Peaks(size, hashes)


def in_digests(packed: bytes) -> list[bytes]:
    """A row of bytes as the digests in it, the last one shorter where it has been cut."""
    return [packed[start : start + DIGEST_BYTES] for start in range(0, len(packed), DIGEST_BYTES)]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    peaks = Peaks()
    for leaf in leaves:
        peaks.add(leaf)
    return peaks.root()


def _split(size: int) -> int:
    """The largest power of two that is smaller than ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """What shows that the leaf at ``index`` is in the tree of ``size``, nearest first.

    Raises IndexError when it has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"A tree of {size} leaves has no leaf {index}.")
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        proof.append(subtree(middle, end) if index < middle else subtree(start, middle))
        start, end = (start, middle) if index < middle else (middle, end)
    return proof[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """What shows that the tree of ``new`` leaves begins with the tree of ``old`` leaves; nothing when that is plain.

    Raises ValueError when ``new`` is smaller than ``old``.
    """
    if not 0 <= old <= new:
        raise ValueError("A tree does not shrink.")
    if old in (0, new):
        return []
    proof, start, end, whole = [], 0, new, True
    while old - start != end - start:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(subtree(start, end))
    return proof[::-1]


def growth_proof(before: Peaks, added: Sequence[bytes]) -> list[bytes]:
    """The consistency proof of a tree that has grown by ``added``, from its peaks before; no older leaf is read."""
    known = before.spans()

    def subtree(start: int, end: int) -> bytes:
        whole = known.get((start, end))
        return root_of(added[start - before.size : end - before.size]) if whole is None else whole

    return consistency_proof(before.size, before.size + len(added), subtree)


def shows_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does the proof show that ``leaf`` stands at ``index`` in the tree of ``size`` with this root?"""
    if not 0 <= index < size:
        return False
    here, last, above = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if here % 2 or here == last:
            above = node_hash(one, above)
            while here and here % 2 == 0:
                here, last = here // 2, last // 2
        else:
            above = node_hash(above, one)
        here, last = here // 2, last // 2
    return last == 0 and above == root


def shows_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does the proof show that the tree of ``new`` leaves begins with the tree of ``old`` leaves?"""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and old_root == (new_root if old else EMPTY)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    here, last = old - 1, new - 1
    while here % 2:
        here, last = here // 2, last // 2
    if not path:
        return False
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if here % 2 or here == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while here and here % 2 == 0:
                here, last = here // 2, last // 2
        else:
            second = node_hash(second, one)
        here, last = here // 2, last // 2
    return last == 0 and first == old_root and second == new_root
