"""Random small worlds, written in bulk: towns with posts, families, reasons and disclosures, in every order of days.

Rows are made from the models' own fields, so that a new model with a child's data is in the worlds by itself. They
need not make sense as work: only who may see them is asked. The database that they lie in has no constraints.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Model

from samsyn.common import clock
from samsyn.common.models import SeenByChild, SeenByPost
from samsyn.early_signals.models import FiveQuestions, Request, Talk
from samsyn.law.days import add_years
from samsyn.organisations.models import Absence, Authority, Cover, Holding, Post, PostRole, Principal, Unit
from samsyn.people.models import Account, Custody, Guardianship, LookUp, Person, ProtectedDetails
from samsyn.protection.models import Insight, Marking
from samsyn.retention.models import RegisterExtract
from samsyn.sharing.family_models import FamilyDecision, FamilyMark, FamilyMet
from samsyn.sharing.models import (
    ChildPart,
    Consent,
    ConsentAnswer,
    ConsentEnd,
    ConsentItem,
    ConsentLimit,
    ConsentReceiver,
    ConsentText,
    Disclosure,
    DisclosureItem,
    Involvement,
    Scope,
)
from samsyn.site.second_lock.declaration import own_models

MOMENTS = (
    datetime(2026, 11, 22, 10, tzinfo=UTC),
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),  # the night when the clocks change
    datetime(2028, 2, 28, 23, 30, tzinfo=UTC),  # 29 February in Stockholm
    datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
)
_KNOWN = (Person, Involvement, Disclosure, FamilyDecision, FamilyMark)
OF_CONSENT: tuple[type[Model], ...] = (ConsentEnd, ConsentItem, ConsentText)
WRITTEN: tuple[type[Model], ...] = (Talk, FiveQuestions, Request)
"""What is written about a sign, and follows it."""


def seen_models() -> list[type[Model]]:
    """Every model that is seen by child or by post, save those whose rows the worlds make on purpose."""
    return [
        model
        for model in own_models()
        if isinstance(getattr(model, "seen", None), SeenByChild | SeenByPost) and model not in _KNOWN
    ]


@dataclass
class World:
    """One small world. ``at``: the moment at which it is looked at. ``rows``: its rows, by model."""

    at: datetime
    rows: dict[type[Model], list[Any]] = field(default_factory=dict)

    def of(self, model: type[Model]) -> list[Any]:
        """The world's rows of a model."""
        return self.rows.get(model, [])


class Maker:
    """Makes many worlds at once from one seed. Each kind of row is written in one statement for all the worlds."""

    def __init__(self, seed: int, count: int) -> None:
        self.chance = random.Random(seed)
        # Worlds that lie beside each other are looked at in the same moment: desks of one are known to the others.
        self.at = MOMENTS[seed % len(MOMENTS)]
        self.worlds = [World(self.at) for _ in range(count)]

    def make(self) -> list[World]:
        """Write the worlds. Returns them."""
        self._organisations()
        self._people()
        self._presence()
        for model in _in_order([*seen_models(), Disclosure]):
            fill = self._disclosure if model is Disclosure else partial(self._filled, model)
            self._add(model, lambda world, fill=fill: [fill(world) for _ in range(3)])
        self._reasons()
        self._items()
        self._family()
        return self.worlds

    def _add(self, model: type[Model], rows: Any) -> None:
        made = [(world, row) for world in self.worlds for row in rows(world)]
        model._default_manager.bulk_create([row for _world, row in made])
        for world, row in made:
            world.rows.setdefault(model, []).append(row)

    def _one(self, rows: Sequence[Any]) -> Any:
        return self.chance.choice(rows)

    def _often(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent

    def _uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    def _moment(self) -> datetime:
        """A moment near to the world's own: before, exactly then, or after."""
        moment: datetime = (
            self.at
            + self._one((-400, -1, 0, 1, 400)) * timedelta(hours=1)
            + self._one((-1, 0, 1)) * timedelta(microseconds=1)
        )
        return moment

    def _interval(self) -> tuple[datetime, datetime | None]:
        since = self.at - self._one((-1, 0, 1, 900)) * timedelta(hours=1)
        until = None if self._often(50) else since + self._one((0, 1, 2, 901, 5000)) * timedelta(hours=1)
        return since, until

    def _days(self) -> tuple[date, date | None]:
        today = self.at.astimezone(clock.STOCKHOLM).date()
        since = today - timedelta(days=self._one((-1, 0, 1, 30)))
        return since, None if self._often(60) else since + timedelta(days=self._one((0, 1, 30, 90)))

    def _organisations(self) -> None:
        self._add(Principal, lambda world: [Principal(kind="state", code="0", name="p") for _ in range(2)])
        self._add(
            Authority,
            lambda world: [
                Authority(principal=self._one(world.of(Principal)), name="a", sphere="school") for _ in range(3)
            ],
        )
        self._add(
            Unit,
            lambda world: [Unit(authority=self._one(world.of(Authority)), name="u", source_id="") for _ in range(4)],
        )
        for world in self.worlds:
            for place, unit in enumerate(world.of(Unit)):
                above = self._one(world.of(Unit)[:place]) if place and self._often(60) else None
                unit.authority_id = above.authority_id if above else unit.authority_id
                unit.path = f"{above.path}{unit.pk}/" if above else self._one((f"/{unit.pk}/", ""))
                unit.path = unit.path if unit.path.startswith("/") else unit.path and f"/{unit.path}"
        Unit.objects.bulk_update([unit for world in self.worlds for unit in world.of(Unit)], ["path", "authority"])
        self._add(Post, self._posts)
        for world in self.worlds:
            for place, post in enumerate(world.of(Post)):
                post.parent = self._one(world.of(Post)) if place and self._often(50) else None
        Post.objects.bulk_update([post for world in self.worlds for post in world.of(Post)], ["parent"])

    def _posts(self, world: World) -> list[Post]:
        today = self.at.astimezone(clock.STOCKHOLM).date()
        made = [
            Post(
                unit=self._one(world.of(Unit)),
                title="t",
                source_id="",
                ended_on=today + timedelta(days=self._one((-1, 0, 1))) if self._often(15) else None,
            )
            for _ in range(5)
        ]
        return [Post(unit=self._one(world.of(Unit)), title="d", source_id="", role=PostRole.DUTY_DESK), *made]

    def _people(self) -> None:
        # The first five work, the next three are children, the last four their families.
        self._add(Person, lambda world: [self._person(place) for place in range(12)])
        self._add(
            Account,
            lambda world: [
                Account(
                    person=person,
                    sign_in_name=str(self._uuid()),
                    is_active=self._often(85),
                    is_operator=self._often(10),
                )
                for person in [*world.of(Person)[:5], *world.of(Person)[6:10]]
            ],
        )
        self._add(Guardianship, lambda world: [self._guardianship(world) for _ in range(7)])
        # Whoever was hidden once may have names in the vault: not only those who are today.
        self._add(
            ProtectedDetails,
            lambda world: [ProtectedDetails(person=person, sealed=b"n") for person in world.of(Person)],
        )
        self._add(Marking, lambda world: [self._filled(Marking, world) for _ in range(3)])
        for model in (RegisterExtract, LookUp):
            self._add(model, lambda world, model=model: [self._filled(model, world) for _ in range(3)])

    def _person(self, place: int) -> Person:
        """Children of every age that a rule asks for, some born on a 29 February, some whose age nobody knows."""
        years = self._one((2, 12, 13, 15, 16, 17, 18)) if 5 <= place < 8 else 40
        today = self.at.astimezone(clock.STOCKHOLM).date()
        birthday = add_years(today, -years)
        born = self._one((birthday, birthday + timedelta(days=1), date(2012, 2, 29), None))
        protection = "protected" if self._often(12) else "none"
        return Person(created_at=self.at, birth_date=born, protection=protection)

    def _guardianship(self, world: World) -> Guardianship:
        since, until = self._days()
        return Guardianship(
            child=self._one(world.of(Person)[5:8]),
            guardian=self._one(world.of(Person)[3:5] + world.of(Person)[8:]),
            custody=self._one(Custody.values),
            since=since,
            until=until,
            source="s",
        )

    def _presence(self) -> None:
        self._add(Holding, lambda world: [self._spell(Holding, world, post=post) for post in world.of(Post)])
        for world in self.worlds:  # a desk is always held by somebody, as in every finished installation
            desk = world.of(Holding)[0]
            desk.since, desk.until = self.at.date() - timedelta(days=9), None
        Holding.objects.bulk_update([world.of(Holding)[0] for world in self.worlds], ["since", "until"])
        self._add(Absence, lambda world: [self._spell(Absence, world) for _ in range(2)])
        self._add(Cover, lambda world: [self._cover(world) for _ in range(4)])

    def _spell(self, model: type[Model], world: World, **more: Any) -> Any:
        since, until = self._days()
        return model(person=self._one(world.of(Person)[:5]), since=since, until=until, **more)

    def _cover(self, world: World) -> Cover:
        since, until = self._days()
        return Cover(post=self._one(world.of(Post)), covered_by=self._one(world.of(Post)), since=since, until=until)

    def _reasons(self) -> None:
        self._add(Involvement, lambda world: [self._involvement(world) for _ in range(9)])

    def _involvement(self, world: World) -> Involvement:
        since, until = self._interval()
        scope = self._one(Scope.values)
        child = self._one(world.of(Person)[5:8])
        return Involvement(
            child=child,
            authority=self._one(world.of(Authority)),
            unit=self._one(world.of(Unit)),
            post=self._one(world.of(Post)) if self._often(60) else None,
            reason="attends",
            scope=scope,
            # A reason to one thing is around the child that the thing is about: no action makes another.
            item_ref=self._thing(world, child.pk)[1] if scope == Scope.ITEM else None,
            since=since,
            until=until,
            source="s",
        )

    def _thing(self, world: World, child: int | None = None) -> tuple[str, UUID]:
        """Kind and reference of something (about a child), or of nothing; sometimes with a kind that is not its own."""
        every = [row for model in seen_models() for row in world.of(model)]
        rows = [one for one in every if child is None or getattr(one, "child_id", None) == child]
        other = self._one(seen_models())
        if not rows:
            return other.seen.kind, self._uuid()
        row = self._one(rows)
        return (other if self._often(15) else type(row)).seen.kind, row.ref

    def _shared(self, world: World, child: int) -> tuple[str, UUID]:
        """Something about a child that may be shared: often what was written about something else."""
        written = [one for one in _written(world) if one.child_id == child]
        if not written or self._often(60):
            return self._thing(world, child)
        row = self._one(written)
        return row.seen.kind, row.ref

    def _items(self) -> None:
        self._add(
            DisclosureItem,
            lambda world: [
                DisclosureItem(disclosure=one, kind=thing[0], ref=thing[1], **_about(world, thing[1]))
                for one in world.of(Disclosure)
                for thing in (self._thing(world, one.child_id), self._shared(world, one.child_id))
            ],
        )
        self._add(
            ConsentReceiver,
            lambda world: [ConsentReceiver(consent=one, unit=self._one(world.of(Unit))) for one in world.of(Consent)],
        )
        for model in OF_CONSENT:
            self._add(model, lambda world, model=model: self._of_each_consent(model, world))
        self._add(ConsentLimit, lambda world: [self._limit(world) for _ in range(2)])

    def _of_each_consent(self, model: type[Model], world: World) -> list[Any]:
        made = [self._filled(model, world) for _consent in world.of(Consent)]
        for row, consent in zip(made, world.of(Consent), strict=True):
            row.consent = consent
            if isinstance(row, ConsentItem):
                row.kind, row.ref = self._shared(world, consent.child_id)
                about = _about(world, row.ref)
                row.about_kind, row.about_ref = about.get("about_kind", ""), about.get("about_ref")
        return made

    def _limit(self, world: World) -> ConsentLimit:
        who = self._one(("unit", "authority", "nobody"))
        return ConsentLimit(
            consent=self._one(world.of(Consent)),
            unit=self._one(world.of(Unit)) if who == "unit" else None,
            authority=self._one(world.of(Authority)) if who == "authority" else None,
            kind=self._one(("", self._thing(world)[0])),
        )

    def _family(self) -> None:
        self._add(
            FamilyMet,
            lambda world: [
                FamilyMet(
                    child=self._one(world.of(Person)[5:8]),
                    person=self._one(world.of(Person)[3:]),
                    item_ref=self._thing(world)[1],
                    at=self.at,
                )
                for _ in range(12)
            ],
        )
        self._add(FamilyDecision, lambda world: [self._decision(world) for _ in range(5)])
        self._add(FamilyDecision, lambda world: [one for _ in range(5) for one in self._about_shared(world)])
        self._add(
            FamilyMet,
            lambda world: [
                FamilyMet(child=one.child, person=one.whom, item_ref=self._thing(world)[1], at=self.at)
                for one in world.of(FamilyDecision)[5:]
            ],
        )
        ends = [(world, one) for world in self.worlds for one in world.of(FamilyDecision)[:2]]
        rows = [
            FamilyDecision(
                child=one.child,
                whom=one.whom,
                authority=one.authority,
                step="ends",
                ends=one,
                decided_by=one.decided_by,
                decided_by_person=one.decided_by_person,
                since=self._moment(),
            )
            for _world, one in ends
        ]
        FamilyDecision.objects.bulk_create(rows)
        self._add(Insight, lambda world: [self._insight(world) for _ in range(5)])
        ended = [one for world in self.worlds for one in world.of(Insight)[:1]]
        Insight.objects.bulk_create(
            Insight(
                person=one.person,
                post=one.post,
                account=one.account,
                why="w",
                since=self._moment(),
                until=one.until,
                ends=one,
            )
            for one in ended
        )
        self._add(FamilyMark, lambda world: [self._mark(world) for _ in range(3)])

    def _insight(self, world: World) -> Insight:
        since, until = self._interval()
        to_post = self._often(60)
        return Insight(
            person=self._one(world.of(Person)[3:]),
            post=self._one(world.of(Post)) if to_post else None,
            account=None if to_post else self._one(world.of(Account)),
            why="w",
            since=since,
            until=until or since + timedelta(days=90),
        )

    def _decision(self, world: World) -> FamilyDecision:
        kind, ref = self._thing(world)
        about_one = self._often(50)
        return FamilyDecision(
            child=self._one(world.of(Person)[5:8]),
            whom=self._one(world.of(Person)[3:]),
            authority=self._one(world.of(Authority)),
            step=self._one(("opens", "closes")),
            kind=kind,
            item_ref=ref if about_one else None,
            decided_by=self._one(world.of(Post)),
            decided_by_person=self._one(world.of(Person)[:5]),
            since=self._moment(),
            until=self._days()[1],
        )

    def _about_shared(self, world: World) -> list[FamilyDecision]:
        """A decision about a thing that a row tells of, or about its kind, at the authority that holds the row. The row
        itself is often open to the same person by a decision: else few read it, and nothing could be taken from them.
        """
        made = self._decision(world)
        row, kind, ref = self._told_of(world)
        made.child, made.authority = row.child, row.authority
        if isinstance(row, Disclosure) and row.way == "delivered" and self._often(50):
            made.authority = row.receiver.authority
        tied = [one.guardian for one in world.of(Guardianship) if one.child_id == made.child_id]
        made.whom = self._one([made.child, *tied])
        made.kind, made.item_ref = kind, ref if self._often(60) else None
        if self._often(40):
            return [made]
        opens = self._decision(world)
        opens.child, opens.authority, opens.whom, opens.step = made.child, row.authority, made.whom, "opens"
        opens.kind, opens.item_ref, opens.since, opens.until = row.seen.kind, row.ref, self.at - timedelta(days=1), None
        return [made, opens]

    def _told_of(self, world: World) -> tuple[Any, str, UUID]:
        """A thing (kind and reference) that a row tells of: shared by it, asked about in it, or what it was written
        about, or what something that it shares was; and the row."""
        shared = [(one.disclosure, one.kind, one.ref) for one in world.of(DisclosureItem)]
        asked = [(one.consent, one.kind, one.ref) for one in world.of(ConsentItem)]
        written = {one.ref: one.sign.ref for one in _written(world)}
        about = [(one, "sign", written[one.ref]) for one in _written(world)]
        beyond, asked_beyond = (
            [(whole, "sign", written[ref]) for whole, _kind, ref in things if ref in written]
            for things in (shared, asked)
        )
        places = (shared, shared, asked, about, beyond, asked_beyond)
        found: tuple[Any, str, UUID] = self._one(self._one([one for one in places if one]))
        return found

    def _mark(self, world: World) -> FamilyMark:
        row: FamilyMark = self._filled(FamilyMark, world)
        if self._often(50):
            whole, _kind, row.item_ref = self._told_of(world)
            row.child = whole.child
        else:
            row.item_ref = self._thing(world, row.child_id if self._often(80) else None)[1]
        return row

    def _disclosure(self, world: World) -> Disclosure:
        row: Disclosure = self._filled(Disclosure, world)
        row.since, row.ended_at = self._interval()
        today = self.at.astimezone(clock.STOCKHOLM).date()
        row.expires_on = today + timedelta(days=self._one((-1, 0, 1, 90, 90, 90)))
        row.way = self._one(("open", "open", "open", "delivered"))
        return row

    def _filled(self, model: type[Model], world: World) -> Any:
        """A row with something in every field."""
        values = {
            one.name: self._value(one, world)
            for one in model._meta.concrete_fields
            if not one.primary_key and one.name != "child"
        }
        if any(one.name == "child" for one in model._meta.concrete_fields):
            values["child"] = self._one(world.of(Person)[5:8])
        seen = getattr(model, "seen", None)
        if isinstance(seen, SeenByChild) and "__" in seen.item:  # a part is its whole's, child and authority
            whole = values[seen.item.split("__")[0]]
            values["child"], values["authority"] = whole.child, whole.authority
        if isinstance(seen, SeenByPost) and "__" in seen.child and seen.post in values:
            whole = values[seen.child.split("__")[0]]
            if isinstance(whole.seen, SeenByPost) and not whole.seen.copies.count("__"):  # answered by who was asked
                values[seen.post] = getattr(whole, whole.seen.post)
        if isinstance(seen, SeenByPost) and "child" in values and "__" in seen.post:  # reviewed about the same child
            values["child"] = values[seen.post.split("__")[0]].child
        if isinstance(seen, SeenByChild) and seen.item == "item_ref":  # said of a thing, which others may be kept from
            values["kind"], values["item_ref"] = self._thing(world)
        if model is Request and values["disclosure"] is not None:  # what it shares is the same child's and authority's
            values["child"], values["authority"] = values["disclosure"].child, values["disclosure"].authority
        if model is ConsentAnswer:  # an answer is given by one who was asked, and not before that
            consent = values["consent"]
            values["giver"] = self._one(self._asked(consent, world))
            values["at"] = max(values["at"], consent.asked_at)
        return model(**values)

    def _asked(self, consent: Consent, world: World) -> list[Person]:
        """Who may have been asked: the child alone, only others, or all together."""
        itself = [one for one in world.of(Person) if one.pk == consent.child_id]
        others = [one for one in world.of(Person) if one.pk != consent.child_id]
        by_part = {ChildPart.ALONE: itself, ChildPart.HEARD: others}
        return by_part.get(ChildPart(consent.child_part), itself + others)

    def _value(self, one: models.Field[Any, Any], world: World) -> Any:
        if isinstance(one, models.ForeignKey):
            there = world.of(one.related_model)
            return None if not there or (one.null and self._often(40)) else self._one(there)
        if one.choices:
            return self._one([value for value, _words in one.flatchoices])
        if isinstance(one, models.UUIDField):
            return self._uuid()
        if isinstance(one, models.DateTimeField):
            return self._moment()
        if isinstance(one, models.DateField):
            return self._moment().date()
        if isinstance(one, models.JSONField):
            return []
        if isinstance(one, models.BooleanField):
            return self._often(50)
        if isinstance(one, models.IntegerField):
            return self.chance.randrange(9)
        if isinstance(one, models.BinaryField):
            return b"b"
        return self._uuid().hex[: one.max_length or 32]


def _written(world: World) -> list[Any]:
    """What is written about a sign in a world, where it is about one."""
    return [one for model in WRITTEN for one in world.of(model) if one.sign is not None]


def _about(world: World, ref: UUID) -> dict[str, Any]:
    """What a row that shares a thing keeps of what that was written about."""
    found = [one.sign.ref for one in _written(world) if one.ref == ref]
    return {"about_kind": "sign", "about_ref": found[0]} if found else {}


def _in_order(found: list[type[Model]]) -> list[type[Model]]:
    """Wholes before their parts."""
    placed: list[type[Model]] = []
    waiting = list(found)
    while waiting:
        ready = [
            model
            for model in waiting
            if not any(
                isinstance(one, models.ForeignKey) and one.related_model in waiting and one.related_model is not model
                for one in model._meta.concrete_fields
            )
        ]
        assert ready, "Models that point at each other in a circle cannot be made."
        placed += ready
        waiting = [model for model in waiting if model not in ready]
    return placed
