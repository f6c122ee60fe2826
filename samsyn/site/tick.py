"""What happens by itself, once a minute: what lost its yes closes, telling the family is asked about again on its day,
what is overdue is copied upwards, and the trail is sealed."""

from __future__ import annotations

from samsyn.circle.actions import named_persons_go_on_knowing
from samsyn.circle.protecting import hidden_work_goes_on
from samsyn.duties.actions import escalate_overdue
from samsyn.people.actions import forget_ended_sign_ins
from samsyn.plans.tasks import forget_papers
from samsyn.retention.tasks import forget_extracts
from samsyn.sharing.actions import ask_again_about_telling, close_what_lost_its_consent, propose_renewals
from samsyn.sharing.review_queue import make_review_queue
from samsyn.trail.seal_actions import exchange, seal


def tick() -> dict[str, int]:
    """One round. Safe to run twice at once. Give how many consents closed what rested on them, how many are to be asked
    anew, how often telling a family was asked about again, how many named persons go on knowing of a protected child,
    around how many of those something came back, how many duties were escalated, how many entries sealed, how
    many roots taken by witnesses how many ended sign-ins forgotten, how many extracts and papers of plans removed."""
    return {
        "closed": close_what_lost_its_consent(),
        "to_renew": propose_renewals(),
        "asked_again": ask_again_about_telling(),
        "known_on": named_persons_go_on_knowing(),
        "given_back": hidden_work_goes_on(),
        "escalated": escalate_overdue(),
        "to_review": make_review_queue(),
        "sealed": seal(),
        "witnessed": exchange(),
        "forgotten": forget_ended_sign_ins(),
        "extracts_gone": forget_extracts(),
        "papers_gone": forget_papers(),
    }
