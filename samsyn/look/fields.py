"""How a Django form field becomes our markup: label, hint, error and control, wired together for those who listen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_YEAR, LAST_YEAR = 1900, 2199
_WRITTEN_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class DayInput(forms.DateInput):
    """A day, chosen with the browser's own calendar or typed as 2026-11-09."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day. What is none is told in a sentence that says which part cannot be, in the reader's language.

    So is one that lies so far ahead that no day may come after it. ``long_ago``: may a day be of before ``FIRST_YEAR``,
    as in a draft, which keeps what was typed and is judged when it is sent.
    """

    widget = DayInput

    def __init__(self, *, long_ago: bool = True, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.long_ago = long_ago
        self.error_messages |= {
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Write the day as year, month and day: 2026-11-09."),
        }

    def to_python(self, value: Any) -> date | None:
        """The day. Raises ValidationError with a sentence of our own."""
        written = _WRITTEN_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
        if written is None:
            return super().to_python(value)
        year, month, day = (int(part) for part in written.groups())
        try:
            return date(year, month, day)
        except ValueError:
            raise forms.ValidationError(_no_such_day(year, month, day), code="invalid") from None

    def validate(self, value: Any) -> None:
        """Raises ValidationError for a day out of reach of the calendar."""
        super().validate(value)
        if value is not None and value.year > LAST_YEAR:
            raise forms.ValidationError(_("Choose a year no later than %(year)s.") % {"year": LAST_YEAR})
        if value is not None and value.year < FIRST_YEAR and not self.long_ago:
            raise forms.ValidationError(_("Choose a year no earlier than %(year)s.") % {"year": FIRST_YEAR})


def _no_such_day(year: int, month: int, day: int) -> str:
    if month not in MONTHS:
        return _("There is no month %(month)s. A year has 12.") % {"month": month}
    if year < date.min.year:
        return _("Write the year with four digits.")
    words = {"day": day, "month": MONTHS[month], "year": year}
    return _("There is no %(day)s %(month)s in %(year)s.") % words


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What the field's template shows. ``kind``: hidden, choices, check, control."""

    kind: str
    bound: BoundField
    label: str
    hint: str
    tone: str
    errors: list[str]
    control: SafeString | None
    hint_id: str
    error_id: str
    described: str


def kind_of(bound: BoundField) -> str:
    """Which markup a field gets, by its widget."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "control"


def field_facts(bound: BoundField, *, label: str = "", hint: str = "", tone: str = "") -> FieldFacts:
    """Read a bound field. ``label`` and ``hint`` replace the form's own; ``tone`` "voice": the child's own words."""
    kind, unique = kind_of(bound), bound.auto_id or bound.html_name
    hint = hint or str(bound.help_text)
    errors = [str(error) for error in bound.errors]
    hint_id, error_id = f"{unique}_hint", f"{unique}_error"
    described = " ".join(one for one, needed in ((hint_id, hint), (error_id, errors)) if needed)
    attrs: dict[str, Any] = {}
    if kind != "hidden":
        attrs["aria-describedby"] = described or None
        attrs["aria-invalid"] = "true" if errors else None
    if kind == "control":
        attrs["class"] = f"ds-input {bound.field.widget.attrs.get('class', '')}".strip()
    attrs = {name: value for name, value in attrs.items() if value is not None}
    control = None if kind == "choices" else bound.as_widget(attrs=attrs)
    return FieldFacts(kind, bound, label or str(bound.label), hint, tone, errors, control, hint_id, error_id, described)


NAMELESS = {"required", "invalid_choice", "invalid"}
"""Codes of errors in words that would fit any field."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One line of the summary of errors, and the field that it leads to ("" for the whole form)."""

    words: str
    target: str


def wrongs(forms_shown: list[forms.BaseForm]) -> list[Wrong]:
    """All errors of the forms in the order of the page, each with the id of the control to mend."""
    found = []
    for form in forms_shown:
        found += [Wrong(str(error), "") for error in form.non_field_errors()]
        for bound in form:
            target = bound.id_for_label or (f"{bound.auto_id}_0" if bound.auto_id else "")
            found += [Wrong(words, target) for words in _of_field(form, bound)]
    return found


def _of_field(form: forms.BaseForm, bound: BoundField) -> list[str]:
    """The errors of a field. What says no more than that it is not filled in is told with the name of the field."""
    told = form.errors.as_data().get(bound.name, [])
    return [f"{bound.label} {words}" if one.code in NAMELESS else words for one in told for words in one.messages]
