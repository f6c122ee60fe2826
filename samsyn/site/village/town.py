"""The village while it is being made: who is who, and acting as somebody at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from samsyn.circle.arrival import arrive
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import Post, Unit
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Person
from samsyn.people.registers import RegisterPerson
from samsyn.sharing.actions import answer_consent, ask_consent, guardians_today
from samsyn.sharing.models import Consent
from samsyn.site.village.places import Places


@dataclass
class Town:
    """Lillköping. ``now`` is the moment up to which it has lived."""

    places: Places
    now: datetime
    accounts: dict[str, Account] = field(default_factory=dict)
    held: dict[str, Post] = field(default_factory=dict)
    children: dict[str, Person] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The village's today."""
        return self.now.astimezone(clock.STOCKHOLM).date()

    @contextmanager
    def days_ago(self, days: float, hour: int = 9) -> Iterator[date]:
        """Let the clock stand so many days back, at an hour of the day in Sweden."""
        day = self.today - timedelta(days=days)
        moment = datetime(day.year, day.month, day.day, hour, 15, tzinfo=clock.STOCKHOLM)
        with clock.at(min(moment, self.now)):
            yield day

    def acting(self, word: str, post: str | None = None) -> Viewer:
        """A villager in the post that they hold, or in another one that they cover."""
        account = self.accounts[word]
        held = self.places.posts[post] if post else self.held[word]
        return viewer_for(account, held.pk, clock.now())

    def unit(self, word: str) -> Unit:
        """A unit with its authority."""
        return self.places.units[word]

    def post(self, word: str) -> Post:
        """A post with its unit."""
        return self.places.posts[word]

    def arrives(self, found: RegisterPerson) -> Person:
        """A child comes to Samsyn, as the register tells of it."""
        return arrive(SYSTEM, found)

    def yes_from_all(self, viewer: Viewer, child: Person, units: list[Unit], purpose: str, kinds: list[str]) -> Consent:
        """Consent asked of all guardians, and given."""
        consent = ask_consent(
            viewer,
            child,
            purpose=purpose,
            kinds=kinds,
            receivers=units,
            until=clock.today() + timedelta(days=180),
            form="oral",
            language="sv",
            child_reason="Vi har gått igenom det tillsammans.",
        )
        for row in guardians_today(child):
            answer_consent(viewer, consent, row.guardian, "given", form="oral", language="sv")
        return consent
