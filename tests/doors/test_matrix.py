"""Every address × every method × every villager: one table says what each is answered, and an address that is missing
from it fails. README.md beside this file tells what is asked every day and what only in the proof.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib import auth
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.html import escape
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from samsyn.common import clock
from samsyn.common.models import Referenced, SeenByChild, SeenByPost
from samsyn.common.typed import PASSWORDS
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Person
from samsyn.retention.models import RegisterExtract
from samsyn.sharing.actions import end_family_decision
from samsyn.sharing.models import FamilyDecision, Involvement
from samsyn.site import middleware
from samsyn.trail.models import Mode, TrailEntry
from tests import environment, figures, worlds
from tests.doors import scenes
from tests.doors.relations import ALWAYS, EVERYBODY, Crowd
from tests.doors.scenes import Scene, filled
from tests.doors.table import OTHER_METHODS, TABLE, Line
from tests.village import EXTRACT, masked, references

WHOLE = os.environ.get("SAMSYN_DEEP") == "1" or figures.FOLDER in os.environ
"""Is every cell asked in full, as the proof does."""
EVERY_EIGHTH = 8
EVERY_SIXTH = 6
EVERY_FOURTH = 4


def names_of(resolver: URLResolver, above: str = "") -> Iterator[str]:
    """The name of every address of the house, with its door."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from names_of(one, f"{above}{one.namespace}:" if one.namespace else above)
        elif isinstance(one, URLPattern):
            yield f"{above}{one.name}"


def who_is_asked(line: Line) -> tuple[str, ...]:
    """The villagers of one row: everybody in the proof.

    Every day those who always are, the first to be given each answer, and every fourth of the others, on each row
    another fourth. On PostgreSQL the first of each answer and every sixth: what the second lock takes from a page that
    somebody may read, and what each sees of whom, is asked beside this (tests/two_locks).
    """
    if WHOLE:
        return EVERYBODY
    first = {names.split()[0] for answers in (line.get, line.post) for names in answers.values()}
    always, some = ((), EVERY_SIXTH) if environment.on_postgresql() else (ALWAYS, EVERY_FOURTH)
    others = [who for who in EVERYBODY if who not in {*always, *first}]
    return (*always, *sorted(first - set(always)), *others[TABLE.index(line) % some :: some])


def test_everybody_is_asked_at_some_address_and_on_one_database_twenty_at_each() -> None:
    asked = [who_is_asked(line) for line in TABLE]
    assert {who for row in asked for who in row} == set(EVERYBODY)
    assert all(len(set(row)) == len(row) >= (6 if environment.on_postgresql() else 20) for row in asked)


def test_every_address_stands_in_the_table() -> None:
    addresses = list(names_of(get_resolver()))
    assert len(addresses) == len(set(addresses))
    assert sorted(set(addresses)) == sorted({line.name for line in TABLE})


@pytest.fixture(scope="session")
def gathered(village: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    """Everybody of the matrix, signed in, in a copy of the village of their own. Ask for ``crowd``."""
    with django_db_blocker.unblock():
        found = Crowd(worlds.copy_database(village))
    yield found
    worlds.drop_database(found.database)


@pytest.fixture
def crowd(
    gathered: Crowd,
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Crowd]:
    """As ``lived``. Whose a session is, and who that is in a post, is worked out once a row: its cells are undone."""
    extract = tmp_path / "extract.csv"
    extract.write_text(EXTRACT, encoding="utf-8")
    settings.SAMSYN_REGISTER_FILE = str(extract)
    with django_db_blocker.unblock(), gathered.open():
        by_post = remembering(viewer_for, lambda account, post, at, **_ways: (account.pk, post))
        monkeypatch.setattr(middleware, "viewer_for", by_post)
        of_session = remembering(auth.get_user, lambda request: request.session.get(auth.HASH_SESSION_KEY))
        monkeypatch.setattr(auth, "get_user", lambda request: copy(of_session(request)))
        yield gathered


def remembering(work_out: Callable[..., Any], of: Callable[..., Any]) -> Callable[..., Any]:
    """The same, which works each answer out once. ``of``: what the answer hangs on."""
    known: dict[Any, Any] = {}

    def remembered(*given: Any, **ways: Any) -> Any:
        which = of(*given, **ways)
        if which not in known:
            known[which] = work_out(*given, **ways)
        return known[which]

    return remembered


@dataclass(frozen=True)
class Answer:
    """What one cell got: the response, the tables that were written to, and of each page read whom the trail names."""

    status: int
    body: bytes
    headers: dict[str, str]
    writes: frozenset[str]
    reads: list[set[UUID | None]]


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is done inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, line: Line, scene: Scene, place: dict[str, Any]) -> Answer:
    """One cell: open the address, or send its form; then undo it."""
    return ask_at(reverse(line.name, kwargs=place, query=scene.query), client, method, scene.body)


def ask_at(address: str, client: Client, method: str, body: dict[str, Any]) -> Answer:
    """As ``ask``, of any address."""
    written: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = re.match(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\W?(\w+)", sql, re.IGNORECASE)
        if found:
            written.add(found.group(1))
        return execute(sql, params, many, context)

    with undone():
        newest = TrailEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with connection.execute_wrapper(watch):
            sent = {"data": filled(body)} if method == "post" else {}
            response = getattr(client, method)(address, **sent)
        shown = b"".join(response) if response.streaming else response.content
        rows = TrailEntry.objects.filter(mode=Mode.READ, pk__gt=newest).prefetch_related("subjects")
        reads = [{one.child_ref for one in row.subjects.all()} for row in rows]
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    return Answer(
        response.status_code, masked(shown), headers, frozenset(written - {"people_signin", "samsyn_cache"}), reads
    )


def elsewhere(given: dict[str, Any]) -> dict[str, Any]:
    """The same with references that nothing has."""
    return {name: uuid4() if isinstance(one, UUID) else one for name, one in given.items()}


def things_of_children() -> dict[UUID, UUID]:
    """Every reference in the store that is about a child, and that child's own."""
    children = Person.objects.filter(pk__in=Involvement.objects.values("child"))
    found = {ref: ref for ref in children.values_list("ref", flat=True)}
    for model in apps.get_models():
        seen = getattr(model, "seen", None)
        way = seen.child if isinstance(seen, SeenByChild | SeenByPost) else ""
        if way and issubclass(model, Referenced):
            found.update(model.objects.exclude(**{way: None}).values_list("ref", f"{way}__ref"))
    found.update(RegisterExtract.objects.values_list("ref", "child__ref"))  # seen by an account, and about a child
    return found


INLINE = re.compile(rb"<style\b|<script\b(?![^>]*\ssrc=)|<[a-z][^>]*\s(?:style|on[a-z]+)\s*=", re.IGNORECASE)
BUTTONS = re.compile(rb'<(?:button|a)\b[^>]*class="[^"]*\bds-button\b[^"]*"[^>]*>')


def tells_no_charset(told: str, body: bytes) -> bool:
    """Is it a text that does not tell that it is UTF-8? ``told``: the type of content that the answer says it is."""
    kind, _, more = told.lower().partition(";")
    is_text = not kind or kind.startswith("text/") or kind.endswith(("/xml", "+xml"))
    return bool(body) and is_text and more.strip() != "charset=utf-8"


def wrong_on_the_page(line: Line, answer: Answer) -> Iterator[str]:
    """What no page may hold: script or style of its own, a second filled button; and no page may be kept."""
    if answer.headers["Cache-Control"] != "no-store":
        yield "may be kept by a browser"
    if tells_no_charset(answer.headers["Content-Type"], answer.body):
        yield f"does not tell its charset: {answer.headers['Content-Type']}"
    if answer.headers["Content-Type"].startswith("text/html"):
        yield from (f"holds {one.decode()}" for one in INLINE.findall(answer.body))
        filled_ones = [one for one in BUTTONS.findall(answer.body) if b"data-variant" not in one]
        if len(filled_ones) > 1 and line.name != "public:gallery":  # which shows every button there is
            yield f"has {len(filled_ones)} filled buttons, and only the one next action has one"


def judge(line: Line, method: str, answer: Answer, scene: Scene, of_children: dict[UUID, UUID]) -> Iterator[str]:
    """What is wrong with one cell, besides its status."""
    told = references(answer.body) | {one for one in scene.place.values() if isinstance(one, UUID)}
    shown = {of_children[ref] for ref in told if ref in of_children}
    yield from wrong_on_the_page(line, answer)
    is_page = answer.status in {200, 409, 422} and not line.open
    if is_page and len(answer.reads) != bool(shown):
        yield f"shows {len(shown)} children and leaves {len(answer.reads)} rows of reading in the trail"
    if is_page and not shown <= set().union(*answer.reads):
        yield "shows a child whom the trail does not name"
    if any(None in read for read in answer.reads):
        yield "leaves a row of reading about a child without a name"
    if not is_page and answer.reads:
        yield "shows nothing and leaves a row of reading in the trail"
    # The way out in a hurry ends the session by a link, so that it needs no script.
    if method != "post" and line.name != "portal:leave" and any(not one.startswith("trail_") for one in answer.writes):
        yield f"writes to {sorted(answer.writes)}"
    if answer.status in {401, 404, 405} and answer.writes:
        yield f"writes to {sorted(answer.writes)} for somebody who may not"


NOWHERE = "/no-such-page/"
NOT_THERE: dict[tuple[str, str], Answer] = {}
"""What each villager is answered at a mistyped address, by method."""


def looks_missing(crowd: Crowd, who: str, method: str, line: Line, scene: Scene, answer: Answer, turn: int) -> bool:
    """Is a 404 the same, byte for byte, as that of a thing that is not there.

    The page of a mistyped address is asked for once; the thing that is not there for every eighth villager, another one
    on each row, and for all in the proof and where the two differ (the scene may have changed how somebody is called).
    """
    if (who, method) not in NOT_THERE:
        NOT_THERE[who, method] = ask_at(NOWHERE, crowd.client(who), method, {})
    if answer == NOT_THERE[who, method] and turn % EVERY_EIGHTH and not WHOLE:
        return True
    nothing = replace(scene, body=elsewhere(scene.body))
    return ask(crowd.client(who), method, line, nothing, elsewhere(scene.place)) == answer


def without_body(answer: Answer) -> Answer:
    """What HEAD is answered where GET is answered so."""
    return replace(answer, body=b"")


def refused_methods(crowd: Crowd, address: str, asking: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the methods that nobody may use: the answer is one for all, and the store is asked nothing."""

    def asked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        raise AssertionError(f"asked the store {sql}")

    answers = set()
    with connection.execute_wrapper(asked):
        for who, method in product(asking, OTHER_METHODS):
            found = crowd.client(who).generic(method.upper(), address)
            answers.add((found.status_code, found.content, tuple(sorted(found.headers.items()))))
    if {status for status, _, _ in answers} != {405} or len(answers) != 1:
        yield f"{OTHER_METHODS} are not answered alike: {answers}"


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.name} {line.note}".strip())
def test_everybody_is_answered_as_the_table_says(crowd: Crowd, line: Line) -> None:
    scene, asking = line.scene(crowd), who_is_asked(line)
    of_children = things_of_children()
    wrong = []
    seen: set[int] = set()
    for turn, (who, method) in enumerate(product(asking, ("get", "post")), TABLE.index(line)):
        cell, client = f"{method} by {who or 'somebody without sign-in'}", crowd.client(who)
        answer = ask(client, method, line, scene, scene.place)
        if answer.status != line.expected(method, who):
            wrong.append(f"{cell}: {answer.status} and not {line.expected(method, who)}")
        wrong += [f"{cell}: {sentence}" for sentence in judge(line, method, answer, scene, of_children)]
        if answer.status == 404 and not looks_missing(crowd, who, method, line, scene, answer, turn):
            wrong.append(f"{cell}: what is not theirs does not look like what is not there")
        if method == "get" and (WHOLE or answer.status not in seen):
            seen.add(answer.status)
            if ask(crowd.client(who), "head", line, scene, scene.place) != without_body(answer):
                wrong.append(f"head by {who or 'somebody without sign-in'}: is not a GET without its page")
    wrong += refused_methods(crowd, reverse(line.name, kwargs=scene.place, query=scene.query), asking)
    for proof in ("matrix", "access"):
        figures.add(proof, cells=len(asking) * (3 + len(OTHER_METHODS)), wrong=len(wrong))
    assert not wrong, "\n".join(wrong)


def pages_of_a_family(crowd: Crowd, who: str) -> list[bytes]:
    """What somebody in Signe's family finds at home: the first page, the questions, and those about her."""
    about = {"ref": crowd.child("Signe").ref}
    places: list[tuple[str, dict[str, Any]]] = [("portal:start", {}), ("portal:questions", {})]
    places += [(name, about) for name in ("portal:shared", "portal:extract", "portal:looks")]
    return [masked(crowd.client(who).get(reverse(name, kwargs=place)).content) for name, place in places]


def test_who_is_closed_out_finds_the_same_whatever_happens_around_the_child(crowd: Crowd) -> None:
    rolf, signe = "rolf_closed_out", crowd.child("Signe")
    with clock.at(clock.now()):
        before = {who: pages_of_a_family(crowd, who) for who in (rolf, "amal", "olof")}
        for make in (scenes.told, scenes.planned_at_home, scenes.asked_at_home):
            make(crowd)
        after = {who: pages_of_a_family(crowd, who) for who in before}
        assert after[rolf] == before[rolf]
        assert all(after[who] != before[who] for who in ("amal", "olof"))
        decision = FamilyDecision.objects.get(child=signe, whom=crowd.account("rolf").person, ends=None)
        end_family_decision(crowd.acting("bo"), decision, "Hovrätten har dömt.")
        assert pages_of_a_family(crowd, rolf) != before[rolf]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "line", [one for one in TABLE if not one.open], ids=lambda line: f"{line.name} {line.note}".strip()
)
def test_without_sign_in_everything_asks_for_it_and_keeps_what_was_typed(crowd: Crowd, line: Line) -> None:
    scene = line.scene(crowd)
    for place in (scene.place, elsewhere(scene.place)):
        address = reverse(line.name, kwargs=place, query=scene.query)
        seen = crowd.client("").get(address)
        assert (seen.status_code, seen.headers["Location"]) == (
            302,
            f"/sign-in/?{urlencode({'next': address}, safe='/')}",
        )
        sent = crowd.client("").post(address, filled(scene.body))
        assert sent.status_code == 401
        page = sent.content.decode()
        assert f'name="next" value="{escape(address)}"' in page
        for name, value in scene.body.items():
            for one in value if isinstance(value, list) else [value]:
                kept = f'name="kept-{name}" value="{escape(one)}"' in page
                assert kept is (name not in PASSWORDS)
