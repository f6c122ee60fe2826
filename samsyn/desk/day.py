"""Min dag: what this post must do, most urgent first; what was answered; and in which capacity one acts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from samsyn import law
from samsyn.common import clock
from samsyn.common.ports import Children
from samsyn.common.prepared import asked
from samsyn.common.reading import ground
from samsyn.common.text import initials
from samsyn.common.viewer import CAPACITY, Viewer
from samsyn.desk.doors import StaffRequest, page, staff
from samsyn.desk.duty_words import DUTY_WORDS, LEADS, NOTICE_WORDS, link
from samsyn.duties.models import Duty
from samsyn.duties.waiting import how_many, open_at
from samsyn.law.words import paragraph
from samsyn.look.addresses import address
from samsyn.look.parts import DutyRow, LawLink
from samsyn.notices.models import Notice
from samsyn.organisations.presence import capacities
from samsyn.people.models import Person
from samsyn.reviews.actions import DUE_BY, not_theirs
from samsyn.reviews.models import ReviewKind

SHOWN = 30
OFFER = "answer_handover"
POST = "post"
"""What a duty's ``room`` says when it is about the post itself and no child."""


def _row(duty: Duty, viewer_post: int, today: date, rows: law.Law, known: set[int], *, first: bool) -> DutyRow:
    lead = LEADS[duty.what]
    rule = rows.row(duty.rule)
    meta = duty.waiting
    if duty.post_id != viewer_post:
        at = f"\u2068{duty.post.title}, {duty.post.unit.name}\u2069"  # it may run the other way than the sentence
        meta = f"{_('A copy: this is late at a post below you.')} {at}"
    elif duty.waiting:
        meta = _("%(who)s waits.") % {"who": duty.waiting}
    # Who is called in without a reason around the child learns that somebody waits, and not for whom.
    child = duty.child if duty.child is not None and duty.child.pk in known else None
    about = _("Your unit") if duty.room == POST else _("A child nobody names")
    nobody = _("A child whom others follow") if duty.child else about
    url, act = link(duty.what, duty.object_ref), str(lead.verb)
    if duty.post_id != viewer_post:
        # A copy tells that something is late, and where. It is no reason to read what: that page may not be there.
        url, act = (address("desk:child", child.ref), _("Open")) if child else ("", "")
    return DutyRow(
        initials=initials(child.full_name) if child else "?",
        child=_who(child, today, opened=lead.opened) if child else nobody,
        what=str(DUTY_WORDS[duty.what]),
        url=url,
        due=duty.due_at,
        meta=meta,
        law=LawLink(paragraph(rule), reverse("public:rule", args=[duty.rule])),  # that page says if it is checked
        act=act,
        act_url=url,
        next=first,
        mark=_("Harm feared") if child and duty.post_id == viewer_post and duty.harm_feared else "",
    )


def _who(child: Person, today: date, *, opened: bool) -> str:
    """The child in a row: the name once the row has been opened, initials before; and the age."""
    name = child.name if opened else _initials_with_stops(child)
    age = child.age_on(today)
    return name if age is None else years_words(name, age)


def years_words(name: str, age: int) -> str:
    """A name and an age in words."""
    return ngettext("%(name)s, %(age)d year", "%(name)s, %(age)d years", age) % {"name": name, "age": age}


def _initials_with_stops(child: Person) -> str:
    if child.is_protected:
        return child.name
    return "".join(f"{letter}." for letter in initials(child.full_name))


def _late_review(viewer: Viewer) -> Q:
    """The duties that are a look at an emergency, by this post, whose time is over; and that whoever acts as it now can
    carry out: who covers for the reviewer of their own looks waits for somebody else, and no child waits for that.
    """
    late = Q(rule=DUE_BY[ReviewKind.EMERGENCY], post=viewer.post or 0, due_at__lt=clock.now())
    return late & ~Q(object_ref__in=not_theirs(viewer.person))


def _duties(viewer: Viewer, passed: int = 0) -> QuerySet[Any]:
    """One page of duties, and one more: late reviews of emergencies first, else the page could end before them.

    ``passed``: how many stand on the pages before. ``knows_child``: may the child be named; else it is told by
    initials. ``is_late_review``: as ``_late_review`` says.
    """
    late = ExpressionWrapper(_late_review(viewer), BooleanField())
    known = Q(child__in=Person.objects.visible_to(viewer, Children.ALL))
    duties = Duty.objects.visible_to(viewer).filter(pk__in=open_at(viewer.post or 0))
    rows: QuerySet[Any] = duties.select_related("child", "post__unit").annotate(
        knows_child=ExpressionWrapper(known, BooleanField()), is_late_review=late
    )
    return rows.order_by("-is_late_review", "due_at", "pk")[passed : passed + SHOWN + 1]


def _last_page(viewer: Viewer) -> int:
    """The number of the last page: of late reviews alone, as long as there are any."""
    number, late = how_many(viewer, _late_review(viewer))
    return max(1, -(-(late or number) // SHOWN))


def _notices(viewer: Viewer, since: datetime) -> QuerySet[Notice]:
    notices = Notice.objects.visible_to(viewer).filter(created_at__gte=since)
    return notices.select_related("child").order_by("-created_at", "-pk")[:8]


@require_http_methods(["GET", "HEAD"])
@staff
def day(request: StaffRequest) -> HttpResponse:
    """The first page of a post, and the pages after it: the same list, in the same order."""
    viewer, now, today = request.viewer, clock.now(), clock.today()
    ground("worklist")
    rules = law.on(today)
    number = _page_asked(request)
    if number > 1 and number > (last := _last_page(viewer)):
        # What stood there has been done: to the last page that there is.
        return redirect(reverse("desk:day") + (f"?page={last}" if last > 1 else ""))
    found: list[Any] = asked(_duties, viewer) if number == 1 else list(_duties(viewer, (number - 1) * SHOWN))
    known = {duty.child_id for duty in found if duty.knows_child}
    offers = [duty for duty in found[:SHOWN] if duty.what == OFFER]
    todo = [duty for duty in found[:SHOWN] if duty.what != OFFER]
    more = len(found) > SHOWN
    late_reviews = [duty for duty in todo if duty.is_late_review]
    if late_reviews:
        # Nobody looks away from an emergency access: what is late to be looked at comes before all else.
        todo, offers = late_reviews, []
        more = more and found[SHOWN].is_late_review
    first = todo[0] if todo and number == 1 else None
    tonight = clock.end_of(today)
    week = clock.end_of(today + timedelta(days=7))

    def rows(chosen: list[Duty]) -> list[DutyRow]:
        return [_row(duty, viewer.post or 0, today, rules, known, first=duty is first) for duty in chosen]

    lately = asked(_notices, viewer, now - timedelta(days=1)) if number == 1 else []
    facts: dict[str, Any] = {
        "now": now,
        "today": rows([duty for duty in todo if duty.due_at <= tonight]),
        "week": rows([duty for duty in todo if tonight < duty.due_at <= week]),
        "unread": rows([duty for duty in todo if duty.due_at > week and not LEADS[duty.what].opened]),
        "later": rows([duty for duty in todo if duty.due_at > week and LEADS[duty.what].opened]),
        "offers": rows(offers),
        "number": number,
        "more": more,
        "not_all": len(found) > SHOWN,
        "first_review": bool(late_reviews),
        "notices": [(notice, NOTICE_WORDS[notice.text_key]) for notice in lately],
        "part_of_day": _part_of_day(now),
    }
    return page(request, "desk/day/day.html", facts)


def _page_asked(request: StaffRequest) -> int:
    """Which page the address asks for: the first, where it says nothing that is a page."""
    given = request.GET.get("page", "1")
    return int(given[:6]) if given.isdecimal() and int(given[:6]) else 1


def _part_of_day(now: datetime) -> str:
    hour = now.astimezone(clock.STOCKHOLM).hour
    return "morning" if hour < 10 else "day" if hour < 17 else "evening"


class CapacityForm(forms.Form):
    """Which post to act as."""

    post = forms.UUIDField()


@require_http_methods(["GET", "HEAD"])
def capacity(request: StaffRequest) -> HttpResponse:
    """The posts that this account may act as now."""
    options = capacities(request.viewer.person, clock.now())
    return page(request, "desk/day/capacity.html", {"options": options})


@require_POST
def choose_capacity(request: StaffRequest) -> HttpResponse:
    """Act as another post from now on. What was begun as the one before is not sent as this one."""
    form = CapacityForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen = [
        one for one in capacities(request.viewer.person, clock.now()) if one.post.ref == form.cleaned_data["post"]
    ]
    if not chosen:
        raise Http404
    request.session[CAPACITY] = chosen[0].post.pk
    rotate_token(request)  # a form that stands in another window was filled in as the post before
    return redirect("desk:day")
