"""Keys that have come back are destroyed again; what no key opens any more is written down as lost."""

from __future__ import annotations

from django.db import transaction

from samsyn.common.ids import new_reference
from samsyn.common.keeping import NO_WORDS
from samsyn.common.viewer import SYSTEM
from samsyn.people.actions import number_is_lost, whereabouts_are_lost
from samsyn.people.keys import key_for
from samsyn.people.models import KeyUse
from samsyn.retention import keys
from samsyn.retention.actions.weeding import KEYS_DESTROYED
from samsyn.sharing.models import Consent, ConsentText
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject
from samsyn.trail.weeding import let_through

AGAIN = "come_back"


@transaction.atomic
def destroy_again() -> int:
    """Destroy the keys of whatever a tombstone stands for, that an older backup of the keys has brought back.

    Gives how many. Safe to run twice.
    """
    number: int = keys.come_back().delete()[0]
    if number:
        act(SYSTEM, KEYS_DESTROYED, [Subject("keys", new_reference(), None, str(number))], ground=AGAIN)
    return number


@transaction.atomic
def give_up() -> tuple[int, int, int]:
    """Write what no key here opens anew, without what stood in it: numbers, protected details, texts; give how many.

    A person is still found by the number, and a protected person stays hidden, but has no name until somebody writes
    one. Nothing brings back what stood there. Only the owner of the tables may, since texts are append-only.
    """
    numbers, details, texts = keys.missing()
    identities, vaults, words = list(numbers), list(details), list(texts)
    for identity in identities:
        number_is_lost(SYSTEM, identity)
    for held in vaults:
        whereabouts_are_lost(SYSTEM, held.person)
    with let_through((ConsentText._meta.db_table, one.pk) for one in words):
        for one in words:
            _lose(one)
    return len(identities), len(vaults), len(words)


def _lose(text: ConsentText) -> None:
    consent: Consent = text.consent
    key_for(consent.child.ref, KeyUse.TEXT, consent.authority.ref)  # though the other texts are lost as well
    (anew,) = ConsentText.of(consent, {text.language: NO_WORDS})
    ConsentText.objects.filter(pk=text.pk).update(sealed=anew.sealed)  # the digest still says which words were read
    act(SYSTEM, "consent.words_lost", [Subject("consent", consent.ref, consent.child.ref)])
