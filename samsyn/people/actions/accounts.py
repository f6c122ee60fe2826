"""Accounts: one for a person."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from samsyn.common.decision import Refused, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.models import Account, Person
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def register_account(
    viewer: Viewer,
    person: Person,
    sign_in_name: str,
    *,
    language: str = "sv",
    password: str | None = None,
    operator: bool = False,
) -> Account:
    """Open an account for a person. Without a password it can be signed in to only in another way."""
    with transaction.atomic():
        name = clean_line(sign_in_name, 150, field="sign_in_name").casefold()
        require(
            rules.may_sign_in_as(
                name,
                taken=Account.objects.filter(sign_in_name=name).exists(),
                has_account=Account.objects.filter(person=person).exists(),
            )
        )
        account = Account(person=person, sign_in_name=name, language=language, is_operator=operator)
        account.set_password(password)
        try:
            with transaction.atomic():
                account.save()
        except IntegrityError as taken:
            raise Refused(rules.may_sign_in_as(name, taken=True, has_account=False)) from taken
        act(viewer, "people.account_opened", [Subject("account", account.ref, state="open")])
    return account
