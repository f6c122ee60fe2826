"""What was decided about protection after the copy that a house was restored from, carried out again."""

from __future__ import annotations

from samsyn.common.keeping import NO_WORDS
from samsyn.common.viewer import Viewer
from samsyn.organisations.answerable import who_did
from samsyn.organisations.models import Authority, Post
from samsyn.people.models import Person
from samsyn.protection.insight_actions import let_work
from samsyn.protection.models import Insight, Marking
from samsyn.trail.actions import act
from samsyn.trail.revoking import Revocation
from samsyn.trail.rules import Subject


def marking_again(house: Viewer, line: Revocation) -> bool:
    """Write a decision about protection again, without the provision, and let those know who must. The person is
    hidden by a line of its own."""
    told, person = line.facts, Person.objects.filter(ref=line.facts["of"]).first()
    authority = Authority.objects.filter(ref=told["authority"]).first()
    by = who_did(told, authority) if authority is not None else None
    decided_on = line.day("decided_on")
    if person is None or authority is None or by is None or decided_on is None:
        return False
    if Marking.objects.filter(ref=line.subject).exists():
        return False
    Marking.objects.create(
        ref=line.subject,
        person=person,
        level=told["level"],
        provision=NO_WORDS,
        decided_on=decided_on,
        authority=authority,
        set_by=by[0],
        at=line.at,
    )
    posts = Post.objects.filter(ref__in=told["known_to"].split()).values_list("pk", flat=True)
    let_work(person, list(posts), "protection")
    act(house, "protection.decided", [Subject("marking", line.subject, person.ref, told["level"])])
    return True


def insight_again(house: Viewer, line: Revocation) -> bool:
    """Take a reason to know of somebody back. False when it is not here, or has ended."""
    row = Insight.objects.filter(ref=line.subject, ended_by=None).select_related("person").first()
    if row is None:
        return False
    Insight.objects.create(
        ref=line.facts["by"],
        person=row.person,
        post_id=row.post_id,
        account_id=row.account_id,
        why=row.why,
        since=line.at,
        until=line.at,
        ends=row,
    )
    act(house, "protection.insight_ended", [Subject("insight", row.ref, row.person.ref, "ended")])
    return True
