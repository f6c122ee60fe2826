"""A form that is sent twice, by a double click or by Back: the answer that is seen is the second one."""

from __future__ import annotations

import pytest
from django.urls import reverse

from samsyn.trail.models import Command, Mode, TrailEntry
from tests.doors.relations import Crowd
from tests.doors.scenes import filled
from tests.doors.table import TABLE, Line
from tests.doors.test_matrix import crowd, gathered, undone

__all__ = ("crowd", "gathered")  # the fixtures of the matrix: everybody has signed in

CARRIED_OUT = [line for line in TABLE if 302 in line.post and line.name.startswith(("desk:", "portal:"))]


@pytest.mark.one_database
@pytest.mark.parametrize("line", CARRIED_OUT, ids=lambda line: f"{line.name} {line.note}".strip())
def test_whoever_sends_a_form_twice_is_led_on_and_never_told_that_there_is_nothing(crowd: Crowd, line: Line) -> None:
    scene = line.scene(crowd)
    client = crowd.client(line.post[302].split()[0])
    address, body = reverse(line.name, kwargs=scene.place, query=scene.query), filled(scene.body)
    with undone():
        first = client.post(address, body)
        done, refused = Command.objects.count(), TrailEntry.objects.filter(mode=Mode.REFUSAL).count()
        second = client.post(address, body)
        assert Command.objects.count() == done
        assert TrailEntry.objects.filter(mode=Mode.REFUSAL).count() == refused
    assert (first.status_code, second.status_code) == (302, 302)


def test_a_sign_that_is_sent_by_a_double_click_is_shown_as_sent(crowd: Crowd) -> None:
    line = next(one for one in TABLE if one.name == "desk:sign_review" and 302 in one.post)
    scene, maja = line.scene(crowd), crowd.client("maja")
    address, body = reverse(line.name, kwargs=scene.place), filled(scene.body)
    with undone():
        answers = [maja.post(address, body) for _again in range(2)]
        assert {one.headers["Location"] for one in answers} == {reverse("desk:sign", kwargs=scene.place)}
        assert maja.get(answers[1].headers["Location"]).status_code == 200
        other = maja.post(address, filled(scene.body))
        assert other.status_code == 404, "another press is not the same press"
        stranger = crowd.client("kurt").post(address, body)
        assert stranger.status_code == 404
