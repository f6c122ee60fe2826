"""Setting and lifting protection, and letting a post know of a protected person until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.text import clean_line
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import Post, Unit
from samsyn.people import actions as people
from samsyn.people.models import HIDDEN, Person, Protection
from samsyn.people.registers import RegisterPerson
from samsyn.people.rules import may_write_of_family
from samsyn.people.vault import Whereabouts
from samsyn.protection import rules
from samsyn.protection.insight_actions import forget_before, let_work, may_know
from samsyn.protection.models import Marking
from samsyn.trail.actions import act
from samsyn.trail.revoking import revoke
from samsyn.trail.rules import Subject

LONGEST_PROVISION = 80


@dataclass(frozen=True)
class Decided:
    """What the authority has decided: level (none, marked, protected), provision, day (OSL 5:5)."""

    level: str
    provision: str
    decided_on: date | None


def protect(viewer: Viewer, person: Person, decided: Decided, *, keep: Sequence[int] = ()) -> Marking:
    """Set or lift somebody's protection. From this moment the person exists for the own post and ``keep`` alone.
    Nobody changes at work the protection of a child of the own family that is hidden already.

    ``keep``: posts that must go on knowing, such as the named person's; for each a reason begins now.
    """
    with transaction.atomic():
        provision = clean_line(decided.provision, LONGEST_PROVISION, field="provision")
        require(
            rules.may_protect(
                at_work=viewer.is_staff,
                level=decided.level,
                provision=provision,
                decided_on=decided.decided_on,
                today=clock.today(),
            )
        )
        # Whoever is of the family may hide somebody at once; what is hidden is lowered and lifted by others.
        require(may_write_of_family(own=person.is_protected and people.is_kin(person, viewer.person)))
        assert decided.decided_on is not None
        assert viewer.post is not None
        assert viewer.authority is not None
        was_hidden = person.is_protected
        person = people.set_protection(viewer, person, decided.level, ground=provision)
        marking = Marking.objects.create(
            person=person,
            level=decided.level,
            provision=provision,
            decided_on=decided.decided_on,
            authority_id=viewer.authority,
            set_by_id=viewer.post,
            at=clock.now(),
        )
        _decided(viewer, marking, [viewer.post, *keep])
        if decided.level != Protection.NONE:
            if not was_hidden:
                forget_before(viewer, person, [viewer.post, *keep])
            let_work(person, [viewer.post, *keep], "protection")
    return marking


def _decided(viewer: Viewer, marking: Marking, posts: Sequence[int]) -> None:
    """A decision to hide somebody holds after a restore, all of it but the provision's words; and who must know."""
    subjects = [Subject("marking", marking.ref, marking.person.ref, marking.level)]
    if marking.level == Protection.NONE:
        act(viewer, "protection.decided", subjects, ground=marking.provision)
        return
    known = Post.objects.filter(pk__in=posts).values_list("ref", flat=True)
    revoke(
        viewer,
        "protection.decided",
        subjects,
        ("marking", marking.ref),
        ground=marking.provision,
        of=marking.person.ref,
        level=marking.level,
        decided_on=marking.decided_on,
        authority=marking.authority.ref,
        post=viewer.post_ref,
        person=viewer.person_ref,
        known_to=" ".join(map(str, known)),
    )


def note_whereabouts(viewer: Viewer, person: Person, whereabouts: Whereabouts) -> None:
    """Keep where a protected person can be found. Raises Refused without a reason of one's own."""
    with transaction.atomic():
        require(rules.may_take_back(has_reason=may_know(viewer, person), holds=True))
        people.note_whereabouts(viewer, person, whereabouts)


def may_arrive(viewer: Viewer, found: RegisterPerson, here: Person | None, *, given_by_hand: bool = False) -> Decision:
    """May the viewer go on with whom a register told of. A no is said as if there were nobody.

    ``here``: the person's row, when there is one. The register's own word counts: who is at the unit every day knows.
    ``given_by_hand``: that the number is this person's is only what somebody at work has written. Whom the register
    hides is not told by that: else anybody's number, given to some child, would open who has it.
    """
    hidden = found.protection in HIDDEN or (here is not None and here.is_protected)
    at_own_unit = found.place is not None and _is_own_unit(viewer, found.place.unit_code)
    told_by_post_alone = given_by_hand and found.protection in HIDDEN
    known = here is not None and hidden and may_know(viewer, here) and not told_by_post_alone
    return rules.may_arrive(hidden=hidden, here=known, at_own_unit=at_own_unit)


def _is_own_unit(viewer: Viewer, code: str) -> bool:
    return Unit.objects.filter(source_id=code, pk__in=viewer.units).exists()


def newest_marking(person: Person) -> Marking | None:
    """The decision that holds, if one has been written here."""
    rows = Marking.objects.filter(person=person).select_related("authority", "set_by__unit")
    return rows.order_by("-at", "-pk").first()
