"""What was revoked after the copy that a house was restored from, carried out again: accounts, custody, protection."""

from __future__ import annotations

from django.db.models import Q

from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.actions.custody import end_custody, take_back_custody
from samsyn.people.actions.passkeys import remove_passkey
from samsyn.people.actions.persons import set_protection
from samsyn.people.actions.sign_ins import close_account, end_other_sign_ins
from samsyn.people.models import Account, Guardianship, Person
from samsyn.trail.revoking import Revocation


def account_again(house: Viewer, line: Revocation) -> bool:
    """Close an account. False when it is not here, or closed already."""
    account = Account.objects.filter(ref=line.subject, is_active=True).first()
    if account is not None:
        close_account(house, account)
    return account is not None


def sign_in_again(house: Viewer, line: Revocation) -> bool:
    """End all that an account had open at that time."""
    account = Account.objects.filter(ref=line.subject).first()
    return account is not None and end_other_sign_ins(house, account, keep="") > 0


def passkey_again(house: Viewer, line: Revocation) -> bool:
    """Remove a passkey of an account."""
    account = Account.objects.filter(ref=line.facts["account"]).first()
    return account is not None and remove_passkey(house, account, line.subject)


def custody_again(house: Viewer, line: Revocation) -> bool:
    """End somebody's custody after the line's day; what began later than that is not here to have begun.

    What was taken back as if it had never been (``never_since``: its first day) is taken back.
    """
    last_day, never_since = line.day("last_day"), line.day("never_since")
    assert last_day is not None
    if never_since is not None:
        wrong = Guardianship.objects.filter(child__ref=line.subject, guardian__ref=line.facts["guardian"])
        never = list(wrong.filter(since=never_since))
        for row in never:
            take_back_custody(house, row)
        return bool(never)
    rows = Guardianship.objects.filter(Q(until=None) | Q(until__gt=last_day), child__ref=line.subject)
    found = list(rows.filter(guardian__ref=line.facts["guardian"], since__lte=last_day))
    for row in found:
        end_custody(house, row, last_day)
    return bool(found)


def protection_again(house: Viewer, line: Revocation) -> bool:
    """Hide a person as strongly as the line says. False when the person is not here, or hidden so already."""
    person, level = Person.objects.filter(ref=line.subject).first(), line.facts["level"]
    if person is None or rules.stronger_protection(person.protection, level) == person.protection:
        return False
    set_protection(house, person, level)
    return True
