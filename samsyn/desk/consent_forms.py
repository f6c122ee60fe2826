"""The forms about consent. A yes and a no weigh the same in every word of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from samsyn import law
from samsyn.common import clock
from samsyn.desk.doors import KeyedForm
from samsyn.desk.sharing_words import ASKED_FOR, FORM_WORDS, SAID_TO_STAFF, spoken_languages
from samsyn.desk.sign_forms import long_text
from samsyn.look.fields import DayField
from samsyn.organisations.models import Unit
from samsyn.sharing.models import ConsentForm, ConsentStep


def longest_day() -> date:
    """The last day that a yes given today can hold."""
    return law.deadline("consent_longest", clock.today()).latest


def usual_day() -> date:
    """The day that the form suggests: half of the longest time, for a shorter yes is easier to give."""
    today = clock.today()
    return today + (longest_day() - today) / 2


class AskForm(KeyedForm):
    """What the family is asked: for what, about what, to whom, until when."""

    purpose = long_text(
        _lazy("What is it for?"), _lazy("As you say it to the family: what should become better for the child?")
    )
    kinds = forms.MultipleChoiceField(
        label=_lazy("What may be shared?"),
        help_text=_lazy("Only what is needed for this."),
        choices=list(ASKED_FOR.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    receivers = forms.MultipleChoiceField(
        label=_lazy("Who may take part of it?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    exceptions = long_text(
        _lazy("What does the family want left out?"), _lazy("In the family's own words. Empty is fine."), 2
    )
    until = DayField(label=_lazy("Until which day?"), initial=usual_day)
    form = forms.ChoiceField(
        label=_lazy("How is the family asked?"),
        choices=[(one, FORM_WORDS[one]) for one in SAID_TO_STAFF],
        widget=forms.RadioSelect,
        initial=ConsentForm.ORAL,
    )
    language = forms.ChoiceField(label=_lazy("In which language?"))
    team = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.ref): unit for unit in units}
        self.fields["receivers"].choices = [(ref, unit.name) for ref, unit in self.units.items()]  # type: ignore[attr-defined]  # a choice field has choices
        self.fields["language"].choices = spoken_languages()  # type: ignore[attr-defined]

    def chosen(self) -> list[Unit]:
        """The units that are to receive."""
        return [self.units[ref] for ref in self.cleaned_data["receivers"]]

    def by_authority(self) -> list[tuple[str, list[Any]]]:
        """The boxes of the receivers, gathered under the name of each authority."""
        groups: dict[str, list[Any]] = {}
        for box in self["receivers"]:
            unit = self.units[str(box.data["value"])]
            groups.setdefault(unit.authority.name, []).append(box)
        return list(groups.items())


class AnswerForm(KeyedForm):
    """What one of those who decide has said, how and in which language."""

    giver = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=ConsentStep.choices, widget=forms.HiddenInput)
    form = forms.ChoiceField(
        label=_lazy("How?"), choices=[(one, FORM_WORDS[one]) for one in SAID_TO_STAFF], initial=ConsentForm.ORAL
    )
    language = forms.ChoiceField(label=_lazy("In which language?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = spoken_languages()  # type: ignore[attr-defined]
