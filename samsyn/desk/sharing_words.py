"""What is shared, in words: the kinds of information, why something was closed, and the languages that are spoken."""

from __future__ import annotations

from babel import Locale
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.law.consenting import HINDERED, OVERRIDDEN
from samsyn.look.words import in_a_row
from samsyn.sharing.models import ConsentForm

# What can be asked for, in the order of the form. The keys are the kinds that the models name.
ASKED_FOR = {
    "circle": _lazy("who is in the circle and the team"),
    "plan": _lazy("the plan"),
    "request": _lazy("requests for help"),
    "sign": _lazy("early signs"),
    "talk": _lazy("what was said in talks"),
    "five_questions": _lazy("the five questions and the decision"),
}
KIND_WORDS = {
    **ASKED_FOR,
    "person": _lazy("who the child and the guardians are"),
    "involvement": _lazy("where the child belongs"),
    "consent": _lazy("questions about consent"),
    "disclosure": _lazy("what is shared"),
    "delivery": _lazy("a copy that was handed over"),
    "challenge": _lazy("what the family finds wrong"),
    "family_decision": _lazy("who in the family reads what"),
    "family_mark": _lazy("what kind of note it is"),
    "long_kept": _lazy("how long the file is kept"),
    "claim": _lazy("what somebody says is wrong in a text"),
    "duty": _lazy("what is to be done"),
    "notice": _lazy("news"),
}
ENDED_WORDS = {
    "found_wrong": _lazy("The family found it wrong, and it was closed."),
    "not_needed": _lazy("It was not needed any longer."),
    "consent_refused": _lazy("Somebody who decides said no."),
    "consent_withdrawn": _lazy("Somebody who decides took the yes back."),
    "consent_expired": _lazy("The yes had run out."),
    "left_out": _lazy("A yes to a part left it out."),
    "consent_lapsed": _lazy("Somebody else decides for the child now, and has not said yes."),
    "new_consent": _lazy("A new yes took over."),
    "team_closed": _lazy("The team was closed."),
    "left_team": _lazy("The unit left the team."),
    "unit_ended": _lazy("The unit that could read it has ended."),
    "handover_rejected": _lazy("The offer to take over was declined."),
    "handover_withdrawn": _lazy("The offer to take over was taken back."),
    "request_declined": _lazy("The request for help was declined."),
    "request_revoked": _lazy("The request for help was taken back."),
    "request_done": _lazy("The help is done."),
    "plan_declined": _lazy("The family said no to the plan."),
}
FORM_WORDS = {
    ConsentForm.ORAL: _lazy("in a talk"),
    ConsentForm.WRITTEN: _lazy("in writing"),
    ConsentForm.E_SIGNED: _lazy("with an own signature"),
}
MEASURES = {
    "sharing": _lazy("No, only to sharing"),
    "advice": _lazy("Advice"),
    "without_assessment": _lazy("Help without a decision"),
    "with_assessment": _lazy("Help that social services decide on"),
    "open_treatment": _lazy("Treatment while living at home"),
    "contact_person": _lazy("A contact person or contact family"),
    "psychiatric_care": _lazy("Psychiatric or psychological care"),
    "placement": _lazy("To live in another home"),
}
WAIVERS = {
    HINDERED: _lazy("The other one cannot answer, and it cannot wait"),
    OVERRIDDEN: _lazy("The social services board has decided so"),
}
STATE_WORDS = {
    "asked": _lazy("asked"),
    "partly_given": _lazy("partly given"),
    "given": _lazy("given"),
    "refused": _lazy("no"),
    "withdrawn": _lazy("taken back"),
    "expired": _lazy("run out"),
    "disputed": _lazy("not agreed"),
}
SAID_TO_STAFF = (ConsentForm.ORAL, ConsentForm.WRITTEN)
SPOKEN = ("sv", "ar", "en", "fa", "fi", "ku", "pl", "ro", "ru", "se", "so", "sq", "th", "ti", "tr", "uk")


def kinds_in_words(kinds: list[str]) -> str:
    """Kinds of information in a row, in the order of the form, each once."""
    known = [kind for kind in KIND_WORDS if kind in kinds]
    return in_a_row(str(KIND_WORDS[kind]) for kind in known)


def spoken_languages() -> list[tuple[str, str]]:
    """Languages to choose from, named in the reader's language; the languages of the house first."""
    locale = Locale.parse(get_language() or "sv")
    named = [(code, str(locale.languages.get(code, code))) for code in SPOKEN]
    return [*named, ("other", _("another language"))]
