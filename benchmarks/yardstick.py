"""The yardstick: one file of plain Django that does the same real work as the product's pages, and no more.

A session, one check that the account holds the post, the rows, a row in the access log, and a page from a template.
"""

from __future__ import annotations

from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template import engines
from django.urls import path

from samsyn.circle.models import NamedPerson
from samsyn.common import clock
from samsyn.common.ids import new_reference
from samsyn.duties.models import Duty
from samsyn.early_signals.models import Sign
from samsyn.notices.models import Notice
from samsyn.organisations.models import Holding
from samsyn.people.models import Person
from samsyn.sharing.models import Involvement
from samsyn.trail.models import TrailEntry, TrailSubject

LIST = """<!doctype html><title>List</title><h1>List</h1><ul>{% for row in rows %}<li><b>{{ row.child.called }}</b>
<a href="/{{ row.ref }}/">{{ row.what }}</a> {{ row.due_at }}</li>{% endfor %}</ul>"""
CHILD = """<!doctype html><title>Child</title><h1>{{ child.called }}</h1><p>{{ child.birth_date }}</p><ol>
{% for row in rows %}<li>{{ row.sent_at }} {{ row.get_kind_display }} {{ row.saw }}</li>{% endfor %}</ol>"""


def _holds(request: HttpRequest) -> Holding | None:
    if isinstance(request.user, AnonymousUser):
        return None
    return Holding.objects.filter(person_id=request.user.person_id, until=None).select_related("post__unit").first()


def _log(request: HttpRequest, holding: Holding, what: str, refs: list[Person]) -> None:
    nothing = new_reference()
    with transaction.atomic():
        entry = TrailEntry.objects.create(
            at=clock.now(),
            mode="read",
            act=what,
            account_ref=nothing,
            person_ref=nothing,
            post_ref=holding.post.ref,
            unit_ref=holding.post.unit.ref,
            principal_ref=nothing,
            nonce=b"0" * 16,
            commitment=b"0" * 32,
        )
        TrailSubject.objects.bulk_create(
            TrailSubject(entry=entry, kind="person", ref=one.ref, child_ref=one.ref) for one in refs
        )


def _page(text: str, facts: dict[str, object]) -> HttpResponse:
    template = _page.templates.setdefault(text, engines["django"].from_string(text))  # type: ignore[attr-defined]
    return HttpResponse(template.render(facts))


_page.templates = {}  # type: ignore[attr-defined]  # compiled once, as a loader would


def worklist(request: HttpRequest) -> HttpResponse:
    """Thirty open duties."""
    holding = _holds(request)
    if holding is None:
        return HttpResponseNotFound()
    rows = list(Duty.objects.filter(post=holding.post, state="open").select_related("child").order_by("due_at")[:30])
    _log(request, holding, "worklist", [row.child for row in rows if row.child])
    return _page(LIST, {"rows": rows})


def child(request: HttpRequest, ref: str) -> HttpResponse:
    """A child and fifty entries."""
    holding = _holds(request)
    person = Person.objects.filter(ref=ref).first()
    if holding is None or person is None:
        return HttpResponseNotFound()
    rows = list(Sign.objects.filter(child=person, authority=holding.post.unit.authority_id).order_by("-sent_at")[:50])
    _log(request, holding, "child", [person])
    return _page(CHILD, {"child": person, "rows": rows})


def name(request: HttpRequest) -> HttpResponse:
    """Children of the own unit by the beginning of a family name, eight at most."""
    holding = _holds(request)
    if holding is None:
        return HttpResponseNotFound()
    here = Involvement.objects.filter(unit=holding.post.unit, until=None).values("child_id")
    named = Person.objects.filter(pk__in=here, family_name__istartswith=request.POST["name"])
    found = list(named.order_by("called", "given_name")[:8])
    _log(request, holding, "name", found)
    return _page(LIST, {"rows": [{"child": one} for one in found]})


def note(request: HttpRequest, ref: str) -> HttpResponse:
    """One note written, with an event and a log row."""
    holding = _holds(request)
    person = Person.objects.filter(ref=ref).first()
    if holding is None or person is None:
        return HttpResponseNotFound()
    now = clock.now()
    with transaction.atomic():
        Sign.objects.create(
            child=person,
            authority_id=holding.post.unit.authority_id,
            noticer_authority_id=holding.post.unit.authority_id,
            noticer_id=holding.person_id,
            noticer_post=holding.post,
            state="received",
            saw="x",
            created_at=now,
            saved_at=now,
            sent_at=now,
        )
        Duty.objects.create(
            child=person,
            post=holding.post,
            what="acknowledge_sign",
            room="sign",
            object_ref=uuid4(),
            rule="acknowledge_signal",
            started_at=now,
            due_at=now,
        )
        _log(request, holding, "note", [person])
    return _page(CHILD, {"child": person, "rows": []})


def handed_over(request: HttpRequest, ref: str) -> HttpResponse:
    """The one row that says who is responsible ends, the next begins; the duties move, and the one before is told."""
    holding = _holds(request)
    row = NamedPerson.objects.filter(ref=ref, until=None).select_related("child").first()
    if holding is None or row is None:
        return HttpResponseNotFound()
    now = clock.now()
    facts = {"child": row.child, "authority_id": row.authority_id}
    with transaction.atomic():
        NamedPerson.objects.filter(pk=row.pk).update(until=now)
        NamedPerson.objects.create(post=holding.post, stage=row.stage, since=now, **facts)
        reason = {"unit": holding.post.unit, "post": holding.post, "reason": "named_person", "scope": "whole"}
        Involvement.objects.create(since=now, source="x", **reason, **facts)
        Duty.objects.filter(child=row.child, post_id=row.post_id, state="open").update(post=holding.post)
        Duty.objects.create(
            child=row.child,
            post=holding.post,
            what="meet_family",
            room="handover",
            object_ref=row.ref,
            rule="contact_after_handover",
            started_at=now,
            due_at=now,
        )
        Notice.objects.create(
            post_id=row.post_id,
            child=row.child,
            text_key="handover_accepted",
            room="handover",
            object_ref=row.ref,
            key=str(uuid4()),
            created_at=now,
        )
        _log(request, holding, "handed_over", [row.child])
    return _page(CHILD, {"child": row.child, "rows": []})


urlpatterns = [
    path("worklist/", worklist),
    path("child/<uuid:ref>/", child),
    path("name/", name),
    path("note/<uuid:ref>/", note),
    path("handed-over/<uuid:ref>/", handed_over),
]
