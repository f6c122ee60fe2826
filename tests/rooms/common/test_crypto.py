"""Sealed fields, exact search in them, and commitments."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common.crypto import (
    CannotUnseal,
    KeyRing,
    UnusableKeys,
    blind_index,
    blind_indexes,
    commitment,
    commitment_holds,
    commitments_hold,
    needs_resealing,
    seal,
    unseal,
)

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BEFORE = KeyRing({"2026": OLD}, "2026")
AFTER = KeyRing({"2026": OLD, "2027": NEW}, "2027")
PLACE = "people_identity|value|6b1c"
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(text=texts, place=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_what_was_sealed_opens_again(text: str, place: str) -> None:
    assert unseal(seal(text, place=place, ring=AFTER), place=place, ring=AFTER) == text


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    assert seal("Signe", place=PLACE, ring=AFTER) != seal("Signe", place=PLACE, ring=AFTER)


def test_the_sealed_value_does_not_hold_its_text() -> None:
    assert b"Signe" not in seal("Signe", place=PLACE, ring=AFTER)


@pytest.mark.parametrize("other", ["people_identity|value|6b1d", "people_identity|name|6b1c", "person|value|6b1c"])
def test_a_value_moved_to_another_place_does_not_open(other: str) -> None:
    token = seal("Signe", place=PLACE, ring=AFTER)
    with pytest.raises(CannotUnseal):
        unseal(token, place=other, ring=AFTER)


@given(text=texts, data=st.data())
def test_no_changed_bit_opens(text: str, data: st.DataObject) -> None:
    token = bytearray(seal(text, place=PLACE, ring=AFTER))
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotUnseal):
        unseal(bytes(token), place=PLACE, ring=AFTER)


@given(token=st.binary(max_size=100))
def test_noise_is_refused_and_never_breaks_anything(token: bytes) -> None:
    with pytest.raises(CannotUnseal):
        unseal(token, place=PLACE, ring=AFTER)


@given(text=texts, kept=st.integers(min_value=0))
def test_a_value_that_was_cut_off_does_not_open(text: str, kept: int) -> None:
    token = seal(text, place=PLACE, ring=AFTER)
    with pytest.raises(CannotUnseal):
        unseal(token[: kept % len(token)], place=PLACE, ring=AFTER)


def test_after_a_change_of_key_old_values_open_and_ask_to_be_sealed_again() -> None:
    token = seal("Signe", place=PLACE, ring=BEFORE)
    assert unseal(token, place=PLACE, ring=AFTER) == "Signe"
    assert needs_resealing(token, ring=AFTER)
    assert not needs_resealing(token, ring=BEFORE)
    assert not needs_resealing(seal("Signe", place=PLACE, ring=AFTER), ring=AFTER)


def test_without_its_key_a_value_stays_shut() -> None:
    token = seal("Signe", place=PLACE, ring=AFTER)
    with pytest.raises(CannotUnseal, match="not among the keys"):
        unseal(token, place=PLACE, ring=BEFORE)


def test_a_key_of_the_same_name_but_another_content_does_not_open() -> None:
    token = seal("Signe", place=PLACE, ring=BEFORE)
    with pytest.raises(CannotUnseal):
        unseal(token, place=PLACE, ring=KeyRing({"2026": NEW}, "2026"))


def test_a_refusal_carries_neither_text_nor_key_nor_the_library_s_own_error() -> None:
    token = seal("Signe Ek", place=PLACE, ring=AFTER)
    with pytest.raises(CannotUnseal) as caught:
        unseal(token, place="elsewhere", ring=AFTER)
    assert caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value))
    assert "Signe" not in told
    assert NEW.hex() not in told


def test_a_memoryview_from_the_database_opens() -> None:
    token = seal("Signe", place=PLACE, ring=AFTER)
    assert unseal(memoryview(token), place=PLACE, ring=AFTER) == "Signe"  # type: ignore[arg-type]


def test_a_value_without_a_place_is_not_sealed() -> None:
    with pytest.raises(ValueError, match="place"):
        seal("Signe", place="", ring=AFTER)


@given(one=texts, other=texts)
def test_equal_values_and_only_they_share_an_index(one: str, other: str) -> None:
    same = blind_index(one, purpose="number", ring=AFTER) == blind_index(other, purpose="number", ring=AFTER)
    assert same == (one == other)


def test_an_index_and_a_commitment_are_apart_by_purpose_kind_and_key() -> None:
    content = "201701012393"
    made = {
        blind_index(content, purpose="number", ring=AFTER),
        blind_index(content, purpose="name", ring=AFTER),
        blind_index(content, purpose="number", ring=BEFORE),
        commitment(content.encode(), purpose="number", ring=AFTER),
        commitment(content.encode(), purpose="number", ring=BEFORE),
    }
    assert len(made) == 5
    assert all(len(value) == 32 for value in made)


def test_a_search_after_a_change_of_key_finds_rows_that_were_indexed_before_it() -> None:
    stored = blind_index("201701012393", purpose="number", ring=BEFORE)
    looked_for = blind_indexes("201701012393", purpose="number", ring=AFTER)
    assert looked_for[0] == blind_index("201701012393", purpose="number", ring=AFTER)
    assert stored in looked_for


def test_a_commitment_holds_for_its_content_alone_and_over_a_change_of_key() -> None:
    committed = commitment(b"Bo looked", purpose="trail", ring=BEFORE)
    assert commitment_holds(b"Bo looked", committed, purpose="trail", ring=AFTER)
    assert not commitment_holds(b"Bo looked.", committed, purpose="trail", ring=AFTER)
    assert not commitment_holds(b"Bo looked", committed, purpose="other", ring=AFTER)
    assert not commitment_holds(b"Bo looked", committed[:-1], purpose="trail", ring=AFTER)


def test_an_index_without_a_purpose_is_refused() -> None:
    with pytest.raises(ValueError, match="what it is for"):
        blind_index("201701012393", purpose="", ring=AFTER)


@pytest.mark.parametrize(
    ("keys", "current"),
    [
        ({}, "2026"),
        ({"2026": OLD}, "2027"),
        ({"2026": OLD[:31]}, "2026"),
        ({"2026": OLD + b"x"}, "2026"),
        ({"": OLD}, ""),
        ({"två tusen": OLD}, "två tusen"),
        ({"a" * 65: OLD}, "a" * 65),
        ({"2026": OLD, "2027": OLD}, "2027"),
    ],
)
def test_unfit_keys_are_refused_before_anything_is_sealed(keys: dict[str, bytes], current: str) -> None:
    with pytest.raises(UnusableKeys):
        KeyRing(keys, current)


def test_a_ring_never_shows_its_keys() -> None:
    shown = repr(AFTER) + str(AFTER)
    assert NEW.hex() not in shown
    assert repr(NEW) not in shown


def test_the_ring_comes_from_the_settings_when_none_is_given() -> None:
    django_test = pytest.importorskip("django.test", reason="Django is not installed")
    from django.conf import settings

    if not settings.configured:
        settings.configure()
    with django_test.override_settings(SAMSYN_FIELD_KEYS={"2026": OLD}, SAMSYN_FIELD_KEY_CURRENT="2026"):
        token = seal("Signe", place=PLACE)
        assert unseal(token, place=PLACE, ring=BEFORE) == "Signe"
    with django_test.override_settings(SAMSYN_FIELD_KEYS={"2026": OLD, "2027": NEW}, SAMSYN_FIELD_KEY_CURRENT="2027"):
        assert unseal(token, place=PLACE) == "Signe"
        assert needs_resealing(token)
        assert blind_index("x", purpose="number") == blind_index("x", purpose="number", ring=AFTER)
        assert blind_indexes("x", purpose="number") == blind_indexes("x", purpose="number", ring=AFTER)
        assert commitment_holds(b"x", commitment(b"x", purpose="trail"), purpose="trail")
    with (
        django_test.override_settings(SAMSYN_FIELD_KEYS={}, SAMSYN_FIELD_KEY_CURRENT=""),
        pytest.raises(UnusableKeys, match="SAMSYN_FIELD_KEYS"),
    ):
        seal("Signe", place=PLACE)


def test_many_commitments_are_checked_as_one_is() -> None:
    old, new = KeyRing({"a": b"a" * 32}, "a"), KeyRing({"b": b"b" * 32, "a": b"a" * 32}, "b")
    for content in (b"", b"x", b"Det var sent." * 40):
        for made in (commitment(content, purpose="trail", ring=old), commitment(content, purpose="trail", ring=new)):
            assert commitments_hold(purpose="trail", ring=new)(content, made)
            assert not commitments_hold(purpose="other", ring=new)(content, made)
            assert not commitments_hold(purpose="trail", ring=new)(content + b"x", made)
    assert not commitments_hold(purpose="trail", ring=old)(b"x", commitment(b"x", purpose="trail", ring=new))
