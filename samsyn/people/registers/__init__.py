"""Registers that know who a number belongs to: a file extract and an SS 12000 service behind one interface."""

from samsyn.people.registers.extract import FileRegister
from samsyn.people.registers.interface import (
    Custody,
    PlaceKind,
    Protection,
    Register,
    RegisterAmbiguous,
    RegisterGuardian,
    RegisterIdentity,
    RegisterPerson,
    RegisterPlace,
    RegisterUnavailable,
)
from samsyn.people.registers.ss12000 import SS12000Register

__all__ = [
    "Custody",
    "FileRegister",
    "PlaceKind",
    "Protection",
    "Register",
    "RegisterAmbiguous",
    "RegisterGuardian",
    "RegisterIdentity",
    "RegisterPerson",
    "RegisterPlace",
    "RegisterUnavailable",
    "SS12000Register",
]
