"""What a register is to Samsyn: an answer about one person, asked for by exact number.

No register here can list, search or browse, and none is copied: Samsyn holds no register of all children. Why somebody
asks, the trail of it and the limit on how often are the caller's (``people.actions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from samsyn.common import clock
from samsyn.common.decision import Decision, Refused
from samsyn.people.numbers import IdentitySystem, ReadNumber, UnreadableNumber, read_number

Protection = Literal["none", "marked", "protected", "assumed"]
"""Sekretessmarkering is "marked", skyddad folkbokföring "protected", fingerade personuppgifter "assumed"."""

Custody = Literal["joint", "sole", "unknown"]
"""Does the guardian share custody? "unknown": the register tells that there is custody and not whether it is shared."""

PlaceKind = Literal["school", "preschool", "bvc"]


class _Silent:
    """Text form without content: what a register answers must not reach a log or an error report."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, repr=False)
class RegisterIdentity(_Silent):
    """A number as ``people.numbers`` stores it."""

    system: IdentitySystem
    value: str


@dataclass(frozen=True, repr=False)
class RegisterGuardian(_Silent):
    """Somebody who has custody. ``identity`` is None where the register does not tell the number."""

    identity: RegisterIdentity | None
    given_name: str
    family_name: str
    custody: Custody
    language: str
    protection: Protection


@dataclass(frozen=True, repr=False)
class RegisterPlace(_Silent):
    """Where the child is every day: kind, the unit's code and name, and the group there ("2B", "Blåsippan")."""

    kind: PlaceKind
    unit_code: str
    name: str
    group: str


@dataclass(frozen=True, repr=False)
class RegisterPerson(_Silent):
    """What the register answers. Texts are clean lines, "" where it tells nothing; languages are codes ("sv", "ar").

    ``called`` is the name the person uses. A newborn may have no given name. ``birth_date`` is None where neither the
    register nor the number tells it. Names and place of somebody protected are here too: the caller masks them.
    """

    identities: tuple[RegisterIdentity, ...]
    given_name: str
    family_name: str
    called: str
    birth_date: date | None
    languages: tuple[str, ...]
    protection: Protection
    guardians: tuple[RegisterGuardian, ...]
    place: RegisterPlace | None


class RegisterUnavailable(Refused):
    """The register gave no answer that can be relied on. Nothing is known, not even that the person is not there.

    ``retry_after``: seconds after which it is worth asking again, None when asking again will not help.
    """

    def __init__(self, decision: Decision, retry_after: int | None = None) -> None:
        super().__init__(decision)
        self.retry_after = retry_after


class RegisterAmbiguous(Refused):
    """The register knows more than one person by that number, so it can not be told who is meant."""


def number_in_register(text: str, *, issuer: str) -> ReadNumber:
    """A number as a register writes it. ``issuer``: who gave the reserve numbers that do not tell it by their form.

    Raises UnreadableNumber.
    """
    try:
        return read_number(text, on=clock.today())
    except UnreadableNumber as unread:
        if not issuer or unread.decision.field != "issuer":
            raise
    return read_number(text, on=clock.today(), issuer=issuer)


class Register(Protocol):
    """One way to ask. ``source`` is written where an answer is kept ("where do we know this from?")."""

    source: str

    def look_up(self, system: str, value: str) -> RegisterPerson | None:
        """The person known by exactly this number in this system (see ``people.numbers``), None when there is none.

        Raises RegisterUnavailable, RegisterAmbiguous, or UnreadableNumber when the value is no number of the system.
        """
