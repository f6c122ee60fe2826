"""What the family is not told of looks: a unit decides, and on the day that was set somebody else looks at it again."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import Decision, require, yes
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties, open_duty
from samsyn.organisations.answerable import who_did
from samsyn.organisations.models import Post, Unit
from samsyn.people.models import Person
from samsyn.people.shown_names import at_work
from samsyn.reviews.actions import reviewer_of
from samsyn.sharing.actions.acting import acting_post
from samsyn.sharing.actions.family import at_work_with_others
from samsyn.sharing.words import LOOK_AT_WITHHELD, LOOKS
from samsyn.trail.look_actions import look_again, tell_name, withheld_again, withhold_unit
from samsyn.trail.models import NameDecision, Withholding, WithholdingStep
from samsyn.trail.revoking import Revocation
from samsyn.trail.rules import LOOK_AGAIN, may_withhold_days


@transaction.atomic
def keep_looks_untold(
    viewer: Viewer, child: Person, because: str, *, since: date, until: date | None, look_again_on: date
) -> Withholding:
    """Tell the family of no look or act by the viewer's own unit in these days, both inside.

    Somebody else gets the duty to look at it again. Raises Refused without a reason or days, for a day too far away, or
    for the own family.
    """
    require(at_work_with_others(viewer, child))
    require(may_withhold_days(since, until))
    begins = clock.end_of(since - timedelta(days=1)) + timedelta(seconds=1)
    ends = None if until is None else clock.end_of(until) + timedelta(seconds=1)
    row = withhold_unit(viewer, child.ref, because, look_again_on, since=begins, until=ends)
    post = Post.objects.select_related("unit__authority", "parent__unit").get(pk=acting_post(viewer))
    _ask(reviewer_of(post, Person.objects.get(pk=viewer.person), child), row, look_again_on)
    return row


@transaction.atomic
def tell_who_looked(viewer: Viewer, child: Person, named_ref: UUID, because: str) -> NameDecision:
    """Let the family know the name of one who looked. Raises Refused without a reason, or for the own family."""
    require(at_work_with_others(viewer, child))
    return tell_name(viewer, child.ref, named_ref, because)


def may_look_at_untold(viewer: Viewer, row: Withholding) -> Decision:
    """May the viewer read what is not told, and why: nobody of the family that it is not told to.

    Behind the second lock a post that does not see the child cannot tell whose it is. From one of the family the tick,
    which can, has taken it within a minute.
    """
    child = Person.objects.filter(ref=row.child_ref).first()
    return at_work_with_others(viewer, child) if child is not None else yes()


@transaction.atomic
def look_at_untold_looks(viewer: Viewer, row: Withholding, words: str, keep_until: date | None) -> WithholdingStep:
    """Let the family be told from now on, or look again another day. Raises Refused for the one who decided, and for
    the own family.
    """
    row = Withholding.objects.select_for_update().get(pk=row.pk)
    require(may_look_at_untold(viewer, row))
    step = look_again(viewer, row, words, keep_until)
    end_duties(row.ref, LOOK_AT_WITHHELD)
    if keep_until is not None:
        _ask(Post.objects.select_related("unit__authority").get(pk=acting_post(viewer)), row, keep_until)
    return step


def untold_looks_again(house: Viewer, line: Revocation) -> bool:
    """Tell the family of no such look again, and ask somebody else to look at it again on the day that was set.

    False when the decision is here, or the child or the unit that decided is not.
    """
    told = line.facts
    child = Person.objects.filter(ref=told["child"]).first()
    unit = Unit.objects.select_related("authority__principal").filter(ref=told["at_unit"]).first()
    by = who_did(told, unit.authority) if unit is not None else None
    if child is None or unit is None or by is None or Withholding.objects.filter(ref=line.subject).exists():
        return False
    post, person = by
    decided = Viewer(
        account_ref=UUID(told["account"]),
        person_ref=person.ref,
        person_label=at_work(person).full_name,
        post_ref=post.ref,
        post_label=post.title,
        unit_label=unit.name,
        principal_ref=unit.authority.principal.ref,
    )
    row = withheld_again(house, decided, line)
    above = Post.objects.select_related("unit__authority", "parent__unit").get(pk=post.pk)
    _ask(reviewer_of(above, person, child), row, row.look_again_on)
    return True


def _ask(post: Post, row: Withholding, on: date) -> None:
    # Without the child: a look at the list of the day would else be a look at the child, at a unit that is told of.
    open_duty(
        post,
        LOOK_AT_WITHHELD,
        child=None,
        room=LOOKS,
        object_ref=row.ref,
        rule=LOOK_AGAIN,
        start=clock.now(),
        due_on=on,
    )
