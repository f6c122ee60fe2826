"""What happens by itself, once a minute: what lost its yes closes, telling the family is asked about again on its day,
what is overdue is copied upwards, and the trail is sealed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.db import close_old_connections, connection

from samsyn.circle.actions import named_persons_go_on_knowing
from samsyn.circle.protecting import hidden_work_goes_on
from samsyn.duties.actions import escalate_overdue
from samsyn.people.actions import forget_ended_sign_ins
from samsyn.plans.tasks import forget_papers
from samsyn.retention.tasks import forget_extracts
from samsyn.sharing.actions import ask_again_about_telling, close_what_lost_its_consent, propose_renewals
from samsyn.sharing.review_moves import give_reviews_to_others, give_untold_looks_to_others
from samsyn.sharing.review_queue import make_review_queue
from samsyn.site.stopped import give_up_stopped
from samsyn.trail.seal_actions import exchange, seal

log = logging.getLogger(__name__)

STEPS: Mapping[str, Callable[[], int]] = MappingProxyType(
    {
        "closed": close_what_lost_its_consent,
        "to_renew": propose_renewals,
        "asked_again": ask_again_about_telling,
        "known_on": named_persons_go_on_knowing,
        "given_back": hidden_work_goes_on,
        "reviewed_by_others": give_reviews_to_others,
        "looked_at_by_others": give_untold_looks_to_others,
        "escalated": escalate_overdue,
        "to_review": make_review_queue,
        "sealed": seal,
        "witnessed": exchange,
        "forgotten": forget_ended_sign_ins,
        "extracts_gone": forget_extracts,
        "papers_gone": forget_papers,
        "stopped": give_up_stopped,
    }
)
"""In order: consents that closed what rested on them, consents to be asked anew, families whose telling was asked about
again, named persons who go on knowing of a protected child, such children something around whom came back, reviews
and untold looks that went to somebody else, duties escalated, looks put into the review queue, entries sealed, roots
taken by witnesses, ended sign-ins forgotten, extracts and papers of plans removed, and what a worker was stopped in
the middle of.
"""


class NotAllDone(Exception):
    """Steps of a round failed; the others were carried out. Says which, and the log says why."""


def tick() -> dict[str, int]:
    """One round. Safe to run twice at once. Gives how many each step took.

    A step that fails stops no other, and is tried again with the next round. Raises NotAllDone at the end.
    """
    done, failed = dict[str, int](), list[str]()
    for name, step in STEPS.items():
        try:
            done[name] = step()
        except Exception:
            log.exception("A step of the tick failed: %s", name)
            failed.append(name)
            connect_anew()  # the store may have been away, and the next step needs one that answers
    if failed:
        raise NotAllDone(f"Not done in this round: {', '.join(failed)}. The log says why.")
    return done


def go_on(every: int, ended: threading.Event) -> None:
    """One round after another, so many seconds apart, whatever fails in one of them."""
    while True:
        connect_anew()
        try:
            tick()
        except NotAllDone as wrong:
            log.error("%s", wrong)  # each step has been logged with its place
        if ended.wait(every):
            return


def connect_anew() -> None:
    """Let go of a connection that may be broken; never in the middle of a transaction."""
    if not connection.in_atomic_block:
        close_old_connections()
