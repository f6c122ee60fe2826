"""The forms about the team and about handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from samsyn.common import clock
from samsyn.desk.sign_forms import long_text
from samsyn.look import dates
from samsyn.organisations.attendance import attendance
from samsyn.organisations.models import Post, Unit
from samsyn.sharing.models import Consent
from samsyn.trail.pressing import KeyedForm, offer

Grouped = list[tuple[str, list[tuple[str, str]]]]


def post_choices(posts: Sequence[Post]) -> list[tuple[str, str]]:
    """Posts to choose from: title, and who holds it today."""
    who = attendance(posts, clock.now())
    return [(str(post.ref), _labelled(post, who.holder_name(post))) for post in posts]


def _labelled(post: Post, holder: str) -> str:
    if not holder:
        return _("%(title)s (nobody holds it)") % {"title": post.title}
    return f"{holder}, {post.title}"


def grouped_by_unit(posts: Sequence[Post]) -> Grouped:
    """The same, under the name of each unit, in the order given."""
    labels = dict(post_choices(posts))
    groups: dict[str, list[tuple[str, str]]] = {}
    for post in posts:
        groups.setdefault(post.unit.name, []).append((str(post.ref), labels[str(post.ref)]))
    return list(groups.items())


def consent_choices(consents: Sequence[Consent]) -> list[tuple[str, str]]:
    """Consents to choose from: what each is for, and until when."""
    return [
        (
            str(one.ref),
            _("%(purpose)s (until %(day)s)") % {"purpose": one.purpose, "day": dates.day_and_year(one.until)},
        )
        for one in consents
    ]


class TeamForm(KeyedForm):
    """What the team is for and who is in it."""

    purpose = long_text(_lazy("What is the team for?"), _lazy("In words that the family would use."), 2)
    units = forms.MultipleChoiceField(
        label=_lazy("Where do they work?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    members = forms.MultipleChoiceField(
        label=_lazy("Who is in the team?"),
        help_text=_lazy("You are in it already, and hold it together until somebody else has said yes to that."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consent = forms.ChoiceField(
        label=_lazy("Which yes does it rest on?"), widget=forms.RadioSelect, required=False, initial=""
    )

    def __init__(
        self, *args: Any, units: Sequence[Unit], posts: Sequence[Post], consents: Sequence[Consent], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.all_units = {str(unit.ref): unit for unit in units}
        self.posts = {str(post.ref): post for post in posts}
        offer(self, units=[(ref, unit.name) for ref, unit in self.all_units.items()])
        offer(self, members=post_choices(posts))
        later = ("", _("Ask the family on the next page"))
        offer(self, consent=[later, *consent_choices(consents)])
        if not consents:
            del self.fields["consent"]

    def boxes(self, field: str) -> list[tuple[str, list[Any]]]:
        """The boxes of units gathered by authority, or those of posts gathered by unit."""
        groups: dict[str, list[Any]] = {}
        for box in self[field]:
            ref = str(box.data["value"])
            heading = self.all_units[ref].authority.name if field == "units" else self.posts[ref].unit.name
            groups.setdefault(heading, []).append(box)
        return list(groups.items())

    def units_boxes(self) -> list[tuple[str, list[Any]]]:
        """For the template."""
        return self.boxes("units")

    def members_boxes(self) -> list[tuple[str, list[Any]]]:
        """For the template."""
        return self.boxes("members")

    def chosen(self) -> list[Post]:
        """The posts that are to be in the team."""
        return [self.posts[ref] for ref in self.cleaned_data["members"]]


class BeginForm(KeyedForm):
    """The child's view of the team and the family's wish about who leads it."""

    child_view = long_text(
        _lazy("What does the child think of the team?"),
        _lazy("In the child's own words. If it is not known, write why."),
        2,
    )
    lead_wish = long_text(
        _lazy("Who does the family want to hold it together?"), _lazy("Empty when they have no wish."), 2
    )


class PostForm(KeyedForm):
    """One post, to take into the team or to let leave it."""

    post = forms.UUIDField(widget=forms.HiddenInput)


class RestForm(KeyedForm):
    """Which yes the team rests on from now on."""

    consent = forms.ChoiceField(label=_lazy("Which yes?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, consents: Sequence[Consent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consents = {str(one.ref): one for one in consents}
        offer(self, consent=consent_choices(consents))


class OfferForm(KeyedForm):
    """To whom something is handed over, and what the other one needs to know."""

    to_post = forms.ChoiceField(label=_lazy("Who takes over?"), required=False)
    note = long_text(
        _lazy("What do you want to tell the one who takes over?"),
        _lazy("So that the family need not tell it all again. Only the one you offer it to reads this."),
        5,
    )
    family_wish = long_text(_lazy("What do the child and the family want?"), _lazy("Empty when they have no wish."), 2)
    consent = forms.ChoiceField(
        label=_lazy("If another authority takes over: which yes does it rest on?"), required=False
    )

    def __init__(
        self, *args: Any, posts: Sequence[Post], consents: Sequence[Consent], crosses: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.ref): post for post in posts}
        self.consents = {str(one.ref): one for one in consents}
        choices = [("", _("Choose")), *grouped_by_unit(posts)]
        offer(self, to_post=choices)
        without = [("", _("None: it stays in our authority"))]
        offer(self, consent=without + consent_choices(consents))
        if not crosses or not consents:
            del self.fields["consent"]

    def clean_to_post(self) -> Post:
        """The post itself."""
        chosen = self.posts.get(self.cleaned_data["to_post"])
        if chosen is None:
            raise forms.ValidationError(_("Choose who takes over."))
        return chosen


class WordsForm(KeyedForm):
    """An answer in words."""

    words = long_text(_lazy("In a few words"), "", 3)
