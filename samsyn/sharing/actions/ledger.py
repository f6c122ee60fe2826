"""What is done with a row of the ledger afterwards: it is closed, or the family is told what it was not told before."""

from __future__ import annotations

from django.db import transaction

from samsyn.common import clock
from samsyn.common.decision import require
from samsyn.common.text import clean_text
from samsyn.common.viewer import Viewer
from samsyn.duties.actions import end_duties
from samsyn.organisations.partnerships import deadline_for
from samsyn.sharing import rules
from samsyn.sharing.actions.acting import LONGEST
from samsyn.sharing.actions.disclosures import end_disclosure
from samsyn.sharing.actions.endings import less_is_open
from samsyn.sharing.actions.family import at_work_with_others, meet_readers
from samsyn.sharing.actions.involvement import end_involvement
from samsyn.sharing.actions.untold import keep_in_sight
from samsyn.sharing.models import Disclosure, Reason, ToldHow, Way
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def _locked(disclosure: Disclosure) -> Disclosure:
    return (
        Disclosure.objects.select_for_update(of=("self",))
        .select_related("child", "decided_by__unit")
        .get(pk=disclosure.pk)
    )


@transaction.atomic
def stop_sharing(viewer: Viewer, disclosure: Disclosure) -> Disclosure:
    """Close what is open, because it is not needed any longer. Raises Refused for others than the sender, and for the
    own family.
    """
    disclosure = _locked(disclosure)
    require(at_work_with_others(viewer, disclosure.child))
    require(
        rules.may_stop_sharing(
            is_sender=disclosure.authority_id == viewer.authority,
            is_open=disclosure.ended_at is None and disclosure.way == Way.OPEN,
        )
    )
    end_disclosure(viewer, disclosure, because="not_needed")
    less_is_open(viewer, disclosure.child)
    return disclosure


@transaction.atomic
def tell_family(viewer: Viewer, disclosure: Disclosure, words: str, *, how: str = ToldHow.TALK) -> Disclosure:
    """Write down what the family has now been told, and how. Why it was not told before stays in the trail.

    Raises Refused when it was told already, or without words.
    """
    disclosure, words = _looked_at_again(viewer, disclosure, words)
    withheld = disclosure.withheld_because
    disclosure.told, disclosure.told_on, disclosure.told_how = words, clock.today(), how
    disclosure.withheld_because = ""
    disclosure.look_again_on = None
    disclosure.save(update_fields=["told", "told_on", "told_how", "withheld_because", "look_again_on"])
    meet_readers(disclosure.child, disclosure.ref)
    end_duties(disclosure.ref)
    end_involvement(disclosure.child, Reason.PASSED_ON, item_ref=disclosure.ref)
    subject = Subject("disclosure", disclosure.ref, disclosure.child.ref, "told")
    act(viewer, "disclosure.told", [subject], ground=withheld)
    return disclosure


@transaction.atomic
def keep_withheld(viewer: Viewer, disclosure: Disclosure, words: str) -> Disclosure:
    """Write down why the family can still not be told; the question comes again. Raises Refused without words."""
    disclosure, words = _looked_at_again(viewer, disclosure, words)
    disclosure.withheld_because = words
    again = deadline_for(disclosure.authority_id, "recheck_withheld_notice", clock.today())
    disclosure.look_again_on = again.latest_day
    disclosure.save(update_fields=["withheld_because", "look_again_on"])
    end_duties(disclosure.ref)
    keep_in_sight(disclosure)
    subject = Subject("disclosure", disclosure.ref, disclosure.child.ref, "withheld")
    act(viewer, "disclosure.withheld", [subject], ground=words)
    return disclosure


def _looked_at_again(viewer: Viewer, disclosure: Disclosure, words: str) -> tuple[Disclosure, str]:
    disclosure = _locked(disclosure)
    words = clean_text(words, LONGEST, field="words")
    require(at_work_with_others(viewer, disclosure.child))
    require(
        rules.may_look_again(
            is_sender=disclosure.authority_id == viewer.authority,
            is_withheld=disclosure.told == "",
            words=words,
        )
    )
    return disclosure, words
