"""Organisations and staff from files: said first, then all of it or nothing, and the same again changes nothing."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from samsyn.circle.unit_endings import end_unit
from samsyn.common import clock
from samsyn.common.row_problems import Report
from samsyn.common.tabular import Column
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.import_columns import PRINCIPAL_KINDS, ROLES, SPHERES, UNIT_KINDS
from samsyn.organisations.importing import (
    ORGANISATION_COLUMNS,
    STAFF_COLUMNS,
    import_organisations,
    import_staff,
    reading,
)
from samsyn.organisations.models import (
    Authority,
    Holding,
    Post,
    PostRole,
    Principal,
    PrincipalKind,
    Sphere,
    Unit,
    UnitKind,
)
from samsyn.organisations.presence import accountable
from samsyn.people import numbers
from samsyn.people.actions import Facts, new_person, note_custody
from samsyn.people.models import Account, Identity, Person
from samsyn.people.registers import RegisterIdentity
from samsyn.site.command import main
from samsyn.trail.models import TrailEntry
from tests.rooms.organisations.world import NOON, TODAY

pytestmark = pytest.mark.django_db

ORGANISATION = """\
principal_kind;principal_code;authority;sphere;unit_id;unit;unit_parent;unit_kind;telephone;post_id;post;post_role;post_parent
kommun;1293;Barn- och utbildningsnämnden;skola;S2;Fritids;S1;;;P4;Fritidslärare;;P2
kommun;1293;Barn- och utbildningsnämnden;skola;S1;Stobyskolan;;skola;0451-26 70 00;P2;Rektor;trygghetsperson;P1
kommun;1293;Barn- och utbildningsnämnden;skola;S1;Stobyskolan;;skola;0451-26 70 00;P3;Biträdande rektor;;P2
kommun;1293;Socialnämnden;socialtjänst;J1;Jouren;;jour;;P1;Samordnare;jour;
"""
BO, HANNA = numbers.test_number(date(1970, 1, 2), 1), numbers.test_number(date(1980, 3, 4), 0)
STAFF = f"""\
number;staff_id;given_name;family_name;called;sign_in_name;language;post_id;since;until
{BO[:8]}-{BO[8:]};;Bo;Ek;;Bo;;P2;2025-08-18;
{HANNA};;Hanna;Berg;;hanna;sv;P3;2025-08-18;2026-06-14
;k17;Karin;Alm;Kajsa;karin;sv;P1;2025-01-01;
;k17;Karin;Alm;Kajsa;karin;sv;P4;2025-01-01;
"""


@pytest.fixture(autouse=True)
def _the_day() -> Iterator[None]:
    with clock.at(NOON):
        yield


def organisations(text: str, *, apply: bool = True) -> Report:
    """Bring in an organisation's file with this text."""
    return import_organisations(io.BytesIO(text.encode()), apply=apply)


def staff(text: str, *, apply: bool = True) -> Report:
    """Bring in a staff file with this text."""
    return import_staff(io.BytesIO(text.encode()), apply=apply)


def told(report: Report) -> list[tuple[int, str]]:
    """Row and column of each problem."""
    return [(problem.row, problem.column) for problem in report.problems]


class TestOrganisations:
    """Principals, authorities, units and posts."""

    def test_a_dry_run_says_what_would_change_and_writes_nothing(self) -> None:
        report = organisations(ORGANISATION, apply=False)
        assert (report.good, report.changed, report.unchanged, report.problem_count) == (4, 4, 0, 0)
        assert not Principal.objects.exists()
        assert not TrailEntry.objects.exists()

    def test_it_brings_in_everything_whatever_the_order_of_the_rows(self) -> None:
        organisations(ORGANISATION)
        assert Principal.objects.get().name == "Hässleholms kommun"
        assert Authority.objects.count() == 2
        fritids = Unit.objects.get(source_id="S2")
        assert fritids.ids_upwards == (fritids.pk, Unit.objects.get(source_id="S1").pk)
        rektor = Post.objects.select_related("parent", "unit").get(source_id="P2")
        assert (rektor.title, rektor.role, rektor.unit.name) == ("Rektor", PostRole.NAMED_PERSON, "Stobyskolan")
        assert rektor.parent is not None
        assert rektor.parent.role == PostRole.DUTY_DESK
        assert TrailEntry.objects.get().act == "organisations.imported"

    @pytest.mark.parametrize("again", [ORGANISATION, "\ufeff" + ORGANISATION, ORGANISATION.replace(";", ",")])
    def test_the_same_again_changes_nothing(self, again: str) -> None:
        organisations(ORGANISATION)
        before = everything()
        report = organisations(again)
        assert (report.good, report.changed, report.unchanged) == (4, 0, 4)
        assert everything() == before

    def test_what_is_different_is_changed_and_nothing_else(self) -> None:
        organisations(ORGANISATION)
        refs = dict(Post.objects.values_list("source_id", "ref"))
        report = organisations(
            ORGANISATION.replace("Fritidslärare", "Fritidspedagog").replace("S2;Fritids;S1", "S2;Fritids;")
        )
        assert (report.changed, report.unchanged) == (1, 3)
        assert Post.objects.get(source_id="P4").title == "Fritidspedagog"
        fritids = Unit.objects.get(source_id="S2")
        assert fritids.ids_upwards == (fritids.pk,)
        assert dict(Post.objects.values_list("source_id", "ref")) == refs

    def test_nothing_comes_into_a_unit_that_has_ended(self) -> None:
        organisations(ORGANISATION)
        end_unit(SYSTEM, Unit.objects.get(source_id="S2"))
        before = everything()
        school, fritids = "S1;Stobyskolan;;skola;0451-26 70 00", "S2;Fritids;S1;;"
        rows = ORGANISATION.splitlines()
        del rows[1]  # the post that ended with its unit
        moved = [row.replace(school, fritids) if ";P3;" in row else row for row in rows]
        new = [*rows, f"{rows[1].split(';S1;')[0]};{fritids};P5;Fritidsledare;;P2"]
        under = [*rows, f"{rows[1].split(';S1;')[0]};S3;Klubben;S2;;;P6;Fritidsledare;;P2"]
        assert told(organisations("\n".join(moved))) == [(3, "unit_id")]
        assert told(organisations("\n".join(new))) == [(5, "unit_id")]
        assert told(organisations("\n".join(under))) == [(5, "unit_parent")]
        assert everything() == before
        assert organisations("\n".join(rows)).unchanged == 3

    def test_two_posts_may_change_places(self) -> None:
        organisations(ORGANISATION)
        swapped = ORGANISATION.replace("P2;Rektor;trygghetsperson", "P2;Rektor;").replace(
            "P3;Biträdande rektor;;", "P3;Biträdande rektor;trygghetsperson;"
        )
        assert organisations(swapped).may_be_applied
        assert Post.objects.get(role=PostRole.NAMED_PERSON).source_id == "P3"

    @pytest.mark.parametrize(
        ("before", "after", "where"),
        [
            ("kommun;1293;Soc", "kommun;1299;Soc", (5, "principal_code")),
            ("kommun;1293;Soc", "landsting;1293;Soc", (5, "principal_kind")),
            (";socialtjänst;", ";magi;", (5, "sphere")),
            (";Fritids;S1;", ";Fritids;S9;", (2, "unit_parent")),
            (";Fritids;S1;", ";Fritids;J1;", (2, "unit_parent")),
            (";Fritids;S1;", ";Fritids;S2;", (2, "unit_parent")),
            ("P4;Fritidslärare;;P2", "P4;Fritidslärare;;P9", (2, "post_parent")),
            ("P4;Fritidslärare;;P2", "P4;;;P2", (2, "post")),
            ("P4;Fritidslärare;;P2", ";Fritidslärare;;", (2, "post_id")),
            ("P4;Fritidslärare;;P2", "P2;Fritidslärare;;P1", (3, "post_id")),
            ("P3;Biträdande rektor;;", "P3;Biträdande rektor;trygghetsperson;", (4, "post_role")),
            ("P1;Samordnare;jour;", "P1;Samordnare;jour;P2", (5, "post_parent")),
            ("S1;Stobyskolan;;skola;0451-26 70 00;P3", "S1;Stoby;;skola;0451-26 70 00;P3", (4, "unit_id")),
            ("Stobyskolan;;skola;0451-26 70 00;P3", "Stoby\u200bskolan;;skola;0451-26 70 00;P3", (4, "unit")),
            ("J1;Jouren", "J1;", (5, "unit")),
        ],
    )
    def test_a_bad_row_is_told_with_its_column_and_stops_everything(
        self, before: str, after: str, where: tuple[int, str]
    ) -> None:
        assert before in ORGANISATION
        report = organisations(ORGANISATION.replace(before, after))
        assert where in told(report)
        assert not Principal.objects.exists()

    def test_posts_above_that_go_round_are_told(self) -> None:
        circle = ORGANISATION.replace("P2;Rektor;trygghetsperson;P1", "P2;Rektor;trygghetsperson;P3")
        assert told(organisations(circle)) == [(2, "post_parent"), (3, "post_parent"), (4, "post_parent")]

    def test_a_post_above_lies_in_the_same_authority_or_is_a_duty_desk(self) -> None:
        assert told(organisations(ORGANISATION.replace(";Samordnare;jour;", ";Samordnare;;"))) == [(3, "post_parent")]

    def test_nothing_moves_to_another_authority(self) -> None:
        organisations(ORGANISATION)
        moved = "\n".join(
            [
                *ORGANISATION.splitlines()[:1],
                ORGANISATION.splitlines()[1].replace(
                    "Barn- och utbildningsnämnden;skola;S2;Fritids;S1", "Socialnämnden;socialtjänst;S2;Fritids;"
                ),
            ]
        )
        assert (2, "authority") in told(organisations(moved))
        resphered = ORGANISATION.replace("Socialnämnden;socialtjänst", "Socialnämnden;hälso- och sjukvård")
        assert told(organisations(resphered)) == [(5, "sphere")]

    def test_an_ended_post_is_not_brought_back(self) -> None:
        organisations(ORGANISATION)
        Post.objects.filter(source_id="P4").update(ended_on=TODAY)
        assert told(organisations(ORGANISATION)) == [(2, "post_id")]

    def test_the_staffed_duty_desk_keeps_its_role(self) -> None:
        organisations(ORGANISATION)
        staff(STAFF)
        no_longer = ORGANISATION.replace(";trygghetsperson;P1", ";trygghetsperson;").replace(
            ";Samordnare;jour;", ";Samordnare;;"
        )
        another = "kommun;1293;Socialnämnden;socialtjänst;J1;Jouren;;jour;;P5;Bakjour;jour;\n"
        for text in (no_longer, no_longer + another):
            report = organisations(text)
            assert told(report) == [(1, "")]
            assert "duty desk" in report.text()
        assert Post.objects.get(source_id="P1").role == PostRole.DUTY_DESK
        assert not Post.objects.filter(source_id="P5").exists()

    def test_every_word_of_the_models_can_be_written(self) -> None:
        for words, choices in (
            (PRINCIPAL_KINDS, PrincipalKind),
            (SPHERES, Sphere),
            (UNIT_KINDS, UnitKind),
            (ROLES, PostRole),
        ):
            assert {value for word, value in words.items() if word == value} == set(choices.values)

    def test_only_those_who_look_after_the_organisation_bring_in(self) -> None:
        report = import_organisations(io.BytesIO(ORGANISATION.encode()), apply=True, viewer=Viewer(account=7, post=3))
        assert not report.may_be_applied
        assert not import_staff(io.BytesIO(STAFF.encode()), apply=True, viewer=Viewer(account=7)).may_be_applied
        assert not Principal.objects.exists()


class TestStaff:
    """Who holds which post."""

    @pytest.fixture(autouse=True)
    def _organisation(self, db: None) -> None:
        assert organisations(ORGANISATION).may_be_applied

    def test_a_dry_run_writes_nothing(self) -> None:
        report = staff(STAFF, apply=False)
        assert (report.good, report.changed, report.problem_count) == (4, 4, 0)
        assert not Person.objects.exists()

    def test_people_accounts_and_holdings_come_in(self) -> None:
        staff(STAFF)
        assert sorted(Account.objects.values_list("sign_in_name", flat=True)) == ["bo", "hanna", "karin"]
        assert not any(account.has_usable_password() for account in Account.objects.all())
        rektor = Post.objects.get(source_id="P2")
        assert accountable(rektor, NOON).person.full_name == "Bo Ek"
        assert accountable(Post.objects.get(source_id="P1"), NOON).person.name == "Kajsa"
        assert Holding.objects.get(post__source_id="P3").until == date(2026, 6, 14)
        assert Holding.objects.filter(person__called="Kajsa").count() == 2
        assert sorted(Identity.objects.values_list("system", flat=True)) == [
            "personnummer",
            "personnummer",
            "staff:municipality:1293",
        ]
        assert TrailEntry.objects.filter(act="organisations.staff_imported").count() == 1

    def test_the_same_again_changes_nothing(self) -> None:
        staff(STAFF)
        before = everything()
        report = staff(STAFF)
        assert (report.changed, report.unchanged) == (0, 4)
        assert everything() == before

    def test_a_post_changes_hands_in_one_file(self) -> None:
        staff(STAFF)
        handed = STAFF.replace("P2;2025-08-18;\n", "P2;2025-08-18;2025-09-30\n")
        handed += ";k18;Nils;Lo;;nils;sv;P2;2025-10-01;\n"
        report = staff(handed)
        assert (report.changed, report.unchanged) == (2, 3)
        rektor = Post.objects.get(source_id="P2")
        assert accountable(rektor, NOON).person.given_name == "Bo"
        assert accountable(rektor, clock.noon(date(2025, 10, 1))).person.given_name == "Nils"

    def test_a_new_name_and_sign_in_name_are_taken_over(self) -> None:
        staff(STAFF)
        report = staff(STAFF.replace("Hanna;Berg;;hanna", "Hanna;Ek;;hanna.ek"))
        assert (report.changed, report.unchanged) == (1, 3)
        assert list(Person.objects.named("hanna ek")) == [Account.objects.get(sign_in_name="hanna.ek").person]
        assert not Person.objects.named("berg").exists()

    def test_somebody_known_as_a_guardian_keeps_name_and_row(self) -> None:
        own = (RegisterIdentity(numbers.IdentitySystem.PERSONNUMMER, BO),)
        bo = new_person(SYSTEM, Facts(given_name="Bosse", identities=own))
        child = new_person(SYSTEM, Facts(given_name="Signe", birth_date=date(2017, 3, 4)))
        note_custody(SYSTEM, child, bo, "sole", since=TODAY, source="register")
        staff(STAFF)
        staff(STAFF)
        assert Account.objects.get(sign_in_name="bo").person == bo
        assert Person.objects.get(pk=bo.pk).given_name == "Bosse"

    @pytest.mark.parametrize(
        ("before", "after", "where"),
        [
            (f"{BO[:8]}-{BO[8:]}", f"{BO[:8]}-{BO[8:11]}{(int(BO[11]) + 1) % 10}", (2, "number")),
            (f"{BO[:8]}-{BO[8:]};;", ";;", (2, "number")),
            (f"{BO[:8]}-{BO[8:]};;", f"{BO};k1;", (2, "number")),
            (f"{BO[:8]}-{BO[8:]}", "19701332-2391", (2, "number")),
            ("Bo;;P2", "Hanna;;P2", (3, "sign_in_name")),
            ("Bo;;P2", f"{BO};;P2", (2, "sign_in_name")),
            ("Bo;;P2", "b o;;P2", (2, "sign_in_name")),
            ("Bo;;P2", "Bo;;P9", (2, "post_id")),
            ("Bo;;P2", "Bo;fi;P2", (2, "language")),
            ("Bo;;P2;2025-08-18", "Bo;;P2;18 aug", (2, "since")),
            ("Bo;;P2;2025-08-18", "Bo;;P2;2025-02-30", (2, "since")),
            ("P3;2025-08-18;2026-06-14", "P3;2025-08-18;2025-08-17", (3, "until")),
            ("P3;2025-08-18;2026-06-14", "P2;2026-08-18;", (3, "since")),
            ("Karin;Alm;Kajsa;karin;sv;P4", "Karin;Alm;;karin;sv;P4", (5, "staff_id")),
            (";Bo;Ek;", ";Bo\u202e;Ek;", (2, "given_name")),
        ],
    )
    def test_a_bad_row_is_told_with_its_column_and_stops_everything(
        self, before: str, after: str, where: tuple[int, str]
    ) -> None:
        assert before in STAFF
        report = staff(STAFF.replace(before, after))
        assert where in told(report)
        assert not Person.objects.exists()

    def test_a_report_holds_no_number_and_no_sign_in_name(self) -> None:
        staff(STAFF)
        bad = STAFF.replace("P2;2025", "P3;2025").replace("hanna;", "karin;").replace("2025-01-01", "yesterday")
        text = staff(bad).text()
        assert "Problems: 0" not in text
        for secret in (BO, BO[2:], HANNA, "hanna", "karin", "k17", "Alm"):
            assert secret not in text

    def test_a_held_post_is_not_taken_from_somebody_who_is_not_in_the_file(self) -> None:
        staff(STAFF)
        new = STAFF.splitlines()[0] + "\n;k18;Nils;Lo;;nils;sv;P2;2025-10-01;\n"
        assert told(staff(new)) == [(2, "since")]

    def test_an_operator_and_a_closed_account_hold_no_post(self) -> None:
        staff(STAFF)
        Holding.objects.filter(post__source_id="P2").delete()
        Account.objects.filter(sign_in_name="bo").update(is_operator=True)
        assert told(staff(STAFF)) == [(2, "post_id")]
        Account.objects.filter(sign_in_name="bo").update(is_operator=False, is_active=False)
        assert told(staff(STAFF)) == [(2, "post_id")]

    def test_a_file_cannot_empty_the_duty_desk(self) -> None:
        staff(STAFF)
        report = staff(STAFF.replace("P1;2025-01-01;\n", "P1;2025-01-01;2025-12-31\n"))
        assert told(report) == [(1, "")]
        assert "duty desk" in report.text()
        assert Holding.objects.get(post__source_id="P1").until is None

    def test_one_staff_id_is_one_employers(self) -> None:
        region = ORGANISATION.splitlines()[0] + "\nregion;12;Hälsonämnden;health_care;B1;BVC;;bvc;;R1;Sjuksköterska;;\n"
        assert organisations(region).may_be_applied
        both = STAFF + ";k17;Karin;Alm;Kajsa;karin;sv;R1;2025-01-01;\n"
        assert told(staff(both)) == [(6, "staff_id")]
        staff(STAFF)
        siv = STAFF.splitlines()[0] + "\n;k17;Siv;Lund;;siv;sv;R1;2025-01-01;\n"
        assert staff(siv).may_be_applied
        assert Person.objects.filter(given_name="Siv").exists()
        assert Person.objects.filter(given_name="Karin").exists()


class TestManyRows:
    """Large files take batches, not rows."""

    POSTS, STAFF = 20_000, 6_000
    FEW, MANY, BYTES_A_ROW = 300, 3_000, 700

    @pytest.mark.long
    def test_many_rows_come_in_and_change_nothing_the_second_time(self) -> None:
        start = "kommun;1293;Nämnden;skola"
        rows = [
            f"{start};S{at // 40};Skola {at // 40};;skola;;P{at};Lärare {at};;{above}"
            for at in range(self.POSTS)
            for above in ["" if at % 40 == 0 else f"P{at - at % 40}"]
        ]
        steps: list[tuple[str, int, int]] = []
        text = "\n".join([ORGANISATION.splitlines()[0], *rows])
        with CaptureQueriesContext(connection) as asked:
            report = import_organisations(
                io.BytesIO(text.encode()), apply=True, progress=lambda *step: steps.append(step)
            )
        assert (report.good, report.changed) == (self.POSTS, self.POSTS)
        assert Post.objects.count() == self.POSTS
        assert len(asked) < self.POSTS / 50
        assert steps[0][0] == "reading"
        assert steps[-1] == ("writing", self.POSTS + self.POSTS // 40, self.POSTS + self.POSTS // 40)
        assert organisations(text).changed == 0

        people = [f";k{at};Namn{at};Ek;;namn.{at};sv;P{at};2025-08-18;" for at in range(self.STAFF)]
        text = "\n".join([STAFF.splitlines()[0], *people])
        with CaptureQueriesContext(connection) as asked:
            assert staff(text).changed == self.STAFF
        assert len(asked) < self.STAFF / 20
        assert Holding.objects.count() == self.STAFF
        assert staff(text).changed == 0

    @pytest.mark.one_database
    def test_a_long_staff_file_takes_a_few_bytes_a_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "BATCH", 100)
        start = "kommun;1293;Nämnden;skola;S1;Skola;;skola;"
        posts = [f"{start};P{at};Lärare {at};;" for at in range(self.MANY)]
        assert organisations("\n".join([ORGANISATION.splitlines()[0], *posts])).may_be_applied

        def most_memory(rows: int, name: str) -> int:
            people = [f";k{at};{name}{at};Ek;;{name}.{at};sv;P{at};2025-08-18;" for at in range(rows)]
            text = "\n".join([STAFF.splitlines()[0], *people])
            tracemalloc.start()
            try:
                assert staff(text).changed == rows
                return tracemalloc.get_traced_memory()[1] - 3 * len(text)
            finally:
                tracemalloc.stop()

        few = most_memory(self.FEW, "första")
        for name in ("nytt", "åter"):
            assert most_memory(self.MANY, name) < few + (self.MANY - self.FEW) * self.BYTES_A_ROW


class TestCommands:
    """What is said on the terminal."""

    def test_the_commands_say_what_they_did(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        organisation, people = tmp_path / "organisation.csv", tmp_path / "staff.csv"
        organisation.write_text(ORGANISATION, encoding="utf-8")
        people.write_text(STAFF, encoding="utf-8")
        call_command("import_organisations", str(organisation))
        assert not Post.objects.exists()
        call_command("import_organisations", str(organisation), "--apply")
        call_command("import_staff", str(people), "--apply")
        assert Holding.objects.count() == 4
        assert "4" in capsys.readouterr().out
        people.write_text(STAFF.replace("P2;", "P9;"), encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("import_staff", str(people), "--apply")
        with pytest.raises(CommandError):
            call_command("import_staff", str(tmp_path / "missing.csv"))

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"LANG": "sv_SE.UTF-8"}, "Inget ändrades."),
            ({"LANG": "sv_SE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "Nothing was changed."),
            ({"LANG": "C.UTF-8"}, "Inget ändrades."),
            ({}, "Inget ändrades."),
        ],
        ids=["Swedish", "English before Swedish", "none", "nothing said"],
    )
    def test_a_report_is_in_the_language_of_the_terminal(
        self, said: dict[str, str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        for name, value in said.items():
            monkeypatch.setenv(name, value)
        file = tmp_path / "organisation.csv"
        file.write_text(ORGANISATION.replace(";", ";x", 3), encoding="utf-8")
        with pytest.raises(CommandError, match=words):
            call_command("import_organisations", str(file))

    @pytest.mark.parametrize(
        ("command", "columns"), [("import_organisations", ORGANISATION_COLUMNS), ("import_staff", STAFF_COLUMNS)]
    )
    def test_the_help_names_every_column(
        self, command: str, columns: tuple[Column, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            call_command(command, "--help")
        said = capsys.readouterr().out
        for column in columns:
            assert column.name in said

    @pytest.mark.parametrize(
        ("verb", "columns"), [("import-organisations", ORGANISATION_COLUMNS), ("import-staff", STAFF_COLUMNS)]
    )
    def test_the_console_command_names_and_explains_every_column(
        self, verb: str, columns: tuple[Column, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stopped:
            main([verb, "--help"])
        assert stopped.value.code == 0
        said = capsys.readouterr().out
        for column in columns:
            assert column.name in said
            assert column.help in said


def everything() -> list[object]:
    """All rows that the imports write."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Principal, Authority, Unit, Post, Person, Account, Holding)
    ]
