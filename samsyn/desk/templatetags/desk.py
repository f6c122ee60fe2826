"""Words that the desk's templates need."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from samsyn import law
from samsyn.circle.picture import SPHERES
from samsyn.common import clock
from samsyn.common.decision import Decision
from samsyn.common.lines import Line
from samsyn.common.text import initials as initials_of
from samsyn.desk.duty_words import ROOM_VIEWS
from samsyn.law import words
from samsyn.look.addresses import address
from samsyn.look.words import in_a_row, language_name
from samsyn.notices.models import Notice
from samsyn.organisations.models import CommonGoal
from samsyn.organisations.partnerships import goal_name as name_of_goal
from samsyn.people.models import Guardianship
from samsyn.trail.pressing import said as said_in_words

register = template.Library()


register.filter("in_a_row", in_a_row)


@register.filter
def said(decision: Decision) -> str:
    """A decision's reason in the reader's language."""
    return said_in_words(decision)


@register.filter
def notice_href(notice: Notice) -> str:
    """Where a notice leads."""
    return address(ROOM_VIEWS[notice.room], notice.object_ref)


@register.simple_tag
def told(line: Line) -> SafeString | str:
    """What happened, in a few words that lead to it."""
    if line.kind == "sign":
        noted = {"strength": _("A strength was noted"), "worry": _("An early sign was noted")}
        words = noted.get(line.state) or _("A strength and a worry were noted")
        return _link("desk:sign", line.ref, words)
    if line.kind == "request":
        return _link("desk:request", line.ref, _("%(unit)s was asked for help") % {"unit": line.extra})
    talked = line.kind == "talk"
    return _("The child and the family were talked with") if talked else _("The plan was reviewed")


def _link(view: str, ref: UUID, words: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address(view, ref), words)


@register.filter
def first_word(words: str) -> str:
    """The first word of a name."""
    return words.split(" ")[0] if words else ""


@register.simple_tag
def new_key() -> UUID:
    """A fresh key for a form of one button, so that a double press is carried out once."""
    return uuid4()


@register.filter
def guardian_names(rows: list[Guardianship]) -> str:
    """Names of guardians in a row."""
    return in_a_row([row.guardian.name for row in rows])


register.filter("language_name", language_name)


@register.filter
def language_names(codes: list[str]) -> str:
    """Names of languages in a row."""
    return in_a_row([language_name(code) for code in codes])


@register.filter
def goal_name(goal: CommonGoal) -> str:
    """The common goal's words in the reader's language."""
    return name_of_goal(goal, get_language() or "sv")


@register.filter
def paragraph(rule: str) -> str:
    """The paragraph of a row of law that is in force today."""
    return words.paragraph(law.on(clock.today()).row(rule))


@register.filter
def initials(name: str) -> str:
    """The letters that stand for a name in a disc."""
    return initials_of(name)


@register.filter
def tint(sphere: str) -> str:
    """The tint of an authority's sphere."""
    return str(SPHERES.get(sphere, "other"))


@register.filter
def goal_icon(key: str) -> str:
    """The drawing of a common goal."""
    return {"school": "book", "home": "home", "health": "heart"}.get(key, "leaf")
