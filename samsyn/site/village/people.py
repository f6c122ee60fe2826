"""Who lives and works in Lillköping. Nobody is real; every number is from the series kept for tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from samsyn.people.numbers import IdentitySystem, demo_number, test_number
from samsyn.people.registers import RegisterGuardian, RegisterIdentity, RegisterPerson, RegisterPlace
from samsyn.site.village.names import FAMILY_NAMES, GIVEN_NAMES


@dataclass(frozen=True)
class Worker:
    """Somebody at work: the word in the demo's address, name, and the post held (None: an operator without a post)."""

    word: str
    given_name: str
    family_name: str
    born: date
    post: str | None
    language: str = "sv"


STAFF = (
    Worker("karin", "Karin", "Ås", date(1968, 3, 4), "desk"),
    Worker("bo", "Bo", "Ekdahl", date(1971, 5, 12), "rektor"),
    Worker("hanna", "Hanna", "Roos", date(1982, 9, 1), "assistant_rektor"),
    Worker("mats", "Mats", "Wiklund", date(1984, 2, 20), "teacher"),
    Worker("maja", "Maja", "Sjöö", date(1995, 11, 3), "fritids"),
    Worker("elin", "Elin", "Dahl", date(1979, 7, 7), "school_nurse"),
    Worker("hedda", "Hedda", "Brant", date(1975, 1, 15), "gymnasium_rektor"),
    Worker("siv", "Siv", "Ahlgren", date(1966, 12, 9), "bvc"),
    Worker("ines", "Ines", "Marković", date(1986, 4, 22), "early"),
    Worker("leyla", "Leyla", "Demir", date(1990, 8, 30), "family_support"),
    Worker("edvin", "Edvin", "Holm", date(1988, 6, 17), "inquiries"),
    Worker("moa", "Moa", "Lind", date(1991, 10, 5), "ward"),
    Worker("pia", "Pia", "Nordén", date(1973, 3, 27), "doctor"),
    Worker("omar", "Omar", "Saleh", date(1981, 1, 2), "lss"),
    Worker("farid", "Farid", "Karimi", date(1985, 5, 19), "police"),
    Worker("lena", "Lena", "Ström", date(1962, 2, 11), "committee"),
    Worker("rut", "Rut", "Askling", date(1970, 9, 23), "evaluator"),
    Worker("ulla", "Ulla", "Berg", date(1977, 4, 14), None),
    Worker("kurt", "Kurt", "Fält", date(1969, 8, 8), "elsewhere"),
    Worker("sara2", "Sara", "Lund", date(1980, 10, 10), "norra_rektor"),
    Worker("nils2", "Nils", "Ek", date(1974, 7, 1), "kaa"),
    Worker("gun2", "Gun", "Sand", date(1965, 6, 6), "school_head"),
    Worker("tea2", "Tea", "Vik", date(1972, 2, 2), "social_head"),
    Worker("ann2", "Ann", "Hed", date(1967, 3, 3), "bvc_head"),
    Worker("eva2", "Eva", "Mo", date(1976, 12, 12), "midwife"),
    Worker("ida2", "Ida", "Nyström", date(1989, 2, 8), "teacher_1a"),
    Worker("per2", "Per", "Sandin", date(1960, 5, 21), "teacher_4c"),
    Worker("mona2", "Mona", "Rask", date(1983, 11, 14), "counsellor"),
    Worker("joel2", "Joel", "Frank", date(1978, 8, 25), "special_teacher"),
    Worker("stina2", "Stina", "Ljung", date(1987, 1, 30), "norra_assistant"),
    Worker("amir2", "Amir", "Hosseini", date(1992, 6, 4), "norra_teacher"),
    Worker("lotta2", "Lotta", "Bäck", date(1971, 10, 11), "mentor"),
    Worker("david2", "David", "Åkesson", date(1985, 4, 16), "psychologist"),
    Worker("sanna2", "Sanna", "Hult", date(1993, 9, 28), "early_second"),
    Worker("tor2", "Tor", "Ivarsson", date(1964, 7, 19), "inquiries_second"),
    Worker("fatima2", "Fatima", "Noor", date(1990, 12, 2), "lss_second"),
    Worker("klara2", "Klara", "Wall", date(1988, 3, 13), "bvc_second"),
    Worker("lisa2", "Lisa", "Frid", date(1981, 5, 5), "midwife_second"),
    Worker("olle2", "Olle", "Granath", date(1979, 6, 26), "ward_second"),
    Worker("jens2", "Jens", "Molin", date(1976, 9, 9), "police_second"),
)
LATER = (Worker("anna2", "Anna", "Kvist", date(1994, 3, 22), "teacher_4c"),)
"""Who came after somebody had left the post."""


def number(born: date, ordinal: int = 0) -> RegisterIdentity:
    """A personnummer from the series kept for tests."""
    return RegisterIdentity(IdentitySystem.PERSONNUMMER, test_number(born, ordinal))


def guardian(
    given_name: str, family_name: str, born: date, *, custody: str = "joint", language: str = "sv"
) -> RegisterGuardian:
    """A guardian as the register tells of one."""
    return RegisterGuardian(number(born), given_name, family_name, custody, language, "none")  # type: ignore[arg-type]


AMAL = guardian("Amal", "Haddad", date(1987, 2, 14), language="ar")
OLOF = guardian("Olof", "Lindqvist", date(1984, 6, 3))
MATS = guardian("Mats", "Wiklund", date(1984, 2, 20), custody="sole")
TOVES_MOTHER = guardian("Disa", "Nyman", date(1983, 9, 9), custody="sole")


def child(
    given_name: str,
    family_name: str,
    born: date,
    guardians: Sequence[RegisterGuardian],
    place: RegisterPlace,
    *,
    languages: tuple[str, ...] = ("sv",),
    protection: str = "none",
    identity: RegisterIdentity | None = None,
) -> RegisterPerson:
    """A child as the register tells of one."""
    return RegisterPerson(
        (identity or number(born),),
        given_name,
        family_name,
        given_name,
        born,
        languages,
        protection,  # type: ignore[arg-type]  # one of the register's words
        tuple(guardians),
        place,
    )


STOBY_2B = RegisterPlace("school", "stoby", "Stobyskolan", "2B")
BVC = RegisterPlace("bvc", "bvc", "BVC Lillköping", "")
GYMNASIUM = RegisterPlace("school", "gymnasiet", "Lillköpings gymnasium", "NA1")


def named_children(today: date) -> dict[str, RegisterPerson]:
    """The children of the village who have a story of their own; their ages stay the same whatever the day is."""

    def born(years: int, days: int = 100) -> date:
        back = today.toordinal() - days - round(years * 365.25)
        return date.fromordinal(back)

    both = (AMAL, OLOF)
    return {
        "signe": child("Signe", "Lindqvist", born(8), both, STOBY_2B, languages=("sv", "ar")),
        "nour": child("Nour", "Lindqvist", born(2), both, BVC, languages=("ar", "sv")),
        "adam": child("Adam", "Haddad", born(16), (AMAL,), GYMNASIUM, languages=("sv", "ar")),
        "tove": child("Tove", "Nyman", born(15), (TOVES_MOTHER,), GYMNASIUM, protection="protected"),
        "vera": child("Vera", "Wiklund", born(9), (MATS,), STOBY_2B),
    }


PLACES = (
    RegisterPlace("school", "stoby", "Stobyskolan", "1A"),
    RegisterPlace("school", "stoby", "Stobyskolan", "4C"),
    RegisterPlace("school", "norra", "Norra skolan", "3B"),
    RegisterPlace("school", "norra", "Norra skolan", "8A"),
    RegisterPlace("bvc", "bvc", "BVC Lillköping", ""),
)


def more_children(count: int, today: date) -> list[RegisterPerson]:
    """``count`` further children, the same for the same day, with identities of the demo."""
    children = []
    for ordinal in range(count):
        given = GIVEN_NAMES[ordinal % len(GIVEN_NAMES)]
        family = FAMILY_NAMES[(ordinal * 7 + ordinal // len(GIVEN_NAMES)) % len(FAMILY_NAMES)]
        place = PLACES[ordinal % len(PLACES)]
        years = 3 if place.kind == "bvc" else 7 + ordinal % 8
        born = date.fromordinal(today.toordinal() - round(years * 365.25) - 3 * ordinal % 300 - 20)
        parent = RegisterGuardian(
            RegisterIdentity(IdentitySystem.DEMO, demo_number(500_000 + ordinal)),
            GIVEN_NAMES[(ordinal * 3 + 5) % len(GIVEN_NAMES)],
            family,
            "sole",
            "sv",
            "none",
        )
        identity = RegisterIdentity(IdentitySystem.DEMO, demo_number(ordinal))
        children.append(child(given, family, born, (parent,), place, identity=identity))
    return children
