"""The form about being away."""

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
from samsyn.trail.pressing import KeyedForm, offer


class AwayForm(KeyedForm):
    """From which day to which, and who stands in. No reason is asked for, and none is kept."""

    since = DayField(label=_lazy("First day away"), initial=clock.today)
    until = DayField(
        label=_lazy("Last day away"),
        help_text=_lazy("Empty until further notice."),
        required=False,
    )
    covered_by = forms.ChoiceField(label=_lazy("Who stands in for you?"), required=False)

    def __init__(self, *args: Any, posts: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.ref): post for post in posts}
        nobody = ("", _("Nobody: it goes upwards by itself"))
        offer(self, covered_by=[nobody, *grouped_by_unit(posts)])

    def cover(self) -> Post | None:
        """Who stands in, if anybody was chosen."""
        return self.posts.get(self.cleaned_data["covered_by"])
