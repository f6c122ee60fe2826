"""A small organisation for the tests of this room, made of plain rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from samsyn.organisations.models import (
    Absence,
    Authority,
    Cover,
    Holding,
    Post,
    PostRole,
    Principal,
    PrincipalKind,
    Sphere,
    Unit,
)
from samsyn.people.models import Account, Person

TODAY = date(2025, 9, 16)
NOON = datetime(2025, 9, 16, 10, tzinfo=UTC)
BEFORE = date(2020, 1, 1)
_serial = count(1)


def person(name: str) -> Person:
    """Somebody at work, with an account that is open."""
    made = Person.objects.create(given_name=name, created_at=NOON)
    Account.objects.create(person=made, sign_in_name=f"{name.casefold()}{next(_serial)}")
    return made


@dataclass
class Organisation:
    """One principal with one school, a unit to put posts in."""

    principal: Principal
    authority: Authority
    unit: Unit
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def post(
        self,
        title: str,
        holder: str = "",
        *,
        parent: str = "",
        role: PostRole = PostRole.STAFF,
        unit: Unit | None = None,
    ) -> Post:
        """A post, held by somebody when a name is given."""
        made = Post.objects.create(
            unit=unit or self.unit,
            title=title,
            role=role,
            parent=self.posts[parent] if parent else None,
            source_id=f"post-{next(_serial)}",
        )
        self.posts[title] = made
        if holder:
            self.hold(title, holder)
        return made

    def hold(self, title: str, holder: str, since: date = BEFORE, until: date | None = None) -> Holding:
        """Somebody holds a post."""
        if holder not in self.people:
            self.people[holder] = person(holder)
        return Holding.objects.create(post=self.posts[title], person=self.people[holder], since=since, until=until)

    def away(self, name: str, since: date = TODAY, until: date | None = TODAY) -> Absence:
        """Somebody is away."""
        return Absence.objects.create(person=self.people[name], since=since, until=until)

    def cover(self, title: str, by: str, since: date = BEFORE, until: date | None = None) -> Cover:
        """One post covers another."""
        return Cover.objects.create(post=self.posts[title], covered_by=self.posts[by], since=since, until=until)


def organisation(code: str = "9990", *, desk: str = "Karin") -> Organisation:
    """A principal with an authority, a unit, and a duty desk held by ``desk`` ("" for none)."""
    principal = Principal.objects.create(kind=PrincipalKind.MUNICIPALITY, code=code, name=f"Kommun {code}")
    authority = Authority.objects.create(principal=principal, name="Barn- och utbildningsnämnden", sphere=Sphere.SCHOOL)
    unit = Unit.objects.create(authority=authority, name="Stobyskolan", source_id=f"unit-{next(_serial)}")
    unit.path = f"/{unit.pk}/"
    unit.save()
    made = Organisation(principal, authority, unit)
    if desk:
        made.post("duty desk", desk, role=PostRole.DUTY_DESK)
    return made
