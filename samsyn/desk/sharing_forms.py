"""The forms of "May I share this?": what and to whom, and what the row of the ledger says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from samsyn import law
from samsyn.desk.sign_forms import ask_again, long_text, missing_grounds, missing_telling, untold
from samsyn.look.dates import swedish_day
from samsyn.look.fields import DayField
from samsyn.people.models import Person
from samsyn.sharing.actions import Sharing
from samsyn.sharing.models import Consent, ToldHow, Way
from samsyn.sharing.rules import View
from samsyn.trail.pressing import KeyedForm

A_LINE = 300  # characters of a short answer
NOT_ASKED = _lazy("Write what this person says about it, or why you have not asked.")


def _line(label: Any, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=A_LINE)


@dataclass(frozen=True)
class Asked:
    """One whose view is wanted, the two fields for it, and what stands there already, "" for nothing yet.

    ``unfold``: somebody has to look at the fields, since nothing stands there or something there is wrong.
    """

    person: Person
    said: forms.BoundField
    unasked: forms.BoundField
    known: str
    unfold: bool


class ShareForm(KeyedForm):
    """What is written down when something is shared. What the family's yes says already stands there to begin with."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    chosen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=A_LINE)
    purpose = _line(_lazy("What is it for?"), _lazy("The receiver and the family read this."))
    needed_because = _line(_lazy("Why does the receiver need this?"))
    not_less_because = _line(_lazy("Why would less not do?"))
    request = _line(_lazy("Who asked for it, and when?"))
    inquiry = DayField(label=_lazy("Which day was the inquiry decided?"), required=False)
    person_at_risk = _line(_lazy("Who is at risk?"))
    told = long_text(_lazy("What has the family been told?"), "", 2)
    told_how = forms.ChoiceField(label=_lazy("How were they told?"), choices=ToldHow.choices, initial=ToldHow.TALK)
    withheld = untold()
    way = forms.ChoiceField(
        label=_lazy("How do they get it?"), choices=Way.choices, widget=forms.RadioSelect, initial=Way.OPEN
    )
    expires_on = DayField(label=_lazy("Until which day?"), required=False)

    def __init__(self, *args: Any, gate: law.Gate, people: Mapping[str, Person], sender: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate, self.people = gate, people
        ask_again(self, sender)
        unwanted = [name for name in ("request", "inquiry", "person_at_risk") if name not in gate.record]
        if gate.consent:
            unwanted += ["needed_because", "not_less_because"]
        for name in unwanted:
            del self.fields[name]
        for whose in people:
            self.fields[f"said_{whose}"] = _line(_lazy("Says"))
            self.fields[f"unasked_{whose}"] = _line(_lazy("Or why you have not asked"))

    def clean(self) -> dict[str, Any]:
        """Say all that is missing at once; the rules would say one thing at a time."""
        told = super().clean() or self.cleaned_data
        missing_grounds(self)
        for whose in self.people:
            if not told.get(f"said_{whose}") and not told.get(f"unasked_{whose}"):
                self.add_error(f"said_{whose}", NOT_ASKED)
        missing_telling(self)
        return told

    def asked(self) -> list[Asked]:
        """Each whose view is wanted. Those of whom nothing is known yet stand first: they are what is left to write."""
        rows = [
            self._asked(person, self[f"said_{whose}"], self[f"unasked_{whose}"])
            for whose, person in self.people.items()
        ]
        return sorted(rows, key=lambda one: not one.unfold)

    @staticmethod
    def _asked(person: Person, said: forms.BoundField, unasked: forms.BoundField) -> Asked:
        known = str(said.value() or unasked.value() or "")
        return Asked(person, said, unasked, known, unfold=not known or bool(said.errors or unasked.errors))

    def way_words(self) -> str:
        """How the receiver gets it, as chosen now."""
        return str(dict(Way.choices).get(str(self["way"].value()), ""))

    def last_day(self) -> date | None:
        """Until when, as chosen now; None while it is no day."""
        try:
            return self.fields["expires_on"].clean(self["expires_on"].value())  # type: ignore[no-any-return]  # untyped
        except forms.ValidationError:
            return None

    def row_fields(self) -> list[Any]:
        """The other fields that say why, in the order of the page."""
        names = ("purpose", "needed_because", "not_less_because", "request", "inquiry", "person_at_risk")
        return [self[name] for name in names if name in self.fields]

    def show_now(self, digest: str, chosen: str) -> None:
        """After a refusal: what the page shows now, and to whom, is what the next press agrees to."""
        again = {name: self.data.getlist(name)[-1] for name in self.data} if hasattr(self.data, "getlist") else {}
        self.data = {**again, "shown": digest, "chosen": chosen}

    def _as_it_was(self, name: str) -> bool:
        return bool(self.cleaned_data[name] == self.initial.get(name))

    def ground(self, consent: Consent | None, rendering: str) -> Sharing:
        """What the form says, as the actions take it."""
        told = self.cleaned_data
        return Sharing(
            gate=self.gate.id,
            purpose=told["purpose"],
            needed_because=told.get("needed_because", ""),
            not_less_because=told.get("not_less_because", ""),
            views=tuple(
                View(whose, said=told[f"said_{whose}"], not_asked_because=told[f"unasked_{whose}"])
                for whose in self.people
            ),
            recorded={name: _word(told.get(name)) for name in RECORDED if name in self.fields},
            told=told["told"],
            told_on=swedish_day(consent.asked_at) if consent is not None and self._as_it_was("told") else None,
            told_how=told["told_how"] if told["told"] else "",
            withheld_because="" if told["told"] else told["withheld"],
            consent=consent,
            way=Way(told["way"]),
            rendering=rendering,
            expires_on=told["expires_on"],
        )


RECORDED = ("request", "inquiry", "person_at_risk")


def _word(value: Any) -> str:
    return "" if value is None else str(value)
