"""Writing the facts that open and close a child's information. Rooms above write through here and nowhere else."""

from samsyn.sharing.actions.acting import LONGEST
from samsyn.sharing.actions.answers import answer, answer_consent
from samsyn.sharing.actions.asking import gates_without_a_yes
from samsyn.sharing.actions.challenges import answer_challenge, challenge, claim_error
from samsyn.sharing.actions.consents import ask_consent
from samsyn.sharing.actions.deciding import (
    consent_reaches,
    consent_stands,
    consent_state,
    decided_by,
    everybody_is_known,
    guardians_today,
    holds_through,
    newest_answers,
    newest_consent,
    who_decides,
)
from samsyn.sharing.actions.disclosures import disclose, end_disclosure, gates_between, possible_gates
from samsyn.sharing.actions.emergencies import open_in_emergency
from samsyn.sharing.actions.endings import less_is_open, looked_at_with_family
from samsyn.sharing.actions.family import (
    at_work_with_others,
    decide_in_family,
    end_family_decision,
    family_of,
    meet_family,
)
from samsyn.sharing.actions.family_marks import About, keep_told_alone, mark_for_family
from samsyn.sharing.actions.grounds import Sharing
from samsyn.sharing.actions.involvement import (
    begin_involvements,
    end_involvement,
    end_involvements,
    involve,
    posts_around,
)
from samsyn.sharing.actions.lapses import close_what_lost_its_consent
from samsyn.sharing.actions.ledger import keep_withheld, stop_sharing, tell_family
from samsyn.sharing.actions.renewals import propose_renewals, renewal_day
from samsyn.sharing.actions.sharing_out import choice_of, covering_consent, share, standing_consents
from samsyn.sharing.actions.untold import ask_again_about_telling
from samsyn.sharing.actions.untold_looks import (
    keep_looks_untold,
    look_at_untold_looks,
    may_look_at_untold,
    tell_who_looked,
)
from samsyn.sharing.actions.waivers import waive

__all__ = [
    "LONGEST",
    "About",
    "Sharing",
    "answer",
    "answer_challenge",
    "answer_consent",
    "ask_again_about_telling",
    "ask_consent",
    "at_work_with_others",
    "begin_involvements",
    "challenge",
    "choice_of",
    "claim_error",
    "close_what_lost_its_consent",
    "consent_reaches",
    "consent_stands",
    "consent_state",
    "covering_consent",
    "decide_in_family",
    "decided_by",
    "disclose",
    "end_disclosure",
    "end_family_decision",
    "end_involvement",
    "end_involvements",
    "everybody_is_known",
    "family_of",
    "gates_between",
    "gates_without_a_yes",
    "guardians_today",
    "holds_through",
    "involve",
    "keep_looks_untold",
    "keep_told_alone",
    "keep_withheld",
    "less_is_open",
    "look_at_untold_looks",
    "looked_at_with_family",
    "mark_for_family",
    "may_look_at_untold",
    "meet_family",
    "newest_answers",
    "newest_consent",
    "open_in_emergency",
    "possible_gates",
    "posts_around",
    "propose_renewals",
    "renewal_day",
    "share",
    "standing_consents",
    "stop_sharing",
    "tell_family",
    "tell_who_looked",
    "waive",
    "who_decides",
]
