"""Who is away, and who covers meanwhile. Each verb: decide, change, write the trail, in one transaction."""

from __future__ import annotations

from datetime import date

from samsyn.common import clock
from samsyn.common.decision import Decision, require
from samsyn.common.viewer import Viewer
from samsyn.organisations import rules
from samsyn.organisations.actions import about_post, may_manage, span_of
from samsyn.organisations.desks import desk_stays_attended
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Absence, Cover, Holding, Post
from samsyn.organisations.resolution import Span
from samsyn.people.models import Person
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject


def set_absence(viewer: Viewer, person: Person, since: date, *, until: date | None = None) -> Absence:
    """Note that somebody is away from ``since`` to ``until`` (both included; None: until further notice)."""
    with desk_stays_attended():
        _lock_person(person)
        require(_may_set_presence_of(viewer, person))
        span = Span(since, until)
        noted = [span_of(one) for one in Absence.objects.filter(person=person)]
        require(rules.may_be_away(span, other=noted))
        absence = Absence.objects.create(person=person, since=since, until=until)
        act(viewer, "organisations.absence_set", [Subject("person", person.ref), Subject("absence", absence.ref)])
    return absence


def end_absence(viewer: Viewer, absence: Absence, last_day: date) -> None:
    """Say that somebody is back the day after ``last_day``. An absence that never began is taken away."""
    with desk_stays_attended():
        absence = Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=absence.pk)
        require(_may_set_presence_of(viewer, absence.person))
        if last_day < absence.since:
            absence.delete()
        else:
            require(rules.may_end_interval(span_of(absence), last_day))
            absence.until = last_day
            absence.save(update_fields=["until"])
        act(
            viewer,
            "organisations.absence_ended",
            [Subject("person", absence.person.ref), Subject("absence", absence.ref)],
        )


def set_cover(viewer: Viewer, post: Post, covered_by: Post, since: date, *, until: date | None = None) -> Cover:
    """Let one post answer for another from ``since`` to ``until``, on the days when the holder is not there."""
    with desk_stays_attended():
        post = Post.objects.select_for_update(of=("self",)).select_related("unit").get(pk=post.pk)
        covered_by = Post.objects.select_related("unit").get(pk=covered_by.pk)
        require(_may_set_cover_of(viewer, post))
        require(
            rules.may_cover(
                Span(since, until),
                itself=post.pk == covered_by.pk,
                same_authority=post.unit.authority_id == covered_by.unit.authority_id,
                ended=post.ended_on is not None or covered_by.ended_on is not None,
                other=[span_of(one) for one in Cover.objects.filter(post=post)],
            )
        )
        cover = Cover.objects.create(post=post, covered_by=covered_by, since=since, until=until)
        act(viewer, "organisations.cover_set", [about_post(post), about_post(covered_by), Subject("cover", cover.ref)])
    return cover


def end_cover(viewer: Viewer, cover: Cover, last_day: date) -> None:
    """Let a cover end after ``last_day``. One that never began is taken away."""
    with desk_stays_attended():
        cover = Cover.objects.select_for_update(of=("self",)).select_related("post").get(pk=cover.pk)
        require(_may_set_cover_of(viewer, cover.post))
        if last_day < cover.since:
            cover.delete()
        else:
            require(rules.may_end_interval(span_of(cover), last_day))
            cover.until = last_day
            cover.save(update_fields=["until"])
        act(viewer, "organisations.cover_ended", [about_post(cover.post), Subject("cover", cover.ref)])


def _may_set_presence_of(viewer: Viewer, person: Person) -> Decision:
    above = Post.objects.filter(
        parent=viewer.post, holdings__in=Holding.objects.filter(within(clock.today()), person=person)
    )
    return rules.may_set_presence(
        manages=bool(may_manage(viewer)),
        own=viewer.person == person.pk,
        above=viewer.post is not None and above.exists(),
    )


def _may_set_cover_of(viewer: Viewer, post: Post) -> Decision:
    return rules.may_set_presence(
        manages=bool(may_manage(viewer)),
        own=viewer.post == post.pk,
        above=viewer.post is not None and viewer.post == post.parent_id,
    )


def _lock_person(person: Person) -> None:
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))
