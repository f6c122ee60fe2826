"""Making persons, numbers, custody and accounts, and looking numbers up. A person is looked for before one is made."""

from samsyn.people.actions.accounts import register_account
from samsyn.people.actions.birth_dates import has_as_registered
from samsyn.people.actions.by_hand import enter_by_hand, enter_guardian
from samsyn.people.actions.custody import (
    custody_noted,
    end_custody,
    guardians_on,
    is_kin,
    kin_of,
    masked,
    note_custody,
    take_back_custody,
)
from samsyn.people.actions.look_ups import ask_registers, begin_look_up, end_look_up
from samsyn.people.actions.lost import number_is_lost, whereabouts_are_lost
from samsyn.people.actions.passkeys import add_passkey, passkeys_of, remove_passkey, use_passkey
from samsyn.people.actions.passwords import change_password
from samsyn.people.actions.persons import (
    AnotherChild,
    Facts,
    NumberIsTaken,
    find_or_create,
    give_identity,
    hide_family,
    new_person,
    note_whereabouts,
    set_protection,
    show_again,
)
from samsyn.people.actions.same_name import (
    has_any_of_names,
    is_called_as,
    is_called_for_certain,
    shares_a_name,
)
from samsyn.people.actions.sign_ins import (
    close_account,
    end_every_sign_in,
    end_from_outside,
    end_other_sign_ins,
    end_sign_in,
    forget_ended_sign_ins,
    link_provider,
    note_sign_in,
    note_sign_out,
)

__all__ = [
    "AnotherChild",
    "Facts",
    "NumberIsTaken",
    "add_passkey",
    "ask_registers",
    "begin_look_up",
    "change_password",
    "close_account",
    "custody_noted",
    "end_custody",
    "end_every_sign_in",
    "end_from_outside",
    "end_look_up",
    "end_other_sign_ins",
    "end_sign_in",
    "enter_by_hand",
    "enter_guardian",
    "find_or_create",
    "forget_ended_sign_ins",
    "give_identity",
    "guardians_on",
    "has_any_of_names",
    "has_as_registered",
    "hide_family",
    "is_called_as",
    "is_called_for_certain",
    "is_kin",
    "kin_of",
    "link_provider",
    "masked",
    "new_person",
    "note_custody",
    "note_sign_in",
    "note_sign_out",
    "note_whereabouts",
    "number_is_lost",
    "passkeys_of",
    "register_account",
    "remove_passkey",
    "set_protection",
    "shares_a_name",
    "show_again",
    "take_back_custody",
    "use_passkey",
    "whereabouts_are_lost",
]
