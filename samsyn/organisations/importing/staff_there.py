"""What is there already of the people and posts that a staff file tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import NamedTuple, TypeVar

from django.db.models import Q

from samsyn.organisations.importing.reading import BATCH
from samsyn.organisations.importing.staff_file import STAFF_ID, Key, StaffFile
from samsyn.organisations.models import Holding, Post
from samsyn.people.identities import blinds
from samsyn.people.models import Account, Guardianship, Identity

T = TypeVar("T")


@dataclass(frozen=True)
class PostThere:
    """A post that the file names. ``employer``: the principal, as staff ids are told apart by."""

    pk: int
    ended: bool
    employer: str
    principal: int


class PersonThere(NamedTuple):
    """Somebody who is known here. Plain values: a hundred thousand model instances would fill the memory."""

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
    """Rows of the store, by what the file calls them."""

    posts: dict[str, PostThere] = field(default_factory=dict)
    people: dict[Key, PersonThere] = field(default_factory=dict)
    accounts: dict[int, AccountThere] = field(default_factory=dict)
    names_taken: dict[str, int] = field(default_factory=dict)
    in_families: set[int] = field(default_factory=set)
    holdings: dict[int, list[HoldingThere]] = field(default_factory=dict)


def load(told: StaffFile) -> There:
    """Everything that the file touches, in a number of questions that grows with the batches."""
    there = There()
    for some in batches({one.post for one in told.holdings}):
        rows = Post.objects.filter(source_id__in=some).values_list(
            "pk",
            "source_id",
            "ended_on",
            "unit__authority__principal__kind",
            "unit__authority__principal__code",
            "unit__authority__principal",
        )
        for pk, source_id, ended_on, kind, code, principal in rows:
            there.posts[source_id] = PostThere(pk, ended_on is not None, f"{kind}:{code}", principal)
    _load_people(told, there)
    for some_posts in batches({post.pk for post in there.posts.values()}):
        rows_of_posts = Holding.objects.filter(post__in=some_posts).values_list("post", *HoldingThere._fields)
        for post, *holding in rows_of_posts:
            there.holdings.setdefault(post, []).append(HoldingThere(*holding))
    return there


def _load_people(told: StaffFile, there: There) -> None:
    systems = system_of(told, there)
    keys = {blind: key for key in told.people for blind in blinds(systems.get(key, key[0]), key[1])}
    for some in batches(keys):
        columns = [f"person__{name}" for name in PersonThere._fields]
        for system, blind, *person in Identity.objects.filter(blind__in=some).values_list("system", "blind", *columns):
            key = keys[bytes(blind)]
            if system == systems.get(key, key[0]):
                there.people[key] = PersonThere(*person)
    for some_people in batches({person.pk for person in there.people.values()}):
        for owner, *account in Account.objects.filter(person__in=some_people).values_list(
            "person", *AccountThere._fields
        ):
            there.accounts[owner] = AccountThere(*account)
        family = Guardianship.objects.filter(Q(child__in=some_people) | Q(guardian__in=some_people))
        for child, guardian in family.values_list("child", "guardian"):
            there.in_families |= {child, guardian}
    for some_names in batches(told.names):
        taken = Account.objects.filter(sign_in_name__in=some_names)
        there.names_taken.update(taken.values_list("sign_in_name", "person"))


def system_of(told: StaffFile, there: There) -> dict[Key, str]:
    """Key → identity system: a staff id belongs to the employer whose post its first row names."""
    found: dict[Key, str] = {}
    for holding in told.holdings:
        post = there.posts.get(holding.post)
        if holding.key[0] == STAFF_ID and post is not None:
            found.setdefault(holding.key, f"staff:{post.employer}")
    return found


def batches(everything: Iterable[T]) -> Iterator[list[T]]:
    """The same, some at a time."""
    items = iter(everything)
    while batch := list(islice(items, BATCH)):
        yield batch
