"""The forms about somebody's protection, and about who may know of the person all the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.common import clock
from samsyn.desk.circle_forms import grouped_by_unit
from samsyn.look.fields import DayField
from samsyn.organisations.models import Post
from samsyn.people.models import Protection
from samsyn.people.vault import WHEREABOUTS, Whereabouts
from samsyn.protection.actions import Decided
from samsyn.trail.pressing import KeyedForm, offer

LEVELS = (
    (Protection.NONE, _lazy("None: the protection has ended")),
    (Protection.MARKED, _lazy("Confidentiality marking")),
    (Protection.PROTECTED, _lazy("Protected registration")),
    ("assumed", _lazy("Assumed identity")),
)


class DecidedForm(KeyedForm):
    """What has been decided: level, provision and day."""

    level = forms.ChoiceField(label=_lazy("Which protection?"), choices=LEVELS, widget=forms.RadioSelect)
    provision = forms.CharField(
        label=_lazy("On which provision?"), help_text=_lazy("Such as OSL 21:3."), max_length=80, required=False
    )
    decided_on = DayField(label=_lazy("Which day was it decided?"), required=False, initial=clock.today)

    def decided(self) -> Decided:
        """As the rules take it."""
        told = self.cleaned_data
        return Decided(told["level"], told["provision"], told["decided_on"])


class InsightForm(KeyedForm):
    """Which post may know, why, and until when."""

    post = forms.ChoiceField(label=_lazy("Who needs to know of the person?"), required=False)
    why = forms.CharField(
        label=_lazy("Why?"),
        help_text=_lazy("Without name, number or place. It is kept in the trail."),
        max_length=300,
        required=False,
    )
    until = DayField(label=_lazy("Until which day?"), required=False)

    def __init__(self, *args: Any, posts: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.ref): post for post in posts}
        offer(self, post=[("", _("Choose")), *grouped_by_unit(posts)])

    def clean_post(self) -> Post:
        """The post itself."""
        chosen = self.posts.get(self.cleaned_data["post"])
        if chosen is None:
            raise forms.ValidationError(_("Choose who needs to know."))
        return chosen


class EndForm(KeyedForm):
    """Which reason is taken back."""

    insight = forms.UUIDField(widget=forms.HiddenInput)


class WhereaboutsForm(KeyedForm):
    """Where the person can be found. It lies in the vault, and is shown on this page alone."""

    address = forms.CharField(label=_lazy("Address"), max_length=200, required=False)
    stays_at = forms.CharField(label=_lazy("Stays at"), max_length=200, required=False)
    school = forms.CharField(label=_lazy("School"), max_length=200, required=False)
    unit = forms.CharField(label=_lazy("Unit or class"), max_length=200, required=False)
    telephone = forms.CharField(label=_lazy("Telephone"), max_length=60, required=False)
    photo = forms.CharField(label=_lazy("Where a photo is kept"), max_length=200, required=False)

    def whereabouts(self) -> Whereabouts:
        """As the vault takes it."""
        return Whereabouts(**{name: self.cleaned_data[name] for name in WHEREABOUTS})
