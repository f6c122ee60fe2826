"""The forms of the page about what the family reads: a decision for one of them, and a note kept from the family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from samsyn.desk.sign_forms import long_text
from samsyn.look.fields import DayField
from samsyn.sharing.models import NoteClass
from samsyn.trail.pressing import KeyedForm, offer

OPENS, CLOSES = "opens", "closes"


class DecideForm(KeyedForm):
    """For whom, what, which way, why and until when."""

    whom = forms.ChoiceField(label=_lazy("For whom?"), widget=forms.RadioSelect)
    what = forms.ChoiceField(label=_lazy("What?"))
    step = forms.ChoiceField(
        label=_lazy("Which way?"),
        choices=((OPENS, _lazy("Open it for this person alone")), (CLOSES, _lazy("Close it for this person alone"))),
        widget=forms.RadioSelect,
    )
    reason = long_text(_lazy("Why?"), _lazy("Age and maturity, or how the child could be harmed."), 3)
    until = DayField(
        label=_lazy("Until when?"), help_text=_lazy("Leave it empty for until further notice."), required=False
    )

    def __init__(self, *args: Any, whom: list[tuple[str, str]], what: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, whom=whom, what=what)


class MarkForm(KeyedForm):
    """Which note the family does not see by default, and why."""

    thing = forms.ChoiceField(label=_lazy("Which note?"))
    note = forms.ChoiceField(label=_lazy("Why?"), choices=NoteClass.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, things: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, thing=[("", _lazy("Choose a note")), *things])
