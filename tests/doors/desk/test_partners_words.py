"""What partners agree on is no law with a number: it is called in the reader's own language."""

from __future__ import annotations

import pytest

from tests.doors.scenes import filled
from tests.village import Village

CALLED = {"sv": "Partnerskapsavtal", "en": "Partnership agreement", "ar": "اتفاق تعاون"}


@pytest.mark.parametrize("language", CALLED)
@pytest.mark.parametrize("page", ["/", "/steps/", "/rules/acknowledge_signal/"])
def test_bo_reads_what_his_clock_follows_from_in_his_language(lived: Village, language: str, page: str) -> None:
    bo = lived.client("bo")
    bo.post("/language/", filled({"language": language}))
    shown = bo.get(page).content.decode()
    assert {word for word in CALLED.values() if word in shown} == {CALLED[language]}
