"""The village's front door, in demo mode only: who lives there, and a button each to sign in as them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.organisations.intervals import standing, within
from samsyn.organisations.models import Holding
from samsyn.people.models import Account
from samsyn.public.opening import open_session


@dataclass(frozen=True)
class Villager:
    """Somebody to sign in as: the word in the address, and who that is."""

    slug: str
    words: str


def villagers() -> list[Villager]:
    """The villagers with a name of their own (bulk staff have figures in their sign-in names)."""
    rows = (
        Account.objects.filter(sign_in_name__regex=r"^[a-z]+$", is_active=True)
        .order_by("sign_in_name")
        .select_related(None)
    )
    titles = _titles([row.person_id for row in rows])
    signing_in = (Account.objects.signing_in(pk=one.pk) for one in rows)
    return [Villager(account.sign_in_name, _words(account, titles)) for account in signing_in]


def _titles(persons: Sequence[int]) -> dict[int, str]:
    """Row id of a person → the first of the posts held today, with its unit."""
    today = clock.today()
    held = Holding.objects.filter(within(today), standing(today, "post__"), person__in=persons).select_related(
        "post__unit"
    )
    in_order = held.order_by("-post__title", "-post_id")
    return {one.person_id: f", {one.post.title}, {one.post.unit.name}" for one in in_order}


def _words(account: Account, titles: dict[int, str]) -> str:
    return account.person.full_name + titles.get(account.person_id, "")


@login_not_required
@require_http_methods(["GET", "HEAD"])
def front(request: HttpRequest) -> HttpResponse:
    """Everybody in the village."""
    return render(request, "public/demo.html", {"villagers": villagers()})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, slug: str) -> HttpResponse:
    """One villager: a page with one button; the button signs in."""
    try:
        account = Account.objects.signing_in(sign_in_name=slug, is_active=True)
    except Account.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        open_session(request, account, "demo")
        return redirect("desk:day")
    return render(
        request, "public/demo_door.html", {"villager": Villager(slug, _words(account, _titles([account.person_id])))}
    )
