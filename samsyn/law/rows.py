"""What a row of law is: the words a row may use, and the shape of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class LawError(Exception):
    """A row that cannot be trusted. Start-up stops with the file, the row and the reason."""

    def __init__(self, file: str, row: str, reason: str) -> None:
        super().__init__(f"{file}, row {row}: {reason}")
        self.file = file
        self.row = row
        self.reason = reason


class NoSuchRule(LookupError):
    """No row with that id is in force on the day, or it is of another kind than asked for."""


class Kind(StrEnum):
    """What a row is about."""

    CLOCK = "clock"
    GATE = "gate"
    AGE = "age"
    TRACK = "track"
    RETENTION = "retention"
    AMOUNT = "amount"
    LABEL = "label"


class Unit(StrEnum):
    """What a row's value counts. AT_ONCE, AS_SOON_AS_POSSIBLE, SAME_DAY and FOR_EVER take no value."""

    AT_ONCE = "at_once"
    AS_SOON_AS_POSSIBLE = "as_soon_as_possible"
    SAME_DAY = "same_day"
    ELAPSED_HOURS = "elapsed_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    CALENDAR_YEARS = "calendar_years"
    AGE_YEARS = "age_years"
    FOR_EVER = "for_ever"
    KRONOR = "kronor"
    TIMES = "times"
    TIMES_PER_HOUR = "times_per_hour"
    PERSONS = "persons"
    HOUR_OF_DAY = "hour_of_day"


class Effect(StrEnum):
    """What a clock does when it has run.

    ACT: an authority must have done something. RIGHT: a person must have acted to keep a right. LIMIT: something begins
    or ends. Only the first two are acts "that must be done at the latest", and so roll over (lag 1930:173 2 §).
    """

    ACT = "act"
    RIGHT = "right"
    LIMIT = "limit"


class Extension(StrEnum):
    """What it takes to make a clock longer in one case."""

    NONE = "none"
    SPECIAL_REASONS = "special_reasons"
    EXCEPTIONAL_REASONS = "exceptional_reasons"


class AgeTest(StrEnum):
    """FROM: has turned the age. BELOW: has not turned it. THROUGH: has not turned the next."""

    FROM = "from"
    BELOW = "below"
    THROUGH = "through"


class Sphere(StrEnum):
    """Whose secrecy a piece of information stands under, or who receives it.

    The first ten are spheres of organisations. The last five are receivers that are not: the person it is about, that
    person's guardian, a party to a case, somebody outside all authorities, and one who only stores it for the sender.
    """

    SOCIAL_SERVICES = "social_services"
    HEALTH_CARE = "health_care"
    SCHOOL_HEALTH = "school_health"
    PUPIL_SUPPORT = "pupil_support"
    PRESCHOOL = "preschool"
    SCHOOL = "school"
    LEISURE_CENTRE = "leisure_centre"
    FAMILY_COUNSELLING = "family_counselling"
    POLICE = "police"
    OTHER_AUTHORITY = "other_authority"
    PERSON = "person"
    GUARDIAN = "guardian"
    PARTY = "party"
    OUTSIDE = "outside"
    PROCESSOR = "processor"


ORGANISATIONS = frozenset(list(Sphere)[:10])


class Nearness(StrEnum):
    """How near two units stand in law: one secrecy area, one board (nämnd), one principal (huvudman), or none."""

    AREA = "area"
    BOARD = "board"
    PRINCIPAL = "principal"
    APART = "apart"


class Serves(StrEnum):
    """What a gate is there for, so that a page can ask for the gates of its own errand."""

    HELP = "help"
    REPORT = "report"
    INVESTIGATION = "investigation"
    CRIME = "crime"
    OWN_WORK = "own_work"
    INSIGHT = "insight"
    HOSTING = "hosting"


class Measure(StrEnum):
    """What a yes is a yes to: only that something is shared, or one of the kinds of help that ask who may say yes."""

    SHARING = "sharing"
    ADVICE = "advice"
    WITHOUT_ASSESSMENT = "without_assessment"
    WITH_ASSESSMENT = "with_assessment"
    OPEN_TREATMENT = "open_treatment"
    CONTACT_PERSON = "contact_person"
    PSYCHIATRIC_CARE = "psychiatric_care"
    PLACEMENT = "placement"


class Strength(StrEnum):
    """PRESUMED_CLOSED: secret unless clear that no harm is done (omvänt). PRESUMED_OPEN: secret only if harm can be
    assumed (rakt). ABSOLUTE: secret without weighing."""

    PRESUMED_CLOSED = "presumed_closed"
    PRESUMED_OPEN = "presumed_open"
    ABSOLUTE = "absolute"


class Documentation(StrEnum):
    """What must be written down on a track of social services."""

    NOT_PERSONAL = "not_personal"
    REQUIRED_UNLESS_DECIDED = "required_unless_decided"
    REQUIRED = "required"


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
    """A time that runs. ``agreement``: the paragraph that lets an agreement set another value, "" if none does."""

    effect: Effect
    extension: Extension = Extension.NONE
    later_in_the_day: LaterInTheDay | None = None
    agreement: str = ""


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
