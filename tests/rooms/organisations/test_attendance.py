"""Who holds a post, who is away and who stands in, as pages show it: one question, whatever the answer is."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.organisations.actions_presence import set_absence
from samsyn.organisations.attendance import attendance
from tests.village import Village

WEEK = timedelta(days=7)


def test_mats_is_away_and_hanna_stands_in(lived: Village) -> None:
    teacher, rektor = lived.post("teacher"), lived.post("rektor")
    with CaptureQueriesContext(connection) as asked:
        found = attendance([teacher, rektor], clock.now())
    assert len(asked) == 1
    assert (found.holder_name(teacher), found.is_away(teacher), found.present_name(teacher)) == ("Mats", True, "Hanna")
    assert found.away_until(teacher) is not None
    assert (found.holder_name(rektor), found.is_away(rektor), found.cover_name(rektor)) == ("Bo", False, "")


def test_nobody_is_named_when_the_one_who_stands_in_is_away_too(lived: Village) -> None:
    teacher, today = lived.post("teacher"), clock.today()
    set_absence(SYSTEM, lived.account("hanna").person, today, until=today + WEEK)
    found = attendance([teacher], clock.now())
    assert (found.is_away(teacher), found.cover_name(teacher), found.present_name(teacher)) == (True, "", "")


def test_who_stands_in_is_no_holder_of_what_was_not_asked_about(lived: Village) -> None:
    found = attendance([lived.post("teacher")], clock.now())
    assert set(found.holders) == {lived.post("teacher").pk}
