"""Signing in and out as the house remembers it: begun, ended, and by which provider an account is known."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.people import rules
from samsyn.people.models import Account, SignIn
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

LONGEST_SUBJECT = 191


def link_provider(viewer: Viewer, account: Account, provider: str, subject: str) -> SocialAccount:
    """Let the account in when this provider (its word) says that somebody is ``subject``. Nothing else finds it."""
    with transaction.atomic():
        name = clean_line(subject, LONGEST_SUBJECT, field="subject")
        known = SocialAccount.objects.filter(provider=provider, uid=name).exclude(user=account).exists()
        require(rules.may_be_known_as(name, known_as_another=known))
        link, _ = SocialAccount.objects.get_or_create(provider=provider, uid=name, defaults={"user": account})
        act(viewer, "people.provider_linked", [_of(account, "linked")], ground=provider)
    return link


def note_sign_in(viewer: Viewer, account: Account, way: str) -> None:
    """Write that somebody signed in, and how."""
    act(viewer, "people.signed_in", [_of(account, "in")], ground=way)


def note_sign_out(viewer: Viewer, account: Account) -> None:
    """Write that somebody signed out."""
    act(viewer, "people.signed_out", [_of(account, "out")])


def end_sign_in(viewer: Viewer, sign_in: SignIn) -> None:
    """End one of the viewer's own sign-ins; whoever uses it is asked to sign in with the next page."""
    with transaction.atomic():
        account = sign_in.account
        SignIn.objects.filter(pk=sign_in.pk).delete()
        if account is not None:
            _ended(viewer, account)


def end_other_sign_ins(viewer: Viewer, account: Account, keep: str) -> int:
    """End every sign-in of the account but the one with the session key ``keep``; give how many."""
    with transaction.atomic():
        ended, _ = SignIn.objects.filter(account=account).exclude(pk=keep).delete()
        _ended(viewer, account)
    return ended


def end_from_outside(viewer: Viewer, provider: str, subject: str, outside: str) -> int:
    """End what a provider says has ended: its session ``outside``, else all that it let the subject in to; how many."""
    with transaction.atomic():
        mine = Q(way=provider)
        if outside:
            mine &= Q(outside=outside)
        if subject:
            known = SocialAccount.objects.filter(provider=provider, uid=subject)
            mine &= Q(account__in=known.values("user"))
        gone = list(SignIn.objects.filter(mine, account__isnull=False).select_related("account"))
        SignIn.objects.filter(pk__in=[one.pk for one in gone]).delete()
        for one in gone:
            assert one.account is not None
            _ended(viewer, one.account, ground=provider)
    return len(gone)


def end_every_sign_in(viewer: Viewer) -> int:
    """End all that anybody has open, after a restore: which had ended since the copy nobody can tell. Gives how many.

    Whoever has none loses nothing; everybody else signs in again.
    """
    with transaction.atomic():
        accounts = list(Account.objects.filter(sign_ins__isnull=False).distinct().order_by("pk"))
        gone = SignIn.objects.all().delete()[0]
        if accounts:
            act(viewer, "people.sign_in_ended", [_of(account, "ended") for account in accounts])
    return gone


def close_account(viewer: Viewer, account: Account) -> None:
    """Let the account in no more, and end what it has open. Its posts fall to whoever covers them."""
    with transaction.atomic():
        Account.objects.filter(pk=account.pk).update(is_active=False)
        account.is_active = False
        SignIn.objects.filter(account=account).delete()
        revoke(viewer, "people.account_closed", [_of(account, "closed")], ("account", account.ref))


def forget_ended_sign_ins() -> int:
    """Remove the rows of sessions whose time is over; give how many."""
    return SignIn.objects.filter(expire_date__lt=clock.now()).delete()[0]


def _ended(viewer: Viewer, account: Account, *, ground: str = "") -> None:
    """After a restore all that the account had open then ends: nothing outside tells one browser from another."""
    revoke(viewer, "people.sign_in_ended", [_of(account, "ended")], ("sign_in", account.ref), ground=ground)


def _of(account: Account, state: str) -> Subject:
    return Subject("account", account.ref, state=state)
