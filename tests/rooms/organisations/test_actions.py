"""Holding, covering, being away and leaving: responsibility never ends at an empty desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from samsyn.common import clock, ports
from samsyn.common.decision import Refused
from samsyn.common.ports import Hanging
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.actions import end_holding, end_post, hold, remove_staff
from samsyn.organisations.actions_founding import found_authority, found_post, found_principal, found_unit
from samsyn.organisations.actions_presence import end_absence, end_cover, set_absence, set_cover
from samsyn.organisations.desks import installation_is_complete
from samsyn.organisations.models import (
    Absence,
    Authority,
    Cover,
    Holding,
    Post,
    PostRole,
    Principal,
    PrincipalKind,
    Sphere,
)
from samsyn.organisations.presence import accountable, viewer_for
from samsyn.people.models import Account
from samsyn.trail.models import TrailEntry
from tests.rooms.organisations.world import NOON, TODAY, Organisation, organisation, person
from tests.worlds import CommittedWorld

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
NEXT_WEEK = TODAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture(autouse=True)
def hanging(monkeypatch: pytest.MonkeyPatch) -> list[Hanging]:
    """What hangs on every post; empty until a test puts something there."""
    things: list[Hanging] = []
    answer: Callable[[int], list[Hanging]] = lambda post: things  # noqa: E731  # a name for the type
    monkeypatch.setattr(ports.hangs_on_post, "answers", [answer])
    return things


def make_school() -> Organisation:
    """Bo is rektor, Hanna assistant rektor, Rakel above them, Karin at the duty desk."""
    made = organisation()
    made.post("head of schools", "Rakel", parent="duty desk")
    made.post("rektor", "Bo", parent="head of schools", role=PostRole.NAMED_PERSON)
    made.post("assistant rektor", "Hanna", parent="rektor")
    return made


@pytest.fixture
def school(db: None) -> Organisation:
    """The same, for tests that need one."""
    return make_school()


def holding_of(school: Organisation, title: str) -> Holding:
    """The open holding of a post."""
    return Holding.objects.get(post=school.posts[title], until=None)


def as_post(school: Organisation, title: str) -> Viewer:
    """The holder of a post, acting as it."""
    holder = holding_of(school, title).person
    return viewer_for(Account.objects.get(person=holder), school.posts[title].pk, NOON)


class TestTheDutyDesk:
    """It is always staffed, on every day that is known."""

    def test_its_last_holder_cannot_leave(self, school: Organisation) -> None:
        with pytest.raises(Refused, match="duty desk"):
            end_holding(SYSTEM, holding_of(school, "duty desk"), TODAY)
        assert holding_of(school, "duty desk").until is None
        assert not TrailEntry.objects.exists()

    def test_it_changes_hands_without_a_gap(self, school: Organisation) -> None:
        hold(SYSTEM, school.posts["duty desk"], person("Nils"), TOMORROW, takes_over=True)
        assert accountable(school.posts["duty desk"], NOON).person.given_name == "Karin"
        assert accountable(school.posts["duty desk"], clock.noon(TOMORROW)).person.given_name == "Nils"

    def test_its_holder_is_away_only_with_cover(self, school: Organisation) -> None:
        karin = school.people["Karin"]
        with pytest.raises(Refused) as refused:
            set_absence(SYSTEM, karin, TOMORROW)
        assert refused.value.decision.values["day"] == TOMORROW
        school.post("deputy", "Nils")
        set_cover(SYSTEM, school.posts["duty desk"], school.posts["deputy"], TODAY, until=NEXT_WEEK)
        set_absence(SYSTEM, karin, TOMORROW, until=NEXT_WEEK)
        assert accountable(school.posts["duty desk"], clock.noon(TOMORROW)).person.given_name == "Nils"

    def test_cover_that_runs_out_before_the_absence_is_too_short(self, school: Organisation) -> None:
        school.post("deputy", "Nils")
        set_cover(SYSTEM, school.posts["duty desk"], school.posts["deputy"], TODAY, until=NEXT_WEEK)
        with pytest.raises(Refused) as refused:
            set_absence(SYSTEM, school.people["Karin"], TOMORROW)
        assert refused.value.decision.values["day"] == NEXT_WEEK + timedelta(days=1)

    def test_the_cover_of_an_absent_holder_cannot_end_or_be_away(self, school: Organisation) -> None:
        school.post("deputy", "Nils")
        cover = set_cover(SYSTEM, school.posts["duty desk"], school.posts["deputy"], TODAY)
        set_absence(SYSTEM, school.people["Karin"], TODAY, until=NEXT_WEEK)
        with pytest.raises(Refused, match="duty desk"):
            end_cover(SYSTEM, cover, TODAY)
        with pytest.raises(Refused, match="duty desk"):
            set_absence(SYSTEM, school.people["Nils"], NEXT_WEEK)
        with pytest.raises(Refused, match="duty desk"):
            remove_staff(SYSTEM, school.people["Nils"])
        with pytest.raises(Refused, match="duty desk"):
            end_post(SYSTEM, school.posts["deputy"], TODAY)

    def test_one_of_two_desks_may_be_empty(self, school: Organisation) -> None:
        school.post("second desk", "Nils", role=PostRole.DUTY_DESK)
        end_holding(SYSTEM, holding_of(school, "duty desk"), TODAY)
        with pytest.raises(Refused, match="duty desk"):
            end_holding(SYSTEM, holding_of(school, "second desk"), TODAY)

    def test_an_empty_desk_elsewhere_does_not_loosen_this_one(self, school: Organisation) -> None:
        organisation("9991", desk="").post("duty desk", role=PostRole.DUTY_DESK)
        with pytest.raises(Refused, match="duty desk"):
            end_holding(SYSTEM, holding_of(school, "duty desk"), TODAY)

    def test_the_last_desk_never_ends(self, school: Organisation) -> None:
        with pytest.raises(Refused, match="last duty desk"):
            end_post(SYSTEM, school.posts["duty desk"], TODAY)

    def test_installation_is_complete_only_with_somebody_there(self, db: None) -> None:
        assert "principal" in installation_is_complete().reason
        world = organisation(desk="")
        assert "no duty desk" in installation_is_complete().reason
        desk = world.post("duty desk", role=PostRole.DUTY_DESK)
        assert installation_is_complete().values == {"day": TODAY}
        hold(SYSTEM, desk, person("Karin"), TODAY, until=NEXT_WEEK)
        assert installation_is_complete().values == {"day": NEXT_WEEK + timedelta(days=1)}
        hold(SYSTEM, desk, person("Nils"), NEXT_WEEK + timedelta(days=1))
        assert installation_is_complete()


class TestLeaving:
    """Whoever leaves, somebody answers in the same transaction."""

    def test_removing_any_staff_member_leaves_every_post_with_somebody(self, school: Organisation) -> None:
        for name in ("Bo", "Hanna", "Rakel"):
            remove_staff(SYSTEM, school.people[name])
            for post in school.posts.values():
                assert accountable(post, NOON).person.given_name not in {name}
        assert accountable(school.posts["rektor"], NOON).person.given_name == "Karin"
        with pytest.raises(Refused, match="duty desk"):
            remove_staff(SYSTEM, school.people["Karin"])
        assert Account.objects.get(person=school.people["Karin"]).is_active

    def test_things_may_stay_on_a_post_that_is_answered(self, school: Organisation, hanging: list[Hanging]) -> None:
        hanging.append(Hanging("duties", "duty", uuid4(), "something"))
        end_holding(SYSTEM, holding_of(school, "rektor"), TODAY)
        assert accountable(school.posts["rektor"], clock.noon(TOMORROW)).person.given_name == "Rakel"

    def test_things_may_not_stay_where_nobody_answers(self, db: None, hanging: list[Hanging]) -> None:
        world = organisation(desk="")
        world.post("rektor", "Bo")
        hanging.append(Hanging("duties", "duty", uuid4(), "something"))
        with pytest.raises(Refused, match="nobody would answer"):
            end_holding(SYSTEM, holding_of(world, "rektor"), TODAY)
        with pytest.raises(Refused, match="nobody would answer"):
            remove_staff(SYSTEM, world.people["Bo"])
        hanging.clear()
        end_holding(SYSTEM, holding_of(world, "rektor"), TODAY)

    def test_a_post_ends_when_nothing_hangs_on_it(self, school: Organisation, hanging: list[Hanging]) -> None:
        hanging.append(Hanging("duties", "duty", uuid4(), "something"))
        with pytest.raises(Refused, match="things hang"):
            end_post(SYSTEM, school.posts["assistant rektor"], TODAY)
        hanging.clear()
        with pytest.raises(Refused, match="posts lie below"):
            end_post(SYSTEM, school.posts["rektor"], TODAY)
        school.cover("rektor", "assistant rektor")
        ended = end_post(SYSTEM, school.posts["assistant rektor"], TODAY)
        assert ended.ended_on == TODAY
        assert Holding.objects.get(post=ended).until == TODAY
        assert Cover.objects.get(covered_by=ended).until == TODAY
        with pytest.raises(Refused, match="has ended"):
            hold(SYSTEM, ended, person("Nils"), TOMORROW)

    @pytest.mark.parametrize("last_day", [date(2019, 12, 31), date(2019, 1, 1)])
    def test_a_holding_does_not_end_before_it_began(self, school: Organisation, last_day: date) -> None:
        with pytest.raises(Refused, match="before the first"):
            end_holding(SYSTEM, holding_of(school, "rektor"), last_day)


class TestHolding:
    """One holder a post at a time."""

    def test_a_held_post_is_taken_over_only_when_it_is_said(self, school: Organisation) -> None:
        nils = person("Nils")
        with pytest.raises(Refused, match="takes over"):
            hold(SYSTEM, school.posts["rektor"], nils, TODAY)
        hold(SYSTEM, school.posts["rektor"], nils, TODAY, takes_over=True)
        assert accountable(school.posts["rektor"], NOON).person == nils
        assert accountable(school.posts["rektor"], clock.noon(YESTERDAY)).person == school.people["Bo"]

    def test_somebody_who_begins_later_is_not_pushed_out(self, school: Organisation) -> None:
        hold(SYSTEM, school.posts["rektor"], person("Nils"), NEXT_WEEK, takes_over=True)
        with pytest.raises(Refused, match="same day or later"):
            hold(SYSTEM, school.posts["rektor"], person("Lo"), TOMORROW, takes_over=True)
        hold(
            SYSTEM, school.posts["rektor"], person("Lo"), TOMORROW, until=NEXT_WEEK - timedelta(days=1), takes_over=True
        )

    def test_an_operator_and_a_closed_account_hold_no_post(self, school: Organisation) -> None:
        ulla, gone = person("Ulla"), person("Gone")
        Account.objects.filter(person=ulla).update(is_operator=True)
        Account.objects.filter(person=gone).update(is_active=False)
        vacant = school.post("vacant")
        for one, words in ((ulla, "sees no child"), (gone, "closed")):
            with pytest.raises(Refused, match=words):
                hold(SYSTEM, vacant, one, TODAY)

    def test_only_those_who_look_after_the_organisation_change_it(self, school: Organisation) -> None:
        bo = as_post(school, "rektor")
        for do in (
            lambda: hold(bo, school.posts["rektor"], person("Nils"), TODAY, takes_over=True),
            lambda: end_holding(bo, holding_of(school, "assistant rektor"), TODAY),
            lambda: remove_staff(bo, school.people["Hanna"]),
            lambda: end_post(bo, school.posts["assistant rektor"], TODAY),
            lambda: found_principal(bo, PrincipalKind.REGION, "12"),
            lambda: found_authority(bo, school.principal, "Socialnämnden", Sphere.SOCIAL),
            lambda: found_unit(bo, school.authority, "Fritids", "fritids"),
            lambda: found_post(bo, school.unit, "fritidslärare", "maja"),
        ):
            with pytest.raises(Refused, match="look after the organisation"):
                do()


class TestAbsenceAndCover:
    """Anyone may say it of the own post and those below; nobody else's."""

    def test_own_and_below_may_be_said_and_nobody_elses(self, school: Organisation) -> None:
        bo, hanna = as_post(school, "rektor"), as_post(school, "assistant rektor")
        mine = set_absence(bo, school.people["Bo"], TODAY, until=TODAY)
        set_absence(bo, school.people["Hanna"], TODAY, until=TODAY)
        with pytest.raises(Refused, match="own post"):
            set_absence(hanna, school.people["Rakel"], TODAY)
        with pytest.raises(Refused, match="own post"):
            end_absence(hanna, mine, YESTERDAY)
        with pytest.raises(Refused, match="own post"):
            set_cover(hanna, school.posts["rektor"], school.posts["assistant rektor"], TODAY)
        cover = set_cover(bo, school.posts["rektor"], school.posts["assistant rektor"], TODAY)
        with pytest.raises(Refused, match="own post"):
            end_cover(hanna, cover, TODAY)
        end_absence(bo, mine, YESTERDAY)
        assert not Absence.objects.filter(person=school.people["Bo"]).exists()

    def test_an_absence_is_noted_once(self, school: Organisation) -> None:
        set_absence(SYSTEM, school.people["Bo"], TODAY, until=NEXT_WEEK)
        with pytest.raises(Refused, match="noted"):
            set_absence(SYSTEM, school.people["Bo"], NEXT_WEEK)
        with pytest.raises(Refused, match="before the first"):
            set_absence(SYSTEM, school.people["Hanna"], TODAY, until=YESTERDAY)

    def test_an_absence_that_is_over_is_not_made_longer(self, school: Organisation) -> None:
        absence = set_absence(SYSTEM, school.people["Bo"], TODAY, until=TOMORROW)
        with pytest.raises(Refused, match="earlier last day"):
            end_absence(SYSTEM, absence, NEXT_WEEK)
        end_absence(SYSTEM, absence, TODAY)
        assert Absence.objects.get().until == TODAY

    def test_cover_stays_inside_the_authority_and_on_other_days(self, school: Organisation) -> None:
        board = Authority.objects.create(principal=school.principal, name="Socialnämnden", sphere=Sphere.SOCIAL)
        unit = found_unit(SYSTEM, board, "Familjestöd", "family-support")
        ines = found_post(SYSTEM, unit, "social worker", "ines")
        rektor, assistant = school.posts["rektor"], school.posts["assistant rektor"]
        with pytest.raises(Refused, match="same authority"):
            set_cover(SYSTEM, rektor, ines, TODAY)
        with pytest.raises(Refused, match="itself"):
            set_cover(SYSTEM, rektor, rektor, TODAY)
        cover = set_cover(SYSTEM, rektor, assistant, TODAY, until=NEXT_WEEK)
        with pytest.raises(Refused, match="already"):
            set_cover(SYSTEM, rektor, school.posts["head of schools"], NEXT_WEEK)
        end_cover(SYSTEM, cover, TODAY)
        with pytest.raises(Refused, match="earlier last day"):
            end_cover(SYSTEM, cover, TOMORROW)
        end_cover(SYSTEM, cover, YESTERDAY)
        assert not Cover.objects.exists()

    def test_each_act_is_in_the_trail(self, school: Organisation) -> None:
        rektor, assistant = school.posts["rektor"], school.posts["assistant rektor"]
        cover = set_cover(SYSTEM, rektor, assistant, TODAY)
        absence = set_absence(SYSTEM, school.people["Bo"], TODAY)
        end_absence(SYSTEM, absence, TODAY)
        end_cover(SYSTEM, cover, TODAY)
        hold(SYSTEM, rektor, person("Nils"), TOMORROW, takes_over=True)
        end_holding(SYSTEM, holding_of(school, "assistant rektor"), TODAY)
        remove_staff(SYSTEM, school.people["Hanna"])
        end_post(SYSTEM, assistant, TODAY)
        assert [entry.act for entry in TrailEntry.objects.order_by("id")] == [
            "organisations.cover_set",
            "organisations.absence_set",
            "organisations.absence_ended",
            "organisations.cover_ended",
            "organisations.holding_begun",
            "organisations.holding_ended",
            "people.account_closed",
            "organisations.staff_removed",
            "organisations.post_ended",
        ]


class TestFounding:
    """Official codes, one principal on SQLite, and parents in the same authority."""

    @pytest.mark.parametrize(
        ("kind", "code", "name"),
        [("municipality", "1293", "Hässleholms kommun"), ("region", "12", "Region Skåne"), ("state", "POL", "POL")],
    )
    def test_the_name_comes_with_the_code(self, db: None, kind: str, code: str, name: str) -> None:
        assert found_principal(SYSTEM, PrincipalKind(kind), code).name == name

    @pytest.mark.parametrize(
        ("kind", "code"), [("municipality", "12"), ("region", "1293"), ("region", "02"), ("state", "")]
    )
    def test_a_code_that_does_not_exist_is_refused(self, db: None, kind: str, code: str) -> None:
        with pytest.raises(Refused) as refused:
            found_principal(SYSTEM, PrincipalKind(kind), code)
        assert refused.value.decision.field == "code"

    def test_lillkoping_exists_in_the_demo_only(self, db: None, settings: Settings) -> None:
        settings.SAMSYN_MODE = "production"
        with pytest.raises(Refused):
            found_principal(SYSTEM, PrincipalKind.MUNICIPALITY, "9990")
        settings.SAMSYN_MODE = "demo"
        assert found_principal(SYSTEM, PrincipalKind.MUNICIPALITY, "9990").name == "Lillköpings kommun"

    @pytest.mark.parametrize(
        ("vendor", "mode", "allowed"),
        [
            ("sqlite", "production", False),
            ("sqlite", "demo", True),
            ("sqlite", "test", True),
            ("postgresql", "production", True),
        ],
    )
    def test_sqlite_holds_one_principal_outside_demo_and_tests(
        self, db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, vendor: str, mode: str, allowed: bool
    ) -> None:
        settings.SAMSYN_MODE = mode
        found_principal(SYSTEM, PrincipalKind.MUNICIPALITY, "1293")
        monkeypatch.setattr("samsyn.organisations.actions_founding.database_kind", lambda: vendor)
        if allowed:
            found_principal(SYSTEM, PrincipalKind.REGION, "12")
        else:
            with pytest.raises(Refused, match="PostgreSQL"):
                found_principal(SYSTEM, PrincipalKind.REGION, "12")
        assert Principal.objects.count() == 1 + allowed

    def test_units_and_posts_stay_in_their_authority(self, school: Organisation) -> None:
        board = found_authority(SYSTEM, school.principal, "Socialnämnden", Sphere.SOCIAL)
        with pytest.raises(Refused) as refused:
            found_unit(SYSTEM, board, "Familjestöd", "family", parent=school.unit)
        assert refused.value.decision.field == "parent"
        top = found_unit(SYSTEM, board, "Familjestöd", "family")
        below = found_unit(SYSTEM, board, "Tidigt team", "early", parent=top)
        assert below.ids_upwards == (below.pk, top.pk)
        with pytest.raises(Refused, match="duty desk"):
            found_post(SYSTEM, below, "social worker", "ines", parent=school.posts["rektor"])
        assert found_post(SYSTEM, below, "social worker", "ines", parent=school.posts["duty desk"]).parent is not None


def test_two_desk_workers_who_leave_at_once_leave_one(committed_world: CommittedWorld) -> None:
    world = make_school()
    world.post("second desk", "Nils", role=PostRole.DUTY_DESK)
    first, second = holding_of(world, "duty desk"), holding_of(world, "second desk")
    left = committed_world.at_once(
        lambda: end_holding(SYSTEM, first, clock.today()).pk, lambda: end_holding(SYSTEM, second, clock.today()).pk
    )
    assert sum(isinstance(one, Refused) for one in left) == 1
    assert Holding.objects.filter(post__role=PostRole.DUTY_DESK, until=None).count() == 1


def test_two_who_take_a_post_at_once_do_not_share_it(committed_world: CommittedWorld) -> None:
    world = make_school()
    vacant = world.post("vacant")
    people = [person("Nils"), person("Lo")]
    taken = committed_world.at_once(*[lambda one=one: hold(SYSTEM, vacant, one, clock.today()).pk for one in people])
    assert sum(isinstance(one, Refused) for one in taken) == 1
    assert Post.objects.get(pk=vacant.pk).holdings.count() == 1
