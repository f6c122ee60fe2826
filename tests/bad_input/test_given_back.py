"""What was written on a page that is not there any more is given back with the answer, whole and to its writer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from samsyn.circle.handover_answers import answer_handover
from samsyn.circle.models import HandoverKind
from tests.bad_input.browser import Browser, text
from tests.village import masked
from tests.walks import deeds
from tests.walks.town import Town


def handed_over(town: Town) -> Any:
    """A sign about Signe that Bo has begun to answer, and that is Hanna's by now."""
    maja = town.acting(town.world.posts["Maja"])
    sign = deeds.note(maja, town.world.signe)
    deeds.send(town, maja, sign)
    viewer, hanna = town.acting(town.world.posts["Bo"]), town.world.posts["Hanna"]
    deeds.sign_step(viewer, sign, "acknowledge", 0, sign)
    offer = deeds.offer_baton(town, viewer, town.world.signe, HandoverKind.NAMED_PERSON, hanna)
    answer_handover(town.acting(hanna), offer, accept=True)
    return sign


def test_a_childs_answer_of_one_word_is_given_back_like_any_other(town: Town) -> None:
    sign, bo = handed_over(town), Browser(town.world, "Bo")
    told: dict[str, Any] = {"child_words": "Rädd.", "not_with_guardians_because": ["Amal var borta.", "Olof med."]}
    pages = [bo.send("sign_talk", ref, held_on="2026-11-17", with_child="on", **told) for ref in (sign.ref, uuid4())]
    assert [page.status_code for page in pages] == [404, 404]
    for words in ("Rädd.", "Amal var borta.", "Olof med."):
        assert words in text(pages[0])
    assert masked(pages[0].content) == masked(pages[1].content)
    assert ">on<" not in text(pages[0])
    assert "2026-11-17" not in text(pages[0])


@pytest.mark.parametrize("body", [{"a": "ord " * 300_000}, {f"f{number}": "a b" for number in range(500)}])
def test_more_than_any_form_holds_is_an_address_that_is_not_there_and_no_error(
    town: Town, body: dict[str, str]
) -> None:
    bo = Browser(town.world, "Bo")
    bo.client.raise_request_exception = False
    assert bo.client.post("/finns-inte/", body).status_code == 404
