"""A person is found before one is made, numbers are sealed, and a protected name is nowhere but in the vault."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from samsyn.common import clock
from samsyn.common.crypto import CannotUnseal, unseal
from samsyn.common.decision import Refused
from samsyn.common.ids import new_reference
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.people import numbers, rules
from samsyn.people.actions import (
    Facts,
    end_custody,
    find_or_create,
    give_identity,
    guardians_on,
    new_person,
    note_custody,
    note_whereabouts,
    register_account,
    set_protection,
)
from samsyn.people.identities import find_by_number, open_number
from samsyn.people.models import Account, Guardianship, Identity, Person, ProtectedDetails
from samsyn.people.names import fold
from samsyn.people.numbers import ReadNumber, read_number
from samsyn.people.registers import Custody, Protection, RegisterGuardian, RegisterIdentity, RegisterPerson
from samsyn.people.shown_names import at_work
from samsyn.people.vault import Whereabouts, open_names, open_whereabouts
from samsyn.trail.models import TrailEntry, TrailSubject

SIGNE_BORN = date(2017, 3, 4)
TODAY = date(2025, 9, 16)
NOON = datetime(2025, 9, 16, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_day() -> object:
    with clock.at(NOON), translation.override("en"):
        yield


def number(born: date = SIGNE_BORN, ordinal: int = 0) -> ReadNumber:
    """A number that is kept for tests."""
    return read_number(numbers.test_number(born, ordinal), on=TODAY)


def identity(born: date = SIGNE_BORN, ordinal: int = 0) -> RegisterIdentity:
    """The same as a register gives it."""
    read = number(born, ordinal)
    return RegisterIdentity(read.system, read.value)


AMAL_BORN, OLOF_BORN = date(1988, 1, 2), date(1985, 6, 7)


def amal(custody: Custody = "joint", *, numbered: bool = True, protection: Protection = "none") -> RegisterGuardian:
    """Signe's mother."""
    return RegisterGuardian(identity(AMAL_BORN) if numbered else None, "Amal", "Nasser", custody, "ar", protection)


def olof(custody: Custody = "joint") -> RegisterGuardian:
    """Signe's father."""
    return RegisterGuardian(identity(OLOF_BORN, 1), "Olof", "Ek", custody, "sv", "none")


def signe(
    *guardians: RegisterGuardian,
    given_name: str = "Signe",
    protection: Protection = "none",
    identities: tuple[RegisterIdentity, ...] | None = None,
    birth_date: date | None = SIGNE_BORN,
) -> RegisterPerson:
    """What a register answers about Signe."""
    own = (identity(),) if identities is None else identities
    return RegisterPerson(own, given_name, "Ek", "", birth_date, ("sv", "ar"), protection, guardians, None)


@pytest.mark.django_db
class TestFindBeforeCreate:
    """One row a person, whatever comes."""

    def test_the_second_time_finds_the_first_row(self) -> None:
        first = find_or_create(SYSTEM, signe(amal(), olof()))
        again = find_or_create(SYSTEM, signe(amal(), olof()))
        assert again == first
        assert Person.objects.count() == 3
        assert {row.guardian.name for row in guardians_on(first, TODAY)} == {"Amal", "Olof"}
        assert all(
            (row.custody, row.source, row.since) == ("joint", "register", TODAY) for row in guardians_on(first, TODAY)
        )
        assert TrailEntry.objects.count() == 1
        assert TrailSubject.objects.filter(child_ref=first.ref).count() == 3

    def test_siblings_share_their_guardians(self) -> None:
        find_or_create(SYSTEM, signe(amal()))
        adam = RegisterPerson((identity(date(2009, 2, 3), 1),), "Adam", "Ek", "", None, (), "none", (amal(),), None)
        find_or_create(SYSTEM, adam)
        assert Person.objects.filter(given_name="Amal").count() == 1

    def test_a_newer_name_is_taken_over_and_an_empty_one_is_not(self) -> None:
        child = find_or_create(SYSTEM, signe(given_name=""))
        assert find_or_create(SYSTEM, signe(given_name="Signe")).given_name == "Signe"
        assert find_or_create(SYSTEM, signe(given_name="")).given_name == "Signe"
        assert list(Person.objects.named("signe")) == [child]

    def test_a_day_to_come_that_a_register_tells_is_nobodys_birth_date(self) -> None:
        child = find_or_create(SYSTEM, signe(birth_date=None))
        assert find_or_create(SYSTEM, signe(birth_date=TODAY + timedelta(days=400))).birth_date is None
        assert find_or_create(SYSTEM, signe()).birth_date == SIGNE_BORN
        assert find_or_create(SYSTEM, signe(birth_date=TODAY + timedelta(days=400))) == child
        assert Person.objects.get(pk=child.pk).birth_date == SIGNE_BORN

    def test_numbers_of_two_persons_are_refused(self) -> None:
        find_or_create(SYSTEM, signe())
        find_or_create(SYSTEM, signe(identities=(identity(ordinal=2),)))
        with pytest.raises(Refused, match="two persons"):
            find_or_create(SYSTEM, signe(identities=(identity(), identity(ordinal=2))))

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            (Facts(given_name="Signe", birth_date=TODAY + timedelta(days=1)), "birth_date"),
            (Facts(called="Sigge"), "given_name"),
            (Facts(given_name="Sig\u200bne"), "given_name"),
            (Facts(given_name="Signe", family_name="Ek\u202e"), "family_name"),
            (Facts(given_name="S" * 201), "given_name"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, facts: Facts, field: str) -> None:
        with pytest.raises(Refused) as refused:
            new_person(SYSTEM, facts)
        assert refused.value.decision.field == field
        assert not Person.objects.exists()

    def test_a_guardian_without_a_number_is_one_row_too(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(numbered=False)))
        find_or_create(SYSTEM, signe(amal(numbered=False)))
        assert len(guardians_on(child, TODAY)) == 1
        assert Person.objects.count() == 2

    def test_nobody_is_the_own_guardian(self) -> None:
        itself = RegisterGuardian(identity(), "Signe", "Ek", "sole", "sv", "none")
        with pytest.raises(Refused, match="own guardian"):
            find_or_create(SYSTEM, signe(itself))


@pytest.mark.django_db
class TestCustody:
    """Custody is dated, and a register ends it only when its answer is whole."""

    def test_sole_custody_ends_the_others(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(), olof()))
        tomorrow = NOON + timedelta(days=1)
        with clock.at(tomorrow):
            find_or_create(SYSTEM, signe(amal("sole")))
            now = guardians_on(child, clock.today())
        assert [(row.guardian.name, row.custody) for row in now] == [("Amal", "sole")]
        assert {row.guardian.name for row in guardians_on(child, TODAY)} == {"Amal", "Olof"}

    def test_one_guardian_of_unknown_custody_ends_nothing(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(), olof()))
        with clock.at(NOON + timedelta(days=1)):
            find_or_create(SYSTEM, signe(amal("unknown")))
            assert {row.guardian.name for row in guardians_on(child, clock.today())} == {"Amal", "Olof"}
            assert {row.custody for row in guardians_on(child, clock.today())} == {"joint"}

    def test_who_had_custody_alone_has_it_no_more_when_another_is_named(self) -> None:
        child = find_or_create(SYSTEM, signe(amal("sole")))
        find_or_create(SYSTEM, signe(amal("unknown")))
        assert {row.custody for row in guardians_on(child, TODAY)} == {"sole"}
        find_or_create(SYSTEM, signe(amal("unknown"), olof("unknown")))
        assert {row.custody for row in guardians_on(child, TODAY)} == {"unknown"}

    def test_a_grown_up_gets_no_guardian(self) -> None:
        grown = find_or_create(SYSTEM, signe(amal(), birth_date=date(2007, 9, 16)))
        assert guardians_on(grown, TODAY) == []

    def test_a_noted_custody_ends_on_a_day(self) -> None:
        child = new_person(SYSTEM, Facts(given_name="Adam", birth_date=date(2009, 1, 1)))
        henrik = new_person(SYSTEM, Facts(given_name="Henrik"))
        row = note_custody(SYSTEM, child, henrik, "joint", since=date(2009, 1, 1), source="population register")
        with pytest.raises(Refused, match="before the first"):
            end_custody(SYSTEM, row, date(2008, 12, 31))
        end_custody(SYSTEM, row, date(2020, 5, 1))
        assert guardians_on(child, date(2020, 5, 1)) == [row]
        assert guardians_on(child, date(2020, 5, 2)) == []
        assert list(Person.objects.guardians_of(child.pk, date(2020, 5, 1))) == [henrik]
        assert list(Person.objects.guardians_of(child.pk, date(2020, 5, 2))) == []

    def test_nobody_has_custody_of_one_child_twice_on_one_day(self) -> None:
        child = new_person(SYSTEM, Facts(given_name="Adam", birth_date=date(2009, 1, 1)))
        henrik = new_person(SYSTEM, Facts(given_name="Henrik"))
        end_custody(SYSTEM, note_custody(SYSTEM, child, henrik, "joint", since=date(2015, 1, 1), source="he"), TODAY)
        with pytest.raises(Refused, match="has custody already"):
            note_custody(SYSTEM, child, henrik, "sole", since=TODAY, source="he")
        note_custody(SYSTEM, child, henrik, "sole", since=date(2014, 1, 1), until=date(2014, 12, 31), source="he")
        with clock.at(NOON + timedelta(days=1)):
            note_custody(SYSTEM, child, henrik, "sole", since=clock.today(), source="he")

    @pytest.mark.parametrize("told", ["one", "both"])
    def test_who_was_written_by_hand_is_the_one_whom_the_register_tells_by_that_name(self, told: str) -> None:
        child = find_or_create(SYSTEM, signe())
        for name, family in (("amal", "Nasser"), ("Sven", "Ek")):
            by_hand(child, new_person(SYSTEM, Facts(given_name=name, family_name=family)))
        find_or_create(SYSTEM, signe(amal("unknown")) if told == "one" else signe(amal(), olof()))
        now = [(row.guardian.full_name, row.noted_by is None) for row in guardians_on(child, TODAY)]
        known = (
            [("Amal Nasser", True), ("Olof Ek", True)]
            if told == "both"
            else [("Amal Nasser", True), ("Sven Ek", False)]
        )
        assert sorted(now) == known

    def test_who_was_written_by_hand_with_the_number_stays_the_same_and_the_register_says_how(self) -> None:
        child = find_or_create(SYSTEM, signe())
        mother = new_person(SYSTEM, Facts(given_name="Amal", family_name="Nasser", identities=(identity(AMAL_BORN),)))
        by_hand(child, mother, "sole")
        find_or_create(SYSTEM, signe(amal("unknown")))
        assert [(row.guardian, row.custody) for row in guardians_on(child, TODAY)] == [(mother, "sole")]
        find_or_create(SYSTEM, signe(amal()))
        assert [(row.guardian, row.custody, row.noted_by) for row in guardians_on(child, TODAY)] == [
            (mother, "joint", None)
        ]

    def test_who_was_ended_by_hand_is_noted_again_when_the_register_still_says_so(self) -> None:
        child = find_or_create(SYSTEM, signe(amal("sole")))
        with clock.at(NOON + timedelta(days=9)):
            end_custody(SYSTEM, guardians_on(child, clock.today())[0], clock.today() - timedelta(days=1))
            assert guardians_on(child, clock.today()) == []
            find_or_create(SYSTEM, signe(amal("sole")))
            assert [row.guardian.given_name for row in guardians_on(child, clock.today())] == ["Amal"]

    def test_custody_is_noted_for_children_only(self) -> None:
        grown = new_person(SYSTEM, Facts(given_name="Adam", birth_date=date(2007, 9, 16)))
        henrik = new_person(SYSTEM, Facts(given_name="Henrik"))
        with pytest.raises(Refused) as refused:
            note_custody(SYSTEM, grown, henrik, "sole", since=TODAY, source="court")
        assert refused.value.decision.rule == "custody_until"


def by_hand(child: Person, guardian: Person, custody: str = "joint") -> Guardianship:
    """As a post notes it."""
    post = Viewer(person_label="Bo", post=1, post_ref=new_reference())
    return note_custody(post, child, guardian, custody, since=TODAY, source="Hon säger det")


@pytest.mark.django_db
class TestNumbers:
    """A number is readable nowhere in the store, and belongs to one."""

    def test_the_store_holds_no_number_in_the_clear(self) -> None:
        find_or_create(SYSTEM, signe(amal()))
        held = everything_in_the_store()
        assert number().value.encode() not in held
        assert number().value[2:].encode() not in held
        assert b"Signe" in held  # the search is one that finds

    def test_a_number_moved_to_another_person_does_not_open(self) -> None:
        child = find_or_create(SYSTEM, signe())
        other = new_person(SYSTEM, Facts(given_name="Nour"))
        row = Identity.objects.get(person=child)
        assert open_number(row) == number().value
        row.person = other
        with pytest.raises(CannotUnseal):
            open_number(row)

    def test_the_same_number_again_changes_nothing_and_another_persons_is_refused(self) -> None:
        child = find_or_create(SYSTEM, signe())
        other = new_person(SYSTEM, Facts(given_name="Nour"))
        assert give_identity(SYSTEM, child, number()).person == child
        assert Identity.objects.count() == 1
        with pytest.raises(Refused) as refused:
            give_identity(SYSTEM, other, number())
        assert refused.value.decision.field == "number"
        assert give_identity(SYSTEM, other, number(ordinal=3)).person == other
        assert find_by_number("personnummer", number(ordinal=3).value) == other
        assert find_by_number("samordningsnummer", number(ordinal=3).value) is None


@pytest.mark.django_db
class TestProtection:
    """Names of a protected person are in the vault and nowhere else."""

    def test_a_protected_child_has_no_name_in_any_column(self) -> None:
        tove = find_or_create(SYSTEM, signe(amal(protection="marked"), given_name="Tove", protection="protected"))
        row = Person.objects.get(pk=tove.pk)
        assert (row.given_name, row.family_name, row.called, row.name) == ("", "", "", "Protected person")
        assert row.full_name == "Protected person"
        assert not Person.objects.named("tove").exists()
        assert not Person.objects.named("amal").exists()
        held = everything_in_the_store()
        assert b"Tove" not in held
        assert b"tove" not in held
        (opened,) = Person.objects.filter(pk=tove.pk).including_protected()
        assert (opened.given_name, opened.full_name) == ("Tove", "Tove Ek")

    def test_who_has_custody_of_a_protected_child_is_hidden_for_the_childs_sake(self) -> None:
        tove = find_or_create(SYSTEM, signe(amal(), given_name="Tove", protection="protected"))
        (row,) = guardians_on(tove, TODAY)
        assert (row.guardian.protection, row.guardian.full_name) == ("family", "Guardian 1 (protected)")
        assert Person.objects.get(pk=row.guardian_id).full_name == "Protected person"
        (opened,) = Person.objects.filter(pk=row.guardian_id).including_protected()
        assert opened.given_name == "Amal"

    def test_who_has_custody_is_hidden_when_the_child_becomes_protected(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(protection="protected"), olof()))
        set_protection(SYSTEM, child, "marked")
        family = guardians_on(child, TODAY)
        assert [row.guardian.protection for row in family] == ["protected", "family"]
        assert [row.guardian.name for row in family] == ["Guardian 1 (protected)", "Guardian 2 (protected)"]
        assert not Person.objects.exclude(given_name="").exists()

    def test_two_protected_guardians_keep_their_numbers_when_one_leaves(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(), olof(), protection="marked"))
        with clock.at(NOON + timedelta(days=2)):
            find_or_create(SYSTEM, signe(olof("sole")))
            (row,) = guardians_on(child, clock.today())
            assert row.guardian.name == "Guardian 2 (protected)"

    def test_who_is_hidden_for_a_childs_sake_is_known_at_work_and_seen_again_when_the_child_is(self) -> None:
        child = find_or_create(SYSTEM, signe(amal(protection="marked"), olof()))
        set_protection(SYSTEM, child, "protected")
        mother, father = (Person.objects.get(pk=row.guardian_id) for row in guardians_on(child, TODAY))
        assert (at_work(father).full_name, at_work(mother).full_name) == ("Olof Ek", "Protected person")
        set_protection(SYSTEM, child, "none", ground="decision 2026/3")
        mother.refresh_from_db()
        father.refresh_from_db()
        assert (mother.protection, father.protection, father.full_name) == ("marked", "none", "Olof Ek")

    def test_an_assumed_identity_is_kept_as_anybody_without_flag_or_link(self) -> None:
        former = find_or_create(SYSTEM, signe(amal(), protection="protected"))
        new = find_or_create(SYSTEM, signe(given_name="Nova", identities=(identity(ordinal=4),), protection="assumed"))
        assert new != former
        assert (new.protection, new.full_name) == ("none", "Nova Ek")
        assert list(Person.objects.named("nova")) == [new]
        assert not TrailSubject.objects.filter(entry__subjects__ref=new.ref, ref=former.ref).exists()
        with pytest.raises(Refused, match="tie the two together"):
            set_protection(SYSTEM, former, "assumed")

    def test_where_a_protected_person_is_lies_in_the_vault_with_keys_of_its_own(self) -> None:
        child = find_or_create(SYSTEM, signe(protection="marked"))
        note_whereabouts(SYSTEM, child, Whereabouts(address="Storgatan 3", telephone="070-1740605"))
        set_protection(SYSTEM, child, "protected")
        held = everything_in_the_store()
        assert b"Storgatan" not in held
        assert b"1740605" not in held
        assert open_whereabouts(Person.objects.get(pk=child.pk)).address == "Storgatan 3"
        sealed = bytes(ProtectedDetails.objects.get().sealed)
        with pytest.raises(CannotUnseal):
            unseal(sealed, place=f"people_protecteddetails|sealed|{child.ref}")
        set_protection(SYSTEM, child, "none", ground="decision 2026/3")
        with pytest.raises(Refused):
            note_whereabouts(SYSTEM, child, Whereabouts(address="Storgatan 3"))

    def test_a_second_answer_keeps_a_protected_name_in_the_vault(self) -> None:
        find_or_create(SYSTEM, signe(given_name="Tove", protection="protected"))
        again = find_or_create(SYSTEM, signe(given_name="Tova", protection="none"))
        assert again.protection == "protected"
        assert b"Tov" not in everything_in_the_store()
        (opened,) = Person.objects.filter(pk=again.pk).including_protected()
        assert opened.given_name == "Tova"

    def test_marking_moves_the_names_and_unmarking_brings_them_back(self) -> None:
        child = find_or_create(SYSTEM, signe())
        set_protection(SYSTEM, child, "marked")
        assert b"Signe" not in everything_in_the_store()
        with pytest.raises(Refused):
            set_protection(SYSTEM, child, "none")
        back = set_protection(SYSTEM, child, "none", ground="decision 2025/14")
        assert back.full_name == "Signe Ek"
        assert list(Person.objects.named("signe ek")) == [child]
        assert not ProtectedDetails.objects.exists()
        assert list(TrailSubject.objects.filter(kind="person").order_by("id").values_list("state", flat=True)) == [
            "",
            "marked",
            "none",
        ]

    def test_sealed_names_open_for_their_own_person_only(self) -> None:
        child = find_or_create(SYSTEM, signe(protection="protected"))
        other = find_or_create(SYSTEM, signe(given_name="Nour", identities=(identity(ordinal=2),), protection="marked"))
        taken = ProtectedDetails.objects.get(person=child).sealed
        ProtectedDetails.objects.filter(person=other).update(sealed=taken)
        with pytest.raises(CannotUnseal):
            open_names(Person.objects.get(pk=other.pk))

    def test_the_store_refuses_a_protected_name_in_a_column(self) -> None:
        child = find_or_create(SYSTEM, signe(protection="marked"))
        for column in ("given_name", "called", "family_folded"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Person.objects.filter(pk=child.pk).update(**{column: "Signe"})


@pytest.mark.django_db
class TestNameSearch:
    """Names are found by their beginning, in every script, by an index."""

    @pytest.mark.parametrize("words", ["å", "ÅSA", "åsa", "berg åsa", "Åsa Be", "kic"])
    def test_it_finds_whatever_the_case(self, words: str) -> None:
        asa = new_person(SYSTEM, Facts(given_name="Åsa", family_name="Berg", called="Kicki"))
        new_person(SYSTEM, Facts(given_name="Asta", family_name="Bok"))
        assert list(Person.objects.named(words)) == [asa]

    @pytest.mark.parametrize("words", ["", " ", "sa", "%", "_sa", "Åsa Bok", "\\"])
    def test_it_finds_nobody_else(self, words: str) -> None:
        new_person(SYSTEM, Facts(given_name="Åsa", family_name="Berg"))
        assert not Person.objects.named(words).exists()

    @pytest.mark.parametrize(
        "words",
        ["amal al hassan", "Al Hassan", "al has", "Al Hassan Amal", "amal noor al hassan", "Noor", "noor al hassan"],
    )
    def test_a_name_with_a_space_in_it_is_found_however_it_is_written(self, words: str) -> None:
        amal = new_person(SYSTEM, Facts(given_name="Amal Noor", family_name="Al Hassan", called="Noor"))
        assert list(Person.objects.named(words)) == [amal]

    @pytest.mark.parametrize("words", ["hassan", "amal hassan", "amal noor al hassan ek", "al amal n x"])
    def test_each_word_stands_where_a_name_begins_or_goes_on(self, words: str) -> None:
        new_person(SYSTEM, Facts(given_name="Amal Noor", family_name="Al Hassan", called="Noor"))
        assert not Person.objects.named(words).exists()

    def test_arabic_names_are_found(self) -> None:
        nour = new_person(SYSTEM, Facts(given_name="نور", family_name="حداد"))
        assert list(Person.objects.named("نو")) == [nour]

    @given(
        name=st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12),
        cut=st.integers(1, 12),
    )
    def test_every_beginning_of_a_name_finds_it(self, name: str, cut: int) -> None:
        with transaction.atomic():
            person = Person.objects.create(given_name=name, created_at=NOON)
            assert person in Person.objects.named(fold(name)[:cut])
            transaction.set_rollback(True)

    def test_a_renamed_person_is_found_by_the_new_name(self) -> None:
        person = new_person(SYSTEM, Facts(given_name="Åsa"))
        person.called = "Kim"
        person.save(update_fields=["called"])
        assert list(Person.objects.named("kim")) == [person]

    def test_the_search_uses_indexes(self) -> None:
        Person.objects.bulk_create(
            Person(given_name=f"Name{at}", family_name=f"Family{at}", called=f"Called{at}", created_at=NOON)
            for at in range(2000)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        plan = Person.objects.named("name77").explain()
        for index in ("person_by_given", "person_by_family", "person_by_called"):
            assert index in plan
        assert "SCAN people_person" not in plan
        assert "Seq Scan" not in plan

    def test_the_search_by_number_uses_an_index(self) -> None:
        people = Person.objects.bulk_create(Person(given_name=f"Name{at}", created_at=NOON) for at in range(2000))
        Identity.objects.bulk_create(
            Identity(person=person, system="demo", sealed=b"x", blind=str(at).encode())
            for at, person in enumerate(people)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        plan = Person.objects.filter(identities__system="demo", identities__blind__in=[b"77", b"78"]).explain()
        assert "identity_once" in plan or "INDEX sqlite_autoindex_people_identity" in plan
        assert "SCAN people" not in plan
        assert "Seq Scan" not in plan


@pytest.mark.django_db
class TestAccounts:
    """One account for a person, one person for a sign-in name."""

    def test_the_name_is_kept_in_small_letters_and_found_whatever_is_typed(self) -> None:
        bo = new_person(SYSTEM, Facts(given_name="Bo"))
        account = register_account(SYSTEM, bo, "Bo.Ek", password="a long enough sentence")
        assert Account.objects.get_by_natural_key(" BO.EK") == account
        assert account.check_password("a long enough sentence")

    @pytest.mark.parametrize(
        ("name", "field"),
        [("bo", "sign_in_name"), ("BO", "sign_in_name"), ("", "sign_in_name"), ("b o", "sign_in_name")],
    )
    def test_a_name_that_is_taken_or_no_name_is_refused(self, name: str, field: str) -> None:
        register_account(SYSTEM, new_person(SYSTEM, Facts(given_name="Bo")), "bo")
        with pytest.raises(Refused) as refused:
            register_account(SYSTEM, new_person(SYSTEM, Facts(given_name="Boel")), name)
        assert refused.value.decision.field == field

    def test_a_number_is_no_sign_in_name(self) -> None:
        with pytest.raises(Refused, match="identity number"):
            register_account(SYSTEM, new_person(SYSTEM, Facts(given_name="Bo")), numbers.test_number(SIGNE_BORN, 0))

    def test_a_person_has_one_account(self) -> None:
        bo = new_person(SYSTEM, Facts(given_name="Bo"))
        register_account(SYSTEM, bo, "bo")
        with pytest.raises(Refused, match="already"):
            register_account(SYSTEM, bo, "bo2")

    def test_without_a_password_nobody_gets_in(self) -> None:
        account = register_account(SYSTEM, new_person(SYSTEM, Facts(given_name="Bo")), "bo")
        assert not account.has_usable_password()


class TestAges:
    """Ages turn on the day that the law says."""

    @pytest.mark.parametrize(
        ("born", "day", "child", "age"),
        [
            (date(2007, 9, 17), date(2025, 9, 16), True, 17),
            (date(2007, 9, 16), date(2025, 9, 16), False, 18),
            (date(2008, 2, 29), date(2026, 2, 27), True, 17),
            (date(2008, 2, 29), date(2026, 2, 28), False, 18),
            (None, date(2025, 9, 16), True, None),
        ],
    )
    def test_a_child_is_under_eighteen(self, born: date | None, day: date, child: bool, age: int | None) -> None:
        assert rules.is_child(born, day) is child
        assert Person(birth_date=born).age_on(day) == age


def everything_in_the_store() -> bytes:
    """All rows of people and trail, as one heap of bytes."""
    heap = b""
    for model in (Person, ProtectedDetails, Identity, Guardianship, Account, TrailEntry, TrailSubject):
        for row in model.objects.values_list():
            heap += b"|".join(
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row
            )
    return heap
