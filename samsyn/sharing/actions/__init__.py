"""Writing the facts that open and close a child's information. Rooms above write through here and nowhere else."""

from samsyn.sharing.actions.acting import LONGEST
from samsyn.sharing.actions.consents import answer_consent, ask_consent, close_what_lost_its_consent
from samsyn.sharing.actions.deciding import consent_stands, guardians_today, newest_answers, newest_consent, who_decides
from samsyn.sharing.actions.disclosures import Sharing, disclose, end_disclosure, possible_gates
from samsyn.sharing.actions.involvement import begin_involvements, end_involvement, end_involvements, involve
from samsyn.sharing.actions.ledger import keep_withheld, stop_sharing, tell_family

__all__ = [
    "LONGEST",
    "Sharing",
    "answer_consent",
    "ask_consent",
    "begin_involvements",
    "close_what_lost_its_consent",
    "consent_stands",
    "disclose",
    "end_disclosure",
    "end_involvement",
    "end_involvements",
    "guardians_today",
    "involve",
    "keep_withheld",
    "newest_answers",
    "newest_consent",
    "possible_gates",
    "stop_sharing",
    "tell_family",
    "who_decides",
]
