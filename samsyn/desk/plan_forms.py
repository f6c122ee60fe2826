"""The forms about the one plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from samsyn.desk.doors import VersionedForm
from samsyn.desk.sign_forms import long_text
from samsyn.early_signals.models import Area
from samsyn.look.fields import DayField
from samsyn.plans.models import ViewKind
from samsyn.plans.rules import LONGEST_HEADING, LONGEST_LINE
from samsyn.trail.pressing import KeyedForm, offer

Choices = list[tuple[str, str]]


def line(label: Any, hint: Any = "", longest: int = LONGEST_LINE) -> forms.CharField:
    """One row of text; the rule gives the sentence when it is empty."""
    return forms.CharField(label=label, help_text=hint, required=False, max_length=longest)


class HeadingForm(VersionedForm):
    """What the plan is about, in a sentence."""

    heading = line(_lazy("What is the plan about, in one sentence?"), longest=LONGEST_HEADING)


class StartForm(KeyedForm):
    """Beginning a plan."""

    heading = line(
        _lazy("What is the plan about, in one sentence?"),
        _lazy("Begin with what the child wants, in the child's words if you can."),
        LONGEST_HEADING,
    )


class NeedForm(VersionedForm):
    """A need."""

    words = long_text(_lazy("Need"), _lazy("What gets in the way, in words that the family would use."), 2)


class GoalForm(VersionedForm):
    """A goal: own words first, then which common goal it is part of."""

    words = line(_lazy("Goal"), _lazy("Own words first. What will be different?"))
    in_childs_words = forms.BooleanField(label=_lazy("These are the child's words"), required=False)
    common_goal = forms.ChoiceField(label=_lazy("Part of which common goal?"), widget=forms.RadioSelect, required=False)
    evidenced_by = line(_lazy("How shall we see it?"))

    def __init__(self, *args: Any, goals: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, common_goal=goals)


class ActionForm(VersionedForm):
    """Who does what, by when."""

    words = line(_lazy("What is done?"))
    doer = forms.ChoiceField(label=_lazy("Who does it?"), required=False)
    due_on = DayField(label=_lazy("By when?"))
    evidenced_by = line(_lazy("How shall we see it?"))

    def __init__(self, *args: Any, doers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, doer=[("", _lazy("Choose")), *doers])


class ViewForm(KeyedForm):
    """Somebody's own view of the plan."""

    kind = forms.ChoiceField(
        label=_lazy("The view"), choices=ViewKind.choices, widget=forms.RadioSelect, initial=ViewKind.SAID
    )
    words = long_text(_lazy("In own words, or what was observed"), "", 2)
    through_interpreter = forms.BooleanField(label=_lazy("Through an interpreter"), required=False)
    disagrees = forms.BooleanField(label=_lazy("Does not agree with the plan"), required=False)


class WheelForm(KeyedForm):
    """Marks on the wheel, 1 to 5 for each area; an area that was not asked about is left empty."""

    by_child = forms.ChoiceField(
        label=_lazy("Whose marks?"), choices=[("yes", ""), ("no", _lazy("the adults'"))], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, labels: dict[str, str], child_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, by_child=[("yes", child_name), ("no", _lazy("the adults"))])
        steps = [("", _lazy("not asked")), *((str(step), str(step)) for step in range(1, 6))]
        for area in Area.values:
            self.fields[area] = forms.ChoiceField(
                label=labels[area], choices=steps, widget=forms.RadioSelect, required=False
            )

    def values(self) -> dict[str, int]:
        """Area to mark, for those that were asked about."""
        return {area: int(self.cleaned_data[area]) for area in Area.values if self.cleaned_data[area]}


class AgreeForm(VersionedForm):
    """Putting the plan in force."""

    review_on = DayField(label=_lazy("When do you look at the plan together?"), required=False)


class DoneField(forms.MultipleChoiceField):
    """Which actions are done, of those that are still to do. One that has been said to be done by now is no mistake:
    a colleague was first, or the same form has come twice. One that a colleague says went another way is told in words.
    """

    default_error_messages: ClassVar = {"invalid_choice": _lazy("How this went has already been written down.")}
    done_already: Collection[str] = ()

    def valid_value(self, value: str) -> bool:
        """Can this be chosen."""
        return value in self.done_already or super().valid_value(value)


class ReviewForm(VersionedForm):
    """Looking back at the plan."""

    held_on = DayField(label=_lazy("Which day did you meet?"))
    child_scale = forms.IntegerField(
        label=_lazy("The child's own number, 0 to 10"),
        help_text=_lazy("10 is as good as it can be. Empty if the child was not asked: then write why below."),
        min_value=0,
        max_value=10,
        required=False,
    )
    child_words = long_text(_lazy("The child's own words"), "", 2)
    what_changed = long_text(_lazy("What has changed?"))
    done = DoneField(label=_lazy("Which actions are done?"), widget=forms.CheckboxSelectMultiple, required=False)
    next_on = DayField(label=_lazy("When do you look next?"), required=False)

    def __init__(self, *args: Any, actions: Choices, done_already: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, done=actions)
        field = self.fields["done"]
        assert isinstance(field, DoneField)
        field.done_already = done_already


class CloseForm(VersionedForm):
    """Closing the plan."""

    how_to_reach_us = long_text(_lazy("How will the child and the family get hold of you again?"))


class ActionStepForm(KeyedForm):
    """What became of an action."""

    step = forms.ChoiceField(
        label=_lazy("What became of it?"),
        choices=[
            ("done", _lazy("It is done")),
            ("left_out", _lazy("It is left out")),
            ("handed_on", _lazy("Somebody else goes on with it")),
        ],
        widget=forms.RadioSelect,
    )
    words = line(_lazy("If left out: why? If handed on: to whom?"))


class PaperForm(KeyedForm):
    """In which language the plan is wanted on paper."""

    language = forms.ChoiceField(label=_lazy("Language"), required=False)

    def __init__(self, *args: Any, languages: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, language=languages)
