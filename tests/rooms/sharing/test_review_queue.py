"""The queue of looks to review: what snooping is found, what ordinary work is left alone, and who reviews whom."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.protection.actions import Decided, protect
from samsyn.reviews.actions import Looked, give_verdict, put_in_queue, reviewer_of
from samsyn.reviews.models import Found, LogReview, ReviewKind, Round, Verdict
from samsyn.reviews.rules import Candidate, may_give_verdict, who_reviews
from samsyn.sharing import review_queue
from samsyn.sharing.actions import keep_looks_untold
from samsyn.sharing.models import Involvement, Reason, Scope
from samsyn.sharing.review_queue import make_review_queue
from samsyn.sharing.review_rules import first_week, monday
from samsyn.sharing.words import LOOK_AT_WITHHELD
from samsyn.trail.models import Mode, TrailEntry, TrailSubject
from tests import figures
from tests.rooms.sharing.world import LONG_AGO, NOW, TODAY, World

WEEK = monday(TODAY) - timedelta(weeks=1)
EVERYBODY = ("Bo", "Mats", "Maja", "Hanna", "Kurt", "Ines", "Leyla")


def moment(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week that is gone through; day 0 is its Monday."""
    return datetime.combine(WEEK + timedelta(days=day), time(hour, minute), clock.STOCKHOLM)


def opened(viewer: Viewer, *looks: tuple[Person, datetime]) -> None:
    """The viewer has opened these children's pages, each of which also names a guardian."""
    entries = TrailEntry.objects.bulk_create(
        TrailEntry(
            at=at,
            mode=Mode.READ,
            act="desk:child",
            account_ref=viewer.account_ref,
            person_ref=viewer.person_ref,
            person_label=viewer.person_label,
            post_ref=viewer.post_ref,
            unit_ref=viewer.unit_ref,
            principal_ref=viewer.principal_ref,
            nonce=bytes(16),
            commitment=bytes(32),
        )
        for _, at in looks
    )
    TrailSubject.objects.bulk_create(
        TrailSubject(entry=entry, kind="person", ref=child.ref, child_ref=child.ref)
        for entry, (child, _) in zip(entries, looks, strict=True)
    )


def pupils(world: World, number: int, family: str = "", guardian: Person | None = None) -> list[Person]:
    """So many pupils of the school, whose named person is Bo."""
    made = Person.objects.bulk_create(
        Person(given_name="Barn", family_name=family or f"Familj{one}", created_at=NOW) for one in range(number)
    )
    parents = [guardian] * number if guardian else Person.objects.bulk_create(
        Person(given_name="Vuxen", family_name=one.family_name, created_at=NOW) for one in made
    )  # fmt: skip
    Guardianship.objects.bulk_create(
        Guardianship(child=child, guardian=parent, custody=Custody.SOLE, since=LONG_AGO, source="test")
        for child, parent in zip(made, parents, strict=True)
    )
    begun = NOW - timedelta(days=200)
    around = {"authority": world.authorities["school"], "unit": world.units["stoby"], "since": begun, "source": "test"}
    Involvement.objects.bulk_create(
        Involvement(child=child, reason=reason, scope=scope, post=post, **around)
        for child in made
        for reason, scope, post in (
            (Reason.ATTENDS, Scope.FIND, None),
            (Reason.NAMED_PERSON, Scope.WHOLE, world.posts["Bo"]),
        )
    )
    return made


@pytest.fixture
def at_work(world: World) -> dict[str, Viewer]:
    """Those who read, as they were at work that week."""
    return {name: world.as_(name) for name in EVERYBODY}


# --- snooping and ordinary work --------------------------------------------------------------------------------------


def snoops(world: World, staff: dict[str, Viewer], ordinary: list[Person]) -> set[tuple[UUID, UUID]]:
    """More than a hundred looks that somebody should not have made; who and whom."""
    mats, maja, kurt, ines = (staff[name] for name in ("Mats", "Maja", "Kurt", "Ines"))
    own = pupils(world, 3, "Sundin", world.accounts["Mats"].person)
    colleagues = pupils(world, 10, "Sjö", world.accounts["Hanna"].person)
    namesakes = pupils(world, 10, "Ek")
    ended = pupils(world, 20)
    for child in ended:
        since = NOW - timedelta(days=90)
        Involvement.objects.create(
            child=child, authority=world.authorities["social"], unit=world.units["early team"],
            reason=Reason.ANSWERS_REQUEST, scope=Scope.WHOLE, since=since, until=NOW - timedelta(days=30), source="x",
        )  # fmt: skip
    at_night, spree = ordinary[:15], ordinary[-25:]
    opened(kurt, *[(child, moment(2, 11)) for child in ordinary[20:50]])
    opened(ines, *[(child, moment(1, 9)) for child in ended])
    opened(mats, *[(child, moment(3, 23, 10)) for child in at_night])
    opened(mats, *[(child, moment(day, 10)) for day, child in enumerate([*own])])
    opened(mats, *[(child, moment(number % 5, 10)) for number, child in enumerate([*colleagues, *namesakes])])
    opened(maja, *[(child, moment(6, 15)) for child in spree])
    planted = [
        (kurt, ordinary[20:50]), (ines, ended), (mats, [*at_night, *own, *colleagues, *namesakes]), (maja, spree),
    ]  # fmt: skip
    return {(viewer.account_ref, child.ref) for viewer, children in planted for child in children}


def ordinary_work(staff: dict[str, Viewer], children: list[Person]) -> int:
    """The named person at all hours, and others at the school by day; how many looks."""
    chance = random.Random(11)  # a world that is the same every time, no secret
    bo = [(chance.choice(children), moment(chance.randrange(7), chance.randrange(24))) for _ in range(1500)]
    opened(staff["Bo"], *bo)
    number = len(bo)
    for name in ("Mats", "Maja", "Hanna"):
        for day in range(5):
            class_of_the_day = chance.sample(children[50:150], 6)
            looks = [(chance.choice(class_of_the_day), moment(day, chance.randrange(8, 16))) for _ in range(100)]
            opened(staff[name], *looks)
            number += len(looks)
    return number


def test_snooping_is_found_and_ordinary_work_is_left_alone(world: World, at_work: dict[str, Viewer]) -> None:
    children = pupils(world, 200)
    number = ordinary_work(at_work, children)
    planted = snoops(world, at_work, children)
    assert len(planted) >= 100
    make_review_queue()
    queued = set(LogReview.objects.values_list("reader_account_ref", "child__ref"))
    found, wrong = len(planted & queued), len(queued - planted)
    figures.tell("review", snoops=len(planted), found=found, looks=number, wrong=wrong)
    assert found >= 0.95 * len(planted)
    assert wrong / number <= 5 / 1000
    assert Round.objects.get(week=WEEK).looks == number + len(planted)


def test_a_week_is_gone_through_once_and_everybody_gets_one_review_for_one_child(
    world: World, at_work: dict[str, Viewer]
) -> None:
    (child,) = pupils(world, 1)
    opened(at_work["Kurt"], (child, moment(0, 9)), (child, moment(4, 23)))
    assert make_review_queue() == 1
    assert make_review_queue() == 0
    review = LogReview.objects.get()
    assert review.why == ["no_reason", "night"]
    assert len(review.entries) == 2
    with clock.at(NOW + timedelta(weeks=1)):
        assert make_review_queue() == 0
    assert Round.objects.count() == 2


def test_what_kurt_opened_is_reviewed_though_nothing_happened_by_itself_for_three_weeks(
    world: World, at_work: dict[str, Viewer]
) -> None:
    (child,) = pupils(world, 1)
    make_review_queue()
    opened(at_work["Kurt"], (child, moment(7, 9)), (child, moment(14, 23)))
    with clock.at(NOW + timedelta(weeks=3)):
        assert make_review_queue() == 2
        assert make_review_queue() == 0
    assert [one.why for one in LogReview.objects.order_by("pk")] == [["no_reason"], ["no_reason", "night"]]
    assert Round.objects.count() == 4


def test_a_clock_that_was_a_month_ahead_for_a_moment_takes_no_week_from_review(
    world: World, at_work: dict[str, Viewer]
) -> None:
    (child,) = pupils(world, 1)
    make_review_queue()
    with clock.at(NOW + timedelta(weeks=5)):
        make_review_queue()
    opened(at_work["Kurt"], (child, moment(7, 9)), (child, moment(14, 23)))
    for weeks in (1, 2):
        with clock.at(NOW + timedelta(weeks=weeks)):
            assert make_review_queue() == 1


def test_whoever_was_active_in_a_quarter_whose_last_weeks_nothing_went_through_is_reviewed(
    world: World, at_work: dict[str, Viewer]
) -> None:
    (child,) = pupils(world, 1)
    start = first_week(WEEK, 13)
    days = (start - WEEK).days
    names = ("Bo", "Mats", "Hanna", "Maja")
    for name in names:
        opened(at_work[name], (child, moment(days, 9)))
    with clock.at(clock.noon(start + timedelta(weeks=1))):
        make_review_queue()
    with clock.at(clock.noon(start + timedelta(weeks=16))):
        make_review_queue()
    readers = {at_work[name].account_ref for name in names}
    assert set(LogReview.objects.values_list("reader_account_ref", flat=True)) == readers


def test_two_quarters_that_are_gone_through_at_once_are_two(world: World, at_work: dict[str, Viewer]) -> None:
    (child,) = pupils(world, 1)
    start = first_week(WEEK, 13)
    days = (start - WEEK).days
    with clock.at(clock.noon(start)):
        make_review_queue()
    for weeks in (0, 12, 13, 25):
        opened(at_work["Bo"], (child, moment(days + 7 * weeks, 9)))
    with clock.at(clock.noon(start + timedelta(weeks=27))):
        make_review_queue()
    reviewed = [date.fromisoformat(one.key[:10]) for one in LogReview.objects.order_by("pk")]
    assert [first_week(one, 13) for one in reviewed] == [start, start + timedelta(weeks=13)]


def test_a_week_in_which_something_stands_in_the_way_is_tried_again_and_not_passed_over(
    world: World, at_work: dict[str, Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    (child,) = pupils(world, 1)
    opened(at_work["Kurt"], (child, moment(0, 9)), (child, moment(7, 9)))

    def in_the_way(*_args: object, **_named: object) -> None:
        raise IntegrityError("the row is there already")

    with monkeypatch.context() as for_a_moment:
        for_a_moment.setattr(review_queue, "let_work", in_the_way)
        with pytest.raises(IntegrityError):
            make_review_queue()
    assert not Round.objects.exists()
    assert make_review_queue() == 1


def test_a_list_of_many_children_tells_of_none(world: World, at_work: dict[str, Viewer]) -> None:
    first, second = pupils(world, 2)
    opened(at_work["Kurt"], (first, moment(0, 9)))
    TrailSubject.objects.create(entry=TrailEntry.objects.get(), kind="person", ref=second.ref, child_ref=second.ref)
    assert make_review_queue() == 0


def test_whoever_was_active_in_a_quarter_is_reviewed_in_it(world: World, at_work: dict[str, Viewer]) -> None:
    (child,) = pupils(world, 1)
    for name in ("Bo", "Mats", "Hanna"):
        opened(at_work[name], (child, moment(0, 9)))
    for weeks in range(14):
        with clock.at(NOW + timedelta(weeks=weeks)):
            make_review_queue()
    readers = {at_work[name].account_ref for name in ("Bo", "Mats", "Hanna")}
    assert set(LogReview.objects.filter(why=["sample"]).values_list("reader_account_ref", flat=True)) == readers


# --- who reviews -----------------------------------------------------------------------------------------------------


def looked(world: World, name: str) -> Looked:
    account = world.accounts[name]
    return Looked(account.person, account.ref, world.posts[name], world.signe)


def test_nobody_reviews_the_own_looks_not_even_the_head_of_the_unit(world: World) -> None:
    for name in ("Mats", "Hanna", "Bo", "Edvin", "Kurt"):
        reviewer = reviewer_of(world.posts[name], world.accounts[name].person)
        assert reviewer != world.posts[name]
    assert reviewer_of(world.posts["Mats"], world.accounts["Mats"].person) == world.posts["Hanna"]
    assert reviewer_of(world.posts["Hanna"], world.accounts["Hanna"].person) != world.posts["Hanna"]


def test_the_post_above_reviews_before_a_head_elsewhere(world: World) -> None:
    maja = world.posts["Maja"]
    maja.parent = world.posts["Bo"]
    maja.save()
    assert reviewer_of(maja, world.accounts["Maja"].person) == world.posts["Bo"]
    world.away("Bo", covered_by="Maja")
    assert reviewer_of(maja, world.accounts["Maja"].person) == world.posts["Hanna"], "Maja stands in for Bo today"


def test_the_first_who_is_somebody_else_reviews() -> None:
    candidates = [Candidate(1, 10), Candidate(2, 20), Candidate(3, 30)]
    assert who_reviews(candidates, 5, 50) == 1
    assert who_reviews(candidates, 1, 50) == 2
    assert who_reviews(candidates, 5, 10) == 2
    assert who_reviews([Candidate(1, 10)], 5, 10) is None
    assert who_reviews(candidates, 5, 50, kin={10, 20}) == 3


def test_nobody_of_the_own_family_reviews_who_looked_at_a_child_or_why_that_is_not_told(world: World) -> None:
    world.named()
    mother = world.accounts["Hanna"].person
    Guardianship.objects.create(child=world.signe, guardian=mother, custody="joint", since=LONG_AGO, source="test")
    review = put_in_queue(looked(world, "Mats"), ["same_name"], key="x")
    assert review.reviewer not in (world.posts["Hanna"], world.posts["Mats"])
    on = TODAY + timedelta(days=30)
    keep_looks_untold(world.as_("Mats"), world.signe, "Hon är rädd hemma.", since=TODAY, until=None, look_again_on=on)
    duty = Duty.objects.get(what=LOOK_AT_WITHHELD)
    assert duty.post not in (world.posts["Hanna"], world.posts["Mats"])


def test_an_emergency_is_reviewed_within_five_working_days_and_put_in_once(world: World) -> None:
    opening = UUID(int=9)
    for _ in range(2):
        review = put_in_queue(
            looked(world, "Mats"),
            ["emergency"],
            key=f"emergency|{opening}",
            kind=ReviewKind.EMERGENCY,
        )
    duty = Duty.objects.get(object_ref=review.ref)
    assert (duty.rule, duty.post, duty.child) == ("emergency_access_reviewed", world.posts["Hanna"], world.signe)
    assert duty.due_at.astimezone(clock.STOCKHOLM).date() == TODAY + timedelta(days=7)


# --- the verdict -----------------------------------------------------------------------------------------------------


def test_a_verdict_ends_the_duty_stands_and_is_in_the_trail(world: World) -> None:
    review = put_in_queue(looked(world, "Mats"), ["night"], key="one")
    verdict = give_verdict(world.as_("Hanna"), review, "in_order", "Han ersatte Bo den kvällen.")
    assert (verdict.found, verdict.by, verdict.by_person) == (
        Found.IN_ORDER, world.posts["Hanna"], world.accounts["Hanna"].person,
    )  # fmt: skip
    assert Duty.objects.get(object_ref=review.ref).state == DutyState.DONE
    entry = TrailEntry.objects.get(act="review.given")
    assert [(one.kind, one.ref, one.child_ref) for one in entry.subjects.all()] == [("review", review.ref, None)]
    with pytest.raises(Refused, match="already"):
        give_verdict(world.as_("Hanna"), review, "not_in_order", "Nej.")
    assert Verdict.objects.count() == 1


def test_who_looked_gives_no_verdict_though_the_queue_has_come_to_them(world: World) -> None:
    review = put_in_queue(looked(world, "Mats"), ["night"], key="one")
    world.away("Hanna", covered_by="Mats")
    with pytest.raises(Refused, match="your own looks"):
        give_verdict(world.as_("Mats", "Hanna"), review, "in_order", "Det var jag.")


def test_the_childs_own_family_gives_no_verdict_though_the_queue_has_come_to_them(world: World) -> None:
    review = put_in_queue(looked(world, "Mats"), ["night"], key="one")
    mother = world.accounts["Maja"].person
    Guardianship.objects.create(child=world.signe, guardian=mother, custody="joint", since=LONG_AGO, source="test")
    world.away("Hanna", covered_by="Maja")
    with pytest.raises(Refused, match="own family"):
        give_verdict(world.as_("Maja", "Hanna"), review, "in_order", "Det var min dotter.")


def test_a_verdict_is_one_of_two_and_has_a_sentence(world: World) -> None:
    review = put_in_queue(looked(world, "Mats"), ["night"], key="one")
    for found, words in (("", "Nej."), ("maybe", "Nej."), ("in_order", "  ")):
        with pytest.raises(Refused):
            give_verdict(world.as_("Hanna"), review, found, words)
    assert not may_give_verdict(False, False, "in_order", "")
    assert may_give_verdict(False, False, "in_order", "Ja.")


def test_the_queue_is_seen_by_the_post_that_reviews_alone(world: World) -> None:
    put_in_queue(looked(world, "Mats"), ["night"], key="one")
    who = [name for name in EVERYBODY if LogReview.objects.visible_to(world.as_(name)).exists()]
    assert who == ["Hanna"]


def test_whoever_looked_at_a_hidden_child_is_reviewed_by_somebody_who_may_know_of_it(
    world: World, at_work: dict[str, Viewer]
) -> None:
    world.named()
    marking = protect(at_work["Bo"], world.signe, Decided("protected", "OSL 21:3", TODAY))
    opened(at_work["Bo"], *[(marking.person, moment(day, 23, 30)) for day in range(5)])
    make_review_queue()
    review = LogReview.objects.get(child=world.signe)
    names = {post.pk: name for name, post in world.posts.items()}
    reviewer = world.as_(names[review.reviewer_id])
    assert reviewer.post != at_work["Bo"].post
    assert LogReview.objects.visible_to(reviewer).filter(pk=review.pk).exists()
