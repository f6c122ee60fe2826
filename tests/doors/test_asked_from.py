"""From which address a request comes: the proxy's word, where the house is told that a proxy gives it."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from samsyn.site.asked_from import told_by_proxy

GUESS = {"username": "moa", "password": "a guess"}


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("198.51.100.66, 192.0.2.7", "192.0.2.7"),
        ("198.51.100.66,,2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", None),
        ("192.0.2.7, ", None),
        ("192.0.2.7:5512", None),
        ("unknown", None),
    ],
)
def test_the_last_address_is_the_proxys_own_word(header: str, told: str | None) -> None:
    assert told_by_proxy(header) == told


def tries(*forwarded: str) -> list[int]:
    """What each guess is answered, sent with this header."""
    return [Client(HTTP_X_FORWARDED_FOR=one).post("/sign-in/", GUESS).status_code for one in forwarded]


@pytest.mark.django_db
def test_without_the_setting_no_such_header_is_read(settings: Settings) -> None:
    assert settings.SAMSYN_PROXY_TELLS_ADDRESS is False
    assert tries(*(f"192.0.2.{turn}" for turn in range(6))) == [422] * 4 + [429] * 2


@pytest.mark.django_db
def test_with_it_each_address_has_its_own_tries(settings: Settings) -> None:
    settings.SAMSYN_PROXY_TELLS_ADDRESS = True
    assert tries(*["192.0.2.66, 192.0.2.7"] * 4) == [422] * 4
    assert tries(*(f"192.0.2.{turn}, 192.0.2.7" for turn in range(3))) == [429] * 3
    assert tries("192.0.2.7, 192.0.2.8") == [422]


@pytest.mark.django_db
def test_a_household_counts_once_however_many_addresses_it_has(settings: Settings) -> None:
    settings.SAMSYN_PROXY_TELLS_ADDRESS = True
    assert tries(*(f"2001:db8:1:2::{turn}" for turn in range(6))) == [422] * 4 + [429] * 2
