"""The extract of what is held, as Amal orders and fetches it; and what never stands in it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from samsyn.circle.models import Team
from samsyn.common import clock
from samsyn.common.models import SeenByChild
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.law.days import add_years
from samsyn.organisations.presence import viewer_for
from samsyn.people.actions import find_or_create
from samsyn.people.identities import new_identity_beside, open_number
from samsyn.people.models import NAME_COLUMNS, Account, Guardianship, Identity, Person, PersonKey
from samsyn.people.numbers import IdentitySystem, written
from samsyn.people.registers import RegisterIdentity, RegisterPerson
from samsyn.plans.paper import PaperNotMade
from samsyn.retention import tasks
from samsyn.retention.declared import own_models
from samsyn.retention.extract.facts import as_data, gather_for
from samsyn.retention.extract.held import HELD
from samsyn.retention.extract.paper import as_paper
from samsyn.retention.models import RegisterExtract
from samsyn.retention.tasks import forget_extracts, make_extract
from samsyn.sharing.actions import About, decide_in_family
from samsyn.sharing.models import ConsentAnswer, Disclosure, DisclosureItem, FamilyMet
from samsyn.site.tick import tick
from samsyn.trail.looks import looked_at
from samsyn.trail.models import TrailEntry
from tests.doors.scenes import WORDS, filled
from tests.doors.test_portal import talked_through
from tests.village import Village

SWEDISH = {"language": "sv"}


def page(client: Client, child: Person) -> str:
    """The page of the extract, in English."""
    client.cookies["django_language"] = "en"
    found = client.get(reverse("portal:extract", args=[child.ref]))
    assert found.status_code == 200
    return found.content.decode()


def ordered(village: Village, who: str, child: Person, language: str = "sv") -> RegisterExtract:
    """Somebody orders, and the worker makes it."""
    answer = village.client(who).post(reverse("portal:order_extract", args=[child.ref]), filled({"language": language}))
    assert answer.status_code == 302
    extract = RegisterExtract.objects.get(account=village.account(who), child=child)
    make_extract.func(str(extract.ref))
    extract.refresh_from_db()
    return extract


def fetched(client: Client, extract: RegisterExtract, what: str = "file") -> Any:
    """The answer to fetching the paper or the file."""
    return client.get(reverse(f"portal:extract_{what}", args=[extract.ref]))


def data(client: Client, extract: RegisterExtract) -> dict[str, Any]:
    """The file, read."""
    found: dict[str, Any] = json.loads(fetched(client, extract).content)
    return found


def test_amal_orders_it_waits_and_fetches_a_paper_and_a_file(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    talked_through(lived, signe)
    assert "Order a copy" in page(amal, signe)
    assert "for 24 hours" in page(amal, signe)
    amal.post(reverse("portal:order_extract", args=[signe.ref]), filled(SWEDISH))
    assert "It is being made" in page(amal, signe)
    extract = RegisterExtract.objects.get()
    assert fetched(amal, extract).status_code == 404
    make_extract.func(str(extract.ref))
    assert "It is ready" in page(amal, signe)
    paper = fetched(amal, extract, "paper")
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Content-Disposition"] == 'attachment; filename="held.pdf"'
    assert "no-store" in paper.headers["Cache-Control"]
    assert paper.content.startswith(b"%PDF-1.7")
    assert b"/MarkInfo<</Marked true" in paper.content
    held = data(amal, extract)
    assert held["about"]["name"] == signe.full_name
    assert {one["kind"] for one in held["held"]} >= {"NamedPerson", "Sign"}
    assert held["held"][0]["held_by"]


def test_it_is_made_on_the_workers_side_with_a_row_in_the_trail_that_names_what_was_shown(lived: Village) -> None:
    signe = lived.child("Signe")
    ordered(lived, "amal", signe)
    asked = TrailEntry.objects.get(act="extract.ordered")
    made = TrailEntry.objects.get(act="extract.made")
    assert asked.account_ref == made.account_ref == lived.account("amal").ref
    assert made.subjects.filter(child_ref=signe.ref).count() > 1
    assert not [look for look in looked_at(signe.ref, clock.today() + timedelta(days=30)) if look.act.startswith("ext")]


def test_ordering_twice_is_ordering_once(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    first = ordered(lived, "amal", signe)
    amal.post(reverse("portal:order_extract", args=[signe.ref]), filled({"language": "ar"}))
    assert [(one.pk, one.language) for one in RegisterExtract.objects.all()] == [(first.pk, "sv")]
    assert TrailEntry.objects.filter(act="extract.ordered").count() == 1
    make_extract.func(str(first.ref))
    assert TrailEntry.objects.filter(act="extract.made").count() == 1


@pytest.mark.parametrize("language", ["", "xx", "sv\x00", "Å" * 5000])
def test_a_language_that_the_house_lacks_is_said_beside_the_field(lived: Village, language: str) -> None:
    signe = lived.child("Signe")
    answer = lived.client("amal").post(
        reverse("portal:order_extract", args=[signe.ref]), filled({"language": language})
    )
    assert answer.status_code == 422
    assert not RegisterExtract.objects.exists()


def test_nobody_else_fetches_it_nor_the_other_guardian(lived: Village) -> None:
    extract = ordered(lived, "amal", lived.child("Signe"))
    for who in ("olof", "adam", "bo", "ines", "ulla", "kurt"):
        for what in ("paper", "file"):
            assert fetched(lived.client(who), extract, what).status_code == 404
    assert fetched(Client(), extract).status_code == 302
    for other in ("olof", "adam"):
        assert str(extract.ref) not in lived.client(other).get("/my/").content.decode()


def test_it_goes_after_a_day_also_when_nobody_has_ticked(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    extract = ordered(lived, "amal", signe)
    assert extract.goes_at is not None
    with clock.at(extract.goes_at - timedelta(seconds=1)):
        assert fetched(lived.client("amal"), extract).status_code == 200
        assert forget_extracts() == 0
    with clock.at(extract.goes_at):
        assert fetched(amal, extract).status_code in {302, 404}
        assert not tasks.can_be_fetched(lived.at_home("amal"), extract, signe)
        assert tick()["extracts_gone"] == 1
        assert tick()["extracts_gone"] == 0
    assert not RegisterExtract.objects.exists()


def test_one_that_failed_says_so_and_can_be_ordered_again(lived: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")

    def breaks(*_args: Any) -> None:
        raise ValueError("Signe Lind")

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "typeset", breaks)
        with pytest.raises(PaperNotMade) as failed:
            ordered(lived, "amal", signe)
    assert failed.value.__context__ is None
    assert "Signe" not in str(failed.value)
    assert "It could not be made this time" in page(amal, signe)
    assert ordered(lived, "amal", signe).made_at is not None
    assert "It is ready" in page(amal, signe)


# --- what never stands in it ------------------------------------------------------------------------------------------


def test_what_is_kept_from_one_guardian_is_in_the_others_alone(lived: Village) -> None:
    signe = lived.child("Signe")
    sign = talked_through(lived, signe)
    for who in ("amal", "olof"):
        assert str(sign.ref) in json.dumps(data(lived.client(who), ordered(lived, who, signe)))
    RegisterExtract.objects.all().delete()
    about = About(sign.authority, "sign", sign.ref)
    decide_in_family(lived.acting("bo"), signe, lived.account("amal").person, about, opens=False, reason=WORDS)
    kept, read = (data(lived.client(who), ordered(lived, who, signe)) for who in ("amal", "olof"))
    assert str(sign.ref) not in json.dumps(kept)
    assert sign.saw not in json.dumps(kept, ensure_ascii=False)
    assert str(sign.ref) in json.dumps(read)


def test_what_is_closed_after_it_was_made_closes_the_extract(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    sign = talked_through(lived, signe)
    extract = ordered(lived, "amal", signe)
    assert fetched(amal, extract).status_code == 200
    about = About(sign.authority, "sign", sign.ref)
    decide_in_family(lived.acting("bo"), signe, lived.account("amal").person, about, opens=False, reason=WORDS)
    assert fetched(amal, extract).status_code == 404
    assert fetched(amal, extract, "paper").status_code == 404


def test_a_guardian_no_more_fetches_nothing_and_the_worker_makes_nothing(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    extract = ordered(lived, "amal", signe)
    person = lived.account("amal").person
    Guardianship.objects.filter(child=signe, guardian=person).delete()
    assert fetched(amal, extract).status_code == 404
    assert amal.get(reverse("portal:extract", args=[signe.ref])).status_code == 404
    RegisterExtract.objects.update(made_at=None, goes_at=None, paper=None, data=None)
    with pytest.raises(PaperNotMade):
        make_extract.func(str(extract.ref))


def test_a_protected_childs_extract_is_neither_made_nor_fetched(lived: Village) -> None:
    signe, amal = lived.child("Signe"), lived.client("amal")
    extract = ordered(lived, "amal", signe)
    nameless = dict.fromkeys(NAME_COLUMNS, "")
    Person.objects.filter(pk=signe.pk).update(protection="marked", **nameless)
    assert fetched(amal, extract).status_code == 404
    assert forget_extracts() == 1
    tove = lived.account("tove")
    answer = lived.client("tove").post(reverse("portal:order_extract", args=[tove.person.ref]), filled(SWEDISH))
    assert answer.status_code == 422
    assert not RegisterExtract.objects.filter(account=tove).exists()


def test_a_closed_account_is_given_nothing(lived: Village) -> None:
    signe = lived.child("Signe")
    lived.client("amal").post(reverse("portal:order_extract", args=[signe.ref]), filled(SWEDISH))
    account = lived.account("amal")
    type(account).objects.filter(pk=account.pk).update(is_active=False)
    with pytest.raises(PaperNotMade):
        make_extract.func(str(RegisterExtract.objects.get().ref))


def test_every_kind_that_the_family_may_see_is_in_the_extract_and_no_column_names_another() -> None:
    family = {
        model
        for model in own_models()
        if isinstance(model.__dict__["seen"], SeenByChild) and model.__dict__["seen"].family is not None
    }
    assert {one.model for one in HELD} == family, "say in samsyn/retention/extract/held.py how it stands in an extract"
    for one in HELD:
        for name, _words in one.columns:
            assert one.model._meta.get_field(name).related_model is not Person
    told = {name for one in HELD for name, _words in one.columns}
    assert told.isdisjoint({"withheld_because", "told_noticer", "noticer_post", "look_again_on", "views"})


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_the_paper_is_whole_in_every_language(lived: Village, language: str) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    extract = ordered(lived, "amal", signe, language)
    content = bytes(extract.paper or b"")
    assert f"/Lang({language})".encode() in content
    titles = re.findall(rb"/Title[^\n]*", content)
    assert titles
    assert not any(b"Signe" in one or "Signe".encode("utf-16-be").hex().upper().encode() in one for one in titles)


def test_a_look_at_what_is_kept_from_a_guardian_is_neither_on_the_page_nor_in_the_extract(lived: Village) -> None:
    signe = lived.child("Signe")
    with clock.at(clock.now() - timedelta(minutes=5)):  # what is done in one minute stands on one line, with one time
        sign = talked_through(lived, signe)
    about = About(sign.authority, "sign", sign.ref)
    decide_in_family(lived.acting("bo"), signe, lived.account("amal").person, about, opens=False, reason=WORDS)
    hidden = TrailEntry.objects.filter(act="sign.talked", subjects__ref=sign.ref).get()
    with clock.at(clock.now() + timedelta(days=10)):
        there = f'<time datetime="{hidden.at.astimezone(clock.STOCKHOLM):%Y-%m-%dT%H:%M:%S}'
        pages = {}
        for who in ("amal", "olof"):
            client = Client()
            client.force_login(lived.account(who), backend="django.contrib.auth.backends.ModelBackend")
            client.post("/my/enter/")
            pages[who] = client.get(reverse("portal:looks", args=[signe.ref])).content.decode()
        assert there in pages["olof"]
        extract = RegisterExtract.objects.create(
            account=lived.account("amal"), child=signe, language="sv", asked_at=clock.now()
        )
        make_extract.func(str(extract.ref))
        extract.refresh_from_db()
        assert hidden.at.isoformat() not in bytes(extract.data or b"").decode()
        assert there not in pages["amal"]


def test_what_is_shared_and_asked_says_of_what_and_with_whom(lived: Village) -> None:
    row = lived.disclosure()
    assert row.consent is not None
    talked_through(lived, row.child)
    guardian = Guardianship.objects.filter(child=row.child)[0].guardian
    account = Account.objects.filter(person=guardian).first()
    account = account or Account.objects.create(person=guardian, sign_in_name="guardian")
    with clock.at(clock.now()):
        gathered = gather_for(viewer_for(account, None, clock.now()), row.child)
    held = {one["ref"]: one["says"] for one in as_data(gathered, clock.now())["held"]}
    assert held[str(row.ref)]["kinds"] == sorted({item.kind for item in row.items.all()} - {"claim"})
    assert set(held[str(row.consent.ref)]["kinds"]) == set(row.consent.kinds)
    to = {f"{unit.name}, {unit.authority.name}" for unit in row.consent.receivers.select_related("authority")}
    assert set(held[str(row.consent.ref)]["receivers"]) == to
    with translation.override("en"):
        paper = as_paper(gathered, clock.now(), clock.now())
        said = json.dumps(paper, ensure_ascii=False)
    assert "A request for help" in said
    assert next(iter(to)) in said


def test_what_the_child_thinks_of_the_team_is_in_the_childs_own_extract_alone(lived: Village) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    words = "Jag vill inte att pappa är med."
    bo = lived.post("rektor")
    Team.objects.filter(child=signe, state__in=("active", "proposed")).update(state="closed", closed_at=clock.now())
    Team.objects.create(
        child=signe,
        authority=bo.unit.authority,
        state="active",
        purpose="Lugna kvällar",
        proposed_by=bo,
        proposed_at=clock.now(),
        child_view=words,
    )
    for who in ("amal", "olof"):
        rows = gather_for(lived.at_home(who), signe)
        assert any(isinstance(one.row, Team) for one in rows.rows)
        assert words not in json.dumps(as_data(rows, clock.now()), ensure_ascii=False)
        assert words not in json.dumps(as_paper(rows, clock.now(), clock.now()), ensure_ascii=False)
    Person.objects.filter(pk=signe.pk).update(birth_date=add_years(clock.today(), -17))
    account = Account.objects.create(person=signe, sign_in_name="signe")
    with clock.at(clock.now()):
        herself = gather_for(viewer_for(account, None, clock.now()), lived.child("Signe"))
    assert words in json.dumps(as_data(herself, clock.now()), ensure_ascii=False)


# --- what is held of the reader itself --------------------------------------------------------------------------------


def written_numbers(person: Person) -> set[str]:
    """Somebody's numbers, as people write them."""
    return {written(one.system, open_number(one)) for one in Identity.objects.filter(person=person)}


def both(viewer: Viewer, child: Person) -> tuple[dict[str, Any], str, str]:
    """What stands in an extract: as data, and all of the file and of the paper as text."""
    with translation.override("en"):
        gathered = gather_for(viewer, child)
        facts = as_data(gathered, clock.now())
        paper = as_paper(gathered, clock.now(), clock.now())
    return facts, json.dumps(facts, ensure_ascii=False), json.dumps(paper, ensure_ascii=False)


def test_amals_extract_has_her_own_number_languages_and_custody_and_nothing_of_olofs_or_signes(lived: Village) -> None:
    signe, amal, olof = lived.child("Signe"), lived.account("amal").person, lived.account("olof").person
    Person.objects.filter(pk=amal.pk).update(languages=["ar", "so"], interpreter="ar")
    facts, file, paper = both(lived.at_home("amal"), signe)
    assert {one["number"] for one in facts["you"]["numbers"]} == written_numbers(amal)
    assert facts["you"]["numbers"]
    assert (facts["you"]["languages"], facts["you"]["interpreter"]) == (["ar", "so"], "ar")
    row = Guardianship.objects.get(child=signe, guardian=amal)
    assert facts["you"]["custody"] == [
        {
            "of": signe.full_name,
            "ref": str(signe.ref),
            "custody": row.custody,
            "since": row.since.isoformat(),
            "until": None,
        }
    ]
    for said in ("About you", "Arabic, Somali", "Guardian of", "joint custody", *written_numbers(amal)):
        assert said in paper
    for other in (olof, signe):
        for number in written_numbers(other):
            assert number not in file + paper
    assert str(olof.ref) not in file + paper
    assert olof.full_name not in json.dumps(facts["you"], ensure_ascii=False)


def test_about_herself_amal_reads_of_every_child_that_she_sees_and_of_no_protected_one(lived: Village) -> None:
    amal = lived.account("amal").person
    facts, _file, _paper = both(lived.at_home("amal"), amal)
    seen = {str(one.ref) for one in Person.objects.visible_to(lived.at_home("amal")).exclude(pk=amal.pk)}
    assert {one["ref"] for one in facts["you"]["custody"]} == seen
    extract = ordered(lived, "amal", amal)
    assert fetched(lived.client("amal"), extract).status_code == 200
    hidden = Person.objects.get(ref=sorted(seen)[0])
    Person.objects.filter(pk=hidden.pk).update(protection="marked", **dict.fromkeys(NAME_COLUMNS, ""))
    facts, _file, paper = both(lived.at_home("amal"), amal)
    assert str(hidden.ref) not in json.dumps(facts["you"])
    assert hidden.full_name not in paper
    assert fetched(lived.client("amal"), extract).status_code == 404


def test_a_young_persons_extract_has_the_own_number_and_nobody_elses(lived: Village) -> None:
    adam = lived.account("adam").person
    facts, file, paper = both(lived.at_home("adam"), adam)
    assert facts["you"]["ref"] == str(adam.ref)
    assert {one["number"] for one in facts["you"]["numbers"]} == written_numbers(adam) != set()
    assert facts["you"]["custody"] == []
    for row in Guardianship.objects.filter(child=adam):
        assert str(row.guardian.ref) not in file
        for number in written_numbers(row.guardian):
            assert number not in file + paper


def test_a_former_guardians_extract_says_until_when_he_was_one_and_nothing_of_the_others(lived: Village) -> None:
    adam, henrik = lived.child("Adam"), lived.account("henrik").person
    facts, file, paper = both(lived.at_home("henrik"), henrik)
    assert facts["you"]["ref"] == str(henrik.ref)
    row = Guardianship.objects.get(child=adam, guardian=henrik)
    assert row.until is not None
    seen = Person.objects.visible_to(lived.at_home("henrik")).filter(pk=adam.pk).exists()
    assert [one["until"] for one in facts["you"]["custody"]] == [row.until.isoformat()] * seen
    for other in (adam, lived.account("amal").person):
        for number in written_numbers(other):
            assert number not in file + paper


@pytest.mark.parametrize("about_himself", [True, False])
def test_an_extract_goes_with_custody_that_turns_out_to_have_ended_before_the_child_got_its_name(
    lived: Village, *, about_himself: bool
) -> None:
    adam, henrik = lived.child("Adam"), lived.account("henrik").person
    rows = Guardianship.objects.filter(child=adam, guardian=henrik)
    ended = rows.get().until
    rows.update(until=None)
    FamilyMet.objects.get_or_create(child=adam, person=henrik, item_ref=adam.ref, defaults={"at": clock.now()})
    number = RegisterIdentity(IdentitySystem.RESERVE, "se:adam")
    told = RegisterPerson((number,), "Elias", "Nyström", "Elias", adam.birth_date, (), "none", (), None)
    find_or_create(SYSTEM, told, known=adam)
    client = lived.client("henrik")
    extract = ordered(lived, "henrik", henrik if about_himself else adam)
    extract.data = json.dumps({**data(client, extract), "held": [], "looks": []}).encode()  # no row that is gone too
    extract.save(update_fields=["data"])
    assert "Elias" in fetched(client, extract).content.decode()
    rows.update(until=ended)
    assert fetched(client, extract).status_code == 404
    assert fetched(client, extract, "paper").status_code == 404
    RegisterExtract.objects.all().delete()
    again = ordered(lived, "henrik", henrik if about_himself else adam)
    assert "Elias" not in fetched(client, again).content.decode()
    assert fetched(client, again).status_code == 200


def test_a_former_guardian_has_the_words_that_were_read_before_the_own_answer(lived: Village) -> None:
    asked = lived.disclosure().consent
    assert asked is not None
    talked_through(lived, asked.child)
    answer = ConsentAnswer.objects.filter(consent=asked).order_by("pk")[0]
    account = Account.objects.filter(person=answer.giver).first()
    account = account or Account.objects.create(person=answer.giver, sign_in_name="guardian")
    day = clock.today()
    Guardianship.objects.filter(child=asked.child, guardian=answer.giver).update(until=day)
    with clock.at(clock.now() + timedelta(days=2)):
        viewer = viewer_for(account, None, clock.now())
        facts, file, paper = both(viewer, asked.child)
    assert [one["until"] for one in facts["you"]["custody"]] == [day.isoformat()]
    held = next(one["says"] for one in facts["held"] if one["ref"] == str(asked.ref))
    assert held["text"] == [answer.text.words]
    assert json.dumps(answer.text.words, ensure_ascii=False)[1:-1] in paper
    for other in Guardianship.objects.filter(child=asked.child).exclude(guardian=answer.giver):
        for number in written_numbers(other.guardian) | written_numbers(asked.child):
            assert number not in file + paper


def test_a_number_that_somebody_else_has_a_better_right_to_is_not_told(lived: Village) -> None:
    amal = lived.account("amal").person
    new_identity_beside(amal, "lma", "12345678").save()
    _facts, file, paper = both(lived.at_home("amal"), lived.child("Signe"))
    assert "12-345678" not in file + paper


def test_a_text_or_a_number_that_does_not_open_stops_no_extract(lived: Village) -> None:
    henrik = lived.account("henrik").person
    PersonKey.objects.filter(person_ref__in=(henrik.ref, lived.child("Adam").ref)).delete()
    facts, _file, paper = both(lived.at_home("henrik"), lived.child("Adam"))
    assert {one["number"] for one in facts["you"]["numbers"]} == {None}
    assert "It cannot be opened any more." in paper


def test_what_this_reader_said_of_what_is_shared_stands_in_it_and_what_the_others_said_does_not(lived: Village) -> None:
    signe = lived.child("Signe")
    talked_through(lived, signe)
    amal, olof = lived.account("amal").person, lived.account("olof").person
    views = [
        {"whose": "child", "said": "Signe vill hem.", "not_asked_because": "", "yes_on": ""},
        {"whose": str(amal.ref), "said": "Amal vill ha hjälp.", "not_asked_because": "", "yes_on": ""},
        {"whose": str(olof.ref), "said": "", "not_asked_because": "Olof svarade inte.", "yes_on": ""},
    ]
    bo = lived.post("rektor")
    row = Disclosure.objects.create(
        child=signe,
        authority=bo.unit.authority,
        receiver=lived.post("early").unit,
        gate="best_interest_override",
        way="open",
        purpose="Hjälp hemma",
        needed_because="Det behövs.",
        not_less_because="Det räcker inte.",
        views=views,
        told="Ni fick veta det.",
        told_on=clock.today(),
        told_how="talk",
        decided_by=bo,
        decided_by_person=lived.account("bo").person,
        since=clock.now(),
        expires_on=clock.today() + timedelta(days=30),
    )
    DisclosureItem.objects.create(disclosure=row, kind="circle", ref=signe.ref)
    said = {}
    for who in ("amal", "olof"):
        facts, file, paper = both(lived.at_home(who), signe)
        said[who] = next(one["says"]["said"] for one in facts["held"] if one["ref"] == str(row.ref))
        assert ("Amal vill ha hjälp." in paper) == (who == "amal")
        for others in ("Signe vill hem.", "Olof svarade inte."):
            assert others not in file + paper
    assert said == {"amal": ["Amal vill ha hjälp."], "olof": []}
    views[2] = {"whose": str(olof.ref), "said": "", "not_asked_because": "", "yes_on": "2026-03-02"}
    Disclosure.objects.filter(pk=row.pk).update(views=views)
    _facts, _file, paper = both(lived.at_home("olof"), signe)
    assert "Said yes when asked on 2 March 2026." in paper
