"""Through which gate something may go, and what is done with a row of the ledger. Each guard falls alone."""

from __future__ import annotations

from typing import Any

import pytest

from samsyn.common.decision import no, yes
from samsyn.sharing import rules

DISCLOSE: dict[str, Any] = {
    "gate": "consent",
    "possible": ["consent", "under_18_from_health"],
    "same_authority": False,
    "consent": yes(),
    "purpose": "Lugna måndagar",
    "told": "Ni vet det.",
    "withheld": "",
}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"gate": "under_18_from_health", "consent": None},
        {"gate": "own_authority", "same_authority": True, "consent": None},
        {"told": "", "withheld": "Våld hemma"},
    ],
)
def test_something_may_go_through_one_gate_that_holds(change: dict[str, Any]) -> None:
    decision = rules.may_disclose(**{**DISCLOSE, **change})
    assert decision
    assert decision.rule == {**DISCLOSE, **change}["gate"]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"same_authority": True}, "gate", "no gate is needed"),
        ({"gate": "own_authority"}, "gate", "another area of confidentiality"),
        ({"gate": ""}, "gate", "does not hold"),
        ({"gate": "under_18_from_social_services"}, "gate", "does not hold"),
        ({"consent": None}, "gate", "which consent"),
        ({"purpose": ""}, "purpose", "what it is for"),
        ({"purpose": " \n"}, "purpose", "what it is for"),
        ({"told": ""}, "told", "what the family was told"),
    ],
)
def test_nothing_goes_without_its_gate(change: dict[str, Any], field: str, reason: str) -> None:
    decision = rules.may_disclose(**{**DISCLOSE, **change})
    assert not decision
    assert decision.field == field
    assert reason in decision.reason


def test_a_consent_that_does_not_stand_gives_its_own_reason() -> None:
    refused = no("Somebody who decides has said no. Nothing is shared.", rule="consent")
    assert rules.may_disclose(**{**DISCLOSE, "consent": refused}) == refused


def test_only_the_sender_closes_what_is_open_and_once() -> None:
    assert rules.may_stop_sharing(is_sender=True, is_open=True)
    assert "whose information it is" in rules.may_stop_sharing(is_sender=False, is_open=True).reason
    assert not rules.may_stop_sharing(is_sender=False, is_open=True)
    closed = rules.may_stop_sharing(is_sender=True, is_open=False)
    assert not closed
    assert closed.reason == "It is closed already."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_sender": False}, "Only those who decided"),
        ({"is_withheld": False}, "told already"),
        ({"words": " "}, "Say what the family was told"),
    ],
)
def test_telling_the_family_is_looked_at_again_with_words_by_who_decided(change: dict[str, Any], reason: str) -> None:
    again: dict[str, Any] = {"is_sender": True, "is_withheld": True, "words": "Amal vet nu."}
    assert rules.may_look_again(**again)
    decision = rules.may_look_again(**{**again, **change})
    assert not decision
    assert reason in decision.reason
