"""A partnership comes in from a file: tried first, written whole or not at all, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from samsyn.common import clock
from samsyn.organisations.import_columns import AGREEMENT
from samsyn.organisations.importing import import_partnership
from samsyn.organisations.models import Authority, Partnership, Sphere
from samsyn.organisations.partnerships import clock_value, common_goals, goal_name, labels
from tests.rooms.organisations.world import NOON, organisation

FILE = """\
name = "Tillsammans"
decision_number = "KS 2025:14"
decided_on = 2025-01-20
vision = "Every child is seen in time."
[[parties]]
principal_kind = "municipality"
principal_code = "{code}"
authority = "{school}"
[[parties]]
principal_kind = "kommun"
principal_code = "{code}"
authority = "Socialnämnden"
[clocks]
acknowledge_signal = 1
[labels.wheel]
sv = "Barnets bästa-hjulet"
[labels.area_safe]
sv = "Trygg här"
"""
GOALS = '[[goals]]\nkey = "home"\nsv = "Trygg hemma"\nar = "الأمان"\n'


@pytest.fixture
def file(db: None) -> Iterator[str]:
    """The agreement of two boards of one municipality."""
    with clock.at(NOON), translation.override("en"):
        made = organisation()
        Authority.objects.create(principal=made.principal, name="Socialnämnden", sphere=Sphere.SOCIAL)
        school = Authority.objects.get(sphere=Sphere.SCHOOL)
        yield FILE.format(code=made.principal.code, school=school.name)


def wrong(content: str) -> list[str]:
    """What is said to be wrong with a file, each beside its part."""
    report = import_partnership(content.encode(), apply=True)
    assert not Partnership.objects.exists()
    return [f"{one.field or one.rule}: {one.reason % one.values}" for one in report.problems]


def test_everything_that_was_decided_is_written(file: str) -> None:
    report = import_partnership(("\ufeff" + file + GOALS).encode(), apply=True)
    assert (report.changed, report.problems) == (True, [])
    made = Partnership.objects.get()
    assert (made.name, made.decision_number, made.parties.count()) == ("Tillsammans", "KS 2025:14", 2)
    assert clock_value(made, "acknowledge_signal") == 1
    assert labels(made, "sv")["wheel"] == "Barnets bästa-hjulet"
    assert labels(made, "sv")["area.safe"] == "Trygg här"
    assert [goal_name(goal, "sv") for goal in common_goals(made)] == ["Trygg hemma"]


def test_without_goals_of_its_own_it_has_the_three(file: str) -> None:
    import_partnership(file.encode(), apply=True)
    assert [goal.key for goal in common_goals(Partnership.objects.get())] == ["health", "school", "home"]


def test_it_is_tried_first_and_nothing_is_written(file: str) -> None:
    assert import_partnership(file.encode()).changed
    assert not Partnership.objects.exists()


def test_the_same_again_changes_nothing_and_the_same_number_with_other_words_is_refused(file: str) -> None:
    import_partnership(file.encode(), apply=True)
    again = import_partnership(file.encode(), apply=True)
    assert (again.changed, again.problems) == (False, [])
    other = import_partnership(file.replace("acknowledge_signal = 1", "talk_with_family = 3").encode(), apply=True)
    assert ["a number of its own" in one.reason for one in other.problems] == [True]
    assert Partnership.objects.count() == 1
    anew = file.replace("KS 2025:14", "KS 2025:99")
    assert import_partnership(anew.encode(), apply=True).changed
    assert Partnership.objects.count() == 2


@pytest.mark.parametrize(
    ("now", "then", "where"),
    [
        ('name = "Tillsammans"', "name = 3", "name: Write a text"),
        ('name = "Tillsammans"', f'name = "{"x" * 200}"', "name: "),
        ("2025-01-20", '"2025-01-20"', "decided_on: Write a day"),
        ("2025-01-20", "2025-01-20T10:00:00", "decided_on: Write a day"),
        ("2025-01-20", "2099-01-20", "decided_on: The decision is dated in the future."),
        ("Socialnämnden", "Byggnämnden", "parties: Byggnämnden is no authority"),
        ('principal_kind = "kommun"', 'principal_kind = "by"', "parties: Each party has"),
        ("acknowledge_signal = 1", "acknowledge_signal = 9", "acknowledge_signal: An agreement may shorten"),
        ("acknowledge_signal = 1", "acknowledge_signal = true", "clocks: Each clock"),
        ("acknowledge_signal = 1", "fika = 1", "clocks: There is no such rule"),
        ("[labels.wheel]", "[labels.boss]", "labels: Each label"),
        ('sv = "Trygg här"', 'no = "Trygg her"', "labels: Each label"),
        ("[clocks]", "[clock]", ": clock means nothing here."),
        ('name = "Tillsammans"', "name = ", ": The file cannot be read as TOML"),
    ],
)
def test_what_is_wrong_is_told_beside_its_part_and_nothing_is_written(
    file: str, now: str, then: str, where: str
) -> None:
    assert now in file
    (said,) = wrong(file.replace(now, then))
    assert said.startswith(where)


@pytest.mark.parametrize("goals", [GOALS + GOALS, '[[goals]]\nkey = "home"\nen = "Safe"\n', 'goals = "home"\n'])
def test_goals_have_keys_of_their_own_and_swedish_words(file: str, goals: str) -> None:
    content = goals + file if goals.startswith("goals") else file + goals
    (said,) = wrong(content)
    assert said.startswith("goals: Each goal has a key")


def test_all_that_is_wrong_is_told_at_once(file: str) -> None:
    broken = file.replace('name = "Tillsammans"', "").replace("2025-01-20", '"soon"').replace("Social", "Bygg")
    assert [one.partition(":")[0] for one in wrong(broken)] == ["name", "decided_on", "parties"]


def test_one_party_is_no_partnership(file: str) -> None:
    first, _, rest = file.partition("[[parties]]")
    alone = first + rest[rest.index("[[parties]]") :]
    assert wrong(alone) == ["parties: A partnership has at least two parties."]


def test_the_command_says_what_it_did(file: str, tmp_path: Path) -> None:
    path, said = tmp_path / "partnership.toml", StringIO()
    path.write_text(file, encoding="utf-8")
    call_command("import_partnership", path, stdout=said)
    call_command("import_partnership", path, apply=True, stdout=said)
    call_command("import_partnership", path, apply=True, stdout=said)
    assert said.getvalue().splitlines() == [
        "Nothing was changed yet. Run it again with --apply to write this.",
        "Written.",
        "The partnership is here already, just as the file says.",
    ]
    path.write_text("name = 3", encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_partnership", path, apply=True, stdout=said)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_partnership", tmp_path / "none.toml", stdout=said)


def test_the_file_that_the_help_shows_is_understood(file: str) -> None:
    shown = "\n".join(line[2:] for line in AGREEMENT.splitlines()[1:])
    report = import_partnership(shown.encode())
    assert {one.field for one in report.problems} == {"parties"}  # they are not here
    assert all("import-organisations" in one.reason for one in report.problems)
