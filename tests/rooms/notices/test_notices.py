"""A notice is queued with what it tells, once, in words that name nobody."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.desk.duty_words import NOTICE_WORDS
from samsyn.duties.models import Duty
from samsyn.early_signals.actions import send_sign
from samsyn.notices.actions import mark_read, tell
from samsyn.notices.models import Notice
from samsyn.organisations.models import Unit
from samsyn.people.models import Person
from samsyn.trail.models import TrailEntry
from tests import worlds
from tests.doors.scenes import written
from tests.village import Village


def told(village: Village, post: str = "rektor", key: str = "sign_received", **changes: Any) -> None:
    """Tell a post something about Vera."""
    about: dict[str, Any] = {"room": "sign", "object_ref": UUID(int=1), "child": village.child("Vera")}
    tell(village.post(post), key, **{**about, **changes})


def waiting(village: Village, post: str = "rektor") -> int:
    """How many notices about the thing a post has."""
    return Notice.objects.filter(post=village.post(post), object_ref=UUID(int=1)).count()


def test_the_same_is_told_once(lived: Village) -> None:
    for _ in range(3):
        told(lived)
    assert waiting(lived) == 1


@pytest.mark.parametrize(
    "changes", [{"key": "sign_joined"}, {"occasion": "2"}, {"object_ref": UUID(int=2)}, {"post": "fritids"}]
)
def test_another_text_thing_occasion_or_receiver_is_told_too(lived: Village, changes: dict[str, Any]) -> None:
    before = Notice.objects.count()
    told(lived)
    told(lived, **changes)
    told(lived, **changes)
    assert Notice.objects.count() == before + 2


def test_telling_again_leaves_what_was_read_as_it_was(lived: Village) -> None:
    told(lived)
    notice = Notice.objects.get(object_ref=UUID(int=1))
    moment = clock.now()
    with clock.at(moment):
        mark_read(notice)
    mark_read(notice)
    told(lived)
    again = Notice.objects.get(object_ref=UUID(int=1))
    assert (again.ref, again.read_at) == (notice.ref, moment)


def test_two_at_once_tell_once(settled: Village, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database) as world:
        outcomes = world.at_once(*[lambda: told(settled)] * 4)
        assert outcomes == [None] * 4
        assert waiting(settled) == 1


def test_a_notice_has_one_receiver(lived: Village) -> None:
    about = {"text_key": "sign_received", "room": "sign", "object_ref": UUID(int=1), "created_at": clock.now()}
    post, account = lived.post("rektor"), lived.account("bo")
    for receivers in ({}, {"post": post, "account": account}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(key=str(new_reference()), **about, **receivers)


def test_only_the_receiver_sees_it(lived: Village) -> None:
    told(lived)
    seeing = {
        who: Notice.objects.visible_to(lived.acting(who)).filter(object_ref=UUID(int=1)).exists()
        for who in ("bo", "hanna", "maja", "ines", "kurt")
    }
    assert [who for who, sees in seeing.items() if sees] == ["bo"]


# --- in the transaction of what it tells -----------------------------------------------------------------------------


def test_a_sign_its_duty_its_trail_and_its_notice_are_there_together_or_not_at_all(lived: Village) -> None:
    maja, sign = lived.acting("maja"), written(lived, lived.sign("draft"))
    parts = (Notice, Duty)
    before = [TrailEntry.objects.count(), *(model.objects.count() for model in parts)]
    with transaction.atomic():
        send_sign(maja, sign)
        assert [model.objects.filter(object_ref=sign.ref).count() for model in parts] == [1, 1]
        transaction.set_rollback(True)
    assert [TrailEntry.objects.count(), *(model.objects.count() for model in parts)] == before


def test_what_is_told_is_there_for_others_with_what_it_tells(
    settled: Village, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(settled.database) as world:
        maja, sign = settled.acting("maja"), written(settled, settled.sign("draft"))
        send_sign(maja, sign)
        seen = world.at_once(lambda: Notice.objects.filter(object_ref=sign.ref, post=settled.post("rektor")).count())
        assert seen == [1]


# --- words that name nobody ------------------------------------------------------------------------------------------


def names_in(text: str, names: set[str]) -> set[str]:
    """Those of the names that stand in a text as a word of their own."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}
    return {name for name in names if set(name.casefold().split()) <= words}


def test_the_search_for_names_finds_them() -> None:
    assert names_in("Signe har fått ett svar.", {"Signe", "Vera"}) == {"Signe"}
    assert names_in("Någon på Norra skolan ber om hjälp.", {"Norra skolan"}) == {"Norra skolan"}
    assert names_in("A sign has come.", {"Signe"}) == set()


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_no_notice_names_a_person_or_a_place(lived: Village, language: str) -> None:
    people = Person.objects.values_list("given_name", "family_name", "called")
    names = {one for row in people for one in row if one} | set(Unit.objects.values_list("name", flat=True))
    assert len(names) > 100
    with translation.override(language):
        told = {key: str(words) for key, words in NOTICE_WORDS.items()}
    assert {key: names_in(words, names) for key, words in told.items() if names_in(words, names)} == {}
    assert [key for key, words in told.items() if "%" in words or "{" in words] == []


def test_no_text_lies_in_a_notice(lived: Village) -> None:
    held = {
        field.name
        for field in Notice._meta.get_fields()
        if isinstance(field, models.TextField | models.JSONField | models.BinaryField)
    }
    assert held == set()
    for notice in Notice.objects.all():
        assert notice.text_key in NOTICE_WORDS
        assert re.fullmatch(r"\d*\|[a-z_]+\|[0-9a-f-]{36}\|[0-9a-f-]*", notice.key), notice.key
