"""Who may no longer, may not from the next request on, by page, form, task, link, session, provider or passkey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.organisations.actions import remove_staff
from samsyn.organisations.models import Holding
from samsyn.people.actions import close_account
from samsyn.plans.tasks import ask_for_paper, make_paper
from tests.doors.public.oidc import Journey
from tests.doors.public.passkey import Key
from tests.doors.scenes import WORDS, filled
from tests.figures import tell
from tests.village import Village

Attempt = Callable[[], bool]


def ended_yesterday(village: Village) -> None:
    """Ines holds her post no longer."""
    Holding.objects.filter(post=village.post("early")).update(until=clock.today() - timedelta(days=1))


def moved(village: Village) -> None:
    """Ines has changed to a post in another municipality, which nobody there holds now."""
    ended_yesterday(village)
    Holding.objects.filter(post=village.post("elsewhere")).update(
        person=village.account("ines").person, since=clock.today() - timedelta(days=1)
    )


EVENTS: dict[str, Callable[[Village], object]] = {
    "account closed": lambda v: close_account(SYSTEM, v.account("ines")),
    "staff removed": lambda v: remove_staff(SYSTEM, v.account("ines").person),
    "holding ended": ended_yesterday,
    "moved to another unit": moved,
}


def opens(client: Client, address: str, **headers: str) -> bool:
    """Is the page shown?"""
    return client.get(address, headers=headers).status_code == 200


def ways_in(village: Village, visitor: Journey, key: Key) -> dict[str, Attempt]:
    """Every way in which Ines reaches a child's plan: channel → does it work now."""
    plan = village.plan("active")
    papers = [ask_for_paper(village.acting("ines"), plan, language) for language in ("sv", "en")]
    make_paper.func(str(papers[0].ref))
    page = reverse("desk:plan", args=(plan.ref,))
    links = [reverse("desk:paper", args=(paper.ref,)) for paper in papers]
    at_work, by_provider, by_key = village.client("ines"), visitor, Client()
    by_provider.sign_in("ines")
    assert key.signs_in(by_key)

    def asked() -> bool:
        sent = at_work.post(reverse("desk:plan_paper", args=(plan.ref,)), filled({"language": "ar"}))
        return sent.status_code == 302 and "sign-in" not in sent.headers["Location"]

    def task_under_way() -> bool:
        make_paper.func(str(papers[1].ref))
        return opens(at_work, links[1])

    def provider_again() -> bool:
        fresh = Journey()
        fresh.sign_in("ines")
        fresh.outside.close()
        return opens(fresh.house, page)

    def key_again() -> bool:
        fresh = Client()
        return key.signs_in(fresh) and opens(fresh, page)

    def typed() -> bool:
        change = reverse("desk:plan_view", args=(plan.ref, plan.child.ref))
        return at_work.post(change, filled({"kind": "said", "words": WORDS})).status_code in {200, 302, 409, 422}

    return {
        "page": lambda: opens(at_work, page),
        "fragment": lambda: opens(at_work, page, HX_Request="true"),
        "form": asked,
        "autosave": typed,
        "task under way": task_under_way,
        "link already sent": lambda: opens(at_work, links[0]),
        "session by provider": lambda: opens(by_provider.house, page),
        "session by passkey": lambda: opens(by_key, page),
        "provider": provider_again,
        "passkey": key_again,
    }


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_works_from_the_next_request_on(lived: Village, visitor: Journey, event: str) -> None:
    key = Key.of(lived.account("ines"))
    ways = ways_in(lived, visitor, key)
    task = ways.pop("task under way")
    assert [name for name, way in ways.items() if not way() and name != "autosave"] == []
    EVENTS[event](lived)
    uses = [name for name, way in {**ways, "task under way": task}.items() if way()]
    tell("revocation", channels=len(ways) + 1, events=len(EVENTS), uses_after=len(uses))
    assert uses == []
