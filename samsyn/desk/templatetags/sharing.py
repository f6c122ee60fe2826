"""Words that the pages about the circle and sharing need: ``{% load sharing %}``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel import Locale
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from samsyn import law
from samsyn.circle.models import HandoverKind, Membership
from samsyn.circle.picture import SPHERES
from samsyn.common import clock
from samsyn.common.text import initials
from samsyn.desk.sharing_words import ENDED_WORDS, FORM_WORDS, STATE_WORDS, kinds_in_words
from samsyn.duties.models import Duty
from samsyn.law.words import sentence
from samsyn.look import dates
from samsyn.look.templatetags.look import bdi, due, face
from samsyn.look.words import language_name
from samsyn.organisations.attendance import Attendance
from samsyn.organisations.models import Post
from samsyn.organisations.partnerships import own_time_for
from samsyn.organisations.resolution import Via
from samsyn.people.models import Person
from samsyn.sharing.consent_rules import State
from samsyn.sharing.models import ConsentForm, ConsentLimit, ConsentStep, Disclosure

register = template.Library()

ANSWERS: dict[str, Any] = {
    ConsentStep.GIVEN: (_lazy("%(name)s says yes"), _lazy("%(name)s said yes.")),
    ConsentStep.REFUSED: (_lazy("%(name)s says no"), _lazy("%(name)s said no.")),
    ConsentStep.WITHDRAWN: (_lazy("%(name)s takes the yes back"), _lazy("%(name)s took the yes back.")),
}
OFFERS: dict[str, Any] = {
    HandoverKind.NAMED_PERSON: _lazy("To be the child's %(named_person)s"),
    HandoverKind.LEAD: _lazy("To hold the team together"),
}
WAYS: dict[str, Any] = {
    Via.HOLDER: _lazy("is at work"),
    Via.COVER: _lazy("stands in"),
    Via.PARENT: _lazy("is the post above, since nobody stands in"),
    Via.DUTY_DESK: _lazy("is the duty desk, since nobody nearer is there"),
}


@register.filter
def kind_words(kinds: list[str]) -> str:
    """Kinds of information in a row, in words."""
    return kinds_in_words(kinds)


@register.filter
def item_words(one: Disclosure) -> str:
    """What a row of the ledger opens, in words."""
    return kinds_in_words([item.kind for item in one.items.all() if item.kind != "claim"])


@register.simple_tag
def form_words(form: str, language: str) -> str:
    """How something was said, and in which language."""
    if language == "other":
        return _("%(form)s, in another language") % {"form": FORM_WORDS[ConsentForm(form)]}
    return _("%(form)s, in %(language)s") % {"form": FORM_WORDS[ConsentForm(form)], "language": language_name(language)}


@register.filter
def steps_in(steps: Sequence[tuple[str, Any]]) -> list[str]:
    """The words of the steps that can be taken next."""
    return [step for step, _words in steps]


@register.simple_tag
def state_words(name: str) -> str:
    """What a consent's state is called."""
    return str(STATE_WORDS[name])


@register.simple_tag
def state_sentence(line: State, until: date) -> str:
    """What a state of a consent means."""
    return _(line.sentence) % {"until": dates.day_and_year(until)}


@register.simple_tag
def why_ended(because: str) -> str:
    """Why a yes ended."""
    return str(ENDED_WORDS.get(because, because))


@register.simple_tag
def limit_words(limit: ConsentLimit) -> SafeString | str:
    """What a yes leaves out."""
    if limit.words:
        return format_html('<span class="written">{}</span>', limit.words)
    whom = limit.unit.name if limit.unit else limit.authority.name if limit.authority else ""
    kind = kinds_in_words([limit.kind])
    if whom and limit.kind:
        return _("Left out: %(kind)s, to %(whom)s.") % {"kind": kind, "whom": bdi(whom)}
    if whom:
        return _("Left out: everything to %(whom)s.") % {"whom": bdi(whom)}
    return _("Left out: %(kind)s.") % {"kind": kind}


@register.filter
def own_name(code: str) -> str:
    """A language's name in the language itself."""
    return str(Locale.parse(code).languages.get(code, code)).capitalize()


@register.filter
def law_words(rule: str) -> str:
    """What a row of law that is in force says, in the reader's language."""
    return sentence(law.on(clock.today()).row(rule))


@register.simple_tag(takes_context=True)
def own_time(context: dict[str, Any], rule: str) -> str:
    """What the partnership of the reader has agreed on for a row that a sentence of law beside it tells."""
    time = own_time_for(context["viewer"].authority, rule)
    return _("In your partnership: %(time)s.") % {"time": time} if time else ""


@register.simple_tag
def answer_words(step: str, name: str) -> str:
    """What a button says that writes an answer down."""
    return str(ANSWERS[step][0]) % {"name": name}


@register.simple_tag
def answer_line(step: str, name: str) -> str:
    """What was answered, as a sentence."""
    return str(ANSWERS[step][1]) % {"name": name}


@register.simple_tag(takes_context=True)
def offer_kind(context: dict[str, Any], kind: str) -> str:
    """What is offered."""
    return str(OFFERS[kind]) % {"named_person": context["named_person"]}


@register.simple_tag
def about_child(child: Person, opened: bool = True) -> str:
    """Who it is about: name and age; only initials for a row that has not been opened yet."""
    shown = child.full_name if opened or child.is_protected else _stops(child)
    age = child.age_on(clock.today())
    if age is None:
        return shown
    return ngettext("%(name)s, %(age)d year", "%(name)s, %(age)d years", age) % {"name": shown, "age": age}


def _stops(child: Person) -> str:
    return "".join(f"{letter}." for letter in initials(child.full_name))


@register.simple_tag
def due_of(duties: dict[UUID, Duty], ref: UUID, now: datetime) -> SafeString | str:
    """When the duty about a thing is due; nothing when there is none."""
    duty = duties.get(ref)
    return due(duty.due_at, now) if duty is not None else ""


@register.simple_tag
def via_words(via: str) -> str:
    """How somebody came to answer for a post."""
    return str(WAYS[via])


@register.simple_tag
def team_face(row: Membership, who: Attendance) -> SafeString:
    """The face of a member: its tint and whether it is away."""
    name = who.holder_name(row.post)
    state = "missing" if not name else "away" if who.is_away(row.post) else ""
    return face(initials(name) or "?", str(SPHERES.get(row.post.unit.authority.sphere, "other")), state)


@register.simple_tag
def holder(post: Post, who: Attendance) -> SafeString:
    """Who holds the post, or that nobody does."""
    return bdi(who.holder_name(post) or _("Nobody holds this post"))


@register.simple_tag
def away_line(post: Post, who: Attendance) -> SafeString | str:
    """That the holder is away, until when, and who stands in; nothing when the holder is there."""
    if not who.is_away(post):
        return ""
    until, cover = who.away_until(post), who.cover_name(post)
    facts = {"day": dates.day(until) if until else "", "cover": cover}
    if cover and until:
        words = _("Away until %(day)s. %(cover)s stands in.") % facts
    elif cover:
        words = _("Away. %(cover)s stands in.") % facts
    else:
        words = _("Away until %(day)s.") % facts if until else _("Away.")
    return format_html('<p class="duty__meta">{}</p>', words)
