"""Strings that stand for a protected person: planted everywhere, and looked for in everything that leaves the house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from samsyn.common import clock
from samsyn.common.models import SeenByChild, SeenByPost
from samsyn.people.actions import give_identity
from samsyn.people.models import Account, Person
from samsyn.people.numbers import read_number, test_number
from samsyn.people.vault import WHEREABOUTS, Whereabouts
from samsyn.plans.models import Plan
from samsyn.protection.actions import Decided, note_whereabouts, protect
from samsyn.sharing.actions import guardians_today
from tests.village import Village

SHORTEST_NOTE = 100
_NAMES = ("given_name", "family_name", "called")


@dataclass
class Planted:
    """The child, the guardians, and the strings: ``sealed`` may stand nowhere at all, ``written`` only in the rows."""

    plan: Plan
    child: Person
    guardians: list[Person]
    sealed: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @property
    def strings(self) -> list[str]:
        """All of them."""
        return [*self.sealed, *self.written]


def plant(village: Village) -> Planted:
    """Give a child with a plan, and its family, names and notes that stand nowhere else. Nobody is protected yet."""
    plan = village.plan("active")
    found = Planted(plan, plan.child, [row.guardian for row in guardians_today(plan.child)])
    for person in (found.child, *found.guardians):
        names = {name: _new(found.sealed, "Namn") for name in _NAMES}
        Person.objects.filter(pk=person.pk).update(**names)
        person.refresh_from_db()
        person.save()
        number = test_number(clock.today().replace(year=clock.today().year - 9, month=3, day=7), len(found.sealed) % 18)
        give_identity(village.acting("bo"), person, read_number(number, on=clock.today()))
        found.sealed.append(number)
    for row, columns in _notes(found.child):
        words = {name: _new(found.written, "Ord") for name in columns}
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**words)
        except DatabaseError:  # append-only: stays as it was written
            del found.written[-len(words) :]
    return found


def hide(village: Village, planted: Planted) -> None:
    """Bo sets the protection; he and nobody else knows of the family now. Where each is lies in the vault."""
    bo = village.acting("bo")
    for person in (planted.child, *planted.guardians):
        protect(bo, person, Decided("protected", "OSL 21:3", clock.today()))
        for _ in ("before the move", "after it"):  # what is written over leaves nothing behind either
            places = {name: _new(planted.sealed, "Plats") for name in WHEREABOUTS}
            note_whereabouts(bo, person, Whereabouts(**places))


def account_of(person: Person) -> Account:
    """An account in the own family, which the tests make for the other guardian."""
    there = Account.objects.filter(person=person).first()
    return there or Account.objects.create(person=person, sign_in_name=f"anhorig{person.pk}")


def _new(strings: list[str], kind: str) -> str:
    strings.append(f"{kind}kanarie{len(strings):03d}x{kind[::-1].lower()}")
    return strings[-1]


def _notes(child: Person) -> Iterator[tuple[models.Model, list[str]]]:
    """Every row about the child with its columns of free text."""
    for model in apps.get_models():
        seen: Any = getattr(model, "seen", None)
        if not isinstance(seen, SeenByChild | SeenByPost) or not seen.child:
            continue
        texts = [one.name for one in model._meta.concrete_fields if _is_free_text(one) and not one.unique]
        for row in model._base_manager.filter(**{seen.child: child}) if texts else ():
            yield row, texts


def _is_free_text(column: models.Field[Any, Any]) -> bool:
    if isinstance(column, models.TextField):
        return True
    return isinstance(column, models.CharField) and not column.choices and (column.max_length or 0) >= SHORTEST_NOTE
