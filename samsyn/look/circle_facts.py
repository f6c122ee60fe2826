"""What the circle around a child is drawn from: plain facts, and words that the caller has translated. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Sphere = Literal["family", "school", "health", "social", "lss", "hospital", "police", "other"]
State = Literal["answers_now", "in_team", "away", "asked", "no_information", "missing"]


@dataclass(frozen=True, slots=True)
class Centre:
    """The child: the name that the child uses, and the age in words ("8 years")."""

    name: str
    age_words: str = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody of the family, and in words what that person is to the child ("mother")."""

    initials: str
    name: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody around the child.

    ``words`` says what is special just now ("away until 4 December", "asked, answers by 27 November", "gets no
    information"). ``cover_*`` name who stands in while ``state`` is "away". ``answers`` lets somebody who is away and
    covered be the one who answers now; the state "answers_now" says the same of somebody who is present.
    """

    initials: str
    name: str
    role_words: str = ""
    state: State = "in_team"
    words: str = ""
    cover_initials: str = ""
    cover_name: str = ""
    answers: bool = False

    @property
    def answering(self) -> bool:
        """Is this the person who answers for the child now?"""
        return self.answers or self.state == "answers_now"

    @property
    def covered(self) -> bool:
        """Does somebody stand in for this person now?"""
        return self.state == "away" and bool(self.cover_initials)


@dataclass(frozen=True, slots=True)
class Sector:
    """An organisation, its sphere (which gives the tint) and those of its people who are around the child."""

    name: str
    sphere: Sphere
    people: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Pill:
    """The named person or the lead, who stand in the ring. ``sector``: which of the sectors is their organisation."""

    person: Member
    sphere: Sphere
    sector: int | None = None


@dataclass(frozen=True, slots=True)
class CircleWords:
    """The picture's own words, translated. ``covers`` has the places %(cover)s and %(name)s."""

    answers_now: str
    covers: str
    family: str
    in_team: str
    away: str
    asked: str
    no_information: str
    missing: str
    head: tuple[str, str, str, str]

    def heading(self, person: Member) -> str:
        """The name to show: the own, or who covers for whom."""
        if person.covered and person.cover_name:
            return self.covers % {"cover": person.cover_name, "name": person.name}
        return person.name

    def now(self, person: Member) -> str:
        """What holds for this person just now, for the table."""
        if person.words:
            return person.words
        if person.answering:
            return self.answers_now
        by_state = {
            "away": self.away,
            "asked": self.asked,
            "no_information": self.no_information,
            "missing": self.missing,
        }
        return by_state.get(person.state, self.in_team)


@dataclass(frozen=True, slots=True)
class CircleFacts:
    """Everything that the circle shows. ``uid`` is unique on the page; ``rtl`` mirrors the picture."""

    uid: str
    title: str
    desc: str
    centre: Centre
    words: CircleWords
    family: tuple[Relative, ...] = ()
    sectors: tuple[Sector, ...] = ()
    named_person: Pill | None = None
    lead: Pill | None = None
    rtl: bool = False

    @property
    def pills(self) -> tuple[Pill, ...]:
        """Those who stand in the ring, the named person first."""
        return tuple(pill for pill in (self.named_person, self.lead) if pill is not None)


class Listed(NamedTuple):
    """One person in the list below the narrow picture; ``state`` is the outline of the face."""

    initials: str
    name: str
    sphere: str
    state: str
    lines: tuple[str, ...]


def listed(facts: CircleFacts) -> tuple[Listed, ...]:
    """Those in the ring and in the organisations, as the narrow picture's list names them."""
    people = [(pill.person, pill.sphere, "") for pill in facts.pills]
    people += [(one, sector.sphere, sector.name) for sector in facts.sectors for one in sector.people]
    found = []
    for one, sphere, where in people:
        plain = not one.words and one.state == "in_team" and not one.answering
        lines = (one.role_words, where, "" if plain else facts.words.now(one))
        initials = one.cover_initials if one.covered else one.initials
        state = "answers_now" if one.answering else "in_team" if one.covered else one.state
        found.append(Listed(initials, facts.words.heading(one), sphere, state, tuple(line for line in lines if line)))
    return tuple(found)


class Row(NamedTuple):
    """One line of the table that says the same as the picture: who, role, where, just now."""

    who: str
    role: str
    where: str
    now: str


def rows_of(facts: CircleFacts) -> tuple[Row, ...]:
    """The picture's facts in reading order: family, ring, organisations."""
    words = facts.words
    rows = [Row(one.name, one.relation, words.family, "") for one in facts.family]
    for pill in facts.pills:
        where = facts.sectors[pill.sector].name if pill.sector is not None else ""
        rows.append(Row(words.heading(pill.person), pill.person.role_words, where, words.now(pill.person)))
    for sector in facts.sectors:
        rows += [Row(words.heading(one), one.role_words, sector.name, words.now(one)) for one in sector.people]
    return tuple(rows)
