"""What the child and its guardians speak, and whether an interpreter is needed: read and noted here."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from samsyn.circle.language_actions import family_seen, note_languages, spoken
from samsyn.desk.consents import child_of
from samsyn.desk.doors import StaffRequest, page, press, staff
from samsyn.look.words import language_name
from samsyn.people.models import Person
from samsyn.trail.pressing import KeyedForm, offer

OFFERED = (
    *("sv", "ar", "so", "fa_AF", "fa", "ti", "ku", "ckb", "en", "fi", "uk", "ru", "pl", "bs", "hr", "sr", "sq", "ro"),
    *("rom", "es", "fr", "de", "tr", "ps", "ur", "bn", "am", "om", "sw", "rw", "hy", "az", "uz", "th", "vi", "zh"),
    *("my", "se", "et", "lt", "hu", "swl"),
)
"""Languages that are offered, by their codes. One that a register has told of and that is not here is offered too."""


class LanguagesForm(KeyedForm):
    """What one person speaks. ``shown`` is what stood on the page, so that nobody's word is written over unseen."""

    person = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, strip=False)
    interpreter = forms.ChoiceField(label=_lazy("Is an interpreter needed?"), required=False)
    languages = forms.MultipleChoiceField(label=_lazy("Speaks"), widget=forms.CheckboxSelectMultiple, required=False)

    def __init__(self, sent: QueryDict | None = None, *, who: Person) -> None:
        self.who = who
        known = {"languages": who.languages, "interpreter": who.interpreter, "person": who.ref, "shown": spoken(who)}
        super().__init__(sent, initial=known, auto_id=f"id_%s_{who.ref}")
        codes = dict.fromkeys((*OFFERED, *who.languages, *filter(None, [who.interpreter])))
        words = [(code, language_name(code)) for code in codes]
        offer(self, languages=words, interpreter=[("", _("No interpreter is needed")), *words])


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def languages(request: StaffRequest, ref: UUID) -> HttpResponse:
    """A form for the child, and one for each guardian who exists for the viewer."""
    child = child_of(request, ref, followed=True)
    family = family_seen(request.viewer, child)
    pressed = None
    if request.method == "POST":
        who = next((one for one in family if str(one.ref) == request.POST.get("person")), None)
        if who is None:
            raise Http404
        pressed = LanguagesForm(request.POST, who=who)
        if pressed.is_valid() and _note(request, child, pressed):
            return redirect("desk:languages", child.ref)
    rows = [pressed if pressed and pressed.who == one else LanguagesForm(who=one) for one in family]
    return page(request, "desk/children/languages.html", {"child": child, "forms": rows}, pressed)


def _note(request: StaffRequest, child: Person, form: LanguagesForm) -> UUID | None:
    told = {name: form.cleaned_data[name] for name in ("languages", "interpreter", "shown")}
    done = press(request, form, lambda: note_languages(request.viewer, child, form.who, **told).ref)
    if done is None:
        # What is chosen is kept, and is noted the next time, now that the page shows what another one has noted.
        sent = request.POST.copy()
        sent["shown"] = spoken(form.who)
        form.data = sent
    return done
