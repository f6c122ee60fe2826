"""The Merkle tree of RFC 6962: the published vectors, and every proof against the definition word for word."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.trail.merkle import (
    EMPTY,
    Peaks,
    consistency_proof,
    growth_proof,
    in_digests,
    inclusion_proof,
    leaf_hash,
    root_of,
    shows_consistency,
    shows_inclusion,
    unpacked,
)

# The leaves, roots and proofs that the reference implementation of Certificate Transparency is tested with.
CONTENTS = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def leaves(number: int) -> list[bytes]:
    """So many leaves, each another one."""
    return [leaf_hash(str(one).encode()) for one in range(number)]


def defined(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + defined(hashes[:k]) + defined(hashes[k:])).digest()


# --- the published vectors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert root_of(leaf_hash(one) for one in CONTENTS[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), list(INCLUSION))
def test_the_published_proofs_of_inclusion(index: int, size: int) -> None:
    hashes = [leaf_hash(one) for one in CONTENTS[:size]]
    proof = inclusion_proof(index, size, lambda start, end: root_of(hashes[start:end]))
    assert [one.hex() for one in proof] == INCLUSION[index, size]
    assert shows_inclusion(hashes[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new"), list(CONSISTENCY))
def test_the_published_proofs_of_consistency(old: int, new: int) -> None:
    hashes = [leaf_hash(one) for one in CONTENTS[:new]]
    proof = consistency_proof(old, new, lambda start, end: root_of(hashes[start:end]))
    assert [one.hex() for one in proof] == CONSISTENCY[old, new]
    assert shows_consistency(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), proof)


# --- what holds for every tree ---------------------------------------------------------------------------------------


@given(st.integers(0, 300))
def test_a_tree_that_grew_has_the_root_of_the_definition_and_comes_back_from_the_store(size: int) -> None:
    peaks = Peaks()
    for leaf in leaves(size):
        peaks.add(leaf)
    assert peaks.root() == defined(leaves(size))
    assert unpacked(size, peaks.packed()) == peaks


@given(st.integers(1, 130), st.data())
def test_every_leaf_is_shown_to_be_where_it_is_and_nowhere_else(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    proof = inclusion_proof(index, size, lambda start, end: root_of(hashes[start:end]))
    for place in range(size):
        assert shows_inclusion(hashes[index], place, size, proof, root_of(hashes)) == (place == index)
    if other != index:
        assert not shows_inclusion(hashes[other], index, size, proof, root_of(hashes))
    if proof:
        assert not shows_inclusion(hashes[index], index, size, proof[:-1], root_of(hashes))
    assert not shows_inclusion(hashes[index], index, size, [*proof, EMPTY], root_of(hashes))


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_tree_that_grew_is_shown_to_begin_as_it_was(old: int, added: int) -> None:
    hashes = leaves(old + added)
    before = Peaks()
    for leaf in hashes[:old]:
        before.add(leaf)
    proof = growth_proof(before, hashes[old:])
    assert proof == consistency_proof(old, old + added, lambda start, end: root_of(hashes[start:end]))
    assert shows_consistency(old, before.root(), old + added, root_of(hashes), proof)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_a_tree_with_another_beginning_is_never_shown_to_begin_as_it_was(
    old: int, added: int, data: st.DataObject
) -> None:
    hashes = leaves(old + added)
    changed = data.draw(st.integers(0, old - 1))
    other = [*hashes[:changed], leaf_hash(b"something else"), *hashes[changed + 1 :]]
    proof = consistency_proof(old, old + added, lambda start, end: root_of(other[start:end]))
    assert not shows_consistency(old, root_of(hashes[:old]), old + added, root_of(other), proof)
    straight = consistency_proof(old, old + added, lambda start, end: root_of(hashes[start:end]))
    assert not shows_consistency(old, root_of(hashes[:old]), old + added, root_of(other), straight)
    assert not shows_consistency(old, root_of(hashes[:old]), old + added, root_of(hashes), straight[:-1])
    assert not shows_consistency(old, root_of(hashes[:old]), old + added, root_of(hashes), [*straight, EMPTY])


def test_a_tree_does_not_shrink() -> None:
    hashes = leaves(5)
    assert not shows_consistency(5, root_of(hashes), 3, root_of(hashes[:3]), [])
    with pytest.raises(ValueError, match="does not shrink"):
        consistency_proof(5, 3, lambda start, end: root_of(hashes[start:end]))


def test_no_proof_is_made_of_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError, match="no leaf 3"):
        inclusion_proof(3, 3, lambda start, end: EMPTY)
    assert not shows_inclusion(EMPTY, 3, 3, [], EMPTY)


def test_the_store_is_not_believed_when_size_and_hashes_do_not_belong_together() -> None:
    with pytest.raises(ValueError, match="do not belong together"):
        unpacked(4, EMPTY * 2)


def test_nothing_comes_before_the_first_leaf() -> None:
    hashes = leaves(2)
    assert shows_consistency(0, EMPTY, 2, root_of(hashes), [])
    assert not shows_consistency(0, hashes[0], 2, root_of(hashes), [])
    assert not shows_consistency(3, root_of(leaves(3)), 5, root_of(leaves(5)), [])
    assert in_digests(b"") == []
