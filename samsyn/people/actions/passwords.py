"""Changing a password: by its owner, with the old one. It ends every other sign-in of the account."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.actions.sign_ins import end_other_sign_ins
from samsyn.people.models import Account
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def change_password(viewer: Viewer, account: Account, *, old: str, new: str, keep: str) -> None:
    """Set a new password, and end all that the account has open but the session with the key ``keep``.

    Raises Refused when the old one is wrong or the account not the viewer's own, and ValidationError with what the new
    one lacks.
    """
    with transaction.atomic():
        own = viewer.account == account.pk
        require(rules.may_change_password(own=own, knows=account.check_password(old), differs=old != new))
        validate_password(new, account)
        account.set_password(new)
        account.save(update_fields=["password"])
        end_other_sign_ins(viewer, account, keep)
        act(viewer, "people.password_changed", [Subject("account", account.ref, state="changed")])
