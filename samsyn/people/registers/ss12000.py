"""A register that is a school information system which speaks SS 12000:2020 (SS 12000 2.1) over HTTP.

Who: ``POST /persons/lookup`` with the number in the body, so that it stands in no address. A service without that
(``look_up_by="query"``) is asked with ``GET /persons?civicNo=``, which the standard has too: then the number stands in
the address, and the service's own logs, or a proxy's, may keep it. Ours never do. The part of the standard that
Skolverket's reference service offers has neither and lists everybody: it cannot be asked about one person.

Guardians: ``responsibles`` of the relation "Vårdnadshavare", each looked up by the service's own id. The standard does
not say whether custody is shared; two who have it share it, and with one it is "unknown", since a second one may be
protected and left out. Where: the current enrolment, or placement in preschool, with the unit's code from
``/organisations``.

An answer that holds anybody but the one asked for is thrown away whole: a service that passes over the question would
otherwise hand us its pupils.
"""

from __future__ import annotations

import logging
import re
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Literal

from samsyn.common import clock
from samsyn.common.decision import no
from samsyn.people.numbers import ORDINARY_SYSTEMS, IdentitySystem, ReadNumber, UnreadableNumber, read_number
from samsyn.people.registers import answers
from samsyn.people.registers.answers import Json, NotUnderstood
from samsyn.people.registers.connection import ABSENT, Connection, Limits, Parameters
from samsyn.people.registers.http_answer import not_understood
from samsyn.people.registers.interface import (
    Custody,
    Protection,
    RegisterAmbiguous,
    RegisterGuardian,
    RegisterIdentity,
    RegisterPerson,
    RegisterPlace,
    number_in_register,
)

log = logging.getLogger(__name__)

_MOST_PAGES = 20
_MOST_GUARDIANS = 10
_SCHOOL_NUMBER = re.compile(r"\d{8}TF\d{2}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_EXPANDED = (("expand", "placements"), ("expand", "groupMemberships"), ("expandReferenceNames", "true"))


class SS12000Register:
    """Asks the service at ``base_url``, the address before ``/persons``, with a bearer ``token``.

    ``look_up_by``: "body", or "query" for a service without ``/persons/lookup`` (see the module). ``missing_marking``:
    what to think of a person whose ``securityMarking`` is not told; "none" only for a service that is known to leave it
    out where there is none. ``issuer``: who gave the temporary numbers (20130101TF01) of the school register, a
    municipality code or organisation number. The rest: see ``Connection``.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        source: str = "ss12000",
        look_up_by: Literal["body", "query"] = "body",
        missing_marking: Protection = "marked",
        issuer: str = "",
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        proxy: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self._look_up_by = look_up_by
        self._missing_marking = missing_marking
        self._issuer = issuer
        self._connection = Connection(
            base_url, token, limits=limits or Limits(), tls=tls, proxy=proxy, sleep=sleep, seconds=seconds
        )

    def close(self) -> None:
        """Let go of open connections."""
        self._connection.close()

    def look_up(self, system: str, value: str) -> RegisterPerson | None:
        """See ``Register``. A school system knows no LMA numbers and no regions' reserve numbers: None for those."""
        asked = IdentitySystem(system)
        if asked not in ORDINARY_SYSTEMS:
            return None
        wanted = read_number(value, on=clock.today(), systems={asked})
        if asked == IdentitySystem.LMA or (asked == IdentitySystem.RESERVE and not self._gave(wanted)):
            return None
        try:
            return self._person(wanted, self._connection.deadline())
        except NotUnderstood:
            log.warning("Register: an answer is not as SS 12000 says.")
        raise not_understood()

    def _gave(self, number: ReadNumber) -> bool:
        """Is it a temporary number that this school register made?"""
        issuer, _, own = number.value.partition(":")
        return issuer == self._issuer and _SCHOOL_NUMBER.fullmatch(own) is not None

    # --- who --------------------------------------------------------------------------------------------------------

    def _person(self, wanted: ReadNumber, until: float) -> RegisterPerson | None:
        found = self._persons(wanted, until)
        if not found:
            return None
        if len(found) > 1:
            raise RegisterAmbiguous(no("The register knows more than one person by this number."))
        (person,) = found.values()
        return RegisterPerson(
            identities=(RegisterIdentity(wanted.system, wanted.value),),
            given_name=answers.text(person, "givenName"),
            family_name=answers.family_name(person),
            called="",
            birth_date=answers.day(person, "birthDate") or wanted.birth_date,
            languages=(),
            protection=answers.strictest_protection((person,), self._missing_marking),
            guardians=self._guardians(person, until),
            place=self._place(person, until),
        )

    def _persons(self, wanted: ReadNumber, until: float) -> dict[str, Json]:
        """Everybody whom the service knows by that number, by its own id. Raises NotUnderstood when others come too."""
        civic_number = wanted.value.rpartition(":")[2]
        found: dict[str, Json] = {}
        if self._look_up_by == "body":
            pages = self._pages("POST", "/persons/lookup", "persons", until, body={"civicNos": [civic_number]})
        else:
            pages = self._pages(
                "GET", "/persons", "persons", until, filters=(("civicNo", civic_number), ("limit", "2"))
            )
        for person in pages:
            if not self._is(person, wanted):
                log.warning(
                    "Register: it answered about others than the one who was asked for. The answer is thrown away."
                )
                raise NotUnderstood
            found[_id(person)] = person
        return found

    def _is(self, person: Json, wanted: ReadNumber) -> bool:
        try:
            told = number_in_register(answers.civic_number(person), issuer=self._issuer)
        except UnreadableNumber:
            return False
        return (told.system, told.value) == (wanted.system, wanted.value)

    # --- who has custody --------------------------------------------------------------------------------------------

    def _guardians(self, person: Json, until: float) -> tuple[RegisterGuardian, ...]:
        references = {_id(reference): reference for reference in answers.guardians(person)}
        if len(references) > _MOST_GUARDIANS:
            raise NotUnderstood
        known = self._by_id(list(references), until) if references else {}
        custody: Custody = "joint" if len(references) > 1 else "unknown"
        return tuple(
            self._guardian(reference, known.get(identifier), custody) for identifier, reference in references.items()
        )

    def _by_id(self, identifiers: list[str], until: float) -> dict[str, Json]:
        if self._look_up_by == "body":
            told = list(self._pages("POST", "/persons/lookup", "persons", until, body={"ids": identifiers}))
        else:
            paths = [f"/persons/{identifier}" for identifier in identifiers]
            all_answers = [self._connection.ask("GET", path, until=until, may_be_absent=True) for path in paths]
            told = [answers.an_object(answer) for answer in all_answers if answer is not ABSENT]
        known = {_id(person): person for person in told}
        if not set(known) <= set(identifiers):
            raise NotUnderstood
        return known

    def _guardian(self, reference: Json, person: Json | None, custody: Custody) -> RegisterGuardian:
        """What is told of a guardian; the reference alone, with the shown name as family name, when nothing more is."""
        known = person or reference
        identity = None
        try:
            number = number_in_register(answers.civic_number(known), issuer=self._issuer)
            identity = RegisterIdentity(number.system, number.value)
        except UnreadableNumber:
            pass
        return RegisterGuardian(
            identity=identity,
            given_name=answers.text(known, "givenName"),
            family_name=answers.family_name(known) or answers.text(reference, "displayName"),
            custody=custody,
            language="",
            protection=answers.strictest_protection((known, reference), self._missing_marking),
        )

    # --- where ------------------------------------------------------------------------------------------------------

    def _place(self, person: Json, until: float) -> RegisterPlace | None:
        told = answers.place(person, clock.today())
        if told is None:
            return None
        kind, reference, group = told
        unit = self._organisation(_id(reference), until)
        code = answers.text(unit, "schoolUnitCode") or answers.text(unit, "organisationCode")
        name = answers.text(unit, "displayName") or answers.text(reference, "displayName")
        return RegisterPlace(kind, code, name, group)

    def _organisation(self, identifier: str, until: float) -> Json:
        """The unit, from its own address or, where the service has none, from its list of units; empty if unknown."""
        answer = self._connection.ask("GET", f"/organisations/{identifier}", until=until, may_be_absent=True)
        if answer is not ABSENT:
            return answers.an_object(answer)
        units = self._pages("GET", "/organisations", "organisations", until, may_be_absent=True)
        return next((unit for unit in units if _id(unit) == identifier), {})

    # --- pages ------------------------------------------------------------------------------------------------------

    def _pages(
        self,
        method: str,
        path: str,
        name: str,
        until: float,
        *,
        filters: Parameters = (),
        body: object = None,
        may_be_absent: bool = False,
    ) -> Iterator[Json]:
        """Every object of every page. The standard lets the token of a next page stand with no other filter."""
        parameters = (*filters, *_EXPANDED) if name == "persons" else tuple(filters)
        seen = set[str]()
        for _ in range(_MOST_PAGES):
            answer = self._connection.ask(
                method, path, until=until, parameters=parameters, body=body, may_be_absent=may_be_absent
            )
            if answer is ABSENT:
                return
            items, token = answers.page(answer, name)
            yield from items
            if not token:
                return
            if token in seen:
                break
            seen.add(token)
            parameters = (("pageToken", token),)
        raise NotUnderstood


def _id(of: Json) -> str:
    identifier = answers.text(of, "id")
    if not _IDENTIFIER.fullmatch(identifier):
        raise NotUnderstood
    return identifier
