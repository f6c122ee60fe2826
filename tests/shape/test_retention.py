"""Every model says how long its rows are kept, and what may go is what the database lets go, and nothing else."""

from __future__ import annotations

from datetime import date

from django.apps import apps
from django.db import connection

from samsyn import law
from samsyn.common.keeping import InFile, Kept, PartOf, Stays, WithPerson
from samsyn.common.models import SeenAsPerson, SeenByChild
from samsyn.common.triggers import WEEDED
from samsyn.organisations.models import Authority
from samsyn.people.models import Account, Person
from samsyn.retention.declared import AnyModel, file_paths, goes, kept, own_models
from samsyn.trail.models import TrailEntry
from tests.shape.test_models import at_the_end

ABOUT_WORK = {"Holding", "Absence", "Consultation"}
"""Models that point at persons who work here, and at nobody else."""


def pointed_at(model: AnyModel) -> dict[str, AnyModel]:
    """The models that a model points at, by the name of the key."""
    fields = model._meta.concrete_fields
    return {field.name: field.related_model for field in fields if isinstance(field.related_model, type)}


def test_every_model_says_how_it_is_weeded() -> None:
    silent = [model.__name__ for model in own_models() if not isinstance(model.__dict__.get("kept"), Kept)]
    assert silent == [], "say `kept` beside `seen`: samsyn/common/keeping.py"


def test_what_is_seen_by_its_child_is_in_the_childs_file_and_a_person_goes_as_a_person() -> None:
    by_child = [model for model in own_models() if isinstance(model.__dict__["seen"], SeenByChild)]
    assert len(by_child) > 20
    assert [model.__name__ for model in by_child if file_paths(model) is None] == []
    persons = [model for model in own_models() if isinstance(model.__dict__["seen"], SeenAsPerson)]
    assert [model.__name__ for model in persons if not isinstance(kept(model), WithPerson)] == []


def test_what_stays_points_at_nothing_that_goes() -> None:
    wrong = [
        f"{model.__name__}.{name}"
        for model in own_models()
        if isinstance(kept(model), Stays) and model.__name__ not in ABOUT_WORK
        for name, other in pointed_at(model).items()
        if other is not Account and goes(other)
    ]
    assert wrong == [], "it would keep what must go: say how it is weeded"


def test_the_paths_of_a_file_lead_to_a_child_and_to_an_authority() -> None:
    for model in own_models():
        paths = file_paths(model)
        if paths is not None:
            assert at_the_end(model, paths[0]).related_model is Person
            assert at_the_end(model, paths[1]).related_model is Authority


def test_the_classes_that_models_show_are_those_that_the_law_keeps_in_its_own_way() -> None:
    rows = law.on(date(2027, 1, 1)).rows(law.Kind.RETENTION)
    special = {row.id for row in rows if isinstance(row, law.Retention) and row.special}
    said = [kept(model) for model in own_models()]
    assert {rule for one in said if isinstance(one, InFile) for rule in one.shows} == special


def test_every_part_goes_with_something_that_goes() -> None:
    for model in own_models():
        said = kept(model)
        if isinstance(said, PartOf):
            assert goes(pointed_at(model)[said.whole])


def triggers() -> dict[str, str]:
    """Each append-only table and what its trigger against deleting says."""
    statement = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'"
    if connection.vendor == "postgresql":
        statement = (
            "SELECT tgrelid::regclass::text, tgfoid::regproc::text FROM pg_trigger WHERE tgname ~ '_no_rewrite$'"
        )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())


def test_the_database_lets_through_what_is_weeded_and_nothing_else(db: None) -> None:
    append_only = set(triggers())
    passable = {table for table, words in triggers().items() if "trail_passage" in words or "but_weeded" in words}
    going = {model._meta.db_table for model in own_models() if goes(model)} | {TrailEntry._meta.db_table}
    assert passable == append_only & going, "add the table to WEEDED in samsyn/common/triggers.py"
    assert passable == WEEDED
    assert append_only - passable >= {"trail_leaf", "trail_root", "trail_trailsubject", "retention_tombstone"}


def test_only_tables_that_there_are_can_be_let_through() -> None:
    assert {model._meta.db_table for model in apps.get_models()} >= WEEDED
