"""Making persons, numbers, custody and accounts, and looking numbers up. A person is looked for before one is made."""

from samsyn.people.actions.accounts import register_account
from samsyn.people.actions.custody import end_custody, guardians_on, note_custody
from samsyn.people.actions.look_ups import ask_registers, begin_look_up, end_look_up
from samsyn.people.actions.persons import Facts, find_or_create, give_identity, new_person, set_protection

__all__ = [
    "Facts",
    "ask_registers",
    "begin_look_up",
    "end_custody",
    "end_look_up",
    "find_or_create",
    "give_identity",
    "guardians_on",
    "new_person",
    "note_custody",
    "register_account",
    "set_protection",
]
