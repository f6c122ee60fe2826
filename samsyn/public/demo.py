"""The village's front door, in demo mode only: who lives there, and a button each to sign in as them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from samsyn.common import clock
from samsyn.organisations.presence import capacities
from samsyn.people.models import Account
from samsyn.public.opening import open_session


@dataclass(frozen=True)
class Villager:
    """Somebody to sign in as: the word in the address, and who that is."""

    slug: str
    words: str


def villagers() -> list[Villager]:
    """The villagers with a name of their own (bulk staff have figures in their sign-in names)."""
    rows = Account.objects.filter(sign_in_name__regex=r"^[a-z]+$", is_active=True).order_by("sign_in_name")
    signing_in = (Account.objects.signing_in(pk=one.pk) for one in rows.select_related(None))
    return [Villager(account.sign_in_name, _words(account)) for account in signing_in]


def _words(account: Account) -> str:
    held = capacities(account.person_id, clock.now())
    title = f", {held[0].post.title}, {held[0].post.unit.name}" if held else ""
    return f"{account.person.full_name}{title}"


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
    return render(request, "public/demo_door.html", {"villager": Villager(slug, _words(account))})
