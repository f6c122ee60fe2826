"""A person goes when nobody holds anything about them any more, and nothing else points at them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from samsyn import law
from samsyn.common import clock
from samsyn.common.batches import in_batches
from samsyn.common.keeping import NO_WORDS, WithPerson
from samsyn.law.days import add_years
from samsyn.organisations.models import Holding
from samsyn.people.models import Account, Guardianship, LookUp, Person
from samsyn.retention.declared import AnyModel, file_paths, goes, in_files, kept, own_models, pointing_at, with_persons
from samsyn.retention.files import files
from samsyn.retention.removing import Rows, Went, add_parts, held_from_outside, take_out
from samsyn.trail.weeding import (
    forget_about,
    forget_look_ups,
    forget_person,
    last_seen,
    led_to_nobody,
    look_ups_of,
    told_of_with,
)

LOG = "access_log"


def take_out_with_family(person: Person, rule: str) -> list[tuple[Person, Went]]:
    """Remove a child whose last file has gone, and each guardian who is here for that child alone.

    Gives whom, and what went with each. In the caller's transaction. The guardians are held first: whoever is writing
    about one of them, as of another child's, is waited for.
    """
    theirs = Guardianship.objects.filter(child=person).values("guardian")
    guardians = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=theirs).order_by("pk"))
    taken = []
    for one in [person, *guardians]:
        went = take_out_person(one, rule)
        if went:
            taken.append((one, went))
    return taken


def take_out_person(person: Person, rule: str) -> Went:
    """Remove a person and what goes with them, every key of theirs included; give what went.

    Nothing when somebody still points at them, or the log must still be able to say who they are.
    """
    if _is_in_the_log(person):
        return Went()
    rows = _rows_of(person)
    held = held_from_outside(rows, besides=_libraries())
    if Person in held:
        return Went()
    _forget_sign_ins_elsewhere(rows.get(Account, set()))
    went, _counted = take_out(rows, held)
    forget_person(person.ref, rule)
    _forget_words_about(person.ref, rule)
    return went


def _forget_words_about(ref: UUID, rule: str) -> None:
    """What somebody wrote of why: of looking the person up, of custody and of protection. Nothing holds it any more."""
    here = set(Person.objects.filter(ref__in=told_of_with(ref)).values_list("ref", flat=True))
    LookUp.objects.filter(ref__in=look_ups_of(ref, but=here)).update(reason=NO_WORDS)
    forget_about(ref, rule, but=here)


def forget_old_look_ups() -> None:
    """The words of look-ups that led to nobody who was here, once the log need not keep them: no person's going takes
    them along. In the caller's transaction."""
    old = LookUp.objects.filter(at__lt=_log_begins()).exclude(reason=NO_WORDS).order_by("pk")
    refs = led_to_nobody(list(old.values_list("ref", flat=True)))
    for some in in_batches(refs):
        LookUp.objects.filter(ref__in=some).update(reason=NO_WORDS)
    forget_look_ups(refs, LOG)


def _log_begins() -> datetime:
    """From when the log of today must still be whole."""
    years = law.on(clock.today()).row(LOG).value or 0
    return clock.noon(add_years(clock.today(), -years))


def _is_in_the_log(person: Person) -> bool:
    """Has the person read or done anything here that the log of who has looked must still name them for?"""
    seen = last_seen(person.ref)
    until = None if seen is None else law.on(clock.today()).kept_until(LOG, seen)
    return until is not None and clock.today() < until


def of_no_use() -> list[Person]:
    """Persons who have been here as long as the log is kept, and for whom no file, no ward and no work tells a reason.

    A child of whom nobody holds anything any more is one of them: its guardians are here for it alone. Whether
    anything else points at them is found out when they are taken out.
    """
    alone = Person.objects.filter(wards=None, created_at__lt=_log_begins())
    with_file = {child for child, _authority in files()}
    found = alone.exclude(pk__in=Holding.objects.values("person")).order_by("pk")
    return [one for one in found if one.pk not in with_file]


def _rows_of(person: Person) -> Rows:
    found: Rows = {}
    for model in with_persons():
        said = kept(model)
        assert isinstance(said, WithPerson)
        way: dict[str, Any] = {said.ref: person.ref} if said.ref else {said.person: person}
        if said.person == "self":
            way = {"pk": person.pk}
        found[model] = set(model._base_manager.filter(**way).values_list("pk", flat=True))
    for model in in_files():
        paths = file_paths(model)
        assert paths is not None
        if "__" in paths[1]:  # only where the way to an authority may lead nowhere
            without = model._base_manager.filter(**{paths[0]: person, f"{paths[1]}__isnull": True})
            found[model] = set(without.values_list("pk", flat=True))
    for model in own_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Account and goes(model):
                own = model._base_manager.filter(**{f"{field.name}__person": person}).values_list("pk", flat=True)
                found.setdefault(model, set()).update(own)
    add_parts(found)
    return {model: ids for model, ids in found.items() if ids}


def _libraries() -> frozenset[AnyModel]:
    """Models of the libraries that sign people in: their rows go with the account, and are no reason to stay."""
    return frozenset(model for model, _field in pointing_at(Account) if not model.__module__.startswith("samsyn."))


def _forget_sign_ins_elsewhere(accounts: set[int]) -> None:
    """What the libraries that sign people in keep of an account: a provider's name for the person, passkeys."""
    for model, field in pointing_at(Account):
        if accounts and model in _libraries():
            model._base_manager.filter(**{f"{field.name}__in": accounts}).delete()
