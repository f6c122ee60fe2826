"""Passkeys of an account: keys of the person's own devices, a second way in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.common.viewer import Viewer
from samsyn.people.models import Account
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject


def passkeys_of(account: Account) -> list[Authenticator]:
    """The passkeys of an account, oldest first."""
    return list(Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def add_passkey(viewer: Viewer, account: Account, name: str, credential: dict[str, Any]) -> None:
    """Keep a passkey that the browser has just proved. ``name``: the device, in words."""
    with transaction.atomic():
        data = {"ref": str(new_reference()), "name": name, "credential": credential}
        Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data=data, created_at=clock.now())
        act(viewer, "people.passkey_added", [Subject("account", account.ref, state="passkey")])


def remove_passkey(viewer: Viewer, account: Account, ref: UUID) -> bool:
    """Remove one of the account's passkeys by its reference; False when it has no such one."""
    with transaction.atomic():
        own = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN, data__ref=str(ref)).first()
        if own is not None:
            own.delete()
            subjects = [Subject("account", account.ref, state="passkey")]
            revoke(viewer, "people.passkey_removed", subjects, ("passkey", ref), account=account.ref)
    return own is not None


def use_passkey(passkey: Authenticator) -> None:
    """Note when a passkey was used last."""
    passkey.last_used_at = clock.now()
    passkey.save(update_fields=["last_used_at"])
