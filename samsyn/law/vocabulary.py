"""The words that a row of law may use."""

from __future__ import annotations

from enum import StrEnum


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
    PER_CENT = "per_cent"


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
