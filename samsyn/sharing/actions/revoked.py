"""What was revoked after the copy that a house was restored from, carried out again: answers, rows of the ledger, and
what was closed to one in a family."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from samsyn.common.keeping import NO_WORDS
from samsyn.common.viewer import Viewer
from samsyn.organisations.answerable import who_did
from samsyn.organisations.models import Authority, Unit
from samsyn.people.models import Person
from samsyn.sharing.actions.answers import follow, text_in
from samsyn.sharing.actions.deciding import consent_stands, held
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.actions.endings import close_what_is_left_out, less_is_open
from samsyn.sharing.models import (
    Consent,
    ConsentAnswer,
    ConsentForm,
    ConsentLimit,
    Disclosure,
    FamilyDecision,
    FamilyMark,
)
from samsyn.sharing.words import CONSENT
from samsyn.trail.actions import act
from samsyn.trail.revoking import Revocation
from samsyn.trail.rules import Subject


def disclosure_again(house: Viewer, line: Revocation) -> bool:
    """End a row of the ledger at the line's moment. False when it is not here, or has ended."""
    row = Disclosure.objects.filter(ref=line.subject, ended_at=None).select_related("child").first()
    if row is not None:
        end_disclosure(house, row, because=line.facts["because"], at=line.at)
        less_is_open(house, row.child)
    return row is not None


def answer_again(house: Viewer, line: Revocation) -> bool:
    """Write a no, or that a yes was taken back, as it was given; what rested on the yes closes with it.

    False when the question is not here, and when a newer answer of the same giver is.
    """
    told = line.facts
    consent = Consent.objects.filter(ref=told["consent"]).first()
    giver = Person.objects.filter(ref=told["giver"]).first()
    if consent is None or giver is None:
        return False
    consent = held(consent)
    if consent.answers.filter(Q(giver=giver, at__gt=line.at) | Q(ref=line.subject)).exists():
        return False
    asker = (consent.asked_by, consent.asked_by_person)
    own = "post" not in told and told["form"] == ConsentForm.E_SIGNED
    post, person = (None, giver) if own else who_did(told, consent.authority) or asker
    stood = consent_stands(consent)
    row = ConsentAnswer.objects.create(
        ref=line.subject,
        consent=consent,
        child=consent.child,
        authority=consent.authority,
        giver=giver,
        step=told["step"],
        form=told["form"],
        language=told["language"],
        text=text_in(consent, told["read_in"]),
        at=line.at,
        recorded_by=post,
        recorded_by_person=person,
    )
    act(house, f"consent.{row.step}", [Subject(CONSENT, consent.ref, consent.child.ref, row.step)])
    follow(house, consent, row, stood=bool(stood))
    return True


def left_out_again(house: Viewer, line: Revocation) -> bool:
    """Leave out of a consent again what a yes to a part left out, and close what is open to whom it leaves out."""
    consent = Consent.objects.filter(ref=line.subject).first()
    if consent is None:
        return False
    consent = held(consent)
    for unit, authority, kind in (one.split("/") for one in line.facts["limits"].split()):
        whom = {
            "unit": Unit.objects.filter(ref=unit).first() if unit else None,
            "authority": Authority.objects.filter(ref=authority).first() if authority else None,
        }
        # Whoever is not here yet cannot be named, nor has anything been opened to them.
        says_something = bool(kind) or any(whom.values())
        if says_something and not consent.limits.filter(**whom, kind=kind).exists():
            ConsentLimit.objects.create(consent=consent, **whom, kind=kind, words=NO_WORDS)
    close_what_is_left_out(house, consent)
    return True


def family_decision_again(house: Viewer, line: Revocation) -> bool:
    """Close something to one in the family again, or end what was opened; all of the decision but its reason."""
    told = line.facts
    child, whom = (Person.objects.filter(ref=told[name]).first() for name in ("child", "whom"))
    authority = Authority.objects.filter(ref=told["authority"]).first()
    ends = FamilyDecision.objects.filter(ref=told["ends"]).first() if "ends" in told else None
    by = who_did(told, authority) if authority is not None else None
    if child is None or whom is None or authority is None or by is None or ("ends" in told and ends is None):
        return False
    if FamilyDecision.objects.filter(Q(ref=line.subject) | Q(ends__isnull=False, ends=ends)).exists():
        return False
    FamilyDecision.objects.create(
        ref=line.subject,
        child=child,
        whom=whom,
        authority=authority,
        step=told["step"],
        kind=told["of"],
        item_ref=UUID(told["item"]) if "item" in told else None,
        ends=ends,
        reason=NO_WORDS,
        rule=told["rule"],
        decided_by=by[0],
        decided_by_person=by[1],
        since=line.at,
        until=line.day("until"),
    )
    act(house, f"family.{told['step']}", [Subject("family_decision", line.subject, child.ref, told["step"])])
    return True


def family_mark_again(house: Viewer, line: Revocation) -> bool:
    """Mark a thing again as one that the family does not see. False when it is marked, or the child is not here."""
    told, child = line.facts, Person.objects.filter(ref=line.facts["child"]).first()
    authority = Authority.objects.filter(ref=told["authority"]).first()
    by = who_did(told, authority) if authority is not None else None
    if child is None or authority is None or by is None:
        return False
    if FamilyMark.objects.filter(item_ref=told["item"], note=told["note"]).exists():
        return False
    mark = FamilyMark.objects.create(
        ref=line.subject,
        child=child,
        authority=authority,
        kind=told["of"],
        item_ref=UUID(told["item"]),
        note=told["note"],
        marked_by=by[0],
        marked_by_person=by[1],
        at=line.at,
    )
    act(house, "family.marked", [Subject(mark.kind, mark.item_ref, child.ref, mark.note)])
    return True
