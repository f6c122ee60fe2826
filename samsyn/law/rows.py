"""What a row of law is: the shape of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from samsyn.law.vocabulary import (
    AgeTest,
    Documentation,
    Effect,
    Extension,
    Kind,
    Measure,
    Nearness,
    Serves,
    Sphere,
    Strength,
    Unit,
)


class LawError(Exception):
    """A row that cannot be trusted. Start-up stops with the file, the row and the reason."""

    def __init__(self, file: str, row: str, reason: str) -> None:
        super().__init__(f"{file}, row {row}: {reason}")
        self.file = file
        self.row = row
        self.reason = reason


class NoSuchRule(LookupError):
    """No row with that id is in force on the day, or it is of another kind than asked for."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One dated sentence of law, or of an agreement (``statutory`` false).

    ``valid_from`` and ``valid_until`` are both inside the time it holds; ``valid_until`` None: until further notice.
    ``verified``: the text was found and read, and ``quote`` stands in it; all else must be checked by a lawyer.
    ``value``: number of ``unit``; None where the unit takes none, or where an amount is unknown.
    """

    file: str
    id: str
    kind: Kind
    paragraph: str
    source: str
    verified: bool
    statutory: bool
    valid_from: date
    valid_until: date | None
    sentence_sv: str
    sentence_en: str
    quote: str = ""
    remark: str = ""
    value: int | None = None
    unit: Unit | None = None
    counted_from: str = ""

    def holds_on(self, day: date) -> bool:
        """Is this version in force on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    def sentence(self, language: str) -> str:
        """The rule in Swedish for "sv", else in English."""
        return self.sentence_sv if language == "sv" else self.sentence_en


@dataclass(frozen=True, kw_only=True)
class LaterInTheDay:
    """A start strictly after the time of day ``after`` (Swedish time) counts ``value`` instead."""

    after: time
    value: int


@dataclass(frozen=True, kw_only=True)
class Clock(Row):
    """A time that runs. ``agreement``: the paragraph that lets an agreement set another value, "" if none does.

    ``same_everywhere``: the house keeps one time for all, and no agreement may set another.
    """

    effect: Effect
    extension: Extension = Extension.NONE
    later_in_the_day: LaterInTheDay | None = None
    agreement: str = ""
    same_everywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Age(Row):
    """An age that changes what holds. ``from_day`` (month, day): turned on that day of the birthday's calendar year.

    ``lowest``, ``highest``: between which years a partnership may set another age; both None: it may not.
    """

    test: AgeTest
    from_day: tuple[int, int] | None = None
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, kw_only=True)
class Retention(Row):
    """How long something is kept; only for ``born_on_days``, ``counties`` or ``municipalities`` where given.

    ``spheres``: whose files the row is about, empty where it is about one thing alone. ``special``: only files of the
    class that the row names, which keeps them longer than the others. ``at_least``: it may not go before, and that it
    goes then is for the authority's own plan to say.
    """

    spheres: frozenset[Sphere] = frozenset()
    special: bool = False
    at_least: bool = False
    born_on_days: tuple[int, ...] = ()
    counties: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Amount(Row):
    """A number that is not a time. ``known`` false: the law has an amount for these days, and nobody here knows it."""

    known: bool = True


@dataclass(frozen=True, kw_only=True)
class Track(Row):
    """One of the legal ways in which social services help."""

    assessment: bool
    appeal: bool
    documentation: Documentation
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Label(Row):
    """A sentence that rules and screens cite. With ``sphere``: the secrecy, of ``strength``, that it stands under.

    ``eves_of``: feasts whose eves count as holidays. ``enough_for``: what one guardian's yes is enough for, by this
    row.
    """

    sphere: Sphere | None = None
    strength: Strength | None = None
    eves_of: tuple[str, ...] = ()
    enough_for: tuple[Measure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Gate(Row):
    """What lifts secrecy from a sender to a receiver. Every disclosure rests on exactly one.

    ``age_under``: only about a person who has not turned this age; ``or_unborn``: or for an unborn child's protection;
    ``age_presumed``: it is enough that the age can be assumed, where no birth date is known. ``consent``: somebody's
    yes is the ground. ``on_request``: only when the receiver asks. ``confirm_sv``, ``confirm_en``: what the sender says
    to be so. ``record``: what must be written down. ``never_for``: secrecy that this gate does not lift.
    ``only_an_answer``: one of a few set answers goes through it, and never a text that somebody holds.
    """

    senders: frozenset[Sphere]
    receivers: frozenset[Sphere]
    within: Nearness
    serves: Serves
    record: tuple[str, ...]
    confirm_sv: str = ""
    confirm_en: str = ""
    age_under: int | None = None
    or_unborn: bool = False
    age_presumed: bool = False
    consent: bool = False
    on_request: bool = False
    never_for: tuple[str, ...] = ()
    only_an_answer: bool = False

    def confirmation(self, language: str) -> str:
        """What the sender says to be so, in Swedish for "sv", else in English; "" where nothing needs to be said."""
        return self.confirm_sv if language == "sv" else self.confirm_en
