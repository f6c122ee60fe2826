"""Who holds a post, and its end. Each verb: decide, change, write the trail, in one transaction."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q

from samsyn.common import clock, ports
from samsyn.common.decision import Decision, require
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations import rules
from samsyn.organisations.desks import desk_stays_attended
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
        act(viewer, "organisations.holding_begun", [about_post(post, "held"), Subject("person", person.ref)])
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
        act(viewer, "organisations.holding_ended", [about_post(post, "left")])
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
            [Subject("person", person.ref), *(about_post(post, "left") for post in posts)],
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
    act(viewer, "organisations.post_ended", [about_post(post, "ended")])
    return post


def span_of(row: Holding | Absence | Cover) -> Span:
    """The days of a row."""
    return Span(row.since, row.until)


def may_manage(viewer: Viewer) -> Decision:
    """May this viewer change the organisation."""
    return rules.may_manage(operator=viewer.operator, the_house=viewer == SYSTEM)


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


def _principal_of(post: Post) -> int:
    return Post.objects.values_list("unit__authority__principal", flat=True).get(pk=post.pk)


def about_post(post: Post, state: str = "") -> Subject:
    """The post as the trail names it."""
    return Subject("post", post.ref, state=state)
