"""On which addresses `samsyn serve` answers in production: only where nothing but a proxy reaches it."""

from __future__ import annotations

import pytest
from django.test import override_settings

from samsyn.site.command import _is_behind_proxy
from samsyn.site.command_line import parser


@pytest.mark.parametrize(
    ("host", "closed", "starts"),
    [
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("localhost", False, True),
        ("0.0.0.0", False, False),
        ("10.0.0.7", False, False),
        ("0.0.0.0", True, True),
    ],
)
def test_in_production_it_listens_where_only_the_proxy_reaches_it(
    host: str, closed: bool, starts: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(SAMSYN_MODE="production"):
        assert _is_behind_proxy(host, closed=closed) is starts
    said = capsys.readouterr().err
    assert ("proxy" in said) is not starts


def test_the_demo_may_be_shown_to_the_room() -> None:
    with override_settings(SAMSYN_MODE="demo"):
        assert _is_behind_proxy("0.0.0.0", closed=False)


def test_it_has_to_be_said_when_it_is_started() -> None:
    assert parser().parse_args(["serve"]).only_the_proxy_reaches_it is False
    assert parser().parse_args(["serve", "--only-the-proxy-reaches-it"]).only_the_proxy_reaches_it is True
