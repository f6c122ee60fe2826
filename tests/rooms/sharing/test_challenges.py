"""The family finds something wrong: it is written down, answered by who decided, and neither goes away."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.notices.models import Notice
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Person
from samsyn.sharing.actions import Sharing, answer_challenge, challenge, claim_error, disclose
from samsyn.sharing.models import Challenge, ChallengeAnswer, ClaimOfError, Disclosure, Way
from tests.rooms.sharing.world import TODAY, World

WRONG = "Jag tycker att det är fel."


def at_home(who: Person) -> Viewer:
    """Somebody in the family, signed in without a post."""
    account, _made = Account.objects.get_or_create(person=who, defaults={"sign_in_name": f"home{who.pk}"})
    return viewer_for(account, None, clock.now())


def shared(world: World, **change: object) -> Disclosure:
    """Bo has opened the plan to Ines' unit on the family's yes."""
    world.named()
    facts: dict[str, object] = {"gate": "consent", "purpose": "x", "told": "Ni vet.", "consent": world.consent()}
    ground = Sharing(**{**facts, **change})  # type: ignore[arg-type]  # the test's own words
    sender, receiver = world.authorities["school"], world.units["early team"]
    return disclose(world.as_("Bo"), world.signe, sender, receiver, [("plan", uuid4())], ground)


def test_amal_says_that_it_is_wrong_and_bo_who_decided_has_to_answer_within_five_working_days(world: World) -> None:
    row = shared(world)
    made = challenge(at_home(world.amal), row, WRONG)
    assert (made.by, made.recorded_by, made.words) == (world.amal, None, WRONG)
    duty = Duty.objects.get(object_ref=made.ref)
    assert (duty.what, duty.post, duty.rule) == ("answer_challenge", world.posts["Bo"], "answer_challenge")
    assert duty.due_at.astimezone(clock.STOCKHOLM).date() == TODAY + timedelta(days=7)
    assert Notice.objects.get(object_ref=made.ref).post == world.posts["Bo"]


def test_the_child_itself_can_say_so_and_the_words_stay_the_childs(world: World) -> None:
    assert challenge(at_home(world.signe), shared(world), "Det stämmer inte.").by == world.signe


def test_bo_writes_down_what_olof_says(world: World) -> None:
    made = challenge(world.as_("Bo"), shared(world), WRONG, by=world.olof)
    assert (made.by, made.recorded_by) == (world.olof, world.posts["Bo"])


@pytest.mark.parametrize(
    ("who", "by", "words", "reason"),
    [
        ("Bo", "mats", WRONG, "custody today"),
        ("Ines", "olof", WRONG, "whose information it is"),
        ("Bo", "olof", "  ", "in your own words"),
    ],
)
def test_what_is_not_written_down(world: World, who: str, by: str, words: str, reason: str) -> None:
    speaker = world.olof if by == "olof" else world.accounts["Mats"].person
    with pytest.raises(Refused, match=reason):
        challenge(world.as_(who), shared(world), words, by=speaker)


def test_a_stranger_cannot_say_it_and_an_unknown_row_is_not_confirmed(world: World) -> None:
    row = shared(world)
    with pytest.raises(Refused, match="custody today"):
        challenge(at_home(world.accounts["Kurt"].person), row, WRONG)
    hidden = shared(world, told="", withheld_because="Hot hemma")
    with pytest.raises(Refused, match="not been told"):
        challenge(at_home(world.amal), hidden, WRONG)


def test_the_answer_stands_beside_it_and_ends_the_duty(world: World) -> None:
    made = challenge(at_home(world.amal), shared(world), WRONG)
    answer = answer_challenge(world.as_("Bo"), made, "Vi behövde berätta, men du har rätt om datumet.")
    assert (answer.challenge, answer.outcome, answer.answered_by) == (made, "kept", world.posts["Bo"])
    assert Duty.objects.get(object_ref=made.ref).state == DutyState.DONE
    assert Disclosure.objects.get(pk=made.disclosure_id).ended_at is None


def test_the_answer_can_be_that_it_is_closed_and_then_it_is_closed_in_that_moment(world: World) -> None:
    made = challenge(at_home(world.amal), shared(world), WRONG)
    answer_challenge(world.as_("Bo"), made, "Du har rätt.", "closed")
    row = Disclosure.objects.get(pk=made.disclosure_id)
    assert row.ended_at is not None
    assert row.ended_because == "found_wrong"


def test_a_copy_that_was_handed_over_cannot_be_closed_and_the_answer_says_so(world: World) -> None:
    made = challenge(at_home(world.amal), shared(world, way=Way.DELIVERED, rendering="Text"), WRONG)
    with pytest.raises(Refused, match="A copy that was handed over stays"):
        answer_challenge(world.as_("Bo"), made, "Du har rätt.", "closed")


@pytest.mark.parametrize(
    ("who", "words", "outcome", "reason"),
    [
        ("Ines", "Nej", "kept", "whose information it is"),
        ("Bo", " ", "kept", "Write your answer"),
        ("Bo", "Nej", "gone", "what you have decided"),
    ],
)
def test_what_is_no_answer(world: World, who: str, words: str, outcome: str, reason: str) -> None:
    made = challenge(at_home(world.amal), shared(world), WRONG)
    with pytest.raises(Refused, match=reason):
        answer_challenge(world.as_(who), made, words, outcome)


def test_it_is_answered_once(world: World) -> None:
    made = challenge(at_home(world.amal), shared(world), WRONG)
    answer_challenge(world.as_("Bo"), made, "Nej.")
    with pytest.raises(Refused, match="answered already"):
        answer_challenge(world.as_("Bo"), made, "Jo.")


def test_a_second_challenge_is_a_row_and_a_duty_of_its_own(world: World) -> None:
    row = shared(world)
    first, second = (challenge(at_home(who), row, WRONG) for who in (world.amal, world.olof))
    answer_challenge(world.as_("Bo"), first, "Nej.")
    assert Duty.objects.get(object_ref=second.ref).state == DutyState.OPEN
    assert second in Challenge.objects.visible_to(world.as_("Bo"))


def test_whoever_decided_can_read_it_until_it_is_answered_also_without_any_other_reason(world: World) -> None:
    row = shared(world, decided_by=(world.posts["Mats"].pk, world.accounts["Mats"].person_id))
    mats = world.as_("Mats")
    assert row not in Disclosure.objects.visible_to(mats)
    made = challenge(at_home(world.amal), row, WRONG)
    assert row in Disclosure.objects.visible_to(mats)
    answer_challenge(mats, made, "Nej.")
    assert row not in Disclosure.objects.visible_to(mats)


def test_the_receiver_does_not_read_what_the_family_said_to_the_sender(world: World) -> None:
    made = challenge(at_home(world.amal), shared(world), WRONG)
    ines = world.as_("Ines")
    assert made.disclosure in Disclosure.objects.visible_to(ines)
    assert not Challenge.objects.visible_to(ines).exists()
    answer_challenge(world.as_("Bo"), made, "Nej.")
    assert not ChallengeAnswer.objects.visible_to(ines).exists()


def test_when_the_post_that_decided_is_no_more_the_one_above_answers(world: World) -> None:
    row = shared(world)
    mats = world.posts["Mats"]
    Disclosure.objects.filter(pk=row.pk).update(decided_by=mats)
    mats.ended_on, mats.parent = clock.today(), world.posts["Hanna"]
    mats.save()
    made = challenge(at_home(world.amal), Disclosure.objects.get(pk=row.pk), WRONG)
    assert Duty.objects.get(object_ref=made.ref).post == world.posts["Hanna"]


def test_a_claim_of_error_stands_beside_the_text_and_neither_goes_away(world: World) -> None:
    world.named()
    sign, school = uuid4(), world.authorities["school"].pk
    claim = claim_error(world.as_("Bo"), world.signe, school, ("sign", sign), "Hon var sjuk.", by=world.amal)
    assert claim in ClaimOfError.objects.visible_to(world.as_("Bo"))
    for change in (lambda: ClaimOfError.objects.update(words="Nej"), lambda: ClaimOfError.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_claim_is_seen_by_who_reads_the_text_through_a_disclosure(world: World) -> None:
    world.named()
    sign, school = uuid4(), world.authorities["school"]
    ground = Sharing(gate="consent", purpose="x", told="x", consent=world.consent("early team", kinds=("sign",)))
    disclose(world.as_("Bo"), world.signe, school, world.units["early team"], [("sign", sign)], ground)
    claim = claim_error(at_home(world.amal), world.signe, school.pk, ("sign", sign), "Hon var sjuk.")
    other = claim_error(at_home(world.amal), world.signe, school.pk, ("sign", uuid4()), "Hon var sjuk.")
    seen = ClaimOfError.objects.visible_to(world.as_("Ines"))
    assert claim in seen
    assert other not in seen
    assert not ClaimOfError.objects.visible_to(world.as_("Edvin")).exists()


def test_others_claim_nothing(world: World) -> None:
    school = world.authorities["school"].pk
    for who in (world.as_("Ines"), at_home(world.accounts["Kurt"].person)):
        with pytest.raises(Refused):
            claim_error(who, world.signe, school, ("sign", uuid4()), "Fel.")
    with pytest.raises(Refused, match="in your own words"):
        claim_error(at_home(world.amal), world.signe, school, ("sign", uuid4()), " ")
