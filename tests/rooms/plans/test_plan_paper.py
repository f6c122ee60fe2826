"""The plan on paper: made once, outside the request, tagged, in every language; silent when it fails."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common import clock
from samsyn.common.decision import Refused
from samsyn.common.text import clean_text
from samsyn.notices.models import Notice
from samsyn.organisations.models import LocalLabel
from samsyn.people.models import Protection
from samsyn.plans import tasks
from samsyn.plans.actions import close, decline
from samsyn.plans.models import Plan, PlanPaper, ViewKind
from samsyn.plans.paper import PaperNotMade, print_plan
from samsyn.plans.paper.drawing import parted
from samsyn.plans.paper.facts import Facts, facts_of
from samsyn.plans.paper.letters import CANNOT_BE_DRAWN, drawable, fit_for_paper
from samsyn.plans.review_actions import LookBack, finish_review, start_review
from samsyn.plans.step_actions import action_done, action_left_out
from samsyn.plans.tasks import ask_for_paper, make_paper
from samsyn.plans.view_actions import ViewText, mark_wheel, record_view
from samsyn.sharing.models import Disclosure
from samsyn.trail.models import TrailEntry
from tests.queue import waiting, work_off
from tests.rooms.plans.world import TODAY, Around, now

MADE_AT = 1_794_900_000
LANGUAGES = [code for code, _ in settings.LANGUAGES]


def whole(world: Around) -> Plan:
    """A plan in force with a wheel, and views in two scripts."""
    plan = world.in_force()
    mark_wheel(world.bo, plan, True, {"safe": 2, "included": 2}, made_on=TODAY - timedelta(days=60))
    mark_wheel(world.bo, plan, True, {"safe": 3, "included": 2})
    mark_wheel(world.bo, plan, False, {"safe": 3, "included": 4})
    record_view(world.bo, plan, world.amal, ViewText(ViewKind.SAID, "يوم الاثنين هو الأصعب. 0451-26 70 00"))
    record_view(world.bo, plan, world.olof, ViewText(ViewKind.SAID, "Hon mår bra hos mig.", disagrees=True))
    return now(plan)


def facts(plan: Plan, language: str = "sv") -> Facts:
    """What stands on the paper in a language."""
    with translation.override(language):
        return facts_of(now(plan), clock.now())


def everything(value: Any) -> str:
    """All words of the facts, without the drawing."""
    return json.dumps(value, ensure_ascii=False)


def as_pdf_string(words: str) -> bytes:
    """A text as the document's structure holds it: plain when it is ASCII, else UTF-16 in hexadecimal digits."""
    if words.isascii():
        return b"/Alt(" + words.encode() + b")"
    return b"/Alt<FEFF" + words.encode("utf-16-be").hex().upper().encode() + b">"


# --- the document -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_tagged_in_its_own_language_and_direction_without_a_warning(world: Around, language: str) -> None:
    content, warnings = print_plan(facts(whole(world), language), MADE_AT)
    assert warnings == []
    assert content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo<</Marked true" in content
    assert b"/StructTreeRoot" in content
    assert f"/Lang({language})".encode() in content
    assert (b"/Direction/R2L" in content) == (language == "ar")
    assert b'pdfuaid="http://www.aiim.org/pdfua/ns/id/"' in content


def test_the_documents_title_names_nobody(world: Around) -> None:
    content, _ = print_plan(facts(whole(world), "en"), MADE_AT)
    titles = re.findall(rb'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">(.*?)</rdf:li>', content)
    assert titles == [b"Plan"]


def test_the_wheel_is_a_figure_with_its_words_and_a_table_beside(world: Around) -> None:
    paper = facts(whole(world), "en")
    content, _ = print_plan(paper, MADE_AT)
    assert as_pdf_string(paper["wheel"]["alt"]) in content
    assert b"/S/Table" in content
    assert b"/S/TH" in content
    assert ["Safe", "3", "2", "3"] in paper["wheel"]["rows"]
    assert "Safe: Signe 3, last time 2, adults 3." in paper["wheel"]["alt"]


def test_the_same_facts_print_the_same_paper(world: Around) -> None:
    paper = facts(whole(world))
    assert print_plan(paper, MADE_AT) == print_plan(paper, MADE_AT)


def test_the_words_of_the_picture_are_text_and_its_lines_hold_none() -> None:
    picture = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -50 200 100"><circle r="9"/>'
        '<text fill="#000" font-weight="600" x="10" y="20" font-size="18" text-anchor="start">\u202bآمن\u202c</text>'
        '<text fill="#111" y="5" font-size="15" text-anchor="middle">Signe &amp; Bo</text></svg>'
    )
    drawing = parted(picture, rtl=True)
    assert "<text" not in drawing["lines"]
    assert "<circle" in drawing["lines"]
    assert (drawing["width"], drawing["height"]) == (200, 100)
    safe, name = drawing["words"]
    assert (safe["text"], safe["rtl"], safe["strong"], safe["x"], safe["y"]) == ("آمن", True, True, 110, 70)
    assert (name["text"], name["rtl"], name["anchor"], name["x"], name["y"]) == ("Signe & Bo", False, "middle", 100, 55)


# --- what anybody may have written ------------------------------------------------------------------------------------

WORDS = [
    "document_title",
    "title",
    "footer",
    "views",
    "disagrees",
    "wheel",
    "as_table",
    "needs",
    "need",
    "childs_own",
    "seen_by",
    "review",
    "yours",
]
LITTLE: Facts = {
    "language": "sv",
    "rtl": False,
    "words": dict.fromkeys(WORDS, "Plan"),
    "standing": [],
    "people": [],
    "adult_views": [],
    "wheel": None,
    "needs": [],
    "review": None,
    "yours": [],
    "child_views": [],
}


def print_words(words: str) -> bytes:
    """A paper with these words as heading and as the child's own view."""
    own = {"text": fit_for_paper(words), "rtl": False, "long": True}
    view = {"quote": own, "who": ["Signe"], "disagrees": False}
    return print_plan({**LITTLE, "heading": own, "child_views": [view]}, MADE_AT)[0]


@given(st.text(max_size=400))
def test_whatever_anybody_wrote_can_be_printed(words: str) -> None:
    assert print_words(clean_text(words, 100_000)).startswith(b"%PDF")


@given(st.text(alphabet=st.sampled_from(sorted(drawable())), max_size=400))
def test_letters_of_every_script_of_the_fonts_can_be_printed(words: str) -> None:
    assert print_words(clean_text(words, 100_000)).startswith(b"%PDF")


@pytest.mark.parametrize(
    "source", ['#panic("no")', '#read("plan.typ")', "= Rubrik", "$x^2$", "*fet*", "\\", '"]', "@x"]
)
def test_words_are_never_taken_for_instructions(source: str) -> None:
    assert print_words(source) != print_words("")
    assert print_words(source).startswith(b"%PDF")


def test_a_text_of_ten_thousand_letters_runs_over_several_pages() -> None:
    pages = re.search(rb"/Type/Pages/Count (\d+)", print_words("Mammas ord. " * 800))
    assert pages is not None
    assert int(pages[1]) > 2


def test_an_endless_word_may_break() -> None:
    assert max(len(part) for part in fit_for_paper("å" * 300).split("\u200b")) == 40


def test_a_sign_that_no_font_has_is_marked_and_the_reader_is_told(world: Around) -> None:
    assert fit_for_paper("Bra 😀!") == f"Bra {CANNOT_BE_DRAWN}!"
    assert fit_for_paper("👨‍👩‍👧 vi") == f"{CANNOT_BE_DRAWN} vi"
    plan = whole(world)
    assert CANNOT_BE_DRAWN not in everything(facts(plan))
    record_view(world.bo, plan, world.signe, ViewText(ViewKind.SAID, "Bra 😀!"))
    told = facts(plan, "en")["yours"][-1]["text"]
    assert told == f"Signs that could not be printed are marked {CANNOT_BE_DRAWN}. Ask to see the plan on a screen."


def test_what_cannot_be_printed_is_told_without_the_words_that_stood_in_the_way() -> None:
    broken = {**LITTLE, "heading": "the words of somebody"}
    with pytest.raises(PaperNotMade) as fault:
        print_plan(broken, MADE_AT)
    assert str(fault.value) == "The paper could not be made."
    assert fault.value.__suppress_context__


# --- what stands on it ------------------------------------------------------------------------------------------------


def test_the_childs_words_come_first_and_each_keeps_the_own_direction(world: Around) -> None:
    paper = facts(whole(world), "en")
    (signe,) = paper["child_views"]
    assert (signe["quote"]["text"], signe["quote"]["rtl"]) == ("“Jag vill bestämma själv vad jag tar med.”", False)
    assert signe["who"] == ["Signe", "8 years"]
    amal, olof = paper["adult_views"]
    assert (amal["quote"]["rtl"], amal["who"][:2]) == (True, ["Amal", "mamma"])
    assert (olof["disagrees"], olof["who"]) == (True, ["Olof", "pappa"])


def test_a_name_among_arabic_words_turns_nothing_around_it(world: Around) -> None:
    assert "\u2068Signe\u2069" in facts(whole(world), "ar")["words"]["title"]
    assert "\u2068" not in everything(facts(Plan.objects.get(), "sv"))


def test_who_preferred_not_to_say_is_told_so_and_quoted_with_nothing(world: Around) -> None:
    (_, olof) = facts(world.in_force(), "en")["adult_views"]
    assert olof["quote"] is None
    assert olof["who"][-1] == "preferred not to say"


def test_a_small_child_is_described(world: Around) -> None:
    plan = world.draft()
    record_view(world.bo, plan, world.signe, ViewText(ViewKind.TOO_YOUNG, "Söker blick och skrattar."))
    (child,) = facts(plan, "en")["child_views"]
    assert child["quote"]["text"] == "Söker blick och skrattar."
    assert child["who"][-1] == "too young to say: this is what we have seen"


def test_the_family_sees_whom_to_call(world: Around) -> None:
    (bo,) = facts(whole(world), "en")["people"]
    assert (bo["name"], bo["post"], bo["reach"]) == ("Bo Ek", "rektor", ["Stobyskolan", "0451-26 70 00"])
    assert bo["what"] == "Named person, and holds the plan together"


def test_lead_and_named_person_stand_beside_each_other_when_they_are_two(world: Around) -> None:
    plan = whole(world)
    plan.team.memberships.filter(is_lead=True).update(is_lead=False)
    plan.team.memberships.filter(post=world.posts["Ines"]).update(is_lead=True)
    ines, bo = facts(plan, "en")["people"]
    assert (ines["what"], ines["name"]) == ("Holds the plan together", "Ines Marković")
    assert (bo["what"], bo["name"]) == ("Named person", "Bo Ek")


def test_a_protected_childs_paper_tells_no_place(world: Around) -> None:
    plan = whole(world)
    world.signe.given_name = world.signe.family_name = ""
    world.signe.protection = Protection.PROTECTED
    world.signe.save()
    paper = facts(plan, "en")
    assert "Protected person" in paper["words"]["title"]
    for place in ("Stobyskolan", "Tidiga stödet", "0451-26"):
        assert place not in everything({key: paper[key] for key in ("people", "needs", "words", "yours")})


def test_areas_go_by_the_partnerships_own_words(world: Around) -> None:
    LocalLabel.objects.create(partnership=world.partnership, key="area.safe", language="sv", text="Lugn och säker")
    LocalLabel.objects.create(partnership=world.partnership, key="wheel", language="sv", text="Barnets bästa-hjulet")
    plan = whole(world)
    assert facts(plan, "sv")["wheel"]["rows"][0][0] == "Lugn och säker"
    assert facts(plan, "sv")["words"]["wheel"] == "Barnets bästa-hjulet"
    assert facts(plan, "en")["wheel"]["rows"][0][0] == "Safe"


def test_without_a_mark_there_is_no_wheel(world: Around) -> None:
    paper = facts(world.in_force())
    assert paper["wheel"] is None
    assert print_plan(paper, MADE_AT)[1] == []


def test_each_action_tells_who_and_how_it_stands(world: Around) -> None:
    plan = world.in_force()
    (action,) = facts(plan, "en")["needs"][0]["goals"][0]["actions"]
    assert (action["who"], action["when"]) == (["Ines Marković", "socialsekreterare"], "by 26 November 2026")
    action_left_out(world.ines, plan.actions.get(), "Amal ville inte.")
    (action,) = facts(plan, "en")["needs"][0]["goals"][0]["actions"]
    assert (action["when"], action["ended"]["text"]) == ("left out", "Amal ville inte.")


def test_every_state_of_a_plan_can_be_printed(world: Around) -> None:
    seen = set()

    def look(plan: Plan) -> str:
        paper = facts(plan, "en")
        assert print_plan(paper, MADE_AT)[1] == []
        seen.add(now(plan).state)
        return everything(paper)

    plan = world.in_force()
    assert "In force since 17 November 2026." in look(plan)
    plan = start_review(world.bo, plan, plan.version)
    assert "We are looking at it together now." in look(plan)
    world.hear_everybody(plan)
    back = LookBack(TODAY, 7, "Fyra lugna måndagar.", TODAY + timedelta(days=30))
    plan = finish_review(world.bo, plan, now(plan).version, back, done=[plan.actions.get()])
    assert "Signe chose 7 of 10." in look(plan)
    close(world.bo, plan, plan.version, how_to_reach_us="Ring Bo på 0451-26 70 00.")
    assert "Ring Bo på 0451-26 70 00." in look(plan)
    assert seen == {"active", "in_review", "closed"}


def test_a_proposal_says_that_it_is_one_and_a_declined_plan_that_it_is_not_in_force(world: Around) -> None:
    plan = world.written()
    assert "Nothing is decided before you have said yes." in everything(facts(plan, "en"))
    decline(world.bo, plan, plan.version)
    assert "It is not in force." in everything(facts(plan, "en"))
    assert print_plan(facts(plan, "en"), MADE_AT)[1] == []


# --- the task ---------------------------------------------------------------------------------------------------------


def test_ines_asks_and_the_paper_is_made_by_the_worker(world: Around) -> None:
    plan = whole(world)
    paper = ask_for_paper(world.ines, plan, "ar")
    assert paper.content is None
    work_off()
    made = PlanPaper.objects.get(pk=paper.pk)
    assert bytes(made.content or b"").startswith(b"%PDF")
    assert (made.made_at, made.plan_version) == (clock.now(), plan.version)
    assert Notice.objects.get(text_key="plan_paper_ready").post == world.posts["Ines"]
    entry = TrailEntry.objects.get(act="plan.paper_made")
    assert (entry.mode, entry.post_ref) == ("read", world.posts["Ines"].ref)
    assert ("plan", plan.ref) in set(entry.subjects.values_list("kind", "ref"))
    assert set(entry.subjects.values_list("child_ref", flat=True)) == {world.signe.ref}


def test_asking_twice_gives_one_paper_and_a_change_gives_a_new_one(world: Around) -> None:
    plan = whole(world)
    first, second = ask_for_paper(world.bo, plan, "sv"), ask_for_paper(world.bo, plan, "sv")
    work_off()
    assert first == second
    assert TrailEntry.objects.filter(act="plan.paper_made").count() == 1
    action_done(world.ines, plan.actions.get())
    assert ask_for_paper(world.bo, plan, "sv") != first
    work_off()
    assert PlanPaper.objects.exclude(content=None).count() == 2


def test_a_task_that_runs_again_changes_nothing(world: Around) -> None:
    paper = ask_for_paper(world.bo, whole(world), "sv")
    work_off()
    before = PlanPaper.objects.get(pk=paper.pk)
    make_paper.call(str(paper.ref))
    after = PlanPaper.objects.get(pk=paper.pk)
    assert (before.made_at, bytes(before.content or b"")) == (after.made_at, bytes(after.content or b""))
    assert TrailEntry.objects.filter(act="plan.paper_made").count() == 1


def test_a_language_that_the_house_lacks_is_refused(world: Around) -> None:
    with pytest.raises(Refused) as refusal:
        ask_for_paper(world.bo, world.draft(), "tlh")
    assert refusal.value.decision.field == "language"


def failed(paper: PlanPaper) -> str:
    """What the store of tasks keeps of a task that failed."""
    (ended,) = work_off()
    assert ended.exception_class_path.endswith(PaperNotMade.__qualname__)
    paper.refresh_from_db()
    assert paper.content is None
    assert paper.failed_at == clock.now()
    return str(ended.traceback)


def test_who_may_no_longer_see_the_plan_gets_no_paper_of_it(world: Around) -> None:
    plan = whole(world)
    paper = ask_for_paper(world.ines, plan, "sv")
    Disclosure.objects.update(ended_at=clock.now())
    assert "Signe" not in failed(paper)
    assert not TrailEntry.objects.filter(act="plan.paper_made").exists()
    assert Notice.objects.get(text_key="plan_paper_failed").post == world.posts["Ines"]


def test_what_is_kept_of_a_failed_task_holds_no_words_of_anybody(
    world: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(plan: Plan, at: object) -> Facts:
        raise ValueError(f"Could not set {plan.child.full_name}: {plan.heading}")

    monkeypatch.setattr(tasks, "facts_of", stumble)
    plan = whole(world)
    kept = failed(ask_for_paper(world.bo, plan, "sv"))
    assert "PaperNotMade" in kept
    for word in ("Signe", "Lind", plan.heading, "ValueError"):
        assert word not in kept


def test_a_paper_that_failed_can_be_asked_for_again(world: Around) -> None:
    plan = whole(world)
    first = ask_for_paper(world.bo, plan, "sv")
    PlanPaper.objects.filter(pk=first.pk).update(failed_at=clock.now())
    second = ask_for_paper(world.bo, plan, "sv")
    work_off()
    assert second != first
    second.refresh_from_db()
    assert second.made_at is not None


def test_a_tasks_arguments_are_references_alone(world: Around) -> None:
    paper = ask_for_paper(world.bo, whole(world), "sv")
    (queued,) = waiting()
    assert queued.args_kwargs == {"args": [str(paper.ref)], "kwargs": {}}


def test_a_paper_is_seen_by_those_who_see_the_plan_and_nobody_else(world: Around) -> None:
    paper = ask_for_paper(world.bo, whole(world), "sv")
    assert list(PlanPaper.objects.visible_to(world.ines)) == [paper]
    assert not PlanPaper.objects.visible_to(world.viewer("Mats")).exists()
