"""Every model says how it is seen, points downwards only, and what is never rewritten refuses it in the store."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.common.models import (
    NeverShown,
    Public,
    Referenced,
    Seen,
    SeenAsPerson,
    SeenByAccount,
    SeenByChild,
    SeenByPost,
)
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Account, Person
from samsyn.retention.actions import keep_long, set_plan
from samsyn.retention.models import Tombstone, Weeding
from samsyn.reviews.actions import Looked, give_verdict, put_in_queue
from samsyn.reviews.models import Round
from samsyn.sharing.actions import (
    Sharing,
    answer_challenge,
    answer_consent,
    ask_consent,
    challenge,
    claim_error,
    disclose,
    guardians_today,
    open_in_emergency,
    waive,
)
from samsyn.sharing.consent_rules import Limit
from samsyn.sharing.models import Way
from samsyn.trail.actions import once
from samsyn.trail.look_actions import look_again, tell_name, withhold_thing
from samsyn.trail.seal_actions import exchange, seal
from tests.shape.house import calls, dotted, may_point, modules, rooms
from tests.village import Village, number_of

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("samsyn.")]


def room_of(model: type[models.Model]) -> str:
    """The room that a model lives in."""
    return model.__module__.split(".")[1]


def relations(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The foreign keys and the like that the model itself declares."""
    return (field for field in model._meta.get_fields() if isinstance(field, models.Field) and field.is_relation)


def test_the_order_of_the_rooms_is_what_it_should_be() -> None:
    assert may_point("plans", "trail")
    assert may_point("plans", "plans")
    assert not may_point("trail", "plans")
    assert not may_point("desk", "public")
    assert {room_of(model) for model in OURS} <= set(rooms())
    assert len(OURS) > 30


def test_no_foreign_key_points_upwards() -> None:
    upwards = [
        f"{model.__name__}.{field.name} points at {field.related_model.__name__}"
        for model in OURS
        for field in relations(model)
        if isinstance(field.related_model, type)
        and field.related_model.__module__.startswith("samsyn.")
        and not may_point(room_of(model), room_of(field.related_model))
    ]
    assert upwards == []


def test_no_room_can_climb_up_to_those_that_point_at_it() -> None:
    climbable = [
        f"{model.__name__}.{field.name} gives {field.related_model.__name__} a way back; say related_name='+'"
        for model in OURS
        for field in relations(model)
        if isinstance(field.related_model, type)
        and room_of(model) != room_of(field.related_model)
        and not (field.remote_field and field.remote_field.hidden)
    ]
    assert climbable == []


def test_every_model_says_itself_how_it_is_seen() -> None:
    own = [model for model in OURS if not model._meta.auto_created]
    silent = [model.__name__ for model in own if not isinstance(model.__dict__.get("seen"), Seen)]
    assert silent == []


def at_the_end(model: type[models.Model], way: str) -> models.Field[Any, Any]:
    """The field that a path like "plan__ref" ends at. Raises FieldDoesNotExist."""
    *steps, last = way.split("__")
    here: Any = model
    for step in steps:
        here = here._meta.get_field(step).related_model
    found: models.Field[Any, Any] = here._meta.get_field(last)
    return found


def wrong_ways(model: type[models.Model], seen: Seen) -> Iterator[str]:
    """The paths of a declaration that do not lead where the one predicate needs them to."""
    ways: list[tuple[str, Any]] = []
    if isinstance(seen, SeenByChild):
        ways = [(seen.child, Person), (seen.authority, Authority), (seen.item, models.UUIDField)]
        ways += [(seen.draft_of, Post)] if seen.draft_of else []
    elif isinstance(seen, SeenByPost):
        ways = [(seen.post, Post), (seen.copies, Post), (seen.account, Account), (seen.child, Person)]
    elif isinstance(seen, SeenByAccount) and seen.account != "self":
        ways = [(seen.account, Account)]
    for way, target in ways:
        if way:
            field = at_the_end(model, way)
            if field.related_model is not target and not (isinstance(target, type) and isinstance(field, target)):
                yield f"{model.__name__}: {way} does not lead to {target.__name__}"


def test_what_a_model_says_leads_where_the_predicate_looks() -> None:
    assert [sentence for model in OURS if hasattr(model, "seen") for sentence in wrong_ways(model, model.seen)] == []
    kinds = {type(model.seen) for model in OURS if hasattr(model, "seen")}
    assert kinds == {SeenByChild, SeenAsPerson, SeenByPost, SeenByAccount, Public, NeverShown}


def test_what_is_about_a_child_can_be_named_in_the_trail() -> None:
    about = [model for model in OURS if isinstance(getattr(model, "seen", None), SeenByChild | SeenAsPerson)]
    assert [model.__name__ for model in about if not issubclass(model, Referenced)] == []


# --- what is never rewritten -----------------------------------------------------------------------------------------


def sealed_tables() -> set[str]:
    """The tables that migrations make append-only, without the one that a later migration has taken away."""
    found = set()
    for path in modules(migrations=True):
        if "migrations" in path.parts:
            for call in calls(path, "append_only"):
                found |= {one.value for one in call.args if isinstance(one, ast.Constant)}
    return {str(one) for one in found} - {"trail_link"}


NEVER_REWRITTEN = sorted(sealed_tables())


def test_what_calls_itself_append_only_is() -> None:
    promised = {model._meta.db_table for model in OURS if "append-only" in (model.__doc__ or "").lower()}
    trail = {model._meta.db_table for model in OURS if room_of(model) == "trail"} - {"trail_tree", "trail_passage"}
    assert trail
    assert promised
    assert (promised | trail) - set(NEVER_REWRITTEN) == set()
    assert set(NEVER_REWRITTEN) <= {model._meta.db_table for model in OURS}


def every_table_holds_something(village: Village) -> None:
    """What the stories of the village do not leave behind: a seal, a form that was pressed, a delivered copy."""
    bo, request = village.acting("bo"), village.request("sent")
    seal()
    exchange()
    once(bo, new_reference(), new_reference)
    row = withhold_thing(bo, request.child.ref, request.ref, "Den får inte anas nu.", clock.today() + timedelta(days=1))
    look_again(village.acting("siv"), row, "Det är över.", None)
    tell_name(bo, request.child.ref, bo.person_ref, "Familjen behöver namnet.")
    maja = village.account("maja")
    review = put_in_queue(Looked(maja.person, maja.ref, village.post("fritids"), request.child), ["sample"], key="one")
    give_verdict(bo, review, "in_order", "Hon hade skäl.")
    Round.objects.create(week=clock.today(), looks=0, made_at=clock.now())
    unit, held = request.to_unit, request.disclosure
    assert held is not None
    ground = Sharing(
        gate=held.gate,
        purpose="Stöd hemma.",
        told="Läst tillsammans.",
        consent=held.consent,
        way=Way.DELIVERED,
        rendering="Text",
    )
    shared = disclose(bo, request.child, request.authority, unit, [("request", request.ref)], ground)
    answer_challenge(bo, challenge(bo, shared, "Fel.", by=request.child), "Vi har läst det.")
    claim_error(bo, request.child, request.authority_id, ("request", request.ref), "Fel.", by=request.child)
    a_consent_with_everything(bo, village.child("Signe"), unit)
    an_emergency_that_was_looked_at(village)
    a_file_that_was_weeded(village)


def a_file_that_was_weeded(village: Village) -> None:
    """What says how long a file stands, and what is left of one that has gone."""
    siv = village.acting("siv")
    set_plan(Authority.objects.get(pk=siv.authority or 0), 10, "RF 12/2026")
    ines = village.acting("ines")
    keep_long(ines, village.child("Signe"), "child_protection_file", "SN 7/2026")
    run = Weeding.objects.create(ref=new_reference(), began_at=clock.now(), again=False)
    Tombstone.objects.create(
        ref=new_reference(), weeding=run, kind="file", subject_ref=new_reference(), rule="own_plan", rows=1,
        at=clock.now(),
    )  # fmt: skip


def an_emergency_that_was_looked_at(village: Village) -> None:
    """Hanna opened Signe in an emergency, and Bo has looked at it."""
    access = open_in_emergency(
        village.acting("hanna"), number_of(village.child("Signe")), "life", "Hon har ramlat och vi når ingen."
    )
    give_verdict(village.acting("bo"), access.review, "in_order", "Det behövdes.")


def a_consent_with_everything(bo: Viewer, signe: Person, unit: Unit) -> None:
    """A single thing asked about, something left out, one yes that is enough, and the end of it."""
    consent = ask_consent(
        bo,
        signe,
        purpose="Lugna måndagar",
        kinds=[],
        items=[("request", new_reference())],
        receivers=[unit],
        left_out=[Limit(kind="talk")],
        until=clock.today() + timedelta(days=30),
        form="oral",
        language="sv",
    )
    amal, olof = (row.guardian for row in guardians_today(signe))
    reason = "Han är på sjukhus och det kan inte vänta."
    waive(bo, consent, olof, ground="one_guardian_when_hindered", reason=reason, decided_on=clock.today())
    for step in ("given", "withdrawn"):
        answer_consent(bo, consent, amal, step, form="oral", language="ar")


def test_the_store_refuses_to_rewrite_what_is_only_ever_added_to(lived: Village) -> None:
    every_table_holds_something(lived)
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else the keys of what was just written would stand in the way
    assert [fault for table in NEVER_REWRITTEN for fault in what_can_be_rewritten(table)] == []


def what_can_be_rewritten(table: str) -> Iterator[str]:
    """What the store lets somebody do to the table, and should not."""
    quoted = connection.ops.quote_name(table)
    wishes = {f"UPDATE {quoted} SET id = id": "is append-only", f"DELETE FROM {quoted}": "is append-only"}
    if connection.vendor == "postgresql":
        wishes[f"TRUNCATE {quoted} CASCADE"] = "permission denied"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {quoted}")
        held = cursor.fetchone()[0]
        if not held:
            yield f"{table} holds nothing to rewrite"
        for wish, refusal in wishes.items():
            try:
                with transaction.atomic():
                    cursor.execute(wish)
                yield f"{wish} was done"
            except DatabaseError as refused:
                if refusal not in str(refused):
                    yield f"{wish}: {refused}"
        cursor.execute(f"SELECT count(*) FROM {quoted}")
        if cursor.fetchone()[0] != held:
            yield f"{table} has lost rows"


def test_migrations_are_read_by_their_own_names() -> None:
    assert {dotted(path) for path in modules(migrations=True)} >= {"samsyn.trail.migrations.0002_never_rewritten"}
