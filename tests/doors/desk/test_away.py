"""Being away: said in advance, with who stands in; every day has somebody who answers, and back is back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from samsyn.circle.team_actions import propose_team
from samsyn.common import clock
from samsyn.duties.actions import open_duty
from samsyn.organisations.models import Absence, Cover, Holding, Post, PostRole
from samsyn.organisations.presence import accountable
from tests.doors.desk.browsing import Desk, newest_look, words
from tests.rooms.sharing.world import LONG_AGO, TODAY

FRIDAY = TODAY + timedelta(days=3)
NEXT_WEEK = TODAY + timedelta(days=7)


def away(desk: Desk, name: str = "Bo", cover: str = "Hanna", **change: Any) -> Any:
    """Somebody says that they will be away from Friday to Tuesday, and who stands in."""
    body: dict[str, Any] = {
        "since": FRIDAY.isoformat(),
        "until": NEXT_WEEK.isoformat(),
        "covered_by": desk.world.posts[cover].ref if cover else "",
        **change,
    }
    return desk.send(name, "away", **body)


def test_bo_says_when_and_who_and_hanna_answers_on_those_days(desk: Desk) -> None:
    assert away(desk).status_code == 302
    assert (Absence.objects.get().since, Absence.objects.get().until) == (FRIDAY, NEXT_WEEK)
    cover = Cover.objects.get()
    assert (cover.post, cover.covered_by, cover.since, cover.until) == (
        desk.world.posts["Bo"],
        desk.world.posts["Hanna"],
        FRIDAY,
        NEXT_WEEK,
    )
    page = desk.read("Bo", "away")
    assert "You are away from 20 November to 24 November." in page
    assert "biträdande rektor, Stobyskolan, stands in from 20 November to 24 November." in page
    assert (
        "17 Nov – 19 Nov Bo Ek , rektor is at work 20 Nov – 24 Nov Hanna Ek , biträdande rektor stands in "
        "25 Nov Bo Ek , rektor is at work"
    ) in page


def test_no_day_is_without_somebody_when_who_stands_in_is_away_too(desk: Desk) -> None:
    world = desk.world
    Post.objects.filter(pk=world.posts["Bo"].pk).update(parent=world.posts["Karin"])
    away(desk)
    Absence.objects.create(person=world.accounts["Hanna"].person, since=NEXT_WEEK, until=NEXT_WEEK)
    page = desk.read("Bo", "away")
    assert "20 Nov – 23 Nov Hanna Ek" in page
    assert "24 Nov Karin Ek , samordnare is the duty desk, since nobody nearer is there 25 Nov Bo Ek" in page


def test_the_days_on_the_page_are_those_that_the_house_goes_by(desk: Desk) -> None:
    world = desk.world
    away(desk, until="")
    Absence.objects.create(person=world.accounts["Hanna"].person, since=NEXT_WEEK, until=NEXT_WEEK + timedelta(days=1))
    Holding.objects.filter(post=world.posts["Hanna"]).update(until=TODAY + timedelta(days=12))
    response = desk.get("Bo", "away")
    for stretch in response.context["stretches"]:
        day = stretch.since
        while day <= stretch.until:
            answer = accountable(world.posts["Bo"], clock.noon(day))
            assert (answer.person.full_name, answer.post.title) == (stretch.name, stretch.title), day
            day += timedelta(days=1)
    days = [(one.since, one.until) for one in response.context["stretches"]]
    assert days[0][0] == TODAY
    assert days[-1][1] == TODAY + timedelta(days=31)
    assert all(after == before + timedelta(days=1) for (_, before), (after, _) in pairwise(days))


def test_a_register_of_staff_that_gives_somebody_the_last_day_of_all_keeps_nobody_from_coming_back(desk: Desk) -> None:
    Holding.objects.filter(post=desk.world.posts["Hanna"]).update(until=date.max)
    away(desk, since=TODAY.isoformat())
    assert "Hanna Ek , biträdande rektor stands in" in desk.read("Bo", "away")


def test_without_anybody_to_stand_in_the_post_above_answers(desk: Desk) -> None:
    Post.objects.filter(pk=desk.world.posts["Mats"].pk).update(parent=desk.world.posts["Bo"])
    assert away(desk, "Mats", cover="").status_code == 302
    assert "Bo Ek , rektor is the post above, since nobody stands in" in desk.read("Mats", "away")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"since": "31 februari"}, "Write the day as year, month and day: 2026-11-09."),
        ({"since": ""}, "Choose a day."),
        ({"until": TODAY.isoformat()}, "The last day comes before the first."),
        ({"until": "9999-12-31"}, "Choose a year no later than 2199."),
    ],
)
def test_impossible_days_are_told_and_nothing_is_noted(desk: Desk, change: dict[str, str], sentence: str) -> None:
    response = away(desk, **change)
    assert response.status_code == 422
    assert sentence in words(response)
    assert not Absence.objects.exists()
    assert not Cover.objects.exists()


def test_twice_over_the_same_days_is_refused_whole(desk: Desk) -> None:
    away(desk)
    later = {"since": NEXT_WEEK.isoformat(), "until": (NEXT_WEEK + timedelta(days=2)).isoformat()}
    for cover, sentence in (
        ("", "An absence is noted for some of these days already."),
        ("Mats", "The post has cover on some of these days already. End that cover first."),
    ):
        response = away(desk, cover=cover, **later)
        assert response.status_code == 422
        assert sentence in words(response)
    assert Absence.objects.count() == 1
    assert Cover.objects.count() == 1


@pytest.mark.parametrize("cover", ["Ines", "Siv", "Kurt", "Bo"])
def test_only_another_post_of_the_same_authority_stands_in(desk: Desk, cover: str) -> None:
    page = desk.get("Bo", "away").content.decode()
    assert str(desk.world.posts[cover].ref) not in page
    assert away(desk, cover=cover).status_code == 422
    assert not Absence.objects.exists()


def test_the_own_unit_stands_first_among_those_who_can_stand_in(desk: Desk) -> None:
    page = desk.get("Maja", "away").content.decode()
    assert page.index('<optgroup label="Stobyskolan">') > 0
    bo = desk.get("Bo", "away").content.decode()
    assert bo.index('<optgroup label="Stobyskolan">') < bo.index('<optgroup label="Fritids">')


def test_who_alone_staffs_the_duty_desk_cannot_leave_it_empty(desk: Desk) -> None:
    response = away(desk, "Karin", cover="")
    assert response.status_code == 422
    assert "Then nobody would be at the duty desk on" in words(response)
    assert away(desk, "Karin", cover="Bo").status_code == 302


def test_back_earlier_ends_the_absence_and_the_cover(desk: Desk) -> None:
    away(desk)
    with clock.at(clock.noon(FRIDAY + timedelta(days=1))):
        assert "I am back today" in desk.read("Bo", "away")
        assert desk.send("Bo", "away_end", Absence.objects.get().ref).status_code == 302
        assert (Absence.objects.get().until, Cover.objects.get().until) == (FRIDAY, FRIDAY)
        assert "You are away" not in desk.read("Bo", "away")


def test_what_never_began_is_taken_away(desk: Desk) -> None:
    away(desk)
    assert "I will not be away then" in desk.read("Bo", "away")
    desk.send("Bo", "away_end", Absence.objects.get().ref)
    assert not Absence.objects.exists()
    assert not Cover.objects.exists()


def test_somebody_elses_absence_is_not_there_to_end(desk: Desk) -> None:
    away(desk)
    assert desk.send("Hanna", "away_end", Absence.objects.get().ref).status_code == 404


def test_what_hangs_on_the_post_is_shown_and_the_look_is_in_the_trail(desk: Desk) -> None:
    world = desk.world
    world.named()
    propose_team(world.as_("Bo"), world.signe, purpose="x", members=[world.posts["Mats"]], consent=None)
    open_duty(
        world.posts["Bo"],
        "five_questions",
        child=world.signe,
        room="sign",
        object_ref=world.signe.ref,
        rule="decision_after_signal",
        start=clock.now(),
    )
    page = desk.read("Bo", "away")
    assert "You are the named person of one child Signe Lind" in page
    assert "You hold one team together Signe Lind" in page
    assert "Answer the five questions and decide in 14 days" in page
    look = newest_look()
    assert (look.act, {one.child_ref for one in look.subjects.all()}) == ("desk:away", {world.signe.ref})
    assert "Nothing waits on your post just now." in desk.read("Mats", "away")


def test_who_covers_arranges_the_own_days_as_the_own_post(desk: Desk) -> None:
    desk.world.away("Bo", covered_by="Hanna")
    page = desk.read("Hanna", "away", acting="Bo")
    assert "You act as rektor for somebody else now." in page
    assert "First day away" not in page


def test_who_holds_two_posts_is_told_to_arrange_each(desk: Desk) -> None:
    world = desk.world
    second = Post.objects.create(unit=world.units["norr"], title="kurator", role=PostRole.STAFF, source_id="second")
    Holding.objects.create(post=second, person=world.accounts["Mats"].person, since=LONG_AGO)
    assert "You hold other posts too." in desk.read("Mats", "away")


def test_who_does_not_hold_a_post_has_no_such_page(desk: Desk) -> None:
    world = desk.world
    Holding.objects.filter(person=world.accounts["Kurt"].person).update(until=date(2026, 11, 1))
    assert desk.get("Kurt", "away").status_code == 404


def test_more_children_and_duties_ask_no_more_of_the_database(desk: Desk) -> None:
    world = desk.world
    world.named()
    few = desk.questions("Bo", "away")
    for child in (world.nour, world.adam):
        world.named(child)
        for what in ("five_questions", "talk_with_family", "acknowledge_sign"):
            open_duty(
                world.posts["Bo"],
                what,
                child=child,
                room="sign",
                object_ref=child.ref,
                rule="decision_after_signal",
                start=clock.now(),
            )
    assert desk.questions("Bo", "away") == few


def test_who_noted_to_be_away_until_the_last_day_of_all_before_that_was_told_comes_back(desk: Desk) -> None:
    away(desk, since=TODAY.isoformat())
    Absence.objects.update(until=date.max)
    assert "Hanna Ek , biträdande rektor stands in" in desk.read("Bo", "away")
