"""What is there already of the people and posts that some rows of a staff file tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from samsyn.organisations.models import Holding, Post
from samsyn.people.identities import blinds
from samsyn.people.models import Account, Guardianship, Identity


class PostThere(NamedTuple):
    """A post that the file names. ``employer``: how staff ids of the principal are told apart from others'."""

    pk: int
    employer: str
    principal: int


class PersonThere(NamedTuple):
    """Somebody who is known here."""

    pk: int
    given_name: str
    family_name: str
    called: str
    protection: str


class AccountThere(NamedTuple):
    """The account of somebody who is known here."""

    pk: int
    sign_in_name: str
    is_operator: bool
    is_active: bool


class HoldingThere(NamedTuple):
    """A holding of a post that the file names."""

    pk: int
    person: int
    since: date
    until: date | None


@dataclass
class There:
    """Rows of the store about some people of the file, by their place in it."""

    people: dict[int, PersonThere] = field(default_factory=dict)
    accounts: dict[int, AccountThere] = field(default_factory=dict)
    names_taken: dict[str, int] = field(default_factory=dict)
    in_families: set[int] = field(default_factory=set)


def posts_there(source_ids: Iterable[str]) -> dict[str, PostThere]:
    """The posts that there are of these, by the id that the file uses."""
    way = "unit__authority__principal"
    rows = Post.objects.filter(source_id__in=set(source_ids)).values_list(
        "pk", "source_id", f"{way}__kind", f"{way}__code", way
    )
    return {source_id: PostThere(pk, f"{kind}:{code}", principal) for pk, source_id, kind, code, principal in rows}


def people_there(numbers: Iterable[tuple[int, str, str]], sign_in_names: Iterable[str]) -> There:
    """Who is known here by these numbers (place, system, value), with account and family, and whose the names are."""
    there = There()
    places = {(system, blind): place for place, system, value in numbers for blind in blinds(system, value)}
    columns = [f"person__{name}" for name in PersonThere._fields]
    found = Identity.objects.filter(blind__in=[blind for _, blind in places])
    for system, blind, *person in found.values_list("system", "blind", *columns):
        place = places.get((system, bytes(blind)))
        if place is not None:
            there.people[place] = PersonThere(*person)
    pks = [person.pk for person in there.people.values()]
    for owner, *account in Account.objects.filter(person__in=pks).values_list("person", *AccountThere._fields):
        there.accounts[owner] = AccountThere(*account)
    family = Guardianship.objects.filter(Q(child__in=pks) | Q(guardian__in=pks))
    for child, guardian in family.values_list("child", "guardian"):
        there.in_families |= {child, guardian}
    taken = Account.objects.filter(sign_in_name__in=set(sign_in_names))
    there.names_taken.update(taken.values_list("sign_in_name", "person"))
    return there


def holdings_there(posts: list[int]) -> tuple[dict[int, list[HoldingThere]], set[int]]:
    """Post → its holdings, and which of the posts have ended."""
    held: dict[int, list[HoldingThere]] = {}
    for post, *holding in Holding.objects.filter(post__in=posts).values_list("post", *HoldingThere._fields):
        held.setdefault(post, []).append(HoldingThere(*holding))
    ended = Post.objects.filter(pk__in=posts, ended_on__isnull=False).values_list("pk", flat=True)
    return held, set(ended)
