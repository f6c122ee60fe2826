"""One row a person: found by number or made, also when two make it at once; names of the protected in the vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from samsyn.common import clock, ports
from samsyn.common.decision import Refused, no, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.actions.birth_dates import settled_by_register
from samsyn.people.actions.custody import guardians_on, names_of, take_over
from samsyn.people.identities import (
    blind,
    find_by_number,
    find_by_numbers,
    identity_of,
    new_identities,
    new_identity,
    new_identity_beside,
)
from samsyn.people.models import (
    LONGEST_NAME,
    OWN_PROTECTION,
    Guardianship,
    Identity,
    Person,
    ProtectedDetails,
    Protection,
)
from samsyn.people.numbers import ReadNumber
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson
from samsyn.people.vault import NAMES, Whereabouts, open_names, open_whereabouts, seal
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject


class NumberIsTaken(Refused):
    """Somebody has got the number since it was looked for."""


class AnotherChild(Exception):
    """The numbers are somebody's who is not the one that a register tells of, since a moment ago. Nothing was done."""


@dataclass(frozen=True, repr=False)
class Facts:
    """What is written down about one person. Its text form is silent: nothing of it reaches a log."""

    given_name: str = ""
    family_name: str = ""
    called: str = ""
    birth_date: date | None = None
    languages: tuple[str, ...] = ()
    interpreter: str = ""
    protection: str = "none"
    identities: tuple[RegisterIdentity, ...] = ()

    def __repr__(self) -> str:
        return "<Facts>"

    def names(self) -> dict[str, str]:
        """The three names, clean. Raises UnclearText, naming the field."""
        return {name: clean_line(getattr(self, name), LONGEST_NAME, field=name) for name in NAMES}


def _anybody(_person: Person) -> bool:
    return True


def find_or_create(
    viewer: Viewer,
    found: RegisterPerson,
    *,
    source: str = "register",
    known: Person | None = None,
    is_the_one: Callable[[Person], bool] = _anybody,
) -> Person:
    """The one row of the person that a register answered with, made now if there is none, with those who have custody.

    ``known``: the row to take, for a viewer who sees one that has the number beside somebody else (``Identity``).
    ``is_the_one``: is a row that has the numbers the one whom the register tells of. It is asked of the row as it
    stands when it is found: somebody may have got the number since the caller looked.
    What the register says now is taken over: names, birth date, stronger protection, custody. Two at once make one row.
    Raises Refused when the numbers point at two persons, and AnotherChild for a row that is not the one.
    """
    child_facts = Facts(
        given_name=found.given_name,
        family_name=found.family_name,
        called=found.called,
        birth_date=found.birth_date,
        languages=found.languages,
        protection=rules.stored_protection(found.protection),
        identities=found.identities,
    )
    numbered = {guardian: _facts_of(guardian) for guardian in found.guardians if guardian.identity is not None}
    with transaction.atomic():
        # Always in the same order, so that two families that come at once never wait for each other in a circle.
        everybody = sorted({child_facts, *numbered.values()}, key=_order)
        rows = {
            one: _find_or_make(viewer, one, known, is_the_one) if one == child_facts else _find_or_make(viewer, one)
            for one in everybody
        }
        child, is_new = rows[child_facts]
        list(Person.objects.select_for_update().filter(pk=child.pk).values_list("pk"))
        told = [
            (
                rows[numbered[guardian]][0] if guardian in numbered else _without_number(viewer, child, guardian),
                guardian.custody,
            )
            for guardian in found.guardians
        ]
        changed = take_over(viewer, child, told, source)
        hide_family(child)
        if is_new or changed:
            subjects = [Subject("person", person.ref, child.ref) for person in (child, *dict(told))]
            act(viewer, "people.person_created" if is_new else "people.custody_noted", subjects, ground=source)
        if not is_new:
            ports.family_changed(viewer, child.pk)  # also a birth date that was not known before
    return child


def new_person(viewer: Viewer, facts: Facts) -> Person:
    """The one row of a person whom no register answered for: found by number, or made.

    Raises Refused for a missing name, a day to come, or numbers that point at two persons.
    """
    with transaction.atomic():
        person, is_new = _find_or_make(viewer, facts, registered=False)
        if is_new:
            act(viewer, "people.person_created", [Subject("person", person.ref, person.ref)])
    return person


def give_identity(viewer: Viewer, person: Person, number: ReadNumber, *, beside: bool = False) -> Identity:
    """Let a person be known by one more number. The same number again changes nothing.

    ``beside``: somebody else has it, of whom the viewer may not know. Raises Refused, without it, for such a number.
    """
    with transaction.atomic():
        known = identity_of(person, number.system, number.value)
        if known is not None:
            return known
        holder = None if beside else find_by_number(number.system, number.value)
        require(rules.may_have_number(taken_by_another=holder is not None))
        make_identity = new_identity_beside if beside else new_identity
        try:
            with transaction.atomic():
                identity = make_identity(person, number.system, number.value)
                identity.noted_by = viewer.post_ref if viewer.is_staff else None
                identity.save()
        except IntegrityError as taken:
            raise NumberIsTaken(rules.may_have_number(taken_by_another=True)) from taken
        act(viewer, "people.number_given", [Subject("person", person.ref, person.ref)])
    return identity


def set_protection(viewer: Viewer, person: Person, protection: str, *, ground: str = "") -> Person:
    """Change a person's protection. The names move into the vault, or out of it, in the same transaction.

    Who has custody is hidden for the child's sake as long as the child is; own protection that ends, ends by itself.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person.pk)
        before = person.protection
        require(rules.may_set_protection(before, protection, ground))
        if protection == Protection.NONE and _has_hidden_ward(person):
            protection = Protection.FAMILY
        _write(person, names_of(person), protection)
        family = hide_family(person) if person.is_protected else _show_family(person)
        subjects = [Subject("person", one.ref, person.ref, state=one.protection) for one in (person, *family)]
        if rules.stronger_protection(before, person.protection) != before:
            _hidden(viewer, person, subjects, ground=ground)
        else:
            act(viewer, "people.protection_set", subjects, ground=ground)
    return person


def _hidden(viewer: Viewer, person: Person, subjects: Sequence[Subject], *, ground: str = "") -> None:
    """Whom a protection hides stays hidden after a restore."""
    level = person.protection
    revoke(viewer, "people.protection_set", subjects, ("protection", person.ref), ground=ground, level=level)


def note_whereabouts(viewer: Viewer, person: Person, whereabouts: Whereabouts) -> None:
    """Keep where a protected person can be found, in the vault and nowhere else. An earlier word is written over."""
    with transaction.atomic():
        held = Person.objects.select_for_update(of=("self",)).select_related("vault").get(pk=person.pk)
        require(rules.may_keep_whereabouts(protected=held.is_protected))
        sealed = seal(open_names(held), whereabouts)
        ProtectedDetails.objects.filter(person=held).update(sealed=sealed)
        act(viewer, "people.whereabouts_noted", [Subject("person", held.ref, held.ref)])


def _facts_of(guardian: RegisterGuardian) -> Facts:
    return Facts(
        given_name=guardian.given_name,
        family_name=guardian.family_name,
        languages=(guardian.language,) if guardian.language else (),
        protection=rules.stored_protection(guardian.protection),
        identities=(guardian.identity,) if guardian.identity is not None else (),
    )


def _order(facts: Facts) -> list[bytes]:
    return sorted(blind(one.system, one.value) for one in facts.identities)


def _without_number(viewer: Viewer, child: Person, guardian: RegisterGuardian) -> Person:
    """A guardian whose number the register does not tell: who has custody already by that name, else a new row."""
    facts = _facts_of(guardian)
    names = facts.names()
    for row in guardians_on(child, clock.today()):
        known = names_of(row.guardian)
        if (known["given_name"], known["family_name"]) == (names["given_name"], names["family_name"]):
            return _brought_up_to_date(viewer, row.guardian, facts)
    return make(facts)


def _find_or_make(
    viewer: Viewer,
    facts: Facts,
    known: Person | None = None,
    is_the_one: Callable[[Person], bool] = _anybody,
    *,
    registered: bool = True,
) -> tuple[Person, bool]:
    """The person of these facts, and whether the row is new. A row that another transaction makes first is taken.

    ``registered``: a register has told them.
    """
    person = known or _find(facts)
    if person is None:
        try:
            with transaction.atomic():
                return make(facts), True
        except IntegrityError:
            person = _find(facts)
            if person is None:
                raise
    if not is_the_one(person):
        raise AnotherChild
    return _brought_up_to_date(viewer, person, facts, registered=registered), False


def _find(facts: Facts) -> Person | None:
    found = find_by_numbers((one.system, one.value) for one in facts.identities)
    if len(found) > 1:
        raise Refused(no("These numbers belong to two persons here. Those who look after the system can help."))
    return next(iter(found), None)


def make(facts: Facts) -> Person:
    """A new row. Whoever asks has looked whether there is one. Raises Refused for no name and a day to come."""
    names = facts.names()
    require(rules.may_be_named(names["given_name"], names["family_name"]))
    require(rules.may_be_born(facts.birth_date, clock.today()))
    person = Person(
        birth_date=facts.birth_date,
        languages=list(facts.languages),
        interpreter=facts.interpreter,
        created_at=clock.now(),
    )
    _write(person, names, facts.protection)
    Identity.objects.bulk_create(new_identities((person, one.system, one.value) for one in facts.identities))
    return person


def _brought_up_to_date(viewer: Viewer, person: Person, facts: Facts, *, registered: bool = True) -> Person:
    """Take over newer names, stronger protection, a register's birth date, what was missing. Nothing is taken away."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    known = names_of(person)
    names = {name: newer or known[name] for name, newer in facts.names().items()}
    protection = rules.stronger_protection(person.protection, facts.protection)
    birth_date = person.birth_date or facts.birth_date
    if registered:
        birth_date = settled_by_register(person, facts, facts.birth_date, facts.identities)
    languages = person.languages or list(facts.languages)
    if (names, protection, birth_date, languages) != (known, person.protection, person.birth_date, person.languages):
        hidden = protection != person.protection
        mended = person.birth_date not in (None, birth_date)
        person.birth_date, person.languages = birth_date, languages
        person.named_at = clock.now() if names != known else person.named_at
        _write(person, names, protection)
        if hidden:
            _hidden(viewer, person, [Subject("person", person.ref, person.ref, state=protection)], ground="register")
        if mended:
            act(viewer, "people.birth_date_mended", [Subject("person", person.ref, person.ref)], ground="register")
    return person


def hide_family(child: Person) -> list[Person]:
    """Hide those who have custody of a hidden child: a relative's name leads to the child (OSL 21:3)."""
    if not child.is_protected:
        return []
    family = _held(row.guardian for row in guardians_on(child, clock.today()))
    shown = [one for one in family if one.protection == Protection.NONE]
    for one in shown:
        _write(one, names_of(one), Protection.FAMILY)
    return shown


def _show_family(child: Person) -> list[Person]:
    """Let those be seen again who were hidden for the sake of this child alone."""
    family = _held(row.guardian for row in Guardianship.objects.filter(child=child).select_related("guardian"))
    hidden = [one for one in family if one.protection == Protection.FAMILY and not _has_hidden_ward(one)]
    for one in hidden:
        _write(one, names_of(one), Protection.NONE)
    return hidden


def show_again(guardian: Person) -> None:
    """Let somebody be seen who was hidden for the sake of a child that is not theirs any more."""
    (guardian,) = _held([guardian])
    if guardian.protection == Protection.FAMILY and not _has_hidden_ward(guardian):
        _write(guardian, names_of(guardian), Protection.NONE)


def _held(persons: Iterable[Person]) -> list[Person]:
    """The rows as they stand now, held until the transaction ends: a row is written whole, and must not be written over
    what somebody else has decided of the same person meanwhile."""
    return list(Person.objects.select_for_update().filter(pk__in=[one.pk for one in persons]).order_by("pk"))


def _has_hidden_ward(guardian: Person) -> bool:
    """Has this person custody of a child that is hidden."""
    today = clock.today()
    wards = Guardianship.objects.filter(Q(until=None) | Q(until__gte=today), guardian=guardian, since__lte=today)
    return wards.filter(child__protection__in=OWN_PROTECTION).exists()


def _whereabouts_of(person: Person) -> Whereabouts:
    held = Person.objects.select_related("vault").filter(pk=person.pk).first()
    return open_whereabouts(held) if held is not None else Whereabouts()


def _write(person: Person, names: dict[str, str], protection: str) -> None:
    """Write the row with its names: in its columns, or for a protected person in the vault and nowhere else."""
    person.protection = protection
    for name, value in names.items():
        setattr(person, name, value)
    if person.is_protected:
        sealed = seal(person, _whereabouts_of(person))
        person.given_name = person.family_name = person.called = ""
        person.save()
        ProtectedDetails.objects.update_or_create(person=person, defaults={"sealed": sealed})
    else:
        person.save()
        ProtectedDetails.objects.filter(person=person).delete()
