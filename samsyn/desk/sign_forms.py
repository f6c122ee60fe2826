"""The forms about an early sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.common import clock
from samsyn.desk.doors import VersionedForm
from samsyn.early_signals.models import Sign, SignDecision, SignKind
from samsyn.early_signals.rules import (
    LONGEST_TEXT,
    Answers,
    Noted,
    TalkHeld,
    missing_in_answers,
    missing_in_talk,
)
from samsyn.look.dates import day
from samsyn.look.fields import DayField
from samsyn.organisations.partnerships import deadline_for
from samsyn.people.models import Guardianship
from samsyn.sharing.models import ToldHow
from samsyn.trail.pressing import KeyedForm, offer, say

MISSING = {
    "purpose": _lazy("Say what it is for."),
    "needed_because": _lazy("Say why the receiver needs this."),
    "not_less_because": _lazy("Say why less would not do."),
}
NOT_TOLD = _lazy("Say what the family was told, or why not.")
NO_GROUND = _lazy("Another authority is another area of confidentiality. Choose a ground.")


class LongText(forms.CharField):
    """Several rows of text. A browser sends a line break as two characters; it is one, and counts as one."""

    def to_python(self, value: Any) -> Any:
        """The text with each line break as one character."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


def long_text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    """A text field of several rows, never required by the browser: the rule gives the sentence."""
    return LongText(
        label=label,
        help_text=hint,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def missing_grounds(form: forms.Form) -> None:
    """Say beside each field that says why, and that this form asks for, that nothing stands in it."""
    for name, words in MISSING.items():
        if name in form.fields and not form.cleaned_data.get(name):
            form.add_error(name, words)


def missing_telling(form: forms.Form) -> None:
    """Say that the family was told nothing and that it is not said why."""
    if not form.cleaned_data.get("told") and not form.cleaned_data.get("withheld"):
        form.add_error("told", NOT_TOLD)


def untold() -> forms.CharField:
    """Why the family has not been told; ``ask_again`` says by when that is asked again."""
    return long_text(_lazy("If nothing: why not?"), "", 2)


def ask_again(form: forms.Form, sender: int) -> None:
    """Say by which day the sender's partnership asks again of those who told the family nothing; asked when shown."""
    form.fields["withheld"].help_text = _asked_again(sender)


def _asked_again_by(sender: int) -> str:
    again = deadline_for(sender, "recheck_withheld_notice", clock.today()).latest_day
    return _("You will be asked again by %(day)s.") % {"day": day(again)}


_asked_again = lazy(_asked_again_by, str)


class SignForm(VersionedForm):
    """What was noticed."""

    kind = forms.ChoiceField(
        label=_lazy("What I have seen is"), choices=SignKind.choices, widget=forms.RadioSelect, required=False
    )
    saw = long_text(
        _lazy("What have you seen or heard?"), _lazy("What you yourself met, not what may lie behind it."), 4
    )
    child_words = long_text(_lazy("The child's own words"), _lazy("Exactly as the child said it. Empty is fine."), 2)
    areas = forms.MultipleChoiceField(
        label=_lazy("What is it about?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    talked_with = forms.MultipleChoiceField(
        label=_lazy("Whom have you talked with?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    not_talked_because = forms.CharField(
        label=_lazy("If nobody yet: why?"), required=False, max_length=300, help_text=_lazy("A few words are enough.")
    )
    did = long_text(_lazy("What have you done?"), "", 2)
    observed_on = DayField(label=_lazy("Which day?"), required=False)
    harm_feared = forms.BooleanField(
        label=_lazy("I fear that the child is harmed at home or elsewhere"),
        required=False,
        help_text=_lazy("Then the page about reporting to social services opens at once. Your text is kept."),
    )

    def __init__(
        self, *args: Any, family: list[Guardianship], child_name: str, areas: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("child", child_name)]
        choices += [(str(row.guardian.ref), row.guardian.name) for row in family]
        offer(self, talked_with=choices, areas=list(areas.items()))

    def noted(self) -> Noted:
        """The words as the rules take them."""
        told = self.cleaned_data
        return Noted(
            kind=told["kind"],
            observed_on=told["observed_on"],
            saw=told["saw"],
            child_words=told["child_words"],
            areas=tuple(told["areas"]),
            talked_with=tuple(told["talked_with"]),
            not_talked_because=told["not_talked_because"],
            did=told["did"],
            harm_feared=told["harm_feared"],
        )

    @classmethod
    def initial_of(cls, sign: Sign) -> dict[str, Any]:
        """What an unbound form shows: what the draft holds, and today as the day."""
        names = ("kind", "saw", "child_words", "areas", "talked_with", "not_talked_because", "did", "harm_feared")
        shown: dict[str, Any] = {name: getattr(sign, name) for name in names}
        return {**shown, "version": sign.version, "observed_on": sign.observed_on or clock.today()}


class SendForm(KeyedForm):
    """On which ground a sign goes to a named person in another authority, and what the family was told."""

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

    def __init__(self, *args: Any, gates: list[dict[str, Any]], crosses: bool, sender: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.crosses = crosses
        self.offer(gates)
        ask_again(self, sender)

    def offer(self, gates: list[dict[str, Any]]) -> None:
        """Let these gates be chosen from."""
        choices = [(gate["id"], gate["words"]) for gate in gates]
        offer(self, gate=choices)

    def clean(self) -> dict[str, Any]:
        """Say all that is missing at once; the rules would say one thing at a time."""
        noted = super().clean() or self.cleaned_data
        if not self.crosses or "gate" in self.errors:
            return noted
        gate = noted.get("gate")
        if not gate:
            self.add_error("gate", NO_GROUND)
        elif gate != "consent":
            missing_grounds(self)
        missing_telling(self)
        return noted


class TalkForm(KeyedForm):
    """A talk with the child and the family."""

    held_on = DayField(label=_lazy("Which day?"), initial=clock.today)
    with_child = forms.BooleanField(label=_lazy("The child took part"), required=False)
    child_words = long_text(_lazy("The child's own words"), _lazy("Exactly as the child said it."))
    not_with_child_because = forms.CharField(
        label=_lazy("If the child was not asked: why?"), required=False, max_length=300
    )
    with_guardians = forms.MultipleChoiceField(
        label=_lazy("Which guardians?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    family_words = long_text(_lazy("What the family said"))
    not_with_guardians_because = forms.CharField(
        label=_lazy("If no guardian was spoken to: why?"), required=False, max_length=300
    )
    interpreter = forms.CharField(
        label=_lazy("Interpreter, in which language?"),
        required=False,
        max_length=12,
        help_text=_lazy("Empty when no interpreter was there."),
    )

    def __init__(self, *args: Any, family: list[Guardianship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(row.guardian.ref), row.guardian.name) for row in family]
        offer(self, with_guardians=choices)

    def clean(self) -> dict[str, Any]:
        """All that is missing is said at once."""
        if not self.errors:
            for one in missing_in_talk(self.held()):
                say(self, one)
        return self.cleaned_data

    def held(self) -> TalkHeld:
        """The talk as the rules take it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        told["with_guardians"] = tuple(told["with_guardians"])
        return TalkHeld(**told)


class QuestionsForm(KeyedForm):
    """The five questions, and the decision."""

    in_the_way = long_text(_lazy("1. What is getting in the way of this child's wellbeing?"))
    have_all_information = long_text(_lazy("2. Do I have all the information I need to help?"))
    can_do_now = long_text(_lazy("3. What can I do now that is needed and right?"))
    own_agency_can_do = long_text(_lazy("4. What can we at our place do now?"))
    needed_from_others = long_text(_lazy("5. What more help, if any, may be needed from others?"))
    decision = forms.ChoiceField(
        label=_lazy("What do you decide?"), choices=SignDecision.choices, widget=forms.RadioSelect, required=False
    )

    def clean(self) -> dict[str, Any]:
        """All that is missing is said at once."""
        if not self.errors:
            for one in missing_in_answers(self.answers(), SignDecision.values):
                say(self, one)
        return self.cleaned_data

    def answers(self) -> Answers:
        """The answers as the rules take them."""
        return Answers(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


class FeedbackForm(KeyedForm):
    """The answer to the one who noticed."""

    feedback = long_text(_lazy("What may the one who noticed be told?"), "", 4)


class MergeForm(KeyedForm):
    """Which earlier sign this one is joined with."""

    into = forms.UUIDField(label=_lazy("Join with"))
