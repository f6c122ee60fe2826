"""The components: ``{% load look %}``. The small ones are written here, for a list of thirty must stay quick; the
larger ones have a template ``look/_name.html`` each. The gallery page shows every one in every state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import unescape
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from samsyn.look import dates
from samsyn.look.circle import CircleFacts, draw_circle
from samsyn.look.circle_facts import listed
from samsyn.look.due import done_words, due_words, filled
from samsyn.look.fields import FieldFacts, field_facts, wrongs
from samsyn.look.parts import Conflict, DutyRow, Happening, LawLink, PathStep
from samsyn.look.rings import draw_ring
from samsyn.look.wheel import WheelFacts, draw_wheel

register = template.Library()

QUOTES = "\"'”“„»«’‘"
ICONS = ("check", "eye", "leaf", "book", "home", "heart", "warning", "info", "person", "clock", "share", "pen")


# ---------------------------------------------------------------- words and numbers


@register.filter
def bdi(value: Any) -> SafeString:
    """A number, date, name or number of telephone, isolated so that it stays whole inside right-to-left text."""
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """ "9 november", isolated."""
    return bdi(dates.day(value)) if value else ""


@register.filter
def day_short(value: date | datetime | None) -> SafeString | str:
    """ "9 nov", isolated."""
    return bdi(dates.day_short(value)) if value else ""


@register.filter
def day_and_year(value: date | datetime | None) -> SafeString | str:
    """ "9 november 2026", isolated."""
    return bdi(dates.day_and_year(value)) if value else ""


@register.filter
def weekday(value: date | datetime | None) -> SafeString | str:
    """ "måndag 9 november", isolated."""
    return bdi(dates.weekday(value)) if value else ""


@register.filter
def clock(value: datetime | None) -> SafeString | str:
    """ "9.41", isolated."""
    return bdi(dates.clock(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """ "9 november 9.41", isolated."""
    return bdi(dates.moment(value)) if value else ""


@register.filter
def near(value: date | datetime | None, now: datetime) -> SafeString | str:
    """ "today", "yesterday", "tomorrow" or "9 nov", isolated."""
    return bdi(dates.near_day(value, now)) if value else ""


# ---------------------------------------------------------------- small components


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing that says nothing on its own. Raises KeyError for a name that the sprite does not hold."""
    if name not in ICONS:
        raise KeyError(f"There is no icon {name!r}; there are {', '.join(ICONS)}.")
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("samsyn/icons.svg"), name
    )


@register.simple_tag
def face(initials: str, sphere: str = "", state: str = "", size: str = "") -> SafeString:
    """Initials in a disc. ``sphere`` gives the tint, ``state`` ("now", "away", "asked") the outline; ``size`` "s", "l".

    Always stands beside the name; it is hidden from those who listen.
    """
    classes = "".join(f" face--{one}" for one in (sphere, state, size) if one)
    return format_html('<span class="face{}" aria-hidden="true">{}</span>', classes, initials)


@register.simple_tag
def who(initials: str, name: str, words: str = "", sphere: str = "", state: str = "", size: str = "") -> SafeString:
    """A person: face, name and what the person is or does."""
    small = format_html("<small>{}</small>", words) if words else ""
    shown = face(initials, sphere, state, size)
    return format_html('<span class="who">{}<span><strong>{}</strong>{}</span></span>', shown, bdi(name), small)


@register.simple_tag
def due(when: date | datetime | None, now: datetime, by_the_hour: bool = False) -> SafeString | str:
    """When something is due, in words with a shape."""
    if when is None:
        return ""
    said = due_words(when, now, by_the_hour=by_the_hour)
    return format_html('<span class="due due--{}">{}</span>', said.shape, said.words)


@register.simple_tag
def done(on: date | datetime) -> SafeString:
    """That something was done, and when."""
    return format_html('<span class="due due--done">{}</span>', done_words(on).words)


@register.simple_tag
def law_link(law: LawLink | None) -> SafeString | str:
    """A quiet link to the paragraph that something rests on; an unverified one says that it is to be checked."""
    if law is None:
        return ""
    unsure = "" if law.verified else format_html(' <span class="unsure">{}</span>', _("to be checked"))
    return format_html('<a class="law" href="{}">{}</a>{}', law.url, law.paragraph, unsure)


@register.simple_tag
def tag(words: str, tone: str = "") -> SafeString:
    """A small label. ``tone``: "glow" (here and now), "voice" (the child's own), "pine" (an area), "care" (danger)."""
    return format_html('<span class="tag{}">{}</span>', f" tag--{tone}" if tone else "", words)


@register.simple_tag
def goal_mark(picture: str, words: str) -> SafeString:
    """Which of the common goals, with its drawing."""
    return format_html('<span class="goal-mark">{}{}</span>', icon(picture), words)


@register.simple_tag
def button(
    words: str,
    variant: str = "",
    *,
    href: str = "",
    name: str = "",
    value: str = "",
    form: str = "",
    colour: str = "",
    disabled: bool = False,
) -> SafeString:
    """A button, or with ``href`` a link that looks like one. ``variant``: "" filled (one a page), else "secondary"."""
    pairs = [("data-variant", variant), ("data-color", colour), ("name", name), ("value", value), ("form", form)]
    attributes = format_html_join("", ' {}="{}"', [pair for pair in pairs if pair[1]])
    if href:
        return format_html('<a class="ds-button" href="{}"{}>{}</a>', href, attributes, words)
    off = mark_safe(" disabled") if disabled else ""
    return format_html('<button class="ds-button" type="submit"{}{}>{}</button>', attributes, off, words)


@register.simple_tag
def saved(at: datetime | None) -> SafeString:
    """That what was typed is kept, and since when. Always in the page, so that those who listen hear it change."""
    words = filled(_("Saved %(time)s"), time=dates.clock(at)) if at else ""
    mark = icon("check") if at else ""
    return format_html('<span class="saved" id="saved" role="status">{}<span>{}</span></span>', mark, words)


@register.simple_tag
def ring_clock(words: str, short: str, share: float, state: str = "") -> SafeString:
    """A clock that empties: ``words`` for those who listen, ``short`` ("7 d") in the middle, ``share`` left of 1."""
    return draw_ring(words, short, share, state)


@register.simple_tag(takes_context=True)
def acts_form(context: template.Context) -> SafeString:
    """The one form through which the buttons of duty rows post; put it once on the page, outside the list."""
    return format_html(
        '<form id="acts" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{}"></form>',
        context.get("csrf_token", ""),
    )


# ---------------------------------------------------------------- lists and pictures, each with a template


@register.inclusion_tag("look/_duties.html")
def duties(rows: Sequence[DutyRow], now: datetime, prefix: str = "d") -> dict[str, Any]:
    """Things to do, most urgent first. ``prefix`` keeps ids apart when a page has several lists."""
    return {"rows": rows, "now": now, "prefix": prefix}


@register.inclusion_tag("look/_ticks.html")
def ticks(items: Sequence[str], picture: str = "check", tone: str = "") -> dict[str, Any]:
    """Short lines with a drawing before each. ``tone``: "" moss, "plain", "sky"."""
    return {"items": items, "picture": picture, "tone": tone}


@register.inclusion_tag("look/_path.html")
def path(steps: Sequence[PathStep], now: datetime) -> dict[str, Any]:
    """Now and next: what was done, what is to be done now and what comes after."""
    return {"steps": steps, "now": now}


@register.inclusion_tag("look/_chronology.html")
def chronology(happenings: Sequence[Happening]) -> dict[str, Any]:
    """What happened, the latest first."""
    return {"happenings": happenings}


@register.inclusion_tag("look/_conflict.html")
def conflict(found: Conflict | None) -> dict[str, Any]:
    """Somebody else saved first: shows the other's change; the reader's own text stays in the form below."""
    return {"conflict": found}


@register.inclusion_tag("look/_kept.html")
def kept(values: Sequence[str], told: str = "") -> dict[str, Any]:
    """What somebody wrote and could not be saved, to be copied; ``told`` says so. Nothing where ``values`` is empty."""
    return {"kept": values, "told": told}


@register.inclusion_tag("look/_facts.html")
def facts(
    caption: str, head: Sequence[str], rows: Sequence[Sequence[Any]], summary: str = "", shown: bool = False
) -> dict[str, Any]:
    """A table of facts, closed until asked for: the same as a picture says."""
    return {"caption": caption, "head": head, "rows": rows, "summary": summary, "shown": shown}


@register.inclusion_tag("look/_circle.html")
def circle(shown: CircleFacts, caption: str, people: bool = True) -> dict[str, Any]:
    """The circle around a child: two drawings, legend, list for narrow screens and table with ``caption``.

    ``people``: with the list; without it where the page has a list of its own.
    """
    states = {one.state for sector in shown.sectors for one in sector.people}
    states |= {pill.person.state for pill in shown.pills}
    return {
        "facts": shown,
        "picture": draw_circle(shown),
        "caption": caption,
        "states": states,
        "listed": listed(shown) if people else (),
        "people": people,
    }


@register.inclusion_tag("look/_wheel.html")
def wheel(shown: WheelFacts, caption: str, since: str = "") -> dict[str, Any]:
    """The wellbeing wheel: two drawings, legend and table. ``since``: from when the hollow dots are, in words."""
    moved = any(area.before is not None and area.before != area.child for area in shown.areas)
    return {
        "facts": shown,
        "picture": draw_wheel(shown),
        "caption": caption,
        "since": since if moved else "",
        "childs": any(area.child is not None for area in shown.areas),
        "adults": any(area.adults is not None for area in shown.areas),
    }


@register.inclusion_tag("look/_field.html")
def field(bound: BoundField, label: str = "", hint: str = "", tone: str = "") -> dict[str, FieldFacts]:
    """A field of a form with label, hint, error and control wired together."""
    return {"field": field_facts(bound, label=label, hint=hint, tone=tone)}


@register.inclusion_tag("look/_errors.html")
def error_summary(*shown: forms.BaseForm) -> dict[str, Any]:
    """All that must be mended, at the top of the page, each line a link to its field. Nothing when all is well."""
    return {"wrongs": wrongs([form for form in shown if form.is_bound])}


@register.inclusion_tag("look/_languages.html", takes_context=True)
def languages(context: template.Context, action: str, back: str = "") -> dict[str, Any]:
    """A form with a button for each other language, named in itself; posts ``language`` and ``next`` to ``action``."""
    request = context.get("request")
    others = [get_language_info(code) for code, _name in settings.LANGUAGES if code != get_language()]
    return {
        "action": action,
        "back": back or (request.get_full_path() if request else "/"),
        "others": others,
        "csrf_token": context.get("csrf_token", ""),
    }


# ---------------------------------------------------------------- components around content


@register.simple_block_tag
def sheet(content: str, tone: str = "", kind: str = "", heading: str = "", unique: str = "") -> SafeString:
    """The only box. ``tone``: "" to act on, "glow" waits for a yes, "flat" rests, "voice" the child's."""
    above = format_html('<p class="kind">{}</p>', kind) if kind else ""
    label = format_html(' aria-labelledby="{}"', unique) if unique and heading else ""
    name = format_html(' id="{}"', unique) if unique else ""
    title = format_html("<h2{}>{}</h2>", name, heading) if heading else ""
    tones = f" sheet--{tone}" if tone else ""
    return format_html('<section class="sheet{}"{}>{}{}{}</section>', tones, label, above, title, content)


@register.simple_block_tag
def voice(content: str, by: str = "", silent: bool = False) -> SafeString:
    """The child's own words, quoted exactly. ``silent``: a sentence about why there are none, not quoted."""
    words = mark_safe(content.strip())  # noqa: S308 - what the template rendered, less the space around it
    quoted = unescape(words)[:1] in tuple(QUOTES)
    kind = SafeString(' class="silent"' if silent else ' class="marked"' if quoted else "")
    caption = format_html("<figcaption>{}</figcaption>", by) if by else ""
    return format_html('<figure class="voice"><blockquote{}>{}</blockquote>{}</figure>', kind, words, caption)


@register.simple_block_tag
def why(content: str, summary: str) -> SafeString:
    """The line that says why I may see this page; more when it is opened."""
    return format_html('<details class="why"><summary>{}</summary><div>{}</div></details>', summary, content)


@register.simple_block_tag
def empty(content: str, heading: str) -> SafeString:
    """Nothing here, said kindly."""
    return format_html('<div class="sheet sheet--flat empty"><h3>{}</h3>{}</div>', heading, content)


@register.simple_block_tag
def alert(content: str, tone: str = "info", announced: bool = False) -> SafeString:
    """A message. ``tone``: info, success, warning, danger. ``announced``: whoever listens hears it at once."""
    role = mark_safe(' role="status"') if announced else ""
    return format_html('<div class="ds-alert" data-color="{}"{}>{}</div>', tone, role, content)


@register.simple_block_tag
def banner(content: str) -> SafeString:
    """A line above all else: that this is a demonstration and nobody here is real."""
    return format_html('<div class="banner"><p>{}</p></div>', content)


@register.simple_block_tag
def reach(content: str, label: str, url: str, words: str) -> SafeString:
    """The sentence that must always be in reach, at the foot of the window, with one link. It asks for nothing."""
    return format_html(
        '<aside class="reach" aria-label="{}"><div class="reach__in"><p>{}</p><a href="{}">{}</a></div></aside>',
        label,
        content,
        url,
        words,
    )


@register.simple_block_tag
def fold(content: str, words: str, answer: str = "", unfolded: object = False) -> SafeString:
    """A question that is answered already, or that few need: one line, with the answer, until somebody opens it.

    ``unfolded``: shown open, as whatever has to be mended or was filled in must be. Needs no script.
    """
    told = format_html(' <span class="fold__a">{}</span>', answer) if answer else ""
    return format_html(
        '<details class="fold"{}><summary><span class="fold__q">{}</span>{}</summary>'
        '<div class="form">{}</div></details>',
        mark_safe(" open") if unfolded else "",
        words,
        told,
        content,
    )


@register.simple_block_tag
def view(content: str, by: str) -> SafeString:
    """What a grown-up says, in that person's own words, beside the child's."""
    return format_html(
        '<figure class="view"><blockquote>{}</blockquote><figcaption>{}</figcaption></figure>', content, by
    )
