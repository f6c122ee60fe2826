"""A form that is carried out once, whichever door it stands in, and a refusal beside the field that it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import formats
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from samsyn.common import ports
from samsyn.common.decision import Decision, Refused
from samsyn.common.viewer import Viewer
from samsyn.trail.actions import SentAlready, done_before, once

Choices = Iterable[tuple[Any, Any]]


FOR_SAFETY = "csrfmiddlewaretoken"
NAMED_PERSON = "%(named_person)s"


class KeyedForm(forms.Form):
    """A form that is carried out once: a key is made with the page and sent back with it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    use_required_attribute = False


def said(decision: Decision, authority: int | None = None) -> str:
    """A decision's reason in the reader's language.

    ``authority``: the reader's, whose partnership may have own words.
    """
    values = {
        name: formats.date_format(value, "DATE_FORMAT") if isinstance(value, date) else value
        for name, value in decision.values.items()
    }
    if NAMED_PERSON in decision.reason:
        values["named_person"] = ports.named_person_word(authority)
    return _(decision.reason) % values if values else _(decision.reason)


def say(form: forms.Form, decision: Decision, authority: int | None = None) -> None:
    """Put a decision's reason beside the field that it is about, or above the form."""
    form.add_error(decision.field if decision.field in form.fields else None, said(decision, authority))


def carry_out(viewer: Viewer, form: KeyedForm, do: Callable[[], UUID], address: str) -> UUID | Decision:
    """Carry a valid form out, once. Gives the result's reference; or the refusal, which then stands in the form.

    ``address``: of the page that was sent, without what stands after a question mark.
    """
    try:
        return once(viewer, form.cleaned_data["key"], do, what_was_sent(form, address))
    except Refused as refused:
        tell(form, refused, viewer.authority)
        return refused.decision


def tell(form: forms.Form, refused: Refused, authority: int | None = None) -> None:
    """Put a refusal where it belongs in the form. One whose key is used gets a new one: it can be sent again."""
    if isinstance(refused, SentAlready):
        sent: Any = form.data
        again = sent.copy()
        again["key"] = str(uuid4())
        form.data = again
    say(form, refused.decision, authority)


def what_was_sent(form: forms.Form, address: str) -> bytes:
    """All that a press sent, and where, but for what the page carries for safety's sake."""
    return _sent(form.data, address)


def came_twice(viewer: Viewer, data: MultiValueDict[str, str], address: str) -> UUID | None:
    """What came of the same form when it was sent before: by a double click, or by Back and send again. Else None.

    For a door whose page is there no more, or says something else, once the form has been carried out.
    """
    try:
        key = UUID(data.get("key", ""))
    except ValueError:
        return None
    return done_before(viewer, key, _sent(data, address))


def _sent(data: Any, address: str) -> bytes:
    sent = data.lists() if isinstance(data, MultiValueDict) else [(name, [data[name]]) for name in data]
    fields = sorted((name, [str(one) for one in values]) for name, values in sent if name != FOR_SAFETY)
    return json.dumps([address, fields]).encode()


def offer(form: forms.Form, **choices: Choices) -> None:
    """Give fields of a form what can be chosen in them: field name → pairs of value and words, or groups of pairs."""
    for name, offered in choices.items():
        field = form.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered
