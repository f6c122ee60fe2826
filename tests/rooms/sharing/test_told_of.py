"""What is closed to somebody in the family, or kept from them, is not told of by the row that shared it either."""

from __future__ import annotations

from dataclasses import replace

import pytest

from samsyn.common.models import Referenced
from samsyn.early_signals.actions import answer_five_questions, save_draft, send_request, send_sign, start_draft
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import Answers, Noted
from samsyn.sharing.actions import (
    About,
    Sharing,
    answer_challenge,
    challenge,
    decide_in_family,
    disclose,
    end_family_decision,
    mark_for_family,
    meet_family,
)
from samsyn.sharing.models import Consent, ConsentAnswer, Disclosure, DisclosureItem, NoteClass
from tests.rooms.sharing.test_family import as_family, school, sees, sign_about, talk
from tests.rooms.sharing.world import TODAY, World

CLASSES = [note for note in NoteClass.values if note != NoteClass.TOLD_ALONE]


@pytest.fixture
def sign(world: World) -> Sign:
    """A sign that both guardians and Signe have talked about with Bo."""
    sign = sign_about(world)
    talk(world, sign, world.amal, world.olof)
    return sign


@pytest.fixture
def row(world: World, sign: Sign) -> Disclosure:
    """What Bo has shared with the early team, and told the family of: the sign, and who is named person."""
    ground = Sharing(
        gate="consent",
        consent=world.consent("early team", kinds=("sign", "circle")),
        purpose="Lugna måndagar",
        told="Vi har pratat.",
    )
    items, to = [("sign", sign.ref)], world.units["early team"]
    return disclose(world.as_("Bo"), world.signe, world.authorities["school"], to, items, ground)


@pytest.mark.parametrize("what", ["the sign", "every sign", "everything"])
def test_a_sign_that_is_closed_to_amal_is_not_told_of_by_the_row_that_shared_it(
    world: World, sign: Sign, row: Disclosure, what: str
) -> None:
    bo = world.as_("Bo")
    said = challenge(as_family(world.amal), row, "Det stämmer inte.")
    answered = answer_challenge(bo, said, "Vi har sett på det igen.")
    assert all(sees(world.amal, one) for one in (sign, row, said, answered))
    about = {"the sign": school(world, "sign", sign), "every sign": school(world, "sign"), "everything": school(world)}
    closed = decide_in_family(bo, world.signe, world.amal, about[what], opens=False, reason="Det är farligt.")
    assert not any(sees(world.amal, one) for one in (sign, row, said, answered))
    assert sees(world.olof, row)
    end_family_decision(bo, closed, "Det behövs inte längre.")
    assert sees(world.amal, row)


def test_what_another_authority_closes_is_not_about_the_schools_sign(world: World, sign: Sign, row: Disclosure) -> None:
    about = About(world.authorities["social"], "sign", sign.ref)
    decide_in_family(world.as_("Ines"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, row)


@pytest.mark.parametrize("note", CLASSES)
def test_a_marked_sign_is_not_told_of_until_it_is_opened(
    world: World, sign: Sign, row: Disclosure, note: NoteClass
) -> None:
    bo = world.as_("Bo")
    mark_for_family(bo, world.signe, school(world, "sign", sign), note)
    assert not sees(world.amal, row)
    decide_in_family(bo, world.signe, world.amal, school(world, "sign", sign), opens=True, reason="De vet redan.")
    assert sees(world.amal, sign)
    assert sees(world.amal, row)
    assert not sees(world.olof, row)


@pytest.fixture
def written(world: World, sign: Sign) -> dict[str, Referenced]:
    """What Bo has written about the sign, all of it of kinds that he has opened to Amal: a talk, the five questions and
    a request for help."""
    bo = world.as_("Bo")
    held = talk(world, sign, world.olof)
    answers = Answers("Oro.", "Ja.", "Lugn.", "Ja.", "Hjälp.", decision="request")
    five = answer_five_questions(bo, sign, answers)
    ground = Sharing(
        gate="consent",
        consent=world.consent("early team", kinds=("sign", "request")),
        purpose="Lugna måndagar",
        told="Vi har pratat.",
    )
    to = world.units["early team"]
    asked = send_request(bo, world.signe, sign, to, wanted="Stöd", background="Magont", ground=ground)
    found: dict[str, Referenced] = {"talk": held, "five_questions": five, "request": asked}
    for kind in found:
        decide_in_family(bo, world.signe, world.amal, school(world, kind), opens=True, reason="Hon vill följa det.")
    return found


KINDS = ("talk", "five_questions", "request")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["the sign", "every sign"])
def test_what_was_written_about_a_sign_is_closed_with_it(
    world: World, sign: Sign, written: dict[str, Referenced], kind: str, what: str
) -> None:
    row, bo = written[kind], world.as_("Bo")
    assert sees(world.amal, row)
    about = school(world, "sign", sign if what == "the sign" else None)
    closed = decide_in_family(bo, world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert not sees(world.amal, row)
    end_family_decision(bo, closed, "Det behövs inte längre.")
    assert sees(world.amal, row)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_about_what_the_child_told_alone_is_no_guardians(
    world: World, sign: Sign, written: dict[str, Referenced], kind: str
) -> None:
    bo, row = world.as_("Bo"), written[kind]
    mark_for_family(bo, world.signe, school(world, "sign", sign), NoteClass.TOLD_ALONE)
    assert not sees(world.amal, row)
    decide_in_family(bo, world.signe, world.amal, school(world, kind, row), opens=True, reason="Hon vet redan.")
    assert not sees(world.amal, row)
    decide_in_family(bo, world.signe, world.signe, school(world, kind), opens=True, reason="Hon vill läsa.")
    assert sees(world.signe, row), "the child itself told it"


@pytest.mark.parametrize("kind", KINDS)
def test_another_sign_that_is_closed_takes_nothing_that_was_written_away(
    world: World, written: dict[str, Referenced], kind: str
) -> None:
    about = school(world, "sign", sign_about(world))
    decide_in_family(world.as_("Bo"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, written[kind])


def test_a_request_about_no_sign_is_read_where_every_sign_is_closed(world: World) -> None:
    world.named()
    bo, to = world.as_("Bo"), world.units["early team"]
    talk(world, sign_about(world), world.amal)
    yes = world.consent("early team", kinds=("request",))
    ground = Sharing(gate="consent", consent=yes, purpose="Lugna måndagar", told="Vi har pratat.")
    asked = send_request(bo, world.signe, None, to, wanted="Stöd", background="Magont", ground=ground)
    decide_in_family(bo, world.signe, world.amal, school(world, "request"), opens=True, reason="Hon vill följa det.")
    decide_in_family(bo, world.signe, world.amal, school(world, "sign"), opens=False, reason="Det är farligt.")
    assert sees(world.amal, asked)


@pytest.fixture
def asked(world: World, sign: Sign) -> Consent:
    """Bo asks whether this one sign may be shared. Amal has said yes."""
    consent = world.ask("early team", kinds=(), items=[("sign", sign.ref)])
    world.answer(consent, world.amal, "given")
    return consent


@pytest.mark.parametrize("what", ["the sign", "every sign"])
def test_a_question_that_names_a_sign_is_closed_with_it(world: World, sign: Sign, asked: Consent, what: str) -> None:
    bo, answered = world.as_("Bo"), ConsentAnswer.objects.get(consent=asked)
    assert sees(world.amal, asked)
    assert sees(world.amal, answered)
    about = school(world, "sign", sign if what == "the sign" else None)
    closed = decide_in_family(bo, world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert not sees(world.amal, asked)
    assert not sees(world.amal, answered)
    assert sees(world.olof, asked)
    end_family_decision(bo, closed, "Det behövs inte längre.")
    assert sees(world.amal, asked)


ROW_OR_QUESTION = pytest.mark.parametrize("fixture", ["row", "asked"], ids=["a row of the ledger", "a question"])


@ROW_OR_QUESTION
def test_what_the_child_told_alone_is_told_of_to_no_guardian_whatever_is_opened(
    world: World, sign: Sign, fixture: str, request: pytest.FixtureRequest
) -> None:
    bo, told = world.as_("Bo"), request.getfixturevalue(fixture)
    mark_for_family(bo, world.signe, school(world, "sign", sign), NoteClass.TOLD_ALONE)
    about = school(world, told.seen.kind, told)
    decide_in_family(bo, world.signe, world.amal, about, opens=True, reason="Hon vet redan.")
    assert not sees(world.amal, told)


@ROW_OR_QUESTION
def test_another_sign_that_is_closed_takes_nothing_away(
    world: World, fixture: str, request: pytest.FixtureRequest
) -> None:
    told = request.getfixturevalue(fixture)
    about = school(world, "sign", sign_about(world))
    decide_in_family(world.as_("Bo"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, told)


@pytest.mark.parametrize("what", ["the sign", "every sign"])
def test_a_sign_that_was_sent_to_another_authority_is_closed_by_the_one_that_holds_it(world: World, what: str) -> None:
    world.named(post="Siv")
    draft = start_draft(world.as_("Maja"), world.signe)
    noted = Noted("worry", TODAY, saw="Ont i magen.", areas=("safe",), talked_with=("child",), did="Vilade.")
    yes = world.consent("bvc", kinds=("sign",))
    ground = Sharing(gate="consent", consent=yes, purpose="Lugna måndagar", told="Vi har pratat.", rendering="Ont.")
    sent = send_sign(world.as_("Maja"), save_draft(world.as_("Maja"), draft, noted, draft.version), ground)
    row = sent.disclosure
    assert row is not None
    meet_family(world.signe, [world.amal.pk, world.olof.pk], sent.ref)
    assert sees(world.amal, sent)
    assert sees(world.amal, row)
    siv, kind = world.as_("Siv"), About(world.authorities["region"], "sign")
    about = kind if what == "every sign" else replace(kind, item_ref=sent.ref)
    decide_in_family(siv, world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert not sees(world.amal, sent)
    assert not sees(world.amal, row)
    assert sees(world.olof, row)


@pytest.fixture(params=["a row of the ledger", "a question"])
def told_of_written(
    world: World, written: dict[str, Referenced], request: pytest.FixtureRequest
) -> dict[str, Disclosure | Consent]:
    """For each of what Bo has written about the sign: a row that shares it alone, or a question that names it alone."""
    found: dict[str, Disclosure | Consent] = {}
    for kind, one in written.items():
        item = (kind, one.ref)
        if request.param == "a question":
            found[kind] = world.ask("early team", kinds=(), items=[item])
            continue
        ground = Sharing(
            gate="consent",
            consent=world.consent("early team", kinds=(kind,)),
            purpose="Lugna måndagar",
            told="Vi har pratat.",
        )
        to = world.units["early team"]
        found[kind] = disclose(world.as_("Bo"), world.signe, world.authorities["school"], to, [item], ground)
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["the sign", "every sign"])
def test_what_tells_of_something_written_about_a_sign_is_closed_with_the_sign(
    world: World, sign: Sign, told_of_written: dict[str, Disclosure | Consent], kind: str, what: str
) -> None:
    row, bo = told_of_written[kind], world.as_("Bo")
    assert sees(world.amal, row)
    about = school(world, "sign", sign if what == "the sign" else None)
    closed = decide_in_family(bo, world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert not sees(world.amal, row)
    assert sees(world.olof, row)
    end_family_decision(bo, closed, "Det behövs inte längre.")
    assert sees(world.amal, row)


@pytest.mark.parametrize("kind", KINDS)
def test_what_tells_of_something_written_about_what_the_child_told_alone_is_no_guardians(
    world: World, sign: Sign, told_of_written: dict[str, Disclosure | Consent], kind: str
) -> None:
    bo, row = world.as_("Bo"), told_of_written[kind]
    mark_for_family(bo, world.signe, school(world, "sign", sign), NoteClass.TOLD_ALONE)
    assert not sees(world.amal, row)
    about = school(world, "disclosure" if isinstance(row, Disclosure) else "consent")
    decide_in_family(bo, world.signe, world.amal, about, opens=True, reason="Hon vet redan.")
    assert not sees(world.amal, row)


@pytest.mark.parametrize("kind", KINDS)
def test_what_tells_of_something_written_about_one_sign_is_read_where_another_is_closed(
    world: World, told_of_written: dict[str, Disclosure | Consent], kind: str
) -> None:
    about = school(world, "sign", sign_about(world))
    decide_in_family(world.as_("Bo"), world.signe, world.amal, about, opens=False, reason="Det är farligt.")
    assert sees(world.amal, told_of_written[kind])


@pytest.mark.parametrize("opened", ["the row", "every row"])
def test_what_is_shared_on_a_yes_that_adam_gave_alone_is_told_of_to_no_guardian_whatever_is_opened(
    world: World, opened: str
) -> None:
    world.named(world.adam)
    sign = sign_about(world, world.adam)
    talk(world, sign, world.amal)
    yes = world.ask(child=world.adam, kinds=("sign", "request"), child_part="alone", child_reason="Han vill själv.")
    world.answer(yes, world.adam, "given")
    bo, to = world.as_("Bo"), world.units["early team"]
    ground = Sharing(gate="consent", consent=yes, purpose="Någon att prata med", told="Adam vill det.")
    asked = send_request(bo, world.adam, sign, to, wanted="Stöd", background="Sömn", ground=ground)
    row = Disclosure.objects.get(consent=yes)
    about = school(world, "disclosure", row if opened == "the row" else None)
    for one in (about, school(world, "sign"), school(world, "request"), school(world, "consent")):
        decide_in_family(bo, world.adam, world.amal, one, opens=True, reason="Hon vill följa det.")
    assert sees(world.amal, sign)
    assert not sees(world.amal, yes)
    assert not sees(world.amal, row)
    assert not sees(world.amal, asked)
    assert sees(world.adam, row)


def test_a_request_that_is_opened_as_it_is_sent_says_which_sign_it_is_about(
    world: World, sign: Sign, written: dict[str, Referenced]
) -> None:
    items = DisclosureItem.objects.filter(ref=written["request"].ref)
    assert {one.kind: (one.about_kind, one.about_ref) for one in items} == {
        "request": ("sign", sign.ref),
        "claim": ("sign", sign.ref),
    }
