"""Sharing something as a page has shown it: the yes that covers it, the row in the ledger, and the receiver is told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.viewer import Viewer
from samsyn.notices.actions import tell
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.protection.insight_actions import let_work
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import acting_authority
from samsyn.sharing.actions.deciding import consent_reaches, consent_stands, guardians_today
from samsyn.sharing.actions.disclosures import disclose
from samsyn.sharing.actions.family import at_work_with_others
from samsyn.sharing.actions.grounds import Sharing
from samsyn.sharing.actions.involvement import involve
from samsyn.sharing.models import Consent, Delivery, Disclosure, Reason, Scope, Way
from samsyn.sharing.words import DISCLOSURE


def standing_consents(child: Person, authority_id: int) -> list[Consent]:
    """The questions of an authority about the child that everyone who decides has said yes to, newest first."""
    today = clock.today()
    asked = Consent.objects.filter(child=child, authority=authority_id, since__lte=today, until__gte=today)
    rows = asked.select_related("child").prefetch_related("receiver_rows").order_by("-asked_at", "-pk")
    return [one for one in rows if consent_stands(one)]


def covering_consent(
    standing: Sequence[Consent], child: Person, sender: Authority, receiver: Unit, items: Sequence[tuple[str, UUID]]
) -> Consent | None:
    """The newest of these that covers showing all these things to the receiver; None when there is none."""
    return next((one for one in standing if consent_reaches(one, child, sender, receiver, items)), None)


def choice_of(receiver: Unit, gate: str, consent: Consent | None) -> str:
    """To whom and on which ground something goes, in one word: what a page carries to tell whether it is so still."""
    return f"{receiver.ref} {gate} {consent.ref if consent is not None else ''}".strip()


@transaction.atomic
def share(
    viewer: Viewer,
    child: Person,
    receiver: Unit,
    items: Sequence[tuple[str, UUID]],
    ground: Sharing,
    *,
    shown: str,
    chosen: str,
    receiving: Post | None,
) -> Disclosure:
    """Share things of the own authority with another one, exactly as a page showed them, and tell who receives them.

    ``items``: kinds and references of what the caller has fetched for the viewer. ``shown``: hexadecimal digest of what
    the page showed. ``chosen``: to whom and on which ground it said that it goes, as ``choice_of`` tells it.
    ``receiving``: the post that answers for what comes to the receiver, None when there is none.
    Raises Refused when something is missing, has changed since, or no gate holds, and for the own family.
    """
    require(at_work_with_others(viewer, child))
    sender = Authority.objects.get(pk=acting_authority(viewer))
    require(
        rules.may_share(
            items=len(items),
            to_other=sender.pk != receiver.authority_id,
            is_received=receiving is not None,
            shown=shown,
            now=rules.digest_of(ground.rendering, items).hex(),
            as_chosen=chosen == choice_of(receiver, ground.gate, ground.consent),
            purpose=ground.purpose,
            views=ground.views,
            family=["child", *(str(row.guardian.ref) for row in guardians_today(child))],
            until=ground.expires_on,
            on=clock.today(),
        )
    )
    assert receiving is not None  # the rule has said so
    row = disclose(viewer, child, sender, receiver, items, ground)
    if ground.way == Way.DELIVERED:
        _hand_over(row, receiving)
    else:
        let_work(child, [receiving.pk], Reason.RECEIVED)  # what is opened about a hidden child is opened to somebody
    tell(receiving, "disclosure_received", room=DISCLOSURE, object_ref=row.ref, child=child)
    return row


def _hand_over(row: Disclosure, receiving: Post) -> None:
    """Let the receiving post read its copy, and the row that says why it has it."""
    copy = Delivery.objects.get(disclosure=row)
    for ref in (row.ref, copy.ref):
        involve(
            row.child,
            receiving.unit,
            Reason.RECEIVED,
            Scope.ITEM,
            post_id=receiving.pk,
            item_ref=ref,
            source="sharing",
        )
