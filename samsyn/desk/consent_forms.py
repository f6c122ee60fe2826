"""The forms about consent. A yes and a no weigh the same in every word of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.common import clock
from samsyn.desk.sharing_words import ASKED_FOR, FORM_WORDS, MEASURES, SAID_TO_STAFF, WAIVERS, spoken_languages
from samsyn.desk.sign_forms import long_text
from samsyn.law.consenting import OVERRIDDEN
from samsyn.look.dates import day_and_year
from samsyn.look.fields import DayField
from samsyn.organisations.models import Authority, Unit, UnitKind
from samsyn.organisations.partnerships import deadline_for
from samsyn.sharing.consent_rules import Limit, missing_in_question
from samsyn.sharing.models import ChildPart, ConsentForm, ConsentStep, Errand
from samsyn.trail.pressing import KeyedForm, offer, say

FORMS_TO_STAFF = [(one, FORM_WORDS[one]) for one in SAID_TO_STAFF]


def longest_day(authority_id: int) -> date:
    """The last day that a yes given to the authority today can hold, as its partnership has decided."""
    return deadline_for(authority_id, "consent_longest", clock.today()).latest_day


def usual_day(longest: date) -> date:
    """The day that the form suggests: half of the longest time, for a shorter yes is easier to give."""
    today = clock.today()
    return today + (longest - today) / 2


class LeftOutFields(KeyedForm):
    """What is kept from whom: nobody chosen stands for everybody, no kind for all kinds."""

    not_to = forms.MultipleChoiceField(label=_lazy("Not to"), widget=forms.CheckboxSelectMultiple, required=False)
    not_kinds = forms.MultipleChoiceField(
        label=_lazy("Not this"),
        help_text=_lazy("Empty: nothing at all goes to those chosen above."),
        choices=list(ASKED_FOR.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom: dict[str, Unit | Authority] = {}
        for unit in units:
            self.whom.setdefault(str(unit.authority.ref), unit.authority)
            self.whom[str(unit.ref)] = unit
        offer(self, not_to=[(ref, one.name) for ref, one in self.whom.items()])

    def left_out(self, words: str = "") -> list[Limit]:
        """What was chosen, as the rule reads it."""
        chosen = [self.whom[ref] for ref in self.cleaned_data["not_to"]]
        kinds = self.cleaned_data["not_kinds"] or ([""] if chosen else [])
        limits = [
            Limit(unit=one.pk, kind=kind) if isinstance(one, Unit) else Limit(authority=one.pk, kind=kind)
            for one in chosen
            for kind in kinds
        ]
        everybody = [Limit(kind=kind) for kind in kinds] if not chosen else []
        return [*limits, *everybody, *([Limit(words=words)] if words.strip() else [])]


class AskForm(LeftOutFields):
    """What the family is asked: for what, about what, to whom, until when."""

    errand = forms.ChoiceField(
        label=_lazy("What do you ask the family?"), choices=Errand.choices, initial=Errand.OTHER, required=False
    )
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
    things = forms.MultipleChoiceField(
        label=_lazy("Only this, and nothing else of its kind"), widget=forms.CheckboxSelectMultiple, required=False
    )
    receivers = forms.MultipleChoiceField(
        label=_lazy("Who may take part of it?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    needed_anyway = forms.ChoiceField(
        label=_lazy("Will any of them be told also if the family says no?"),
        choices=[("no", _lazy("No, a no will be respected")), ("yes", _lazy("Yes, the child needs it"))],
        widget=forms.RadioSelect,
        required=False,
    )
    exceptions = long_text(
        _lazy("What does the family want left out?"), _lazy("In the family's own words. Empty is fine."), 2
    )
    child_part = forms.ChoiceField(
        label=_lazy("What part has the child in the answer?"),
        choices=ChildPart.choices,
        widget=forms.RadioSelect,
        initial=ChildPart.HEARD,
        required=False,
    )
    child_reason = long_text(_lazy("Why?"), _lazy("Age, maturity, and what the child wants."), 2)
    measure = forms.ChoiceField(
        label=_lazy("Is it also a yes to help?"), choices=list(MEASURES.items()), initial="sharing", required=False
    )
    since = DayField(label=_lazy("From which day?"), initial=clock.today, required=False)
    until = DayField(label=_lazy("Until which day?"))
    form = forms.ChoiceField(
        label=_lazy("How is the family asked?"),
        choices=FORMS_TO_STAFF,
        widget=forms.RadioSelect,
        initial=ConsentForm.ORAL,
    )
    language = forms.ChoiceField(label=_lazy("In which language?"))
    team = forms.UUIDField(widget=forms.HiddenInput, required=False)
    plan = forms.UUIDField(widget=forms.HiddenInput, required=False)
    renews = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        units: Sequence[Unit],
        things: Iterable[tuple[str, UUID, str]] = (),
        told_anyway: Collection[int] = (),
        around: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.told_anyway, self.around = told_anyway, around
        self.units = {str(unit.ref): unit for unit in units}
        offered = list(things)
        self.single = {str(ref): (kind, ref) for kind, ref, _words in offered}
        for name, choices in (
            ("receivers", [(ref, unit.name) for ref, unit in self.units.items()]),
            ("things", [(str(ref), words) for _kind, ref, words in offered]),
            ("language", spoken_languages()),
        ):
            offer(self, **{name: choices})

    def clean(self) -> dict[str, Any]:
        """All that is missing is said at once.

        Where the law lets a receiver be told without a yes, the asker must say whether a no will count.
        """
        told = super().clean() or self.cleaned_data
        for one in missing_in_question(
            purpose=told.get("purpose", ""),
            kinds=len(told.get("kinds", ())) + len(told.get("things", ())),
            receivers=len(told.get("receivers", ())),
            errand=told.get("errand") or Errand.OTHER,
        ):
            if one.field not in self.errors:
                say(self, one)
        receivers = [self.units[ref] for ref in told.get("receivers", ())]
        if not told.get("needed_anyway") and any(unit.authority_id in self.told_anyway for unit in receivers):
            self.add_error("needed_anyway", _("Say whether a no will count. If not, do not ask: tell."))
        return told

    def chosen(self) -> list[Unit]:
        """The units that are to receive."""
        return [self.units[ref] for ref in self.cleaned_data["receivers"]]

    def keeps_back(self) -> bool:
        """Is something kept from somebody, or wrong in what says so."""
        return any(self[name].value() or self[name].errors for name in ("exceptions", "not_to", "not_kinds"))

    def manner_wrong(self) -> bool:
        """Is something wrong in how, in which language or until when the family is asked."""
        return any(self[name].errors for name in ("until", "form", "language"))

    def more_wrong(self) -> bool:
        """Is something wrong in what is seldom asked for."""
        return any(self[name].errors for name in ("since", "measure"))

    def manner(self) -> str:
        """How, in which language and until when, as it stands now; "" while the day is none."""
        try:
            day = self.fields["until"].clean(self["until"].value())
        except forms.ValidationError:
            return ""
        facts = {
            "form": dict(FORMS_TO_STAFF).get(self["form"].value(), ""),
            "language": dict(spoken_languages()).get(self["language"].value(), ""),
            "day": day_and_year(day),
        }
        return _("%(form)s, in %(language)s, until %(day)s") % facts

    def only(self) -> list[tuple[str, UUID]]:
        """The single things that are asked about."""
        return [self.single[ref] for ref in self.cleaned_data["things"]]

    def close_by(self) -> list[Any]:
        """The boxes of the receivers asked about most: chosen already, at work around the child, or early support."""
        return [box for box in self["receivers"] if self._is_close(box)]

    def nobody_close(self) -> bool:
        """Are all receivers further away, so that they must be shown at once."""
        return not self.close_by()

    def by_authority(self) -> list[tuple[str, list[Any]]]:
        """The boxes of the other receivers, gathered under the name of each authority."""
        groups: dict[str, list[Any]] = {}
        for box in self["receivers"]:
            if not self._is_close(box):
                groups.setdefault(self._unit_of(box).authority.name, []).append(box)
        return list(groups.items())

    def _is_close(self, box: Any) -> bool:
        unit = self._unit_of(box)
        return box.data["selected"] or unit.pk in self.around or unit.kind == UnitKind.SOCIAL_SUPPORT

    def _unit_of(self, box: Any) -> Unit:
        return self.units[str(box.data["value"])]


class AnswerForm(LeftOutFields):
    """What one of those who decide has said, how and in which language; and which text was read."""

    giver = forms.UUIDField(widget=forms.HiddenInput)
    step = forms.ChoiceField(choices=ConsentStep.choices, widget=forms.HiddenInput)
    form = forms.ChoiceField(label=_lazy("How?"), choices=FORMS_TO_STAFF, initial=ConsentForm.ORAL)
    language = forms.ChoiceField(label=_lazy("In which language?"))
    read_in = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput, required=False)
    own_words = long_text(_lazy("In the family's own words"), "", 2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, language=spoken_languages())


class WaiverForm(KeyedForm):
    """That the other guardian's yes is enough. ``said_no``: only the board's decision goes past an answer."""

    guardian = forms.UUIDField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(
        label=_lazy("Why is one yes enough?"), choices=list(WAIVERS.items()), widget=forms.RadioSelect, required=False
    )
    reason = long_text(_lazy("What has happened, and why can it not wait?"), "", 2)
    decided_on = DayField(label=_lazy("Decided on"), initial=clock.today)
    decision_number = forms.CharField(
        label=_lazy("Number of the board's decision"), required=False, max_length=60, help_text=_lazy("If it decided.")
    )

    def __init__(self, *args: Any, said_no: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if said_no:
            offer(self, ground=[(OVERRIDDEN, WAIVERS[OVERRIDDEN])])
            self.initial.setdefault("ground", OVERRIDDEN)
