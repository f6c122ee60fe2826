"""The forms of a request for help: what is asked, and one for each step that an answer can take."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from samsyn.desk.sign_forms import ask_again, long_text, untold
from samsyn.early_signals.models import Outcome
from samsyn.sharing.models import ToldHow
from samsyn.trail.pressing import KeyedForm, offer


class UnitForm(forms.Form):
    """Whom to ask."""

    unit = forms.UUIDField(required=False)


class RequestForm(KeyedForm):
    """Which help, what they need to know, and on which ground they may be told."""

    wanted = long_text(_lazy("Which help do you ask for?"), _lazy("What should be different afterwards?"))
    background = long_text(
        _lazy("What do they need to know to be able to answer?"), _lazy("As little as possible. They can ask you.")
    )
    includes_sign = forms.BooleanField(label=_lazy("Let them read the early sign as well"), required=False)
    gate = forms.ChoiceField(label=_lazy("On which ground?"), widget=forms.RadioSelect, required=False)
    needed_because = long_text(
        _lazy("Why does the receiver need this?"), _lazy("Leave both empty when the family has said yes to this."), 2
    )
    not_less_because = long_text(_lazy("Why would less not do?"), "", 2)
    told = long_text(_lazy("What has the family been told?"), "", 2)
    told_how = forms.ChoiceField(
        label=_lazy("How were they told?"), choices=ToldHow.choices, initial=ToldHow.TALK, required=False
    )
    withheld = untold()

    def __init__(self, *args: Any, gates: list[tuple[str, str]], with_sign: bool, sender: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, gate=gates)
        if not gates:
            for name in ("gate", "needed_because", "not_less_because", "told", "told_how", "withheld"):
                del self.fields[name]
        else:
            ask_again(self, sender)
        if not with_sign:
            del self.fields["includes_sign"]


class WordsForm(KeyedForm):
    """A step with words."""

    words = long_text(_lazy("In a few words"), "", 2)


class ProposalForm(KeyedForm):
    """Another way."""

    proposal = long_text(_lazy("What do you propose instead?"))


class DeclineForm(KeyedForm):
    """A no with a reason and an alternative."""

    reason = long_text(_lazy("Why can you not help?"), "", 2)
    alternative = long_text(_lazy("What could be done instead, and by whom?"), "", 2)


class FinishForm(KeyedForm):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=_lazy("How did it end?"), choices=Outcome.choices, widget=forms.RadioSelect, required=False
    )
    words = long_text(_lazy("In a few words"), "", 2)


FORMS: dict[str, type[KeyedForm]] = {
    "accept": KeyedForm,
    "counter": ProposalForm,
    "agree": KeyedForm,
    "decline": DeclineForm,
    "revoke": WordsForm,
    "finish": FinishForm,
    "settle": KeyedForm,
}
