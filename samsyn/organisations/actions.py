"""Who holds a post, who is away and who covers. Each verb: decide, change, write the trail, in one transaction."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from samsyn.common import clock, ports
from samsyn.common.decision import Decision, require
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations import rules
from samsyn.organisations.desks import desk_stays_attended
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Absence, Cover, Holding, Post, PostRole
from samsyn.organisations.presence import NobodyAnswers, accountable
from samsyn.organisations.resolution import Span
from samsyn.people.actions import close_account
from samsyn.people.models import Account, Person
from samsyn.trail.actions import act
from samsyn.trail.rules import Subject

ONE_DAY = timedelta(days=1)


def hold(
    viewer: Viewer, post: Post, person: Person, since: date, *, until: date | None = None, takes_over: bool = False
) -> Holding:
    """Let ``person`` hold ``post`` from ``since`` (to ``until``, included).

    With ``takes_over`` whoever holds it then leaves it the day before: so a duty desk changes hands without a gap.
    """
    with desk_stays_attended():
        post = Post.objects.select_for_update().get(pk=post.pk)
        span = Span(since, until)
        account = Account.objects.filter(person=person).first()
        taken = [one for one in Holding.objects.filter(post=post).order_by("since") if span_of(one).meets(span)]
        require(may_manage(viewer))
        require(
            rules.may_hold(
                span,
                operator=account is not None and account.is_operator,
                account_open=account is None or account.is_active,
                post_ended=post.ended_on is not None,
                taken=[span_of(one) for one in taken],
                takes_over=takes_over,
            )
        )
        for earlier in taken:
            _end(earlier, since - ONE_DAY)
        holding = Holding.objects.create(post=post, person=person, since=since, until=until)
        act(viewer, "organisations.holding_begun", [_about(post, "held"), Subject("person", person.ref)])
    return holding


def end_holding(viewer: Viewer, holding: Holding, last_day: date) -> Holding:
    """Let a holding end after ``last_day``.

    Refused at the last one of a duty desk, and when something hangs on the post that nobody would answer for.
    """
    with desk_stays_attended():
        holding = Holding.objects.select_for_update().get(pk=holding.pk)
        require(may_manage(viewer))
        require(rules.may_end_interval(span_of(holding), last_day))
        _end(holding, last_day)
        post = Post.objects.select_related("unit").get(pk=holding.post_id)
        # Only the changed rows tell who would answer; a no undoes them with the transaction.
        require(rules.may_leave_post(still_answered=_is_answered(post, last_day + ONE_DAY), hanging=hanging_on(post)))
        act(viewer, "organisations.holding_ended", [_about(post, "left")])
    return holding


def remove_staff(viewer: Viewer, person: Person) -> None:
    """Close the person's account now and end every holding today. What hangs on the posts stays there and is answered.

    Refused when the person alone staffs a duty desk.
    """
    with desk_stays_attended():
        require(may_manage(viewer))
        today = clock.today()
        holdings = list(
            Holding.objects.select_for_update().filter(Q(until=None) | Q(until__gt=today), person=person).order_by("pk")
        )
        posts = list(Post.objects.filter(pk__in=[one.post_id for one in holdings]))
        for holding in holdings:
            if holding.since > today:
                holding.delete()
            else:
                _end(holding, today)
        for account in Account.objects.filter(person=person, is_active=True):
            close_account(viewer, account)
        for post in posts:
            require(rules.may_leave_post(still_answered=_is_answered(post, today), hanging=hanging_on(post)))
        act(
            viewer,
            "organisations.staff_removed",
            [Subject("person", person.ref), *(_about(post, "left") for post in posts)],
        )


def end_post(viewer: Viewer, post: Post, last_day: date) -> Post:
    """Let a post end after ``last_day``, and with it its holding and cover. Refused while something hangs on it."""
    with desk_stays_attended():
        require(may_manage(viewer))
        return let_post_end(viewer, post, last_day)


def let_post_end(viewer: Viewer, post: Post, last_day: date) -> Post:
    """As ``end_post``, inside a change of the organisation that its own rule has allowed."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    others = Post.objects.filter(
        role=PostRole.DUTY_DESK, ended_on=None, unit__authority__principal=_principal_of(post)
    ).exclude(pk=post.pk)
    require(
        rules.may_end_post(
            hanging=hanging_on(post),
            below=Post.objects.filter(parent=post, ended_on=None).count(),
            is_last_desk=post.role == PostRole.DUTY_DESK and not others.exists(),
        )
    )
    lasting = Q(until=None) | Q(until__gt=last_day)
    for model in (Holding, Cover):
        model.objects.filter(post=post, since__gt=last_day).delete()
        model.objects.filter(lasting, post=post).update(until=last_day)
    Cover.objects.filter(covered_by=post, since__gt=last_day).delete()
    Cover.objects.filter(lasting, covered_by=post).update(until=last_day)
    post.ended_on = last_day
    post.save(update_fields=["ended_on"])
    act(viewer, "organisations.post_ended", [_about(post, "ended")])
    return post


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
        act(viewer, "organisations.cover_set", [_about(post), _about(covered_by), Subject("cover", cover.ref)])
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
        act(viewer, "organisations.cover_ended", [_about(cover.post), Subject("cover", cover.ref)])


def span_of(row: Holding | Absence | Cover) -> Span:
    """The days of a row."""
    return Span(row.since, row.until)


def may_manage(viewer: Viewer) -> Decision:
    """May this viewer change the organisation."""
    return rules.may_manage(operator=viewer.operator, the_house=viewer == SYSTEM)


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


def _end(holding: Holding, last_day: date) -> None:
    holding.until = last_day
    holding.save(update_fields=["until"])


def hanging_on(post: Post) -> int:
    """How many things hang on the post. What several rooms tell of, as a request and the duty to answer it, is one.

    That the post is to be emptied is no such thing.
    """
    return len({one.ref for one in ports.hangs_on_post(post.pk)} - {post.ref})


def _is_answered(post: Post, day: date) -> bool:
    try:
        accountable(post, clock.noon(day))
    except NobodyAnswers:
        return False
    return True


def _lock_person(person: Person) -> None:
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))


def _principal_of(post: Post) -> int:
    return Post.objects.values_list("unit__authority__principal", flat=True).get(pk=post.pk)


def _about(post: Post, state: str = "") -> Subject:
    return Subject("post", post.ref, state=state)
