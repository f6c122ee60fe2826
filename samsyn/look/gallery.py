"""The gallery: one page that shows every component in every state, for those who build pages and for the tests.

It knows no child and reads no database; its people are invented.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest  # noqa: TID251 - the one page that belongs to no door
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from samsyn.look.dates import STOCKHOLM
from samsyn.look.fields import DayInput
from samsyn.look.gallery_pictures import sample_circle, sample_wheel
from samsyn.look.parts import Change, Conflict, DutyRow, Happening, LawLink, PathStep
from samsyn.look.templatetags.look import ICONS

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=STOCKHOLM)
COLOURS = ("paper", "sunken", "surface", "ink", "pine", "pine-soft", "glow", "glow-soft", "voice", "voice-soft", "care")


@cache
def _all_samples() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "gallery_samples.toml").read_text(encoding="utf-8"))


def samples() -> dict[str, Any]:
    """What the gallery says, in the reader's language, else in English."""
    return _all_samples().get((get_language() or "en").split("-")[0], _all_samples()["en"])


@login_not_required
@require_http_methods(["GET", "HEAD"])
def gallery(request: HttpRequest) -> TemplateResponse:
    """The page, in the reader's language. It needs no viewer: anybody may look."""
    return TemplateResponse(request, "look/gallery.html", gallery_facts())


def gallery_facts() -> dict[str, Any]:
    """Everything that the gallery's template shows."""
    say = samples()
    asked = sample_form(say)({"kind": "1", "saw": "", "when": "2026-11-01"})
    asked.is_valid()
    return {
        "say": say,
        "now": NOW,
        "yesterday": NOW - timedelta(days=1),
        "in_four_days": NOW + timedelta(days=4),
        "in_a_month": NOW + timedelta(days=30),
        "in_four_hours": NOW + timedelta(hours=4),
        "people": _people(say),
        "rows": _rows(say),
        "steps": _steps(say),
        "law": LawLink(say["law"], "#law"),
        "unverified": LawLink(say["unverified"], "#law", verified=False),
        "happenings": [Happening(say["since"], say["happened"], NOW.date())],
        "conflict": Conflict(
            "Ines",
            say["conflict_when"],
            [Change(say["conflict_label"], say["conflict_theirs"], say["conflict_yours"])],
        ),
        "unsaved": [say["unsaved"]],
        "form": asked,
        "circle": sample_circle(say),
        "wheel": sample_wheel(say),
        "colours": (*COLOURS, "care-soft"),
        "pictures": ICONS,
    }


def _people(say: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Initials, name, words, sphere and state of every kind of face."""
    return [
        ("Si", say["child"], say["child_age"], "child", ""),
        ("Am", "Amal", say["mother"], "family", ""),
        ("Bo", "Bo", say["named_person"], "school", "now"),
        ("Ma", "Maja", say["leisure"], "school", ""),
        ("SA", "Siv", say["nurse"], "health", ""),
        ("In", "Ines", say["lead_role"], "social", ""),
        ("Om", "Omar", "LSS", "lss", ""),
        ("Mo", "Moa", say["care"], "hospital", ""),
        ("Fa", "Farid", say["free_time"], "police", ""),
        ("Al", "Alva", say["nothing"], "other", "no_information"),
        ("Mt", "Mats", say["away_words"], "school", "away"),
        ("Pi", "Pia", say["asked"], "health", "asked"),
    ]


def _rows(say: dict[str, Any]) -> list[DutyRow]:
    law, unsure = LawLink(say["law"], "#law"), LawLink(say["unverified"], "#law", verified=False)
    child, other = f"{say['child']}, {say['child_age']}", say["other_child"]
    late, soon = NOW - timedelta(days=1), NOW + timedelta(days=4)
    act = say["duty_next_act"]
    return [
        DutyRow("Si", child, say["duty_next"], "#", NOW, say["duty_next_meta"], law, act, "#", next=True),
        DutyRow("TK", other, say["duty"], "#", late, say["duty_meta"], law, say["duty_act"], "#"),
        DutyRow("LB", other, say["duty_post"], "#", soon, "", unsure, say["duty_post_act"], "#", act_posts=True),
    ]


def _steps(say: dict[str, Any]) -> list[PathStep]:
    return [
        PathStep("done", say["step_done"], say["since"]),
        PathStep("now", say["step_now"], "", say["step_now_text"], NOW, say["duty_next_act"], "#"),
        PathStep("next", say["step_next"], "", "", NOW + timedelta(days=4)),
    ]


def sample_form(say: dict[str, Any]) -> type[forms.Form]:
    """A form with every kind of field."""

    class Sample(forms.Form):
        use_required_attribute = False
        key = forms.CharField(widget=forms.HiddenInput, required=False)
        kind = forms.ChoiceField(label=say["kind"], choices=list(enumerate(say["kinds"])), widget=forms.RadioSelect)
        saw = forms.CharField(label=say["saw"], help_text=say["saw_hint"], widget=forms.Textarea(attrs={"rows": 3}))
        words = forms.CharField(
            label=say["words"], help_text=say["words_hint"], required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        about = forms.MultipleChoiceField(
            label=say["wheel"],
            choices=list(enumerate(say["areas"])),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        when = forms.DateField(label=say["when"], widget=DayInput)
        place = forms.CharField(label=say["school"], required=False)
        agree = forms.BooleanField(label=say["agree"], required=False)

        def clean_when(self) -> Any:
            raise forms.ValidationError(say["when_wrong"])

    return Sample
